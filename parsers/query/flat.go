package query

import "strings"

// Flat writes a part of a query in one line, without comments (// and /* */)
// and without blanks that separate nothing, so that two ways to lay it out read
// the same. What is in quotes stays as it is.
func Flat(text string) string {
	var b strings.Builder
	blank := false
	last := byte(' ')
	put := func(s string) {
		if blank && wordy(last) && wordy(s[0]) {
			b.WriteByte(' ')
		}
		blank = false
		b.WriteString(s)
		last = s[len(s)-1]
	}
	for i := 0; i < len(text); {
		switch rest := text[i:]; {
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			i += end
			blank = true
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return b.String()
			}
			i += end + 4
			blank = true
		case rest[0] == '"' || rest[0] == '\'' || rest[0] == '`':
			n := quoted(rest)
			put(rest[:n])
			i += n
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			blank = true
			i++
		default:
			put(rest[:1])
			i++
		}
	}
	return b.String()
}

// quoted is how long the text in quotes is that begins here.
func quoted(s string) int {
	quote := s[:1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s, triple) {
		quote = triple
	}
	for i := len(quote); i < len(s); i++ {
		switch {
		case s[i] == '\\' && len(quote) == 1 && quote != "`":
			i++
		case strings.HasPrefix(s[i:], quote):
			return i + len(quote)
		}
	}
	return len(s)
}

// wordy reports whether a blank beside the character may separate something.
func wordy(c byte) bool { return strings.IndexByte("()[]{},;|=<>!+", c) < 0 }

package report

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Markdown has no quoting that holds everywhere: a backslash before a bar ends
// a table cell in one renderer and not in the next, and code spans have rules
// of their own. Character references do hold: they never begin a construct. So
// every character that could mean something is written as one.

// mdText makes a text safe anywhere inside a line of GitHub Markdown.
func mdText(s string) string { return mdEscape(s, false) }

// mdCode makes a text a piece of code.
func mdCode(s string) string {
	if s == "" {
		return ""
	}
	return "<code>" + mdEscape(s, true) + "</code>"
}

// mdPath is mdCode for a path in a table. GitHub breaks no word of a cell, so a
// long path would push the other columns out of sight.
func mdPath(path string) string {
	const short = 40 // characters
	if utf8.RuneCountInString(path) <= short {
		return mdCode(path)
	}
	return "<code>" + breakable.ReplaceAllString(mdEscape(path, true), "$1<wbr>$2") + "</code>"
}

// breakable are the places of a path where a line may be broken. After an
// underscore, since before one the tag would make it begin emphasis.
var breakable = regexp.MustCompile(`([/_])([^/_])`)

// mdPre makes lines a block of code that can be copied. It must begin a line
// and stand outside of lists.
func mdPre(s string) string {
	lines := visibleLines(s)
	for i := range lines {
		lines[i] = mdEscape(lines[i], true)
	}
	return "<pre>" + strings.Join(lines, "\n") + "</pre>"
}

const zeroWidthSpace = "&#8203;"

// maxText is how much of one text is shown, in characters. What is longer is
// not meant to be read.
const maxText = 2000

func mdEscape(s string, code bool) string {
	s = visible(shorten(s))
	if !code {
		s = strings.TrimSpace(s)
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/4)
	before := ' '
	for i, r := range s {
		rest := s[i+utf8.RuneLen(r):]
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case strings.ContainsRune("\\`*[]|~$", r),
			// Within a word it means nothing.
			r == '_' && !(wordRune(before) && rest != "" && wordRune(rune(rest[0]))),
			// What begins a block: a heading, a list, a rule.
			i == 0 && strings.ContainsRune("#+-=", r),
			strings.ContainsRune(".)", r) && i > 0 && digits(s[:i]),
			// Addresses become links by themselves.
			r == ':' && strings.HasPrefix(rest, "//"),
			r == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www"):
			fmt.Fprintf(&b, "&#%d;", r)
		case r == '@' && !code, (r == '#' || r == '!') && !code && rest != "" && digits(rest[:1]):
			// GitHub and GitLab find people, issues and merge requests in the
			// text that results, where references no longer show. They pass
			// over code.
			b.WriteRune(r)
			b.WriteString(zeroWidthSpace)
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

func shorten(s string) string {
	n := 0
	for i := range s {
		if n == maxText {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

func wordRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// fileLink is the address of a line of a file, empty when o does not say how
// to make one.
func (o Options) fileLink(path string, line int) string {
	if o.Files == "" || path == "" {
		return ""
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.NewReplacer(
		"{path}", strings.Join(segments, "/"), "{line}", strconv.Itoa(max(line, 1)),
	).Replace(o.Files)
}

// webAddress is an address that may be linked to, and empty for others: they
// may come from a catalog that a stranger made.
func webAddress(address string) string {
	if !strings.HasPrefix(address, "https://") || ciCommand.MatchString(address) {
		return ""
	}
	return address
}

// mdLink is a link around what is Markdown already; without an address it is
// that alone.
func mdLink(text, address string) string {
	if address == "" {
		return text
	}
	var b strings.Builder
	b.WriteString("[" + text + "](")
	for _, c := range []byte(address) {
		// What would end the link, or not be seen, is not needed in one.
		if c <= ' ' || c >= 0x7F || strings.IndexByte("()[]<>|\"`\\", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte(')')
	return b.String()
}

package yamldoc

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// chunk is the part of a file that holds one document.
type chunk struct {
	mark       int  // where yaml.v3 has to start: at the marker or the directives
	start, end int  // after the marker, at the next one
	explicit   bool // begins with "---"
	percent    bool // a line begins with "%"
	odd        bool // holds characters or directives that the scanner leaves to yaml.v3
	err        *tree.Error
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// survey looks at every character once, eight at a time: it finds the document
// markers and the characters that YAML forbids or that only yaml.v3 treats as
// it does (other line breaks than LF and CRLF, byte order marks inside).
func survey(data []byte, chunks []chunk) []chunk {
	i := 0
	if len(data) >= 3 && string(data[:3]) == string(utf8BOM) {
		i = 3
	}
	chunks = append(chunks, chunk{mark: i, start: i, end: len(data)})
	cur := &chunks[0]
	marker := func(at int) {
		if at+3 > len(data) {
			return
		}
		m := string(data[at : at+3])
		if m != "---" && m != "..." || at+3 < len(data) && !isBlankOrBreak(data[at+3]) {
			return
		}
		if at == cur.start && !cur.explicit && m == "---" {
			cur.mark, cur.start, cur.explicit = at, at+3, true
			return
		}
		cur.end = at
		next := chunk{mark: at, start: at + 3, end: len(data), explicit: true}
		if m == "..." {
			next.mark, next.explicit = at+3, false
		}
		chunks = append(chunks, next)
		cur = &chunks[len(chunks)-1]
	}
	cur.percent = i < len(data) && data[i] == '%'
	marker(i)
	for i < len(data) {
		if i+8 <= len(data) {
			x := binary.LittleEndian.Uint64(data[i:])
			del := x ^ 0x7F*ones
			// The lowest bit set is exact; those above it may be
			// carried over and are looked at again.
			m := x&highs | (x-0x20*ones)&^x&highs | (del-ones)&^del&highs
			if m == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(m) >> 3
		}
		switch b := data[i]; {
		case b >= 0x20 && b < 0x7F || b == '\t':
			i++
		case b == '\n':
			i++
			if i < len(data) {
				switch data[i] {
				case '-', '.':
					marker(i)
				case '%':
					cur.percent = true
				}
			}
		case b == '\r':
			i++
			if i == len(data) || data[i] != '\n' {
				cur.odd = true
				marker(i)
			}
		case b < utf8.RuneSelf:
			cur.refuse(i, 1, fmt.Sprintf("control character U+%04X is not allowed; write it as an escape in double quotes", b))
			i++
		default:
			r, n := utf8.DecodeRune(data[i:])
			switch {
			case r == utf8.RuneError && n == 1:
				cur.refuse(i, 1, fmt.Sprintf("expected UTF-8 text, found the byte 0x%02x", b))
			case r == 0x85 || r == 0x2028 || r == 0x2029:
				cur.odd = true
				marker(i + n)
			case r == 0xFEFF:
				cur.odd = true
			case r < 0xA0 || r == 0xFFFE || r == 0xFFFF:
				cur.refuse(i, n, fmt.Sprintf("control character U+%04X is not allowed; write it as an escape in double quotes", r))
			}
			i += n
		}
	}
	return chunks
}

func (c *chunk) refuse(at, width int, message string) {
	if c.err == nil {
		c.err = &tree.Error{Span: rule.Span{Start: int32(at), End: int32(at + width)}, Message: message}
	}
}

// joinDirectives gives directives ("%YAML 1.2") to the document that follows
// their marker.
func joinDirectives(text string, chunks []chunk) []chunk {
	kept := chunks[:0]
	for i := range chunks {
		c := chunks[i]
		if c.percent && !c.explicit && c.err == nil {
			only, tags := directives(text[c.start:c.end])
			c.odd = c.odd || only
			if only && i+1 < len(chunks) && chunks[i+1].explicit {
				// A version says nothing, and yaml.v3 refuses all
				// but 1.1.
				if tags {
					chunks[i+1].mark = c.mark
					chunks[i+1].odd = true
				}
				continue
			}
		}
		kept = append(kept, c)
	}
	return kept
}

// directives reports whether text is made of directives, comments and blank
// lines only, and whether there are others than the version of YAML.
func directives(s string) (only, others bool) {
	for line := range strings.Lines(s) {
		rest := strings.TrimLeft(line, " \t\r\n")
		if rest != "" && rest[0] != '#' && line[0] != '%' {
			return false, false
		}
		others = others || line[0] == '%' && !strings.HasPrefix(line, "%YAML 1.")
	}
	return true, others
}

package report

import (
	"bufio"
	"encoding/xml"
	"strings"
)

// xmlText writes a text, escaped for XML, and without what a CI system would
// obey in a log.
func xmlText(out *bufio.Writer, s string) { _ = xml.EscapeText(out, []byte(s)) }

// xmlAttributes writes attributes: names and values in turn.
func xmlAttributes(out *bufio.Writer, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		_, _ = out.WriteString(" " + pairs[i] + `="`)
		xmlText(out, pairs[i+1])
		_ = out.WriteByte('"')
	}
}

// xmlLines writes lines as the text of an element.
func xmlLines(out *bufio.Writer, lines []string) {
	for i, line := range lines {
		if i > 0 {
			_ = out.WriteByte('\n')
		}
		xmlText(out, strings.TrimRight(line, " "))
	}
}

package lint

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

var controlCharacterCheck = &Check{
	ID:       "control-character",
	Severity: Warning,
	Vendors:  sigmaAndElastic,
	Summary:  "A value has a character that nobody can see",
	Rationale: `A line break, a tab or a character without width got into a value, mostly by accident: a block scalar adds a line
break at its end, ` + "`\"C:\\temp\"`" + ` in double quotes has a tab in it, and text from web pages brings zero-width spaces along.
The value then equals nothing in any event, and it looks right in every review. Characters that turn the direction of
writing can even make a rule read as something else than it is.

In Elastic's queries it is an escape inside of a path: ` + "`\"C:\\temp\"`" + ` has a tab in it in EQL, Kuery and ES|QL, too.

Use single quotes for paths and ` + "`|-`" + ` for blocks. Where such a character is what the rule looks for, write it as an escape
in double quotes (` + "`\"\\u202e\"`" + `); detlint takes that as meant.`,
	Bad: `title: Tool dropped in a temporary folder
id: 2b3c4d5e-6f70-4182-9394-a5b6c7d8e911
status: test
logsource:
    category: file_event
    product: windows
detection:
    selection:
        TargetFilename: "C:\temp\new.exe"
    condition: selection
level: medium
`,
	Good: `title: Tool dropped in a temporary folder
id: 2b3c4d5e-6f70-4182-9394-a5b6c7d8e911
status: test
logsource:
    category: file_event
    product: windows
detection:
    selection:
        TargetFilename: 'C:\temp\new.exe'
    condition: selection
level: medium
`,
	More: func() []Example {
		return []Example{
			inEQL("Tool In A Temporary Folder", `process where process.executable : "C:\temp\\example-tool.exe"`, `process where process.executable : "C:\\temp\\example-tool.exe"`),
			inKuery("Tool In A Temporary Folder", `process.executable : "C:\temp\\example-tool.exe"`, `process.executable : "C:\\temp\\example-tool.exe"`),
			inESQL("Tool In A Temporary Folder", `| where to_lower(process.executable) == "c:\temp\\example-tool.exe"`, `| where to_lower(process.executable) == "c:\\temp\\example-tool.exe"`),
		}
	},
	Rule: controlCharacter,
}

func controlCharacter(p *Pass) {
	if p.Vendor == rule.Elastic {
		p.elasticControl()
		return
	}
	doc := document(p)
	if doc == nil {
		return
	}
	for _, sel := range doc.Selections {
		for _, it := range sel.Items {
			if i, r := firstInvisible(it.Field.Value, 0); r != 0 && it.Field.Value != "*" {
				at := rule.Span{Start: it.Field.Span.Start + int32(i), End: it.Field.Span.Start + int32(i+utf8.RuneLen(r))}
				p.Report(at, it.Key.Value, "field name %q has %s in it", it.Field.Value, runeName(r))
			}
			for _, v := range it.Values() {
				if v.Kind == tree.Scalar && v.Tag == tree.Str {
					p.controlIn(it, v)
				}
			}
		}
	}
}

// controlIn reports the first invisible character of a value that was not
// written there on purpose.
func (p *Pass) controlIn(it *sigma.Item, v *tree.Node) {
	i, r := firstInvisible(v.Value, 0)
	if r == 0 || utf8.RuneLen(r) == len(v.Value) {
		// A value that is the character and nothing else is looking for it.
		return
	}
	block := v.Style == tree.Literal || v.Style == tree.Folded
	if block && strings.HasSuffix(v.Value, "\n") {
		p.lineBreakAtEnd(v)
		return
	}
	offsets := yamldoc.Offsets(v, p.Source.Data)
	for ; r != 0; i, r = firstInvisible(v.Value, i+utf8.RuneLen(r)) {
		start := offsets.At(i)
		end := start + int32(utf8.RuneLen(r))
		why := ""
		switch source := p.Source.Data[start:]; {
		case block && r == '\n':
			continue // several lines, for all to see
		case v.Style == tree.DoubleQuoted && len(source) > 1 && source[0] == '\\':
			if !accident(it, v.Value, i, source[1]) {
				continue
			}
			end = start + 2
			why = fmt.Sprintf(`, which is what "\%c" means in double quotes`, source[1])
		case r == '\t' && i > 0 && strings.IndexByte(" \t", v.Value[i-1]) >= 0:
			continue // padding, which some rules look for
		}
		f := p.Report(rule.Span{Start: start, End: end}, v.Value, "value %q has %s in it%s", clip(v.Value), runeName(r), why)
		f.Hint = `if it is meant, write it as an escape in double quotes, such as "\u200b"`
		if why != "" {
			f.Hint = `use single quotes, or write the backslash twice`
		}
		return
	}
}

// accident judges an escape of one letter in double quotes: in front of more
// letters it was meant to be a backslash and a name. After a carriage return a
// line feed is what protocols have, and a regular expression means the same by
// a line feed or tab however it is written.
func accident(it *sigma.Item, value string, i int, escape byte) bool {
	switch {
	case strings.IndexByte("abtnvfre", escape) < 0 || i+1 >= len(value):
		return false
	case it.Has("re") && escape != 'b':
		return false
	case escape == 'n' && i > 0 && value[i-1] == '\r':
		return false
	}
	next := value[i+1] | 0x20
	return next >= 'a' && next <= 'z'
}

func (p *Pass) lineBreakAtEnd(v *tree.Node) {
	header := rule.Span{Start: v.Span.Start, End: v.Span.Start + 1}
	f := p.Report(header, v.Value, "value %q ends in a line break, which the block adds", clip(v.Value))
	f.Hint = `use "|-" or ">-"`
	if next := header.End; int(next) < len(p.Source.Data) && (p.Source.Data[next] == '\n' || p.Source.Data[next] == '\r') {
		f.Fix = &Fix{Title: `add "-" to the block`, Edits: []Edit{p.Edit(rule.Span{Start: next, End: next}, "-")}}
	}
}

// clip shortens a value for a message.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// firstInvisible finds the first character at or after from that is not seen,
// 0 when there is none.
func firstInvisible(s string, from int) (int, rune) {
	for i := from; i < len(s); i++ {
		b := s[i]
		if b >= ' ' && b < 0x7f {
			continue
		}
		if b < utf8.RuneSelf {
			return i, rune(b)
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if isInvisible(r) && !joins(s, i, n, r) {
			return i, r
		}
		i += n - 1
	}
	return 0, 0
}

func isInvisible(r rune) bool {
	switch {
	case r >= 0x80 && r < 0xa0, r == 0xad, r == 0x180e, r == 0xfeff:
		return true
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2064, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

// joins reports whether a zero-width joiner or non-joiner stands between two
// characters of a script, or of an emoji, that needs it.
func joins(s string, i, n int, r rune) bool {
	return (r == 0x200c || r == 0x200d) && i > 0 && s[i-1] >= utf8.RuneSelf && i+n < len(s) && s[i+n] >= utf8.RuneSelf
}

var runeNames = map[rune]string{
	'\t': "a tab", '\n': "a line break", '\r': "a carriage return", '\b': "a backspace", '\f': "a form feed", 0x1b: "an escape character",
	'\a': "a bell character", '\v': "a vertical tab", 0: "a null character",
	0xad: "a soft hyphen", 0x200b: "a zero-width space", 0x200c: "a zero-width non-joiner", 0x200d: "a zero-width joiner",
	0x200e: "a left-to-right mark", 0x200f: "a right-to-left mark", 0x2060: "a word joiner", 0xfeff: "a byte order mark",
	0x202d: "a left-to-right override", 0x202e: "a right-to-left override",
}

func runeName(r rune) string {
	if name := runeNames[r]; name != "" {
		return fmt.Sprintf("%s (U+%04X)", name, r)
	}
	return fmt.Sprintf("the control character U+%04X", r)
}

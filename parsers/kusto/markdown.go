package kusto

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// ParseMarkdown adds the fenced blocks of a Markdown file whose language is
// kql or kusto to it, each as a rule. The title is the heading of the file and
// that of the block's section; technique ids count in the text of the sections
// around the block.
func ParseMarkdown(f *rule.File, _ *rule.Library) {
	if text, ok := tree.UTF16(f.Source.Data); ok {
		for line := range strings.Lines(text) {
			if part := fence.FindStringSubmatch(line); part != nil && isKusto(part[3]) {
				f.Recognized = true
				f.Problems = []rule.Problem{{Message: tree.NotUTF8, RuleIndex: -1}}
				return
			}
		}
		return
	}
	text := string(f.Source.Data)
	lower := strings.ToLower(text)
	if !strings.Contains(lower, "kql") && !strings.Contains(lower, "kusto") && !strings.Contains(lower, "csl") {
		return
	}
	m := &markdown{file: f, text: text}
	m.read()
}

// markdown is a Markdown file that is read.
type markdown struct {
	file *rule.File
	text string
	// sections are the headings around the place that is read, with what was
	// found below each; the first is the file's own.
	sections []section
	blocks   []block
	// elsewhere are the technique ids of the sections without a block.
	elsewhere []rule.Text
}

// section is a heading and what the text below it, up to the next one, names.
type section struct {
	level      int
	title      rule.Text
	techniques []rule.Text
}

// block is a fenced block and the sections that it stands in.
type block struct {
	fence, content rule.Span // with and without the fences
	closed         bool
	sections       []int
}

// fence is the line that opens a block: at least three backticks or tildes and
// an info string. In a list it may be indented, or stand after the mark of an
// entry.
var fence = regexp.MustCompile("^([ \t]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})[ \t]*([^`\r\n]*?)[ \t]*\r?\n?$")

// quotedFence is such a line in a quotation.
var quotedFence = regexp.MustCompile("^[ \t]*>[> \t]*(`{3,}|~{3,})[ \t]*([^`\r\n]*?)[ \t]*\r?\n?$")

// isKusto reports whether the info string of a block says that it is a query.
func isKusto(info string) bool {
	info = strings.TrimLeft(strings.ToLower(info), "{. ")
	if end := strings.IndexAny(info, " \t,;:{}"); end >= 0 {
		info = info[:end]
	}
	return info == "kql" || info == "kusto" || info == "csl"
}

// read goes through the lines of the file.
func (m *markdown) read() {
	m.sections = []section{{}}
	open := []int{0} // the sections around the line
	var current *block
	mark, ours := "", false
	at := int32(0)
	for line := range strings.Lines(m.text) {
		end := at + int32(len(line))
		switch {
		case mark != "": // in a block
			if closing := strings.TrimSpace(line); strings.Trim(closing, mark[:1]) == "" && len(closing) >= len(mark) {
				if ours {
					current.fence.End, current.content.End, current.closed = end, at, true
					m.blocks = append(m.blocks, *current)
				}
				mark = ""
			} else if ours {
				current.fence.End, current.content.End = end, end
			}
		default:
			if part := fence.FindStringSubmatch(line); part != nil {
				mark, ours = part[2], isKusto(part[3])
				current = &block{
					fence: rule.Span{Start: at, End: end}, content: rule.Span{Start: end, End: end},
					sections: append([]int(nil), open...),
				}
				break
			}
			if part := quotedFence.FindStringSubmatch(line); part != nil && isKusto(part[2]) {
				m.file.Recognized = true
				m.file.Problems = append(m.file.Problems, rule.Problem{
					Span: rule.Span{Start: at, End: at + int32(len(strings.TrimRight(line, "\r\n")))}, RuleIndex: -1,
					Message: "query in a quotation was not read, expected its block outside of the quotation",
				})
			}
			if level, title, ok := heading(line, at); ok {
				for len(open) > 1 && m.sections[open[len(open)-1]].level >= level {
					open = open[:len(open)-1]
				}
				m.sections = append(m.sections, section{level: level, title: title})
				open = append(open, len(m.sections)-1)
			}
			m.mentioned(open[len(open)-1], line, at)
		}
		at = end
	}
	if mark != "" && ours {
		m.blocks = append(m.blocks, *current)
	}
	m.apart()
	for i := range m.blocks[:min(len(m.blocks), maxBlocks)] {
		m.rule(&m.blocks[i])
	}
	if len(m.blocks) > maxBlocks {
		m.file.Problems = append(m.file.Problems, rule.Problem{
			Span: m.blocks[maxBlocks].fence, RuleIndex: -1,
			Message: fmt.Sprintf("file has %d queries, the first %d of them are read", len(m.blocks), maxBlocks),
		})
	}
}

// heading reads "## Title".
func heading(line string, at int32) (level int, title rule.Text, ok bool) {
	trimmed := strings.TrimRight(line, " \t\r\n")
	rest := strings.TrimLeft(trimmed, "#")
	level = len(trimmed) - len(rest)
	if level == 0 || level > 6 || rest == "" || rest[0] != ' ' && rest[0] != '\t' {
		return 0, rule.Text{}, false
	}
	text := strings.TrimSpace(rest)
	start := at + int32(len(trimmed)-len(strings.TrimLeft(rest, " \t")))
	return level, rule.Text{Value: text, Span: rule.Span{Start: start, End: at + int32(len(trimmed))}}, true
}

// mentioned notes the technique ids that a line of a section names. A
// sub-technique may stand in the next cell of a table: | T1562 | 001 |.
func (m *markdown) mentioned(section int, line string, at int32) {
	s := &m.sections[section]
	for _, found := range techniqueIDs.FindAllStringIndex(line, maxList) {
		if len(s.techniques) >= maxList {
			return
		}
		t := rule.Text{Value: line[found[0]:found[1]], Span: rule.Span{Start: at + int32(found[0]), End: at + int32(found[1])}}
		if cell := subTechnique.FindStringSubmatch(line[found[1]:]); cell != nil && len(t.Value) == len("T1234") {
			t.Value += "." + cell[1]
		}
		s.techniques = append(s.techniques, t)
	}
}

// subTechnique is the cell of a table with the number of a sub-technique.
var subTechnique = regexp.MustCompile(`^[ \t]*\|[ \t]*(\d{3})[ \t]*\|`)

// rule makes a rule of a block.
func (m *markdown) rule(b *block) {
	source := m.text[b.content.Start:b.content.End]
	if !hasQuery(source) {
		return
	}
	p := newRule(m.file, b.fence, Markdown)
	if !b.closed {
		line, _, _ := strings.Cut(m.text[b.fence.Start:b.fence.End], "\n")
		p.errorf(rule.Span{Start: b.fence.Start, End: b.fence.Start + int32(len(strings.TrimRight(line, "\r")))}, "fenced block is never closed, expected a line with its fence")
	}
	p.comments(source, b.content.Start)
	var titles []string
	for i, s := range b.sections {
		section := &m.sections[s]
		if section.title.Value != "" && (i == len(b.sections)-1 || section.level == 1) {
			titles = append(titles, section.title.Value)
			p.rule.Title.Span = section.title.Span
		}
	}
	if len(titles) > 0 {
		p.rule.Title.Value = strings.Join(titles, " — ")
	}
	p.doc.Techniques = append(p.doc.Techniques, m.around(b)...)
	p.rule.Techniques, p.rule.Tactics = nil, nil
	p.attck()
	p.rule.Parts = append(p.rule.Parts, m.headings(b)...)
	for _, t := range p.doc.Techniques {
		if t.Span.Start < b.fence.Start || t.Span.Start >= b.fence.End {
			p.rule.Parts = append(p.rule.Parts, t.Span)
		}
	}
	p.parse(source, tree.Offsets{Start: b.content.Start, End: b.content.End})
}

// headings are the places of the text that says what the rule is.
func (m *markdown) headings(b *block) []rule.Span {
	var out []rule.Span
	for _, s := range b.sections {
		if span := m.sections[s].title.Span; !span.IsZero() {
			out = append(out, span)
		}
	}
	return out
}

// around returns the technique ids of the sections that a block stands in.
// Where they name none, those of the sections without a block count: a rule may
// have its techniques in a section of their own.
func (m *markdown) around(b *block) []rule.Text {
	var out []rule.Text
	for _, s := range b.sections {
		out = append(out, m.sections[s].techniques...)
	}
	if len(out) == 0 {
		out = m.elsewhere
	}
	return out[:min(len(out), maxList)]
}

// apart collects the technique ids of the sections without a block.
func (m *markdown) apart() {
	holds := map[int]bool{}
	for _, b := range m.blocks {
		holds[b.sections[len(b.sections)-1]] = true
	}
	for i, s := range m.sections {
		if !holds[i] && len(m.elsewhere) < maxList {
			m.elsewhere = append(m.elsewhere, s.techniques...)
		}
	}
}

package kusto

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/detlint/detlint/parsers/kql"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// ParseText adds the queries of a .kql or .csl file to it. A file is one query,
// or, when it cannot be read as one, several with blank lines in between.
// Metadata stand in the comments in front of a query: its first line is the
// title, and technique ids count wherever they stand.
func ParseText(f *rule.File, _ *rule.Library) {
	data := f.Source.Data
	if _, ok := tree.UTF16(data); ok {
		f.Recognized = true
		f.Problems = []rule.Problem{{Message: tree.NotUTF8, RuleIndex: -1}}
		return
	}
	text := string(data)
	start := 0
	if strings.HasPrefix(text, "\xEF\xBB\xBF") {
		start = 3
	}
	if !hasQuery(text[start:]) {
		return
	}
	parts := queries(text, rule.Span{Start: int32(start), End: int32(len(text))})
	if len(parts) > maxBlocks {
		f.Recognized = true
		f.Problems = append(f.Problems, rule.Problem{
			Span: rule.Span{Start: parts[maxBlocks].Start, End: parts[maxBlocks].Start + 1}, RuleIndex: -1,
			Message: fmt.Sprintf("file has %d queries, the first %d of them are read", len(parts), maxBlocks),
		})
		parts = parts[:maxBlocks]
	}
	for _, part := range parts {
		p := newRule(f, part, Script)
		source := text[part.Start:part.End]
		p.comments(source, part.Start)
		p.parse(source, tree.Offsets{Start: part.Start, End: part.End})
	}
}

// hasQuery reports whether a text is more than comments and white space.
func hasQuery(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			return true
		}
	}
	return false
}

// queries splits a script into its queries.
func queries(text string, all rule.Span) []rule.Span {
	if _, problems := kql.Parse(text[all.Start:all.End]); len(problems) == 0 {
		return []rule.Span{all}
	}
	parts := blocks(text, all)
	if len(parts) < 2 {
		return []rule.Span{all}
	}
	for _, part := range parts {
		if _, problems := kql.Parse(text[part.Start:part.End]); len(problems) == 0 {
			return parts
		}
	}
	return []rule.Span{all}
}

// maxBlocks bounds how many queries one file has.
const maxBlocks = 1000

// blocks splits a text at its blank lines. What only declares something, or is
// nothing but comments, belongs to what follows it, and what begins with a pipe
// to what is in front.
func blocks(text string, all rule.Span) []rule.Span {
	var out []rule.Span
	start, at := all.Start, all.Start
	blank := true
	flush := func(end int32) {
		block := text[start:end]
		switch first := firstLine(block); {
		case first == "":
			return // joined to what follows
		case strings.HasPrefix(first, "|") && len(out) > 0:
			out[len(out)-1].End = end
		case declares(block) && end < all.End:
			return
		default:
			out = append(out, rule.Span{Start: start, End: end})
		}
		start = end
	}
	for line := range strings.Lines(text[all.Start:all.End]) {
		empty := strings.TrimSpace(line) == ""
		if empty && !blank {
			flush(at)
		}
		blank = empty
		at += int32(len(line))
	}
	flush(all.End)
	if len(out) > 0 && start < all.End {
		out[len(out)-1].End = all.End
	}
	return out
}

// firstLine is the first line that is no comment.
func firstLine(block string) string {
	for line := range strings.Lines(block) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			return line
		}
	}
	return ""
}

// declares reports whether a block ends with the end mark of a statement, so
// that more must follow.
func declares(block string) bool {
	last := ""
	for line := range strings.Lines(block) {
		line, _, _ = strings.Cut(line, "//")
		if line = strings.TrimSpace(line); line != "" {
			last = line
		}
	}
	return strings.HasSuffix(last, ";") && strings.HasPrefix(firstLine(block), "let ")
}

// techniqueIDs finds technique ids in a text.
var techniqueIDs = regexp.MustCompile(`\bT\d{4}(?:\.\d{3})?\b`)

// comments reads the metadata in the comments of a query that starts at a
// place of the file.
func (p *ruleParser) comments(source string, start int32) {
	at := start
	leading := true
	for line := range strings.Lines(source) {
		trimmed := strings.TrimSpace(line)
		comment, ok := strings.CutPrefix(trimmed, "//")
		if trimmed != "" && !ok {
			leading = false
		}
		if ok {
			comment = strings.TrimSpace(strings.TrimLeft(comment, "/"))
			begin := at + int32(strings.Index(line, trimmed))
			span := rule.Span{Start: begin, End: begin + int32(len(trimmed))}
			if leading && comment != "" {
				p.attribute(comment, span)
			}
			p.mentioned(line, at)
		}
		at += int32(len(line))
	}
	p.attck()
}

// attribute reads one line of leading comments: "Name: x", or the title.
func (p *ruleParser) attribute(comment string, span rule.Span) {
	r := p.rule
	key, text, ok := strings.Cut(comment, ":")
	t := rule.Text{Value: strings.TrimSpace(text), Span: span}
	if ok && t.Value != "" {
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "id":
			r.ID = t
			return
		case "title", "name", "rule", "query":
			r.Title = t
			return
		case "description":
			r.Description = t
			return
		case "author":
			r.Author = t
			return
		case "severity", "level":
			p.doc.Severity, r.LevelText, r.Level = t, t, level(t.Value)
			return
		case "status":
			r.Status = t
			return
		case "tactic", "tactics":
			for _, part := range strings.Split(t.Value, ",") {
				p.doc.Tactics = append(p.doc.Tactics, rule.Text{Value: strings.TrimSpace(part), Span: span})
			}
			return
		case "technique", "techniques", "mitre", "references", "reference", "date", "version":
			return
		}
	}
	if r.Title.Value == "" {
		r.Title = rule.Text{Value: comment, Span: span}
	}
}

// mentioned adds the technique ids that a text at a place of the file names.
func (p *ruleParser) mentioned(text string, start int32) {
	for _, at := range techniqueIDs.FindAllStringIndex(text, maxList) {
		if len(p.doc.Techniques) >= maxList {
			return
		}
		p.doc.Techniques = append(p.doc.Techniques, rule.Text{
			Value: text[at[0]:at[1]], Span: rule.Span{Start: start + int32(at[0]), End: start + int32(at[1])},
		})
	}
}

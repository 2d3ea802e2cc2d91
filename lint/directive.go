package lint

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/jsondoc"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/parsers/tomldoc"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// directiveWord begins a directive in a comment, directiveKey holds those of a
// rule in a format without comments: {"detlint": {"ignore": ["CHECK …"]}}.
const (
	directiveStart = "detlint:"
	directiveWord  = directiveStart + "ignore"
	directiveKey   = "detlint"
	ignoreKey      = "ignore"
)

// maxDirectives is how many directives of one file are read.
const maxDirectives = 500

var tooManyDirectives = fmt.Sprintf("expected at most %d suppressions in a file; this one and those after it are not heeded", maxDirectives)

// directive is where a directive stands and what it says.
type directive struct {
	at      rule.Span // the directive itself
	comment rule.Span // with its marker; zero for a key
	text    string    // what follows the word
	// own is set when nothing else stands on its line.
	own bool
	// top is set when only comments stand before it in a query.
	top bool
	// wrong says what is wrong with a key that should hold directives.
	wrong string
}

// marks are what begins a comment, by the format of a file: outside of its
// texts, and in them, where queries are.
type marks struct {
	outside, inside []string
	ownLine         bool // outside of texts, nothing else may stand on the line
}

const (
	hash    = "#"
	slashes = "//"
	ticks   = "```"
)

var commentMarks = map[string]marks{
	".yml":  {outside: []string{hash}, inside: []string{slashes, ticks}},
	".yaml": {outside: []string{hash}, inside: []string{slashes, ticks}},
	".toml": {outside: []string{hash}, inside: []string{slashes}},
	".conf": {outside: []string{hash}, inside: []string{ticks}, ownLine: true},
	".kql":  {outside: []string{slashes}},
	".csl":  {outside: []string{slashes}},
	".md":   {outside: []string{slashes}},
	".txt":  {outside: []string{slashes}},
}

// MaySuppress reports whether a file may have suppressions, without reading it
// at length.
func MaySuppress(data []byte) bool {
	return nextDirective(data, 0) >= 0 || bytes.Contains(data, []byte(`"`+directiveKey+`"`))
}

// nextDirective is the offset of the next word that begins a directive, or would
// in another letter case; -1 where there is none.
func nextDirective(data []byte, from int) int {
	const word = len(directiveStart)
	for {
		i := bytes.IndexByte(data[from:], ':')
		if i < 0 {
			return -1
		}
		from += i + 1
		if from < word || !bytes.EqualFold(data[from-word:from], []byte(directiveStart)) {
			continue
		}
		if string(data[from-word:from]) == directiveStart || saysIgnore(data[from:]) {
			return from - word
		}
	}
}

// saysIgnore reports whether a text begins with the word after which the checks of
// a directive stand, in any letter case.
func saysIgnore(text []byte) bool {
	text = bytes.TrimLeft(text[:min(len(text), 64)], " \t")
	return len(text) >= len(ignoreKey) && bytes.EqualFold(text[:len(ignoreKey)], []byte(ignoreKey))
}

// directives finds all directives of a file, and the texts it has where it was
// read for them.
func directives(src *rule.Source) (out []directive, texts []rule.Span) {
	ext := strings.ToLower(path.Ext(src.Path))
	if ext == ".json" || ext == ".ndjson" {
		if !bytes.Contains(src.Data, []byte(`"`+directiveKey+`"`)) {
			return nil, nil
		}
		return keyDirectives(src.Data), nil
	}
	from := nextDirective(src.Data, 0)
	if from < 0 {
		return nil, nil
	}
	m := commentMarks[ext]
	texts = scalars(src, ext)
	for ; from >= 0; from = nextDirective(src.Data, from+len(directiveStart)) {
		d, ok := m.directive(src, int32(from), texts)
		if !ok {
			d, ok = m.misplaced(src, int32(from), texts)
		}
		if ok {
			if len(out) == maxDirectives {
				d.wrong = tooManyDirectives
				return append(out, d), texts
			}
			out = append(out, d)
		}
	}
	return out, texts
}

// directive reads the one at an offset, if it stands in a comment.
func (m marks) directive(src *rule.Source, at int32, texts []rule.Span) (directive, bool) {
	pos := src.Position(at)
	lineStart := int32(src.LineStart(pos.Line))
	line := string(src.Line(pos.Line))
	before := strings.TrimRight(line[:at-lineStart], " \t")
	allowed, in := m.outside, within(texts, at)
	if in != (rule.Span{}) {
		allowed = m.inside
	}
	for _, mark := range allowed {
		lead, ok := strings.CutSuffix(before, mark)
		if !ok || lead != "" && !strings.HasSuffix(lead, " ") && !strings.HasSuffix(lead, "\t") ||
			m.ownLine && in == (rule.Span{}) && strings.TrimSpace(lead) != "" {
			continue
		}
		d := directive{own: strings.TrimSpace(lead) == "", text: line[at-lineStart+int32(len(directiveStart)):]}
		end := lineStart + int32(len(line))
		if mark == ticks {
			body, _, closed := strings.Cut(d.text, ticks)
			if end -= int32(len(d.text) - len(body)); closed {
				d.own = d.own && strings.TrimSpace(d.text[len(body)+len(ticks):]) == ""
				end += int32(len(ticks))
			}
			d.text = body
		}
		d.comment = rule.Span{Start: lineStart + int32(len(lead)), End: end}
		d.at = rule.Span{Start: at, End: at + int32(len(directiveStart)+len(strings.TrimRight(d.text, " \t")))}
		if in != (rule.Span{}) && d.own && d.comment.Start-in.Start < maxTop {
			d.top = onlyComments(string(src.Data[in.Start:d.comment.Start]), mark)
		}
		start := line[at-lineStart:][:len(directiveStart)]
		rest, ok := strings.CutPrefix(d.text, ignoreKey)
		if word := strings.TrimLeft(rest, " \t,"); !ok || start != directiveStart || len(word) == len(rest) && word != "" {
			d.wrong = fmt.Sprintf("unknown directive %q, expected %q", start+strings.TrimSpace(d.text), directiveWord+" CHECK until=2027-01-31 -- reason")
		}
		d.text = rest
		return d, true
	}
	return directive{}, false
}

// anyMark are the marks that begin a comment somewhere.
var anyMark = []string{hash, slashes, ticks, ";", "--"}

// misplaced reads a directive behind a mark that begins no comment where it
// stands.
func (m marks) misplaced(src *rule.Source, at int32, texts []rule.Span) (directive, bool) {
	if !saysIgnore(src.Data[at+int32(len(directiveStart)):]) {
		return directive{}, false
	}
	pos := src.Position(at)
	lineStart := src.LineStart(pos.Line)
	line := string(src.Line(pos.Line))
	before, text := strings.TrimRight(line[:int(at)-lineStart], " \t"), strings.TrimSpace(line[int(at)-lineStart:])
	for _, mark := range anyMark {
		lead, ok := strings.CutSuffix(before, mark)
		if !ok || lead != "" && !strings.HasSuffix(lead, " ") && !strings.HasSuffix(lead, "\t") {
			continue
		}
		instead := "expected " + quotedOr(m.outside) + " before it"
		switch {
		case m.ownLine:
			instead = "expected it on a line of its own above the stanza or the setting, or in a search behind " + quotedOr(m.inside)
		case within(texts, at) != (rule.Span{}) && len(m.inside) > 0:
			instead = "expected it above the text, or in a query behind " + quotedOr(m.inside)
		}
		return directive{
			at:    rule.Span{Start: at, End: at + int32(len(text))},
			wrong: fmt.Sprintf("%q begins no comment here, so that nothing is suppressed; %s", mark, instead),
		}, true
	}
	return directive{}, false
}

// within is the text that an offset stands in, zero for none.
func within(texts []rule.Span, at int32) rule.Span {
	if i, _ := slices.BinarySearchFunc(texts, at, func(t rule.Span, at int32) int { return cmp.Compare(t.Start, at) }); i > 0 && at < texts[i-1].End {
		return texts[i-1]
	}
	return rule.Span{}
}

// maxTop is how far into a query its first comment may reach, in bytes.
const maxTop = 64 << 10

// onlyComments reports whether a text before a place, without the line that it
// begins on, has nothing but comments. That line is the indicator of a block
// scalar or the quotes of a text.
func onlyComments(text, mark string) bool {
	first, rest, ok := strings.Cut(text, "\n")
	if !ok || strings.Trim(strings.TrimSpace(first), `|>+-'"0123456789`) != "" {
		return false
	}
	for line := range strings.Lines(rest) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, mark) {
			return false
		}
	}
	return true
}

// scalars are the texts of a YAML or TOML file, and the values of Splunk's
// configuration, in which a # begins no comment.
func scalars(src *rule.Source, ext string) []rule.Span {
	data := src.Data
	var out []rule.Span
	var walk func(n *tree.Node)
	walk = func(n *tree.Node) {
		if n == nil {
			return
		}
		if n.Kind == tree.Scalar {
			out = append(out, n.Span)
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	switch ext {
	case ".yml", ".yaml":
		for _, d := range yamldoc.Parse(data) {
			walk(d.Root)
		}
	case ".toml":
		root, _ := tomldoc.Parse(data)
		walk(root)
	case ".conf":
		out = splunk.ConfValues(src)
	}
	slices.SortFunc(out, func(a, b rule.Span) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// keyDirectives are those that stand under a key of JSON.
func keyDirectives(data []byte) []directive {
	var out []directive
	var walk func(n *tree.Node)
	walk = func(n *tree.Node) {
		for i, c := range n.Content {
			if n.Kind == tree.Mapping && i%2 == 0 {
				continue
			}
			if n.Kind == tree.Mapping && n.Content[i-1].Value == directiveKey {
				if out = append(out, underKey(c)...); len(out) > maxDirectives {
					out = append(out[:maxDirectives], directive{at: c.Span, wrong: tooManyDirectives})
				}
				continue
			}
			walk(c)
		}
	}
	end := int32(len(data))
	for at := int32(0); at < end; {
		n, rest, err := jsondoc.First(data, rule.Span{Start: at, End: end})
		if err != nil || n == nil || rest <= at {
			break
		}
		walk(n)
		at = rest
	}
	return out
}

// underKey reads {"ignore": ["CHECK …"]}.
func underKey(n *tree.Node) []directive {
	list := n.Get(ignoreKey)
	if list == nil || list.Kind != tree.Sequence {
		return []directive{{at: n.Span, wrong: `expected {"ignore": ["CHECK until=2027-01-31 -- reason"]} under the key "detlint"`}}
	}
	var out []directive
	for _, item := range list.Content {
		d := directive{at: item.Span, text: item.Value}
		if item.Kind != tree.Scalar || item.Tag != tree.Str {
			d.wrong = `expected a text such as "noisy-path until=2027-01-31 -- reason"`
		}
		out = append(out, d)
	}
	return out
}

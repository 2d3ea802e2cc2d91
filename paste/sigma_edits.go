package paste

import (
	"errors"
	"regexp"
	"strings"

	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// sigmaLayout is how a file writes its selections.
type sigmaLayout struct {
	name, field, item string // the white space in front of each
	quotes            tree.Style
}

// usualLayout is the one of SigmaHQ, two levels of it.
var usualLayout = sigmaLayout{"    ", "        ", "            ", tree.SingleQuoted}

// selections writes selections, each beginning with a line break.
func (l sigmaLayout) selections(items []sigmaItem) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString("\n" + l.name + item.name + ":\n" + l.field + item.field + ":")
		if len(item.values) == 1 {
			b.WriteString(" " + l.quote(item.field, item.values[0]))
			continue
		}
		for _, v := range item.values {
			b.WriteString("\n" + l.item + "- " + l.quote(item.field, v))
		}
	}
	return b.String()
}

var (
	plainNumber = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})$`)
	plainText   = regexp.MustCompile(`^[a-zA-Z/\\][a-zA-Z0-9_./\\-]*$`)
	plainWords  = set("true", "false", "yes", "no", "on", "off", "null", "y", "n")
)

// quote writes a value as the file has its others. A number that is compared as
// a whole needs no quotes.
func (l sigmaLayout) quote(field, s string) string {
	switch {
	case plainNumber.MatchString(s) && !strings.Contains(field, "|"):
		return s
	case l.quotes == tree.Plain && plainText.MatchString(s) && !plainWords[strings.ToLower(s)]:
		return s
	case l.quotes == tree.DoubleQuoted:
		if text, err := inner(s); err == nil {
			return `"` + text + `"`
		}
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// sigmaEdits puts selections behind those of the rule, and excludes them in
// each condition.
func (w *writer) sigmaEdits(doc *sigma.Document, items []sigmaItem) ([]rule.Edit, error) {
	detection := doc.Root.Get("detection")
	if doc.Correlation != nil || doc.Filter != nil || detection == nil || detection.Kind != tree.Mapping || len(doc.Conditions) == 0 {
		return nil, errors.New("the rule has no condition of its own")
	}
	last := lastSelection(detection)
	if last == nil || detection.Style == tree.Flow {
		return nil, errors.New("the selections do not stand one below the other")
	}
	layout, ok := w.layout(doc, detection)
	if !ok {
		return nil, errors.New("the selections do not stand one below the other")
	}
	data := w.Source.Data
	_, end := w.Source.LineAround(last.Span.End)
	text := strings.ReplaceAll(layout.selections(items), "\n", lineBreak(data))
	at := rule.Span{Start: int32(end), End: int32(end)}
	edits := []rule.Edit{{Range: w.Source.Range(at), Text: text}}
	nodes := conditionNodes(detection.Get("condition"))
	for _, expr := range doc.Conditions {
		if expr.Tail.Value != "" {
			return nil, errors.New("the condition ends with an aggregation, which Sigma 2 has replaced by correlation rules")
		}
		if w.excludes(expr) {
			continue
		}
		n := nodes[expr.Text.Span]
		if n == nil {
			return nil, errors.New("the condition does not stand where the selections do")
		}
		offsets := yamldoc.Offsets(n, data)
		h := hostOf(w.Source, n, n.Value, offsets.Span)
		start := len(n.Value) - len(strings.TrimLeft(n.Value, " \t\r\n"))
		more, err := h.inline(start, len(strings.TrimRight(n.Value, " \t\r\n")), alternatives(n.Value), " and not 1 of "+optional)
		if err != nil {
			return nil, err
		}
		edits = append(edits, more...)
	}
	return edits, nil
}

// inline are the edits that put a text behind what stands between two offsets;
// wrap puts parentheses around that first.
func (h *host) inline(start, end int, wrap bool, text string) ([]rule.Edit, error) {
	var edits []rule.Edit
	if wrap {
		e, err := h.insert(start, "(")
		if err != nil {
			return nil, err
		}
		edits = append(edits, e)
		text = ")" + text
	}
	e, err := h.insert(end, text)
	return append(edits, e), err
}

// alternatives reports whether a condition is joined by "or" outside of all
// parentheses.
func alternatives(condition string) bool {
	depth := 0
	for _, word := range strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(condition)) {
		switch {
		case word == "(":
			depth++
		case word == ")":
			depth--
		case depth == 0 && strings.EqualFold(word, "or"):
			return true
		}
	}
	return false
}

// lastSelection is the value of the last entry of detection that is a
// selection.
func lastSelection(detection *tree.Node) *tree.Node {
	var last *tree.Node
	for i := 0; i+1 < len(detection.Content); i += 2 {
		switch key := detection.Content[i].Value; key {
		case "condition", "timeframe":
		default:
			if v := detection.Content[i+1]; last == nil || v.Span.End > last.Span.End {
				last = v
			}
		}
	}
	return last
}

// conditionNodes are the texts of a condition by their places.
func conditionNodes(n *tree.Node) map[rule.Span]*tree.Node {
	out := map[rule.Span]*tree.Node{}
	switch {
	case n == nil:
	case n.Kind == tree.Sequence:
		for _, item := range n.Content {
			out[item.Span] = item
		}
	default:
		out[n.Span] = n
	}
	return out
}

// layout finds how the file writes its selections. It is false where a line has
// more than one of them.
func (w *writer) layout(doc *sigma.Document, detection *tree.Node) (sigmaLayout, bool) {
	var l sigmaLayout
	if len(detection.Content) == 0 {
		return l, false
	}
	name, ok := w.leading(detection.Content[0].Span.Start)
	if !ok {
		return l, false
	}
	l.name = name
	step := "    "
	for i := 0; i+1 < len(doc.Root.Content); i += 2 {
		if doc.Root.Content[i+1] == detection {
			if outer, ok := w.leading(doc.Root.Content[i].Span.Start); ok && strings.HasPrefix(name, outer) && len(name) > len(outer) {
				step = name[len(outer):]
			}
		}
	}
	l.field = l.name + step
	for i := 1; i < len(detection.Content); i += 2 {
		sel := detection.Content[i]
		if sel.Kind != tree.Mapping || sel.Style == tree.Flow || len(sel.Content) == 0 {
			continue
		}
		if own, ok := w.leading(sel.Content[0].Span.Start); ok && strings.HasPrefix(own, name) && len(own) > len(name) {
			l.field = own
			break
		}
	}
	l.item = l.field + step
	var styles [tree.DoubleQuoted + 1]int
	found := false
	for _, sel := range doc.Selections {
		for _, item := range sel.Items {
			for _, v := range item.Values() {
				if v.Kind == tree.Scalar && v.Tag == tree.Str && v.Style <= tree.DoubleQuoted {
					styles[v.Style]++
				}
			}
			if v := item.Value; !found && v != nil && v.Kind == tree.Sequence && v.Style != tree.Flow && len(v.Content) > 0 {
				dash, okDash := w.dash(v.Content[0].Span.Start)
				key, okKey := w.leading(item.Key.Span.Start)
				if rest, below := strings.CutPrefix(dash, key); okDash && okKey && below {
					l.item, found = l.field+rest, true
				}
			}
		}
	}
	l.quotes = tree.SingleQuoted
	switch {
	case styles[tree.DoubleQuoted] > styles[tree.SingleQuoted]:
		l.quotes = tree.DoubleQuoted
	case styles[tree.Plain] > 0 && styles[tree.SingleQuoted] == 0:
		l.quotes = tree.Plain
	}
	return l, true
}

// leading is the white space in front of a place, false when something else
// stands before it in its line.
func (w *writer) leading(at int32) (string, bool) {
	start, _ := w.Source.LineAround(at)
	if int(at) < start || int(at) > len(w.Source.Data) {
		return "", false
	}
	before := string(w.Source.Data[start:at])
	return before, strings.Trim(before, " ") == ""
}

// dash is the white space in front of the dash of a list's item.
func (w *writer) dash(at int32) (string, bool) {
	start, _ := w.Source.LineAround(at)
	if int(at) < start || int(at) > len(w.Source.Data) {
		return "", false
	}
	before, rest, ok := strings.Cut(string(w.Source.Data[start:at]), "-")
	return before, ok && strings.TrimSpace(before) == "" && strings.TrimSpace(rest) == ""
}

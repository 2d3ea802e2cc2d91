package paste

import (
	"errors"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/parsers/kuery"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// errCase is why values with letters are not put into a query of Kuery or
// Lucene where no public rule shows which case events have them in.
var errCase = errors.New("the query compares the case of letters, which is to be as in your events")

const asInEvents = ", with the letters in the case that your events have"

// lowerCase reports whether the rule is about systems on which names and paths
// are nearly always written in lower case: Linux, and Kubernetes.
func (w *writer) lowerCase() bool {
	return w.Requires(normalize.Key{Field: "host.os.type", Operator: rule.Eq, Value: "linux"}) ||
		len(w.Events) > 0 && !slices.ContainsFunc(w.Events, func(e normalize.Event) bool { return e.Provider != "Kubernetes-Audit" })
}

// kuery writes exclusions for a query of Kuery.
func (w *writer) kuery(doc *elastic.Document, keys []normalize.Key) (string, func() ([]rule.Edit, error)) {
	nested := false
	for c := range strings.SplitSeq(doc.Query.Value, "{") {
		nested = nested || strings.HasSuffix(strings.TrimRight(c, " \t\r\n"), ":")
	}
	clauses := w.clauses(keys, func(k normalize.Key) (operator, value string) {
		used := slices.ContainsFunc(w.Predicates, func(p normalize.Predicate) bool { return p.Field == k.Field })
		if nested && used && !strings.Contains(doc.Query.Value, w.elasticField(k.Field)) {
			return "", "" // it is a field within another one
		}
		return kueryItem(k)
	}, kueryList)
	root, _ := doc.Kuery.Root.(*kuery.Boolean)
	last := -1
	if root != nil {
		last = startOf(root.Children[len(root.Children)-1])
	}
	return w.searched(doc, clauses, "and", root != nil && root.Or, last)
}

// startOf is where a part of a query begins, parentheses left out.
func startOf(n kuery.Node) int {
	for {
		switch part := n.(type) {
		case *kuery.Boolean:
			n = part.Children[0]
		case *kuery.Negation:
			return int(part.Span.Start)
		case *kuery.Nested:
			return int(part.Span.Start)
		case *kuery.Comparison:
			return int(part.Span.Start)
		case *kuery.Literal:
			return int(part.Span.Start)
		}
	}
}

// lucene writes exclusions for a query of Lucene.
func (w *writer) lucene(doc *elastic.Document, keys []normalize.Key) (string, func() ([]rule.Edit, error)) {
	clauses := w.clauses(keys, luceneItem, luceneList)
	wrap := doc.Lucene.Root == nil
	if !wrap {
		for i, c := range doc.Lucene.Root.Clauses {
			wrap = wrap || i > 0 && c.Conjunction.Value != "AND" && c.Conjunction.Value != "&&"
		}
	}
	return w.searched(doc, clauses, "AND", wrap, -1)
}

// searched puts clauses behind a query without commands, whose last part begins
// at last; that is negative where the query is one part.
func (w *writer) searched(doc *elastic.Document, clauses []clause, word string, wrap bool, last int) (string, func() ([]rule.Edit, error)) {
	if len(clauses) == 0 {
		return "", nil
	}
	letters := false
	for _, k := range w.written {
		_, sure := w.asWritten(k)
		letters = letters || !sure
	}
	how := w.inParentheses()
	if letters && !w.lowerCase() {
		how += asInEvents
	}
	text := strings.ReplaceAll(howTo(how, clauses), "\n    and ", "\n    "+word+" ")
	return text, func() ([]rule.Edit, error) {
		if letters && !w.lowerCase() {
			return nil, errCase
		}
		h := hostOf(w.Source, doc.Query, doc.Query.Value, doc.Place)
		start := len(h.text) - len(strings.TrimLeft(h.text, " \t\r\n"))
		end := len(strings.TrimRight(h.text, " \t\r\n"))
		if start >= end {
			return nil, errors.New("the query is empty")
		}
		if last < start {
			last = start
		}
		return h.and(start, end, last, wrap, word, texts(clauses))
	}
}

// kueryItem writes a row for Kuery. What has a wildcard cannot stand in quotes.
func kueryItem(k normalize.Key) (operator, value string) {
	if k.Operator != rule.Eq && k.Operator != rule.CIDR && strings.ContainsAny(k.Value, ",|") {
		return "", "" // which read as if they meant something
	}
	return searchItem(k, escapeKuery, "")
}

func kueryList(field, operator string, values []string) string {
	if len(values) == 1 {
		return "not " + field + operator + values[0]
	}
	return "not " + field + operator + "(" + strings.Join(values, " or ") + ")"
}

// luceneItem writes a row for Lucene.
func luceneItem(k normalize.Key) (operator, value string) {
	return searchItem(k, escapeLucene, "?")
}

func luceneList(field, operator string, values []string) string {
	field = strings.NewReplacer(`\`, `\\`, " ", `\ `, ":", `\:`).Replace(field)
	if len(values) == 1 {
		return "NOT " + field + operator + values[0]
	}
	return "NOT " + field + operator + "(" + strings.Join(values, " OR ") + ")"
}

// searchItem writes a row for a language whose values have wildcards outside of
// quotes only: "*", and what stands for one character, if there is that.
func searchItem(k normalize.Key, escape func(string) string, one string) (operator, value string) {
	if strings.ContainsAny(k.Value, "\r\n\t") || strings.TrimSpace(k.Value) != k.Value {
		return "", ""
	}
	literal, drive := k.Value, ""
	if rest, ok := strings.CutPrefix(literal, `?:\`); ok && k.Operator != rule.Wildcard {
		literal, drive = `:\`+rest, "*"
		if one != "" {
			drive = one
		}
	}
	switch k.Operator {
	case rule.CIDR:
		if query.IsNetwork(k.Field, k.Value) {
			return ":", quote(k.Value)
		}
	case rule.Eq:
		if drive == "" {
			return ":", `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(literal) + `"`
		}
		return ":", drive + escape(literal)
	case rule.Contains, rule.StartsWith, rule.EndsWith:
		if literal != "" {
			return ":", starred(k.Operator, drive+escape(literal))
		}
	case rule.Wildcard:
		text, ok := glob.Plain(k.Value)
		if !ok || one == "" && strings.Contains(text, "?") {
			return "", ""
		}
		var b strings.Builder
		for text != "" {
			i := strings.IndexAny(text, "*?")
			if i < 0 {
				i = len(text)
			}
			b.WriteString(escape(text[:i]))
			if i < len(text) {
				b.WriteByte(text[i])
				i++
			}
			text = text[i:]
		}
		return ":", b.String()
	}
	return "", ""
}

// escapeKuery writes a piece of a value without quotes: the signs of the
// grammar, and words that join conditions, need a backslash.
func escapeKuery(s string) string {
	var b strings.Builder
	word := true
	for i := 0; i < len(s); i++ {
		if word {
			for _, k := range []string{"and", "or", "not"} {
				if rest, ok := strings.CutPrefix(strings.ToLower(s[i:]), k); ok && (rest == "" || rest[0] == ' ') {
					b.WriteByte('\\')
				}
			}
		}
		if strings.IndexByte(`\():<>"*{}`, s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
		word = s[i] == ' '
	}
	return b.String()
}

// escapeLucene writes a piece of a value without quotes.
func escapeLucene(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(`+-=&|><!(){}[]^"~*?:\/ `, s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

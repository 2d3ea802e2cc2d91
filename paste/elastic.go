package paste

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/eql"
	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/rule"
)

// elastic writes exclusions in the language of the rule's query.
func (w *writer) elastic(doc *elastic.Document, keys []normalize.Key) (string, func() ([]rule.Edit, error)) {
	switch {
	case doc.EQL != nil:
		return w.eql(doc, keys)
	case doc.Kuery != nil:
		return w.kuery(doc, keys)
	case doc.Lucene != nil:
		return w.lucene(doc, keys)
	case doc.ESQL != nil:
		return w.esql(doc, keys)
	}
	return "", nil
}

// clause is what excludes some values of a field.
type clause struct {
	field string // canonical
	text  string
}

// clauses writes a clause for each field and operator, with all of the values
// in it.
func (w *writer) clauses(keys []normalize.Key, item func(normalize.Key) (operator, value string), list func(field, operator string, values []string) string) []clause {
	type group struct{ field, canonical, operator string }
	var order []group
	values := map[group][]string{}
	for _, k := range keys {
		field := w.elasticField(k.Field)
		written, _ := w.asWritten(k)
		operator, value := item(written)
		// Elastic's sources write numbers of the registry in several ways.
		if _, number := normalize.RegistryNumber(k); number || field == "" || operator == "" {
			continue
		}
		w.wrote(k)
		g := group{field, k.Field, operator}
		if values[g] == nil {
			order = append(order, g)
		}
		values[g] = append(values[g], value)
	}
	var out []clause
	for _, g := range order {
		out = append(out, clause{g.canonical, list(g.field, g.operator, values[g])})
	}
	return out
}

// howTo writes clauses with a line that says where they belong.
func howTo(how string, clauses []clause) string {
	var b strings.Builder
	b.WriteString("paste" + how + ":")
	for _, c := range clauses {
		b.WriteString("\n    and " + c.text)
	}
	return b.String()
}

// inParentheses asks for parentheses where a condition is alternatives.
func (w *writer) inParentheses() string {
	if c, ok := w.Condition.(*rule.Or); ok && len(c.Children) > 1 {
		return ", with the rest of the condition in parentheses"
	}
	return ""
}

func texts(clauses []clause) []string {
	out := make([]string, len(clauses))
	for i, c := range clauses {
		out[i] = c.text
	}
	return out
}

// elasticField finds how the events of a rule have a canonical field: as the rule
// itself writes it, else as ECS does. It is empty when ECS has no such field.
func (w *writer) elasticField(canonical string) string {
	stored := w.storedNames()
	for i := range w.Predicates {
		if p := &w.Predicates[i]; p.Field == canonical && !p.Derived {
			return cmp.Or(stored[p.SourceField], p.SourceField)
		}
	}
	if elasticFields()[canonical] == canonical {
		return canonical
	}
	return ""
}

// elasticFields are the field names that are known of Elastic, each with its
// canonical field.
var elasticFields = sync.OnceValue(func() map[string]string { return normalize.KnownFields(rule.Elastic, nil) })

// eql writes exclusions for a query of EQL.
func (w *writer) eql(doc *elastic.Document, keys []normalize.Key) (string, func() ([]rule.Edit, error)) {
	item := func(k normalize.Key) (operator, value string) {
		operator, value = eqlItem(w.asNetwork(k, keys))
		if operator == "cidrMatch" && strings.Contains(doc.Query.Value, "cidrmatch(") {
			operator = "cidrmatch" // as the rule spells it
		}
		return operator, value
	}
	clauses := w.clauses(keys, item, func(field, operator string, values []string) string {
		if strings.Contains(doc.Query.Value, "?"+field) {
			field = "?" + field // which need not be mapped
		}
		return eqlList(field, operator, values)
	})
	if len(clauses) == 0 {
		return "", nil
	}
	how := w.inParentheses()
	if doc.EQL.Kind != eql.Event {
		how += " into the event it is about"
	}
	return howTo(how, clauses), func() ([]rule.Edit, error) { return w.eqlEdits(doc, clauses) }
}

// eqlEdits puts each clause into the event that is certain to be meant: the
// only one, or the only one of a sequence that asks for the field.
func (w *writer) eqlEdits(doc *elastic.Document, clauses []clause) ([]rule.Edit, error) {
	h := hostOf(w.Source, doc.Query, doc.Query.Value, doc.Place)
	steps := make([][]string, len(doc.EQL.Steps))
	for _, c := range clauses {
		step, err := w.stepOf(doc, c.field)
		if err != nil {
			return nil, err
		}
		steps[step] = append(steps[step], c.text)
	}
	var edits []rule.Edit
	for i, list := range steps {
		if len(list) == 0 {
			continue
		}
		expr := doc.EQL.Steps[i].Expr
		if expr == nil {
			return nil, errors.New("the condition of the event could not be read")
		}
		start, end := int(expr.Place().Start), int(expr.Place().End)
		if b, ok := expr.(*eql.Boolean); ok && b.Value {
			// "where true" says no more than the clauses alone do.
			e, err := h.insert(end, " and "+strings.Join(list, " and "))
			if err != nil {
				return nil, err
			}
			edits = append(edits, e)
			continue
		}
		last, or := start, false
		if logical, ok := expr.(*eql.Logical); ok {
			last, or = int(logical.Operands[len(logical.Operands)-1].Place().Start), logical.Or
		}
		more, err := h.and(start, end, last, or, "and", list)
		if err != nil {
			return nil, err
		}
		edits = append(edits, more...)
	}
	return edits, nil
}

// stepOf finds the event that a clause of a canonical field belongs to.
func (w *writer) stepOf(doc *elastic.Document, field string) (int, error) {
	if doc.EQL.Kind == eql.Event && len(doc.EQL.Steps) == 1 {
		return 0, nil
	}
	found := -1
	for i := range w.Predicates {
		p := &w.Predicates[i]
		if p.Field != field {
			continue
		}
		step := slices.IndexFunc(doc.EQL.Steps, func(s eql.Step) bool {
			if s.Expr == nil {
				return false
			}
			at := doc.Place(s.Expr.Place())
			return at.Start <= p.Span.Start && p.Span.Start < at.End
		})
		if step < 0 || found >= 0 && found != step {
			return 0, errors.New("it is not certain which event of the sequence is meant")
		}
		found = step
	}
	if found < 0 || doc.EQL.Steps[found].Missing {
		return 0, errors.New("it is not certain which event of the sequence is meant")
	}
	return found, nil
}

// eqlItem writes a row for EQL's ":", which ignores case and has wildcards but
// no escape for them; without an operator when that cannot say it.
func eqlItem(k normalize.Key) (operator, value string) {
	literal := k.Value
	if rest, ok := strings.CutPrefix(literal, `?:\`); ok && k.Operator != rule.Wildcard {
		literal = `:\` + rest // the drive, for which a wildcard stands
	}
	wild := strings.ContainsAny(literal, "*?")
	switch normalize.Kind(k.Field) {
	case "number", "port", "bool":
		// The operator ":" is one of texts, and so are wildcards.
		if k.Operator != rule.Eq || !constant(k.Value) {
			return "", ""
		}
		return "==", k.Value
	case "ip":
		switch {
		case k.Operator == rule.Eq && !wild:
			return "==", quoteEQL(k.Value)
		case k.Operator != rule.CIDR:
			return "", ""
		}
	}
	switch k.Operator {
	case rule.CIDR:
		return "cidrMatch", quoteEQL(k.Value)
	case rule.Regex:
		if strings.Contains(k.Value, `"""`) || strings.HasSuffix(k.Value, `"`) {
			return "", ""
		}
		return "regex", `"""` + k.Value + `"""`
	case rule.Wildcard:
		text, ok := glob.Plain(k.Value)
		if !ok {
			return "", ""
		}
		return ":", quoteEQL(text)
	case rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith:
		if wild {
			return "", ""
		}
		return ":", quoteEQL(starred(k.Operator, k.Value))
	}
	return "", ""
}

// constant reports whether a value is a number or a boolean.
func constant(value string) bool {
	_, err := strconv.ParseFloat(value, 64)
	return value == "true" || value == "false" || err == nil && strings.Trim(value, "0123456789.-") == ""
}

// starred puts the stars around a value that its operator stands for.
func starred(op rule.Operator, value string) string {
	switch op {
	case rule.Contains:
		return "*" + value + "*"
	case rule.StartsWith:
		return value + "*"
	case rule.EndsWith:
		return "*" + value
	}
	return value
}

func eqlList(field, operator string, values []string) string {
	switch {
	case operator == "cidrMatch", operator == "cidrmatch":
		return "not " + operator + "(" + field + ", " + strings.Join(values, ", ") + ")"
	case len(values) == 1:
		return "not " + field + " " + operator + " " + values[0]
	case operator == "==":
		operator = "in"
	}
	return "not " + field + " " + operator + " (" + strings.Join(values, ", ") + ")"
}

var escapeEQL = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`)

func quoteEQL(s string) string { return `"` + escapeEQL.Replace(s) + `"` }

package lint

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/eql"
	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// pasteElastic writes exclusions in the language of the rule's query. The
// catalog compares values in lower case, so Kuery, which is case-sensitive, gets
// none but networks.
func (p *Pass) pasteElastic(keys []normalize.Key) string {
	doc, _ := p.Syntax.(*elastic.Document)
	if doc == nil {
		return ""
	}
	switch {
	case doc.EQL != nil:
		return p.pasteClauses(keys, "not ", eqlItem, eqlList, doc.EQL.Kind != eql.Event)
	case doc.Kuery != nil:
		return p.pasteClauses(keys, "not ", kueryItem, kueryList, false)
	case doc.ESQL != nil:
		return p.pasteESQL(doc, keys)
	}
	return ""
}

// pasteClauses writes a clause for each field and operator, with all of the
// values in it.
func (p *Pass) pasteClauses(keys []normalize.Key, not string, item func(normalize.Key) (operator, value string), list func(field, operator string, values []string) string, several bool) string {
	type group struct{ field, operator string }
	var order []group
	values := map[group][]string{}
	for _, k := range keys {
		field := p.elasticField(k.Field)
		operator, value := item(k)
		// Elastic's sources write numbers of the registry in several ways.
		if _, number := normalize.RegistryNumber(k); number || field == "" || operator == "" {
			continue
		}
		g := group{field, operator}
		if values[g] == nil {
			order = append(order, g)
		}
		values[g] = append(values[g], value)
	}
	if len(order) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("paste")
	switch c := p.Condition.(type) {
	case *rule.Or:
		if len(c.Children) > 1 {
			b.WriteString(", with the rest of the condition in parentheses")
		}
	}
	if several {
		b.WriteString(" into the event it is about")
	}
	b.WriteString(":")
	for _, g := range order {
		b.WriteString("\n    and " + not + list(g.field, g.operator, values[g]))
	}
	return b.String()
}

// elasticField finds how the rule spells a canonical field: as it does itself,
// else as ECS does. It is empty when ECS has no such field.
func (p *Pass) elasticField(canonical string) string {
	for i := range p.Predicates {
		if p.Predicates[i].Field == canonical {
			return p.Predicates[i].SourceField
		}
	}
	if elasticFields()[canonical] == canonical {
		return canonical
	}
	return ""
}

// eqlItem writes a row for EQL's ":", which ignores case and has wildcards but
// no escape for them; without an operator when that cannot say it.
func eqlItem(k normalize.Key) (operator, value string) {
	literal := k.Value
	if rest, ok := strings.CutPrefix(literal, `?:\`); ok && k.Operator != rule.Wildcard {
		literal = `:\` + rest // the drive, for which a wildcard stands
	}
	wild := strings.ContainsAny(literal, "*?")
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
		return ":", quoteEQL(starred(k))
	}
	return "", ""
}

// starred puts the stars around a value that its operator stands for.
func starred(k normalize.Key) string {
	switch k.Operator {
	case rule.Contains:
		return "*" + k.Value + "*"
	case rule.StartsWith:
		return k.Value + "*"
	case rule.EndsWith:
		return "*" + k.Value
	}
	return k.Value
}

func eqlList(field, operator string, values []string) string {
	switch {
	case operator == "cidrMatch":
		return "cidrMatch(" + field + ", " + strings.Join(values, ", ") + ")"
	case len(values) == 1:
		return field + " " + operator + " " + values[0]
	}
	return field + " " + operator + " (" + strings.Join(values, ", ") + ")"
}

var escapeEQL = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`)

func quoteEQL(s string) string { return `"` + escapeEQL.Replace(s) + `"` }

func kueryItem(k normalize.Key) (operator, value string) {
	if k.Operator != rule.CIDR || !query.IsNetwork(k.Field, k.Value) {
		return "", ""
	}
	return ":", quote(k.Value)
}

func kueryList(field, operator string, values []string) string {
	if len(values) == 1 {
		return field + operator + values[0]
	}
	return field + operator + "(" + strings.Join(values, " or ") + ")"
}

package lint

import (
	"regexp"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/rule"
)

// columnName is the name of a column that needs no brackets.
var columnName = regexp.MustCompile(`^[A-Za-z_]\w*$`)

// pasteKusto writes exclusions as lines for the query of a rule. They stand
// right below the table, where its columns still have their own names, so a
// query gets none that reads several tables or compares events with others.
func (p *Pass) pasteKusto(keys []normalize.Key) string {
	doc, _ := p.Syntax.(*kusto.Document)
	if doc == nil || doc.KQL == nil || p.Stateful {
		return ""
	}
	tables := doc.KQL.Tables()
	if len(tables) != 1 {
		return ""
	}
	var order []string
	values := map[string][]string{}
	for _, k := range keys {
		column := p.kustoColumn(k.Field, tables[0].Value)
		operator, value := kustoItem(k)
		_, number := normalize.RegistryNumber(k)
		if column == "" || operator == "" || number {
			continue
		}
		line := "| where not(" + column + " " + operator + " " + value + ")"
		if operator == "ipv4_is_in_range" {
			line = "| where not(ipv4_is_in_range(" + column + ", " + value + "))"
		}
		if operator == "=~" {
			line = column
			if values[column] != nil {
				values[column] = append(values[column], value)
				continue
			}
			values[column] = []string{value}
		}
		order = append(order, line)
	}
	if len(order) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("paste below " + tables[0].Value + ":")
	for _, line := range order {
		if list := values[line]; len(list) == 1 {
			line = "| where not(" + line + " =~ " + list[0] + ")"
		} else if len(list) > 1 {
			line = "| where not(" + line + " in~ (" + strings.Join(list, ", ") + "))"
		}
		b.WriteString("\n    " + line)
	}
	return b.String()
}

// kustoColumn finds how the table has a canonical field: as the rule itself
// writes it, else by the only name there is. It is empty when there is no
// telling.
func (p *Pass) kustoColumn(canonical, table string) string {
	for i := range p.Predicates {
		if q := &p.Predicates[i]; q.Field == canonical && !q.Derived && p.isStored(q.SourceField) {
			return q.SourceField
		}
	}
	name, several := "", false
	for spelling, field := range normalize.KnownFields(rule.Kusto, []string{table}) {
		if field == canonical && columnName.MatchString(spelling) {
			name, several = spelling, several || name != ""
		}
	}
	if several || !p.isStored(name) {
		return ""
	}
	return name
}

// isStored reports whether a name is that of a column of the table, and the
// query gives it no other meaning.
func (p *Pass) isStored(name string) bool {
	stored := columnName.MatchString(name)
	rule.Walk(p.Condition, func(c rule.Condition) bool {
		if q, ok := c.(*rule.Predicate); ok && q.Field.Value == name && (q.Derived || q.Stored != "") {
			stored = false
		}
		return stored
	})
	return stored
}

// kustoItem writes a row for Kusto, whose comparisons of texts ignore case
// here; without an operator when it cannot say it. It has no wildcards.
func kustoItem(k normalize.Key) (operator, value string) {
	if strings.HasPrefix(k.Value, `?:\`) || strings.ContainsAny(k.Value, "\r\n") {
		return "", ""
	}
	quoted := `@"` + strings.ReplaceAll(k.Value, `"`, `""`) + `"`
	if !strings.ContainsAny(k.Value, `\"`) {
		quoted = quote(k.Value)
	}
	switch k.Operator {
	case rule.Eq:
		return "=~", quoted
	case rule.Contains, rule.StartsWith, rule.EndsWith:
		return string(k.Operator), quoted
	case rule.CIDR:
		if strings.Contains(k.Value, ":") { // a network of IPv6
			return "", ""
		}
		return "ipv4_is_in_range", quoted
	case rule.Regex:
		if strings.Contains(k.Value, `"`) {
			return "", ""
		}
		return "matches regex", `@"` + k.Value + `"`
	}
	return "", ""
}

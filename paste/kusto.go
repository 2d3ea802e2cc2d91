package paste

import (
	"errors"
	"regexp"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/rule"
)

// columnName is the name of a column that needs no brackets.
var columnName = regexp.MustCompile(`^[A-Za-z_]\w*$`)

// kusto writes exclusions as lines for the query of a rule. They stand below
// the table and the filters there, where its columns still have their own names.
// A query that joins the rows of its table with others gets them for that table;
// one whose tables are alternatives gets none.
func (w *writer) kusto(doc *kusto.Document, keys []normalize.Key) (string, func() ([]rule.Edit, error)) {
	if doc.KQL == nil || w.Loose {
		return "", nil
	}
	tables := doc.KQL.Tables()
	if len(tables) == 0 || len(tables) > 1 && !w.startsFrom(tables[0].Value) {
		return "", nil
	}
	var order []string
	values := map[string][]string{}
	for _, k := range keys {
		asked := k
		column := w.kustoColumn(k.Field, tables[0].Value)
		if line, ok := normalize.Argument(k); ok && column == "" {
			k, column = line, w.kustoColumn(line.Field, tables[0].Value)
		}
		written, _ := w.asWritten(k)
		operator, value := kustoItem(written)
		_, number := normalize.RegistryNumber(k)
		if column == "" || operator == "" || number {
			continue
		}
		w.wrote(asked)
		line := "| where not(" + column + " " + operator + " " + value + ")"
		if operator == "ipv4_is_in_range" {
			line = "| where not(ipv4_is_in_range(" + column + ", " + value + "))"
		}
		if operator == "=~" {
			if isText := textOf("", k.Value) == "TO_LOWER()"; !isText {
				column = "tostring(" + column + ")" // it may be no text
			}
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
		return "", nil
	}
	for i, line := range order {
		if list := values[line]; len(list) == 1 {
			order[i] = "| where not(" + line + " =~ " + list[0] + ")"
		} else if len(list) > 1 {
			order[i] = "| where not(" + line + " in~ (" + strings.Join(list, ", ") + "))"
		}
	}
	text := "paste below " + tables[0].Value + ":\n    " + strings.Join(order, "\n    ")
	return text, func() ([]rule.Edit, error) {
		end, ok := doc.KQL.AfterFilters(tables[0].Value)
		if !ok {
			return nil, errors.New("the query does not name the table, or does so more than once")
		}
		return hostOf(w.Source, doc.Query, doc.Text, doc.Place).pipes(int(end), order)
	}
}

// kustoColumn finds how the table has a canonical field: as the rule itself
// writes it, else by the only column that is known to be one of the table. It is
// empty when there is no telling.
func (w *writer) kustoColumn(canonical, table string) string {
	for i := range w.Predicates {
		if q := &w.Predicates[i]; q.Field == canonical && !q.Derived && w.isStored(q.SourceField, table) {
			return q.SourceField
		}
	}
	name, several := "", false
	for spelling, field := range w.knownFields(table) {
		if field == canonical && w.hasColumn(table, spelling) {
			name, several = spelling, several || name != ""
		}
	}
	if several || !w.isStored(name, table) {
		return ""
	}
	return name
}

// startsFrom reports whether the rows of a query are those of one table, to which
// it may join others.
func (w *writer) startsFrom(table string) bool {
	main, ok := w.Condition.(*rule.Branch)
	return ok && len(main.Selectors) == 1 && main.Selectors[0].Value.Value == table
}

// isStored reports whether a name is that of a column of the table, and the
// query gives it no other meaning.
func (w *writer) isStored(name, table string) bool {
	stored := columnName.MatchString(name)
	rule.Walk(w.Condition, func(c rule.Condition) bool {
		if q, ok := c.(*rule.Predicate); ok && q.Field.Value == name && (q.Derived || q.Stored != "" || q.Source != "" && q.Source != table) {
			stored = false
		}
		return stored
	})
	return stored
}

// kustoItem writes a row for Kusto, whose comparisons of texts ignore case
// here; without an operator when it cannot say it. It has no wildcards.
func kustoItem(k normalize.Key) (operator, value string) {
	if strings.ContainsAny(k.Value, "\r\n") {
		return "", ""
	}
	literal := k.Value
	if k.Operator == rule.Eq || k.Operator == rule.StartsWith {
		literal = onSystemDrive(literal)
	}
	quoted := `@"` + strings.ReplaceAll(literal, `"`, `""`) + `"`
	if !strings.ContainsAny(literal, `\"`) {
		quoted = quote(literal)
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

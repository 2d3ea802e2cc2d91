package paste

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/esql"
	"github.com/detlint/detlint/rule"
)

// esql writes exclusions as commands to put behind the sources, where
// every stored field still has its name and no row is an aggregate. A
// comparison with a field that is missing, or has several values, is null in
// ES|QL, and NOT of null keeps no row; COALESCE makes it false. It is empty
// where the query has several sources of its own, or none.
func (w *writer) esql(doc *elastic.Document, keys []normalize.Key) (string, func() ([]rule.Edit, error)) {
	if !doc.ESQL.Plain() {
		return "", nil
	}
	var order []string
	conditions := map[string][]string{}
	for _, k := range keys {
		field := w.elasticField(k.Field)
		if field == "" {
			continue
		}
		group, condition := esqlItem(esqlName(field), w.asNetwork(k, keys))
		if condition == "" {
			continue
		}
		w.wrote(k)
		if conditions[group] == nil {
			order = append(order, group)
		}
		conditions[group] = append(conditions[group], condition)
	}
	if len(order) == 0 {
		return "", nil
	}
	commands := make([]string, len(order))
	for i, group := range order {
		commands[i] = "| WHERE NOT COALESCE(" + esqlAny(group, conditions[group]) + ", false)"
		if lowerWhere.MatchString(doc.Query.Value) {
			commands[i] = lowerESQL(commands[i])
		}
	}
	text := "paste behind the sources, in front of the first |:\n    " + strings.Join(commands, "\n    ")
	return text, func() ([]rule.Edit, error) {
		h := hostOf(w.Source, doc.Query, doc.Query.Value, doc.Place)
		return h.pipes(int(afterFilters(doc.ESQL)), commands)
	}
}

// esqlWords are the keywords and functions that are written here, and what may
// hold the like of them: strings and quoted names.
var esqlWords = regexp.MustCompile(`(?s)""".*?"""|"[^"]*"|` + "`[^`]*`" + `|\b(?:WHERE|NOT|COALESCE|CIDR_MATCH|TO_STRING|TO_LOWER|IN|LIKE|OR)\b`)

var lowerWhere = regexp.MustCompile(`\|\s*where\b`)

// lowerESQL writes keywords and functions in lower case, for queries that do.
func lowerESQL(command string) string {
	return esqlWords.ReplaceAllStringFunc(command, func(s string) string {
		if s[0] == '"' || s[0] == '`' {
			return s
		}
		return strings.ToLower(s)
	})
}

// afterFilters is where the filters end that stand directly behind the sources.
func afterFilters(q *esql.Query) int32 {
	end := int32(0)
	for i, c := range q.Commands {
		if i > 0 && end > 0 && c.Name != "WHERE" {
			break
		}
		if c.Name == "FROM" || c.Name == "WHERE" {
			end = c.Span.End
		}
	}
	return end
}

// plainColumn are the column names that need no backticks: words that no
// keyword of ES|QL is.
var (
	plainColumn  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$`)
	esqlKeywords = set("and", "as", "asc", "by", "desc", "false", "first", "in", "is", "last", "like", "metadata", "not", "null", "nulls", "on", "or", "rlike", "true", "where", "with")
)

func esqlName(field string) string {
	plain := plainColumn.MatchString(field)
	for _, part := range strings.Split(strings.ToLower(field), ".") {
		plain = plain && !esqlKeywords[part]
	}
	if plain {
		return field
	}
	return "`" + strings.ReplaceAll(field, "`", "``") + "`"
}

// esqlItem writes a row as the value of a list or as a condition of its own,
// and what those it may be joined with have in common; empty where ES|QL cannot
// say it. Values are in lower case, as the catalog compares them.
func esqlItem(column string, k normalize.Key) (group, item string) {
	literal, drive := k.Value, ""
	if rest, ok := strings.CutPrefix(literal, `?:\`); ok && k.Operator != rule.Wildcard {
		literal, drive = `\`+rest, "?:" // any drive
	}
	escaped := strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace(literal)
	pattern := ""
	switch k.Operator {
	case rule.CIDR:
		if _, err := netip.ParsePrefix(k.Value); err != nil {
			return "", ""
		}
		return "CIDR_MATCH(" + column, quote(k.Value)
	case rule.Eq:
		if drive == "" {
			if text := quoteESQL(literal); text != "" {
				return textOf(column, k.Value) + " IN", text
			}
			return "", ""
		}
		pattern = drive + escaped
	case rule.Wildcard:
		pattern = k.Value
	case rule.Contains:
		pattern = "*" + drive + escaped + "*"
	case rule.StartsWith:
		pattern = drive + escaped + "*"
	case rule.EndsWith:
		pattern = "*" + drive + escaped
	default:
		return "", ""
	}
	text := quoteESQL(pattern)
	if text == "" {
		return "", ""
	}
	return "LIKE " + column, "TO_LOWER(" + column + ") LIKE " + text
}

// textOf is a column as text to compare with a value: in lower case, and where
// the value may be a number, a boolean or an address, made text first.
func textOf(column, value string) string {
	_, number := strconv.ParseFloat(value, 64)
	_, boolean := strconv.ParseBool(value)
	_, address := netip.ParseAddr(value)
	if number == nil || boolean == nil || address == nil {
		return "TO_STRING(" + column + ")"
	}
	return "TO_LOWER(" + column + ")"
}

// esqlAny joins the items of a group.
func esqlAny(group string, items []string) string {
	switch {
	case strings.HasPrefix(group, "CIDR_MATCH("):
		return group + ", " + strings.Join(items, ", ") + ")"
	case strings.HasPrefix(group, "LIKE "):
		return strings.Join(items, " OR ")
	case len(items) == 1:
		return strings.TrimSuffix(group, " IN") + " == " + items[0]
	}
	return group + " (" + strings.Join(items, ", ") + ")"
}

// quoteESQL writes a string, without escapes where it has backslashes or
// quotes; empty when neither form can hold it.
func quoteESQL(s string) string {
	switch {
	case !strings.ContainsAny(s, "\\\"\n\r\t"):
		return quote(s)
	case strings.Contains(s, `"""`) || strings.HasSuffix(s, `"`) || strings.HasPrefix(s, `"`) || strings.ContainsAny(s, "\n\r\t"):
		return ""
	}
	return `"""` + s + `"""`
}

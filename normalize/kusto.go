package normalize

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/detlint/detlint/rule"
)

// kustoField finds the canonical field of a column, in the tables that it may
// be in. Indexes of a path are dropped, for all elements of a list mean the
// same.
func (t vendorFields) kustoField(c column) field {
	var sources []string
	for _, table := range strings.Split(c.source, ",") {
		if table != "" {
			sources = append(sources, table)
			if schema := asimSchema(table); schema != "" {
				sources = append(sources, schema)
			}
		}
	}
	return t.lookup(sources, plainPath(c.stored))
}

// plainPath writes a path with dots alone: TargetResources[0].["id"] is
// TargetResources.id, parse_json(Data).x is Data.x.
func plainPath(path string) string {
	if !strings.ContainsAny(path, "[(") {
		return path
	}
	for _, function := range []string{"parse_json(", "todynamic(", "parsejson(", "toobject("} {
		if rest, ok := strings.CutPrefix(path, function); ok {
			if inner, after, ok := strings.Cut(rest, ")"); ok && !strings.ContainsAny(inner, "(,") {
				path = inner + after
			}
		}
	}
	var b strings.Builder
	for rest := path; rest != ""; {
		before, after, ok := strings.Cut(rest, "[")
		b.WriteString(strings.TrimSuffix(before, "."))
		if !ok {
			break
		}
		index, tail, closed := strings.Cut(after, "]")
		if !closed {
			return path
		}
		if n := len(index); n > 1 && (index[0] == '"' || index[0] == '\'') && index[n-1] == index[0] {
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(index[1 : n-1])
		}
		rest = tail
	}
	return b.String()
}

// asimSchemas are the schemas of the Advanced Security Information Model by
// what the names of their parsers have after "im", "_Im_", "ASim" and the like,
// in lower case.
var asimSchemas = []struct{ name, schema, parser string }{
	{"process", "ASimProcessEvent", "_Im_ProcessEvent"},
	{"file", "ASimFileEvent", "_Im_FileEvent"},
	{"registry", "ASimRegistryEvent", "_Im_RegistryEvent"},
	{"dns", "ASimDns", "_Im_Dns"},
	{"networksession", "ASimNetworkSession", "_Im_NetworkSession"},
	{"websession", "ASimWebSession", "_Im_WebSession"},
	{"authentication", "ASimAuthentication", "_Im_Authentication"},
}

// asimSchema is the source of fields.tsv that a parser of ASIM stands for, and
// empty for other tables.
func asimSchema(table string) string {
	schema, _ := asim(table)
	return schema
}

func asim(table string) (schema, parser string) {
	lower := strings.ToLower(table)
	for _, prefix := range []string{"_im_", "_asim_", "asim", "vim", "im"} {
		rest, ok := strings.CutPrefix(lower, prefix)
		if !ok {
			continue
		}
		for _, s := range asimSchemas {
			if strings.HasPrefix(strings.TrimPrefix(rest, "_"), s.name) {
				return s.schema, s.parser
			}
		}
	}
	return "", ""
}

// kustoSelectors are canonical fields that say whose events a table has.
var kustoSelectors = map[string]bool{"observer.vendor": true, "observer.product": true}

// isKustoSelector reports whether a column only selects the kind of event: the
// action types of Defender's device tables name events.
func isKustoSelector(f field, c column) bool {
	return kustoSelectors[f.canonical] || c.stored == "ActionType" && strings.HasPrefix(c.source, "Device")
}

// kustoKeys are the columns that, together with a table, say which events are
// meant: the keys of logsources.tsv.
var kustoKeys = []string{"ActionType", "EventID", "EventLog", "Source", "EventSourceName", "DeviceVendor", "ResourceType", "Category"}

// kustoEvents says which catalog events a rule covers: those of each table it
// reads, narrowed by what the rule asks of their rows.
func kustoEvents(r *rule.Rule) []Event {
	var out []Event
	kustoTables(r.Condition, nil, map[string]bool{}, func(table string, asked selection) {
		for _, e := range kustoSelected(table, asked) {
			if !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	})
	return out
}

// kustoTables calls found with every table of a condition and what is asked of
// its rows; inherited is what is asked around the condition. Conditions may be
// shared: seen has those that were looked at, with what was asked around them.
func kustoTables(c rule.Condition, inherited selection, seen map[string]bool, found func(string, selection)) {
	rule.Walk(c, func(c rule.Condition) bool {
		branch, ok := c.(*rule.Branch)
		if !ok {
			_, negated := c.(*rule.Not)
			return !negated
		}
		if at := fmt.Sprintf("%p %v", branch, inherited); len(seen) > maxPredicates || seen[at] {
			return false
		} else {
			seen[at] = true
		}
		asked := asks(branch.Child)
		for key, values := range inherited {
			if len(asked[key]) == 0 {
				asked[key] = values
			}
		}
		for _, s := range branch.Selectors {
			found(s.Value.Value, asked)
		}
		kustoTables(branch.Child, asked, seen, found)
		return false
	})
}

// asks collects the values that the key columns must have, in a part of a
// condition and not in the branches within it.
func asks(c rule.Condition) selection {
	s := selection{}
	rule.Walk(c, func(c rule.Condition) bool {
		switch c := c.(type) {
		case *rule.Predicate:
			name := c.Stored
			if name == "" {
				name = c.Field.Value
			}
			if c.Operator == rule.Eq && !c.Derived && slices.Contains(kustoKeys, name) {
				s.add(name, c.Value)
			}
		case *rule.Not, *rule.Branch:
			return false
		}
		return true
	})
	return s
}

// kustoSelected looks a table up. The row with the most parts wins.
func kustoSelected(table string, asked selection) []Event {
	rows := kustoTable()
	lower := strings.ToLower(table)
	if rows[lower] == nil {
		if _, parser := asim(table); parser != "" {
			lower = strings.ToLower(parser)
		}
	}
	var out []Event
	add := func(selector, id string) {
		for _, e := range rows[selector] {
			if e.Event == "{id}" {
				e.Event = id
			}
			out = append(out, e)
		}
	}
	for _, key := range []string{"EventLog", "Source"} {
		for _, value := range asked[key] {
			for _, id := range asked["EventID"] {
				add(lower+";"+strings.ToLower(key)+"="+value+";eventid=*", id)
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, key := range kustoKeys {
		for _, value := range asked[key] {
			selector := lower + ";" + strings.ToLower(key) + "="
			if rows[selector+value] != nil {
				add(selector+value, value)
			} else {
				add(selector+"*", value)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return rows[lower]
}

// kustoTable has the selectors of Kusto in lower case, as values are compared.
var kustoTable = sync.OnceValue(func() map[string][]Event {
	table := make(map[string][]Event, 400)
	for selector, events := range logsources()[rule.Kusto] {
		table[strings.ToLower(selector)] = events
	}
	return table
})

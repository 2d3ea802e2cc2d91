package normalize

import (
	"slices"
	"strings"
	"sync"

	"github.com/detlint/detlint/rule"
)

// elasticEvents says which catalog events a rule of Elastic covers: those of
// each step of a sequence, or of the whole rule.
func elasticEvents(r *rule.Rule) []Event {
	var out []Event
	for _, asked := range selections(r) {
		for _, e := range asked.events() {
			if !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	}
	return out
}

// selection is what one part of a rule says about the kind of its events, by
// the keys of logsources.tsv.
type selection map[string][]string

func (s selection) add(key, value string) {
	value = strings.ToLower(value)
	if value != "" && !slices.Contains(s[key], value) {
		s[key] = append(s[key], value)
	}
}

// selections returns what each branch of a rule says, together with what the
// rule says as a whole. A rule without branches has one.
func selections(r *rule.Rule) []selection {
	var out []selection
	rule.Walk(r.Condition, func(c rule.Condition) bool {
		switch c := c.(type) {
		case *rule.Not:
			return false // a missing event is none the rule looks for
		case *rule.Branch:
			s := selection{}
			for _, sel := range c.Selectors {
				s.add(sel.Key, sel.Value.Value)
			}
			s.collect(c.Child)
			out = append(out, s)
			return false
		}
		return true
	})
	if len(out) == 0 {
		s := selection{}
		s.collect(r.Condition)
		out = append(out, s)
	}
	for _, s := range out {
		for _, sel := range r.Selectors {
			if sel.Key != "dataset" || !s.narrowed(sel.Value.Value) {
				s.add(sel.Key, sel.Value.Value)
			}
		}
	}
	return out
}

// selectorKeys are the fields that say which kind of event is meant.
var selectorKeys = map[string]string{
	"event.category": "category", "event.dataset": "dataset", "data_stream.dataset": "dataset",
	"event.code": "code", "event.provider": "provider", "event.module": "module", "event.action": "action",
}

// collect adds what a condition asks for. What stands under a negation, or
// under two, is an exception and asks for nothing.
func (s selection) collect(c rule.Condition) {
	rule.Walk(c, func(c rule.Condition) bool {
		p, ok := c.(*rule.Predicate)
		if ok && p.Operator == rule.Eq && !p.Derived {
			canonical := fieldTables()[rule.Elastic].lookup(nil, p.Field.Value).canonical
			if key, ok := selectorKeys[canonical]; ok {
				s.add(key, p.Value)
			}
		}
		_, negated := c.(*rule.Not)
		return !negated
	})
}

// narrowed reports whether the part asks for datasets itself, so that an index
// pattern that holds those of many, such as filebeat-* or logs-azure*, says
// nothing more.
func (s selection) narrowed(index string) bool {
	return len(s["dataset"]) > 0 && !strings.Contains(index, ".")
}

// events looks the selection up. An id together with what names its log says
// most, then an action, then a category together with a dataset, then a
// dataset.
func (s selection) events() []Event {
	if out := s.coded(); len(out) > 0 {
		return out
	}
	table := elasticSelectors()
	var out []Event
	for _, dataset := range s["dataset"] {
		var actions []Event
		for _, action := range s["action"] {
			actions = append(actions, table["dataset="+dataset+";action="+action]...)
		}
		if actions != nil {
			out = append(out, actions...)
			continue
		}
		out = append(out, s.ofDataset(dataset)...)
	}
	if len(out) > 0 {
		return out
	}
	for _, key := range []string{"provider", "module", "type"} {
		for _, value := range s[key] {
			out = append(out, table[key+"="+value]...)
		}
	}
	return out
}

// coded returns the events that the part names by their ids.
func (s selection) coded() []Event {
	table := elasticSelectors()
	var out []Event
	for _, code := range s["code"] {
		var rows []Event
		for _, provider := range s["provider"] {
			rows = append(rows, table["provider="+provider+";code=*"]...)
		}
		for _, dataset := range s["dataset"] {
			if len(s["provider"]) == 0 {
				rows = append(rows, table["dataset="+dataset+";code=*"]...)
			}
		}
		if rows == nil {
			rows = table["code="+code]
		}
		for _, row := range rows {
			if row.Event == "{id}" {
				row.Event = code
			}
			out = append(out, row)
		}
	}
	return out
}

// ofDataset returns the events of a dataset, or of the longest dotted prefix of
// it that the table knows. Where the part says a category, the row with both
// wins unless the dataset's own row is about fewer events.
func (s selection) ofDataset(dataset string) []Event {
	table := elasticSelectors()
	for name := dataset; name != ""; {
		var out []Event
		for _, category := range s["category"] {
			out = append(out, table["category="+category+";dataset="+name]...)
		}
		if out == nil {
			out = table["dataset="+name]
		}
		if out != nil {
			return out
		}
		dot := strings.LastIndexByte(name, '.')
		if dot <= 0 {
			break
		}
		name = name[:dot]
	}
	return nil
}

// elasticSelectors are the selectors in lower case, as values are compared.
var elasticSelectors = sync.OnceValue(func() map[string][]Event {
	table := make(map[string][]Event, 500)
	for selector, events := range logsources()[rule.Elastic] {
		table[strings.ToLower(selector)] = events
	}
	return table
})

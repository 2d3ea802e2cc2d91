package normalize

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/detlint/detlint/rule"
)

// The limits of what is looked up for one rule, far above what rules ask for:
// different parts, and values of one key. Events are products of these.
const (
	maxParts  = 50
	maxValues = 500
)

// elasticEvents says which catalog events a rule of Elastic covers: those of
// each step of a sequence, or of the whole rule. complete is false where a
// limit was reached.
func elasticEvents(r *rule.Rule) (out []Event, complete bool) {
	asked, complete := selections(r)
	seen := map[Event]bool{}
	for _, s := range asked {
		for _, e := range s.events() {
			if !seen[e] {
				seen[e] = true
				out = append(out, e)
			}
		}
	}
	return out, complete
}

// selection is what one part of a rule says about the kind of its events, by
// the keys of logsources.tsv.
type selection map[string][]string

// add reports whether there was room.
func (s selection) add(key, value string) bool {
	value = strings.ToLower(value)
	if value == "" || slices.Contains(s[key], value) {
		return true
	}
	if len(s[key]) == maxValues {
		return false
	}
	s[key] = append(s[key], value)
	return true
}

// selections returns what each branch of a rule says, together with what the
// rule says as a whole. A rule without branches has one, and branches that say
// the same are one. complete is false where a limit was reached.
func selections(r *rule.Rule) (out []selection, complete bool) {
	complete = true
	branches, seen := 0, map[string]bool{}
	rule.Walk(r.Condition, func(c rule.Condition) bool {
		switch c := c.(type) {
		case *rule.Not:
			return false // a missing event is none the rule looks for
		case *rule.Branch:
			s := selection{}
			for _, sel := range c.Selectors {
				complete = s.add(sel.Key, sel.Value.Value) && complete
			}
			complete = s.collect(c.Child) && complete
			branches++
			switch key := fmt.Sprint(s); { // in the order of its keys
			case seen[key]:
			case len(out) == maxParts:
				complete = false
			default:
				seen[key] = true
				out = append(out, s)
			}
			return false
		}
		return true
	})
	if branches == 0 {
		s := selection{}
		complete = s.collect(r.Condition) && complete
		out = append(out, s)
	}
	whole, told := r.Selectors[:0:0], map[string]bool{}
	for _, sel := range r.Selectors {
		if key := sel.Key + "=" + strings.ToLower(sel.Value.Value); !told[key] {
			told[key] = true
			whole = append(whole, sel)
		}
	}
	if len(whole) > maxValues {
		whole, complete = whole[:maxValues], false
	}
	for _, s := range out {
		for _, sel := range whole {
			if sel.Key != "dataset" || !s.narrowed(sel.Value.Value) {
				complete = s.add(sel.Key, sel.Value.Value) && complete
			}
		}
	}
	return out, complete
}

// selectorKeys are the fields that say which kind of event is meant.
var selectorKeys = map[string]string{
	"event.category": "category", "event.dataset": "dataset", "data_stream.dataset": "dataset",
	"event.code": "code", "event.provider": "provider", "event.module": "module", "event.action": "action",
}

// collect adds what a condition asks for. What stands under a negation, or
// under two, is an exception and asks for nothing.
func (s selection) collect(c rule.Condition) (complete bool) {
	complete = true
	rule.Walk(c, func(c rule.Condition) bool {
		p, ok := c.(*rule.Predicate)
		if ok && p.Operator == rule.Eq && !p.Derived {
			canonical := fieldTables()[rule.Elastic].lookup(nil, p.Field.Value).canonical
			if key, ok := selectorKeys[canonical]; ok {
				complete = s.add(key, p.Value) && complete
			}
		}
		_, negated := c.(*rule.Not)
		return !negated
	})
	return complete
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

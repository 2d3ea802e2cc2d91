package normalize

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/detlint/detlint/rule"
)

// The facts tables; data/README.md says where each fact comes from.
var (
	//go:embed data/fields.tsv
	fieldsTSV string
	//go:embed data/logsources.tsv
	logsourcesTSV string
	//go:embed data/events.tsv
	eventsTSV string
	//go:embed data/vocabulary.tsv
	vocabularyTSV string
	//go:embed data/actions.tsv
	actionsTSV string
)

// rows calls f with the columns of every row of a table but its header.
func rows(table string, columns int, f func(cols []string)) {
	cols := make([]string, columns)
	_, table, _ = strings.Cut(table, "\n")
	for table != "" {
		var line string
		line, table, _ = strings.Cut(table, "\n")
		line = strings.TrimSuffix(line, "\r") // a checkout may have added it
		for i := range cols {
			cols[i], line, _ = strings.Cut(line, "\t")
		}
		f(cols)
	}
}

// field is what is known of a vendor's field.
type field struct {
	canonical string
	kind      string // path, basename, hash, …: how its values are compared
	category  string // process, file, registry, …
}

type fieldKey struct{ source, name string }

type vendorFields map[fieldKey]field

// fieldTables maps the field spellings of every vendor.
var fieldTables = sync.OnceValue(func() map[rule.Vendor]vendorFields {
	tables := map[rule.Vendor]vendorFields{}
	rows(fieldsTSV, 6, func(cols []string) {
		vendor := rule.Vendor(cols[3])
		if tables[vendor] == nil {
			tables[vendor] = make(vendorFields, 700)
		}
		tables[vendor][fieldKey{cols[4], cols[5]}] = field{canonical: cols[0], kind: cols[1], category: cols[2]}
	})
	return tables
})

// canonicalKinds gives the kind of a canonical field.
var canonicalKinds = sync.OnceValue(func() map[string]string {
	kinds := make(map[string]string, 700)
	rows(fieldsTSV, 2, func(cols []string) { kinds[cols[0]] = cols[1] })
	return kinds
})

// dataModelPrefixes name the data model, not the field.
var dataModelPrefixes = []string{
	"winlog.event_data.", "winlog.eventdata.", "data.win.eventdata.", "EventData.", "event_data.",
}

// lookup finds the canonical field of a spelling. sources are the places the
// spelling may belong to, most specific first. Without a mapping the bare
// name stands for itself in lower case.
func (t vendorFields) lookup(sources []string, name string) field {
	if f, ok := t.find(sources, name); ok {
		return f
	}
	bare := name
	for _, prefix := range dataModelPrefixes {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			bare = rest
			if f, ok := t.find(sources, bare); ok {
				return f
			}
			break
		}
	}
	lower := strings.ToLower(bare)
	return field{canonical: lower, kind: canonicalKinds()[lower]}
}

func (t vendorFields) find(sources []string, name string) (field, bool) {
	for _, source := range sources {
		if f, ok := t[fieldKey{source, name}]; ok {
			return f, true
		}
	}
	f, ok := t[fieldKey{"*", name}]
	return f, ok
}

// KnownFields returns the field spellings that the tables have for a vendor
// under the given sources or under any, each with its canonical field: that of
// the first source that has it.
func KnownFields(vendor rule.Vendor, sources []string) map[string]string {
	from := fieldsBySource()[vendor]
	known := map[string]string{}
	maps.Copy(known, from["*"])
	for _, source := range slices.Backward(sources) {
		maps.Copy(known, from[source])
	}
	return known
}

// fieldsBySource has the spellings of every vendor by source, with their
// canonical fields.
var fieldsBySource = sync.OnceValue(func() map[rule.Vendor]map[string]map[string]string {
	index := map[rule.Vendor]map[string]map[string]string{}
	for vendor, table := range fieldTables() {
		index[vendor] = map[string]map[string]string{}
		for key, f := range table {
			if index[vendor][key.source] == nil {
				index[vendor][key.source] = map[string]string{}
			}
			index[vendor][key.source][key.name] = f.canonical
		}
	}
	return index
})

// logsources maps a vendor's event selectors ("windows//security;EventID=*")
// to the events they mean.
var logsources = sync.OnceValue(func() map[rule.Vendor]map[string][]Event {
	tables := map[rule.Vendor]map[string][]Event{}
	rows(logsourcesTSV, 4, func(cols []string) {
		vendor := rule.Vendor(cols[0])
		if tables[vendor] == nil {
			tables[vendor] = make(map[string][]Event, 500)
		}
		tables[vendor][cols[1]] = append(tables[vendor][cols[1]], Event{Provider: cols[2], Event: cols[3]})
	})
	return tables
})

var eventTitles = sync.OnceValue(func() map[Event]string {
	titles := make(map[Event]string, 1000)
	rows(eventsTSV, 3, func(cols []string) { titles[Event{Provider: cols[0], Event: cols[1]}] = cols[2] })
	return titles
})

// Title is the event's title, such as "Process creation", and "" when it has
// none.
func (e Event) Title() string { return eventTitles()[e] }

// String writes an event for people: "Sysmon 1", and the provider alone where
// every event of it is meant.
func (e Event) String() string {
	if e.Event == "*" {
		return e.Provider
	}
	return e.Provider + " " + e.Event
}

// vocabulary maps the words of one field that mean the same to one of them.
var vocabulary = sync.OnceValue(func() map[fieldKey]string {
	words := map[fieldKey]string{}
	rows(vocabularyTSV, 3, func(cols []string) { words[fieldKey{cols[0], cols[1]}] = cols[2] })
	return words
})

// eventActions are the values of event.action that only name the kind of event,
// in lower case.
var eventActions = sync.OnceValue(func() map[string]bool {
	actions := map[string]bool{}
	rows(actionsTSV, 1, func(cols []string) { actions[cols[0]] = true })
	for selector := range logsources()[rule.Elastic] {
		if _, action, ok := strings.Cut(selector, ";action="); ok {
			actions[strings.ToLower(action)] = true
		}
	}
	return actions
})

// LogsourceNames are the values that the tables have for one part of a Sigma
// logsource: product, category or service. They are in lower case and sorted.
func LogsourceNames(part string) []string { return logsourceNames()[part] }

var logsourceNames = sync.OnceValue(func() map[string][]string {
	names := map[string][]string{}
	for selector := range logsources()[rule.Sigma] {
		selector, _, _ = strings.Cut(selector, ";")
		for i, name := range strings.Split(selector, "/") {
			if part := [...]string{"product", "category", "service"}[min(i, 2)]; name != "" {
				names[part] = append(names[part], name)
			}
		}
	}
	for part := range names {
		slices.Sort(names[part])
		names[part] = slices.Compact(names[part])
	}
	return names
})

// IsCanonical reports whether the tables have a field, by its canonical name.
func IsCanonical(field string) bool {
	_, ok := canonicalKinds()[field]
	return ok
}

// Kind is how the values of a canonical field are compared: path, basename,
// hash, ip, port, number, bool and others of the tables; empty where they do not
// have the field.
func Kind(field string) string { return canonicalKinds()[field] }

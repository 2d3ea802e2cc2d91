package normalize

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/detlint/detlint/rule"
)

// splunkSources are the places the fields of a Splunk search belong to: the
// objects of its data models, then the macros that stand for a feed.
func splunkSources(r *rule.Rule) []string {
	var objects, macros []string
	known := splunkObjects().sources
	add := func(list *[]string, source string) {
		if known[source] && !slices.Contains(*list, source) {
			*list = append(*list, source)
		}
	}
	for _, s := range r.Selectors {
		switch s.Key {
		case "datamodel":
			add(&objects, s.Value.Value)
			for _, object := range splunkObjects().ofModel[s.Value.Value] {
				add(&objects, object)
			}
		case "macro":
			add(&macros, "macro:"+s.Value.Value)
		}
	}
	return append(objects, macros...)
}

// objectIndex are the objects of the data models that fields.tsv knows.
type objectIndex struct {
	ofModel map[string][]string // Web: Web.Web
	ofName  map[string]string   // Processes: Endpoint.Processes
	sources map[string]bool     // all that fields are known of
}

var splunkObjects = sync.OnceValue(func() objectIndex {
	x := objectIndex{ofModel: map[string][]string{}, ofName: map[string]string{}, sources: map[string]bool{}}
	for key := range fieldTables()[rule.Splunk] {
		x.sources[key.source] = true
	}
	for _, source := range slices.Sorted(maps.Keys(x.sources)) {
		if model, object, ok := strings.Cut(source, "."); ok && !strings.Contains(source, ":") {
			x.ofModel[model] = append(x.ofModel[model], source)
			if x.ofName[object] == "" {
				x.ofName[object] = source
			}
		}
	}
	return x
})

// bareObjects are objects of the Common Information Model whose fields have no
// mapping of their own: their names only lose the prefix.
var bareObjects = map[string]bool{
	"All_Application_State": true, "All_Assets": true, "All_Certificates": true, "SSL": true, "All_Identities": true, "All_Inventory": true,
	"All_Performance": true, "All_Sessions": true, "DHCP": true, "VPN": true, "All_TicketManagement": true, "Alerts": true, "DLP_Incidents": true,
	"IDS_Attacks": true, "Malware_Attacks": true, "Malware_Operations": true, "Ports": true, "Services": true, "Updates": true,
	"Update_Errors": true, "Vulnerabilities": true, "All_Interprocess_Messaging": true, "All_Databases": true,
}

// splunkField finds a field. Where its name begins with an object of a data
// model, that object decides, and what follows is the name.
func (t vendorFields) splunkField(sources []string, name string) field {
	object, bare, ok := strings.Cut(name, ".")
	source := splunkObjects().ofName[object]
	switch {
	case !ok || source == "" && !bareObjects[object]:
		return t.lookup(sources, name)
	case source != "":
		sources = []string{source}
	}
	if f, ok := t.find(sources, name); ok {
		return f
	}
	return t.lookup(sources, bare)
}

// splunkEvents says which catalog events a search covers: those of the feeds it
// names, or else of its data models, of the macros that stand for a feed, and
// of its source types.
func splunkEvents(r *rule.Rule, predicates []Predicate) []Event {
	table := logsources()[rule.Splunk]
	var out []Event
	seen := map[Event]bool{}
	add := func(rows []Event) {
		for _, e := range rows {
			if !seen[e] {
				seen[e] = true
				out = append(out, e)
			}
		}
	}
	asked := map[string]bool{}
	var selectors []rule.Selector
	for _, s := range r.Selectors {
		if key := s.Key + "=" + s.Value.Value; !asked[key] {
			asked[key] = true
			selectors = append(selectors, s)
		}
	}
	for _, s := range selectors {
		if s.Key != "data_source" {
			continue
		}
		if rows := table[s.Value.Value]; rows != nil {
			add(rows)
			continue
		}
		for _, part := range strings.Split(s.Value.Value, " AND ") {
			add(table[strings.TrimSpace(part)])
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, s := range selectors {
		if s.Key == "datamodel" {
			model, _, _ := strings.Cut(s.Value.Value, ".")
			rows := table[s.Value.Value]
			if rows == nil {
				rows = table[model]
			}
			add(rows)
		}
	}
	for _, s := range selectors {
		if s.Key == "macro" {
			add(fedBy(table, "macro:"+s.Value.Value, predicates))
		}
	}
	if len(out) > 0 {
		return out
	}
	for i := range predicates {
		if p := &predicates[i]; !p.Negated && p.Operator == rule.Eq && (p.SourceField == "sourcetype" || p.SourceField == "source") {
			add(table["sourcetype:"+p.Value])
		}
	}
	return out
}

// fedBy are the events of a macro that stands for a feed, narrowed to the ids
// the search asks for.
func fedBy(table map[string][]Event, selector string, predicates []Predicate) []Event {
	for _, part := range []struct{ suffix, field string }{
		{";EventCode=*", "event.code"}, {";eventName=*", "event.action"}, {";Operation=*", "event.action"}, {";type=*", "type"},
	} {
		if rows := table[selector+part.suffix]; rows != nil {
			if named := namedEvents(rows, predicates, part.field); named != nil {
				return named
			}
		}
	}
	return table[selector]
}

// splunkSelectors are the fields that say which kind of event a search means,
// beside those of all vendors.
var splunkSelectors = map[string]bool{"eventtype": true, "tag": true, "nodename": true}

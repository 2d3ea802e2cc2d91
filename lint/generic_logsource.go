package lint

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var genericLogsourceCheck = &Check{
	ID:       "generic-logsource",
	Severity: Warning,
	Vendors:  onlySigma,
	Summary:  "The rule names one provider's event where Sigma has a category for it",
	Rationale: "The category `process_creation` stands for Sysmon 1, Security 4688 and the process events of every EDR; the service\n" +
		"`sysmon` with `EventID: 1` stands for Sysmon alone, and its field names are not mapped. Use the category and leave\n" +
		"the event id out. The same goes for an event id in a rule that has the category already: it takes the other\n" +
		"providers away again.",
	Bad: `title: Debugger started by a mail client
id: 6e5d4c3b-2a19-4087-9f6e-5d4c3b2a1909
status: test
logsource:
    product: windows
    service: sysmon
detection:
    selection:
        EventID: 1
        Image|endswith: '\cdb.exe'
        ParentImage|endswith: '\mail.exe'
    condition: selection
level: high
`,
	Good: `title: Debugger started by a mail client
id: 6e5d4c3b-2a19-4087-9f6e-5d4c3b2a1909
status: test
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\cdb.exe'
        ParentImage|endswith: '\mail.exe'
    condition: selection
level: high
`,
	Rule: genericLogsource,
}

// genericCategories are the categories that stand for events of a service.
// What Sysmon tells of itself and what it blocks (events 4, 16 and from 24 on)
// no other provider has, so nothing is lost by naming the event.
var genericCategories = map[string]map[string]string{
	"sysmon": {
		"1": "process_creation", "2": "file_change", "3": "network_connection", "5": "process_termination",
		"6": "driver_load", "7": "image_load", "8": "create_remote_thread", "9": "raw_access_thread",
		"10": "process_access", "11": "file_event", "12": "registry_event", "13": "registry_set",
		"14": "registry_rename", "15": "create_stream_hash", "17": "pipe_created", "18": "pipe_created",
		"19": "wmi_event", "20": "wmi_event", "21": "wmi_event", "22": "dns_query", "23": "file_delete",
	},
	"security": {"4688": "process_creation"},
}

func genericLogsource(p *Pass) {
	if p.Kind != rule.Detection || !strings.EqualFold(p.Logsource.Product.Value, "windows") {
		return
	}
	service := strings.ToLower(p.Logsource.Service.Value)
	category := strings.ToLower(p.Logsource.Category.Value)
	switch {
	case category == "" && genericCategories[service] != nil:
		p.specificService(service)
	case category != "" && service == "":
		p.redundantEventID(category)
	}
}

// eventIDs are the predicates of a rule that ask for an event id, and whether
// they do nothing but name ids.
func eventIDs(p *Pass) (ids []*normalize.Predicate, plain bool) {
	for i := range p.Predicates {
		pred := &p.Predicates[i]
		if pred.Field != "event.code" {
			continue
		}
		if pred.Negated || pred.Operator != rule.Eq {
			return nil, false
		}
		ids = append(ids, pred)
	}
	return ids, len(ids) > 0
}

// specificService reports a rule all of whose events are one category.
func (p *Pass) specificService(service string) {
	ids, plain := eventIDs(p)
	if !plain {
		return
	}
	category := genericCategories[service][ids[0].Value]
	for _, id := range ids {
		if genericCategories[service][id.Value] != category || category == "" {
			return
		}
	}
	f := p.Report(p.Logsource.Service.Span, service+":"+ids[0].Value, "event %s of %q is the generic category %q", ids[0].Value, service, category)
	f.Hint = "use category: " + category + " instead of the service and the event id"
	f.Related = []Location{{Path: p.Path(), Range: p.Source.Range(ids[0].Span), Message: "the event id"}}
}

// redundantEventID reports event ids in a rule whose category stands for them
// and for events of other providers too.
func (p *Pass) redundantEventID(category string) {
	ids, plain := eventIDs(p)
	if !plain {
		return
	}
	named := map[string]bool{}
	for _, id := range ids {
		if genericCategories["sysmon"][id.Value] != category && genericCategories["security"][id.Value] != category {
			return
		}
		named[id.Value] = true
	}
	providers := map[string]bool{}
	for _, e := range p.Events {
		providers[e.Provider] = providers[e.Provider] || named[e.Event]
	}
	var others []string
	for _, e := range p.Events {
		if !providers[e.Provider] {
			others = append(others, e.String())
		}
	}
	if len(others) > 0 {
		p.Report(ids[0].Span, category+":"+ids[0].Value, "category %q also stands for %s, which the event id shuts out", category, strings.Join(others, " and "))
	}
}

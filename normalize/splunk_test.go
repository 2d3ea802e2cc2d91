package normalize

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// splunkRule reads a search with a few macros at hand.
func splunkRule(t *testing.T, sources []string, search string) *Rule {
	t.Helper()
	macro := func(name, text string) rule.Definition {
		return rule.Definition{Use: rule.Use{Kind: rule.Macro, Name: name}, Text: text, Path: name + ".yml"}
	}
	library := rule.NewLibrary([]rule.Definition{
		macro("sysmon", `sourcetype=XmlWinEventLog:Microsoft-Windows-Sysmon/Operational OR source=XmlWinEventLog:Microsoft-Windows-Sysmon/Operational`),
		macro("wineventlog_security", "eventtype=wineventlog_security OR Channel=security"),
		macro("cloudtrail", "sourcetype=aws:cloudtrail"),
	}, nil)
	text := "name: A\nid: 1\ntype: TTP\nhow_to_implement: h\ndata_source: [" + strings.Join(sources, ", ") + "]\nsearch: >-\n  " + search + "\n"
	f := parsers.Parse("a.yml", []byte(text), library)
	if len(f.Rules) != 1 || len(f.Problems) > 0 {
		t.Fatalf("%s: %d rules, %+v", search, len(f.Rules), f.Problems)
	}
	return Normalize(f.Rules[0])
}

func TestSplunkFields(t *testing.T) {
	for search, want := range map[string]string{
		// The object of the data model is dropped; after that the field is
		// still the object's.
		`| tstats count from datamodel=Endpoint.Processes where Processes.process_name=x.exe by Processes.dest Processes.process_path | rename Processes.* as * | search process_path="*\\y.exe" dest=d`: "process.name=process.name eq x.exe, process.executable=process.name eq y.exe, host.name=host.name eq d",
		// A model without its object, and an object that is another model's.
		`| tstats count from datamodel=Network_Traffic where All_Traffic.dest=a`:          "destination.address=destination.address eq a",
		`| tstats count from datamodel=Vulnerabilities where Vulnerabilities.cve="CVE-1"`: "cve=cve eq cve-1",
		// Another name of a field stays that field, and a computed column none.
		"`sysmon` | rename Image as shell | eval parent=lower(ParentImage) | stats count by shell parent | search shell=\"*\\\\z.exe\" parent=w.exe | eval Image=len(x) | search Image=5": "event.dataset=event.dataset eq xmlwineventlog:microsoft-windows-sysmon/operational!, source=source eq xmlwineventlog:microsoft-windows-sysmon/operational!, process.executable=process.name eq z.exe, process.parent.executable=process.parent.executable eq w.exe, image=image eq 5",
		`index=a tag=b nodename=c EventCode=4688 EventType=x`: "index=index eq a!, tag=tag eq b!, nodename=nodename eq c!, event.code=event.code eq 4688!, eventtype=eventtype eq x",
	} {
		r := splunkRule(t, nil, search)
		var got []string
		for i := range r.Predicates {
			p := &r.Predicates[i]
			text := fmt.Sprintf("%s=%s %s %s", p.Field, p.Key.Field, p.Key.Operator, p.Key.Value)
			if p.Selector {
				text += "!"
			}
			got = append(got, text)
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("%s\n got %s\nwant %s", search, text, want)
		}
	}
}

func TestSplunkEvents(t *testing.T) {
	for _, tt := range []struct {
		sources []string
		search  string
		want    string
	}{
		{[]string{"Sysmon EventID 1", "Windows Event Log Security 4688"}, "| tstats count from datamodel=Web", "[Sysmon 1 Security-Auditing 4688]"},
		{[]string{"Sysmon EventID 1 AND Sysmon EventID 11"}, "index=a", "[Sysmon 1 Sysmon 11]"},
		{nil, "`sysmon` EventCode=7 OR EventCode IN (8, 9) NOT EventCode=10", "[Sysmon 7 Sysmon 8 Sysmon 9]"},
		{nil, "`wineventlog_security` EventCode=4624", "[Security-Auditing 4624]"},
		{nil, "`cloudtrail` eventName=StopLogging", "[AWS-CloudTrail StopLogging]"},
		{nil, "sourcetype=aws:cloudtrail x=y", "[AWS-CloudTrail]"},
		{[]string{"Something Nobody Knows"}, "index=a", "[]"},
	} {
		if got := fmt.Sprint(splunkRule(t, tt.sources, tt.search).Events); got != tt.want {
			t.Errorf("%v %s\n got %s\nwant %s", tt.sources, tt.search, got, tt.want)
		}
	}
	if r := splunkRule(t, nil, "| tstats count from datamodel=Endpoint.Processes where Processes.user=a"); len(r.Events) == 0 {
		t.Error("a data model has no events")
	}
}

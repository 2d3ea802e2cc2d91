package normalize_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/kql"
	"github.com/detlint/detlint/rule"
)

func kusto(t *testing.T, query string) *normalize.Rule {
	t.Helper()
	q, problems := kql.Parse(query)
	if len(problems) > 0 {
		t.Fatalf("%s: %+v", query, problems)
	}
	cond, _ := q.Condition()
	return normalize.Normalize(&rule.Rule{
		Source: rule.NewSource("q.kql", []byte(query)), Vendor: rule.Kusto, Kind: rule.Detection, Condition: cond,
	})
}

func TestKustoEvents(t *testing.T) {
	for query, want := range map[string]string{
		"SecurityEvent | where EventID in (4688, 4624)":                                                     "Security-Auditing 4688, Security-Auditing 4624",
		"SecurityEvent | where Account == 'x'":                                                              "Security-Auditing",
		"SecurityEvent | where EventID != 4688":                                                             "Security-Auditing",
		"Event | where Source == 'Microsoft-Windows-Sysmon' and EventID == 1":                               "Sysmon 1",
		"let e = Event | where EventLog == 'Microsoft-Windows-Sysmon/Operational'; e | where EventID == 11": "Sysmon 11",
		"CommonSecurityLog | where DeviceVendor =~ 'fortinet'":                                              "Fortinet-FortiGate",
		"_Im_Dns(responsecodename='X')":                                                                     "ASIM-Dns",
		"vimProcessCreateSentinelOne | where A == 1":                                                        "ASIM-ProcessEvent",
		"AuditLogs | join (SecurityEvent | where EventID == 4720) on X":                                     "Entra-AuditLogs, Security-Auditing 4720",
		"union (AuditLogs), (AWSCloudTrail | where A == 1)":                                                 "Entra-AuditLogs, AWS-CloudTrail",
		"union Device* | where A == 1":                                                                      "",
		"Unheard_CL | where A == 1":                                                                         "",
	} {
		var names []string
		for _, e := range kusto(t, query).Events {
			names = append(names, e.String())
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

func TestKustoFields(t *testing.T) {
	for query, want := range map[string]string{
		"DeviceProcessEvents | where InitiatingProcessFileName =~ 'a.exe'":                                "process.parent.name",
		"DeviceNetworkEvents | where InitiatingProcessFileName =~ 'a.exe'":                                "process.name",
		"DeviceFileEvents | where FileName =~ 'a.exe'":                                                    "file.name",
		"DeviceProcessEvents | project-rename X = ProcessCommandLine | where X has 'a'":                   "process.command_line",
		"DeviceProcessEvents | extend X = strcat(FileName, 'y') | where X has 'a'":                        "x",
		"imProcessCreate | where ActingProcessCommandLine has 'a'":                                        "process.parent.command_line",
		"AuditLogs | where TargetResources[0].['displayName'] == 'a'":                                     "targetresources.displayname",
		"AuditLogs | where parse_json(TargetResources)[0].id == 'a'":                                      "targetresources.id",
		"_Im_Dns(domain_has_any=dynamic(['a.b']))":                                                        "dns.question.name",
		"union (DeviceProcessEvents | where FileName == 'a'), (DeviceFileEvents | where FileName == 'a')": "process.name file.name",
		"search 'mimikatz'": "*",
	} {
		var fields []string
		for _, p := range kusto(t, query).Predicates {
			fields = append(fields, p.Field)
		}
		if got := strings.Join(fields, " "); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

// TestKustoSelectors: what only says which events are meant is set apart from
// what is looked for in them.
func TestKustoSelectors(t *testing.T) {
	var got []string
	for _, query := range []string{
		"DeviceRegistryEvents | where ActionType == 'RegistryValueSet' and RegistryKey has 'a'",
		"SecurityEvent | where EventID == 1 and Channel == 'x' and CommandLine has 'a'",
		"CommonSecurityLog | where DeviceVendor == 'x' and DeviceAction == 'a'",
		"CloudAppEvents | where ActionType == 'a'",
	} {
		for _, p := range kusto(t, query).Predicates {
			if p.Selector {
				got = append(got, p.SourceField)
			}
		}
	}
	if diff := cmp.Diff([]string{"ActionType", "EventID", "Channel", "DeviceVendor"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestKustoEventsOfHunts: a hunting query covers events as a rule does.
func TestKustoEventsOfHunts(t *testing.T) {
	q, _ := kql.Parse("AuditLogs | where A == 1")
	cond, _ := q.Condition()
	r := normalize.Normalize(&rule.Rule{
		Source: rule.NewSource("q.kql", nil), Vendor: rule.Kusto, Kind: rule.Hunting, Condition: cond,
	})
	if len(r.Events) != 1 {
		t.Errorf("got %v", r.Events)
	}
}

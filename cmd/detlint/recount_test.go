package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/attack"
)

// normalized is what the recount reads of the interchange form.
type normalized struct {
	Path, ID, Title, Vendor, Status, Kind string
	Techniques                            []string
	Events                                []struct{ Provider, Event string }
	Predicates                            []struct {
		Operator                   string
		Negated, Derived, Selector bool
		Key                        struct{ Field, Operator, Value string }
	}
	Exclusions [][]int
}

// recounted is a page as numbers by name.
type recounted struct {
	Rules                                             []string
	Events, Fields, Operators, Indicators, Exclusions map[string]int
	Reach                                             map[string]int // of indicators
}

type numbers map[string]map[string]bool

func (n numbers) add(key, by string) {
	if n[key] == nil {
		n[key] = map[string]bool{}
	}
	n[key][by] = true
}

func (n numbers) counts() map[string]int {
	out := map[string]int{}
	for key, by := range n {
		out[key] = len(by)
	}
	return out
}

// inCatalog repeats what docs/catalog.md says of which rules count. broken are
// the files that could not be read whole.
func (r *normalized) inCatalog(broken map[string]bool) bool {
	status := strings.ToLower(r.Status)
	for _, folder := range strings.Split(strings.ToLower(r.Path), "/") {
		if folder == "deprecated" || folder == "_deprecated" || folder == "unsupported" {
			return false
		}
	}
	return r.Kind == "detection" && status != "deprecated" && status != "unsupported" && !broken[r.Path]
}

// recount counts the rules of the interchange form for which of is true.
func recount(rules []normalized, of func(*normalized) bool) recounted {
	events, fields, operators, indicators, exclusions, reach := numbers{}, numbers{}, numbers{}, numbers{}, numbers{}, numbers{}
	var out recounted
	for i := range rules {
		r := &rules[i]
		by := r.Path + r.ID
		for _, p := range r.Predicates {
			if !p.Negated && !p.Derived && !p.Selector && p.Operator != "exists" {
				reach.add(p.Key.Field+" "+p.Key.Operator+" "+p.Key.Value, by)
			}
		}
		if !of(r) {
			continue
		}
		out.Rules = append(out.Rules, r.Vendor+" "+r.Title)
		for _, e := range r.Events {
			events.add(e.Provider+" "+e.Event, by)
		}
		for _, p := range r.Predicates {
			if !p.Negated && !p.Derived && !p.Selector && p.Operator != "exists" {
				fields.add(p.Key.Field, by)
				operators.add(p.Key.Field+" "+p.Key.Operator, by)
				indicators.add(p.Key.Field+" "+p.Key.Operator+" "+p.Key.Value, by)
			}
		}
	next:
		for _, clause := range r.Exclusions {
			for _, i := range clause {
				if r.Predicates[i].Selector || r.Predicates[i].Derived {
					continue next
				}
			}
			for _, i := range clause {
				k := r.Predicates[i].Key
				exclusions.add(k.Field+" "+k.Operator+" "+k.Value, by)
			}
		}
	}
	slices.Sort(out.Rules)
	out.Events, out.Fields, out.Operators = events.counts(), fields.counts(), operators.counts()
	out.Indicators, out.Exclusions, out.Reach = short(indicators.counts()), short(exclusions.counts()), map[string]int{}
	all := reach.counts()
	for key := range out.Indicators {
		out.Reach[key] = all[key]
	}
	return out
}

// short leaves out what the catalog keeps as a hash.
func short(counts map[string]int) map[string]int {
	maps.DeleteFunc(counts, func(key string, _ int) bool { return len([]rune(key)) > 200 || strings.Contains(key, " sha256:") })
	return counts
}

// shown is the same of a page.
func shown(t *testing.T, page string) recounted {
	t.Helper()
	type row struct {
		Field, Operator, Value string
		Rules, Reach           int
	}
	var p struct {
		Events []struct {
			Provider, Event string
			Rules           int
		}
		Fields []struct {
			Field     string
			Rules     int
			Operators []struct {
				Operator string
				Rules    int
			}
		}
		Indicators, Exclusions []row
		Rules                  map[string][]struct{ Title string }
	}
	if err := json.Unmarshal([]byte(page), &p); err != nil {
		t.Fatal(err)
	}
	out := recounted{
		Events: map[string]int{}, Fields: map[string]int{}, Operators: map[string]int{}, Indicators: map[string]int{},
		Exclusions: map[string]int{}, Reach: map[string]int{},
	}
	for _, e := range p.Events {
		out.Events[e.Provider+" "+e.Event] = e.Rules
	}
	for _, f := range p.Fields {
		out.Fields[f.Field] = f.Rules
		for _, o := range f.Operators {
			out.Operators[f.Field+" "+o.Operator] = o.Rules
		}
	}
	for _, r := range p.Indicators {
		out.Indicators[r.Field+" "+r.Operator+" "+r.Value] = r.Rules
		out.Reach[r.Field+" "+r.Operator+" "+r.Value] = r.Reach
	}
	for _, r := range p.Exclusions {
		out.Exclusions[r.Field+" "+r.Operator+" "+r.Value] = r.Rules
	}
	for vendor, rules := range p.Rules {
		for _, r := range rules {
			out.Rules = append(out.Rules, vendor+" "+r.Title)
		}
	}
	slices.Sort(out.Rules)
	short(out.Indicators)
	short(out.Exclusions)
	short(out.Reach)
	return out
}

// TestRecount counts what technique pages say a second time, over the
// interchange form of the same rules.
func TestRecount(t *testing.T) {
	corpora, err := filepath.Abs("../../../shared/corpora")
	if err != nil {
		t.Fatal(err)
	}
	build := []string{"catalog", "build", "-q", "-o", "c.bin"}
	normalize := []string{"normalize", "-q", "--format", "json"}
	for _, vendor := range []string{"sigma", "elastic", "splunk", "kusto"} {
		dir := filepath.Join(corpora, vendor)
		if _, err := os.Stat(dir); err != nil {
			t.Skipf("no real rules of %s at hand: pages not recounted", vendor)
		}
		build = append(build, "--source", vendor+"="+dir)
		normalize = append(normalize, dir)
	}
	dir := t.TempDir()
	if _, errs, code := execute(t, dir, build...); code != 0 {
		t.Fatal(errs)
	}
	out, errs, _ := execute(t, dir, normalize...)
	broken := map[string]bool{}
	for line := range strings.Lines(errs) {
		if path, _, ok := strings.Cut(line, ":"); ok && strings.Contains(line, ": error: ") {
			broken[path] = true
		}
	}
	var rules []normalized
	for line := range strings.Lines(out) {
		var r normalized
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r.inCatalog(broken) {
			rules = append(rules, r)
		}
	}
	for _, tt := range []struct {
		id   string
		subs bool
	}{{"T1020", false}, {"T1020", true}, {"T1059.001", false}, {"T1059", true}, {"T1685", false}} {
		args := []string{"--catalog", "c.bin", "catalog", "technique", tt.id, "--format", "json"}
		if tt.subs {
			args = append(args, "--include-subtechniques")
		}
		page, errs, code := execute(t, dir, args...)
		if code != 0 {
			t.Fatal(errs)
		}
		want := recount(rules, func(r *normalized) bool {
			return slices.ContainsFunc(r.Techniques, func(id string) bool {
				id = attack.Default().CurrentID(id)
				return id == tt.id || tt.subs && strings.HasPrefix(id, tt.id+".")
			})
		})
		if diff := cmp.Diff(want, shown(t, page)); diff != "" {
			t.Errorf("%s: recounted and shown differ:\n%s", tt.id, diff)
		}
	}
	page, _, _ := execute(t, dir, "--catalog", "c.bin", "catalog", "technique", "T1020", "--include-subtechniques", "--format", "json")
	if diff := cmp.Diff(automatedExfiltration, shown(t, page).Rules); diff != "" {
		t.Errorf("rules of T1020:\n%s", diff)
	}
}

var automatedExfiltration = []string{
	"elastic AWS EC2 Full Network Packet Capture Detected",
	"elastic GitHub Exfiltration via High Number of Repository Clones by User",
	"elastic GitHub Private Repository Turned Public",
	"elastic High Number of Closed Pull Requests by User",
	"elastic High Number of Protected Branch Force Pushes by User",
	"elastic M365 OneDrive/SharePoint Excessive File Downloads",
	"elastic Several Failed Protected Branch Force Pushes by User",
	"kusto Mail redirect via ExO transport rule",
	"kusto Multiple users email forwarded to same destination",
	"kusto NRT Multiple users email forwarded to same destination",
	"kusto Third party integrated apps",
	"kusto Threat Essentials - Mail redirect via ExO transport rule",
	"kusto Users searching for VIP user activity",
	"sigma AWS RDS Master Password Change",
	"sigma Github Fork Private Repositories Setting Enabled/Cleared",
	"sigma Github Repository/Organization Transferred",
	"sigma Mail Forwarding/Redirecting Activity In O365",
	"sigma Mail Forwarding/Redirecting Activity Via ExchangePowerShell Cmdlet",
	"sigma Modification or Deletion of an AWS RDS Cluster",
	"sigma PowerShell Script With File Hostname Resolving Capabilities",
	"sigma PowerShell Script With File Upload Capabilities",
	"sigma Restore Public AWS RDS Instance",
	"sigma Suspicious Inbox Forwarding",
	"splunk Detect RClone Command-Line Usage",
	"splunk Detect Renamed RClone",
	"splunk Detect Traffic Mirroring", // T1020.001
}

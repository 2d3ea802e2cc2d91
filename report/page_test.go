package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// smallCatalog has few rules and every kind of thing a page shows.
func smallCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	key := func(field string, op rule.Operator, value string) normalize.Key {
		return normalize.Key{Field: field, Operator: op, Value: value}
	}
	rclone := key("process.name", rule.Eq, "rclone.exe")
	copyArg := key("process.command_line", rule.Contains, "copy")
	sysmon := normalize.Event{Provider: "Sysmon", Event: "1"}
	b := catalog.NewBuilder("2026-08")
	sigma := b.AddSource(catalog.Source{
		Name: "Example/sigma", Vendor: rule.Sigma, Commit: "0123456789abcdef0123456789abcdef01234567", Date: "2026-08-05", License: "DRL-1.1",
		URL: "https://example.org/sigma/blob/0123456",
	})
	elastic := b.AddSource(catalog.Source{Name: "example/elastic", Vendor: rule.Elastic, URL: "javascript:alert(1)"})
	b.Add(catalog.Rule{
		Source: sigma, Vendor: rule.Sigma, Language: "sigma", ID: "11111111-0000-4000-8000-000000000001", Title: "Rclone Copies", Path: "rules/a b.yml",
		Level: rule.LevelHigh, Category: "windows/process_creation/", Techniques: []string{"T1020", "T1567.002"}, Tactics: []string{"exfiltration"},
		Events: []normalize.Event{sysmon}, Indicators: []normalize.Key{rclone, copyArg, key("process.command_line", rule.Contains, "sync")},
		Exclusions: [][]normalize.Key{
			{key("process.parent.name", rule.Eq, "backup.exe")},
			{key("process.parent.name", rule.Eq, "backup.exe"), key("user.name", rule.Eq, "svc")},
		},
	})
	b.Add(catalog.Rule{
		Source: sigma, Vendor: rule.Sigma, ID: "11111111-0000-4000-8000-000000000002", Title: nasty, Path: "rules/x.yml", Level: rule.LevelLow,
		Techniques: []string{"T1020.001"}, Indicators: []normalize.Key{rclone, key("*", rule.Match, nasty), key("file.hash", rule.Eq, strings.Repeat("a", 300))},
	})
	b.Add(catalog.Rule{
		Source: elastic, Vendor: rule.Elastic, Language: "eql", ID: "22222222-0000-4000-8000-000000000001", Title: "Rclone", Path: "rules/y.toml", Level: rule.LevelMedium,
		Techniques: []string{"T1020"}, Events: []normalize.Event{sysmon, {Provider: "Elastic-Defend", Event: "process"}},
		Indicators: []normalize.Key{rclone}, Exclusions: [][]normalize.Key{{key("user.name", rule.Eq, "svc")}},
	})
	b.Add(catalog.Rule{
		Source: elastic, Vendor: rule.Elastic, ID: "22222222-0000-4000-8000-000000000002", Title: "Other", Path: "rules/z.toml",
		Techniques: []string{"T1562.001"}, Indicators: []normalize.Key{copyArg, key("process.name", rule.Eq, "robocopy.exe")},
	})
	var data strings.Builder
	if _, err := b.WriteTo(&data); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data.String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// samplePages are one page of each kind.
func samplePages(t *testing.T, c *catalog.Catalog) map[string]Page {
	t.Helper()
	out := map[string]Page{"page-search": pages.Find(c, []string{"rclone"})}
	add := func(name string, p Page, err error) {
		if err != nil {
			t.Fatal(err)
		}
		out[name] = p
	}
	technique := func(id string, included bool) (Page, error) { return pages.TechniqueOf(c, id, included) }
	p, err := technique("T1020", true)
	add("page-technique", p, err)
	p, err = technique("T1562.001", false)
	add("page-technique-replaced", p, err)
	p, err = technique("T1003", false)
	add("page-technique-empty", p, err)
	p, err = pages.IndicatorOf(c, `Image=C:\tools\rclone.exe`)
	add("page-indicator-none", p, err)
	p, err = pages.IndicatorOf(c, `*\rclone.exe`)
	add("page-indicator", p, err)
	p, err = pages.FieldOf(c, "ParentImage")
	add("page-field-asked", p, err)
	p, err = pages.FieldOf(c, "process.name")
	add("page-field", p, err)
	p, err = pages.ExclusionsOf(c, "T1020", false, "process")
	add("page-exclusions", p, err)
	p, err = pages.RulesOf(c, "11111111-0000-4000-8000-000000000001")
	add("page-rule", p, err)
	return out
}

func TestPages(t *testing.T) {
	for name, page := range samplePages(t, smallCatalog(t)) {
		for _, format := range PageFormats {
			var b bytes.Buffer
			if err := WritePage(&b, format, page, Limits{Entries: 2}, Options{}); err != nil {
				t.Fatal(err)
			}
			out := b.String()
			if format == "json" && !json.Valid(b.Bytes()) {
				t.Errorf("%s: the JSON is none", name)
			}
			if strings.Contains(out, ": null") {
				t.Errorf("%s: %s has null", name, format)
			}
			if strings.ContainsAny(out, "\x1b\u202e\u009b\x00") && format != "json" {
				t.Errorf("%s: %s has characters that act", name, format)
			}
			if format == "markdown" && (strings.Contains(out, "<script") || strings.Contains(out, "javascript:")) {
				t.Errorf("%s: the Markdown is alive", name)
			}
			golden(t, name+"."+format+".golden", out)
		}
	}
}

func TestPageLimit(t *testing.T) {
	c := smallCatalog(t)
	for name, page := range samplePages(t, c) {
		page.Limit(1)
		var b bytes.Buffer
		if err := WritePage(&b, "json", page, Limits{}, Options{}); err != nil {
			t.Fatal(err)
		}
		var object map[string]any
		if err := json.Unmarshal(b.Bytes(), &object); err != nil {
			t.Fatal(err)
		}
		for key, value := range object {
			if list, ok := value.([]any); ok && len(list) > 1 && (key == "indicators" || key == "exclusions" || key == "events" || key == "techniques") {
				t.Errorf("%s: %d %s with a limit of 1", name, len(list), key)
			}
		}
	}
}

func TestLookupPage(t *testing.T) {
	if err := LookupPage("json"); err != nil {
		t.Error(err)
	}
	if err := LookupPage("md"); err == nil || !strings.Contains(err.Error(), `did you mean "markdown"?`) {
		t.Errorf("error = %v", err)
	}
}

package catalog

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

func TestReadSources(t *testing.T) {
	got, err := ReadSources([]byte("a:\n  name: A/a\n  vendor: sigma\n  commit: abc\n  date: 2026-08-05\n  license: MIT\n  url: https://example.org/a\nb: {}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Source{
		"a": {Name: "A/a", Vendor: rule.Sigma, Commit: "abc", Date: "2026-08-05", License: "MIT", URL: "https://example.org/a"},
		"b": {Name: "b"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for data, want := range map[string]string{
		"":                                 "it is empty",
		"a:\n  nam: x\n":                   `unknown key "nam" of a, expected name, vendor`,
		"- a\n":                            "expected a mapping",
		"a:\n  url: javascript:alert(1)\n": "begins with https://",
		"a: [\n":                           "expected a mapping",
		strings.Repeat("#", maxSources+1):  "expected at most",
	} {
		if _, err := ReadSources([]byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error of %.20q = %v, want %q", data, err, want)
		}
	}
}

// TestProvenance: the built-in catalog says where its rules are from, as
// sources.yml does, and NOTICE names every source.
func TestProvenance(t *testing.T) {
	data, err := os.ReadFile("sources.yml")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := ReadSources(data)
	if err != nil {
		t.Fatal(err)
	}
	notice, err := os.ReadFile("../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]Source{}
	for key, s := range sources {
		byName[s.Name] = s
		if s.Commit == "" || s.Date == "" || s.License == "" || s.Vendor == "" || !strings.Contains(s.URL, s.Commit) {
			t.Errorf("source %s: %+v", key, s)
		}
		if !strings.Contains(string(notice), s.Name) {
			t.Errorf("NOTICE does not name %s", s.Name)
		}
	}
	c, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.Info().Sources {
		if s.Rules == 0 {
			t.Errorf("no rule of %s is built in", s.Name)
		}
		s.Rules = 0
		if s != byName[s.Name] {
			t.Errorf("built in from %+v, sources.yml says %+v", s, byName[s.Name])
		}
	}
	if url := c.URL(0); !strings.HasPrefix(url, "https://github.com/") {
		t.Errorf("the first rule is at %q", url)
	}
}

// TestOverlap: a rule that stands in two catalogs is one; another vendor's of
// the same id is not the same.
func TestOverlap(t *testing.T) {
	source := []Source{{Name: "a"}}
	ind := []normalize.Key{rclone}
	first := build(t, source,
		Rule{Vendor: rule.Sigma, ID: "A", Title: "first", Indicators: ind},
		Rule{Vendor: rule.Sigma, ID: "twice", Content: "0011", Indicators: ind}, Rule{Vendor: rule.Sigma, ID: "twice", Index: 1, Indicators: ind})
	second := build(t, []Source{{Name: "b"}},
		Rule{Vendor: rule.Sigma, ID: "a", Title: "second", Indicators: ind},
		Rule{Vendor: rule.Sigma, ID: "other", Content: "0011", Indicators: ind},
		Rule{Vendor: rule.Elastic, ID: "a", Indicators: ind}, Rule{Vendor: rule.Sigma, Indicators: ind}, Rule{Vendor: rule.Sigma, Index: 1, Indicators: ind})
	b := NewBuilder("")
	b.AddCatalog(first)
	b.AddCatalog(second)
	b.AddCatalog(first)
	both := open(t, write(t, b))
	if got := both.Len(); got != 6 {
		t.Errorf("%d rules, want 6", got)
	}
	if got := both.Reach(rclone).Rules; got != 6 {
		t.Errorf("reach = %d, want 6", got)
	}
	for ref := range both.ByID("a").All() {
		if both.Vendor(ref) == rule.Sigma && both.Title(ref) != "first" {
			t.Errorf("%q was taken", both.Title(ref))
		}
	}
}

func TestIsHash(t *testing.T) {
	long := Stored(key("f", rule.Eq, strings.Repeat("x", MaxValue+1)))
	if !IsHash(long.Value) {
		t.Errorf("%q is no hash", long.Value)
	}
	for _, v := range []string{"", "sha256:", "sha256:" + strings.Repeat("0", 64), strings.Repeat("0", 32), "sha256:" + strings.Repeat("g", 32)} {
		if IsHash(v) {
			t.Errorf("%q is a hash", v)
		}
	}
}

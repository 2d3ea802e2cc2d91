package parsers

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/rule"
)

func TestMatch(t *testing.T) {
	for path, want := range map[string]bool{
		"a.yml": true, "x/B.YAML": true, "a.yml.bak": false, "yml": false, "README.md": true, ".yml": true, "a.kql": true, "a.csl": true, "a.txt": false,
	} {
		if got := Match(path); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
}

func TestParseRefusesWhatIsTooLarge(t *testing.T) {
	if f := Parse("big.json", []byte("{"+strings.Repeat(" ", MaxFileSize)), nil); f.Recognized {
		t.Error("a large file of something else is taken for rules")
	}
	if f := Parse("big.json", []byte(`{"rule_id":"x","query":"`+strings.Repeat(" ", MaxFileSize)), nil); !f.Recognized || len(f.Problems) != 1 {
		t.Errorf("a large export: recognized %v, %v", f.Recognized, f.Problems)
	}
	f := Parse("big.yml", []byte("detection:\n"+strings.Repeat(" ", MaxFileSize)), nil)
	if !f.Recognized || len(f.Problems) != 1 || f.Problems[0].Warning {
		t.Errorf("got %+v", f.Problems)
	}
}

func TestParseRefusesUTF16(t *testing.T) {
	text := "\xFF\xFEt\x00i\x00t\x00l\x00e\x00:\x00\n\x00l\x00o\x00g\x00s\x00o\x00u\x00r\x00c\x00e\x00:\x00"
	f := Parse("rule.yml", []byte(text), nil)
	if !f.Recognized || len(f.Problems) != 1 || f.Problems[0].Message != "the file is in UTF-16, expected UTF-8; save it as UTF-8" {
		t.Errorf("recognized %v, %v", f.Recognized, f.Problems)
	}
	if f := Parse("text.yml", []byte(text[2:]), nil); !f.Recognized || len(f.Problems) != 1 {
		t.Errorf("without a mark: recognized %v, %v", f.Recognized, f.Problems)
	}
	if f := Parse("other.yml", []byte(text[:12]), nil); f.Recognized {
		t.Error("a file of something else is taken for rules")
	}
}

// TestFormats: each format recognizes its own files.
func TestFormats(t *testing.T) {
	for path, c := range map[string]struct {
		text   string
		vendor rule.Vendor
	}{
		"sigma.yml":  {"title: x\nlogsource: {product: windows}\ndetection: {a: {b: c}, condition: a}\n", rule.Sigma},
		"kusto.yml":  {"name: x\nkind: NRT\ntactics: []\nquery: T | where A == 1\n", rule.Kusto},
		"rule.json":  {`{"rule_id":"x","type":"query","query":"a:b","risk_score":1}`, rule.Elastic},
		"arm.json":   {`{"type":"Microsoft.SecurityInsights/alertRules","kind":"NRT","properties":{"query":"T"}}`, rule.Kusto},
		"query.kql":  {"T | where A == 1", rule.Kusto},
		"query.csl":  {"T | where A == 1", rule.Kusto},
		"rules.md":   {"```kql\nT | where A == 1\n```\n", rule.Kusto},
		"README.md":  {"# nothing here\n", ""},
		"other.json": {`{"query":"T"}`, ""},
	} {
		f := Parse(path, []byte(c.text), nil)
		if c.vendor == "" {
			if f.Recognized {
				t.Errorf("%s is recognized", path)
			}
			continue
		}
		if len(f.Rules) != 1 || f.Rules[0].Vendor != c.vendor {
			t.Errorf("%s: %d rules, want one of %s; problems %v", path, len(f.Rules), c.vendor, f.Problems)
		}
	}
}

package config

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the generated documentation")

const generated = "<!-- Generated from the table of keys: make golden -->\n\n"

// TestDocsAreCurrent keeps the page and the schema what the table of keys says.
func TestDocsAreCurrent(t *testing.T) {
	for file, want := range map[string]string{
		"../docs/configuration.md":    generated + Page(),
		"../docs/detlint.schema.json": string(Schema()),
	} {
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		have, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
		} else if strings.ReplaceAll(string(have), "\r\n", "\n") != want {
			t.Errorf("%s is not current, run: make golden", file)
		}
	}
}

// TestExamples: what the documentation shows is accepted, all of it at once.
func TestExamples(t *testing.T) {
	dir := t.TempDir()
	var all strings.Builder
	for i := range Keys {
		k := &Keys[i]
		if k.Doc == "" || k.Default == "" || !strings.HasPrefix(k.Example, k.Name+":") {
			t.Errorf("%s is not documented", k.Name)
		}
		all.WriteString(k.Example + "\n")
	}
	c, err := Parse([]byte(all.String()), Name, dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Paths) != 2 || len(c.Exclude) != 2 || len(c.Checks) != 3 || len(c.Overrides) != 1 || len(c.Ignore) != 1 ||
		c.Baseline == "" || len(c.FailOn) != 2 || c.Report != "changed" || c.MinTechniques != 120 || c.Targets == "" ||
		c.ATTACKVersion != "v18" || len(c.Catalogs) != 1 || len(c.KnownMacros) != 2 {
		t.Errorf("the examples were read as %+v", c)
	}
}

func TestSchemaIsJSON(t *testing.T) {
	var v map[string]any
	if err := json.Unmarshal(Schema(), &v); err != nil {
		t.Fatal(err)
	}
	if n := len(v["properties"].(map[string]any)); n != len(Keys) {
		t.Errorf("the schema has %d keys, want %d", n, len(Keys))
	}
}

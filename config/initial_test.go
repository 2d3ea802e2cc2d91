package config

import (
	"strings"
	"testing"
)

// TestInitial: what init writes is a configuration, sets what was found, and
// names every key.
func TestInitial(t *testing.T) {
	found := Found{
		Summary: []string{"3 rules"}, Folders: []string{"rules", "a: #b"}, Macros: []string{"sysmon", "between(2)"}, Older: true,
	}
	text := Initial(found)
	// Rules are found wherever they are; naming their folders is a choice.
	chosen := strings.Replace(text, "# paths: [", "paths: [", 1)
	c, err := Parse([]byte(chosen), Name, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if chosen == text || len(c.Paths) != 2 || c.Paths[1] != "a: #b" || !strings.Contains(text, "\n#   - \"between(2)\"\n") || c.ATTACKVersion != "v18" {
		t.Errorf("read as %+v", c)
	}
	for i := range Keys {
		if !strings.Contains(text, "\n# "+Keys[i].Name+":") && !strings.Contains(text, "\n"+Keys[i].Name+":") {
			t.Errorf("%s is not there", Keys[i].Name)
		}
	}
	for line := range strings.Lines(text) {
		if len(line) > 130 {
			t.Errorf("a long line: %s", line)
		}
	}
	// With every comment taken off, all of it is right, too.
	var all strings.Builder
	for line := range strings.Lines(Initial(Found{})) {
		bare := strings.TrimPrefix(line, "# ")
		if key, _, ok := strings.Cut(bare, ":"); ok && known(key) || strings.HasPrefix(bare, "  ") {
			all.WriteString(bare)
		}
	}
	if c, err := Parse([]byte(all.String()), Name, t.TempDir()); err != nil || len(c.Catalogs) != 1 || len(c.Ignore) != 1 {
		t.Errorf("uncommented: %+v, %v", c, err)
	}
}

func known(name string) bool {
	for i := range Keys {
		if Keys[i].Name == name {
			return true
		}
	}
	return false
}

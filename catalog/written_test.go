package catalog

import (
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

func TestSpelled(t *testing.T) {
	for _, tt := range []struct{ value, written, want string }{
		{"svchost.exe", "SvcHost.exe", "SvcHost.exe"},
		{"svchost.exe", `C:\Windows\SvcHost.exe`, "SvcHost.exe"},
		{`?:\windows\system32\mmc.exe`, `C:\Windows\System32\mmc.exe`, `?:\Windows\System32\mmc.exe`},
		{`?:\windows\system32\mmc.exe`, `%SystemRoot%\System32\mmc.exe`, `?:\windows\System32\mmc.exe`},
		{`hklm\software\run`, `HKEY_LOCAL_MACHINE\Software\Run`, `hklm\Software\Run`},
		{"abcd", "MD5=ABCD", "ABCD"},
		{`?:\windows\`, `C:\\Windows\\*`, `?:\Windows\`},
		{`?:\windows\system32\`, `C:\\Windows\\System32\\*`, `?:\windows\System32\`},
		{"1234", "1234", ""},              // no letters
		{"true", "1", ""},                 // a word of another vocabulary
		{"istanbul", "\u0130stanbul", ""}, // whose lower case is longer
		{"", "", ""},
	} {
		got, ok := spelled(tt.value, tt.written)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("spelled(%q, %q) = %q, %v, want %q", tt.value, tt.written, got, ok, tt.want)
		}
	}
}

func TestSpelling(t *testing.T) {
	key := func(value string) normalize.Key {
		return normalize.Key{Field: "user.name", Operator: rule.Eq, Value: value}
	}
	long := normalize.Key{Field: "user.name", Operator: rule.Eq, Value: string(make([]byte, MaxValue)) + "a"}
	rules := []Rule{
		{Title: "1", Exclusions: [][]normalize.Key{{key("system")}}, Spellings: []Spelling{{key("system"), "SYSTEM", false}}},
		{Title: "2", Exclusions: [][]normalize.Key{{key("system")}}, Spellings: []Spelling{{key("system"), "SYSTEM", false}}},
		{Title: "3", Indicators: []normalize.Key{key("system")}, Spellings: []Spelling{{key("system"), "System", true}}},
		{Title: "4", Indicators: []normalize.Key{key("admin")}, Spellings: []Spelling{{key("admin"), "Admin", false}, {key("nobody"), "Nobody", true}}},
		{Title: "5", Indicators: []normalize.Key{key("admin")}, Spellings: []Spelling{{key("admin"), "admin", false}}},
		{Title: "6", Indicators: []normalize.Key{key("admin")}, Spellings: []Spelling{{key("admin"), "admin", false}}},
		{Title: "7", Indicators: []normalize.Key{key("root"), long}, Spellings: []Spelling{{key("root"), "other", true}, {long, long.Value, true}}},
		{Title: "8", Indicators: []normalize.Key{key("daemon")}, Spellings: []Spelling{{key("daemon"), "daemon", true}}},
	}
	one := build(t, []Source{{Name: "a"}}, rules...)
	b := NewBuilder("")
	b.AddCatalog(build(t, []Source{{Name: "a"}}, rules[:3]...))
	b.AddCatalog(build(t, []Source{{Name: "b"}}, rules[3:]...))
	for name, c := range map[string]*Catalog{"one": one, "of two": open(t, write(t, b))} {
		if err := c.Verify(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, tt := range []struct {
			value, want string
			cased       bool
		}{
			{"system", "System", true}, // a rule that compares case knows
			{"admin", "admin", false},  // most rules
			{"root", "root", false},    // another value is no spelling
			{"daemon", "daemon", true},
			{"nobody", "nobody", false}, // no rule has it
		} {
			if text, cased := c.Spelling(key(tt.value)); text != tt.want || cased != tt.cased {
				t.Errorf("%s: Spelling(%s) = %q, %v, want %q, %v", name, tt.value, text, cased, tt.want, tt.cased)
			}
		}
		if text, cased := c.Spelling(long); text != long.Value || cased {
			t.Errorf("%s: a long value is spelled %q, %v", name, text, cased)
		}
	}
}

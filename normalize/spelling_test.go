package normalize

import (
	"slices"
	"testing"

	"github.com/detlint/detlint/rule"
)

func TestCanonicalFields(t *testing.T) {
	for spelling, want := range map[string]string{
		"Image": "process.executable", "image": "process.executable", "ParentImage": "process.parent.executable",
		"process_name": "process.name", "Processes.process_name": "process.name", "winlog.event_data.Image": "process.executable",
		"process.name": "process.name",
		"proces.name":  "", "": "", ".": "", "no.such.field": "",
	} {
		got := ""
		if found := CanonicalFields(spelling); len(found) > 0 {
			got = found[0]
		}
		if got != want {
			t.Errorf("CanonicalFields(%q) = %q, want %q", spelling, got, want)
		}
	}
	if found := CanonicalFields("QueryName"); !slices.Contains(found, "dns.question.name") {
		t.Errorf("QueryName stands for %v", found)
	}
}

func TestSpellings(t *testing.T) {
	got := Spellings("process.parent.executable")
	for _, want := range []Spelling{{rule.Sigma, "ParentImage"}, {rule.Elastic, "process.parent.executable"}} {
		if !slices.Contains(got, want) {
			t.Errorf("%v is missing from %v", want, got)
		}
	}
	for _, s := range got {
		if !slices.Contains(CanonicalFields(s.Field), "process.parent.executable") {
			t.Errorf("%v does not lead back", s)
		}
	}
	if got := Spellings("no.such.field"); len(got) != 0 {
		t.Errorf("spellings of nothing: %v", got)
	}
}

func TestFold(t *testing.T) {
	for _, tt := range []struct {
		field string
		op    rule.Operator
		value string
		want  Key
	}{
		{"process.executable", rule.EndsWith, `\Rclone.exe`, Key{"process.name", rule.Eq, "rclone.exe"}},
		{"process.executable", rule.Eq, `C:\Windows\x.exe`, Key{"process.executable", rule.Eq, `?:\windows\x.exe`}},
		{"own.field", rule.Contains, "X", Key{"own.field", rule.Contains, "x"}},
		{"own.field", rule.Regex, "X", Key{"own.field", rule.Regex, "X"}},
	} {
		if got := Fold(tt.field, tt.op, tt.value); got != tt.want {
			t.Errorf("Fold(%s, %s, %s) = %v, want %v", tt.field, tt.op, tt.value, got, tt.want)
		}
	}
}

func TestShown(t *testing.T) {
	for _, tt := range []struct {
		op          rule.Operator
		value, want string
	}{
		{rule.Wildcard, `?:\\users\\*\\appdata\\*.exe`, `?:\users\*\appdata\*.exe`},
		{rule.Wildcard, `*\\\\*\\share`, `*\\*\share`},
		{rule.Wildcard, `*\\a\**b`, `*\\a\**b`}, // the star stands for itself
		{rule.Match, `a\\*b`, `a\*b`},
		{rule.Match, `\\server`, `\\server`},
		{rule.Contains, `\\server\a`, `\\server\a`},
		{rule.Regex, `a\\b.*`, `a\\b.*`},
		{rule.Exists, "", ""},
	} {
		if got := Shown(tt.op, tt.value); got != tt.want {
			t.Errorf("Shown(%s, %s) = %s, want %s", tt.op, tt.value, got, tt.want)
		}
	}
}

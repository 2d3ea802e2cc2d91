package lint

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func finding(rule, check, value string) Finding {
	return Finding{
		Check: check, Severity: Error, RuleID: rule, Value: value, State: New,
		Fingerprint: fingerprint(rule, check, value),
	}
}

func TestBaseline(t *testing.T) {
	known := []Finding{
		finding("b", "noisy-path", "x"), finding("a", "noisy-path", "<&>"), finding("b", "noisy-path", "x"),
		finding("a", "unreadable", "gone"), finding("a", "syntax", "broken"),
	}
	known[1].Severity = Info
	b := NewBaseline(known)
	var text bytes.Buffer
	if _, err := b.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(text.String(), "\n")
	if len(lines) != 9 || !strings.HasPrefix(lines[3], `{"rule":"a","check":"noisy-path","value":"<&>",`) || lines[4] != lines[5]+"," {
		t.Errorf("the file is\n%s", text.String())
	}
	b, err := ReadBaseline(text.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	// What could not be read is never passed over, and what stands twice is
	// known twice.
	now := append(known, finding("b", "noisy-path", "x"), finding("c", "noisy-path", "x"))
	var met []bool
	for i := range now {
		b.Apply(&now[i], "base.json")
		met = append(met, now[i].Suppressed != nil)
	}
	if diff := cmp.Diff([]bool{true, true, true, false, false, false, false}, met); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	b, _ = ReadBaseline(text.Bytes())
	one := finding("b", "noisy-path", "x")
	b.Apply(&one, "base.json")
	stale := b.Stale(func(e *BaselineEntry) bool { return e.Rule == "b" })
	if len(stale) != 1 || stale[0].Rule != "b" {
		t.Errorf("stale: %v", stale)
	}
	if all := b.Stale(func(*BaselineEntry) bool { return true }); len(all) != 2 {
		t.Errorf("stale: %v", all)
	}
}

func TestBaselineErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "line 1: EOF",
		"{\n\"version\": 1,\n\"x\": 1}":  `line 3: unknown field "x"`,
		"{\n\"version\": 1,\n}":          "line 3: invalid character '}' looking for beginning of object key string",
		`{"version": 2}`:                 "expected version 1, found 2",
		`{"version":1,"findings":[{}]}`:  "finding 1 has no check or no fingerprint",
		"{\"version\":1,\"findings\":3}": "line 1: cannot unmarshal",
	} {
		_, err := ReadBaseline([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

package attack

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testBundle is a small bundle of a version that does not exist. In it T1685
// was revoked for a technique of a tactic of its own.
func testBundle(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "bundle.json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRead(t *testing.T) {
	tables, err := OpenFile(filepath.Join("testdata", "bundle.json"))
	if err != nil {
		t.Fatal(err)
	}
	if tables.Version != "v20" || len(tables.Digest) != 24 {
		t.Errorf("version %q, digest %q", tables.Version, tables.Digest)
	}
	for id, want := range map[string]Technique{
		"T1562.001": {ID: "T1901", Name: "Blind the Sensors", Domain: Enterprise, Tactics: []string{"sensor-denial"}, Platforms: []string{"Windows"}, Status: Active},
		"t1059.001": {ID: "T1059.001", Name: "PowerShell (renamed)", Domain: Enterprise, Tactics: []string{"execution"}, Platforms: []string{"Windows"}, Status: Active},
		"T1047": {
			ID: "T1047", Name: "Windows Management Instrumentation", Domain: Enterprise, Tactics: []string{"execution"},
			Status: Deprecated, // its platform is None
		},
		"T1059": { // the relationship that says it was replaced is revoked itself
			ID: "T1059", Name: "Command and Scripting Interpreter", Domain: Enterprise, Tactics: []string{"execution"},
			Platforms: []string{"Windows", "Linux"}, Status: Active,
		},
	} {
		got, ok := tables.Current(id)
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%s: %v\n%s", id, ok, diff)
		}
	}
	if _, ok := tables.Lookup("T1105"); ok {
		t.Error("a technique that the bundle does not have is still there")
	}
	if got := tables.Predecessors("T1901"); !slices.Equal(got, []string{"T1562.001", "T1685"}) {
		t.Errorf("predecessors: %q", got)
	}
	var names []string
	for _, tactic := range tables.Tactics(Enterprise) {
		names = append(names, tactic.ID+" "+tactic.ShortName+" "+tactic.Name)
	}
	if diff := cmp.Diff([]string{"TA0002 execution Execution", "TA0005 stealth Stealth", "TA0113 sensor-denial Sensor Denial"}, names); diff != "" {
		t.Error(diff)
	}
	if now := tables.LookupTactic("defense-impairment"); len(now) != 1 || !now[0].Retired {
		t.Errorf("a tactic of v19: %v", now)
	}
	want := []Telemetry{{"Windows", "WinEventLog:Sysmon", "EventCode=1", "Process Creation"}, {"Windows", "auditd:SYSCALL", "", "Process Creation"}}
	if diff := cmp.Diff(want, tables.TelemetryOf("T1901")); diff != "" {
		t.Error(diff)
	}
	// What the bundle is not about stays.
	if ics, ok := tables.Lookup("T0807"); !ok || ics.Domain != ICS || len(tables.Tactics(ICS)) != len(Default().Tactics(ICS)) {
		t.Errorf("T0807: %v", ics)
	}
	if notes := tables.Notes(); len(notes) != 1 || !strings.HasPrefix(notes[0], "the matrices of mobile and ics are not in the bundle") {
		t.Errorf("notes: %q", notes)
	}
	if _, err := tables.In(Older); err == nil {
		t.Error("the bundle knows what v18 was")
	}
	if same, err := tables.In("v20"); err != nil || same != tables {
		t.Error("the bundle is not of v20")
	}
}

// A bundle of v18 has Defense Evasion, and never heard of what came after.
func TestReadOlder(t *testing.T) {
	data := string(testBundle(t))
	for _, pair := range [][2]string{{`"20.0"`, `"18.1"`}, {`"stealth"`, `"defense-evasion"`}, {`"Stealth"`, `"Defense Evasion"`}} {
		data = strings.ReplaceAll(data, pair[0], pair[1])
	}
	tables, err := Read(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if !tables.Speaks("v18") || !tables.Speaks("v18.1") || tables.Speaks("v19") {
		t.Errorf("it speaks %s", tables.Version)
	}
	if len(tables.TacticSuccessors("defense-evasion")) > 0 || len(tables.LookupTactic("stealth")) > 0 {
		t.Error("it knows the tactics of v19")
	}
}

func TestReadErrors(t *testing.T) {
	whole := string(testBundle(t))
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "line 1: the file ends within the bundle, expected all of a STIX 2.1 bundle"},
		{"cut off", whole[:len(whole)-20], "line 391: the file ends within the bundle, expected all of a STIX 2.1 bundle"},
		{"a list", "[]", `line 1: expected a STIX 2.1 bundle, a mapping with "objects", found [`},
		{"no JSON", "{\n\"objects\": [\n{]}", "line 3: not JSON: invalid character ']' looking for beginning of object key string"},
		{"no bundle", "{\n\"type\": \"indicator\"}", `line 2: expected an object of the type "bundle", found "indicator"`},
		{"no objects", "{\"type\":\"bundle\"}", `line 1: expected a STIX 2.1 bundle, found no "objects"`},
		{"wrong type", "{\"objects\": [\n{\"type\":\"x-mitre-collection\"},\n{\"type\":\"attack-pattern\",\"name\":7}]}", `line 3: object 2: expected a string for "name", found a number`},
		{"objects", "{\"objects\": {}}", "line 1: expected a list of objects, found {"},
		{"no version", strings.Replace(whole, "x-mitre-collection", "x-other", 1), "the bundle does not say which version of ATT&CK it is: expected an object of the type x-mitre-collection, as the bundles of mitre-attack/attack-stix-data have"},
		{"odd version", strings.Replace(whole, `"20.0"`, `"next"`, 1), `expected a version such as "18.1" for "x_mitre_version" of the x-mitre-collection, found "next"`},
		{"no techniques", strings.ReplaceAll(whole, `"attack-pattern"`, `"malware"`), "the bundle has no technique (attack-pattern with an external id such as T1059)"},
		{"no tactics", strings.ReplaceAll(whole, `"x-mitre-tactic"`, `"x-tactic"`), "the bundle has techniques of the enterprise matrix and no tactic (x-mitre-tactic) of it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.text))
			if err == nil || err.Error() != c.want {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
	if _, err := OpenFile(t.TempDir()); err == nil {
		t.Error("a folder is a bundle")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(bytes.ReplaceAll(testBundle(f), []byte("\n"), nil))
	f.Add([]byte(`{"type":"bundle","objects":[{"type":"x-mitre-collection","x_mitre_version":"19.0"},{"type":"attack-pattern"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tables, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		for technique := range tables.Techniques(Enterprise) { // those of the bundle
			tables.Current(technique.ID)
			tables.TelemetryOf(technique.ID)
			tables.BelongsTo(technique.ID, "execution")
		}
		tables.Nearest("T105")
	})
}

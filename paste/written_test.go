package paste

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// TestPasteMeansWhatItSays writes every exclusion of the catalog as a Sigma
// item and reads it back: it must be the row it was written for.
func TestPasteMeansWhatItSays(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	frame := "title: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a005\nlogsource: {product: %s, category: %s}\ndetection:\n    s:\n        %s\n    condition: s\n"
	for _, logsource := range [][2]string{{"windows", "process_creation"}, {"windows", "network_connection"}, {"windows", "file_event"}, {"windows", "registry_set"}, {"linux", "process_creation"}} {
		text := fmt.Sprintf(frame, logsource[0], logsource[1], "a: b")
		r := normalize.Normalize(parsers.Parse("r.yml", []byte(text), nil).Rules[0])
		written := 0
		for row := range cat.Rows() {
			k := row.Key()
			if row.Exclusion().Len() == 0 || strings.HasPrefix(k.Value, "sha256:") {
				continue
			}
			w := &writer{Rule: r, catalog: cat}
			spelled, _ := w.asWritten(k)
			field, value, ok := w.sigmaItem(spelled)
			if !ok {
				continue
			}
			written++
			value = usualLayout.quote(field, value)
			text := fmt.Sprintf(frame, logsource[0], logsource[1], field+": "+value)
			f := parsers.Parse("r.yml", []byte(text), nil)
			if len(f.Problems) > 0 {
				t.Errorf("%s: %s: %v", field, value, f.Problems)
				continue
			}
			got := normalize.Row(normalize.Normalize(f.Rules[0]).Predicates[0].Key)
			want := k
			if k.Operator == rule.Eq && strings.HasPrefix(got.Value, "/") != strings.HasPrefix(k.Value, "/") {
				continue // a name of the other system's paths
			}
			if got != want {
				t.Errorf("%s: %s\nis   %+v\nwant %+v", field, value, got, want)
			}
		}
		if written < 500 {
			t.Errorf("%v: only %d rows could be written", logsource, written)
		}
	}
}

func TestEscapeSigma(t *testing.T) {
	for in, want := range map[string]string{
		`a\b`: `a\b`, `a\`: `a\`, `\\server`: `\\\\server`, `a*b?`: `a\*b\?`, `a\*`: `a\\\*`, `?:\x`: `?:\x`, `\\`: `\\\\`,
	} {
		if got := escapeSigma(in); got != want {
			t.Errorf("%s is written %s, want %s", in, got, want)
		}
	}
}

// TestPasteElasticMeansWhatItSays writes every exclusion of the catalog as a
// clause and reads it back.
func TestPasteElasticMeansWhatItSays(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		language, query string
		least           int
	}{{"eql", "any where x.y : 1 ", 500}, {"kuery", "x.y:1 ", 10}} {
		parse := func(query string) *rule.File {
			return parsers.Parse("r.toml", []byte("[rule]\nrule_id = \"x\"\ntype = \"query\"\nlanguage = \""+c.language+"\"\nquery = '''"+query+"'''\n"), nil)
		}
		r := normalize.Normalize(parse(c.query).Rules[0])
		written := 0
		for row := range cat.Rows() {
			k := row.Key()
			if row.Exclusion().Len() == 0 || strings.HasPrefix(k.Value, "sha256:") {
				continue
			}
			hint := Exclusions(r, []normalize.Key{k, k}, cat).Text
			_, clause, ok := strings.Cut(hint, "and ")
			if !ok || strings.Contains(clause, "'''") {
				continue
			}
			written++
			f := parse(c.query + "and " + clause)
			if len(f.Problems) > 0 {
				t.Errorf("%s: %v", clause, f.Problems)
				continue
			}
			r := normalize.Normalize(f.Rules[0])
			if got := r.Predicates[1].Key; got != k || len(r.Exclusions) != 1 {
				t.Errorf("%s\nis   %+v\nwant %+v", clause, got, k)
			}
		}
		if written < c.least {
			t.Errorf("%s: only %d rows could be written", c.language, written)
		}
	}
}

// TestPasteESQLMeansWhatItSays does the same with the commands of ES|QL.
func TestPasteESQLMeansWhatItSays(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	parse := func(more string) *rule.File {
		return parsers.Parse("r.toml", []byte("[rule]\nrule_id = \"x\"\ntype = \"esql\"\nlanguage = \"esql\"\nquery = '''FROM i METADATA _id"+more+"\n| WHERE x.y == 1\n| STATS n = COUNT(*) BY x.y'''\n"), nil)
	}
	r := normalize.Normalize(parse("").Rules[0])
	written := 0
	for row := range cat.Rows() {
		k := row.Key()
		if row.Exclusion().Len() == 0 || strings.HasPrefix(k.Value, "sha256:") {
			continue
		}
		_, commands, ok := strings.Cut(Exclusions(r, []normalize.Key{k, k}, cat).Text, ":\n")
		if !ok || strings.Contains(commands, "'''") {
			continue
		}
		written++
		f := parse("\n" + commands)
		if len(f.Problems) > 0 {
			t.Errorf("%s: %v", commands, f.Problems)
			continue
		}
		r := normalize.Normalize(f.Rules[0])
		if got := r.Predicates[0].Key; got != k || !r.Predicates[0].Negated || len(r.Exclusions) != 1 || !r.Precludes(k) {
			t.Errorf("%s\nis   %+v\nwant %+v", commands, got, k)
		}
	}
	if written < 500 {
		t.Errorf("only %d rows could be written", written)
	}
}

func TestPasteESQL(t *testing.T) {
	keys := []normalize.Key{
		{Field: "process.name", Operator: rule.Eq, Value: "a.exe"},
		{Field: "process.name", Operator: rule.Eq, Value: "b.exe"},
		{Field: "process.executable", Operator: rule.StartsWith, Value: `?:\program files\`},
		{Field: "process.executable", Operator: rule.EndsWith, Value: `*\c.exe`},
		{Field: "destination.port", Operator: rule.Eq, Value: "443"},
		{Field: "source.as.number", Operator: rule.Eq, Value: "64496"},
		{Field: "destination.ip", Operator: rule.CIDR, Value: "10.0.0.0/8"},
		{Field: "destination.ip", Operator: rule.CIDR, Value: "fe80::/10"},
	}
	want := `paste behind the sources, in front of the first |:
    | WHERE NOT COALESCE(TO_LOWER(process.name) IN ("a.exe", "b.exe"), false)
    | WHERE NOT COALESCE(TO_LOWER(process.executable) LIKE """?:\\program files\\*""" OR TO_LOWER(process.executable) LIKE """*\*\\c.exe""", false)
    | WHERE NOT COALESCE(TO_STRING(destination.port) == "443", false)
    | WHERE NOT COALESCE(TO_STRING(` + "`source.as.number`" + `) == "64496", false)
    | WHERE NOT COALESCE(CIDR_MATCH(destination.ip, "10.0.0.0/8", "fe80::/10"), false)`
	for query, want := range map[string]string{
		"FROM i | WHERE x == 1":                       want,
		"FROM (FROM i | WHERE x == 1), (FROM j)":      "",
		"FROM i | FORK (WHERE x == 1) (WHERE y == 2)": "",
		"ROW x = 1 | WHERE x == 1":                    "",
	} {
		f := parsers.Parse("r.toml", []byte("[rule]\nrule_id = \"x\"\ntype = \"esql\"\nquery = '''"+query+"'''\n"), nil)
		r := normalize.Normalize(f.Rules[0])
		if got := Exclusions(r, keys, nil).Text; got != want {
			t.Errorf("%s\ngot  %s\nwant %s", query, got, want)
		}
	}
	// A column that the query computes is no field at its beginning.
	f := parsers.Parse("r.toml", []byte("[rule]\nrule_id = \"x\"\ntype = \"esql\"\nquery = '''FROM i | EVAL host.name = CONCAT(a, b) | WHERE host.name == \"c\" AND process.name == \"d\"'''\n"), nil)
	r := normalize.Normalize(f.Rules[0])
	if got := Exclusions(r, []normalize.Key{{Field: "host.name", Operator: rule.Eq, Value: "x"}}, nil).Text; !strings.Contains(got, "host.name") {
		t.Errorf("the stored field of that name: %q", got)
	}
}

// TestPasteKustoMeansWhatItSays writes every exclusion of the catalog as a line
// and reads it back.
func TestPasteKustoMeansWhatItSays(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		query string
		least int
	}{{"DeviceProcessEvents", 100}, {"DeviceNetworkEvents", 50}, {"DeviceFileEvents", 50}, {"SecurityEvent", 20}} {
		parse := func(lines string) *rule.File {
			text := c.query + "\n" + lines + "| where Zzz == 1\n"
			return parsers.Parse("r.kql", []byte(text), nil)
		}
		r := normalize.Normalize(parse("").Rules[0])
		written := 0
		for row := range cat.Rows() {
			k := row.Key()
			if row.Exclusion().Len() == 0 || strings.HasPrefix(k.Value, "sha256:") {
				continue
			}
			keys := []normalize.Key{k, k}[written%2:] // alone, and in a list
			_, line, ok := strings.Cut(Exclusions(r, keys, cat).Text, "\n")
			if !ok {
				continue
			}
			written++
			f := parse(line + "\n")
			if len(f.Problems) > 0 {
				t.Errorf("%s: %v", line, f.Problems)
				continue
			}
			r := normalize.Normalize(f.Rules[0])
			if got := r.Predicates[0].Key; normalize.Row(got) != normalize.Row(k) || len(r.Exclusions) == 0 {
				t.Errorf("%s\nis   %+v\nwant %+v", line, got, k)
			}
		}
		if written < c.least {
			t.Errorf("%s: only %d rows could be written", c.query, written)
		}
	}
}

// TestPasteKustoKeepsAway: where a column may no longer be what the table has,
// or it is not certain which table is meant, nothing is suggested.
func TestPasteKustoKeepsAway(t *testing.T) {
	name := normalize.Key{Field: "process.name", Operator: rule.Eq, Value: "a.exe"}
	for _, c := range []struct{ query, want string }{
		{"DeviceProcessEvents\n| where FileName == 'x.exe'", "paste below DeviceProcessEvents:\n    | where not(FileName =~ \"a.exe\")"},
		{"DeviceProcessEvents\n| where ProcessCommandLine has 'x'", "paste below DeviceProcessEvents:\n    | where not(FileName =~ \"a.exe\")"},
		{"union DeviceProcessEvents, DeviceEvents\n| where FileName == 'x.exe'", ""},
		{"DeviceProcessEvents\n| summarize n = count() by FileName\n| where n > 5 and FileName == 'x.exe'", "paste below DeviceProcessEvents:\n    | where not(FileName =~ \"a.exe\")"},
		{"DeviceProcessEvents\n| where FileName == 'x.exe'\n| join kind=leftanti (DeviceProcessEvents | where FileName == 'y.exe') on DeviceId", ""},
		{"DeviceProcessEvents\n| extend FileName = strcat(FileName, 'x')\n| where FileName == 'x.exe'", ""},
	} {
		r := normalize.Normalize(parsers.Parse("r.kql", []byte(c.query), nil).Rules[0])
		if got := Exclusions(r, []normalize.Key{name}, nil).Text; got != c.want {
			t.Errorf("%s\ngot  %q\nwant %q", c.query, got, c.want)
		}
	}
}

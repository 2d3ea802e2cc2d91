package catalog

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var (
	rclone     = key("process.name", rule.Eq, "rclone.exe")
	powershell = key("process.name", rule.Eq, "powershell.exe")
	copyArg    = key("process.command_line", rule.Contains, "copy")
	sysmon1    = normalize.Event{Provider: "Sysmon", Event: "1"}
)

func threeRules(tb testing.TB) *Catalog {
	sources := []Source{
		{Name: "SigmaHQ/sigma", Vendor: rule.Sigma, Commit: "8eaafff1", License: "DRL-1.1", URL: "https://example.org/sigma/blob/8eaafff1"},
		{Name: "elastic", Vendor: rule.Elastic},
		{Name: "elastic", Vendor: rule.Elastic},
	}
	return build(tb, sources,
		Rule{
			Source: 0, Vendor: rule.Sigma, ID: "B", Title: "Rclone", Path: "rules/a b#1.yml", Level: rule.LevelHigh,
			Content: "0123456789abcdef0123", Category: "process_creation", Techniques: []string{"t1562.001", "T1685", ""},
			Tactics: []string{"impact", "execution", "impact"}, Events: []normalize.Event{sysmon1, sysmon1},
			Indicators: []normalize.Key{rclone, copyArg, rclone},
			Exclusions: [][]normalize.Key{{powershell, powershell}, {}, {copyArg, powershell}},
		},
		Rule{Source: 1, Vendor: rule.Elastic, ID: "a", Techniques: []string{"T1020"}, Indicators: []normalize.Key{rclone}},
		Rule{Source: 2, Vendor: rule.Elastic, Path: "x.toml", Content: "0123456789abcdef", Indicators: []normalize.Key{rclone, powershell}},
	)
}

func TestLookups(t *testing.T) {
	c := threeRules(t)
	if got, want := refs(c.Indicator(rclone)), []RuleRef{0, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("rules with rclone = %v, want %v", got, want)
	}
	if got, want := refs(c.Exclusion(powershell)), []RuleRef{2}; !slices.Equal(got, want) {
		t.Errorf("rules that exclude powershell = %v, want %v", got, want)
	}
	for _, k := range []normalize.Key{{}, key("process.name", rule.Eq, "Rclone.exe"), key("process.name", rule.Contains, "rclone.exe"), key("rclone.exe", rule.Eq, "copy")} {
		if c.Indicator(k).Len()+c.Exclusion(k).Len() != 0 {
			t.Errorf("%v is used", k)
		}
	}
	reach := c.Reach(rclone)
	if want := (Reach{3, []rule.Vendor{rule.Elastic, rule.Sigma}}); !cmp.Equal(reach, want) {
		t.Errorf("reach of rclone = %v, want %v", reach, want)
	}
	reach = c.Reach(rclone, append(refs(c.ByID("b")), refs(c.ByContent("0123456789abcdef"))...)...)
	if want := (Reach{1, []rule.Vendor{rule.Elastic}}); !cmp.Equal(reach, want) {
		t.Errorf("reach of rclone elsewhere = %v, want %v", reach, want)
	}
	for _, id := range []string{"T1562.001", "T1685", "t1089"} { // filed under the current id, once
		if got := refs(c.Technique(id)); !slices.Equal(got, []RuleRef{2}) {
			t.Errorf("rules of %s = %v", id, got)
		}
	}
	if got, want := c.Techniques(), []string{"T1020", "T1685"}; !slices.Equal(got, want) {
		t.Errorf("techniques = %v, want %v", got, want)
	}
	if got := refs(c.Event(sysmon1)); !slices.Equal(got, []RuleRef{2}) {
		t.Errorf("rules of Sysmon 1 = %v", got)
	}
	if got := c.Event(normalize.Event{Provider: "Sysmon", Event: "rclone.exe"}); got.Len() != 0 {
		t.Errorf("an event nobody has is covered by %v", refs(got))
	}
	if c.ByID("").Len()+c.ByContent("").Len() != 0 {
		t.Error("rules without an id or content are found by it")
	}
	if got := refs(c.ByContent("0123456789abcdef0123")); !slices.Equal(got, []RuleRef{0, 2}) {
		t.Errorf("rules by content = %v", got)
	}
	var fields []string
	for row := range c.Field("process.name") {
		fields = append(fields, row.Key().Value)
	}
	if want := []string{"powershell.exe", "rclone.exe"}; !slices.Equal(fields, want) {
		t.Errorf("values of process.name = %v, want %v", fields, want)
	}
	for range c.Field("nothing") {
		t.Error("a field nobody uses has rows")
	}
}

func TestRule(t *testing.T) {
	c := threeRules(t)
	want := Rule{
		Source: 0, Vendor: rule.Sigma, ID: "B", Title: "Rclone", Path: "rules/a b#1.yml", Level: rule.LevelHigh,
		Content: "0123456789abcdef", Category: "process_creation", Techniques: []string{"T1685"},
		Tactics: []string{"execution", "impact"}, Events: []normalize.Event{sysmon1},
		Indicators: []normalize.Key{copyArg, rclone},
		Exclusions: [][]normalize.Key{{powershell}, {copyArg, powershell}},
	}
	if diff := cmp.Diff(want, c.Rule(2)); diff != "" {
		t.Error(diff)
	}
	if got, want := c.URL(2), "https://example.org/sigma/blob/8eaafff1/rules/a%20b%231.yml"; got != want {
		t.Errorf("URL = %q, want %q", got, want)
	}
	if got := c.URL(0); got != "" {
		t.Errorf("URL without a source's = %q", got)
	}
	if got := c.Rule(99); !cmp.Equal(got, Rule{}) || c.Vendor(99) != "" || c.URL(99) != "" {
		t.Errorf("rule 99 = %v", got)
	}
	var zero Row
	if zero.Key() != (normalize.Key{}) || zero.Indicator().Len()+zero.Exclusion().Len() != 0 {
		t.Error("the zero row is not empty")
	}
}

func TestInfo(t *testing.T) {
	c := threeRules(t)
	info := c.Info()
	info.Size = 0
	want := Info{
		FormatVersion: FormatVersion, Date: "2026-08", Attack: "v19", Rules: 3, Rows: 3, Postings: 7, Techniques: 2, Events: 1,
		Sources: []Source{
			{Name: "SigmaHQ/sigma", Vendor: rule.Sigma, Commit: "8eaafff1", License: "DRL-1.1", URL: "https://example.org/sigma/blob/8eaafff1", Rules: 1},
			{Name: "elastic", Vendor: rule.Elastic, Rules: 2},
		},
	}
	if diff := cmp.Diff(want, info); diff != "" {
		t.Error(diff)
	}
}

func TestStored(t *testing.T) {
	long := key("f", rule.Contains, strings.Repeat("é", MaxValue+1))
	short := key("f", rule.Contains, strings.Repeat("é", MaxValue))
	c := build(t, []Source{{}}, Rule{Indicators: []normalize.Key{long, short}})
	if c.Indicator(long).Len() != 1 || c.Indicator(short).Len() != 1 {
		t.Error("a long value is not found")
	}
	for row := range c.Rows() {
		k := row.Key()
		if k != short && !strings.HasPrefix(k.Value, "sha256:") || k != Stored(k) {
			t.Errorf("kept as %q", k.Value)
		}
	}
}

func TestAddCatalog(t *testing.T) {
	c := threeRules(t)
	one := build(t, []Source{{Name: "own"}}, Rule{Vendor: rule.Kusto, ID: "k", Indicators: []normalize.Key{rclone}})
	b := NewBuilder("2026-09")
	b.AddCatalog(c)
	b.AddCatalog(one)
	both := open(t, write(t, b))
	if err := both.Verify(); err != nil {
		t.Fatal(err)
	}
	if got := both.Reach(rclone); got.Rules != 4 || len(got.Vendors) != 3 || len(both.Info().Sources) != 3 {
		t.Errorf("reach = %v of %v", got, both.Info().Sources)
	}
	again := NewBuilder(c.Info().Date)
	again.AddCatalog(c)
	if write(t, again) != c.data {
		t.Error("a catalog built from a catalog differs from it")
	}
}

func TestBuilderErrors(t *testing.T) {
	b := NewBuilder("")
	b.Add(Rule{ID: "x", Path: "p"})
	if _, err := b.WriteTo(&bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), `rule "x" of p names source 0`) {
		t.Errorf("error = %v", err)
	}
}

func TestDeterminism(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(3, 4)), 20}
	sources := []Source{{Name: "b"}, {Name: "a"}, {Name: "a", Commit: "1"}}
	var rules []Rule
	for i := range 300 {
		r := g.rule(i%250, 3) // some share id, path and index
		rules = append(rules, r)
	}
	rules = append(rules, rules[:3]...)
	var want string
	for round := range 10 {
		order := g.Perm(len(sources))
		b := NewBuilder("d")
		numbers := make([]int, len(sources))
		for _, i := range order {
			numbers[i] = b.AddSource(sources[i])
		}
		g.Shuffle(len(rules), func(i, j int) { rules[i], rules[j] = rules[j], rules[i] })
		for _, r := range rules {
			r.Source = numbers[r.Source]
			g.Shuffle(len(r.Indicators), func(i, j int) { r.Indicators[i], r.Indicators[j] = r.Indicators[j], r.Indicators[i] })
			b.Add(r)
		}
		got := write(t, b)
		if got != write(t, b) {
			t.Fatal("writing twice gives two results")
		}
		if round == 0 {
			want = got
		} else if got != want {
			t.Fatalf("round %d differs", round)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	good := threeRules(t).data
	for _, tt := range []struct {
		name, data string
		want       error
	}{
		{"empty", "", ErrFormat},
		{"other file", "PK\x03\x04 something else", ErrFormat},
		{"magic only", magic, ErrCorrupt},
		{"newer", good[:8] + "\x03" + good[9:], ErrVersion},
		{"header cut", good[:headerSize-1], ErrCorrupt},
		{"cut", good[:len(good)-1], ErrCorrupt},
		{"longer", good + "x", ErrCorrupt},
		{"section count", good[:20] + "\xff" + good[21:], ErrCorrupt},
		{"section offset", good[:24] + "\xff" + good[25:], ErrCorrupt},
		{"section size", good[:28] + "\xff\xff\xff\xff" + good[32:], ErrCorrupt},
	} {
		if _, err := Open(tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: error = %v, want %v", tt.name, err, tt.want)
		}
	}
	_, err := Open(good[:8] + "\x03" + good[9:])
	if want := "unsupported catalog format: it has format 3, this detlint reads format 2"; err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
	path := filepath.Join(t.TempDir(), "c.bin")
	if _, err := OpenFile(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
	for data, want := range map[string]error{good: nil, good[:len(good)-1] + "x": ErrCorrupt} {
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenFile(path); !errors.Is(err, want) {
			t.Errorf("OpenFile = %v, want %v", err, want)
		}
	}
}

// TestDefault checks the embedded catalog, which "detlint catalog build" made.
func TestDefault(t *testing.T) {
	c, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Verify(); err != nil {
		t.Error(err)
	}
}

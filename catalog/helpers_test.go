package catalog

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

func write(tb testing.TB, b *Builder) string {
	tb.Helper()
	var buf bytes.Buffer
	n, err := b.WriteTo(&buf)
	if err != nil {
		tb.Fatal(err)
	}
	if n != int64(buf.Len()) {
		tb.Fatalf("WriteTo says %d bytes and wrote %d", n, buf.Len())
	}
	return buf.String()
}

func open(tb testing.TB, data string) *Catalog {
	tb.Helper()
	c, err := Open(data)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func build(tb testing.TB, sources []Source, rules ...Rule) *Catalog {
	tb.Helper()
	b := NewBuilder("2026-08")
	for _, s := range sources {
		b.AddSource(s)
	}
	for _, r := range rules {
		b.Add(r)
	}
	c := open(tb, write(tb, b))
	if err := c.Verify(); err != nil {
		tb.Fatal(err)
	}
	return c
}

func key(field string, op rule.Operator, value string) normalize.Key {
	return normalize.Key{Field: field, Operator: op, Value: value}
}

func refs(p Postings) []RuleRef {
	var out []RuleRef
	for ref := range p.All() {
		out = append(out, ref)
	}
	return out
}

// generator makes random rules with the skew of real ones: few popular
// comparisons and a long tail. A small vocabulary makes rules meet often.
type generator struct {
	*rand.Rand
	vocabulary int
}

func (g generator) pick(n int) int {
	return min(g.IntN(n), g.IntN(n), g.IntN(n))
}

func (g generator) key() normalize.Key {
	ops := []rule.Operator{rule.Eq, rule.Contains, rule.EndsWith, rule.StartsWith, rule.Regex, rule.Exists}
	op := ops[g.pick(len(ops))]
	u := g.Float64()
	n := int(float64(3*g.vocabulary) * u * u * u)
	value := fmt.Sprintf(`c:\folder\é%d.exe`, n)
	switch {
	case op == rule.Exists:
		value = ""
	case g.IntN(200) == 0:
		value = strings.Repeat("é"+value, 20)
	}
	return key(fmt.Sprintf("field.%d", n%7), op, value)
}

func (g generator) keys(n int) []normalize.Key {
	var out []normalize.Key
	for range n {
		out = append(out, g.key())
	}
	return out
}

func (g generator) rule(i, sources int) Rule {
	vendors := []rule.Vendor{rule.Sigma, rule.Elastic, rule.Splunk, rule.Kusto}
	techniques := []string{"T1059.001", "t1059", "T1562.001", "T1685", "T1089", "T9999", "T1003.001", "T1020", "T1112"}
	r := Rule{
		Source: g.IntN(sources), Vendor: vendors[g.IntN(4)], Language: "eql", Title: fmt.Sprintf("Title %d", i),
		Path: fmt.Sprintf("rules/windows/process creation/%d.yml", i), Index: g.IntN(3),
		Level:    append(rule.Levels, rule.LevelUnknown)[g.IntN(6)],
		Category: fmt.Sprintf("category_%d", g.IntN(8)),
	}
	if g.IntN(20) > 0 {
		r.ID = fmt.Sprintf("%08X-aaaa-bbbb", g.IntN(1<<20))
	}
	if g.IntN(20) > 0 {
		r.Content = fmt.Sprintf("%024x", g.Uint64()>>g.IntN(60))
	}
	for range g.IntN(4) {
		r.Techniques = append(r.Techniques, techniques[g.pick(len(techniques))])
	}
	for range g.IntN(3) {
		r.Tactics = append(r.Tactics, []string{"execution", "impact", "stealth"}[g.IntN(3)])
	}
	for range g.IntN(4) {
		r.Events = append(r.Events, normalize.Event{Provider: fmt.Sprintf("provider %d", g.pick(6)), Event: fmt.Sprint(g.pick(10))})
	}
	r.Indicators = g.keys(g.IntN(20))
	for range g.pick(6) {
		r.Exclusions = append(r.Exclusions, g.keys(g.IntN(4)))
	}
	return r
}

// synthetic is a catalog of n rules of about the shape of the public corpora.
func synthetic(tb testing.TB, n int) string {
	g := generator{rand.New(rand.NewPCG(1, 2)), n}
	b := NewBuilder("2026-08")
	for _, name := range []string{"a", "b", "c", "d"} {
		b.AddSource(Source{Name: name, Commit: "8eaafff1", License: "none", URL: "https://example.org/" + name})
	}
	for i := range n {
		r := g.rule(i, 4)
		r.Indicators = append(r.Indicators, g.keys(5)...)
		b.Add(r)
	}
	return write(tb, b)
}

package catalog

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/detlint/detlint/normalize"
)

// model is what a catalog must answer, by plain maps of titles (which are
// unique here).
type model struct {
	indicator, exclusion map[normalize.Key]map[string]bool
	technique, id        map[string]map[string]bool
	event                map[normalize.Event]map[string]bool
}

func put[K comparable](m map[K]map[string]bool, k K, title string) {
	if m[k] == nil {
		m[k] = map[string]bool{}
	}
	m[k][title] = true
}

func newModel(rules []Rule) model {
	m := model{
		map[normalize.Key]map[string]bool{},
		map[normalize.Key]map[string]bool{},
		map[string]map[string]bool{},
		map[string]map[string]bool{},
		map[normalize.Event]map[string]bool{},
	}
	for _, r := range rules {
		for _, k := range r.Indicators {
			put(m.indicator, k, r.Title)
		}
		for _, clause := range r.Exclusions {
			for _, k := range clause {
				put(m.exclusion, k, r.Title)
			}
		}
		for _, id := range r.Techniques {
			id = map[string]string{"T1562.001": "T1685", "T1089": "T1685", "t1059": "T1059"}[id] + "|" + id
			current, written, _ := strings.Cut(id, "|")
			if current == "" {
				current = written
			}
			put(m.technique, current, r.Title)
		}
		for _, e := range r.Events {
			put(m.event, e, r.Title)
		}
		if r.ID != "" {
			put(m.id, r.ID, r.Title)
		}
	}
	return m
}

func TestAgainstModel(t *testing.T) {
	for seed := range uint64(30) {
		g := generator{rand.New(rand.NewPCG(seed, 0)), 2 + int(seed)*3}
		var rules []Rule
		for i := range int(seed * 7) {
			rules = append(rules, g.rule(i, 2))
		}
		c := build(t, []Source{{Name: "a"}, {Name: "b"}}, rules...)
		m := newModel(rules)

		same := func(what any, p Postings, want map[string]bool) {
			t.Helper()
			got := map[string]bool{}
			last := -1
			for ref := range p.All() {
				got[c.Title(ref)] = true
				if int(ref) <= last || !p.Contains(ref) {
					t.Errorf("seed %d: postings of %v are out of order", seed, what)
				}
				last = int(ref)
			}
			if len(got) != p.Len() || !cmp.Equal(got, want, cmpopts.EquateEmpty()) {
				t.Errorf("seed %d: %v has %d postings %v, want %v", seed, what, p.Len(), got, want)
			}
		}
		rows := map[normalize.Key]bool{}
		var last normalize.Key
		uses := 0
		for row := range c.Rows() {
			k := row.Key()
			if len(rows) > 0 && compareKeys(last, k) >= 0 {
				t.Errorf("seed %d: row %v stands after %v", seed, k, last)
			}
			last = k
			rows[k] = true
			uses += row.Indicator().Len() + row.Exclusion().Len()
		}
		for k, want := range m.indicator {
			same(k, c.Indicator(k), want)
			delete(rows, Stored(k))
		}
		for k, want := range m.exclusion {
			same(k, c.Exclusion(k), want)
			delete(rows, Stored(k))
		}
		if len(rows) > 0 || uses != c.Info().Postings {
			t.Errorf("seed %d: rows nobody uses: %v; %d uses, said to be %d", seed, rows, uses, c.Info().Postings)
		}
		for range 50 { // most of these are not there
			k := g.key()
			same(k, c.Indicator(k), m.indicator[k])
		}
		for id, want := range m.technique {
			same(id, c.Technique(id), want)
		}
		if got := len(c.Techniques()); got != len(m.technique) {
			t.Errorf("seed %d: %d techniques, want %d", seed, got, len(m.technique))
		}
		for e, want := range m.event {
			same(e, c.Event(e), want)
		}
		events := 0
		for e, p := range c.Events() {
			same(e, p, m.event[e])
			events++
		}
		if events != len(m.event) {
			t.Errorf("seed %d: %d events, want %d", seed, events, len(m.event))
		}
		for id, want := range m.id {
			same(id, c.ByID(strings.ToLower(id)), want)
		}
		roundTrip(t, c, rules, seed)
	}
}

// roundTrip checks that each rule comes back as it was given.
func roundTrip(t *testing.T, c *Catalog, rules []Rule, seed uint64) {
	t.Helper()
	given := map[string]Rule{}
	for _, r := range rules {
		given[r.Title] = r
	}
	for ref := range c.Rules() {
		got := c.Rule(ref)
		want := given[got.Title]
		ignore := cmpopts.IgnoreFields(Rule{}, "Techniques", "Tactics", "Events", "Indicators", "Exclusions", "Content")
		if diff := cmp.Diff(want, got, ignore); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
		var keys []normalize.Key
		for _, k := range want.Indicators {
			if k = Stored(k); !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
		slices.SortFunc(keys, compareKeys)
		if !slices.Equal(keys, got.Indicators) {
			t.Errorf("seed %d: indicators %v, want %v", seed, got.Indicators, keys)
		}
		clauses := slices.DeleteFunc(slices.Clone(want.Exclusions), func(c []normalize.Key) bool { return len(c) == 0 })
		if len(clauses) != len(got.Exclusions) {
			t.Errorf("seed %d: %d clauses, want %d", seed, len(got.Exclusions), len(clauses))
		}
		for i, clause := range got.Exclusions {
			for _, k := range clauses[i] {
				if !slices.Contains(clause, Stored(k)) {
					t.Errorf("seed %d: clause %d of %s lacks %v", seed, i, got.Title, k)
				}
			}
		}
		var techniques []string
		for id := range c.RuleTechniques(ref) {
			techniques = append(techniques, id)
		}
		if !slices.Equal(techniques, got.Techniques) || len(got.Techniques) > 0 != (len(want.Techniques) > 0) {
			t.Errorf("seed %d: techniques %v and %v", seed, techniques, got.Techniques)
		}
		if c.Level(ref) != want.Level || c.Vendor(ref) != want.Vendor || c.ID(ref) != want.ID || c.Category(ref) != want.Category {
			t.Errorf("seed %d: accessors of %s differ", seed, want.Title)
		}
	}
}

// exercise asks a catalog everything there is to ask and returns how many
// answers it gave.
func exercise(c *Catalog) int {
	n := len(fmt.Sprint(c.Info()))
	budget := 20_000 // damaged lists can overlap; the answers need no end
	keys := []normalize.Key{rclone, {}}
	for row := range c.Rows() {
		keys = append(keys, row.Key())
		if budget--; budget < 0 || len(keys) > 200 {
			break
		}
	}
	each := func(p Postings) {
		n += p.Len()
		for ref := range p.All() {
			if int(ref) >= c.Len() {
				panic("a rule that does not exist")
			}
			p.Contains(ref)
			n += len(c.Vendor(ref)) + len(c.Level(ref)) + len(c.URL(ref))
			if budget--; budget < 0 {
				return
			}
		}
	}
	for _, k := range keys {
		each(c.Indicator(k))
		each(c.Exclusion(k))
		n += c.Reach(k, refs(c.ByID("b"))...).Rules
		for row := range c.Field(k.Field) {
			each(row.Exclusion())
			if budget < 0 {
				break
			}
		}
	}
	for _, id := range append(c.Techniques(), "T1562.001") {
		each(c.Technique(id))
	}
	for e, p := range c.Events() {
		each(p)
		each(c.Event(e))
	}
	for ref := range RuleRef(min(c.Len(), 100) + 2) {
		r := c.Rule(ref)
		n += len(r.Indicators) + len(r.Exclusions)
		each(c.ByID(r.ID))
		each(c.ByContent(r.Content))
	}
	return n
}

func TestCorruption(t *testing.T) {
	good := threeRules(t).data
	want := exercise(open(t, good))
	undetected := 0
	for at := range len(good) {
		bad := []byte(good)
		bad[at] ^= []byte{1, 0x80, 0xff}[at%3]
		c, err := Open(string(bad))
		if err != nil {
			continue
		}
		exercise(c)
		if c.Verify() == nil {
			undetected++
		}
	}
	for n := range len(good) {
		if _, err := Open(good[:n]); err == nil {
			t.Errorf("a file cut to %d bytes opens", n)
		}
	}
	if undetected > 0 {
		t.Errorf("%d changes go unnoticed by Verify", undetected)
	}
	if got := exercise(open(t, good)); got != want {
		t.Errorf("%d answers, before %d", got, want)
	}
}

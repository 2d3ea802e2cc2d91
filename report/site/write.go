package site

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/report"
)

const (
	indicatorNote = "How many rules look for this. Reach counts those of the whole catalog, whatever they are about; blank where it is the same number. A wide reach is noise on its own: combine it with something else."
	exclusionNote = "What rules leave out, by how many do. Alone are those that exclude by this one comparison; others ask for more to hold at once. Reach counts the rules of the whole catalog that exclude the same."
)

// tacticColumn is a column of the matrix.
type tacticColumn struct {
	Name       string
	ID         string
	Techniques []cell
	Covered    int
}

// cell is a technique in the matrix, with its sub-techniques.
type cell struct {
	ID, Name string
	Rules    int // with those of its sub-techniques
	Subs     []cell
	Covered  int // sub-techniques with rules
}

type matrixPage struct {
	Tactics []tacticColumn
	Others  []cell // of other matrices, or unknown to ATT&CK
	Attack  string
}

func (s *site) matrix() error {
	rules := map[string]map[catalog.RuleRef]bool{} // with those of sub-techniques
	seen := map[string]bool{}
	for _, id := range s.c.Techniques() {
		for ref := range s.c.Technique(id).All() {
			for _, of := range []string{id, attack.Parent(id)} {
				if of == "" {
					continue
				}
				if rules[of] == nil {
					rules[of] = map[catalog.RuleRef]bool{}
				}
				rules[of][ref] = true
			}
		}
	}
	subs := map[string][]cell{}
	var top []attack.Technique
	for t := range s.c.Tables().Techniques(attack.Enterprise) {
		if t.Status != attack.Active {
			continue
		}
		seen[t.ID] = true
		if parent := attack.Parent(t.ID); parent != "" {
			subs[parent] = append(subs[parent], cell{ID: t.ID, Name: t.Name, Rules: len(rules[t.ID])})
		} else {
			top = append(top, t)
		}
	}
	page := matrixPage{Attack: s.c.Tables().Version}
	for _, tactic := range s.c.Tables().Tactics(attack.Enterprise) {
		col := tacticColumn{Name: tactic.Name, ID: tactic.ShortName}
		for _, t := range top {
			if !slices.Contains(t.Tactics, tactic.ShortName) {
				continue
			}
			c := cell{ID: t.ID, Name: t.Name, Rules: len(rules[t.ID]), Subs: subs[t.ID]}
			for _, sub := range c.Subs {
				if sub.Rules > 0 {
					c.Covered++
				}
			}
			if c.Rules > 0 {
				col.Covered++
			}
			col.Techniques = append(col.Techniques, c)
		}
		slices.SortStableFunc(col.Techniques, func(a, b cell) int { return strings.Compare(a.Name, b.Name) })
		page.Tactics = append(page.Tactics, col)
	}
	for _, id := range s.c.Techniques() {
		if !seen[id] {
			t, _ := s.c.Tables().Lookup(id)
			page.Others = append(page.Others, cell{ID: id, Name: t.Name, Rules: len(rules[id])})
		}
	}
	return s.page("matrix", "index.html", "Techniques", page)
}

type techniquePage struct {
	*pages.Technique
	Indicators, Excluded table
}

func (s *site) techniques() error {
	ids := map[string]bool{}
	for _, id := range s.c.Techniques() {
		ids[id] = true
		if parent := attack.Parent(id); parent != "" {
			ids[parent] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		t, err := pages.TechniqueOf(s.c, id, false)
		if err != nil {
			continue // the parent of an id that ATT&CK does not have
		}
		err = s.page("technique", techniqueURL(id), t.ID+" "+t.Name, techniquePage{
			t,
			s.table("Top indicators", indicatorNote, t.Indicators, true, false),
			s.table("Exclusions", exclusionNote, t.Exclusions, true, true),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type eventPage struct {
	*pages.EventPage
	Indicators, Excluded table
}

func (s *site) events() error {
	var all []pages.Event
	for e, rules := range s.c.Events() {
		all = append(all, pages.Event{Event: e, Title: e.Title(), Rules: rules.Len()})
		p := pages.EventOf(s.c, e)
		err := s.page("event", eventURL(e), e.String(), eventPage{
			p,
			s.table("Top indicators", indicatorNote, p.Indicators, true, false),
			s.table("Exclusions", exclusionNote, p.Exclusions, true, true),
		})
		if err != nil {
			return err
		}
	}
	return s.page("events", "events.html", "Events", all)
}

type fieldPage struct {
	*pages.FieldPage
	Indicators, Excluded table
	Vendors              []vendorSpellings
}

type vendorSpellings struct {
	Vendor string
	Names  []string
}

func (s *site) fieldNames() []string {
	seen := map[string]bool{}
	for row := range s.c.Rows() {
		seen[row.Key().Field] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

type fieldCount struct {
	Field                      string
	Rules, Excluding, Distinct int
}

func (s *site) fields() error {
	var all []fieldCount
	for _, name := range s.fieldNames() {
		p := pages.CanonicalField(s.c, name)
		all = append(all, fieldCount{name, p.Rules.Len(), p.Excluding.Len(), len(p.Indicators)})
		view := fieldPage{
			FieldPage:  p,
			Indicators: s.table("Looked for", "Alone are the rules in which it is the only indicator.", p.Indicators, false, true),
			Excluded:   s.table("Excluded", "Alone are the rules that exclude by this one comparison.", p.Exclusions, false, true),
		}
		view.Indicators.Bare, view.Excluded.Bare = true, true
		for _, w := range p.Spellings {
			if n := len(view.Vendors); n == 0 || view.Vendors[n-1].Vendor != string(w.Vendor) {
				view.Vendors = append(view.Vendors, vendorSpellings{Vendor: string(w.Vendor)})
			}
			last := &view.Vendors[len(view.Vendors)-1]
			last.Names = append(last.Names, w.Field)
		}
		if err := s.page("field", fieldURL(name), name, view); err != nil {
			return err
		}
	}
	slices.SortStableFunc(all, func(a, b fieldCount) int { return b.Rules - a.Rules })
	return s.page("fields", "fields.html", "Fields", all)
}

func (s *site) rulePages() error {
	for ref := range s.c.Rules() {
		p := pages.RulePageOf(s.c, ref)
		if !strings.HasPrefix(p.URL, "https://") {
			p.URL = ""
		}
		if err := s.page("rule", s.rules[ref], s.link(ref).Title, p); err != nil {
			return err
		}
	}
	return nil
}

// searchIndex writes what the search looks through, as a script that a page
// loads when someone searches: a page that was opened from a disk may not read
// other files. Each entry is a kind, a name, what else is known, and the
// address.
func (s *site) searchIndex() error {
	var entries [][4]string
	add := func(kind, name, more, url string) {
		entries = append(entries, [4]string{kind, report.Plain(name), report.Plain(more), url})
	}
	for t := range s.c.Tables().Techniques("") {
		if s.c.Technique(t.ID).Len() > 0 {
			add("technique", t.ID+" "+t.Name, report.Number(s.c.Technique(t.ID).Len()), techniqueURL(t.ID))
		}
	}
	for e, rules := range s.c.Events() {
		add("event", strings.TrimSpace(e.String()+" "+e.Title()), report.Number(rules.Len()), eventURL(e))
	}
	for _, f := range s.fieldNames() {
		add("field", f, "", fieldURL(f))
	}
	for ref := range s.c.Rules() {
		l := s.link(ref)
		add("rule", l.Title, string(l.Vendor)+" "+s.c.ID(ref), l.URL)
	}
	s.searchValues(add)
	var b bytes.Buffer
	b.WriteString("window.detlintIndex=")
	if err := json.NewEncoder(&b).Encode(entries); err != nil { // escapes <, > and &
		return err
	}
	return s.file("search-index.js", b.Bytes())
}

// searchValues adds the values that several rules look for; the others are
// found on the pages of their fields.
func (s *site) searchValues(add func(kind, name, more, url string)) {
	const few = 2
	for row := range s.c.Rows() {
		k := row.Key()
		if n := row.Indicator().Len(); n >= few && k.Value != "" && !catalog.IsHash(k.Value) {
			add("value", normalize.Shown(k.Operator, k.Value), k.Field+" "+string(k.Operator)+" · "+report.Number(n), fieldURL(k.Field))
		}
	}
}

package paste

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// corpora has real rules to insert into; it is no part of the project. With
// DETLINT_PASTE=all every rule of it is taken, else every eightieth.
const corpora = "../../shared/corpora"

// onlyAdds holds edits against what they are to do, by the interchange form of
// the rule and by the text of the file, and says what is wrong.
func onlyAdds(r *normalize.Rule, edits []rule.Edit, wanted []normalize.Key, library *rule.Library) error {
	for _, e := range edits {
		if e.Range.Start != e.Range.End {
			return fmt.Errorf("%+v replaces text", e)
		}
	}
	before := r.Source.Data
	after, err := rule.Apply(before, edits)
	if err != nil {
		return err
	}
	f := parsers.Parse(r.Path(), after, library)
	if r.Index >= len(f.Rules) {
		return fmt.Errorf("the rule is gone")
	}
	now := normalize.Normalize(f.Rules[r.Index])
	old, added, err := without(r, now)
	if err != nil {
		return err
	}
	if old != "" {
		return fmt.Errorf("%s", old)
	}
	rows := map[normalize.Key]bool{}
	for _, k := range wanted {
		rows[normalize.Row(k)] = true
	}
	for _, k := range added {
		if !rows[normalize.Row(k)] {
			return fmt.Errorf("excludes %+v too", k)
		}
	}
	for row := range rows {
		if !slices.ContainsFunc(now.ExclusionKeys(), func(clause []normalize.Key) bool { return len(clause) == 1 && normalize.Row(clause[0]) == row }) {
			return fmt.Errorf("does not exclude %+v", row)
		}
	}
	return nil
}

// without compares the interchange forms of two versions of a rule: all
// predicates and exclusions of the first must be in the second, which may have
// more exclusions. It returns what is not as it was, and the rows in addition.
func without(a, b *normalize.Rule) (string, []normalize.Key, error) {
	x, y := a.Interchange(), b.Interchange()
	line := func(p normalize.InterchangePredicate) string {
		p.Line, p.Column = 0, 0
		p.Value = strings.ToLower(p.Value)
		text, _ := json.Marshal(p)
		return string(text)
	}
	count := map[string]int{}
	for _, p := range y.Predicates {
		count[line(p)]++
	}
	for _, p := range x.Predicates {
		count[line(p)]--
		if count[line(p)] < 0 {
			return "lost " + line(p), nil, nil
		}
	}
	var added []normalize.Key
	for _, p := range y.Predicates {
		if count[line(p)] > 0 {
			if !p.Negated {
				return "asks for " + line(p), nil, nil
			}
			added = append(added, p.Key)
		}
	}
	clauses := func(in normalize.Interchange) map[string]int {
		out := map[string]int{}
		for _, c := range in.Exclusions {
			var parts []string
			for _, i := range c {
				parts = append(parts, line(in.Predicates[i]))
			}
			slices.Sort(parts)
			out[strings.Join(parts, "&")]++
		}
		return out
	}
	have := clauses(y)
	for c, n := range clauses(x) {
		if have[c] < n {
			return "lost the exclusion " + c, nil, nil
		}
	}
	x.Predicates, y.Predicates, x.Exclusions, y.Exclusions = nil, nil, nil, nil
	one, err := json.Marshal(x)
	if err != nil {
		return "", nil, err
	}
	two, err := json.Marshal(y)
	if err != nil {
		return "", nil, err
	}
	if !bytes.Equal(one, two) {
		return fmt.Sprintf("is %s, was %s", two, one), nil, nil
	}
	return "", added, nil
}

// withCRLF are the edits of the same rule in a file with other line ends, which
// must come to the same.
func withCRLF(r *normalize.Rule, keys []normalize.Key, c *catalog.Catalog, after []byte, library *rule.Library) error {
	data := r.Source.Data
	if bytes.IndexByte(data, '\r') >= 0 {
		return nil
	}
	turned := bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
	f := parsers.Parse(r.Path(), turned, library)
	if r.Index >= len(f.Rules) {
		return nil
	}
	edits, err := Exclusions(normalize.Normalize(f.Rules[r.Index]), keys, c).Edits(library)
	if err != nil {
		return fmt.Errorf("with CRLF: %w", err)
	}
	got, err := rule.Apply(turned, edits)
	if err != nil {
		return err
	}
	if want := bytes.ReplaceAll(after, []byte("\n"), []byte("\r\n")); !bytes.Equal(got, want) {
		return fmt.Errorf("with CRLF it becomes\n%q\nwant\n%q", got, want)
	}
	return nil
}

// tally counts what became of rules and exclusions of one language.
type tally struct {
	cat                     *catalog.Catalog
	asked, written, offered int
	refused                 map[string]int
	// verdicts are those of the comparison of the meaning before and after.
	verdicts map[meaning.Verdict]int
}

// peers are the exclusions that public rules have on an event, by number of
// rules.
type peers struct {
	cat   *catalog.Catalog
	known map[normalize.Event][]normalize.Key
}

func (p *peers) on(e normalize.Event) []normalize.Key {
	if keys, ok := p.known[e]; ok {
		return keys
	}
	count := map[normalize.Key]int{}
	for ref := range p.cat.Event(e).All() {
		size := map[int]int{}
		for clause := range p.cat.ExclusionRows(ref) {
			size[clause]++
		}
		for clause, row := range p.cat.ExclusionRows(ref) {
			if k := row.Key(); size[clause] == 1 && !strings.HasPrefix(k.Value, "sha256:") {
				count[k]++
			}
		}
	}
	var keys []normalize.Key
	for k := range count {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b normalize.Key) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	p.known[e] = keys
	return keys
}

// choose takes the five commonest exclusions of a rule's events that it does not
// have, and five others by chance.
func (p *peers) choose(r *normalize.Rule) []normalize.Key {
	var out []normalize.Key
	h := fnv.New32a()
	h.Write([]byte(r.Path()))
	for _, e := range r.Events {
		var fit []normalize.Key
		for _, k := range p.on(e) {
			if !r.Precludes(k) && !r.Requires(k) && !slices.Contains(out, k) {
				fit = append(fit, k)
			}
		}
		for i := 0; i < min(len(fit), 5); i++ {
			out = append(out, fit[i])
			if j := 5 + int(h.Sum32()%997)*(i+1); j < len(fit)*997 && len(fit) > 5 {
				out = append(out, fit[5+j%(len(fit)-5)])
			}
		}
		if len(out) >= 10 {
			break
		}
	}
	return slices.Compact(out)
}

// try inserts keys into a rule and holds every edit that is offered against what
// it is to do.
func try(t *testing.T, c *tally, r *normalize.Rule, keys []normalize.Key, library *rule.Library) {
	t.Helper()
	c.asked++
	p := Exclusions(r, keys, c.cat)
	if p.Text == "" {
		return
	}
	c.written++
	edits, err := p.Edits(library)
	if err != nil {
		if s := err.Error(); strings.HasPrefix(s, "it would be read as") {
			err = fmt.Errorf("it would be read as another exclusion")
		}
		c.refused[err.Error()]++
		if v := os.Getenv("DETLINT_PASTE"); v == "show" || v == "why" && !strings.Contains(err.Error(), "aggregation") && !strings.Contains(err.Error(), "case of letters") && !strings.Contains(err.Error(), "sequence") {
			t.Logf("refused %s: %v: %s", r.Path(), err, strings.ReplaceAll(p.Text, "\n", " "))
		}
		return
	}
	c.offered++
	if err := onlyAdds(r, edits, p.Written, library); err != nil {
		t.Errorf("%s: %s: %v", r.Path(), p.Text, err)
		return
	}
	after, err := rule.Apply(r.Source.Data, edits)
	if err != nil {
		t.Error(err)
		return
	}
	if err := withCRLF(r, keys, c.cat, after, library); err != nil {
		t.Errorf("%s: %s: %v", r.Path(), p.Text, err)
	}
	verdict := meaning.Compare(r, normalize.Normalize(parsers.Parse(r.Path(), after, library).Rules[r.Index])).Verdict
	c.verdicts[verdict]++
	if verdict == meaning.Wider || verdict == meaning.Both {
		t.Errorf("%s: %s: the rule becomes %s", r.Path(), p.Text, verdict)
	}
}

// TestOnlyTheExclusionIsAdded inserts what other rules of the same events
// exclude into real rules, one by one and all at once.
func TestOnlyTheExclusionIsAdded(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	public := &peers{cat, map[normalize.Event][]normalize.Key{}}
	every := 80
	if v := os.Getenv("DETLINT_PASTE"); v == "all" || v == "why" {
		every = 1
	}
	for _, folder := range []string{"sigma", "elastic", "splunk", "kusto"} {
		t.Run(folder, func(t *testing.T) {
			tallies := map[rule.Language]*tally{}
			n := 0
			files, library := read(t, folder)
			for _, f := range files {
				if n++; n%every != 0 {
					continue
				}
				for _, r := range normalize.Normalized(parsers.Parse(f.path, f.data, library).Rules) {
					c := tallies[r.Language]
					if c == nil {
						c = &tally{cat: cat, refused: map[string]int{}, verdicts: map[meaning.Verdict]int{}}
						tallies[r.Language] = c
					}
					keys := public.choose(r)
					for _, k := range keys {
						try(t, c, r, []normalize.Key{k}, library)
					}
					if len(keys) > 1 {
						try(t, c, r, keys, library)
					}
				}
			}
			for language, c := range tallies {
				t.Logf("%s: asked %d, text for %d, edits for %d, of which the meaning is %v", language, c.asked, c.written, c.offered, c.verdicts)
				for why, n := range c.refused {
					t.Logf("  %5d refused: %s", n, why)
				}
				if c.written > 200 && c.offered == 0 {
					t.Errorf("%s: no edits at all", language)
				}
			}
		})
	}
}

type content struct {
	path string
	data []byte
}

// read reads all files below a folder of the corpora, with what they define.
func read(t *testing.T, folder string) ([]content, *rule.Library) {
	t.Helper()
	root := filepath.Join(filepath.FromSlash(corpora), folder)
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no real rules to insert into: %s is not there", root)
	}
	var files []content
	var definitions []rule.Definition
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !parsers.Match(p) {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		c := content{filepath.ToSlash(rel), data}
		files = append(files, c)
		if !parsers.Waits(c.path, data) {
			definitions = append(definitions, parsers.Parse(c.path, data, nil).Definitions...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, rule.NewLibrary(definitions, nil)
}

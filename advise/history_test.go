package advise

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// history has public rules as they stood at the start of 2024, and what their
// maintainers did in the year after; it is no part of the project.
const history = "../../shared/history"

var vendors = []string{"sigma", "elastic"}

// past reads the rules of both vendors and builds a catalog of them.
var past = sync.OnceValues(func() (map[string][]*normalize.Rule, *catalog.Catalog) {
	rules := map[string][]*normalize.Rule{}
	b := catalog.NewBuilder("2024-01-01")
	for _, vendor := range vendors {
		source := b.AddSource(catalog.Source{Name: vendor, Vendor: rule.Vendor(vendor)})
		file, err := os.Open(filepath.Join(filepath.FromSlash(history), "T0a", vendor+"-snapshot.tar.gz"))
		if err != nil {
			return nil, nil
		}
		unpack(file, func(path string, data []byte) {
			if !parsers.Match(path) {
				return
			}
			for _, r := range normalize.Normalized(parsers.Parse(path, data, nil).Rules) {
				rules[vendor] = append(rules[vendor], r)
				if entry, ok := catalog.Entry(r, source); ok {
					b.Add(entry)
				}
			}
		})
		file.Close()
	}
	var data strings.Builder
	if _, err := b.WriteTo(&data); err != nil {
		panic(err)
	}
	c, err := catalog.Open(data.String())
	if err != nil {
		panic(err)
	}
	return rules, c
})

func unpack(r io.Reader, each func(path string, data []byte)) {
	zipped, err := gzip.NewReader(r)
	if err != nil {
		panic(err)
	}
	files := tar.NewReader(zipped)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			panic(err)
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		data, err := io.ReadAll(files)
		if err != nil {
			panic(err)
		}
		each(header.Name, data)
	}
}

func readPast(t *testing.T) (map[string][]*normalize.Rule, *catalog.Catalog) {
	t.Helper()
	rules, c := past()
	if c == nil {
		t.Skipf("no rules of the past to measure on: %s is not there", history)
	}
	return rules, c
}

// figures are those of score.py that are held.
type figures struct {
	Levels map[string]map[string]float64 `json:"levels"`
	Field  map[string]float64            `json:"field"`
	Flags  struct {
		Rows []struct {
			Wanted, Lift float64
		} `json:"rows"`
	} `json:"flags"`
	Noise struct {
		AUC  map[string]*float64 `json:"auc"`
		Rows []struct {
			Reach       int
			Share, Lift float64
		} `json:"rows"`
	} `json:"noise"`
	Advice map[string]int `json:"advice"`
	Paired map[string]struct {
		Difference, Low, High float64
	} `json:"paired"`
}

// TestWhatMaintainersDid holds the advice on the rules of the past against what
// came of them. The bounds are a little below what docs/quality.md has.
func TestWhatMaintainersDid(t *testing.T) {
	rules, c := readPast(t)
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to run score.py with")
	}
	dir := t.TempDir()
	advisor := New(c)
	for _, vendor := range vendors {
		file, err := os.Create(filepath.Join(dir, vendor+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		w := bufio.NewWriter(file)
		e := json.NewEncoder(w)
		for _, r := range rules[vendor] {
			if err := e.Encode(advisor.Of(r)); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(w.Flush(), file.Close()); err != nil {
			t.Fatal(err)
		}
	}
	score := func(vendor string, more ...string) figures {
		args := append([]string{filepath.Join(history, "score.py"), "--json", "--cut", filepath.Join(history, "T0a"), "--vendor", vendor, filepath.Join(dir, vendor+".jsonl")}, more...)
		out, err := exec.Command(python, args...).Output()
		if err != nil {
			t.Fatalf("score.py: %v", err)
		}
		var f figures
		if err := json.Unmarshal(out, &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	technique := func(vendor string) string {
		return filepath.Join(history, "T0a", "reference", vendor+"-technique-first-k1.jsonl.gz")
	}
	sigma := score("sigma", "--vs", technique("sigma"), "--pair", filepath.Join(history, "T0a"), "elastic", filepath.Join(dir, "elastic.jsonl"), technique("elastic"))
	elastic := score("elastic")
	atLeast := func(what string, got, want float64) {
		t.Helper()
		t.Logf("%-40s %.3f", what, got)
		if got < want {
			t.Errorf("%s is %.3f, expected at least %.3f", what, got, want)
		}
	}
	for vendor, f := range map[string]figures{"sigma": sigma, "elastic": elastic} {
		if f.Advice["no_object"] > 0 {
			t.Errorf("%s: %d rules without advice", vendor, f.Advice["no_object"])
		}
	}
	atLeast("sigma k1 hit@10", sigma.Levels["k1"]["hit@10"], 0.16)
	atLeast("sigma k1 MRR", sigma.Levels["k1"]["MRR"], 0.085)
	atLeast("sigma coarse hit@10", sigma.Levels["coarse"]["hit@10"], 0.18)
	atLeast("sigma coarse MRR", sigma.Levels["coarse"]["MRR"], 0.085)
	atLeast("sigma field hit@3", sigma.Field["hit@3"], 0.92)
	atLeast("elastic k1 hit@10", elastic.Levels["k1"]["hit@10"], 0.225)
	atLeast("elastic k1 MRR", elastic.Levels["k1"]["MRR"], 0.13)
	atLeast("elastic coarse hit@10", elastic.Levels["coarse"]["hit@10"], 0.25)
	atLeast("elastic coarse MRR", elastic.Levels["coarse"]["MRR"], 0.13)
	atLeast("elastic field hit@3", elastic.Field["hit@3"], 0.79)
	for _, row := range sigma.Flags.Rows {
		if row.Wanted == 2.5 {
			atLeast("sigma lift of what scores highest", row.Lift, 9.5)
		}
	}
	for _, row := range elastic.Flags.Rows {
		if row.Wanted == 6 {
			atLeast("elastic lift of what scores highest", row.Lift, 2.6)
		}
	}
	atLeast("sigma AUC of reach", *sigma.Noise.AUC["any"], 0.61)
	for _, row := range sigma.Noise.Rows {
		if row.Reach == 20 {
			atLeast("sigma lift of reach 20", row.Lift, 3)
			if row.Share > 0.02 {
				t.Errorf("reach 20 picks %.3f of Sigma's rules, expected at most 0.02", row.Share)
			}
		}
	}
	atLeast("k1 hit@10 above technique first, low", sigma.Paired["k1 hit@10"].Low, 0.02)
	atLeast("k1 MRR above technique first, low", sigma.Paired["k1 MRR"].Low, 0.01)
}

// TestHiddenExclusions takes one exclusion away from rules and asks for it. It
// is about twice as easy as the future.
func TestHiddenExclusions(t *testing.T) {
	rules, c := readPast(t)
	advisor := New(c)
	for vendor, want := range map[string]float64{"sigma": 0.315, "elastic": 0.41} {
		hidden, found := 0, 0
		for _, r := range rules[vendor] {
			n := recovered(advisor, r)
			if n < 0 {
				continue
			}
			hidden++
			found += n
		}
		share := float64(found) / float64(hidden)
		t.Logf("%s: %d of %d hidden exclusions are among the first ten, %.3f", vendor, found, hidden, share)
		if share < want {
			t.Errorf("%s: %.3f of the hidden exclusions are among the first ten, expected %.3f", vendor, share, want)
		}
	}
}

// recovered hides the exclusion in the middle of a rule's, and returns 1 when the
// advice has it among its first ten, 0 when not, and -1 when there is none.
func recovered(advisor *Advisor, r *normalize.Rule) int {
	var single []int
	for i, clause := range r.Exclusions {
		if len(clause) == 1 && !r.Predicates[clause[0]].Selector && !r.Predicates[clause[0]].Derived {
			single = append(single, i)
		}
	}
	if len(single) == 0 || len(r.Events) == 0 {
		return -1
	}
	at := single[len(single)/2]
	want := r.Predicates[r.Exclusions[at][0]].Key
	hidden := *r.Rule
	hidden.Condition = hide(r.Condition, r.Predicates[r.Exclusions[at][0]].Span)
	suggested := advisor.Of(normalize.Normalize(&hidden)).Exclusions
	for _, e := range suggested[:min(len(suggested), 10)] {
		if familyOf(e.Key) == familyOf(want) {
			return 1
		}
	}
	return 0
}

// hide is a condition without the comparison at a place.
func hide(c rule.Condition, at rule.Span) rule.Condition {
	list := func(children []rule.Condition) []rule.Condition {
		var out []rule.Condition
		for _, child := range children {
			if left := hide(child, at); left != nil {
				out = append(out, left)
			}
		}
		return out
	}
	switch c := c.(type) {
	case *rule.Predicate:
		if c.Span == at {
			return nil
		}
	case *rule.And:
		if children := list(c.Children); len(children) > 0 {
			return &rule.And{Children: children}
		}
		return nil
	case *rule.Or:
		if children := list(c.Children); len(children) > 0 {
			return &rule.Or{Children: children}
		}
		return nil
	case *rule.Not:
		if child := hide(c.Child, at); child != nil {
			return &rule.Not{Child: child, Span: c.Span}
		}
		return nil
	case *rule.Branch:
		if child := hide(c.Child, at); child != nil {
			return &rule.Branch{Child: child, Selectors: c.Selectors}
		}
		return nil
	}
	return c
}

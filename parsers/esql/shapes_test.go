package esql_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/esql"
	"github.com/detlint/detlint/rule"
)

var update = flag.Bool("update", false, "rewrite the expected results in testdata")

// TestShapes compares what queries of the shapes that occur in public rules
// become with what they were said to mean.
func TestShapes(t *testing.T) {
	for _, file := range []string{"testdata/shapes.txtar", "testdata/rules.txtar"} {
		compare(t, file)
	}
}

// compare compares the cases of a file with their results.
func compare(t *testing.T, file string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		in, want := &archive.Files[i], &archive.Files[i+1]
		name, _ := strings.CutSuffix(in.Name, ".esql")
		if want.Name != name+".want" {
			t.Fatalf("%s is followed by %s, expected %s.want", in.Name, want.Name, name)
		}
		t.Run(name, func(t *testing.T) {
			got := summary(string(in.Data))
			if *update {
				want.Data = []byte(got)
			} else if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("%s-want +got\n%s", in.Data, diff)
			}
		})
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// summary writes a predicate a line and a clause a line.
func summary(text string) string {
	var b strings.Builder
	q, problems := esql.Parse(text)
	for _, p := range problems {
		fmt.Fprintf(&b, "problem: %s\n", p.Message)
	}
	cond, unresolved := q.Condition()
	n := normalize.Normalize(&rule.Rule{
		Source: rule.NewSource("q.esql", []byte(text)), Vendor: rule.Elastic, Kind: rule.Detection, Condition: cond,
	})
	for i, p := range n.Predicates {
		polarity := "+"
		if p.Negated {
			polarity = "-"
		}
		fmt.Fprintf(&b, "%2d %s %s %s", i, polarity, p.SourceField, p.Operator)
		if p.Operator != rule.Exists {
			fmt.Fprintf(&b, " [%s]", p.Value)
		}
		if p.Derived {
			b.WriteString(" derived")
		}
		fmt.Fprintf(&b, " (%s) @%s\n", p.SourceOperator, strings.Join(strings.Fields(text[p.Span.Start:p.Span.End]), " "))
	}
	for _, clause := range n.Exclusions {
		fmt.Fprintf(&b, "exclusion %v\n", clause)
	}
	for _, what := range unresolved {
		fmt.Fprintf(&b, "unresolved %s\n", what)
	}
	return b.String()
}

// TestChecked compares what queries become with what was written down for
// them by hand.
func TestChecked(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/checked.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		in, want := archive.Files[i], archive.Files[i+1]
		t.Run(strings.TrimSuffix(in.Name, ".esql"), func(t *testing.T) {
			if diff := cmp.Diff(string(want.Data), meaning(string(in.Data))); diff != "" {
				t.Errorf("%s-want +got\n%s", in.Data, diff)
			}
		})
	}
}

// meaning writes a predicate a line and an exclusion a line, in words that are
// quick to write by hand.
func meaning(text string) string {
	var b strings.Builder
	q, problems := esql.Parse(text)
	for _, p := range problems {
		fmt.Fprintf(&b, "problem: %s\n", p.Message)
	}
	cond, unresolved := q.Condition()
	n := normalize.Normalize(&rule.Rule{
		Source: rule.NewSource("q.esql", []byte(text)), Vendor: rule.Elastic, Kind: rule.Detection, Condition: cond,
	})
	comparison := func(p *normalize.Predicate) string {
		if p.Operator == rule.Exists {
			return p.SourceField + " exists"
		}
		return fmt.Sprintf("%s %s [%s]", p.SourceField, p.Operator, p.Value)
	}
	for i := range n.Predicates {
		p := &n.Predicates[i]
		polarity, derived := "+", ""
		if p.Negated {
			polarity = "-"
		}
		if p.Derived {
			derived = " derived"
		}
		fmt.Fprintf(&b, "%s %s%s\n", polarity, comparison(p), derived)
	}
	for _, clause := range n.Exclusions {
		parts := make([]string, len(clause))
		for i, at := range clause {
			parts[i] = comparison(&n.Predicates[at])
		}
		fmt.Fprintf(&b, "exclusion %s\n", strings.Join(parts, "; "))
	}
	for _, what := range unresolved {
		fmt.Fprintf(&b, "unresolved %s\n", what)
	}
	return b.String()
}

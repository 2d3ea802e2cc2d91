package spl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/rule"
)

// TestChecked compares what queries become with what was written down for
// them by hand.
func TestChecked(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/checked.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		in, want := archive.Files[i], archive.Files[i+1]
		t.Run(strings.TrimSuffix(in.Name, ".spl"), func(t *testing.T) {
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
	q, problems := spl.Parse(text, spl.KnownMacros)
	for _, p := range problems {
		fmt.Fprintf(&b, "problem: %s\n", p.Message)
	}
	cond, unresolved := q.Condition()
	n := normalize.Normalize(&rule.Rule{
		Source: rule.NewSource("q.spl", []byte(text)), Vendor: rule.Splunk, Kind: rule.Detection, Condition: cond,
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

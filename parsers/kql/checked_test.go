package kql_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/kql"
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
		name, _ := strings.CutSuffix(in.Name, ".kql")
		if want.Name != name+".want" {
			t.Fatalf("%s is followed by %s, expected %s.want", in.Name, want.Name, name)
		}
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(string(want.Data), meaning(string(in.Data))); diff != "" {
				t.Errorf("%s-want +got\n%s", in.Data, diff)
			}
		})
	}
}

// meaning writes a predicate a line and an exclusion a line, then the tables
// and, where they are known, the columns that the query returns.
func meaning(text string) string {
	var b strings.Builder
	q, problems := kql.Parse(text)
	for _, p := range problems {
		fmt.Fprintf(&b, "problem %s\n", p.Message)
	}
	cond, unresolved := q.Condition()
	stored := map[string]string{}
	rule.Walk(cond, func(c rule.Condition) bool {
		if p, ok := c.(*rule.Predicate); ok && p.Stored != "" {
			stored[p.Field.Value+p.Value] = p.Stored
		}
		return true
	})
	n := normalize.Normalize(&rule.Rule{
		Source: rule.NewSource("q.kql", []byte(text)), Vendor: rule.Kusto, Kind: rule.Detection, Condition: cond,
	})
	comparison := func(p *normalize.Predicate) string {
		out := fmt.Sprintf("%s %s", p.SourceField, p.Operator)
		if p.Operator != rule.Exists {
			out += " [" + p.Value + "]"
		}
		return out
	}
	for i := range n.Predicates {
		p := &n.Predicates[i]
		polarity, rest := "+", ""
		if p.Negated {
			polarity = "-"
		}
		if p.Derived {
			rest = " derived"
		}
		if s := stored[p.SourceField+p.Value]; s != "" {
			rest = " is " + s
		}
		fmt.Fprintf(&b, "%s %s%s\n", polarity, comparison(p), rest)
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
	var tables []string
	for _, t := range q.Tables() {
		tables = append(tables, t.Value)
	}
	fmt.Fprintf(&b, "tables %s\n", strings.Join(tables, " "))
	if names, known := q.Columns(); known {
		fmt.Fprintf(&b, "columns %s\n", strings.Join(names, " "))
	}
	if q.Stateful() {
		b.WriteString("stateful\n")
	}
	return b.String()
}

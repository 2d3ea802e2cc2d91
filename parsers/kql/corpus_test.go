package kql

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// shared has real rules, and queries with the verdict of Microsoft's parser.
// It is not part of the project.
const shared = "../../../shared"

// mutant is a query that was broken by a machine.
type mutant struct {
	Query    string
	OK       bool
	Error    string `json:"first_error"`
	Offset   int
	Mutation string
}

func mutants(t *testing.T) []mutant {
	t.Helper()
	f, err := os.Open(filepath.Join(shared, "oracle", "kusto-mutants.jsonl.gz"))
	if err != nil {
		t.Skipf("no broken queries at %s: verdicts not compared", shared)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var out []mutant
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var m mutant
		if err := json.Unmarshal(s.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestMutants: what is broken is told from what is not, as Microsoft's parser
// does, and reported once and where the mistake is.
func TestMutants(t *testing.T) {
	list := mutants(t)
	same, near, single, broken := 0, 0, 0, 0
	for _, m := range list {
		_, problems := Parse(m.Query)
		if (len(problems) == 0) == m.OK {
			same++
		} else {
			t.Logf("%s: ok %t, want %t: %q %v", m.Mutation, len(problems) == 0, m.OK, m.Query, problems)
		}
		if m.OK || len(problems) == 0 {
			continue
		}
		broken++
		if len(problems) == 1 {
			single++
		} else {
			t.Logf("%s: %d problems: %q %+v", m.Mutation, len(problems), m.Query, problems)
		}
		if at := int(problems[0].Span.Start); at >= m.Offset-40 && at <= m.Offset+20 {
			near++
		} else {
			t.Logf("%s: at %d (%s), theirs at %d (%s): %q", m.Mutation, at, problems[0].Message, m.Offset, m.Error, m.Query)
		}
	}
	t.Logf("%d of %d have the same verdict; of %d broken ones %d are reported near, %d once", same, len(list), broken, near, single)
	if same < len(list) || near < broken-2 || single < broken {
		t.Error("must be all, all but two, and all")
	}
}

package kusto

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// shared has real rules, and the verdict of Microsoft's parser on a part of
// them. It is not part of the project.
const shared = "../../../shared"

// TestSyntax: what Microsoft's parser accepts is accepted, and what it rejects
// is reported where it does, or at the bracket that it misses the end of.
func TestSyntax(t *testing.T) {
	f, err := os.Open(filepath.Join(shared, "oracle", "kusto-syntax.jsonl.gz"))
	if err != nil {
		t.Skipf("no verdicts at %s: acceptance not compared", shared)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<20)
	queries, broken, exact := 0, 0, 0
	var total time.Duration
	for s.Scan() {
		var v struct {
			Path  string
			OK    bool
			First *struct{ Line, Column int } `json:"first_error"`
		}
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(shared, "corpora", "kusto", v.Path))
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		file := parse("rule.yaml", string(data))
		total += time.Since(begin)
		queries++
		if len(file.Rules) != 1 || (len(file.Problems) == 0) != v.OK {
			t.Errorf("%s: %d rules, problems %+v, want ok %t", v.Path, len(file.Rules), file.Problems, v.OK)
			continue
		}
		if v.OK {
			continue
		}
		broken++
		at := file.Source.Position(file.Problems[0].Span.Start)
		if at.Line == v.First.Line && at.Column-v.First.Column <= 1 && v.First.Column-at.Column <= 1 {
			exact++
		} else {
			t.Logf("%s:%d:%d: %s; they say %d:%d", v.Path, at.Line, at.Column, file.Problems[0].Message, v.First.Line, v.First.Column)
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d queries in %v, %d broken, %d of them at the same place", queries, total, broken, exact)
	if queries < 700 || exact < broken-1 {
		t.Errorf("%d queries, %d of %d at the same place, all but one must be", queries, exact, broken)
	}
}

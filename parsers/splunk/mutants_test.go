package splunk

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"

	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/rule"
)

// mutants are real searches of which most were broken on purpose, with the
// verdict. They are not part of the project.
const mutants = "../../../shared/oracle/spl-mutants.jsonl.gz"

// TestMutants: every broken search is diagnosed, once, and every other one is
// accepted.
func TestMutants(t *testing.T) {
	f, err := os.Open(mutants)
	if err != nil {
		t.Skipf("no broken searches at %s", mutants)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	_, library := readCorpus(t)
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	n := 0
	for ; lines.Scan(); n++ {
		var m struct {
			Query, Why string
			Broken     bool
		}
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		p := &ruleParser{rule: &rule.Rule{}, library: library, uses: map[rule.Use]bool{}}
		_, problems := spl.Parse(m.Query, p.macro)
		if want := map[bool]int{true: 1}[m.Broken]; len(problems) != want {
			t.Errorf("%s: %d problems, want %d\n%s\n%+v", m.Why, len(problems), want, m.Query, problems)
		}
	}
	if err := lines.Err(); err != nil || n < 90 {
		t.Errorf("%d searches, %v", n, err)
	}
}

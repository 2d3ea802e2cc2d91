package report

import (
	"fmt"
	"io"

	"github.com/detlint/detlint/lint"
)

// GitHubOutput writes the numbers of the report as lines of name=value, the form
// that the file behind GITHUB_OUTPUT has. Coverage is left out where it was not
// asked for.
func GitHubOutput(w io.Writer, r *Report, _ Options) error {
	open := 0
	for i := range r.Findings {
		if f := &r.Findings[i]; f.State != lint.Fixed && f.Suppressed == nil {
			open++
		}
	}
	n := &r.Summary.Findings
	_, err := fmt.Fprintf(w, "changed-rules=%d\nfindings=%d\nnew-findings=%d\nerrors=%d\nwarnings=%d\nfixed=%d\n",
		r.Summary.Changes.changed(), open, n.New.Total(), n.New.Error, n.New.Warning, n.Fixed.Total())
	if c := r.Summary.Coverage; c != nil && err == nil {
		_, err = fmt.Fprintf(w, "coverage-before=%d\ncoverage-after=%d\ncoverage-gained=%d\ncoverage-lost=%d\n",
			c.Before, c.After, c.Gained, c.Lost)
	}
	return err
}

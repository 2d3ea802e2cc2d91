package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"

	"github.com/detlint/detlint/lint"
)

// gitlabSeverities are GitLab's words; it has info, minor, major, critical and
// blocker.
var gitlabSeverities = map[lint.Severity]string{lint.Error: "critical", lint.Warning: "major", lint.Info: "info"}

// gitlabIssue is one entry of a Code Quality report.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
type gitlabIssue struct {
	Description string         `json:"description"`
	Check       string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

// GitLab writes the findings as a Code Quality report.
func GitLab(w io.Writer, r *Report, _ Options) error {
	j := newJSONWriter(w)
	seen := map[string]int{}
	j.list("", func(yield func(any) bool) {
		for _, f := range ranked(r) {
			// GitLab keeps one of the entries with the same fingerprint.
			key := f.Check + "\x00" + f.Fingerprint
			if f.Fingerprint == "" {
				key += f.Path + "\x00" + f.Message
			}
			seen[key]++
			sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(seen[key])))
			issue := gitlabIssue{
				Description: whole(f)[0], Check: visible(f.Check), Severity: gitlabSeverities[f.Severity],
				Fingerprint: hex.EncodeToString(sum[:16]),
				Location:    gitlabLocation{visible(f.Path), gitlabLines{firstLine(f), max(f.Range.End.Line, firstLine(f))}},
			}
			if !yield(&issue) {
				return
			}
		}
	})
	j.text("\n")
	return j.close()
}

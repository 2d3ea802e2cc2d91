// Package report renders what a run found, one file for each output format.
// It knows nothing of how anything was found.
package report

import (
	"time"

	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// SchemaVersion is that of the JSON report. It changes its first number when
// a key is removed or changes its meaning.
const SchemaVersion = "1.0"

// Report is everything a run found. Its JSON form is the tool's interface to
// other programs.
type Report struct {
	SchemaVersion string           `json:"schema_version"`
	Tool          Tool             `json:"tool"`
	Repository    Repository       `json:"repository"`
	Summary       Summary          `json:"summary"`
	Rules         []Rule           `json:"rules"`
	Findings      []lint.Finding   `json:"findings"`
	Coverage      *coverage.Report `json:"coverage,omitempty"`
	// Suggestions are the fixes of new findings that a reviewer of the change
	// could propose beside its lines.
	Suggestions []Suggestion `json:"-"`
	// Fixed are the findings of the base that the change has fixed and that
	// are not among Findings, by place.
	Fixed []lint.Finding `json:"-"`
}

// Suggestion replaces whole lines that the change shows.
type Suggestion struct {
	Finding    *lint.Finding
	Start, End int    // the lines of the head that are replaced, from 1, both included
	Text       string // what stands there instead, without the last line break
	// Delete is set when nothing stands there instead, not even an empty line.
	Delete bool
}

// Tool says what made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	ATTACK  string `json:"attack"`
	// Mapped is the version of ATT&CK that the rules are checked against, when
	// the repository asks for another one.
	Mapped  string  `json:"attack_mapped,omitempty"`
	Catalog Catalog `json:"catalog"`
}

// Catalog says which public rules the advice rests on.
type Catalog struct {
	Date  string `json:"date"`
	Rules int    `json:"rules"`
}

// Mode is which two states of the rules were compared.
type Mode string

// The modes. All compares nothing: every rule counts as new.
const (
	Commits  Mode = "commits"
	Staged   Mode = "staged"
	Worktree Mode = "worktree"
	All      Mode = "all"
)

// Repository says what was compared.
type Repository struct {
	Base string `json:"base"` // commit id, empty in mode all
	// BaseName says how the base was found, such as "merge base with main".
	BaseName string `json:"base_name"`
	Head     string `json:"head"` // commit id, "index" or "working tree"
	Mode     Mode   `json:"mode"`
}

// NoQuery stands among the languages for rules that have no query, such as
// those of machine learning.
const NoQuery rule.Language = "none"

// Summary counts what was looked at and what was found.
type Summary struct {
	// Files counts the rule files, Rules the rules in them; Unreadable the
	// files that could not be looked at.
	Files      int `json:"files"`
	Unreadable int `json:"unreadable"`
	Rules      int `json:"rules"`
	// Broken counts the rule files that could not be read whole, changed or
	// not.
	Broken int `json:"broken"`
	// Others counts the files that hold no rules where their kind has one, JSON
	// but for lines of it and links left out.
	Others int `json:"others"`
	// Outside counts the rules that the change touches and that are not among
	// the paths of the configuration; Unmatched are those paths that no file is
	// in. Neither is there where the command line names paths.
	Outside   int      `json:"outside,omitempty"`
	Unmatched []string `json:"unmatched_paths,omitempty"`
	// Definitions counts what the other files define for rules: macros,
	// lookups and the like.
	Definitions int `json:"definitions"`
	// Languages counts the rules by query language; those without a query are
	// under NoQuery.
	Languages map[rule.Language]int `json:"languages"`
	// Changes counts the rules by state.
	Changes  Changes  `json:"changes"`
	Findings Findings `json:"findings"`
	// Coverage counts techniques; absent where coverage was not asked for.
	Coverage *Coverage `json:"coverage,omitempty"`
	// Shown says which findings the report has: new, changed or all.
	Shown string `json:"shown"`
	// Hidden counts findings of looked-at rules that the report leaves out.
	Hidden int `json:"hidden"`
	// Suppressed counts the findings of looked-at rules that a comment, the
	// configuration or the baseline passes over.
	Suppressed int `json:"suppressed"`
	// AdviceLeftOut counts the changed rules that there is no advice on since
	// there are too many: those that matter least.
	AdviceLeftOut int `json:"advice_left_out,omitempty"`
	// Baseline is absent where there is none.
	Baseline *Baseline `json:"baseline,omitempty"`
}

// Baseline says what became of the known findings.
type Baseline struct {
	Path    string `json:"path"`
	Entries int    `json:"entries"`
	// Stale entries are those whose finding is gone.
	Stale []lint.BaselineEntry `json:"stale"`
}

// Coverage counts ATT&CK techniques before and after a change.
type Coverage struct {
	Before int `json:"before"`
	After  int `json:"after"`
	Gained int `json:"gained"`
	Lost   int `json:"lost"`
	// DownToOne have one rule left of several, and are among the weakened.
	// Unread have only rules that cannot be read any more.
	DownToOne    int `json:"down_to_one"`
	Unread       int `json:"unread"`
	Weakened     int `json:"weakened"`
	Strengthened int `json:"strengthened"`
}

// Changes counts rules by their state.
type Changes struct {
	Added     int `json:"added"`
	Modified  int `json:"modified"`
	Moved     int `json:"moved"`
	Removed   int `json:"removed"`
	Unchanged int `json:"unchanged"`
}

// Findings counts findings by severity and by state. New ones decide the
// exit code.
type Findings struct {
	New      Counts `json:"new"`
	Existing Counts `json:"existing"`
	Fixed    Counts `json:"fixed"`
}

// Counts counts findings by severity.
type Counts struct {
	Error   int `json:"error"`
	Warning int `json:"warning"`
	Info    int `json:"info"`
}

// Total is the number of findings of all severities.
func (c Counts) Total() int { return c.Error + c.Warning + c.Info }

// Add counts one finding.
func (c *Counts) Add(s lint.Severity) {
	switch s {
	case lint.Error:
		c.Error++
	case lint.Warning:
		c.Warning++
	default:
		c.Info++
	}
}

// Rule is one rule that was looked at.
type Rule struct {
	Path       string        `json:"path"`
	Line       int           `json:"line"` // where the rule begins
	ID         string        `json:"id"`
	Title      string        `json:"title"`
	Vendor     rule.Vendor   `json:"vendor"`
	Language   rule.Language `json:"language"`
	State      string        `json:"state"` // added, modified, moved, removed or unchanged
	PathBefore string        `json:"path_before,omitempty"`
	// Through names what the rule depends on and what has changed: definitions,
	// such as "macro sysmon", a Sigma filter, or a rule that it correlates.
	Through []string `json:"through,omitempty"`
	// Narrows names the rules of the repository that a Sigma filter applies to,
	// or did before it was removed; nil for what is no filter.
	Narrows    *[]string  `json:"narrows,omitempty"`
	Level      rule.Level `json:"level"`
	Techniques []string   `json:"techniques"`
	// Reach is the number of public rules that share the narrowest indicator
	// of the rule's widest path; absent where nothing narrows it or where the
	// rule was not looked into. ReachBefore is the same in the base.
	Reach       *int              `json:"reach,omitempty"`
	ReachBefore *int              `json:"reach_before,omitempty"`
	Events      []normalize.Event `json:"events"`
	// Advice is absent where it was not asked for, of correlations and filters,
	// and where Summary.AdviceLeftOut counts the rule.
	Advice *AdviceBlock `json:"advice,omitempty"`
	// Change is what the difference between the versions means; nil where
	// that was not asked for or the rule is as it was.
	*meaning.Change
}

// Options are choices of a renderer that do not change what was found.
type Options struct {
	Color bool // ANSI colours, for terminals
	Width int  // columns of the terminal, 0 when unknown
	// Files says how to link to a line of a file, such as
	// "https://example.org/blob/main/{path}#L{line}"; empty for no links.
	Files string
	// MaxBytes limits the size of Markdown, which GitHub drops as a whole
	// when it is too large: rows that do not fit are left out and counted.
	// 0 stands for MaxSummary, a negative number for no limit.
	MaxBytes int
	// Repository is the address of the repository, such as
	// "https://example.org/owner/name", where the environment says so.
	Repository string
	// Scope names the part of the repository that the run is about, such as
	// "detections/"; empty for all of it.
	Scope string
	// ExitCode is that of the run.
	ExitCode int
	// Elapsed is how long the run took; the text form ends with it.
	Elapsed time.Duration
}

// GitHub's limits for Options.MaxBytes: those of a job summary, in bytes, and
// of a comment, in characters.
const (
	MaxSummary = 1 << 20
	MaxComment = 65_536
)

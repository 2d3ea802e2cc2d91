// Package coverage counts which ATT&CK techniques a set of rules covers, how
// two sets differ, and what the public catalog covers that a set lacks. It
// knows nothing of output formats.
package coverage

import (
	"slices"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Technique is the coverage of one ATT&CK technique. Revoked ids are counted
// under their successors, so rules of any ATT&CK version meet.
type Technique struct {
	ID   string `json:"id"`
	Name string `json:"name"` // empty when ATT&CK does not know the id
	// Tactics are short names, in matrix order. Those of earlier versions of
	// ATT&CK are left out, so a deprecated technique may have none.
	Tactics []string `json:"tactics"`
	// Rules are those that say they detect the technique, by path and index.
	Rules []Rule `json:"rules"`
	// Levels counts the rules by level; rules without one are under "".
	Levels map[rule.Level]int `json:"levels"`
	// Events are what the rules rest on, sorted.
	Events []normalize.Event `json:"events"`
	// Platforms are what the rules watch, sorted, as far as they tell.
	Platforms []string `json:"platforms"`
}

// Rule names one rule.
type Rule struct {
	Path  string     `json:"path"`
	Line  int        `json:"line"` // where the rule begins
	ID    string     `json:"id"`
	Title string     `json:"title"`
	Level rule.Level `json:"level"`
	// Status is the rule's own word for how ready it is.
	Status string `json:"status,omitempty"`
	// Disabled is set for a rule that says it is switched off. It counts: what
	// is in a repository is often switched on elsewhere.
	Disabled bool `json:"disabled,omitempty"`
	// Unread is set for a rule that could not be read whole, and for one that
	// was there before in a file that cannot be read any more. It counts, but
	// no gate is passed with it.
	Unread bool `json:"unread,omitempty"`
}

// Snapshot is the coverage of one state of a repository.
type Snapshot struct {
	// Rules counts those in use: detections and correlations that are
	// neither deprecated nor unsupported. Untagged ones name no technique.
	Rules    int `json:"rules"`
	Untagged int `json:"untagged"`
	// UntaggedRules are those rules.
	UntaggedRules []Rule `json:"untagged_rules"`
	// Techniques are sorted by id.
	Techniques []Technique `json:"techniques"`
	// Tactics counts by tactic of all matrices, in the order of
	// Tables.Tactics(""). Report.Tactics has the same with names.
	Tactics []Count `json:"-"`
	// Tables are those that the techniques are named by.
	Tables *attack.Tables `json:"-"`

	rules []normalize.Summary // all of them, in use or not
}

// Count is the coverage of one tactic. A rule counts once, whatever number of
// the tactic's techniques it has.
type Count struct{ Techniques, Rules int }

// Change is what a change does to one technique.
type Change struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Tactics []string `json:"tactics"`
	Before  int      `json:"before"` // number of rules
	After   int      `json:"after"`
	// Events the technique rests on before and after.
	EventsBefore []normalize.Event `json:"events_before"`
	EventsAfter  []normalize.Event `json:"events_after"`
	// Platforms that its rules watch before and after.
	PlatformsBefore []string `json:"platforms_before"`
	PlatformsAfter  []string `json:"platforms_after"`
	// DownToOne is set when one rule is left of several.
	DownToOne bool `json:"down_to_one"`
	// Reasons say what is better or worse, the worse first.
	Reasons []Reason `json:"reasons"`
	// CatalogEvents are further events that public rules of the technique
	// use, most used first, at most five.
	CatalogEvents []normalize.Event `json:"catalog_events,omitempty"`
	// Rules are those of the side that has them: after, and before for a
	// technique that was lost.
	Rules []Rule `json:"rules"`
}

// Reason is one thing that makes a technique's coverage better or worse.
type Reason struct {
	Kind ReasonKind `json:"kind"`
	// Worse is set for what weakens the coverage.
	Worse   bool   `json:"worse"`
	Message string `json:"message"` // a few words
	// Rules, events and platforms are those that it is about.
	Rules     []Rule            `json:"rules,omitempty"`
	Events    []normalize.Event `json:"events,omitempty"`
	Platforms []string          `json:"platforms,omitempty"`
}

// ReasonKind is the kind of a Reason.
type ReasonKind string

// The kinds of reasons. ByRules is about their number, ByStatus about a rule
// that is less ready than it was, ByUnread about one that cannot be read any
// more.
const (
	ByRules     ReasonKind = "rules"
	ByLevel     ReasonKind = "level"
	ByStatus    ReasonKind = "status"
	ByDisabled  ReasonKind = "disabled"
	ByUnread    ReasonKind = "unread"
	ByEvents    ReasonKind = "events"
	ByPlatforms ReasonKind = "platforms"
)

// Tactic sums up one column of an ATT&CK matrix.
type Tactic struct {
	// Domain is enterprise, mobile or ics: their tactics share names.
	Domain    string `json:"domain"`
	ShortName string `json:"tactic"`
	Name      string `json:"name"`
	// Techniques and rules of the tactic before and after; Catalog counts
	// the techniques that public rules cover.
	TechniquesBefore int `json:"techniques_before"`
	TechniquesAfter  int `json:"techniques_after"`
	RulesBefore      int `json:"rules_before"`
	RulesAfter       int `json:"rules_after"`
	Catalog          int `json:"catalog"`
	// What the change does to the tactic's techniques, in their numbers.
	Gained       int `json:"gained"`
	Lost         int `json:"lost"`
	DownToOne    int `json:"down_to_one"`
	Weakened     int `json:"weakened"`
	Strengthened int `json:"strengthened"`
	Unread       int `json:"unread"`
}

// Gap is a technique that public rules cover and the repository does not.
type Gap struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Tactics []string `json:"tactics"`
	Rules   int      `json:"rules"` // rules of the catalog
	// Events of the catalog's rules, most used first, at most five.
	Events []normalize.Event `json:"events"`
	// Near are the technique's parent and sub-techniques that the repository
	// does cover: the gap is smaller than it looks.
	Near []string `json:"near"`
}

// Report is the coverage after a change, and the change itself.
type Report struct {
	ATTACK string `json:"attack"` // the ATT&CK version of ids and names
	// Before is nil when there is nothing to compare with; there is no change
	// then, and what is counted before equals what is counted after.
	Before *Snapshot `json:"before"`
	After  *Snapshot `json:"after"`
	// Gained had no rule before, Lost has none after. Unread have only rules
	// that cannot be read any more, so nobody knows what is covered. Weakened
	// are worse for at least one reason, Strengthened better for all. All are
	// sorted by id, and no technique is in two of them.
	Gained       []Change `json:"gained"`
	Lost         []Change `json:"lost"`
	Unread       []Change `json:"unread"`
	Weakened     []Change `json:"weakened"`
	Strengthened []Change `json:"strengthened"`
	// Tactics are in matrix order: those of enterprise, then those of the
	// other matrices that anything covers.
	Tactics []Tactic `json:"tactics"`
	// Gaps are sorted by the number of rules, most first.
	Gaps []Gap `json:"gaps"`
	// Telemetry has what each technique of After rests on, by id.
	Telemetry []Telemetry `json:"telemetry"`
	// Gates are what was asked of the coverage, with what came of it.
	Gates []Gate `json:"gates"`
	// Notes say what the numbers do not tell, in sentences without a stop.
	Notes []string `json:"notes"`
}

// DownToOne are the techniques that have one rule left of several, by id.
func (r *Report) DownToOne() []Change {
	out := []Change{}
	for _, c := range r.Weakened {
		if c.DownToOne {
			out = append(out, c)
		}
	}
	return out
}

// Tables are those that the report's techniques are named by.
func (r *Report) Tables() *attack.Tables {
	if r.After == nil || r.After.Tables == nil {
		return attack.Default()
	}
	return r.After.Tables
}

// Failed reports whether a gate failed.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Gates, func(g Gate) bool { return !g.Passed })
}

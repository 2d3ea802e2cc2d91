// Package attack has the facts of MITRE ATT&CK that rules refer to:
// techniques with their tactics, what became of the ones that were revoked,
// and the telemetry that shows them. It knows no rules.
//
// The facts are those of MITRE ATT&CK v19 (April 2026); telemetry is from the
// detection strategies of v18.1. © 2026 The MITRE Corporation. This work is
// reproduced and distributed with the permission of The MITRE Corporation.
// ATT&CK is a registered trademark of The MITRE Corporation. data/README.md
// says what each table holds.
//
// Tables are the facts: Default has those that are embedded, Read those of a
// bundle that MITRE publishes. Every table is parsed when it is first asked for.
// All functions are safe for concurrent use; slices they return are shared and
// must not be changed.
package attack

import (
	_ "embed"
	"iter"
	"slices"
	"strings"
	"sync"
)

// Version is the ATT&CK release that the embedded techniques and tactics are
// from.
const Version = "v19"

// Tables are the facts of one version of ATT&CK.
type Tables struct {
	// Version is that of the enterprise matrix, such as v19 or v18.1.
	Version string
	// Digest tells tables apart; it is empty for the embedded ones.
	Digest string

	techniques func() *techniques
	tactics    func() *tacticTable
	telemetry  func(id string) []Telemetry
	older      func() *Tables // nil where the version before is not known
	notes      []string
}

// Notes say what the tables do not know of their version, in sentences without
// a stop.
func (ts *Tables) Notes() []string { return ts.notes }

// Default has the embedded tables.
func Default() *Tables { return embedded() }

var embedded = sync.OnceValue(func() *Tables {
	t := &Tables{
		Version:    Version,
		techniques: sync.OnceValue(func() *techniques { return newTechniques(readTechniques(techniquesTSV)) }),
		tactics:    sync.OnceValue(func() *tacticTable { return newTactics(append(readTactics(tacticsTSV), retiredTactics...)) }),
		telemetry:  telemetryLines,
	}
	t.older = sync.OnceValue(t.asOlder)
	return t
})

// The three matrices of ATT&CK.
const (
	Enterprise = "enterprise"
	Mobile     = "mobile"
	ICS        = "ics"
)

// Status tells whether a technique is still part of ATT&CK.
type Status string

// Revoked techniques were replaced by another one, deprecated ones were
// dropped. Newer ones came after the version that Tables.In speaks.
const (
	Active     Status = "active"
	Revoked    Status = "revoked"
	Deprecated Status = "deprecated"
	Newer      Status = "newer"
)

// Technique is one technique or sub-technique, or what was one once.
type Technique struct {
	ID     string // T1059.001
	Name   string // of a sub-technique without its parent's
	Domain string // Enterprise, Mobile or ICS
	// Tactics are short names (credential-access): those of Version, and for
	// retired techniques those they had. Empty where ATT&CK's are not known.
	Tactics   []string
	Platforms []string
	Status    Status
	// ReplacedBy is the id of the next technique in the chain of successors;
	// empty when there is none.
	ReplacedBy string
}

// URL is the technique's page at attack.mitre.org.
func (t Technique) URL() string {
	return "https://attack.mitre.org/techniques/" + strings.Replace(t.ID, ".", "/", 1) + "/"
}

// Parent is the id of the technique that a sub-technique belongs to, and
// empty for other ids.
func Parent(id string) string {
	parent, _, sub := strings.Cut(id, ".")
	if !sub {
		return ""
	}
	return parent
}

// Lookup finds a technique by its id, in upper or lower case, whatever its
// status.
func (ts *Tables) Lookup(id string) (Technique, bool) {
	t := ts.techniques()
	i, ok := t.find(id)
	if !ok {
		return Technique{}, false
	}
	return t.all[i], true
}

// CurrentID is the id under which a technique is counted: that of its current
// successor, and the id itself in upper case where ATT&CK does not know it.
func (ts *Tables) CurrentID(id string) string {
	if t, ok := ts.Current(id); ok {
		return t.ID
	}
	return strings.ToUpper(strings.TrimSpace(id))
}

// Current follows the chain of successors of a technique to its end: the
// active technique that a rule tagged with id is about today. An id that is
// active is its own current one. Where ATT&CK names no (further) successor the
// last technique of the chain is returned, with its status Revoked or
// Deprecated. The result is false for ids that never existed.
func (ts *Tables) Current(id string) (Technique, bool) {
	t := ts.techniques()
	i, ok := t.find(id)
	if !ok {
		return Technique{}, false
	}
	return t.all[t.last(i)], true
}

// Techniques iterates over all techniques of a domain, in the order of their
// ids, retired ones included. An empty domain stands for all three.
func (ts *Tables) Techniques(domain string) iter.Seq[Technique] {
	return func(yield func(Technique) bool) {
		for _, t := range ts.techniques().all {
			if (domain == "" || t.Domain == domain) && !yield(t) {
				return
			}
		}
	}
}

// Predecessors lists the ids of the retired techniques whose chain of
// successors leads through id, sorted.
func (ts *Tables) Predecessors(id string) []string {
	t := ts.techniques()
	i, ok := t.find(id)
	if !ok {
		return nil
	}
	var ids []string
	for _, p := range t.before(i) {
		ids = append(ids, t.all[p].ID)
	}
	slices.Sort(ids)
	return ids
}

//go:embed data/techniques.tsv
var techniquesTSV string

// techniques is the parsed table, sorted by id.
type techniques struct {
	all  []Technique
	byID map[string]int32
	// replaces[i] are the techniques that name i as their successor.
	replaces map[int32][]int32
}

func readTechniques(tsv string) []Technique {
	all := make([]Technique, 0, strings.Count(tsv, "\n"))
	lists := map[string][]string{} // the same few lists are written hundreds of times
	for row := range rows(tsv, 7) {
		all = append(all, Technique{
			Domain: row[0], ID: row[1], Name: row[2],
			Tactics: list(lists, row[3]), Platforms: list(lists, row[4]),
			Status: Status(row[5]), ReplacedBy: row[6],
		})
	}
	return all
}

// newTechniques indexes techniques. Of several with one id the last one counts.
func newTechniques(all []Technique) *techniques {
	t := &techniques{all: all}
	slices.SortFunc(t.all, func(a, b Technique) int { return strings.Compare(a.ID, b.ID) })
	t.byID = make(map[string]int32, len(t.all))
	for i := range t.all {
		t.byID[t.all[i].ID] = int32(i)
	}
	t.replaces = make(map[int32][]int32, 256)
	for i := range t.all {
		if next, ok := t.byID[t.all[i].ReplacedBy]; ok {
			t.replaces[next] = append(t.replaces[next], int32(i))
		}
	}
	return t
}

// list splits a comma-separated column; "None" is how the table writes the
// lack of a platform.
func list(seen map[string][]string, column string) []string {
	if column == "" || column == "None" {
		return nil
	}
	parts, ok := seen[column]
	if !ok {
		parts = slices.Clip(strings.Split(column, ","))
		seen[column] = parts
	}
	return parts
}

func (t *techniques) find(id string) (int32, bool) {
	i, ok := t.byID[id]
	if !ok {
		i, ok = t.byID[strings.ToUpper(strings.TrimSpace(id))]
	}
	return i, ok
}

// last follows the successors of i. A cycle, which no release of ATT&CK has
// had, ends where it began.
func (t *techniques) last(i int32) int32 {
	at := i
	for range t.all {
		next, ok := t.byID[t.all[at].ReplacedBy]
		if !ok || next == i {
			return at
		}
		at = next
	}
	return i
}

// before collects every technique whose chain of successors leads through i.
func (t *techniques) before(i int32) []int32 {
	var found []int32
	seen := map[int32]bool{i: true}
	for queue := []int32{i}; len(queue) > 0; queue = queue[1:] {
		for _, p := range t.replaces[queue[0]] {
			if !seen[p] {
				seen[p] = true
				found = append(found, p)
				queue = append(queue, p)
			}
		}
	}
	return found
}

// rows iterates over the lines of a table after its header. The slice is
// reused; lines with another number of columns are passed over (a test makes
// sure that there are none).
func rows(tsv string, columns int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		row := make([]string, columns)
		_, tsv, _ = strings.Cut(tsv, "\n")
		for tsv != "" {
			var line string
			line, tsv, _ = strings.Cut(tsv, "\n")
			line = strings.TrimSuffix(line, "\r") // a checkout may have added it
			n := 0
			for more := true; more && n < columns; n++ {
				row[n], line, more = strings.Cut(line, "\t")
			}
			if n == columns && line == "" && !yield(row) {
				return
			}
		}
	}
}

package attack

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/detlint/detlint/internal/near"
)

// Tactic is one column of a matrix. The same short name can stand in several
// domains.
type Tactic struct {
	Domain    string
	ID        string // TA0002
	ShortName string // execution
	Name      string // Execution
	// Retired is set for tactics that Version no longer has. Rules written
	// for earlier versions still name them.
	Retired bool
}

//go:embed data/tactics.tsv
var tacticsTSV string

const (
	defenseEvasion    = "defense-evasion"
	stealth           = "stealth"
	defenseImpairment = "defense-impairment"
)

// leftEvasion is the one technique known to have been in Defense Evasion in
// v18 (Deploy Container) that v19 has in neither of its two successors.
const leftEvasion = "T1610"

// retiredTactics are the tactics of earlier versions. v19 renamed TA0005 and
// moved a part of it to TA0112; the two of mobile went with v11.
var retiredTactics = []Tactic{
	{Enterprise, "TA0005", defenseEvasion, "Defense Evasion", true},
	{Mobile, "TA0038", "network-effects", "Network Effects", true},
	{Mobile, "TA0039", "remote-service-effects", "Remote Service Effects", true},
}

// tacticTable has all tactics, retired ones last.
type tacticTable struct {
	all []Tactic
	// byName spares short names, which rules are full of, the search.
	byName map[string][]Tactic
	// inForce are the short names of those of enterprise that are.
	inForce map[string]bool
}

func readTactics(tsv string) []Tactic {
	var all []Tactic
	for row := range rows(tsv, 4) {
		all = append(all, Tactic{Domain: row[0], ID: row[1], ShortName: row[2], Name: row[3]})
	}
	return all
}

func newTactics(all []Tactic) *tacticTable {
	t := &tacticTable{all: all, byName: map[string][]Tactic{}, inForce: map[string]bool{}}
	for _, tactic := range all {
		if t.byName[tactic.ShortName] == nil {
			t.byName[tactic.ShortName] = slices.Clip(t.lookup(tactic.ShortName))
		}
		if tactic.Domain == Enterprise && !tactic.Retired {
			t.inForce[tactic.ShortName] = true
		}
	}
	return t
}

// Tactics lists the tactics of a domain in the order of its matrix, without
// retired ones. An empty domain stands for all three.
func (ts *Tables) Tactics(domain string) []Tactic {
	var out []Tactic
	for _, t := range ts.tactics().all {
		if !t.Retired && (domain == "" || t.Domain == domain) {
			out = append(out, t)
		}
	}
	return out
}

// LookupTactic finds the tactics of a short name (defense-evasion), name
// (Defense Evasion) or id (TA0005), one per domain that has it: enterprise
// first, retired ones last. Case does not matter, nor do the hyphens, so
// defense_evasion and DefenseEvasion are understood too. An id finds a retired
// tactic only when no other has taken the id over. The result is empty for
// words that never were a tactic.
func (ts *Tables) LookupTactic(name string) []Tactic {
	t := ts.tactics()
	if known, ok := t.byName[name]; ok {
		return known
	}
	return t.lookup(name)
}

// HasTactic reports whether the enterprise matrix has a tactic of that short
// name, written as it is here.
func (ts *Tables) HasTactic(short string) bool { return ts.tactics().inForce[short] }

func (ts *tacticTable) lookup(name string) []Tactic {
	var out []Tactic
	folded := near.Fold(name)
	for _, t := range ts.all {
		if near.Fold(t.ShortName) == folded || (strings.EqualFold(t.ID, name) && !(t.Retired && len(out) > 0)) {
			out = append(out, t)
		}
	}
	return out
}

// TacticSuccessors lists the short names of the tactics that the techniques of
// a retired enterprise tactic went to: stealth and defense-impairment for
// defense-evasion. It is empty for every other tactic.
func (ts *Tables) TacticSuccessors(name string) []string {
	if near.Fold(name) == "defenseevasion" && !ts.HasTactic(defenseEvasion) {
		return []string{stealth, defenseImpairment}
	}
	return nil
}

// BelongsTo reports whether a technique is part of a tactic, in the words of
// v19 or of the version before it: what is in stealth or
// defense-impairment also belongs to defense-evasion, and a retired technique
// to the tactics it had and to those of its successors. A technique also
// belongs to the tactics of the retired techniques that became it, since tags
// are carried over from the one to the other, and a sub-technique to all that
// its parent and its siblings belong to: in every release they share them.
//
// The second result is false when the facts cannot tell: the technique or the
// tactic is unknown, or no tactic of the technique is, or a technique listed
// under stealth is asked for defense-impairment (42 of them are only there for
// lack of better knowledge, see data/README.md).
func (ts *Tables) BelongsTo(technique, tactic string) (belongs, known bool) {
	t := ts.techniques()
	i, ok := t.find(technique)
	if !ok {
		return false, false
	}
	named := ts.LookupTactic(tactic)
	accepted := t.accepted(i)
	if len(named) == 0 || len(accepted) == 0 {
		return false, false
	}
	for _, n := range named {
		if n.Domain == t.all[i].Domain && slices.Contains(accepted, n.ShortName) {
			return true, true
		}
	}
	return false, named[0].ShortName != defenseImpairment || !slices.Contains(accepted, stealth)
}

// accepted collects the short names of all tactics that BelongsTo grants.
func (t *techniques) accepted(i int32) []string {
	var out []string
	add := func(i int32) {
		for _, name := range t.all[i].Tactics {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	// A technique's family is the chain it leads into and everything that
	// leads into it, not what else leads to the same end: two techniques that
	// were merged had different tactics.
	family := func(i int32) {
		at := i
		for range t.all {
			add(at)
			next, ok := t.byID[t.all[at].ReplacedBy]
			if !ok {
				break
			}
			at = next
		}
		for _, p := range t.before(i) {
			add(p)
		}
	}
	root := i
	if p, ok := t.byID[Parent(t.all[i].ID)]; ok {
		root = p
	}
	family(root)
	for sub := root + 1; int(sub) < len(t.all) && Parent(t.all[sub].ID) == t.all[root].ID; sub++ {
		family(sub)
	}
	if t.all[i].Domain == Enterprise && !slices.Contains(out, defenseEvasion) &&
		(slices.Contains(out, stealth) || slices.Contains(out, defenseImpairment) || t.all[i].ID == leftEvasion) {
		out = append(out, defenseEvasion)
	}
	return out
}

package attack

import (
	"fmt"
	"slices"
	"strings"
)

// Older is the version before Version, which repositories that have not moved
// yet are mapped to.
const Older = "v18"

// firstNew is the lowest technique id that came with Version: v18.1 ends at
// T1681.
const firstNew = "T1682"

// IsNew reports whether the technique came with Version. What was revoked for
// it was in force in Older.
func (t Technique) IsNew() bool {
	id, _, _ := strings.Cut(t.ID, ".")
	return t.Domain == Enterprise && len(id) == len(firstNew) && id >= firstNew
}

// RevokedByVersion reports whether it was Version that revoked the technique:
// its successor came with it. The ones revoked before may have that successor,
// too, but at the end of a longer chain.
func (ts *Tables) RevokedByVersion(t Technique) bool {
	next, ok := ts.Lookup(t.ReplacedBy)
	return ok && t.Status == Revoked && next.IsNew()
}

// Speaks reports whether the tables are of a version, which is named with or
// without its minor number: v18.1 is v18. An empty one is that of any tables.
func (ts *Tables) Speaks(version string) bool {
	major, _, _ := strings.Cut(ts.Version, ".")
	return version == "" || version == ts.Version || version == major
}

// In returns the tables as they were in a version: the ids, tactics and
// revocations of Older, as far as the embedded tables know them. What is not
// known is as in Version: the names of then, which techniques Version revoked
// for one that was there before, and which it dropped. Techniques that came
// with Version are led back to what they replaced: of several to the one of
// the same name, else to the first. Those that replaced nothing keep their id
// and have the status Newer.
func (ts *Tables) In(version string) (*Tables, error) {
	switch {
	case ts.Speaks(version):
		return ts, nil
	case version == Older && ts.older != nil:
		return ts.older(), nil
	}
	return nil, fmt.Errorf("the ATT&CK tables are those of %s and cannot tell what %s was", ts.Version, version)
}

// asOlder is In for Older.
func (ts *Tables) asOlder() *Tables {
	now := ts.techniques()
	all := slices.Clone(now.all)
	for i := range all {
		t := &all[i]
		if ts.RevokedByVersion(now.all[i]) {
			t.Status, t.ReplacedBy = Active, ""
		}
		if t.IsNew() {
			t.Status, t.ReplacedBy = Newer, now.replacedBy(int32(i))
		}
		t.Tactics = TacticsIn(Older, t.Tactics)
		if t.ID == leftEvasion && !slices.Contains(t.Tactics, defenseEvasion) {
			t.Tactics = append(slices.Clone(t.Tactics), defenseEvasion)
		}
	}
	var tactics []Tactic
	for _, t := range ts.tactics().all {
		switch {
		case t.Domain != Enterprise || t.ShortName != stealth && t.ShortName != defenseImpairment && t.ShortName != defenseEvasion:
			tactics = append(tactics, t)
		case t.ShortName == stealth:
			evasion := retiredTactics[0]
			evasion.Retired = false
			tactics = append(tactics, evasion)
		}
	}
	older, table := newTechniques(all), newTactics(tactics)
	return &Tables{
		Version: Older, Digest: Older,
		techniques: func() *techniques { return older },
		tactics:    func() *tacticTable { return table },
		telemetry:  ts.telemetry,
		notes: []string{
			"names of techniques are those that ATT&CK " + Version + " gives; what it dropped, or revoked for a technique that was there before, is as in " + Version,
			"the catalog is filed by " + Version + ": where that made one technique of several, public rules count under the one that kept the name",
		},
	}
}

// replacedBy is the id of the technique that i stands for in the version
// before, empty when there is none.
func (t *techniques) replacedBy(i int32) string {
	var found string
	for _, p := range t.replaces[i] {
		was := &t.all[p]
		if was.Name == t.all[i].Name {
			return was.ID
		}
		if found == "" || was.ID < found {
			found = was.ID
		}
	}
	return found
}

// CurrentIn is Current as it was in a version, Older or that of the tables
// (also empty): in Older what Version revoked for something new is still in
// force. What Version revoked for a technique that was there before, or
// dropped, is not known to have been in force in Older.
func (ts *Tables) CurrentIn(version, id string) (Technique, bool) {
	if version != Older || ts.older == nil {
		return ts.Current(id)
	}
	t := ts.techniques()
	at, ok := t.find(id)
	if !ok {
		return Technique{}, false
	}
	for range t.all {
		next, ok := t.byID[t.all[at].ReplacedBy]
		if !ok {
			return t.all[at], true
		}
		if t.all[next].IsNew() {
			now := t.all[at]
			now.Status, now.ReplacedBy = Active, ""
			return now, true
		}
		at = next
	}
	return t.all[at], true
}

// TacticsIn are short names of tactics, as a technique of Version lists them,
// in the words of a version: in Older, Stealth and Defense Impairment are
// Defense Evasion.
func TacticsIn(version string, names []string) []string {
	if version != Older {
		return names
	}
	out := make([]string, 0, len(names))
	for _, name := range names {
		if name == stealth || name == defenseImpairment {
			name = defenseEvasion
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// OlderTactic is the name that a tactic which came with Version had in Older,
// and empty for every other one.
func OlderTactic(name string) string {
	if name == stealth || name == defenseImpairment {
		return defenseEvasion
	}
	return ""
}

package attack

import "slices"

// Older is the version before Version, which repositories that have not moved
// yet are mapped to.
const Older = "v18"

// CurrentIn is Current as it was in a version, Older or Version (also empty):
// in Older what Version revoked for something new is still in force. What
// Version revoked for a technique that was there before, or dropped, is not
// known to have been in force in Older.
func CurrentIn(version, id string) (Technique, bool) {
	if version != Older {
		return Current(id)
	}
	t := table()
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

package report

import (
	"strings"

	"github.com/detlint/detlint/coverage"
)

// attackVersion says which version of ATT&CK the report speaks: "ATT&CK v19",
// and from which tables when those are of another one.
func (t *Tool) attackVersion() string {
	if t.Mapped == "" || t.Mapped == t.ATTACK {
		return "ATT&CK " + t.ATTACK
	}
	return "ATT&CK " + t.Mapped + " (from the tables of " + t.ATTACK + ")"
}

// changeGroup is what a change does to some techniques, in one word.
type changeGroup struct {
	word    string // lower case
	style   style
	changes []coverage.Change
}

// changeGroups are the techniques that are covered in another way than before,
// the losses first. No technique is in two groups.
func changeGroups(c *coverage.Report) []changeGroup {
	var rest []coverage.Change
	for _, w := range c.Weakened {
		if !w.DownToOne {
			rest = append(rest, w)
		}
	}
	return []changeGroup{
		{"lost", red, c.Lost},
		{"cannot be read", red, c.Unread},
		{"gained", green, c.Gained},
		{"down to one rule", yellow, c.DownToOne()},
		{"weakened", yellow, rest},
		{"strengthened", green, c.Strengthened},
	}
}

// unchanged reports whether no technique is covered in another way.
func unchanged(c *coverage.Report) bool {
	for _, g := range changeGroups(c) {
		if len(g.changes) > 0 {
			return false
		}
	}
	return true
}

// delta sums up a change of coverage: "coverage +1 −0 techniques, 2 weakened".
func delta(c *coverage.Report) string {
	text := "coverage +" + thousands(len(c.Gained)) + " −" + thousands(len(c.Lost)) + " techniques"
	more := tally([]int{len(c.Unread), len(c.DownToOne()), len(c.Weakened) - len(c.DownToOne())},
		[]string{"that cannot be read", "down to one rule", "weakened"})
	if more != "" {
		text += ", " + more
	}
	return text
}

// effect says what became of a technique: "2 → 1 rules; “Odd copy” was removed,
// no longer sees Sysmon 3".
func effect(c *coverage.Change) string {
	switch {
	case c.Before == 0 && c.After == 1:
		return "first rule; " + restsOn(c)
	case c.Before == 0:
		return "first " + count(c.After, "rule") + "; " + restsOn(c)
	}
	text := arrow(c.Before, c.After) + " " + plural(c.After, "rule")
	if c.After == 0 {
		text = "was " + count(c.Before, "rule")
	}
	const most = 6
	var worse, better []string
	for i, r := range c.Reasons {
		if i == most {
			better = append(better, "and "+thousands(len(c.Reasons)-most)+" more")
			break
		}
		switch {
		case r.Worse:
			worse = append(worse, r.Message)
		case r.Kind != coverage.ByRules || len(worse) > 0: // the numbers say it
			better = append(better, r.Message)
		}
	}
	if len(worse) > 0 {
		text += "; " + strings.Join(worse, ", ")
	}
	if len(worse) > 0 && len(better) > 0 {
		text += "; but "
	} else if len(better) > 0 {
		text += "; "
	}
	text += strings.Join(better, ", ")
	if c.After > 0 && len(c.EventsAfter) == 1 && len(c.CatalogEvents) > 0 {
		text += "; " + restsOn(c)
	}
	return text
}

// restsOn names the events that show a technique, and the further ones that
// public rules use.
func restsOn(c *coverage.Change) string {
	var text string
	switch len(c.EventsAfter) {
	case 0:
		text = "rests on no event detlint knows"
	case 1:
		text = "rests on " + c.EventsAfter[0].String() + " only"
	default:
		text = "rests on " + some(eventNames(c.EventsAfter), 4)
	}
	if len(c.CatalogEvents) > 0 {
		text += ", the catalog also uses " + strings.Join(eventNames(c.CatalogEvents), ", ")
	}
	return text
}

// changedTactics are the tactics of which a technique is covered in another
// way.
func changedTactics(c *coverage.Report) []*coverage.Tactic {
	var out []*coverage.Tactic
	for i := range c.Tactics {
		t := &c.Tactics[i]
		if t.Gained+t.Lost+t.Unread+t.Weakened+t.Strengthened > 0 || t.RulesBefore != t.RulesAfter {
			out = append(out, t)
		}
	}
	return out
}

// tacticDelta says what a change does to a tactic: "+1 −0, 2 weakened".
func tacticDelta(t *coverage.Tactic) string {
	text := ""
	if t.Gained+t.Lost > 0 {
		text = "+" + thousands(t.Gained) + " −" + thousands(t.Lost)
	}
	more := tally([]int{t.Unread, t.DownToOne, t.Weakened - t.DownToOne, t.Strengthened}, []string{"that cannot be read", "down to one rule", "weakened", "strengthened"})
	if text != "" && more != "" {
		text += ", "
	}
	return text + more
}

// untaggedOfChange are the rules without technique that the change added or
// modified.
func untaggedOfChange(r *Report) []coverage.Rule {
	type place struct {
		path string
		line int
	}
	changed := map[place]bool{}
	for i := range r.Rules {
		if s := r.Rules[i].State; s == "added" || s == "modified" {
			changed[place{r.Rules[i].Path, r.Rules[i].Line}] = true
		}
	}
	var out []coverage.Rule
	for _, u := range r.Coverage.After.UntaggedRules {
		if changed[place{u.Path, u.Line}] {
			out = append(out, u)
		}
	}
	return out
}

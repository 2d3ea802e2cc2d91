package meaning

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// relation is what is known of the events of two versions of a rule.
type relation struct {
	// keeps is proved when the new version finds all that the old one did,
	// within when the old one found all that the new one does.
	keeps, within bool
	// gains and loses are shown by events.
	gains, loses bool
	gained, lost Sample
	// some says of each version whether an event satisfies it.
	some [2]bool
	// why is what kept a question from being answered.
	why string
}

// relate compares the conditions of two rules.
func relate(before, after *normalize.Rule) *relation {
	b := newBuilder(before, after)
	old, now := b.build(before, 0), b.build(after, 1)
	rel := &relation{}
	if b.tooLarge() {
		rel.why = tooLarge
		return rel
	}
	if old == now {
		rel.keeps, rel.within = true, true
		rel.some = [2]bool{true, true}
		return rel
	}
	s := newSolver(b)
	rel.loses, rel.lost, rel.keeps = rel.ask(s, old, now)
	rel.gains, rel.gained, rel.within = rel.ask(s, now, old)
	rel.some = [2]bool{rel.loses || satisfied(s, old), rel.gains || satisfied(s, now)}
	return rel
}

const tooLarge = "the condition is too large to compare"

// ask looks for an event of one formula that is none of the other.
func (r *relation) ask(s *solver, yes, no *formula) (apart bool, sample Sample, proved bool) {
	if s.follows(yes, no) {
		return false, nil, true
	}
	w, out := s.apart(yes, no)
	switch {
	case out == found:
		return true, w.sample, false
	case out == none:
		return false, nil, true
	case r.why != "":
	case w.doubt >= 0:
		r.why = doubt(s.atoms, &s.atoms[w.doubt])
	case s.budget <= 0 && w.tries == 0:
		r.why = tooLarge
	default:
		r.why = "there is no proof, and no event was found that tells the two apart"
	}
	return false, nil, false
}

// doubt says what about a comparison is not known.
func doubt(atoms []atom, a *atom) string {
	phrased := slices.ContainsFunc(atoms, func(b atom) bool { return a.Exact == b.Exact && a.phrase != b.phrase })
	respelled := slices.ContainsFunc(atoms, func(b atom) bool { return a.Exact == b.Exact && a.spelling != b.spelling })
	switch {
	case a.Exact == nothingNegated:
		return "it depends on what NOT in where makes of events without the field, which Splunk does not say"
	case strings.HasPrefix(a.Variant, "~"), strings.HasPrefix(a.Variant, ":~"):
		return fmt.Sprintf("it depends on which texts are like %s", quoted([]string{a.Value + strings.TrimPrefix(a.Variant, ":")}))
	case a.through != "":
		return fmt.Sprintf("it depends on what %q makes of the field that is compared with %s", a.through, quoted([]string{a.text}))
	case phrased:
		return fmt.Sprintf("it depends on whether the field is a text, in which the words %s need not stand side by side without quotes", quoted([]string{a.text}))
	case a.vague && respelled:
		return fmt.Sprintf("it depends on the letter case of %s, and whether that counts, or with what, is not known", quoted([]string{a.text}))
	case a.Computed(), a.isCall():
		return fmt.Sprintf("it depends on %q, which the query computes", a.Field)
	case a.Operator == rule.Regex:
		return "it depends on the regular expression " + quoted([]string{a.Value}) + ", which detlint cannot compare with others"
	case a.Variant != "":
		return fmt.Sprintf("it depends on %s, which is compared in another encoding or filled in elsewhere", quoted([]string{normalize.Shown(a.Operator, a.Value)}))
	}
	if a.vague {
		return fmt.Sprintf("it depends on the letters of %s, which detlint cannot compare with others", quoted([]string{a.text}))
	}
	return fmt.Sprintf("it depends on how %q compares with the field %q", a.Field, a.Value)
}

// satisfied reports whether an event satisfies a formula.
func satisfied(s *solver, f *formula) bool {
	_, out := s.apart(f, s.list(normalize.OrNode, nil))
	return out == found
}

// look adds what the rules say outside of their conditions about the kind of
// events they look at.
func (r *relation) look(before, after *normalize.Rule) {
	old, now := sources(before), sources(after)
	if old.equal(now) || before.Vendor != after.Vendor {
		return // what one vendor calls an event says nothing about another's
	}
	keeps, within := now.holds(old), old.holds(now)
	has := func(list []normalize.Event, without []normalize.Event) bool {
		return len(list) > 0 && len(without) > 0 && slices.ContainsFunc(list, func(e normalize.Event) bool { return !slices.Contains(without, e) })
	}
	if r.some[1] && !within && has(after.Events, before.Events) {
		r.gains = true
	}
	if r.some[0] && !keeps && has(before.Events, after.Events) {
		r.loses = true
	}
	if (!keeps && !r.loses || !within && !r.gains) && r.why == "" {
		r.why = "it looks at events " + now.from() + " instead of " + old.from()
	}
	r.keeps = r.keeps && keeps
	r.within = r.within && within
}

// verdict is what the relation comes to, and why it comes to nothing.
func (r *relation) verdict() (Verdict, string) {
	switch {
	case r.keeps && r.within:
		return Same, ""
	case r.keeps && r.gains:
		return Wider, ""
	case r.within && r.loses:
		return Narrower, ""
	case r.gains && r.loses:
		return Both, ""
	case r.keeps:
		return Unknown, "it finds all that it found before; whether it finds more is open: " + r.why
	case r.within:
		return Unknown, "it finds nothing that it did not find before; whether it finds less is open: " + r.why
	case r.gains:
		return Unknown, "it finds events that it did not find before; whether it still finds all others is open: " + r.why
	case r.loses:
		return Unknown, "it no longer finds some events; whether it finds others instead is open: " + r.why
	}
	return Unknown, r.why
}

// source is which kinds of event a rule looks at, by what that is said with:
// one of the values of each key.
type source map[string][]string

// sources collects what a rule says outside of its condition about the kind of
// its events. Those of steps are a part of the frame.
func sources(r *normalize.Rule) source {
	s := source{}
	add := func(key, value string) {
		if value = fold(value); value != "" && !slices.Contains(s[key], value) {
			s[key] = append(s[key], value)
		}
	}
	add("category", r.Logsource.Category.Value)
	add("product", r.Logsource.Product.Value)
	add("service", r.Logsource.Service.Value)
	for _, sel := range r.Selectors {
		if sel.Key != "category" || fold(sel.Value.Value) != "any" {
			add(sel.Key, sel.Value.Value)
		}
	}
	for key := range s {
		slices.Sort(s[key])
	}
	return s
}

func (s source) equal(other source) bool {
	return s.holds(other) && other.holds(s)
}

// holds reports whether everything that another source asks for is among what
// this one does.
func (s source) holds(other source) bool {
	for key, values := range s {
		theirs := other[key]
		if len(theirs) == 0 {
			return false
		}
		for _, v := range theirs {
			if !slices.ContainsFunc(values, func(mine string) bool { return mine == v || key == "dataset" && isPart(v, mine) }) {
				return false
			}
		}
	}
	return true
}

// isPart reports whether a dataset is one of those that a shorter name stands
// for.
func isPart(dataset, of string) bool {
	return len(dataset) > len(of) && dataset[:len(of)] == of && (dataset[len(of)] == '.' || dataset[len(of)] == '-')
}

// from names the source in a sentence.
func (s source) from() string {
	if len(s) == 0 {
		return "of all kinds"
	}
	return "from " + quoted(s.lines())
}

// lines writes the source for people.
func (s source) lines() []string {
	var out []string
	for key, values := range s {
		for _, v := range values {
			out = append(out, key+" "+v)
		}
	}
	slices.Sort(out)
	return out
}

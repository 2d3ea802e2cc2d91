package report

import "math"

// adviceOrder is the place of a rule among those with advice, after all of them
// where it has none.
func adviceOrder(r *Rule) int {
	if r.Advice == nil {
		return math.MaxInt
	}
	return r.Advice.Order
}

// htmlAdvice is what public rules know of a changed rule.
type htmlAdvice struct {
	Reach, Narrowest, Fields, Events, Paste string
	Exclusions                              []htmlExclusion
}

// htmlExclusion is what others exclude, with one of them.
type htmlExclusion struct{ Text, Because, Example, URL string }

// Advice is nil where there is nothing to say.
func (h *htmlReport) Advice(r Rule) *htmlAdvice {
	a := r.Advice
	if a == nil || a.bare() && a.reach() == "" {
		return nil
	}
	out := &htmlAdvice{Reach: a.reach(), Fields: a.fields(), Events: a.events(), Paste: a.Paste}
	if a.Narrowest != nil {
		out.Narrowest = keyName(*a.Narrowest)
	}
	for i := range a.Exclusions {
		e := &a.Exclusions[i]
		one := htmlExclusion{Text: keyName(e.Key), Because: because(e)}
		if len(e.Examples) > 0 {
			one.Example, one.URL = e.Examples[0].Title, webAddress(e.Examples[0].URL)
		}
		out.Exclusions = append(out.Exclusions, one)
	}
	return out
}

// AdviceLeftOut says of how many changed rules there is none.
func (h *htmlReport) AdviceLeftOut() string { return adviceLeftOut(h.Report) }

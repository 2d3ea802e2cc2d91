package meaning

import (
	"strings"

	"github.com/detlint/detlint/normalize"
)

// Rejoined are the lines of a condition that one version alone has, where both
// make the same comparisons and only put them together differently. Lines have no
// blanks around them.
type Rejoined struct {
	Before []string `json:"before"`
	After  []string `json:"after"`
}

// How many lines of each version are listed, and how many characters of each.
const maxRejoined, maxRejoinedLine = 50, 400

// rejoined compares the texts of two conditions; nil where they are no different,
// or in two languages.
func rejoined(before, after *normalize.Rule) *Rejoined {
	if before.Language != after.Language {
		return nil
	}
	old, now := conditionLines(before), conditionLines(after)
	for len(old) > 0 && len(now) > 0 && old[0] == now[0] {
		old, now = old[1:], now[1:]
	}
	for len(old) > 0 && len(now) > 0 && old[len(old)-1] == now[len(now)-1] {
		old, now = old[:len(old)-1], now[:len(now)-1]
	}
	gone, come := difference(old, now), difference(now, old)
	if len(gone)+len(come) == 0 {
		gone, come = old, now // in another order
	}
	if len(gone)+len(come) == 0 {
		return nil
	}
	return &Rejoined{Before: shortened(gone), After: shortened(come)}
}

// shortened bounds a list of lines and each of them.
func shortened(lines []string) []string {
	out := make([]string, 0, min(len(lines), maxRejoined))
	for _, line := range lines[:min(len(lines), maxRejoined)] {
		if runes := []rune(line); len(runes) > maxRejoinedLine {
			line = string(runes[:maxRejoinedLine]) + "…"
		}
		out = append(out, line)
	}
	return out
}

// conditionLines are the lines that say what a rule looks for, without layout.
func conditionLines(r *normalize.Rule) []string {
	at := r.ConditionSpan()
	if at.Start < 0 || at.End > int32(len(r.Source.Data)) || at.Start >= at.End {
		return nil
	}
	first, _ := r.Source.LineAround(at.Start)
	text := string(r.Source.Data[first:at.End])
	var out []string
	for line := range strings.Lines(text) {
		line = strings.Join(strings.Fields(line), " ")
		if line != "" && !(r.Language == "sigma" && line[0] == '#') && !strings.HasPrefix(line, "//") {
			out = append(out, line)
		}
	}
	return out
}

package site

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/rule"
)

// slug makes a file name of any text: what is not a small letter, a digit or
// one of ._- is replaced, and then a hash tells it from others that look the
// same.
func slug(text string) string {
	const longest = 80
	changed := false
	name := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		changed = true
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return '_'
	}, text)
	if len(name) > longest {
		name, changed = name[:longest], true
	}
	if name == "" || strings.HasPrefix(name, ".") || name != strings.TrimRight(name, ".") {
		name, changed = "_"+strings.Trim(name, "."), true
	}
	if !changed {
		return name
	}
	sum := sha256.Sum256([]byte(text))
	return name + "-" + hex.EncodeToString(sum[:4])
}

func techniqueURL(id string) string { return "techniques/" + upperSlug(id) + ".html" }

// upperSlug keeps the ids of techniques as everyone writes them.
func upperSlug(id string) string {
	if strings.Trim(id, "T0123456789.") == "" && !strings.HasPrefix(id, ".") && id != "" && !strings.HasSuffix(id, ".") {
		return id
	}
	return slug(id)
}

func fieldURL(field string) string { return "fields/" + slug(field) + ".html" }

func eventURL(e normalize.Event) string {
	event := e.Event
	if event == "*" {
		event = "all"
	}
	return "events/" + slug(e.Provider+"--"+event) + ".html"
}

// heat is how strongly a number of rules is shown, from 0 for none to 5.
func heat(rules int) int {
	for i, upto := range []int{0, 2, 8, 25, 80} {
		if rules <= upto {
			return i
		}
	}
	return 5
}

// plain makes any word of the catalog fit to be shown.
func plain(word any) string { return report.Plain(fmt.Sprint(word)) }

// shown is the value of a comparison as people read it.
func shown(k normalize.Key) string { return report.Plain(normalize.Shown(k.Operator, k.Value)) }

// levelClass is the style of a level.
func levelClass(l rule.Level) string {
	if slices.Contains(rule.Levels, l) {
		return "l-" + string(l)
	}
	return ""
}

// operators are those of a field that most rules use.
func operators(list []pages.OperatorCount) []pages.OperatorCount {
	return list[:min(len(list), 6)]
}

// firstRows are the comparisons of a rule that its page shows, and beyondRows
// how many it does not.
func firstRows(rows []pages.RuleRow) []pages.RuleRow { return rows[:min(len(rows), maxRows)] }
func beyondRows(rows []pages.RuleRow) int            { return max(len(rows)-maxRows, 0) }

// arguments are what one template hands to another: the way to the top of the
// site, and one thing, under the name that the other expects.
type arguments struct {
	Root                                           string
	Table, Rules, Events, Fields, Techniques, List any
}

func args(root string, x any) arguments {
	return arguments{root, x, x, x, x, x, x}
}

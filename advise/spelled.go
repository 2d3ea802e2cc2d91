package advise

import (
	"slices"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// What the counts of an exclusion take together, where that is more than is written.
const (
	anySpelling = "in any spelling"
	anyPath     = "by name or any path"
)

// wholePath makes of what begins with the whole path of a program that path: whoever
// wrote it left a wildcard behind the name.
func wholePath(k normalize.Key) normalize.Key {
	if k.Operator == rule.StartsWith && normalize.IsPath(k.Field) && anchored(k) && isProgram(k.Value) {
		k.Operator = rule.Eq
	}
	return k
}

// counts says what the rules are counted by that exclude a family, where it is not one
// comparison alone.
func (x *index) counts(f uint32, k normalize.Key) string {
	rows := x.rowsOf.of(f)
	switch {
	case len(rows) == 1 && x.c.RowAt(int(rows[0])).Key() == k:
		return ""
	case familyOf(k).kind == namedKind:
		return anyPath
	}
	return anySpelling
}

// CountsOfBoth says what is counted of two exclusions together, given what is of each.
func CountsOfBoth(with, other string) string {
	switch {
	case with == other && with != "":
		return "both " + with
	case with != "" && other != "":
		return "both " + anySpelling
	case other != "":
		return "this " + other
	}
	return with
}

// here are, of the rules that exclude a family, those that exclude it in the place that
// a spelling names.
func (x *index) here(f uint32, k normalize.Key, has map[uint32]bool) map[uint32]bool {
	if familyOf(k).kind != namedKind {
		return has
	}
	place := placeOf(k)
	rules := map[uint32]bool{}
	for _, number := range x.rowsOf.of(f) {
		row := x.c.RowAt(int(number))
		if placeOf(anchor(row.Key())) != place {
			continue
		}
		for ref := range row.Exclusion().All() {
			if has[uint32(ref)] && slices.Contains(x.written.of(uint32(ref)), number) {
				rules[uint32(ref)] = true
			}
		}
	}
	return rules
}

// placeOf is the folder that a comparison of a file names, empty where it names none.
func placeOf(k normalize.Key) string {
	if !normalize.IsPath(k.Field) {
		return ""
	}
	_, folder := splitPath(k.Operator, k.Value)
	return folder
}

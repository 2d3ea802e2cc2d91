package normalize

import (
	"cmp"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/rule"
)

// Spelling is how a vendor writes a canonical field.
type Spelling struct {
	Vendor rule.Vendor `json:"vendor"`
	Field  string      `json:"field"`
}

// Spellings lists how the vendors write a canonical field, each way once, in
// the order of vendors and names.
func Spellings(canonical string) []Spelling {
	var out []Spelling
	for vendor, table := range fieldTables() {
		for written, f := range table {
			if f.canonical == canonical {
				out = append(out, Spelling{vendor, written.name})
			}
		}
	}
	slices.SortFunc(out, func(a, b Spelling) int {
		return cmp.Or(cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Field, b.Field))
	})
	return slices.Compact(out)
}

// AllSpellings lists every way in which a vendor writes a field that has a
// canonical name, sorted, each once.
func AllSpellings() []string {
	var out []string
	for _, table := range fieldTables() {
		for written := range table {
			out = append(out, written.name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// CanonicalFields lists the canonical fields that a vendor's spelling stands
// for, in upper or lower case and with or without the name of its data model
// before it. What it means wherever it is written comes before what it means
// in some events only.
func CanonicalFields(spelling string) []string {
	found := map[string]bool{} // to whether it is one everywhere
	look := func(name string) {
		for _, table := range fieldTables() {
			for written, f := range table {
				if strings.EqualFold(written.name, name) {
					found[f.canonical] = found[f.canonical] || written.source == "*"
				}
			}
		}
	}
	look(spelling)
	if len(found) == 0 {
		if bare := withoutModel(spelling); bare != spelling {
			look(bare)
		}
	}
	var out []string
	for f := range found {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b string) int {
		if found[a] != found[b] {
			if found[a] {
				return -1
			}
			return 1
		}
		return cmp.Compare(a, b)
	})
	return out
}

// withoutModel drops the name of a data model before a field. Splunk's begin
// with a capital letter (Processes.process_name).
func withoutModel(name string) string {
	for _, prefix := range dataModelPrefixes {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return rest
		}
	}
	if model, rest, ok := strings.Cut(name, "."); ok && model != "" && 'A' <= model[0] && model[0] <= 'Z' {
		return rest
	}
	return name
}

// Shown is a value as people read it. The canonical spelling of a pattern has a
// backslash before each backslash, which is left out; it stays where a star or
// question mark of the pattern stands for itself, which nothing else would show.
func Shown(op rule.Operator, value string) string {
	switch {
	case op == rule.Wildcard, op == rule.Match && strings.ContainsAny(value, "*?"):
		if plain, ok := glob.Plain(value); ok {
			return plain
		}
	}
	return value
}

// Fold is the row of the catalog that a comparison of a canonical field
// belongs to.
func Fold(canonical string, op rule.Operator, value string) Key {
	return key(field{canonical: canonical, kind: canonicalKinds()[canonical]}, op, value)
}

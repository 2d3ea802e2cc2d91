package normalize

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/rule"
)

// Exact is a comparison with what a Key makes one of: the letter of a drive
// that the rule names, and how the text is encoded. Two predicates with equal
// Exacts hold for the same events.
type Exact struct {
	Key
	// Variant has the words that say how the value is compared, such as
	// "windash" or the dialect of a regular expression, joined by blanks.
	Variant string
}

// Variants that no value can be held against: the field is computed inside the
// query, the value is filled in elsewhere, or is compared in another encoding.
const (
	variantDerived  = "derived"
	variantFilledIn = "expand"
	variantWindash  = "windash"
	variantLucene   = "lucene" // regular expressions of Elasticsearch
	variantTerm     = "term"   // Kusto's has and its like: no letter or digit stands beside
)

// Exact returns the comparison that a predicate of a rule of the vendor makes.
func (p *Predicate) Exact(vendor rule.Vendor) Exact {
	e := Exact{Key: p.Key}
	var variant []string
	for word := range strings.FieldsFuncSeq(strings.ToLower(p.SourceOperator), func(r rune) bool { return r == '|' }) {
		switch {
		case word == variantWindash, word == variantFilledIn, strings.HasPrefix(word, "base64"),
			word == "wide", strings.HasPrefix(word, "utf16"),
			p.Operator == rule.Regex && (word == "i" || word == "m" || word == "s"):
			variant = append(variant, word)
		}
	}
	slices.Sort(variant)
	switch {
	case p.Derived:
		variant = append(variant, variantDerived)
	case p.Operator == rule.Eq && isPlaceholder(e.Value) && !slices.Contains(variant, variantFilledIn):
		variant = append(variant, variantFilledIn)
	case p.SourceOperator == "case()", p.SourceOperator == "term()", vendor == rule.Elastic && isFuzzy(p.SourceOperator):
		variant = append(variant, p.SourceOperator)
	case p.Operator == rule.Regex && vendor == rule.Elastic:
		variant = append(variant, variantLucene)
	case vendor == rule.Kusto && strings.HasPrefix(strings.TrimPrefix(p.SourceOperator, "!"), "has"):
		e.Key = Key{p.Field, p.Operator, strings.ToLower(p.Value)}
		variant = append(variant, variantTerm)
	}
	e.Variant = strings.Join(variant, " ")
	switch v := strings.ToLower(p.Value); {
	case !strings.HasPrefix(e.Value, drive):
	case hasLetter(v):
		e.Value = v[:1] + e.Value[1:]
	case strings.HasPrefix(v, device), strings.HasPrefix(v, strings.ReplaceAll(device, `\`, `\\`)):
		// A device is no letter, and a rule may name both.
		e.Key = Key{p.Field, p.Operator, v}
	}
	return e
}

// RegardsCase reports whether letter case may count for a comparison of a
// language, given its operator and how that is written.
func RegardsCase(language rule.Language, op rule.Operator, written string) bool {
	written = strings.ToLower(written)
	switch language {
	case "sigma":
		return op == rule.Regex || strings.Contains(written, "cased") && slices.Contains(strings.Split(written, "|"), "cased")
	case "eql":
		return written != ":" && !strings.Contains(written, "~")
	case "kusto":
		return op == rule.Regex || written == "==" || written == "!=" || written == "in" || written == "!in" || strings.HasSuffix(written, "_cs")
	}
	return true
}

// isFuzzy reports whether Lucene takes words that are nearly the value, or that
// stand near each other, for it.
func isFuzzy(operator string) bool {
	return strings.HasPrefix(operator, ":~") || strings.HasPrefix(operator, "~")
}

// isPlaceholder reports whether a value is filled in by a pipeline.
func isPlaceholder(s string) bool { return len(s) > 2 && s[0] == '%' && s[len(s)-1] == '%' }

// hasLetter reports whether a path begins with the letter of a drive.
func hasLetter(path string) bool {
	return len(path) > 2 && path[0] >= 'a' && path[0] <= 'z' && path[1] == ':' && path[2] == '\\'
}

// anyDrive is a path with its drive's letter left open.
func anyDrive(path string) string {
	if hasLetter(path) {
		return "?" + path[1:]
	}
	return path
}

// Opaque reports whether nothing can be held against the comparison, so that it
// is only known to be the same as itself.
func (e Exact) Opaque() bool {
	switch e.Operator {
	case rule.FieldEq, rule.FieldGt, rule.FieldGte, rule.FieldLt, rule.FieldLte:
		return true
	}
	return e.Variant != "" && e.Variant != variantWindash && e.Variant != variantTerm && e.Operator != rule.Regex || e.Computed()
}

// Computed reports whether the field is computed inside the query, so that it
// means what the query says there.
func (e Exact) Computed() bool { return strings.HasSuffix(e.Variant, variantDerived) }

// Implies reports whether every event that satisfies e also satisfies f. It is
// sound, not complete.
func (e Exact) Implies(f Exact) bool {
	switch {
	case e == f:
		return true
	case e.Opaque() || f.Opaque():
		return false
	case f.Operator == rule.Exists:
		return Implies(e.Key, f.Key)
	case e.Operator == rule.Regex || f.Operator == rule.Regex:
		return false
	case f.Variant == variantTerm:
		// A whole term is the beginning and the end of one.
		return e.Variant == variantTerm && e.Field == f.Field && e.Operator == rule.Contains && e.Value == f.Value
	case e.Variant == variantTerm:
		return e.Field == f.Field && f.Operator == rule.Contains && f.Variant == "" && strings.Contains(e.Value, f.Value)
	case e.anyLetter() && (f.Operator == rule.Contains || f.Operator == rule.EndsWith) && strings.Contains(f.Value, drive):
		return false // there the question mark is one
	case e.Variant == variantWindash || f.Variant == variantWindash:
		return impliesSpelled(e.spellings(), f.spellings())
	}
	if Implies(e.Key, f.Key) {
		return true
	}
	wide := e.Key
	wide.Value = anyDrive(wide.Value)
	return wide != e.Key && f.anyLetter() && Implies(wide, f.Key)
}

// anyLetter reports whether the comparison is of a path on any drive.
func (e Exact) anyLetter() bool {
	return strings.HasPrefix(e.Value, drive) && (e.Operator == rule.Eq || e.Operator == rule.StartsWith) && canonicalKinds()[e.Field] == "path"
}

// impliesSpelled reports whether each of some texts implies one of others.
func impliesSpelled(all, some []Key) bool {
	for _, a := range all {
		if !slices.ContainsFunc(some, func(b Key) bool { return Implies(a, b) }) {
			return false
		}
	}
	return true
}

// Excludes reports whether no value satisfies both, as far as that can be seen.
func (e Exact) Excludes(f Exact) bool {
	return e.Variant == "" && f.Variant == "" && Excludes(e.Key, f.Key)
}

// dashes are what Windows programs take for the dash of a flag, with the dash.
var dashes = []rune{'-', '/', '\u2013', '\u2014', '\u2015'}

// spellings are the texts that a comparison stands for: with windash its flags
// begin with any of the dashes, all with the same one.
func (e Exact) spellings() []Key {
	out := []Key{e.Key}
	if e.Variant != variantWindash {
		return out
	}
	runes := []rune(e.Value)
	for _, dash := range dashes {
		k, changed := e.Key, false
		spelled := append([]rune(nil), runes...)
		for i, r := range runes {
			if (r == '-' || r == '/') && i+1 < len(runes) && isWord(runes[i+1]) && (i == 0 || !isWord(runes[i-1])) {
				changed = changed || spelled[i] != dash
				spelled[i] = dash
			}
		}
		if changed {
			k.Value = string(spelled)
			out = append(out, k)
		}
	}
	return out
}

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

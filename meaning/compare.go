package meaning

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// comparison is what a leaf of a condition asks of an event, with everything that
// makes a difference to the events it holds for.
type comparison struct {
	normalize.Exact
	spelling
	negated  bool
	presence presence
}

// presence is what a comparison says of events that do not have its field.
type presence uint8

const (
	// anyPresence: what asks for a value does not hold, its negation does.
	anyPresence presence = iota
	// needsPresence: the comparison has a negative operator, or is negated in a
	// language where what compares nothing is neither true nor false. Negated it
	// asks for the field; where that is negated again it does not.
	needsPresence
	// openPresence: whether the negation holds is not known.
	openPresence
)

// nothingNegated stands for what Splunk's where makes of NOT before a comparison
// with a field that is not there, which its reference does not say.
var nothingNegated = normalize.Exact{Key: normalize.Key{Field: "$where", Operator: rule.FieldEq, Value: "NOT NULL"}}

// existsVariant is the variant of the question whether the field is there.
func (c *comparison) existsVariant() string {
	if c.Computed() {
		return c.Variant
	}
	return ""
}

// comparisonOf is what a leaf of a rule compares. What is written where it stands
// decides: several comparisons may have become one predicate. In Kusto a text that
// is empty is none at all.
func comparisonOf(r *normalize.Rule, n *normalize.Node) comparison {
	p := r.Predicates[n.Predicate]
	w := n.Written
	if w == nil {
		w = &rule.Predicate{Field: rule.Text{Value: p.SourceField}, Operator: p.Operator, SourceOperator: p.SourceOperator, Value: p.Value}
	}
	p.SourceOperator = w.SourceOperator
	c := comparison{Exact: p.Exact(r.Vendor), negated: p.Negated}
	if r.Vendor == rule.Kusto && c.Operator == rule.Eq && c.Value == "" && c.Variant == "" {
		c.Operator, c.negated = rule.Exists, !c.negated
		return c
	}
	c.spelling = spelled(r, w, &c.Exact)
	c.presence = presenceOf(r.Language, w, c.negated)
	return c
}

// presenceOf says what becomes of a comparison where the field is not there. A
// search of Splunk asks for the field with != and not with NOT; ES|QL has no truth
// of a comparison with null, whichever way it is negated.
func presenceOf(language rule.Language, w *rule.Predicate, negated bool) presence {
	if w.Operator == rule.Exists || w.Operator == rule.Match {
		return anyPresence
	}
	unequal := strings.HasPrefix(w.SourceOperator, "!")
	switch {
	case language == "esql" && negated && !fullText[strings.ToLower(w.SourceOperator)]:
		return needsPresence
	case language != "spl":
	case unequal && (negated || !w.Expression):
		return needsPresence
	case w.Expression && (unequal || negated):
		return openPresence
	}
	return anyPresence
}

// fullText are the operators and functions of ES|QL that search, and so find or do
// not find: the negation holds where there is nothing.
var fullText = map[string]bool{":": true, "match": true, "match_phrase": true, "multi_match": true, "term": true, "kql": true, "qstr": true}

// spelling is the text of a comparison as far as letter case counts in it, empty
// where it does not.
type spelling struct {
	text string
	// vague is set where it is not known whether letter case counts, which the
	// mapping of the field decides, odd where the text is not that of the field.
	vague, odd bool
	// mapped is set where the text stands for one that other rules have in its
	// place, in letters that need no looking at.
	mapped bool
	// phrase is set where words stand in quotes: in a text, they then have to
	// stand side by side.
	phrase bool
	// through has the functions that the field goes through, as rule.Predicate has
	// them, where they keep the text from being that of the field.
	through string
}

// spelled is how a comparison that tells letters of different case apart spells
// what it looks for.
func spelled(r *normalize.Rule, w *rule.Predicate, e *normalize.Exact) spelling {
	language := r.Language
	switch w.Operator {
	case rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith, rule.Wildcard, rule.Match:
	case rule.Regex:
		if language != "eql" { // the expression has its case in its text
			return spelling{}
		}
	case rule.Gt, rule.Gte, rule.Lt, rule.Lte:
		if language == "spl" && w.Expression && isQuoted(r, w) { // texts have another order than numbers
			return spelling{text: w.Value, vague: true, odd: true, phrase: true}
		}
		return spelling{}
	default:
		return spelling{}
	}
	if strings.Contains(w.Through, "trim") && w.Operator != rule.Contains {
		return spelling{text: w.Value, through: w.Through, vague: true, odd: true}
	}
	if chain := strings.ToLower(w.SourceOperator); language == "sigma" && (strings.Contains(chain, "base64") || strings.Contains(chain, "wide") || strings.Contains(chain, "utf16")) {
		return spelling{text: w.Value, vague: true, odd: true} // each letter has a code of its own
	}
	mapped := language == "kuery" || language == "lucene"
	if !mapped && !w.Cased && !caseCounts(language, w.SourceOperator) || w.Operator == rule.Match && !w.Cased {
		return spelling{}
	}
	lower := strings.ToLower(w.Value)
	if lower == strings.ToUpper(w.Value) {
		return spelling{}
	}
	switch folding, _, _ := strings.Cut(w.Through, " "); {
	case folding == "lower" && lower == w.Value, folding == "upper" && w.Value == strings.ToUpper(w.Value):
		return spelling{} // as the field is made to be
	case folding != "":
		return spelling{text: w.Value, through: folding, vague: true, odd: true}
	}
	value := withoutDrive(e.Value)
	at := strings.LastIndex(lower, value)
	if value == "" || at < 0 || len(lower) != len(w.Value) {
		return spelling{text: w.Value, vague: true, odd: true, mapped: true}
	}
	odd := w.Operator == rule.Regex || e.Variant != "" && e.Variant != "term"
	phrase := language == "kuery" && isPhrase(r, w)
	return spelling{text: w.Value[at : at+len(value)], vague: mapped || odd, odd: odd, phrase: phrase}
}

// isPhrase reports whether words are written in quotes.
func isPhrase(r *normalize.Rule, w *rule.Predicate) bool {
	return strings.ContainsAny(strings.TrimSpace(w.Value), " \t\n") && isQuoted(r, w)
}

func isQuoted(r *normalize.Rule, w *rule.Predicate) bool {
	at := int(w.Span.Start)
	return at >= 0 && at < len(r.Source.Data) && strings.IndexByte("\"\\", r.Source.Data[at]) >= 0
}

// withoutDrive leaves out the letter of a drive, or what stands for any.
func withoutDrive(path string) string {
	if len(path) > 2 && path[1] == ':' && path[2] == '\\' {
		return path[2:]
	}
	return path
}

// allows reports whether what implies e without regard to case implies it with the
// letters asked for, too.
func (s spelling) allows(e *normalize.Exact, given spelling) bool {
	switch {
	case s.text == "" || s == given:
		return true
	case given.text == "" || s.odd || given.odd || s.phrase != given.phrase:
		return false
	}
	switch e.Operator {
	case rule.Eq, rule.EndsWith:
		return strings.HasSuffix(given.text, s.text)
	case rule.StartsWith:
		return strings.HasPrefix(given.text, s.text)
	case rule.Contains:
		return strings.Contains(given.text, s.text)
	}
	return false
}

// excludes reports whether two spellings of one whole value are different values.
func (s spelling) excludes(t spelling) bool {
	return s.text != "" && t.text != "" && !s.vague && !t.vague && s.text != t.text
}

// matcher says whether an event satisfies the comparison in the letters asked for.
func (s spelling) matcher(e *normalize.Exact, root string) func(normalize.Values) normalize.Truth {
	matches := e.Matcher()
	if s.text == "" || s.mapped {
		return matches
	}
	base, pieces := *e, s.pieces(e.Operator)
	return func(v normalize.Values) normalize.Truth {
		if t := matches(v); t != normalize.True {
			return t
		}
		out := normalize.False
		for _, value := range normalize.Each(v[root]) {
			if matches(normalize.Values{root: value}) == normalize.True {
				out = max(out, s.holds(&base, pieces, value, base.Field != root))
			}
		}
		return out
	}
}

// pieces are the parts of the text that have to be in a value as they are.
func (s spelling) pieces(op rule.Operator) []string {
	switch op {
	case rule.Regex:
		return nil
	case rule.Wildcard:
		text := strings.NewReplacer(`\\`, "\x00", `\*`, "*", `\?`, "?", "*", "\x01", "?", "\x01").Replace(s.text)
		return strings.FieldsFunc(strings.ReplaceAll(text, "\x00", `\`), func(r rune) bool { return r == '\x01' })
	}
	return []string{s.text}
}

// holds compares the letters of a value that fits without regard to case. Of a
// path only the last component counts where part is set.
func (s spelling) holds(e *normalize.Exact, pieces []string, value string, part bool) normalize.Truth {
	if part {
		value = value[strings.LastIndexAny(value, `\/`)+1:]
	}
	value = withoutDrive(value)
	is, certain := len(pieces) > 0 && s.through == "", !s.vague && len(pieces) > 0
	lower := strings.ToLower(value)
	for _, piece := range pieces {
		switch e.Operator {
		case rule.Eq, rule.EndsWith:
			is = is && strings.HasSuffix(value, piece)
		case rule.StartsWith:
			is = is && strings.HasPrefix(value, piece)
		default:
			is = is && strings.Contains(value, piece)
			// Which of several places counts is not looked into.
			several := strings.Count(lower, strings.ToLower(piece)) > 1 && (e.Variant != "" || e.Operator != rule.Contains)
			is, certain = is && !several, certain && !several
		}
	}
	switch {
	case is:
		return normalize.True
	case certain:
		return normalize.False
	}
	return normalize.Unknown
}

// respelled are spellings of a candidate: with the letters that comparisons ask
// for, as it is, and in capitals, which most do not.
func respelled(candidate string, wanted []string) []string {
	out := []string{candidate}
	letters := []byte(candidate)
	lower := strings.ToLower(candidate)
	if len(lower) == len(candidate) {
		for _, text := range wanted {
			folded := strings.ToLower(text)
			for at := 0; folded != "" && len(folded) == len(text); {
				i := strings.Index(lower[at:], folded)
				if i < 0 {
					break
				}
				copy(letters[at+i:], text)
				at += i + len(folded)
			}
		}
		if s := string(letters); s != candidate {
			out = append([]string{s}, out...)
		}
	}
	if upper := strings.ToUpper(candidate); upper != candidate {
		out = append(out, upper)
	}
	return out
}

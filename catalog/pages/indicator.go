package pages

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/rule"
)

// Indicator is the page of a value: who compares what with it.
type Indicator struct {
	Head
	Value string `json:"value"` // as it was asked for
	// Fields are the canonical fields that the question was narrowed to;
	// empty for all.
	Fields []string `json:"fields"`
	// Rules look for the value, Alone for nothing else, and Excluding leave
	// out events that have it.
	Rules     ByVendor `json:"rules"`
	Alone     int      `json:"alone"`
	Excluding ByVendor `json:"excluding"`
	// Indicators and Exclusions are the comparisons with the value.
	Indicators []Row            `json:"indicators"`
	Exclusions []Row            `json:"exclusions"`
	Techniques []TechniqueCount `json:"techniques"` // of Rules
	// Near are values in the catalog that are close to one that no rule has.
	Near []string `json:"near"`
}

var fieldName = regexp.MustCompile(`^[\w@*][\w.\-@]*$`)

// IndicatorOf is the page of a value, or of a value of one field, written
// field=value. The field may be canonical or as a vendor writes it. The value
// is folded as those of rules are, and may have * and ? for wildcards.
func IndicatorOf(c *catalog.Catalog, query string) (*Indicator, error) {
	p := &Indicator{Head: head(c), Value: query}
	fields := fieldsIn(c)
	name, value, narrowed := strings.Cut(query, "=")
	if narrowed && fieldName.MatchString(name) {
		if found := fields.find(name); len(found) > 0 {
			p.Fields, p.Value = found, value
		}
	}
	p.look(c)
	if len(p.Fields) > 0 && p.unused() {
		// Values have equals signs of their own.
		whole := &Indicator{Head: p.Head, Value: query}
		if whole.look(c); !whole.unused() {
			return whole, nil
		}
	}
	if !p.unused() {
		return p, nil
	}
	p.Near = nearValues(c, p.Value)
	if narrowed && len(p.Fields) == 0 && fieldName.MatchString(name) && !p.isPart() {
		return nil, fields.unknown(name)
	}
	return p, nil
}

func (p *Indicator) unused() bool { return p.Rules.Len()+p.Excluding.Len() == 0 }

// isPart reports whether the value is a part of those that are close to it, and
// so is a value even if it looks like field=value.
func (p *Indicator) isPart() bool {
	return len(p.Near) > 0 && strings.Contains(p.Near[0], bareValue(p.Value))
}

func (p *Indicator) look(c *catalog.Catalog) {
	m := newMatcher(p.Value)
	var users, excluders []catalog.Postings
	asked := map[normalize.Key]bool{}
	for row := range c.Rows() {
		k := row.Key()
		if !p.about(k.Field) || !m.matches(k) {
			continue
		}
		asked[k] = true
		users = append(users, row.Indicator())
		excluders = append(excluders, row.Exclusion())
	}
	looking, excluding := union(users...), union(excluders...)
	p.Rules, p.Excluding = byVendor(c, looking), byVendor(c, excluding)
	p.Techniques = techniqueCounts(c, looking)
	other := func(r Row) bool { return !asked[r.Key] }
	p.Indicators = slices.DeleteFunc(indicatorsOf(c, looking), other)
	p.Exclusions = slices.DeleteFunc(exclusionsOf(c, excluding, nil), other)
	for i := range p.Indicators {
		p.Alone += p.Indicators[i].Alone
	}
}

// about reports whether the question is about a field. One about a path is
// about its last component too, since that is where such values are filed.
func (p *Indicator) about(field string) bool {
	return len(p.Fields) == 0 || slices.Contains(p.Fields, field) || slices.Contains(p.Fields, normalize.PathField(field))
}

// Limit cuts every list of the page.
func (p *Indicator) Limit(n int) {
	p.Rules, p.Excluding = cutVendors(p.Rules, n), cutVendors(p.Excluding, n)
	p.Indicators, p.Exclusions = cut(p.Indicators, n), cut(p.Exclusions, n)
	p.Techniques = cut(p.Techniques, n)
}

// matcher finds the rows that a value belongs to.
type matcher struct {
	written string // in lower case
	value   string
	// op is the operator that the wildcards of the value stand for, empty for
	// a value without: then any operator will do.
	op rule.Operator
}

func newMatcher(written string) *matcher {
	m := &matcher{written: written, value: written}
	// A question mark for the letter of a drive is how the catalog writes one.
	drive, rest := "", written
	if strings.HasPrefix(rest, `?:\`) {
		drive, rest = rest[:2], rest[2:]
	}
	if !strings.ContainsAny(rest, "*?") {
		return m
	}
	var g glob.Pattern
	g.Literal(drive)
	start := 0
	for i := range len(rest) {
		if rest[i] != '*' && rest[i] != '?' {
			continue
		}
		g.Literal(rest[start:i])
		if rest[i] == '*' {
			g.Any()
		} else {
			g.One()
		}
		start = i + 1
	}
	g.Literal(rest[start:])
	m.op, m.value = g.Reduce()
	return m
}

// textOperators take a value that is a part of another.
var textOperators = []rule.Operator{rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith}

func (m *matcher) matches(k normalize.Key) bool {
	if k.Operator == rule.Exists || m.written == "" {
		return false
	}
	if k.Value == m.written || k.Operator != rule.Regex && strings.EqualFold(k.Value, m.written) {
		return true
	}
	if m.op != "" {
		return m.folds(k, m.op)
	}
	if m.folds(k, k.Operator) {
		return true
	}
	return slices.Contains(textOperators, k.Operator) &&
		slices.ContainsFunc(textOperators, func(op rule.Operator) bool { return m.folds(k, op) })
}

// folds reports whether the value, compared by an operator, is a row: with its
// field, or with the path whose last component the field is.
func (m *matcher) folds(k normalize.Key, op rule.Operator) bool {
	if catalog.Stored(normalize.Fold(k.Field, op, m.value)) == k {
		return true
	}
	path := normalize.PathField(k.Field)
	return path != "" && normalize.Fold(path, op, m.value) == k
}

// bareValue is what a value says, without what stands around it.
func bareValue(value string) string { return strings.ToLower(strings.Trim(value, `*\/`)) }

// nearValues lists a few values of the catalog that hold the given one.
func nearValues(c *catalog.Catalog, value string) []string {
	const most = 5
	bare := bareValue(value)
	if len(bare) < 3 {
		return nil
	}
	set := map[string]int{}
	similar := map[string]bool{}
	for row := range c.Rows() {
		k := row.Key()
		v := normalize.Shown(k.Operator, k.Value)
		n := row.Indicator().Len()
		if n == 0 || len(v) > 80 {
			continue
		}
		if strings.Contains(v, bare) {
			set[v] += n
		} else if len(v) < 40 {
			similar[v] = true
		}
	}
	if len(set) == 0 {
		if guess := near.Word(bare, slices.Sorted(maps.Keys(similar))); guess != "" {
			return []string{guess}
		}
		return nil
	}
	out := make([]string, 0, len(set))
	for v := range set {
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b string) int {
		if set[a] != set[b] {
			return set[b] - set[a]
		}
		return strings.Compare(a, b)
	})
	return out[:min(len(out), most)]
}

// String writes a row as the pages name it.
func (r *Row) String() string {
	if r.Value == "" && r.Operator != rule.Exists {
		return fmt.Sprintf(`%s %s ""`, r.Field, r.Operator)
	}
	return strings.TrimSpace(r.Field + " " + string(r.Operator) + " " + normalize.Shown(r.Operator, r.Value))
}

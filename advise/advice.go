package advise

import (
	"cmp"
	"maps"
	"slices"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// SchemaVersion is that of the JSON form of an Advice. Its first number changes
// when a key is removed or changes its meaning.
const SchemaVersion = "1.0"

// Advice is what an Advisor has to say about one rule. Its lists are cut to
// what is worth reading.
type Advice struct {
	SchemaVersion string            `json:"schema_version"`
	Path          string            `json:"path"`
	Index         int               `json:"index"` // counts the rules of a file from 0
	ID            string            `json:"id"`
	Title         string            `json:"title"`
	Vendor        rule.Vendor       `json:"vendor"`
	Language      rule.Language     `json:"language"`
	Techniques    []string          `json:"techniques"` // current ids
	Events        []normalize.Event `json:"events"`
	// Unresolved is what could not be looked into: what is said does not
	// take it into account.
	Unresolved []string `json:"unresolved,omitempty"`

	Noise Noise `json:"noise"`
	// Paths are the ways for the rule to fire, widest first; of a rule with
	// very many, the widest alone. PathCount counts them, up to a million.
	Paths     []Path `json:"paths"`
	PathCount int    `json:"path_count"`
	// Fields are those that the next exclusion may be by, likeliest first.
	Fields []Field `json:"fields"`
	// Exclusions are what the rule may want to exclude, best first.
	Exclusions []Exclusion `json:"exclusions"`
	// General are exclusions that take in several that public rules have, some
	// of them among Exclusions.
	General []Exclusion `json:"general"`
	Peers   Peers       `json:"peers"`
}

// Noise says how widely what the rule looks for is shared: the greatest, over
// its paths, of the least reach on the path.
type Noise struct {
	// Reach is nil where something that could narrow the rule could not be
	// looked into.
	Reach *int `json:"reach"`
	// WholeEvent is set where a path asks for nothing but a kind of event.
	// Reach then counts the public rules, none of another platform, that look at
	// that.
	WholeEvent bool `json:"whole_event,omitempty"`
}

// Field is a field to exclude by. A path stands for its last part, too.
type Field struct {
	Name string `json:"field"`
	// Own counts the comparisons of the rule's exclusions that are by it,
	// Peers the peers that exclude by it.
	Own   int `json:"own"`
	Peers int `json:"peers"`
}

// Exclusion is a comparison that other rules exclude.
type Exclusion struct {
	normalize.Key
	// Score orders exclusions, also those of several rules. It has no unit.
	Score float64 `json:"score"`
	// Bypassable is set where whoever the rule is after can make the exclusion
	// apply at will. That rules have it is no reason to add it.
	Bypassable bool `json:"bypassable,omitempty"`
	// Elsewhere is set where only rules on events of other providers, or of
	// other platforms, exclude it: it may mean nothing here, such as the users of
	// another system.
	Elsewhere bool `json:"elsewhere,omitempty"`
	// Rules counts the public rules that exclude it by itself, in any
	// spelling.
	Rules int `json:"rules"`
	// Here counts those that exclude it in the place that is named, of which
	// Examples are most alike.
	Here     int          `json:"rules_here"`
	Examples []PublicRule `json:"examples"`
	// Counts says what Rules and Support take together, where that is more than
	// the one comparison: "in any spelling", or "by name or any path".
	Counts  string  `json:"counts,omitempty"`
	Support Support `json:"support"`
	// Group is set where the exclusion is more general than those that it rests on,
	// which Rules then counts.
	Group *Group `json:"group,omitempty"`
}

// minSuggested is how many rules must exclude something for it to be suggested.
const minSuggested = 2

// Suggested are the exclusions that are worth suggesting: several rules have
// them, in the place that is named, some of which are much like the rule, also on events of the same provider, nobody can make them apply at will,
// and none says what a better one says already.
// What is more general stands in the place of what it takes in.
func (a *Advice) Suggested() []Exclusion {
	return Suggested(withGeneral(a.Exclusions, a.General), minSuggested)
}

// Suggested is Advice.Suggested for some exclusions, each of which so many
// rules must have.
func Suggested(all []Exclusion, rules int) []Exclusion {
	var out []Exclusion
	for _, e := range all {
		covered := slices.ContainsFunc(out, func(better Exclusion) bool { return takesIn(better.Key, e.Key) })
		if e.Rules >= rules && e.Here >= minSuggested && (e.Support != (Support{}) || e.Group != nil) && !e.Bypassable && !e.Elsewhere && !covered {
			out = append(out, e)
		}
	}
	return out
}

// Support are the counts that speak for an exclusion. What is nil does not.
type Support struct {
	// Together: of the Of rules that exclude With as the rule does, Rules
	// exclude this too.
	Together *Together `json:"together,omitempty"`
	// Alike: so many of the rules on the same events and of the same
	// technique exclude it.
	Alike *Share `json:"same_event_and_technique,omitempty"`
	// Peers: so many of the peers do.
	Peers *Share `json:"peers,omitempty"`
}

// Bound is the lower confidence bound of the share that says most.
func (s *Support) Bound() float64 {
	best := 0.0
	for _, share := range []*Share{s.together(), s.Alike, s.Peers} {
		if share != nil {
			best = max(best, Wilson(share.Rules, share.Of))
		}
	}
	return best
}

func (s *Support) together() *Share {
	if s.Together == nil {
		return nil
	}
	return &s.Together.Share
}

// Share is a number of rules among others.
type Share struct {
	Rules int `json:"rules"`
	Of    int `json:"of"`
}

// Together is the share of the rules with an exclusion that have another.
type Together struct {
	Share
	With normalize.Key `json:"with"`
	// Counts says what Of takes together, as that of an Exclusion.
	Counts string `json:"counts,omitempty"`
}

// PublicRule names a rule of the catalog.
type PublicRule struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Vendor rule.Vendor `json:"vendor"`
	URL    string      `json:"url,omitempty"`
}

// MaxExclusions is how many exclusions, and fields, an advice has.
const MaxExclusions = 20

// Of gives advice on a rule.
func (a *Advisor) Of(r *normalize.Rule) *Advice {
	x := a.index()
	self := a.Self(r)
	q := x.query(r, self)
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	near := x.nearest(q, s)
	out := &Advice{
		SchemaVersion: SchemaVersion, Path: r.Path(), Index: r.Index, ID: r.ID.Value, Title: r.Title.Value,
		Vendor: r.Vendor, Language: r.Language, Techniques: techniqueIDs(a.c.Tables(), r), Events: r.Events, Unresolved: r.Unresolved,
		Noise: a.noise(r, self), Peers: x.peers(q, near),
	}
	if out.Events == nil {
		out.Events = []normalize.Event{}
	}
	out.Paths, out.PathCount = a.paths(r, self)
	if out.Paths == nil {
		out.Paths = []Path{}
	}
	out.Fields = x.fields(q, near, out.Peers.Rules)
	refused := x.refusal(r)
	out.Exclusions = x.exclusions(q, x.rank(q, s, near, MaxExclusions, 0, refused), near, out.Peers.Rules)
	out.General = x.general(q, refused, out.Exclusions)
	return out
}

// Exclude gives the part of the advice that is about exclusions, without what
// peers do, when its best score is at least a bound; else it is nil. self is the
// rule among the public ones.
func (a *Advisor) Exclude(r *normalize.Rule, self []catalog.RuleRef, bound float64) *Advice {
	x := a.index()
	q := x.query(r, self)
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	near := x.nearest(q, s)
	best := x.rank(q, s, near, maxExclude, bound, x.refusal(r))
	if len(best) == 0 || best[0].score < bound {
		return nil
	}
	return &Advice{Fields: x.fields(q, near, nil), Exclusions: x.exclusions(q, best, near, nil)}
}

// maxExclude is how many exclusions Exclude looks at.
const maxExclude = 10

func (x *index) exclusions(q *query, best []ranked, near []neighbour, peers []catalog.RuleRef) []Exclusion {
	out := []Exclusion{}
	alike := x.alike(q)
	for i := range best {
		out = append(out, x.exclusion(q, &best[i], near, alike, peers))
	}
	return out
}

func (x *index) fields(q *query, near []neighbour, peers []catalog.RuleRef) []Field {
	out := []Field{}
	for _, f := range x.rankFields(q, near) {
		if len(out) == MaxExclusions {
			break
		}
		field := Field{Name: x.fieldNames[f.field], Own: f.own}
		for _, ref := range peers {
			if slices.Contains(x.exclFields.of(uint32(ref)), f.field) {
				field.Peers++
			}
		}
		out = append(out, field)
	}
	return out
}

// Noise is that part of the advice on a rule alone.
func (a *Advisor) Noise(r *normalize.Rule) Noise { return a.noise(r, a.Self(r)) }

func (a *Advisor) noise(r *normalize.Rule, self []catalog.RuleRef) Noise {
	if r.Kind != rule.Detection || len(r.Unresolved) > 0 || r.Root() == nil {
		return Noise{}
	}
	path := r.WidestPath(func(p *normalize.Predicate) int { return a.Reach(p.Key, self) })
	if path.Reach == normalize.Unbounded {
		reach := a.onEvent(r, self)
		return Noise{&reach, true}
	}
	return Noise{Reach: &path.Reach}
}

// exclusion completes a ranked exclusion with what it rests on.
func (x *index) exclusion(q *query, e *ranked, near []neighbour, alike, peers []catalog.RuleRef) Exclusion {
	out := Exclusion{Key: e.key, Score: e.score, Bypassable: Bypassable(e.key) || isInside(q.rule, e.key), Elsewhere: !x.sameProvider(q, e.family), Examples: []PublicRule{}}
	has := map[uint32]bool{}
	for _, ref := range x.excluders.of(e.family) {
		if !q.isSelf(ref) {
			has[ref] = true
		}
	}
	here := x.here(e.family, e.key, has)
	out.Rules, out.Here, out.Counts = len(has), len(here), x.counts(e.family, e.key)
	examples := here
	if len(here) == 0 {
		examples = has
	}
	for _, n := range near {
		if examples[n.ref] && len(out.Examples) < maxExamples {
			out.Examples = append(out.Examples, x.public(catalog.RuleRef(n.ref)))
		}
	}
	for _, ref := range x.excluders.of(e.family) {
		if len(out.Examples) == maxExamples || len(out.Examples) == len(examples) {
			break
		}
		if one := x.public(catalog.RuleRef(ref)); examples[ref] && !slices.Contains(out.Examples, one) {
			out.Examples = append(out.Examples, one)
		}
	}
	share := func(of []catalog.RuleRef) *Share {
		n := 0
		for _, ref := range of {
			if has[uint32(ref)] {
				n++
			}
		}
		if n == 0 {
			return nil
		}
		return &Share{n, len(of)}
	}
	out.Support.Alike, out.Support.Peers = share(alike), share(peers)
	out.Support.Together = x.withOwn(q, e.family, has)
	return out
}

// withOwn is the exclusion of the rule that most surely goes with another one.
func (x *index) withOwn(q *query, f uint32, has map[uint32]bool) *Together {
	var out *Together
	best := 0.0
	for i := range q.single {
		have := &q.single[i]
		if have.family == f {
			continue
		}
		both, of := 0, 0
		for _, ref := range x.excluders.of(have.family) {
			if !q.isSelf(ref) {
				of++
				if has[ref] {
					both++
				}
			}
		}
		if bound := Wilson(both, of); both > 1 && bound > best {
			best, out = bound, &Together{Share{both, of}, have.key, x.counts(have.family, have.key)}
		}
	}
	return out
}

// alike are the other rules that share an event and a technique with the rule.
func (x *index) alike(q *query) []catalog.RuleRef {
	var out []catalog.RuleRef
	for _, id := range techniqueIDs(x.c.Tables(), q.rule) {
		for ref := range x.c.Technique(id).All() {
			if !q.isSelf(uint32(ref)) && x.shareEvent(q, uint32(ref)) && !slices.Contains(out, ref) {
				out = append(out, ref)
			}
		}
	}
	return out
}

func (x *index) public(ref catalog.RuleRef) PublicRule {
	return PublicRule{x.c.ID(ref), x.c.Title(ref), x.c.Vendor(ref), x.c.URL(ref)}
}

// Counted are the exclusions that at least n of the rules on the same events
// and of the same technique have by themselves, most first. That many have one
// says little of whether a rule needs it; see docs/quality.md.
func (a *Advisor) Counted(r *normalize.Rule, n int) []Exclusion {
	x := a.index()
	q := x.query(r, a.Self(r))
	alike := x.alike(q)
	rules := map[uint32]int{}
	for _, ref := range alike {
		for _, f := range x.excludes.of(uint32(ref)) {
			rules[f]++
		}
	}
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	var out []Exclusion
	refused := x.refusal(r)
	for _, f := range slices.Sorted(maps.Keys(rules)) {
		if rules[f] < n || slices.Contains(q.families, f) {
			continue
		}
		if k, ok := x.spelling(s, f, refused); ok {
			out = append(out, x.exclusion(q, &ranked{family: f, key: k}, nil, alike, nil))
		}
	}
	slices.SortStableFunc(out, func(a, b Exclusion) int {
		return cmp.Compare(b.Support.Alike.Rules, a.Support.Alike.Rules)
	})
	return out
}

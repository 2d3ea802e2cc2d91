package meaning

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// rulesBelow normalizes every rule that the parsers read below a folder, in a
// fixed order.
func rulesBelow(t testing.TB, root string) []*normalize.Rule {
	t.Helper()
	var out []*normalize.Rule
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !parsers.Match(path) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		out = append(out, normalize.Normalized(parsers.Parse(filepath.ToSlash(rel), data, nil).Rules)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestVerdictsAgreeWithEvents changes rules at random and holds every verdict
// against events made from the comparisons of both versions: events that
// satisfy one of them, and events that are a little different from those.
func TestVerdictsAgreeWithEvents(t *testing.T) {
	t.Run("testdata", func(t *testing.T) { property(t, rulesBelow(t, filepath.Join("testdata", "rules")), 60, 200) })
	corpora := filepath.Join("..", "..", "shared", "corpora")
	entries, err := os.ReadDir(corpora)
	if err != nil {
		t.Skip("no real rules at hand: verdicts not held against events of them")
	}
	for _, e := range entries {
		if e.IsDir() {
			t.Run(e.Name(), func(t *testing.T) {
				rules := rulesBelow(t, filepath.Join(corpora, e.Name()))
				if len(rules) == 0 {
					t.Skip("no rules that detlint reads")
				}
				property(t, thinned(rules), 1, 16)
			})
		}
	}
}

// thinned takes as many rules as there is time for, from all folders. With
// DETLINT_ALL_RULES set it takes all of them.
func thinned(rules []*normalize.Rule) []*normalize.Rule {
	const most = 500
	step := (len(rules) + most - 1) / most
	if os.Getenv("DETLINT_ALL_RULES") != "" || step <= 1 {
		return rules
	}
	var out []*normalize.Rule
	for i := 0; i < len(rules); i += step {
		out = append(out, rules[i])
	}
	return out
}

func property(t *testing.T, rules []*normalize.Rule, changes, events int) {
	rules = slices.DeleteFunc(rules, func(r *normalize.Rule) bool { return r.Condition == nil || r.Broken })
	if len(rules) == 0 {
		t.Fatal("no rules to change")
	}
	random := rand.New(rand.NewSource(1))
	verdicts, shown := map[Verdict]int{}, 0
	for _, r := range rules {
		for range changes {
			other := rules[random.Intn(len(rules))]
			how, condition := mutated(random, r.Condition, other.Condition)
			copied := *r.Rule
			copied.Condition = condition
			after := normalize.Normalize(&copied)
			c := Compare(r, after)
			verdicts[c.Verdict]++
			if problem := disproved(random, r, after, c, events); problem != "" {
				t.Errorf("%s, %s: %s: %s", r.Path(), how, c.Verdict, problem)
			}
			if how == "reordered" && c.Verdict != Same && c.Verdict != Unknown {
				t.Errorf("%s: reordering makes it %s", r.Path(), c.Verdict)
			}
			if gained, lost := c.Examples(); gained != nil || lost != nil {
				shown++
			}
		}
	}
	t.Logf("%d rules, %d comparisons: %v; %d with events that show it", len(rules), len(rules)*changes, verdicts, shown)
	if verdicts[Wider] == 0 || verdicts[Narrower] == 0 || verdicts[Both] == 0 || verdicts[Same] == 0 {
		t.Error("not every verdict was put to the test")
	}
}

// disproved returns what contradicts a verdict, empty where nothing does.
func disproved(random *rand.Rand, before, after *normalize.Rule, c *Change, events int) string {
	old, now := evaluator(before), evaluator(after)
	gained, lost := c.Examples()
	if gained != nil && (old(gained) == normalize.True || now(gained) == normalize.False) {
		return fmt.Sprintf("the event it gained is no example: %v", gained)
	}
	if lost != nil && (old(lost) == normalize.False || now(lost) == normalize.True) {
		return fmt.Sprintf("the event it lost is no example: %v", lost)
	}
	var needsGained, needsLost bool
	switch c.Verdict {
	case Wider:
		needsGained = true
	case Narrower:
		needsLost = true
	case Both:
		needsGained, needsLost = true, true
	}
	if needsGained != (gained != nil) && c.Verdict != Unknown || needsLost != (lost != nil) && c.Verdict != Unknown {
		return "the verdict has no example, or one too many"
	}
	for i := range events {
		r := before
		if i%2 == 1 {
			r = after
		}
		sample := made(random, r, before, after)
		o, n := old(sample), now(sample)
		if o == normalize.True && n == normalize.False && (c.Verdict == Same || c.Verdict == Wider) {
			return fmt.Sprintf("lost %v", sample)
		}
		if o == normalize.False && n == normalize.True && (c.Verdict == Same || c.Verdict == Narrower) {
			return fmt.Sprintf("gained %v", sample)
		}
	}
	return ""
}

// evaluator evaluates the condition of a rule as it stands.
func evaluator(r *normalize.Rule) func(Sample) normalize.Truth {
	return evaluatorWith(r, nil)
}

// evaluatorWith takes the truth of some comparisons as given.
func evaluatorWith(r *normalize.Rule, given func(*normalize.Node) normalize.Truth) func(Sample) normalize.Truth {
	matchers := map[*normalize.Node]func(normalize.Values) normalize.Truth{}
	return func(s Sample) normalize.Truth {
		scopes := 0
		seen := map[visit]int{}
		var eval func(n *normalize.Node, scope int, of about) normalize.Truth
		eval = func(n *normalize.Node, scope int, of about) normalize.Truth {
			if n.Kind == normalize.LeafNode {
				if given != nil {
					if t := given(n); t != normalize.Unknown {
						return t
					}
				}
				if matchers[n] == nil {
					matchers[n] = truthOf(r, n)
				}
				return matchers[n](s[scope])
			}
			if n.Branch && of != same {
				v := visit{n, scope, of}
				if seen[v] == 0 {
					scopes++
					seen[v] = scopes
				}
				scope = seen[v]
			}
			out := normalize.True
			if n.Kind == normalize.OrNode {
				out = normalize.False
			}
			if table, ok := s[scope][tableField]; ok && len(n.Tables) > 0 {
				if !slices.ContainsFunc(n.Tables, func(name string) bool {
					return strings.EqualFold(name, table) || strings.Contains(name, "*") && tableNamed(name).Matches(s[scope]) == normalize.True
				}) {
					out = normalize.False
				}
			}
			for i, child := range n.Children {
				t := eval(child, scope, childAbout(r.Vendor, n, i, of))
				if n.Kind == normalize.OrNode {
					out = max(out, t)
				} else {
					out = min(out, t)
				}
			}
			return out
		}
		return eval(r.Root(), 0, same)
	}
}

// truthOf evaluates one leaf of a condition.
func truthOf(r *normalize.Rule, n *normalize.Node) func(normalize.Values) normalize.Truth {
	k := comparisonOf(r, n)
	matches := k.matcher(&k.Exact, normalize.RootField(k.Field))
	there := normalize.Exact{Key: normalize.Key{Field: k.Field, Operator: rule.Exists}, Variant: k.existsVariant()}.Matcher()
	return func(v normalize.Values) normalize.Truth {
		t, has := matches(v), there(v)
		if !k.negated {
			switch {
			case has == normalize.True || k.presence == anyPresence:
				return t
			case k.presence == needsPresence:
				return max(t, -has)
			}
			return max(t, min(-has, normalize.Unknown))
		}
		switch {
		case has == normalize.True || k.presence == anyPresence:
			return -t
		case k.presence == needsPresence:
			return min(-t, has)
		}
		return min(-t, max(has, normalize.Unknown))
	}
}

// literals are comparisons by the event they are about.
type literals map[group][]literal

type literal struct {
	*normalize.Exact
	negated bool
}

// made makes an event: one that satisfies a rule in a way drawn at random,
// changed in a few places drawn at random too.
func made(random *rand.Rand, r, before, after *normalize.Rule) Sample {
	wants := literals{}
	scopes := 0
	var want func(n *normalize.Node, rule *normalize.Rule, scope int, of about, all bool)
	want = func(n *normalize.Node, r *normalize.Rule, scope int, of about, all bool) {
		if n.Kind == normalize.LeafNode {
			p := &r.Predicates[n.Predicate]
			e := p.Exact(r.Vendor)
			g := group{scope, normalize.RootField(e.Field)}
			wants[g] = append(wants[g], literal{&e, p.Negated})
			return
		}
		if n.Branch && of != same {
			scopes++
			scope = scopes
		}
		if len(n.Tables) > 0 {
			e := tableNamed(n.Tables[random.Intn(len(n.Tables))])
			wants[group{scope, tableField}] = []literal{{&e, false}}
		}
		one := -1
		if n.Kind == normalize.OrNode && len(n.Children) > 0 && !all {
			one = random.Intn(len(n.Children))
		}
		for i, child := range n.Children {
			if one < 0 || i == one {
				want(child, r, scope, childAbout(r.Vendor, n, i, of), all)
			}
		}
	}
	want(r.Root(), r, 0, same, false)
	sample := Sample{}
	for i := range scopes + 1 {
		sample[i] = normalize.Values{}
	}
	single := singles(before, after)
	fill := func(g group, all []literal) {
		var w wanted
		for _, l := range all {
			if !l.negated && !l.Opaque() {
				w.yes = append(w.yes, l.Exact)
			}
		}
		if !single[g.root] && len(w.yes) > 0 && random.Intn(2) == 0 {
			values := []string{filler}
			if have, ok := sample[g.scope][g.root]; ok {
				values[0] = have
			}
			for _, e := range w.yes {
				if value, ok := (&wanted{yes: []*normalize.Exact{e}}).first(g.root); ok {
					values = append(values, value)
				}
			}
			sample[g.scope][g.root] = normalize.Several(values...)
			return
		}
		if len(w.yes) == 0 && random.Intn(3) > 0 {
			delete(sample[g.scope], g.root)
			return
		}
		var list []string
		for s := range w.candidates(g.root) {
			fits := true
			for _, l := range all {
				if l.Opaque() || l.Operator == rule.Match {
					continue
				}
				if t := l.Matches(normalize.Values{g.root: s}); l.negated && t == normalize.True || !l.negated && t == normalize.False {
					fits = false
				}
			}
			if list = append(list, s); fits {
				sample[g.scope][g.root] = s
				if random.Intn(2) == 0 {
					return
				}
			}
		}
		if sample[g.scope][g.root] == "" && len(list) > 0 {
			sample[g.scope][g.root] = list[random.Intn(len(list))]
		}
	}
	byScope := func(all literals) []group {
		return slices.SortedFunc(maps.Keys(all), func(a, b group) int {
			if a.scope != b.scope {
				return a.scope - b.scope
			}
			return strings.Compare(a.root, b.root)
		})
	}
	for _, g := range byScope(wants) {
		fill(g, wants[g])
	}
	// Now and then another comparison about one of the values is satisfied.
	for _, r := range []*normalize.Rule{before, after} {
		if random.Intn(2) == 0 {
			wants, scopes = literals{}, 0
			want(r.Root(), r, 0, same, true)
			groups := byScope(wants)
			if len(groups) == 0 {
				continue
			}
			g := groups[random.Intn(len(groups))]
			l := wants[g][random.Intn(len(wants[g]))]
			l.negated = false
			if sample[g.scope] != nil {
				fill(g, []literal{l})
			}
		}
	}
	separators := separators(before) + separators(after)
	for scope := range sample {
		for _, field := range slices.Sorted(maps.Keys(sample[scope])) {
			value := sample[scope][field]
			switch random.Intn(25) {
			case 0:
				delete(sample[scope], field)
			case 1:
				if len(value) > 1 {
					sample[scope][field] = value[:len(value)-1]
				}
			case 2:
				if !isPath(field) {
					sample[scope][field] = value + filler
				}
			}
			if v, ok := sample[scope][field]; ok && isPath(field) {
				sample[scope][field] = onSystem(v, separators)
			}
		}
	}
	return sample
}

// singles are the fields that are known to have one value, and those of tables,
// paths and whole events.
func singles(rules ...*normalize.Rule) map[string]bool {
	out := map[string]bool{tableField: true, "*": true}
	for _, r := range rules {
		for i := range r.Predicates {
			p := &r.Predicates[i]
			if root := normalize.RootField(p.Field); p.IsSingle(r.Vendor) || root != p.Field || isPath(root) {
				out[root] = true
			}
		}
	}
	return out
}

// separators are those that the rule writes in paths.
func separators(r *normalize.Rule) string {
	out := ""
	for i := range r.Predicates {
		if p := &r.Predicates[i]; isPath(normalize.RootField(p.Field)) {
			for _, sep := range []string{`\`, "/"} {
				if strings.Contains(p.Value, sep) {
					out += sep
				}
			}
		}
	}
	return out
}

// onSystem writes a path as the system does that the rules are about: a base
// name stands behind the separator that they write before it.
func onSystem(path, separators string) string {
	if !strings.ContainsAny(path, `\/`) {
		path = `c:\` + path // a path has a folder
	}
	switch unix, windows := strings.Contains(separators, "/"), strings.Contains(separators, `\`); {
	case unix && !windows:
		return strings.ReplaceAll(strings.TrimPrefix(path, "c:"), `\`, "/")
	case windows && !unix:
		return strings.ReplaceAll(path, "/", `\`)
	case windows && unix:
		// Both before one name would be another name on each system.
		if i := strings.LastIndexAny(path, `\/`); i >= 0 {
			return path[:i] + `\` + path[i+1:]
		}
	}
	return path
}

// mutated changes a copy of a condition in one or two places.
func mutated(random *rand.Rand, c, other rule.Condition) (string, rule.Condition) {
	out := copied(c)
	var hows []string
	for range 1 + random.Intn(2) {
		how, next := mutation(random, out, other)
		hows = append(hows, how)
		out = next
	}
	if len(hows) == 2 && hows[0] == hows[1] {
		hows = hows[:1]
	}
	return strings.Join(hows, ", "), out
}

func copied(c rule.Condition) rule.Condition {
	list := func(children []rule.Condition) []rule.Condition {
		out := make([]rule.Condition, len(children))
		for i := range children {
			out[i] = copied(children[i])
		}
		return out
	}
	switch c := c.(type) {
	case *rule.And:
		return &rule.And{Children: list(c.Children)}
	case *rule.Or:
		return &rule.Or{Children: list(c.Children)}
	case *rule.Not:
		return &rule.Not{Child: copied(c.Child), Span: c.Span}
	case *rule.Branch:
		return &rule.Branch{Child: copied(c.Child), Selectors: c.Selectors}
	case *rule.Predicate:
		p := *c
		return &p
	}
	return c
}

func mutation(random *rand.Rand, c, other rule.Condition) (string, rule.Condition) {
	var leaves, foreign []*rule.Predicate
	var lists []rule.Condition
	rule.Walk(other, func(c rule.Condition) bool {
		if p, ok := c.(*rule.Predicate); ok {
			foreign = append(foreign, p)
		}
		return true
	})
	rule.Walk(c, func(c rule.Condition) bool {
		switch c := c.(type) {
		case *rule.Predicate:
			leaves = append(leaves, c)
		case *rule.And, *rule.Or:
			lists = append(lists, c)
		}
		return true
	})
	children := func(c rule.Condition) *[]rule.Condition {
		switch c := c.(type) {
		case *rule.And:
			return &c.Children
		case *rule.Or:
			return &c.Children
		}
		return nil
	}
	var list *[]rule.Condition
	if len(lists) > 0 {
		list = children(lists[random.Intn(len(lists))])
	}
	switch random.Intn(11) {
	case 0:
		for _, l := range lists {
			all := *children(l)
			branches := slices.ContainsFunc(all, func(c rule.Condition) bool { _, ok := c.(*rule.Branch); return ok })
			if !branches {
				random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			}
		}
		return "reordered", c
	case 1:
		if list != nil && len(*list) > 1 {
			i := random.Intn(len(*list))
			*list = slices.Delete(*list, i, i+1)
			return "a member dropped", c
		}
	case 2:
		if list != nil && len(foreign) > 0 {
			*list = append(*list, copied(foreign[random.Intn(len(foreign))]))
			return "a member added", c
		}
	case 3:
		if len(foreign) > 0 {
			return "an exclusion added", &rule.And{Children: []rule.Condition{c, &rule.Not{Child: copied(foreign[random.Intn(len(foreign))])}}}
		}
	case 4:
		if len(leaves) > 0 {
			p := leaves[random.Intn(len(leaves))]
			switch p.Operator {
			case rule.Eq, rule.StartsWith, rule.EndsWith:
				p.Operator = rule.Contains
			case rule.Contains:
				p.Operator = rule.StartsWith
			}
			return "another operator", c
		}
	case 5:
		if len(leaves) > 0 {
			p := leaves[random.Intn(len(leaves))]
			if runes := []rune(p.Value); len(runes) > 2 && (p.Operator == rule.Contains || p.Operator == rule.StartsWith || p.Operator == rule.EndsWith) {
				p.Value = string(runes[1:])
			}
			return "a shorter value", c
		}
	case 6:
		if len(lists) > 0 {
			target := lists[random.Intn(len(lists))]
			return "and for or", replaced(c, target, func() rule.Condition {
				if and, ok := target.(*rule.And); ok {
					return &rule.Or{Children: and.Children}
				}
				return &rule.And{Children: target.(*rule.Or).Children}
			}())
		}
	case 7:
		if len(leaves) > 0 {
			target := leaves[random.Intn(len(leaves))]
			return "negated", replaced(c, target, &rule.Not{Child: target})
		}
	case 8:
		if len(leaves) > 1 {
			a, b := leaves[random.Intn(len(leaves))], leaves[random.Intn(len(leaves))]
			a.Value, b.Value, a.Operator, b.Operator = b.Value, a.Value, b.Operator, a.Operator
			return "values swapped", c
		}
	case 9:
		if len(leaves) > 0 {
			p := *leaves[random.Intn(len(leaves))]
			return "an alternative that is known", &rule.Or{Children: []rule.Condition{c, &p}}
		}
	case 10:
		if len(leaves) > 0 {
			p := *leaves[random.Intn(len(leaves))]
			return "a condition that is known", &rule.And{Children: []rule.Condition{c, &p}}
		}
	}
	return "nothing", c
}

// replaced puts another condition in the place of one.
func replaced(c, target, by rule.Condition) rule.Condition {
	if c == target {
		return by
	}
	switch c := c.(type) {
	case *rule.And:
		for i := range c.Children {
			c.Children[i] = replaced(c.Children[i], target, by)
		}
	case *rule.Or:
		for i := range c.Children {
			c.Children[i] = replaced(c.Children[i], target, by)
		}
	case *rule.Not:
		c.Child = replaced(c.Child, target, by)
	case *rule.Branch:
		c.Child = replaced(c.Child, target, by)
	}
	return c
}

package advise

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// refusal says what a rule is not told to exclude, because it can never meet it,
// because nothing would be left of what it looks for, or because its events do not
// have it.
type refusal struct {
	x         *index
	rule      *normalize.Rule
	platforms []string        // nil where the rule may be about any
	classes   []string        // nil where they are not known
	placed    []normalize.Key // the places that the rule excludes by themselves
}

func (x *index) refusal(r *normalize.Rule) *refusal {
	f := &refusal{x: x, rule: r, platforms: systemsOf(r), classes: r.Classes()}
	for _, clause := range r.ExclusionKeys() {
		if len(clause) == 1 && normalize.IsPath(clause[0].Field) && anchored(clause[0]) {
			f.placed = append(f.placed, clause[0])
		}
	}
	return f
}

// field reports whether the events of the rule do not have a field.
func (f *refusal) field(name string) bool {
	return len(f.classes) > 0 && !slices.ContainsFunc(f.rule.Predicates, func(p normalize.Predicate) bool { return p.Key.Field == name }) &&
		!slices.ContainsFunc(f.classes, func(class string) bool { return normalize.HasField(class, name) })
}

// family reports whether the rule has no use for an exclusion, however that is
// written: it is about files of other names or folders, or about another system.
func (f *refusal) family(n uint32) bool {
	rows := f.x.rowsOf.of(n)
	first := f.x.c.RowAt(int(rows[0])).Key()
	of := familyOf(first)
	if f.field(of.field) || !f.onSystem(rows) {
		return true
	}
	switch of.kind {
	case namedKind:
		name := normalize.Key{Field: normalize.BaseName(of.field), Operator: rule.Eq, Value: of.value}
		if strings.ContainsAny(of.value, "*?") {
			name.Operator = rule.Wildcard
		}
		return f.rulesOut(name)
	case folderKind:
		folder, ok := wholeFolder(of)
		return ok && (f.rulesOut(folder) || f.rule.Requires(folder) || cancels(f.rule, folder) || f.empties(folder))
	}
	if of.kind == rule.Contains && normalize.IsPath(of.field) && isProgram(of.value) {
		return f.rulesOut(normalize.Key{Field: of.field, Operator: rule.EndsWith, Value: of.value})
	}
	return isOutcome(first) || isFilledIn(first)
}

// isFilledIn reports whether a value is a variable that each user sets to their own.
func isFilledIn(k normalize.Key) bool {
	return len(k.Value) > 2 && k.Value[0] == '%' && k.Value[len(k.Value)-1] == '%'
}

// key reports whether the rule has no use for one spelling of an exclusion.
func (f *refusal) key(k normalize.Key) bool {
	return !Suggestible(f.rule, k) || f.rulesOut(k) || f.empties(k)
}

// wholeFolder is the comparison that a folder which is written from its root on
// stands for.
func wholeFolder(of family) (normalize.Key, bool) {
	switch {
	case strings.HasPrefix(of.value, `\`) && !strings.HasPrefix(of.value, `\\`):
		return normalize.Key{Field: of.field, Operator: rule.StartsWith, Value: "?:" + of.value + `\`}, true
	case strings.HasPrefix(of.value, "/"):
		return normalize.Key{Field: of.field, Operator: rule.StartsWith, Value: of.value + "/"}, true
	}
	return normalize.Key{}, false
}

// rulesOut reports whether on each of its paths the rule asks for something else
// than a file, or excludes it already.
func (f *refusal) rulesOut(k normalize.Key) bool {
	path := pathOf(k.Field)
	if !normalize.IsPath(path) || f.rule.Root() == nil {
		return false
	}
	name := nameOf(k)
	header := headerField(path)
	ending := normalize.Key{Field: path, Operator: rule.EndsWith}
	if k.Field != path && k.Operator == rule.Eq {
		ending.Value = k.Value
	}
	return f.everywhere(f.rule.Root(), map[*normalize.Node]bool{}, func(p *normalize.Predicate) bool {
		switch {
		case p.Derived || p.Selector:
			return false
		case pathOf(p.Key.Field) != path:
			// Whoever looks for the name in a header is after that program, under
			// whatever name it goes.
			return p.Key.Field == header && !p.Negated && p.Key.Operator == rule.Eq && name != "" && !sameStem(name, p.Key.Value)
		case p.Key.Operator == rule.Regex:
			if k.Operator != rule.Eq {
				return false
			}
			found := p.Exact(f.rule.Vendor).Matches(normalize.Values{k.Field: strings.Replace(k.Value, "?:", "c:", 1)})
			if normalize.PathField(k.Field) != "" && p.Key.Field != k.Field {
				return false // of the path no more than the name is known
			}
			return p.Negated && found == normalize.True || !p.Negated && found == normalize.False
		case p.Negated:
			return normalize.Implies(k, p.Key)
		case k.Value == "" && k.Operator == rule.Eq:
			return p.Key.Value != "" // what is asked for has to be there
		}
		asked := p.Key
		if asked.Field != path && asked.Operator == rule.Eq && k.Field == path {
			asked = normalize.Key{Field: path, Operator: rule.EndsWith, Value: asked.Value}
		}
		return normalize.Excludes(p.Key, k) || normalize.Excludes(asked, k) ||
			// What a path ends with is a part of the name, or has all of it.
			ending.Value != "" && p.Key.Field == path && normalize.Excludes(p.Key, ending)
	})
}

// everywhere reports whether something is true of all paths of a condition that one
// comparison is enough for. The steps of a sequence are about events of their own, so
// that it has to be true of each of them.
func (f *refusal) everywhere(n *normalize.Node, done map[*normalize.Node]bool, of func(*normalize.Predicate) bool) bool {
	if n.Kind == normalize.LeafNode {
		return of(&f.rule.Predicates[n.Predicate])
	}
	if known, ok := done[n]; ok {
		return known
	}
	result := false
	steps, stepsOf := 0, 0
	for _, child := range n.Children {
		is := f.everywhere(child, done, of)
		switch {
		case child.Branch || n.Kind == normalize.OrNode:
			steps++
			if is {
				stepsOf++
			}
		case is:
			result = true
		}
	}
	result = result || steps > 0 && steps == stepsOf
	done[n] = result
	return result
}

// nameOf is the name of the file that a comparison names, empty where it names none.
func nameOf(k normalize.Key) string {
	if normalize.PathField(k.Field) != "" {
		if k.Operator == rule.Eq || k.Operator == rule.Wildcard {
			return k.Value
		}
		return ""
	}
	if !normalize.IsPath(k.Field) {
		return ""
	}
	switch k.Operator {
	case rule.Eq, rule.EndsWith, rule.StartsWith, rule.Contains, rule.Wildcard:
		name, _ := splitPath(k.Operator, k.Value)
		return name
	}
	return ""
}

// headerField is the field of the name in the header of the file that a path field is
// of.
func headerField(path string) string {
	return path[:strings.LastIndexByte(path, '.')] + ".pe.original_file_name"
}

// sameStem reports whether two names, or patterns of them, may be of one program. The
// name in a header often goes without extension, version or width.
func sameStem(a, b string) bool {
	stem := func(s string) string {
		s, _, _ = strings.Cut(strings.TrimLeft(s, "*"), ".")
		return strings.TrimRight(s, "*")
	}
	a, b = stem(a), stem(b)
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

// empties reports whether an exclusion takes in the place where the programs are
// that the rule asks for by their names: nothing would be left of them but copies
// elsewhere. A rule that excludes such places already is after those copies.
func (f *refusal) empties(k normalize.Key) bool {
	if !normalize.IsPath(k.Field) || !anchored(k) || f.rule.Root() == nil {
		return false
	}
	name, folder := splitPath(k.Operator, k.Value)
	most := func(_ int, all int) int { return (all + 1) / 2 }
	if name != "" {
		most = func(int, int) int { return 1 }
	}
	return f.lost(f.rule.Root(), map[*normalize.Node]bool{}, most, func(p *normalize.Predicate) bool {
		if !p.IsIndicator() || pathOf(p.Key.Field) != k.Field || isPlace(p.Key) {
			return false
		}
		asked := nameOf(p.Key)
		if asked == "" || name != "" && asked != name || f.afterCopies(k.Field, asked) {
			return false
		}
		return f.x.livesIn(asked, folder) || name == "" && isProgramFolder(folder) && len(f.x.homes()[asked]) == 0
	})
}

// afterCopies reports whether the rule excludes a place where a program is that it asks
// for.
func (f *refusal) afterCopies(field, name string) bool {
	return slices.ContainsFunc(f.placed, func(k normalize.Key) bool {
		_, folder := splitPath(k.Operator, k.Value)
		return k.Field == field && f.x.livesIn(name, folder)
	})
}

// isProgramFolder reports whether a folder is one that all programs are installed into.
func isProgramFolder(folder string) bool {
	return folder == `\program files` || folder == `\program files (x86)`
}

// lost reports whether of a part of a condition what is excluded leaves nothing, or so
// little of a list of alternatives that what was meant is gone.
func (f *refusal) lost(n *normalize.Node, done map[*normalize.Node]bool, most func(lost, all int) int, of func(*normalize.Predicate) bool) bool {
	if n.Kind == normalize.LeafNode {
		return of(&f.rule.Predicates[n.Predicate])
	}
	if known, ok := done[n]; ok {
		return known
	}
	count := 0
	for _, child := range n.Children {
		if f.lost(child, done, most, of) {
			count++
		}
	}
	result := count > 0
	if n.Kind == normalize.OrNode {
		result = count > 0 && count >= most(count, len(n.Children))
	}
	done[n] = result
	return result
}

// home is where public rules know a file of some name to be.
type home struct {
	folder string
	rules  int
}

// livesIn reports whether a file of a name is, by most of what public rules say of
// it, in a folder or below it.
func (x *index) livesIn(name, folder string) bool {
	folder = systemFolder(folder)
	within, all := 0, 0
	for _, h := range x.homes()[name] {
		all += h.rules
		if isProgramFolder(folder) && strings.HasPrefix(h.folder, `\program files`) {
			within += h.rules // which of the two it is depends on the width
		} else if h.folder == folder || strings.HasPrefix(h.folder, folder) && strings.HasPrefix(h.folder[len(folder):], separatorOf(h.folder)) {
			within += h.rules
		}
	}
	return within > 0 && 2*within >= all
}

func separatorOf(path string) string {
	if strings.Contains(path, `\`) {
		return `\`
	}
	return "/"
}

// systemFolder makes one of the folders of the system that have its programs, which
// differ in the width of these, and of their ends.
func systemFolder(folder string) string {
	for _, name := range []string{`\system32`, `\syswow64`, `\sysnative`} {
		if folder == name || folder == `\windows`+name {
			return `\windows\system32`
		}
	}
	return folder
}

// readHomes collects the folders of files by their names.
func (x *index) readHomes() map[string][]home {
	homes := map[string][]home{}
	for _, path := range normalize.PathFields() {
		for row := range x.c.Field(path) {
			k := row.Key()
			if k.Operator != rule.Eq && k.Operator != rule.EndsWith && (k.Operator != rule.Wildcard || !anchored(k)) {
				continue
			}
			name, folder := splitPath(k.Operator, k.Value)
			if name == "" || folder == "" {
				continue
			}
			folder = systemFolder(folder)
			rules := row.Indicator().Len() + row.Exclusion().Len()
			at := slices.IndexFunc(homes[name], func(h home) bool { return h.folder == folder })
			if at < 0 {
				homes[name] = append(homes[name], home{folder, rules})
			} else {
				homes[name][at].rules += rules
			}
		}
	}
	return homes
}

// isOutcome reports whether a comparison says how something ended. That is a part of
// what a rule looks for, and in what others exclude the other half of it.
func isOutcome(k normalize.Key) bool {
	last := k.Field[strings.LastIndexByte(k.Field, '.')+1:]
	switch last {
	case "outcome":
		return true
	case "error_code", "errorcode", "error", "status", "sub_status", "result", "result_type", "resulttype", "result_signature", "failure_code":
		switch k.Value {
		case "0", "0x0", "success", "succeeded", "successful", "ok", "true", "failure", "failed", "false":
			return true
		}
	}
	return false
}

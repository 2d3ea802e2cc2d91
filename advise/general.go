package advise

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Group says what an exclusion that is more general than those of public rules stands
// for.
type Group struct {
	// Kind is folder, signer or parent: the programs lie below a folder, are signed by
	// one publisher, or started by one parent.
	Kind string `json:"kind"`
	// Rules counts the public rules that exclude any of the programs, Programs these by
	// their names, of which Names are the first.
	Rules    int      `json:"rules"`
	Programs int      `json:"programs"`
	Names    []string `json:"names"`
}

// The kinds of groups.
const (
	folderGroup = "folder"
	signerGroup = "signer"
	parentGroup = "parent"
)

// How much of the corpus must support a general exclusion.
const (
	minGroupRules    = 3
	minGroupPrograms = 2
)

// maxNames is how many programs of a group are named.
const maxNames = 5

// signer is the field of the publisher of a program.
const signer = "process.code_signature.subject_name"

// member is a program that a rule excludes.
type member struct {
	ref     catalog.RuleRef
	program string // empty where the rule excludes the group as a whole
}

// groups are what programs that public rules exclude have in common.
type groups struct {
	members map[normalize.Key][]member
	// with has the signers and parents by the programs that are excluded together with
	// them.
	with map[string][]normalize.Key
}

func (x *index) readGroups() *groups {
	g := &groups{members: map[normalize.Key][]member{}, with: map[string][]normalize.Key{}}
	for ref := range x.c.Rules() {
		last := -1
		var clause []normalize.Key
		for n, row := range x.c.ExclusionRows(ref) {
			if n != last {
				g.add(ref, clause)
				last, clause = n, clause[:0]
			}
			if len(clause) < maxClause {
				clause = append(clause, row.Key())
			}
		}
		g.add(ref, clause)
	}
	return g
}

// maxClause bounds how much of a clause is looked at.
const maxClause = 50

func (g *groups) add(ref catalog.RuleRef, clause []normalize.Key) {
	if len(clause) == 1 {
		if folder, ok := vendorFolder(clause[0]); ok {
			g.members[folder] = append(g.members[folder], member{ref, nameOf(clause[0])})
		} else if clause[0].Field == signer && clause[0].Operator == rule.Eq {
			g.members[clause[0]] = append(g.members[clause[0]], member{ref, ""})
		}
		return
	}
	for _, by := range clause {
		if by.Operator != rule.Eq || by.Field != signer && by.Field != "process.parent.executable" || Bypassable(by) || Tool(by) || strings.HasPrefix(by.Value, ofSystem) && by.Field == signer {
			continue
		}
		for _, k := range clause {
			if program := nameOf(k); program != "" && pathOf(k.Field) == "process.executable" {
				g.members[by] = append(g.members[by], member{ref, program})
				if !slices.Contains(g.with[program], by) {
					g.with[program] = append(g.with[program], by)
				}
			}
		}
	}
}

// ofSystem is what the names of the publishers begin with that sign all that Windows
// brings along, the tools of attackers among it.
const ofSystem = "microsoft"

// sharedFolders are folders that programs of many vendors lie in.
var sharedFolders = map[string]bool{"common files": true, "windowsapps": true, "windows nt": true, "modifiablewindowsapps": true}

// vendorFolder is the folder of a product that a file lies in, where only
// administrators may write to it.
func vendorFolder(k normalize.Key) (normalize.Key, bool) {
	if !normalize.IsPath(k.Field) || k.Operator != rule.Eq && k.Operator != rule.StartsWith && k.Operator != rule.Wildcard {
		return normalize.Key{}, false
	}
	path := k.Value
	if k.Operator == rule.Wildcard {
		path = strings.ReplaceAll(path, `\\`, `\`)
	}
	for _, root := range []string{`?:\program files\`, `?:\program files (x86)\`, "/opt/", "/applications/"} {
		below, ok := strings.CutPrefix(path, root)
		if !ok {
			continue
		}
		separator := root[len(root)-1:]
		product, rest, ok := strings.Cut(below, separator)
		if ok && product == ofSystem { // it has a folder for each of its products
			var name string
			name, rest, ok = strings.Cut(rest, separator)
			product += separator + name
		}
		if !ok || rest == "" && k.Operator != rule.StartsWith || product == "" || sharedFolders[product] || strings.ContainsAny(product, "*?") {
			return normalize.Key{}, false
		}
		return normalize.Key{Field: k.Field, Operator: rule.StartsWith, Value: root + product + separator}, true
	}
	return normalize.Key{}, false
}

// general are the exclusions that take in several of those that public rules have, of
// which some are among the ranked ones: as far as there is enough that speaks for them,
// and nothing against them.
func (x *index) general(q *query, refused *refusal, all []Exclusion) []Exclusion {
	out := []Exclusion{}
	for i := range all {
		e := &all[i]
		program := nameOf(e.Key)
		if e.Elsewhere || program == "" {
			continue
		}
		var wider []normalize.Key
		if folder, ok := vendorFolder(e.Key); ok {
			wider = append(wider, folder)
		}
		if pathOf(e.Key.Field) == "process.executable" {
			wider = append(wider, x.groups().with[program]...)
		}
		for _, k := range wider {
			known := func(have Exclusion) bool { return have.Key == k }
			if slices.ContainsFunc(out, known) || slices.ContainsFunc(all, known) || Bypassable(k) || refused.field(k.Field) || refused.key(k) || listsSingly(q.rule, k) {
				continue
			}
			if g, ok := x.group(q, k); ok {
				g.Score = e.Score
				out = append(out, g)
			}
		}
	}
	return out
}

// listsSingly reports whether a rule excludes a part of something, or it together with
// something else: its author did not mean all of it.
func listsSingly(r *normalize.Rule, k normalize.Key) bool {
	return narrowed(r, k) || slices.ContainsFunc(r.ExclusionKeys(), func(clause []normalize.Key) bool {
		return slices.ContainsFunc(clause, func(own normalize.Key) bool { return normalize.Implies(own, k) })
	})
}

// group is the general exclusion by a comparison; false where too little speaks for it.
func (x *index) group(q *query, k normalize.Key) (Exclusion, bool) {
	field, ok := x.fieldAt[k.Field]
	if !ok || !x.used(q, x.path[field]) {
		return Exclusion{}, false
	}
	g := &Group{Kind: folderGroup, Names: []string{}}
	switch k.Field {
	case signer:
		g.Kind = signerGroup
	case "process.parent.executable":
		if k.Operator == rule.Eq {
			g.Kind = parentGroup
		}
	}
	var rules []catalog.RuleRef
	var programs []string
	for _, m := range x.groups().members[k] {
		if q.isSelf(uint32(m.ref)) {
			continue
		}
		if !slices.Contains(rules, m.ref) {
			rules = append(rules, m.ref)
		}
		if Tool(normalize.Key{Field: "process.name", Operator: rule.Eq, Value: m.program}) {
			return Exclusion{}, false // whoever is inside does what they like
		}
		if m.program != "" && !slices.Contains(programs, m.program) {
			programs = append(programs, m.program)
		}
	}
	if len(rules) < minGroupRules || len(programs) < minGroupPrograms {
		return Exclusion{}, false
	}
	slices.Sort(programs)
	g.Rules, g.Programs, g.Names = len(rules), len(programs), programs[:min(len(programs), maxNames)]
	out := Exclusion{Key: k, Rules: g.Rules, Here: g.Rules, Group: g, Examples: []PublicRule{}}
	for _, ref := range rules[:min(len(rules), maxExamples)] {
		out.Examples = append(out.Examples, x.public(ref))
	}
	return out, true
}

// takesIn reports whether a better exclusion leaves nothing for another one to do. One of
// all programs in a folder is one of the folder.
func takesIn(better, k normalize.Key) bool {
	if normalize.Implies(k, better) {
		return true
	}
	of := familyOf(better)
	if better.Field != k.Field || of.kind != folderKind || !anchored(better) {
		return false
	}
	folder, ok := wholeFolder(of)
	return ok && normalize.Implies(k, folder)
}

// withGeneral puts general exclusions in front of the first that they take in, or
// behind the first one that they go with.
func withGeneral(all, general []Exclusion) []Exclusion {
	out := slices.Clone(all)
	for _, g := range general {
		at := slices.IndexFunc(out, func(e Exclusion) bool { return normalize.Implies(e.Key, g.Key) })
		if at < 0 {
			at = 1 + slices.IndexFunc(out, func(e Exclusion) bool { return e.Score == g.Score })
		}
		out = slices.Insert(out, at, g)
	}
	return out
}

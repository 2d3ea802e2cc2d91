package review

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
	"github.com/detlint/detlint/scan"
)

// link is one thing that what a Sigma rule finds depends on and that is a rule
// itself: a filter that applies to it, or a rule that a correlation counts.
type link struct {
	// key is the same for what stands on both sides of a change.
	key string
	to  *normalize.Summary // nil where the repository has no such rule
}

// name is the link for people: "filter Backup software".
func (l *link) name() string {
	kind := "rule "
	if l.to != nil && l.to.Kind == rule.Filter {
		kind = "filter "
	}
	return kind + l.title()
}

func (l *link) title() string {
	if l.to == nil {
		return l.key
	}
	return cmp.Or(strings.TrimSpace(l.to.Title.Value), l.to.Name, l.to.ID.Value, l.to.Path)
}

// links are those between the Sigma rules of one side. A nil links has none.
type links struct {
	of map[place][]link
	// narrows has the rules that each filter applies to, in order.
	narrows map[place][]*normalize.Summary
	digests map[place]string
}

func placeOf(s *normalize.Summary) place { return place{s.Path, s.Index} }

// linkRules finds what the rules of a state of the repository have to do with
// each other. lost are rules that it has, but that cannot be read there.
func linkRules(snapshot *scan.Snapshot, lost []normalize.Summary) *links {
	l := &links{of: map[place][]link{}, narrows: map[place][]*normalize.Summary{}, digests: map[place]string{}}
	named := map[string]*normalize.Summary{} // rules that correlations name
	filters := map[string][]*normalize.Summary{}
	var every, correlations []*normalize.Summary
	each := func(visit func(*normalize.Summary)) {
		for i := range snapshot.Files {
			for j := range snapshot.Files[i].Rules {
				if s := &snapshot.Files[i].Rules[j]; s.Vendor == rule.Sigma {
					visit(s)
				}
			}
		}
		for i := range lost {
			visit(&lost[i])
		}
	}
	each(func(s *normalize.Summary) {
		switch s.Kind {
		case rule.Correlation:
			correlations = append(correlations, s)
			for _, ref := range s.RuleReferences {
				named[strings.ToLower(ref.Value)] = nil
			}
		case rule.Filter:
			l.narrows[placeOf(s)] = nil
			if s.EveryRule {
				every = append(every, s)
			}
			for _, ref := range s.RuleReferences {
				ref := strings.ToLower(ref.Value)
				filters[ref] = append(filters[ref], s)
			}
		}
	})
	if len(correlations) == 0 && len(l.narrows) == 0 {
		return l
	}
	each(func(s *normalize.Summary) {
		names := []string{strings.ToLower(s.ID.Value), strings.ToLower(s.Name)}
		if s.Kind == rule.Detection {
			l.filter(s, slices.Concat(every, filters[names[0]], filters[names[1]]))
		}
		for _, name := range names {
			if first, ok := named[name]; ok && first == nil && name != "" {
				named[name] = s
			}
		}
	})
	for _, s := range correlations {
		for _, ref := range s.RuleReferences {
			ref := strings.ToLower(ref.Value)
			l.of[placeOf(s)] = append(l.of[placeOf(s)], link{ref, named[ref]})
		}
	}
	return l
}

// lostRules are the Sigma rules of files that cannot be read whole any more.
// Nobody has removed them; what they say now is not known. They stand at places
// that no rule has.
func lostRules(baseFiles, headFiles map[string]*scan.File) []normalize.Summary {
	var out []normalize.Summary
	for _, path := range slices.Sorted(maps.Keys(baseFiles)) {
		base, head := baseFiles[path], headFiles[path]
		if head == nil || head.Recognized && head.Broken == 0 || len(head.Rules) >= len(base.Rules) {
			continue
		}
		for _, s := range base.Rules {
			if s.Vendor == rule.Sigma && !slices.ContainsFunc(head.Rules, func(now normalize.Summary) bool { return now.ID.Value == s.ID.Value }) {
				s.Index, s.Logic = -1-s.Index, "lost"
				out = append(out, s)
			}
		}
	}
	return out
}

// filter links a rule to those of some filters whose logsource fits its own.
func (l *links) filter(s *normalize.Summary, filters []*normalize.Summary) {
	at := placeOf(s)
	seen := map[place]bool{}
	for _, f := range filters {
		if !f.Logsource.Fits(s.Logsource) || seen[placeOf(f)] {
			continue
		}
		seen[placeOf(f)] = true
		key := strings.ToLower(f.ID.Value)
		if key == "" {
			key = fmt.Sprintf("%s\x00%d", f.Path, f.Index)
		}
		l.of[at] = append(l.of[at], link{key, f})
		l.narrows[placeOf(f)] = append(l.narrows[placeOf(f)], s)
	}
}

// maxLinks is how many correlations of correlations are followed.
const maxLinks = 20

// digest is equal for rules that are linked to the same, which may stand
// elsewhere. It is empty for those that are linked to nothing.
func (l *links) digest(s *normalize.Summary) string {
	if l == nil {
		return ""
	}
	return l.follow(s, 0)
}

func (l *links) follow(s *normalize.Summary, depth int) string {
	at := placeOf(s)
	list := l.of[at]
	if len(list) == 0 || depth > maxLinks {
		return ""
	}
	if digest, ok := l.digests[at]; ok {
		return digest
	}
	l.digests[at] = "" // a rule that comes back to itself adds nothing
	parts := make([]string, len(list))
	for i := range list {
		parts[i] = list[i].key + "\x00" + l.state(&list[i], depth)
	}
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x01")))
	digest := hex.EncodeToString(sum[:12])
	l.digests[at] = digest
	return digest
}

// state changes with what a link leads to.
func (l *links) state(to *link, depth int) string {
	if to.to == nil {
		return ""
	}
	return to.to.Logic + l.follow(to.to, depth+1)
}

// changedLinks are the links of a rule that are not as they were: those of the head,
// and those that only the base has.
func (r *run) changedLinks(p *pair) []link {
	if p.base == nil || p.head == nil || r.linksBefore.digest(p.base) == r.linksAfter.digest(p.head) {
		return nil
	}
	old, now := r.linksBefore.of[placeOf(p.base)], r.linksAfter.of[placeOf(p.head)]
	states := map[string]string{}
	for i := range old {
		states[old[i].key] = r.linksBefore.state(&old[i], 0)
	}
	var out []link
	in := map[string]bool{}
	for i := range now {
		in[now[i].key] = true
		if was, ok := states[now[i].key]; !ok || was != r.linksAfter.state(&now[i], 0) {
			out = append(out, now[i])
		}
	}
	for i := range old {
		if !in[old[i].key] {
			out = append(out, old[i])
		}
	}
	return out
}

// narrows names the rules that a filter applies to, or did before it was
// removed; nil for what is no filter, and where nothing is compared.
func (r *run) narrows(p *pair) *[]string {
	l, s := r.linksAfter, p.head
	if s == nil {
		l, s = r.linksBefore, p.base
	}
	if l == nil || s.Kind != rule.Filter {
		return nil
	}
	out := []string{}
	for _, to := range l.narrows[placeOf(s)] {
		out = append(out, (&link{to: to}).title())
	}
	return &out
}

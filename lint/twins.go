package lint

import (
	"fmt"
	"path"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// twins are the other rules that share something with a rule: a few of them,
// and how many there are.
type twins struct {
	some  []*normalize.Summary
	count int
}

// shared calls report with every rule that has the same key as others. An
// empty key is none. Rules that have it from the same place of a file, as
// those under a global document do, share it by construction and count as one.
func (p *RepositoryPass) shared(key func(*normalize.Summary) string, place func(*normalize.Summary) normalize.Located, report func(*normalize.Summary, twins)) {
	type at struct {
		key, path string
		offset    int
	}
	spot := func(k string, s *normalize.Summary) at { return at{k, s.Path, place(s).Range.Start.Offset} }
	// Most keys stand once, so the first rule of each is kept without a list.
	first := make(map[string]*normalize.Summary, len(p.Rules))
	groups := map[string][]*normalize.Summary{}
	seen := map[at]bool{}
	keys := make([]string, len(p.Rules))
	for i := range p.Rules {
		s := &p.Rules[i]
		k := key(s)
		if keys[i] = k; k == "" {
			continue
		}
		before := first[k]
		if before == nil {
			first[k] = s
			continue
		}
		if groups[k] == nil {
			groups[k] = []*normalize.Summary{before}
			seen[spot(k, before)] = true
		}
		if here := spot(k, s); !seen[here] {
			seen[here] = true
			groups[k] = append(groups[k], s)
		}
	}
	if len(groups) == 0 {
		return
	}
	for i := range p.Rules {
		s, k := &p.Rules[i], keys[i]
		group := groups[k]
		if len(group) < 2 {
			continue
		}
		t := twins{count: len(group) - 1}
		for _, o := range group {
			if len(t.some) < maxPlaces && spot(k, o) != spot(k, s) {
				t.some = append(t.some, o)
			} else if len(t.some) == maxPlaces {
				break
			}
		}
		report(s, t)
	}
}

// more says how many rules there are besides the first.
func (t twins) more() string {
	switch t.count {
	case 1:
		return ""
	case 2:
		return " and of another rule"
	}
	return fmt.Sprintf(" and of %d other rules", t.count-1)
}

func summaryID(s *normalize.Summary) normalize.Located { return s.ID }

// formOf tells apart the forms in which one rule of Elastic may be kept side by
// side: in the layout of a repository, as JSON, and in each of any number of
// exports. Only rules of one form are in each other's way.
func formOf(s *normalize.Summary) string {
	if s.Vendor != rule.Elastic {
		return ""
	}
	switch form := strings.ToLower(path.Ext(s.Path)); form {
	case ".toml":
		return ""
	case ".ndjson":
		return "\x00" + s.Path
	default:
		return "\x00" + form
	}
}

func summaryTitle(s *normalize.Summary) normalize.Located { return s.Title }

// maxPlaces is how many other places a finding lists.
const maxPlaces = 5

func (t twins) places(place func(*normalize.Summary) normalize.Located) []Location {
	var out []Location
	for _, o := range t.some {
		out = append(out, Location{Path: o.Path, Range: place(o).Range, Message: o.Title.Value})
	}
	return out
}

// isStanza reports whether a rule is a stanza of savedsearches.conf. One in
// "local" is meant to have the name of the one in "default" that it changes,
// and two apps may each have their own.
func isStanza(s *normalize.Summary) bool {
	return s.Vendor == rule.Splunk && strings.EqualFold(path.Ext(s.Path), ".conf")
}

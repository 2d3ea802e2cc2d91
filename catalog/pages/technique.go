package pages

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
)

// Technique is the page of a technique: the authoring guide for whoever is
// about to write a rule for it.
type Technique struct {
	Head
	ID   string `json:"id"`
	Name string `json:"name"` // that of a sub-technique with its parent's before it
	URL  string `json:"url"`  // at attack.mitre.org
	// Asked is the id that was asked for, where ATT&CK has replaced it by ID.
	Asked string `json:"asked,omitempty"`
	// Retired is "revoked" or "deprecated" for an id without a successor.
	Retired string   `json:"retired,omitempty"`
	Tactics []string `json:"tactics"` // short names
	// Included is set when the rules of sub-techniques count.
	Included bool `json:"include_subtechniques"`
	// Subtechniques are those that rules of the catalog name.
	Subtechniques []TechniqueCount `json:"subtechniques"`
	Group
}

// UnknownError is returned for a name that stands for nothing.
type UnknownError struct {
	What, Name string // technique, "T9999"
	Near       string // what was probably meant, may be empty
	Hint       string // what else to do, may be empty
}

func (e *UnknownError) Error() string {
	text := fmt.Sprintf("unknown %s %q", e.What, e.Name)
	if e.Near != "" {
		text += fmt.Sprintf(", did you mean %s?", e.Near)
	}
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	return text
}

// TechniqueOf is the page of a technique. A retired id gives that of its
// successor. The error is an *UnknownError for an id that neither ATT&CK nor
// the catalog knows; a technique without rules has an empty page.
func TechniqueOf(c *catalog.Catalog, id string, included bool) (*Technique, error) {
	asked := strings.ToUpper(strings.TrimSpace(id))
	current, known := c.Tables().Current(asked)
	if !known && c.Technique(asked).Len() == 0 {
		return nil, unknownTechnique(c, asked, id)
	}
	p := &Technique{Head: head(c), ID: asked, Included: included}
	if known {
		p.ID, p.URL, p.Tactics = current.ID, current.URL(), current.Tactics
		p.Name = techniqueName(c, current.ID)
		if current.Status != attack.Active {
			p.Retired = string(current.Status)
		}
		if asked != p.ID {
			p.Asked = asked
		}
	}
	lists := []catalog.Postings{c.Technique(p.ID)}
	for _, sub := range c.Techniques() {
		if attack.Parent(sub) != p.ID {
			continue
		}
		p.Subtechniques = append(p.Subtechniques, TechniqueCount{sub, techniqueName(c, sub), c.Technique(sub).Len()})
		if included {
			lists = append(lists, c.Technique(sub))
		}
	}
	p.Group = groupOf(c, union(lists...))
	return p, nil
}

func unknownTechnique(c *catalog.Catalog, asked, written string) error {
	err := &UnknownError{What: "technique", Name: written}
	if t, ok := c.Tables().Nearest(asked); ok {
		err.Near = fmt.Sprintf("%s (%s)", t.ID, techniqueName(c, t.ID))
		return err
	}
	for t := range c.Tables().Techniques("") {
		if t.Status == attack.Active && strings.EqualFold(t.Name, strings.TrimSpace(written)) {
			err.Near = fmt.Sprintf("%s (%s)", t.ID, techniqueName(c, t.ID))
			return err
		}
	}
	err.Hint = "an id is expected, such as T1059 or T1059.001; look for words with: detlint catalog search WORDS"
	return err
}

// Limit cuts every list of the page.
func (p *Technique) Limit(n int) { p.Group.Limit(n) }

// TacticNames are the names of tactics, those without one as they are.
func TacticNames(tables *attack.Tables, short []string) []string {
	out := make([]string, 0, len(short))
	for _, s := range short {
		name := s
		if t := tables.LookupTactic(s); len(t) > 0 {
			name = t[0].Name
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

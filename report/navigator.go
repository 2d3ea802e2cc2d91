package report

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/coverage"
)

// The layer format that is written, and the first Navigator that reads it.
// https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md
const (
	layerFormat      = "4.5"
	navigatorVersion = "4.9.0"
)

type navigatorLayer struct {
	Name        string                `json:"name"`
	Versions    navigatorVersions     `json:"versions"`
	Domain      string                `json:"domain"`
	Description string                `json:"description"`
	Sorting     int                   `json:"sorting"` // 3: highest score first
	Layout      navigatorLayout       `json:"layout"`
	Techniques  []navigatorTechnique  `json:"techniques"`
	Gradient    navigatorGradient     `json:"gradient"`
	Legend      []navigatorLegendItem `json:"legendItems"`
	Metadata    []navigatorMetadata   `json:"metadata"`
}

type navigatorVersions struct {
	ATTACK    string `json:"attack"` // a number
	Navigator string `json:"navigator"`
	Layer     string `json:"layer"`
}

type navigatorLayout struct {
	Layout   string `json:"layout"`
	ShowID   bool   `json:"showID"`
	ShowName bool   `json:"showName"`
	Expanded string `json:"expandedSubtechniques"`
}

type navigatorTechnique struct {
	ID       string              `json:"techniqueID"`
	Score    int                 `json:"score"`
	Color    string              `json:"color,omitempty"`
	Comment  string              `json:"comment"`
	Metadata []navigatorMetadata `json:"metadata,omitempty"`
	Links    []navigatorLink     `json:"links,omitempty"`
}

type navigatorGradient struct {
	Colors []string `json:"colors"`
	Min    int      `json:"minValue"`
	Max    int      `json:"maxValue"`
}

type navigatorLegendItem struct {
	Label string `json:"label"`
	Color string `json:"color"`
}

type navigatorMetadata struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type navigatorLink struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// The colours of layers: few to many rules, few to many public rules, and what
// became of a technique.
var (
	coveredColors = []string{"#cfe8d5", "#2da44e"}
	gapColors     = []string{"#fff1cc", "#d1660f"}
	deltaColors   = []string{"#cf222e", "#ffffff", "#2da44e"}
)

// fullScore is the number of rules from which on a technique has the strongest
// colour. A few techniques have hundreds: a scale up to those would show all
// others alike.
const fullScore = 10

// Navigator writes the coverage as a layer of the ATT&CK Navigator. The score
// of a technique is its number of rules.
func Navigator(w io.Writer, r *Report, o Options) error {
	l := newLayer(r, "detlint coverage")
	if r.Coverage != nil {
		l.Description = covered(r.Coverage.After) + " " + r.Tool.attackVersion() + "."
		for i := range r.Coverage.After.Techniques {
			t := &r.Coverage.After.Techniques[i]
			l.add(navigatorTechnique{
				ID: t.ID, Score: len(t.Rules), Comment: ruleTitles(t.Rules), Links: ruleLinks(t.Rules, o),
				Metadata: metadata("levels", levelCounts(t.Levels), "events", some(eventNames(t.Events), 10)),
			})
		}
	}
	l.scale(coveredColors, "rule")
	return l.write(w)
}

// NavigatorDelta writes what the change does to coverage as a layer. The score
// is the number of rules that a technique has more than before.
func NavigatorDelta(w io.Writer, r *Report, o Options) error {
	l := newLayer(r, "detlint coverage: change")
	l.Gradient = navigatorGradient{deltaColors, -fullScore, fullScore}
	if c := r.Coverage; c != nil && c.Before != nil {
		l.Description = "Compared with " + visible(r.Repository.against()) + ": " + delta(c) + ". " + r.Tool.attackVersion() + "."
		for _, kind := range []struct {
			word, color string
			changes     []coverage.Change
		}{
			{"gained", "#2da44e", c.Gained},
			{"lost", "#cf222e", c.Lost},
			{"weakened", "#e8a33d", c.Weakened},
			{"strengthened", "#a5d8b3", c.Strengthened},
		} {
			l.Legend = append(l.Legend, navigatorLegendItem{kind.word, kind.color})
			for i := range kind.changes {
				ch := &kind.changes[i]
				l.add(navigatorTechnique{
					ID: ch.ID, Score: ch.After - ch.Before, Color: kind.color, Comment: kind.word + ": " + effect(ch),
					Links: ruleLinks(ch.Rules, o),
				})
			}
		}
	}
	return l.write(w)
}

// NavigatorGap writes what public rules cover and these do not as a layer. The
// score is the number of public rules.
func NavigatorGap(w io.Writer, r *Report, _ Options) error {
	l := newLayer(r, "detlint coverage: gaps")
	if c := r.Coverage; c != nil {
		l.Description = count(len(c.Gaps), "technique") + " that public rules cover and these do not; " + r.Tool.Catalog.String() + ". " + r.Tool.attackVersion() + "."
		for i := range c.Gaps {
			g := &c.Gaps[i]
			l.add(navigatorTechnique{
				ID: g.ID, Score: g.Rules, Comment: count(g.Rules, "public rule"),
				Metadata: metadata("events of public rules", strings.Join(eventNames(g.Events), ", "), "covered nearby", some(g.Near, 10)),
			})
		}
	}
	l.scale(gapColors, "public rule")
	return l.write(w)
}

// layer is one on its way to be written.
type layer struct {
	navigatorLayer
	tables  *attack.Tables
	max     int
	without []string // techniques that the matrix does not have
}

func newLayer(r *Report, name string) *layer {
	tables, version := attack.Default(), attack.Version
	if r.Coverage != nil {
		tables, version = r.Coverage.Tables(), r.Coverage.ATTACK
	}
	return &layer{tables: tables, navigatorLayer: navigatorLayer{
		Name:        name,
		Versions:    navigatorVersions{strings.TrimPrefix(version, "v"), navigatorVersion, layerFormat},
		Domain:      "enterprise-attack",
		Description: "Coverage was not looked at, or there is nothing to compare with.",
		Sorting:     3,
		Layout:      navigatorLayout{Layout: "side", ShowName: true, Expanded: "annotated"},
		Metadata: metadata("base", r.Repository.Base, "head", r.Repository.Head, "catalog", r.Tool.Catalog.String(),
			"made by", "detlint "+r.Tool.Version),
	}}
}

// add adds a technique that is in the matrix. The Navigator cannot show others:
// they are named at the end.
func (l *layer) add(t navigatorTechnique) {
	known, ok := l.tables.Lookup(t.ID)
	if !ok || known.Domain != attack.Enterprise || known.Status != attack.Active {
		l.without = append(l.without, t.ID)
		return
	}
	t.Comment = visible(shorten(t.Comment))
	l.max = max(l.max, t.Score)
	l.Techniques = append(l.Techniques, t)
}

// scale sets the colours of the scores.
func (l *layer) scale(colors []string, what string) {
	most := min(max(l.max, 2), fullScore)
	l.Gradient = navigatorGradient{colors, 1, most}
	l.Legend = []navigatorLegendItem{{"1 " + what, colors[0]}, {count(most, what) + " or more", colors[len(colors)-1]}}
}

func (l *layer) write(w io.Writer) error {
	slices.SortFunc(l.Techniques, func(a, b navigatorTechnique) int { return cmp.Compare(a.ID, b.ID) })
	if len(l.without) > 0 {
		l.Metadata = append(l.Metadata, metadata("not in this matrix", some(l.without, 100))...)
	}
	j := newJSONWriter(w)
	j.value("", &l.navigatorLayer)
	j.text("\n")
	return j.close()
}

// metadata pairs names with values, without those that are empty: the Navigator
// drops them with an error.
func metadata(pairs ...string) []navigatorMetadata {
	var out []navigatorMetadata
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := visible(shorten(pairs[i+1])); value != "" {
			out = append(out, navigatorMetadata{pairs[i], value})
		}
	}
	return out
}

// ruleTitles names the rules of a technique.
func ruleTitles(rules []coverage.Rule) string {
	titles := make([]string, len(rules))
	for i := range rules {
		titles[i] = ruleTitle(&rules[i])
	}
	return count(len(rules), "rule") + ": " + some(titles, 10)
}

func ruleTitle(r *coverage.Rule) string {
	if title := strings.TrimSpace(r.Title); title != "" {
		return title
	}
	return r.Path
}

// ruleLinks are links to the first few rules, where o says how to make them.
func ruleLinks(rules []coverage.Rule, o Options) []navigatorLink {
	const most = 5
	var out []navigatorLink
	for i := range rules[:min(most, len(rules))] {
		if address := webAddress(o.fileLink(rules[i].Path, rules[i].Line)); address != "" {
			out = append(out, navigatorLink{visible(shorten(ruleTitle(&rules[i]))), address})
		}
	}
	return out
}

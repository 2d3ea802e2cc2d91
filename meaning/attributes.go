package meaning

import (
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// Attribute is a difference outside of the condition. Of what has one value
// Before and After are set, of lists what was Added and Removed. Long texts
// have neither: only that they differ is said.
type Attribute struct {
	Name    string   `json:"attribute"`
	Before  string   `json:"before,omitempty"`
	After   string   `json:"after,omitempty"`
	Added   []string `json:"added,omitempty"`
	Removed []string `json:"removed,omitempty"`
}

// acts are attributes that have a part in what a rule finds: which events it
// looks at, when, and what becomes of its hits.
var acts = []string{
	"language", "sources", "events", "type", "from", "to", "interval", "enabled", "max_signals", "exceptions_list",
	"alert_suppression", "timestamp_override", "data_view_id", "rules", "filters",
	// of Sentinel, Defender and Splunk
	"queryFrequency", "suppressionEnabled", "suppressionDuration", "eventGroupingSettings", "schedule", "cron_schedule",
	"schedule_window", "realtime_schedule", "enableSched", "is_scheduled", "alert.suppress", "alert.suppress.fields", "alert.suppress.period",
}

// describes reports whether the attribute only describes the rule.
func (a Attribute) describes() bool {
	return !slices.Contains(acts, a.Name) && !strings.HasPrefix(a.Name, `filter "`)
}

func (c *Change) names() []string {
	out := make([]string, len(c.Attributes))
	for i, a := range c.Attributes {
		out[i] = a.Name
	}
	return out
}

// attributes compares everything but the conditions.
func attributes(before, after *normalize.Rule) []Attribute {
	var out []Attribute
	one := func(name, old, now string) {
		if old != now {
			out = append(out, Attribute{Name: name, Before: old, After: now})
		}
	}
	text := func(name string, old, now rule.Text) {
		if words(old.Value) != words(now.Value) {
			out = append(out, Attribute{Name: name})
		}
	}
	list := func(name string, old, now []string) {
		if gone, come := difference(old, now), difference(now, old); len(gone)+len(come) > 0 {
			out = append(out, Attribute{Name: name, Added: come, Removed: gone})
		}
	}
	one("level", level(before), level(after))
	one("status", before.Status.Value, after.Status.Value)
	list("techniques", values(before.Techniques), values(after.Techniques))
	list("tactics", values(before.Tactics), values(after.Tactics))
	list("events", names(before.Events), names(after.Events))
	list("sources", slices.Concat(sources(before).lines(), tables(before)), slices.Concat(sources(after).lines(), tables(after)))
	list("rules", filtered(before), filtered(after))
	one("language", string(before.Language), string(after.Language))
	one("id", before.ID.Value, after.ID.Value)
	one("title", before.Title.Value, after.Title.Value)
	one("name", before.Name.Value, after.Name.Value)
	text("description", before.Description, after.Description)
	one("author", before.Author.Value, after.Author.Value)
	one("date", before.Date.Value, after.Date.Value)
	one("modified", before.Modified.Value, after.Modified.Value)
	list("references", values(before.References), values(after.References))
	list("false positives", values(before.FalsePositives), values(after.FalsePositives))
	list("related", related(before), related(after))
	list("tags", others(before), others(after))
	for _, name := range further(before, after) {
		out = append(out, Attribute{Name: name})
	}
	return out
}

// compared are the entries of a rule that are compared in another way: as the
// attributes above, or as its condition.
var compared = map[string]bool{
	"title": true, "id": true, "name": true, "description": true, "status": true, "author": true, "date": true,
	"modified": true, "level": true, "tags": true, "references": true, "falsepositives": true, "related": true,
	"logsource": true, "detection": true, "correlation": true, "filter": true,
	"rule_id": true, "severity": true, "false_positives": true, "reference": true, "language": true, "index": true,
	"query": true, "filters": true, "threat": true, "threshold": true, "created_at": true, "updated_at": true,
	"displayName": true, "relevantTechniques": true, "techniques": true, "subTechniques": true, "tactics": true,
	"queryPeriod": true, "triggerOperator": true, "triggerThreshold": true,
	"search": true, "disabled": true, "known_false_positives": true, "action.correlationsearch.annotations": true,
	"action.correlationsearch.label": true, "counttype": true, "relation": true, "quantity": true, "alert_condition": true,
	"alert_threshold": true, "alert_comparator": true, "dispatch.earliest_time": true, "dispatch.latest_time": true,
}

// further names the other entries that are different in two rules of one
// format, in the order of the new version and then of the old one.
func further(before, after *normalize.Rule) []string {
	old, now := entries(before), entries(after)
	if before.Vendor != after.Vendor || old == nil || now == nil {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for _, side := range []*tree.Node{now, old} {
		for i := 0; i+1 < len(side.Content); i += 2 {
			key := side.Content[i].Value
			if seen[key] || compared[key] {
				continue
			}
			seen[key] = true
			if unordered(old.Get(key)) != unordered(now.Get(key)) {
				out = append(out, key)
			}
		}
	}
	return out
}

// unordered writes an entry in one line, the items of a list in any order.
func unordered(n *tree.Node) string {
	if n == nil || n.Kind != tree.Sequence {
		return words(n.Flat())
	}
	items := make([]string, len(n.Content))
	for i, item := range n.Content {
		items[i] = words(item.Flat())
	}
	slices.Sort(items)
	return strings.Join(items, " ")
}

// entries are all that a rule says, nil where its format does not tell.
func entries(r *normalize.Rule) *tree.Node {
	if d, ok := r.Syntax.(interface{ Attributes() *tree.Node }); ok {
		if n := d.Attributes(); n != nil && n.Kind == tree.Mapping {
			return n
		}
	}
	return nil
}

// level is the level of a rule, as written where it is none of the known ones.
func level(r *normalize.Rule) string {
	if r.Level != rule.LevelUnknown {
		return string(r.Level)
	}
	return r.LevelText.Value
}

// words is a text without its layout.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func values(texts []rule.Text) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = t.Value
	}
	return out
}

func names(events []normalize.Event) []string {
	out := make([]string, len(events))
	for i, e := range events {
		out[i] = e.String()
	}
	return out
}

// tables are those that a Kusto query reads.
func tables(r *normalize.Rule) []string {
	var out []string
	done := map[*normalize.Node]bool{}
	var visit func(*normalize.Node)
	visit = func(n *normalize.Node) {
		if n == nil || done[n] {
			return
		}
		done[n] = true
		for _, name := range n.Tables {
			if line := "table " + name; !slices.Contains(out, line) {
				out = append(out, line)
			}
		}
		for _, child := range n.Children {
			visit(child)
		}
	}
	visit(r.Root())
	return out
}

func related(r *normalize.Rule) []string {
	out := make([]string, len(r.Related))
	for i, rel := range r.Related {
		out[i] = strings.TrimSpace(rel.Type.Value + " " + rel.ID.Value)
	}
	return out
}

// filtered are the rules that a filter names.
func filtered(r *normalize.Rule) []string {
	if r.Kind != rule.Filter {
		return nil
	}
	s := r.Summary()
	if s.EveryRule {
		return []string{everyRule}
	}
	out := make([]string, len(s.RuleReferences))
	for i, ref := range s.RuleReferences {
		out[i] = fold(ref.Value)
	}
	return out
}

// everyRule stands for the rules of a filter that names none.
const everyRule = "all that the logsource fits"

// others are the tags that name neither a technique nor a tactic.
func others(r *normalize.Rule) []string {
	known := map[rule.Span]bool{}
	for _, t := range slices.Concat(r.Techniques, r.Tactics) {
		known[t.Span] = true
	}
	var out []string
	for _, t := range r.Tags {
		if !known[t.Span] {
			out = append(out, t.Value)
		}
	}
	return out
}

// thousands writes a number with separators.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

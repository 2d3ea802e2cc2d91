package splunk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/rule"
)

// savedSearch reads a stanza of savedsearches.conf. One without a search is a
// setting for others; in "local" it changes one of the app.
func savedSearch(f *rule.File, s *Stanza, library *rule.Library) {
	search := s.Get("search")
	if search == nil {
		schedules := s.own("action.correlationsearch.enabled") || s.own("cron_schedule")
		if schedules && !isLocal(f.Source.Path) {
			f.Problems = append(f.Problems, rule.Problem{
				Span: s.Name.Span, Message: fmt.Sprintf("stanza %q has no search, expected a setting %q", s.Name.Value, "search"), RuleIndex: -1,
			})
		}
		return
	}
	p := newRule(f, s.Span, library)
	p.doc = &Document{Shape: SavedSearch, Stanza: s, offsets: search.offsets}
	r := p.rule
	r.Syntax = p.doc
	if s.defaults != nil {
		r.Parts = append(r.Parts, s.defaults.spans...)
	}
	r.ID, r.Title = s.Name, s.Name
	if label := s.Get("action.correlationsearch.label"); label != nil && label.Value.Value != "" {
		r.Title = label.Value
	}
	if !alerts(s) {
		r.Kind = rule.Baseline
	}
	if d := s.Get("description"); d != nil {
		r.Description = d.Value
	}
	if off := s.Get("disabled"); off != nil && spl.IsTrue(off.Value.Value) {
		r.Status = rule.Text{Value: "disabled", Span: off.Value.Span}
	}
	p.annotations()
	p.stanzaLevel()
	p.search(search.Value.Value)
	for _, key := range triggers {
		if set := s.Get(key); set != nil && set.Value.Value != "" {
			r.Frame = append(r.Frame, key+"="+set.Value.Value)
		}
	}
	p.selectors()
}

// triggers are the settings that say of which results of a search someone is
// told, and of which time.
var triggers = []string{
	"counttype", "relation", "quantity", "alert_condition", "alert_threshold", "alert_comparator", "dispatch.earliest_time", "dispatch.latest_time",
}

// own reports whether the stanza itself has a setting.
func (s *Stanza) own(key string) bool {
	return slices.ContainsFunc(s.Settings, func(set Setting) bool { return set.Key.Value == key })
}

// alerts reports whether someone is told of what a saved search returns. The
// others fill reports, dashboards and lookups.
func alerts(s *Stanza) bool {
	for _, key := range []string{
		"action.correlationsearch.enabled", "action.notable", "action.risk", "action.email", "action.webhook", "action.script", "alert.track",
	} {
		if on := s.Get(key); on != nil && spl.IsTrue(on.Value.Value) {
			return true
		}
	}
	for _, key := range []string{"actions", "counttype", "alert_condition"} {
		if set := s.Get(key); set != nil && set.Value.Value != "" && (key != "counttype" || set.Value.Value != "always") {
			return true
		}
	}
	return s.Get("action.correlationsearch.label") != nil
}

// annotations reads the ATT&CK techniques of a correlation search, a JSON
// object of lists in one setting.
func (p *ruleParser) annotations() {
	set := p.doc.Stanza.Get("action.correlationsearch.annotations")
	if set == nil || strings.TrimSpace(set.Value.Value) == "" {
		return
	}
	var lists map[string]any
	if err := json.Unmarshal([]byte(set.Value.Value), &lists); err != nil {
		p.errorf(set.Value.Span, `annotations must be a JSON object of lists such as {"mitre_attack": ["T1059"]}: %s`, jsonMessage(err))
		return
	}
	list, _ := lists["mitre_attack"].([]any)
	for _, item := range list {
		id, ok := item.(string)
		if !ok {
			continue
		}
		at := set.Value.Span
		if i := strings.Index(set.Value.Value, `"`+id+`"`); i >= 0 {
			at = set.offsets.Span(rule.Span{Start: int32(i + 1), End: int32(i + 1 + len(id))})
		}
		p.rule.Tags = append(p.rule.Tags, rule.Text{Value: id, Span: at})
		if id = strings.ToUpper(strings.TrimSpace(id)); len(id) > 4 && id[0] == 'T' && id[1] >= '0' && id[1] <= '9' {
			p.rule.Techniques = append(p.rule.Techniques, rule.Text{Value: id, Span: at})
		}
	}
}

func jsonMessage(err error) string { return strings.TrimPrefix(err.Error(), "json: ") }

// stanzaLevel reads how much a hit matters: the severity of the notable event,
// or else the risk score.
func (p *ruleParser) stanzaLevel() {
	s, r := p.doc.Stanza, p.rule
	if set := s.Get("action.notable.param.severity"); set != nil && set.Value.Value != "" {
		r.LevelText = set.Value
		for _, level := range rule.Levels {
			if strings.EqualFold(string(level), set.Value.Value) {
				r.Level = level
			}
		}
		return
	}
	set := s.Get("action.risk.param._risk")
	if set == nil {
		return
	}
	var risks []struct {
		Score float64 `json:"risk_score"`
	}
	if json.Unmarshal([]byte(set.Value.Value), &risks) != nil || len(risks) == 0 {
		return
	}
	highest := 0
	for _, risk := range risks {
		highest = max(highest, int(risk.Score))
	}
	r.LevelText, r.Level = set.Value, severity(highest)
}

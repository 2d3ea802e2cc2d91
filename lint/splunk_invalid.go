package lint

import (
	"math"
	"strconv"
	"strings"

	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// The vocabularies of contentctl.
var (
	contentStatuses = []string{"production", "experimental", "deprecated", "validation", "removed"}
	contentTypes    = []string{"TTP", "Anomaly", "Hunting", "Correlation", "Baseline"}
	securityDomains = []string{"access", "audit", "endpoint", "identity", "network", "threat"}
	riskObjectTypes = []string{"system", "user", "other"}
	threatTypes     = []string{
		"certificate_common_name", "certificate_organization", "certificate_serial", "certificate_unit", "command", "domain",
		"email_address", "email_subject", "file_hash", "file_name", "file_path", "http_user_agent", "ip_address", "process",
		"process_name", "parent_process", "parent_process_name", "process_hash", "registry_path", "registry_value_name",
		"registry_value_text", "service", "signature", "system", "tls_hash", "url",
	}
)

func invalidSplunk(p *Pass, doc *splunk.Document) {
	if doc.Shape != splunk.Content {
		return // settings of Splunk's own have no vocabulary that matters here
	}
	root, tags := doc.Root, doc.Tags
	if id := p.ID.Value; id != "" && !isUUID(id) {
		p.Report(p.ID.Span, "id:"+id, "id %q is no UUID, expected the form 01234567-89ab-cdef-0123-456789abcdef", id).Severity = Warning
	}
	p.numberIn(root, "version", 1, math.MaxInt32)
	for _, attribute := range []string{"date", "creation_date", "modification_date"} {
		p.date(attribute, root.Get(attribute).Text())
	}
	p.word("status", p.Status, contentStatuses)
	p.word("type", doc.Type, contentTypes)
	p.word("security domain", tags.Get("security_domain").Text(), securityDomains)
	if on := root.Get("enabled_by_default"); on != nil && strings.EqualFold(on.Value, "true") && p.Status.Value != "" && !strings.EqualFold(p.Status.Value, "production") {
		p.Report(on.Span, "enabled_by_default", "the rule is enabled by default and has the status %q, expected %q", p.Status.Value, "production")
	}
	if n := tags.Get("mitre_attack_id"); n != nil && n.Kind == tree.Scalar && !n.IsNull() {
		p.Report(n.Span, "mitre_attack_id", "mitre_attack_id is a text, expected a list of ids")
	}
	for _, cve := range texts(tags.Get("cve")) {
		p.cve(cve)
	}
	for _, guid := range texts(tags.Get("atomic_guid")) {
		if !isUUID(guid.Value) {
			p.Report(guid.Span, "atomic_guid:"+guid.Value, "atomic_guid %q is no UUID, expected the one of an Atomic Red Team test", guid.Value)
		}
	}
	p.risk(doc, tags)
}

// risk looks at what a hit is worth.
func (p *Pass) risk(doc *splunk.Document, tags *tree.Node) {
	for _, attribute := range []string{"confidence", "impact", "risk_score"} {
		p.numberIn(tags, attribute, 0, 100)
	}
	p.riskScore(doc)
	for i := range doc.Objects {
		o := &doc.Objects[i]
		if o.Node == nil || o.Node.Get("field") == nil {
			continue // an observable of contentctl 4
		}
		vocabulary, what := riskObjectTypes, "risk object type"
		if o.Threat {
			vocabulary, what = threatTypes, "threat object type"
		} else {
			p.numberIn(o.Node, "score", 1, 100)
		}
		p.word(what, o.Node.Get("type").Text(), vocabulary)
	}
}

// riskScore looks at the score of contentctl 4, which computes it whatever the
// file says. Half points are rounded either way by different tools.
func (p *Pass) riskScore(doc *splunk.Document) {
	tags := doc.Tags
	confidence, errC := strconv.ParseFloat(tags.Get("confidence").Text().Value, 64)
	impact, errI := strconv.ParseFloat(tags.Get("impact").Text().Value, 64)
	if doc.Score == nil || errC != nil || errI != nil {
		return
	}
	score, err := strconv.ParseFloat(doc.Score.Value, 64)
	if exact := confidence * impact / 100; err == nil && math.Abs(score-exact) > 0.5 {
		want := strconv.Itoa(int(math.RoundToEven(exact)))
		f := p.Report(doc.Score.Span, "risk_score", "risk_score is %s, and confidence × impact / 100 is %s, which is what contentctl puts into the app", doc.Score.Value, want)
		f.Severity = Warning
		p.fixIn(f, doc.Score.Span, doc.Score.Value, want)
	}
}

// cve reports what is no id of the form CVE-2021-44228.
func (p *Pass) cve(t rule.Text) {
	text := strings.ToUpper(strings.TrimSpace(t.Value))
	year, number, ok := strings.Cut(strings.TrimPrefix(text, "CVE-"), "-")
	if ok && strings.HasPrefix(text, "CVE-") && isDigits(year, "0000") && len(number) >= 4 && strings.Trim(number, "0123456789") == "" {
		if text != t.Value {
			f := p.Report(t.Span, "cve:"+t.Value, "cve %q is not written as CVE has its ids, expected %q", t.Value, text)
			f.Severity = Warning
			p.fixIn(f, t.Span, t.Value, text)
		}
		return
	}
	p.Report(t.Span, "cve:"+t.Value, "cve %q is no CVE id, expected a form such as %q", t.Value, "CVE-2021-44228")
}

// texts are the texts of a list, or the one that stands in place of it.
func texts(n *tree.Node) []rule.Text {
	var out []rule.Text
	switch {
	case n.IsNull():
	case n.Kind == tree.Scalar:
		out = append(out, n.Text())
	case n.Kind == tree.Sequence:
		for _, item := range n.Content {
			if item.Kind == tree.Scalar && !item.IsNull() {
				out = append(out, item.Text())
			}
		}
	}
	return out
}

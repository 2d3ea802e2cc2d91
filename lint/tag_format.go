package lint

import (
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/rule"
)

var tagFormatCheck = &Check{
	ID:       "tag-format",
	Severity: Warning,
	Vendors:  onlySigma,
	Summary:  "A tag is not written the way its namespace has it",
	Rationale: `Tags are a namespace, a dot and a name in lower case. Coverage maps, pipelines and searches compare them letter by
letter, so a technique without ` + "`attack.`" + ` in front of it is covered by nobody.

| namespace | name |
| --- | --- |
| ` + "`attack`" + ` | a technique (t1059.001), a tactic with hyphens (lateral-movement), a group, software, … |
| ` + "`car`" + ` | 2016-04-005 |
| ` + "`cve`" + ` | 2021-44228 |
| ` + "`detection`" + ` | dfir, emerging-threats or threat-hunting |
| ` + "`stp`" + ` | 1 to 5, and a, u or k after it |
| ` + "`tlp`" + ` | clear, white, green, amber, amber-strict or red |

Namespaces of your own are fine.`,
	Bad: `title: Remote service created
id: 3c4d5e6f-7081-4293-a4b5-c6d7e8f90112
status: test
tags:
    - lateral-movement
    - attack.lateral_movement
    - t1021.002
    - cve.2021.34527
logsource:
    product: windows
    service: system
detection:
    selection:
        EventID: 7045
        ServiceName: 'remsvc'
    condition: selection
level: high
`,
	Good: `title: Remote service created
id: 3c4d5e6f-7081-4293-a4b5-c6d7e8f90112
status: test
tags:
    - attack.lateral-movement
    - attack.t1021.002
    - cve.2021-34527
    - team.blue
logsource:
    product: windows
    service: system
detection:
    selection:
        EventID: 7045
        ServiceName: 'remsvc'
    condition: selection
level: high
`,
	Rule: tagFormat,
}

// tagNamespaces are those of the specification.
var tagNamespaces = []string{"attack", "car", "cve", "d3fend", "detection", "stp", "tlp"}

func tagFormat(p *Pass) {
	for _, tag := range p.Tags {
		p.tag(tag)
	}
}

func (p *Pass) tag(tag rule.Text) {
	namespace, name, dotted := strings.Cut(tag.Value, ".")
	switch {
	case isTechniqueID(tag.Value):
		p.retag(tag, "attack."+strings.ToLower(tag.Value), "has no namespace, did you mean %q?")
		return
	case !dotted && len(p.tables().LookupTactic(tag.Value)) > 0:
		p.retag(tag, "attack."+p.tables().LookupTactic(tag.Value)[0].ShortName, "has no namespace, did you mean %q?")
		return
	case !dotted || namespace == "" || name == "":
		p.Report(tag.Span, tag.Value, "tag %q is not a namespace, a dot and a name", tag.Value)
		return
	}
	known := strings.ToLower(namespace)
	if !contains(tagNamespaces, known) {
		p.ownNamespace(tag, namespace, name)
		return
	}
	right := tagName(p.tables(), known, name)
	switch fits := tagNameFits(known, right); {
	case !fits:
		p.Report(tag.Span, tag.Value, "tag %q does not fit its namespace, expected %s", tag.Value, tagExample[known])
	case known+"."+right != tag.Value:
		p.retag(tag, known+"."+right, "is not written as its namespace has it, expected %q")
	}
}

// retag reports a tag and offers the right one instead.
func (p *Pass) retag(tag rule.Text, right, format string) {
	f := p.Report(tag.Span, tag.Value, "tag %q "+format, tag.Value, right)
	p.replaceTag(f, tag.Span, tag.Value, right)
}

// replaceTag gives a finding the fix that turns a part of a tag into another
// text, or that removes the tag when the rule has the result already.
func (p *Pass) replaceTag(f *Finding, at rule.Span, old, text string) {
	edit, ok := p.replaceIn(at, old, text)
	if !ok {
		return
	}
	whole := ""
	for _, t := range p.Tags {
		if t.Span == at {
			i := strings.Index(strings.ToLower(t.Value), strings.ToLower(old))
			whole = t.Value[:max(i, 0)] + text + t.Value[min(max(i, 0)+len(old), len(t.Value)):]
		}
	}
	for _, t := range p.Tags {
		if t.Span != at && strings.EqualFold(t.Value, whole) {
			if remove, ok := p.removeItem(at); ok {
				f.Fix = &Fix{Title: "remove the tag, " + quote(t.Value) + " is there", Edits: []Edit{remove}}
			}
			return
		}
	}
	f.Fix = &Fix{Title: "replace " + quote(old) + " with " + quote(text), Edits: []Edit{edit}}
}

// ownNamespace looks at a namespace that is not Sigma's.
func (p *Pass) ownNamespace(tag rule.Text, namespace, name string) {
	for _, known := range tagNamespaces {
		if len(known) > 3 && near.Distance(strings.ToLower(namespace), known) == 1 {
			p.retag(tag, known+"."+name, "has an unknown namespace, did you mean %q?")
			return
		}
	}
	if strings.ContainsAny(tag.Value, " \t,;/") {
		p.Report(tag.Span, tag.Value, `tag %q has characters that tags do not have, expected letters, digits, ".", "-" and "_"`, tag.Value)
	}
}

// tagName writes a name the way its namespace has it.
func tagName(tables *attack.Tables, namespace, name string) string {
	switch namespace {
	case "d3fend": // artifacts have capitals
		return name
	case "attack":
		lower := strings.ToLower(name)
		if tables.HasTactic(lower) || isTechniqueID(lower) {
			return lower
		}
		if named := tables.LookupTactic(lower); len(named) > 0 && !strings.EqualFold(named[0].ID, name) {
			return named[0].ShortName
		}
		return lower
	case "cve":
		lower := strings.TrimPrefix(strings.ToLower(name), "cve-")
		return strings.ReplaceAll(lower, ".", "-")
	case "car":
		return strings.TrimPrefix(strings.ToLower(name), "car-")
	case "detection":
		return strings.ReplaceAll(strings.ToLower(name), "_", "-")
	}
	return strings.ToLower(name)
}

var tagExample = map[string]string{
	"attack": "a technique, tactic, group or software, such as attack.t1059.001", "car": "a form such as car.2016-04-005",
	"cve": "a form such as cve.2021-44228", "d3fend": "a form such as d3fend.d3-am",
	"detection": "detection.dfir, detection.emerging-threats or detection.threat-hunting",
	"stp":       "a form such as stp.3 or stp.3k", "tlp": "one of tlp.clear, tlp.white, tlp.green, tlp.amber, tlp.amber-strict and tlp.red",
}

// tagNameFits reports whether a name has the form of its namespace. Whether
// there is such a technique is for other checks.
func tagNameFits(namespace, name string) bool {
	switch namespace {
	case "car":
		return isDigits(name, "0000-00-000")
	case "cve":
		year, number, ok := strings.Cut(name, "-")
		return ok && isDigits(year, "0000") && len(number) >= 4 && strings.Trim(number, "0123456789") == ""
	case "detection":
		return contains([]string{"dfir", "emerging-threats", "threat-hunting"}, name)
	case "stp":
		return len(name) > 0 && len(name) < 3 && name[0] >= '1' && name[0] <= '5' && (len(name) == 1 || strings.IndexByte("auk", name[1]) >= 0)
	case "tlp":
		return contains([]string{"clear", "white", "green", "amber", "amber-strict", "red"}, name)
	}
	return !strings.ContainsAny(name, " \t,;/")
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

// isTechniqueID reports whether a text has the form of a technique's id.
func isTechniqueID(s string) bool {
	return isDigits(strings.ToLower(s), "t0000") || isDigits(strings.ToLower(s), "t0000.000")
}

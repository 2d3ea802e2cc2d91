package report

import (
	"cmp"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/rule"
)

// GitHub refuses a SARIF file with a run of more results, or with a result of
// more locations, and shows the first 5,000 results.
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
const (
	maxResults   = 25_000
	shownResults = 5_000
	maxRelated   = 100
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifRoot   = "%SRCROOT%"
	homepage    = "https://github.com/detlint/detlint"
)

var sarifLevels = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Info: "note"}

// SARIF writes the findings as a log of SARIF 2.1.0, most severe first. Fixed
// findings are counted and not listed: code scanning would open an alert for
// each, since it reads neither baselineState nor suppressions. Likewise
// suppressed findings are there only when the report lists them.
func SARIF(w io.Writer, r *Report, o Options) error {
	j := newJSONWriter(w)
	run := newSARIFRun(r, o)
	j.text("{\n  \"$schema\": \"" + sarifSchema + "\",\n  \"version\": \"2.1.0\",\n  \"runs\": [\n    {")
	j.fields("      ", &run)
	j.text("\n    }\n  ]\n}\n")
	return j.close()
}

func newSARIFRun(r *Report, o Options) sarifRun {
	findings := ranked(r)
	all := len(findings)
	findings = findings[:min(all, maxResults)]
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: cmp.Or(r.Tool.Name, "detlint"), Version: r.Tool.Version, InformationURI: homepage}},
		Invocations: []sarifInvocation{{Successful: true, ExitCode: o.ExitCode, Notifications: notifications(r, all)}},
		Automation:  sarifAutomation{"detlint/" + visible(o.Scope)},
		BaseIDs:     map[string]sarifBaseURI{sarifRoot: {sarifText{"the root of the repository"}}},
		ColumnKind:  "unicodeCodePoints",
		Properties: sarifRunProperties{
			Fixed: r.Summary.Findings.Fixed.Total(), Omitted: all - len(findings),
			ATTACK: r.Tool.ATTACK, Catalog: r.Tool.Catalog.String(),
		},
	}
	if o.Repository != "" {
		vcs := sarifVersionControl{Repository: o.Repository, MappedTo: sarifArtifact{URIBaseID: sarifRoot}}
		if r.Repository.Mode == Commits {
			vcs.Revision = r.Repository.Head
		}
		run.Provenance = []sarifVersionControl{vcs}
	}
	ids := map[string]int{}
	for _, f := range findings {
		ids[f.Check] = 0
	}
	for i, id := range slices.Sorted(maps.Keys(ids)) {
		ids[id] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newSARIFRule(id))
	}
	for _, f := range findings {
		run.Results = append(run.Results, newSARIFResult(r, f, ids[f.Check]))
	}
	return run
}

// notifications are what a reader must know beside the results: files that
// were not looked at, demands on coverage that were not met, results that are
// not there or not shown.
func notifications(r *Report, results int) []sarifNotification {
	var out []sarifNotification
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Check == "unreadable" && f.State != lint.Fixed {
			out = append(out, sarifNotification{
				Descriptor: sarifDescriptor{f.Check}, Level: "error", Message: sarifText{sarifEscapes.Replace(visible(f.Message))},
				Locations: []sarifLocation{sarifPlace(f.Path, rule.Range{}, "")},
			})
		}
	}
	for _, gate := range failedGates(r) {
		out = append(out, sarifNotification{Descriptor: sarifDescriptor{"coverage"}, Level: "error", Message: sarifText{sarifEscapes.Replace(gate)}})
	}
	switch {
	case results > maxResults:
		out = append(out, sarifNotification{Descriptor: sarifDescriptor{"limit"}, Level: "warning", Message: sarifText{
			"the " + thousands(maxResults) + " most severe results of " + thousands(results) + " are listed, the most that code scanning takes; the json report has all",
		}})
	case results > shownResults:
		out = append(out, sarifNotification{Descriptor: sarifDescriptor{"limit"}, Level: "note", Message: sarifText{
			"code scanning shows " + thousands(shownResults) + " of the " + thousands(results) + " results",
		}})
	}
	return out
}

func newSARIFRule(id string) sarifRule {
	out := sarifRule{
		ID: visible(id), Short: sarifText{visible(id)}, Full: sarifText{visible(id)},
		Help: sarifMultiformat{visible(id), mdText(id)}, Default: sarifConfiguration{sarifLevels[lint.Warning]},
		Properties: sarifRuleProperties{Tags: []string{"detection-rule"}, Severity: "warning"},
	}
	c := lint.Lookup(id)
	if c == nil {
		return out
	}
	out.Short, out.Full = sarifText{c.Summary + "."}, sarifText{c.Summary + "."}
	rationale := strings.ReplaceAll(strings.TrimSpace(c.Rationale), "](../", "]("+homepage+"/blob/main/docs/")
	out.Help = sarifMultiformat{rationale, "# " + c.ID + "\n\n" + c.Summary + ".\n\n" + rationale + "\n\n[More](" + c.Link() + ")"}
	out.HelpURI = c.Link()
	out.Default.Level = sarifLevels[c.Severity]
	if out.Properties.Severity = c.Severity.String(); c.Severity == lint.Info {
		out.Properties.Severity = "recommendation"
	}
	for _, v := range c.Vendors {
		out.Properties.Tags = append(out.Properties.Tags, string(v))
	}
	return out
}

// newSARIFResult is one finding.
func newSARIFResult(r *Report, f *lint.Finding, index int) sarifResult {
	out := sarifResult{
		RuleID: visible(f.Check), RuleIndex: index, Level: sarifLevels[f.Severity],
		Message: sarifText{sarifEscapes.Replace(strings.Join(whole(f), "\n"))},
	}
	line := f.Snippet
	if f.SnippetColumn != 0 {
		line = "" // a part of it
	}
	out.Locations = []sarifLocation{sarifPlace(f.Path, f.Range, line)}
	for i, l := range f.Related {
		if i == maxRelated {
			break
		}
		at := sarifPlace(l.Path, l.Range, "")
		at.ID, at.Message = &i, &sarifText{sarifEscapes.Replace(visible(shorten(l.Message)))}
		out.Related = append(out.Related, at)
	}
	if f.Fingerprint != "" {
		out.Fingerprints = map[string]string{"detlint/v1": f.Fingerprint}
	}
	if r.compared() {
		out.Baseline = "new"
		if f.State == lint.Existing {
			out.Baseline = "unchanged"
		}
	}
	if s := f.Suppressed; s != nil {
		out.Suppressions = []sarifSuppression{newSARIFSuppression(s)}
	}
	if f.Fix != nil && len(f.Fix.Edits) > 0 {
		change := sarifArtifactChange{Artifact: sarifFile(f.Path)}
		for _, e := range f.Fix.Edits {
			replacement := sarifReplacement{Deleted: *newSARIFRegion(e.Range)}
			if e.Text != "" {
				replacement.Inserted = &sarifText{e.Text}
			}
			change.Replacements = append(change.Replacements, replacement)
		}
		out.Fixes = []sarifFix{{sarifText{sarifEscapes.Replace(visible(f.Fix.Title))}, []sarifArtifactChange{change}}}
	}
	if f.RuleID+f.RuleTitle != "" {
		out.Properties = &sarifResultProperties{visible(f.RuleID), visible(f.RuleTitle)}
	}
	return out
}

func newSARIFSuppression(s *lint.Suppressed) sarifSuppression {
	out := sarifSuppression{Kind: "external", Status: "accepted", Justification: sarifEscapes.Replace(visible(s.Reason))}
	if s.By == lint.ByComment {
		out.Kind = "inSource"
	}
	if s.Path != "" {
		at := sarifPlace(s.Path, rule.Range{Start: rule.Position{Line: s.Line}, End: rule.Position{Line: s.Line}}, "")
		out.Location = &at
	}
	return out
}

// sarifEscapes breaks what viewers take for a link. Elsewhere brackets and
// backslashes stand for themselves (SARIF 2.1.0, 3.11.6).
var sarifEscapes = strings.NewReplacer("](", "] (")

// sarifPlace is a place together with the whole line it is in, if that is known.
func sarifPlace(path string, at rule.Range, line string) sarifLocation {
	out := sarifLocation{Physical: sarifPhysical{Artifact: sarifFile(path), Region: newSARIFRegion(at)}}
	if line != "" && at.Start.Line == at.End.Line {
		out.Physical.Context = &sarifRegion{StartLine: at.Start.Line, Snippet: &sarifText{strings.TrimRight(line, "\r\n")}}
	}
	return out
}

// sarifFile names a file by a URI that is relative to the root.
func sarifFile(path string) sarifArtifact {
	segments := strings.Split(strings.ToValidUTF8(path, "\uFFFD"), "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	uri := strings.Join(segments, "/")
	// The first segment of a relative reference must have no colon.
	if first, _, _ := strings.Cut(uri, "/"); strings.Contains(first, ":") {
		uri = "./" + uri
	}
	return sarifArtifact{URI: uri, URIBaseID: sarifRoot}
}

// newSARIFRegion is a range in the terms of SARIF, whose end column is that
// after the last character, too. What is about a file is at its first line.
func newSARIFRegion(at rule.Range) *sarifRegion {
	out := &sarifRegion{StartLine: max(at.Start.Line, 1)}
	if at.Start.Column > 0 {
		out.StartColumn = at.Start.Column
		out.EndLine, out.EndColumn = max(at.End.Line, out.StartLine), max(at.End.Column, 1)
		if out.EndLine == out.StartLine {
			out.EndColumn = max(out.EndColumn, out.StartColumn)
		}
	}
	return out
}

package report

import (
	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// span is a range of one line. Offsets play no part in any text.
func span(line, from, to int) rule.Range {
	return rule.Range{Start: rule.Position{Line: line, Column: from}, End: rule.Position{Line: line, Column: to}}
}

func reach(n int) *int { return &n }

var (
	sysmon1 = normalize.Event{Provider: "Sysmon", Event: "1"}
	sec4688 = normalize.Event{Provider: "Security-Auditing", Event: "4688"}
	script  = normalize.Event{Provider: "PowerShell", Event: "4104"}
	proxy   = normalize.Event{Provider: "Proxy", Event: "*"}
)

// nasty is what a rule's author could write to be obeyed instead of read.
const nasty = "a|b `c` <script>alert(1)</script> @octocat #12 [x](http://evil.example) \x1b[31mred\x1b[0m \u202egpj.exe\u202c \u009b2J *bold* caf\u00e9 \U0001F98A \x00 www.evil.example &amp;"

var peers = []lint.EvidenceRule{
	{ID: "1", Title: "PUA - Rclone Execution", Vendor: rule.Sigma, URL: "https://example.org/rules/rclone.yml"},
	{ID: "2", Title: nasty, Vendor: rule.Splunk, URL: "javascript:alert(1)"},
	{ID: "3", Title: "Third", Vendor: rule.Elastic},
	{ID: "4", Title: "Fourth", Vendor: rule.Kusto},
}

// sample is a report of the change of three rules.
func sample() *Report {
	docs := "https://github.com/detlint/detlint/blob/main/docs/checks/"
	rclone := "rules/windows/proc_creation_win_rclone_rename.yml"
	r := &Report{
		SchemaVersion: SchemaVersion,
		Tool:          Tool{Name: "detlint", Version: "0.1.0", ATTACK: attack.Version, Catalog: Catalog{Date: "2026-08", Rules: 9214}},
		Repository: Repository{
			Base: "8eaafff1c1b2a3948576a1b2c3d4e5f60718293a", BaseName: "merge base with main",
			Head: "working tree", Mode: Worktree,
		},
		Summary: Summary{
			Files: 3139, Rules: 3141, Languages: map[rule.Language]int{"sigma": 3102, "kuery": 39},
			Changes: Changes{Added: 1, Modified: 2, Removed: 1, Unchanged: 3138},
			Findings: Findings{
				New: Counts{Error: 2, Warning: 2, Info: 1}, Existing: Counts{Info: 4, Warning: 1}, Fixed: Counts{Warning: 1},
			},
			Shown: "changed", Hidden: 4,
		},
		Rules: []Rule{
			{
				Path: rclone, Line: 1, ID: "e37db05d-d1f9-49c8-b464-cee1a4b11638", Title: "Rclone renamed", Vendor: rule.Sigma,
				Language: "sigma", State: "modified", Level: rule.LevelHigh, Techniques: []string{"T1020"},
				Reach: reach(14), ReachBefore: reach(2), Events: []normalize.Event{sysmon1, sec4688},
				Change: &meaning.Change{
					Verdict: meaning.Wider, Summary: "one alternative added, one exclusion dropped",
					Added: []meaning.Predicate{{
						Field: "process.name", Operator: rule.Eq, Value: "rclone.exe", Role: meaning.Indicator, SourceField: "Image",
						SourceOperator: "endswith", Key: normalize.Key{Field: "process.name", Operator: rule.Eq, Value: "rclone.exe"}, Line: 31, Column: 11,
					}},
					Removed: []meaning.Predicate{{
						Field: "process.command_line", Operator: rule.Contains, Value: " -x ", Role: meaning.Exclusion, Negated: true, Variant: "windash",
						SourceField: "CommandLine", SourceOperator: "contains|windash", Line: 33, Column: 7,
					}},
					Moved: []meaning.Move{{Predicate: meaning.Predicate{Field: "user.name", Operator: rule.Exists, Role: meaning.Indicator}, From: meaning.Exclusion}},
					Attributes: []meaning.Attribute{
						{Name: "level", Before: "", After: "high"},
						{Name: "techniques", Added: []string{"T1020"}, Removed: []string{"T1048"}},
						{Name: "description"},
					},
				},
				Advice: sampleAdvice(),
			},
			{
				Path: "rules/aws/public snapshot (1)|`x`.toml", Line: 3, Title: nasty, Vendor: rule.Elastic, Language: "kuery",
				State: "added", Reach: reach(3), Change: &meaning.Change{Verdict: meaning.Wider, Summary: "new rule"},
				Advice: hostileAdvice(nasty),
			},
			{
				Path: "rules/new/a.yml", PathBefore: "rules/old/a.yml", Line: 1, State: "modified", Through: []string{"macro " + nasty},
				Change: &meaning.Change{
					Verdict: meaning.Unknown, Summary: "one condition added", Reason: "it now rests on \"" + nasty + "\", which detlint cannot look into",
					Added:     []meaning.Predicate{{Field: nasty, Operator: rule.Eq, Value: nasty, Role: meaning.Indicator}},
					Condition: &meaning.Rejoined{Before: []string{"condition: a or b"}, After: []string{"condition: a and b", nasty}},
				},
			},
			{
				Path: "rules/gone.yml", Line: 1, Title: "Gone", State: "removed", ReachBefore: reach(1200),
				Change: &meaning.Change{Verdict: meaning.Narrower, Summary: "rule removed"},
			},
			{Path: "rules/same.yml", Line: 1, Title: "Same", State: "unchanged"},
		},
		Findings: []lint.Finding{
			{
				Check: "noisy-path", Severity: lint.Warning, Path: rclone, Range: span(31, 7, 36), RuleTitle: "Rclone renamed",
				Message: `this rule fires on process.name "rclone.exe" alone on one of its 2 paths; 14 public rules use it, 11 of them with another condition`,
				Snippet: `    - Image|endswith: '\rclone.exe'`,
				Evidence: []lint.Evidence{{
					Text:  "peers add: process.command_line contains \"copy\" (6 rules), \"sync\" (4)",
					Rules: peers,
				}, {Text: "and most of them look for \"--config\" (3)", Rules: peers}},
				Link: docs + "noisy-path.md", Fingerprint: "00112233", State: lint.New,
			},
			{
				Check: "revoked-technique", Severity: lint.Error, Path: rclone, Range: span(12, 4, 20), RuleTitle: "Rclone renamed",
				Message: "T1562.001 was revoked in ATT&CK v19; use T1685", Snippet: "\t- attack.t1562.001\r",
				Fix:  &lint.Fix{Title: "replace with T1685", Edits: []lint.Edit{{Range: span(12, 4, 20), Text: "attack.t1685"}}},
				Link: docs + "revoked-technique.md", State: lint.New,
			},
			{
				Check: "duplicate-id", Severity: lint.Error, Path: rclone, Range: span(2, 5, 10), RuleTitle: "Rclone renamed",
				Message: "id is also that of another rule\nrules/fake.yml:1:1: error: made up [fake]", Snippet: "id: Aé🦊漢字 # x",
				Related: []lint.Location{{Path: "rules/a b.yml", Range: span(4, 5, 9), Message: "here"}, {Path: "rules/c.yml", Message: nasty}},
				Link:    docs + "duplicate-id.md", State: lint.New,
			},
			{
				Check: "missing-exclusion", Severity: lint.Info, Path: "rules/aws/public snapshot (1)|`x`.toml", RuleTitle: nasty,
				Range:   rule.Range{Start: rule.Position{Line: 44, Column: 9}, End: rule.Position{Line: 46, Column: 3}},
				Message: "9 of the 12 public rules exclude " + nasty, Snippet: `query = """event.dataset : aws and event.action : x   `,
				Hint: "paste:\n\n\tand not user_identity.invoked_by : \"rds.amazonaws.com\"\r\n  and not `x` | </pre><img src=x>\n",
				Link: docs + "missing-exclusion.md", State: lint.New,
			},
			{
				Check: "syntax", Severity: lint.Warning, Path: "rules/broken.ndjson", Range: span(1, 403, 409),
				Message: "unexpected value", Snippet: longLine, State: lint.New, Link: "javascript:alert(1)",
			},
			{Check: "syntax", Severity: lint.Warning, Path: "rules/tail.yml", Range: span(9, 40, 40), Message: "ends early", Snippet: "short", State: lint.Existing},
			{Check: "unused-selection", Severity: lint.Warning, Path: "rules/gone.yml", Range: span(3, 1, 2), Message: "selection is not used", State: lint.Fixed, Snippet: "x: y"},
			{Check: "unreadable", Severity: lint.Info, Path: "rules/lfs.yml", Message: "is a Git LFS pointer", State: lint.Existing},
		},
	}
	r.Coverage = sampleCoverage()
	return r
}

// sampleAdvice is what there may be to say of one rule.
func sampleAdvice() *AdviceBlock {
	path := func(value string) normalize.Key {
		return normalize.Key{Field: "process.parent.executable", Operator: rule.Eq, Value: value}
	}
	return &AdviceBlock{
		Order: 1, Noise: &advise.Noise{Reach: reach(14)}, NoiseBefore: &advise.Noise{Reach: reach(2)},
		Narrowest: &normalize.Key{Field: "process.name", Operator: rule.Eq, Value: "rclone.exe"}, Peers: 30,
		Fields: []advise.Field{{Name: "process.parent.executable", Own: 1, Peers: 7}, {Name: "user.name", Peers: 4}},
		Exclusions: []advise.Exclusion{
			{
				Key: path(`?:\program files\backup\backup.exe`), Rules: 9, Examples: []advise.PublicRule{{ID: "1", Title: "PUA - Rclone Execution", Vendor: rule.Sigma, URL: "https://example.org/rules/rclone.yml"}},
				Support: advise.Support{Together: &advise.Together{Share: advise.Share{Rules: 6, Of: 8}, With: path(`?:\windows\explorer.exe`)}, Peers: &advise.Share{Rules: 2, Of: 30}},
			},
			{Key: path(`?:\program files\a\a.exe`), Rules: 5, Examples: []advise.PublicRule{}, Support: advise.Support{Peers: &advise.Share{Rules: 5, Of: 30}}},
			{Key: path(`?:\program files\b\b.exe`), Rules: 5, Examples: []advise.PublicRule{}, Support: advise.Support{Peers: &advise.Share{Rules: 5, Of: 30}}},
		},
		Events: []advise.EventUse{{Event: script, Title: "Creating Scriptblock text", Rules: 8}},
		Paste:  "paste:\n    filter_optional_peers_1:\n        ParentImage: 'C:\\Program Files\\backup\\backup.exe'",
	}
}

// hostileAdvice has a text wherever one may stand.
func hostileAdvice(s string) *AdviceBlock {
	key := normalize.Key{Field: s, Operator: rule.Operator(s), Value: s}
	return &AdviceBlock{
		Order: 2, Unresolved: []string{s, s, s}, Narrowest: &key, Peers: 12, Fields: []advise.Field{{Name: s, Peers: 3}},
		Exclusions: []advise.Exclusion{{
			Key: key, Rules: 3, Examples: []advise.PublicRule{{ID: s, Title: s, Vendor: rule.Vendor(s), URL: "https://" + s}},
			Support: advise.Support{Together: &advise.Together{Share: advise.Share{Rules: 6, Of: 8}, With: key}},
		}},
		Events: []advise.EventUse{{Event: normalize.Event{Provider: s, Event: s}, Title: s, Rules: 3}}, Paste: s + "\n" + s,
	}
}

// longLine is a rule on one line; code points 402 to 408 are the word.
var longLine = func() string {
	line := make([]rune, 0, 2000)
	for len(line) < 402 {
		line = append(line, []rune(`{"a": "漢字é"}, `)...)
	}
	line = append(line[:402], []rune("target")...)
	for range 300 {
		line = append(line, []rune(", tail")...)
	}
	return string(line)
}()

func sampleCoverage() *coverage.Report {
	summaries := func(paths map[string][]string, events ...normalize.Event) []normalize.Summary {
		var out []normalize.Summary
		for path, techniques := range paths {
			s := normalize.Summary{
				Path: path, Kind: rule.Detection, Level: rule.LevelHigh, Techniques: techniques, Events: events,
				Title: normalize.Located{Value: "Title of " + path},
			}
			s.Range = span(1, 1, 1)
			out = append(out, s)
		}
		return out
	}
	before := coverage.Take(attack.Default(), summaries(map[string][]string{
		"a.yml": {"T1059.001", "T1567.002"}, "b.yml": {"T1567.002", "T1059.003"}, "c.yml": {"T1562.001"}, "d.yml": nil,
	}, sysmon1, sec4688, script, proxy, normalize.Event{Provider: "Zeek", Event: nasty}))
	after := coverage.Take(attack.Default(), append(
		summaries(map[string][]string{"a.yml": {"T1059.001"}, "c.yml": {"T1685"}, "d.yml": nil, "f.yml": {"T1059.001"}}),
		summaries(map[string][]string{"b.yml": {"T1567.002", "T1020"}, "g.yml": {"T9999|<b>"}}, sysmon1)...,
	))
	c := coverage.Compare(before, after, nil)
	for i := range c.Gained {
		c.Gained[i].CatalogEvents = []normalize.Event{sec4688, script}
	}
	for i := range c.Tactics {
		c.Tactics[i].Catalog = 7 * i
	}
	c.Gaps = []coverage.Gap{
		{ID: "T1059", Name: "Command and Scripting Interpreter", Tactics: []string{"execution"}, Rules: 1345, Events: []normalize.Event{sysmon1, script}, Near: []string{"T1059.001"}},
		{ID: "T1003", Name: "OS Credential Dumping", Tactics: []string{"credential-access"}, Rules: 1},
	}
	return c
}

// withoutBase is the report of a repository that is compared with nothing.
func withoutBase() *Report {
	r := sample()
	r.Repository = Repository{Head: "working tree", Mode: All}
	r.Summary.Changes = Changes{}
	r.Summary.Shown, r.Summary.Hidden = "all", 0
	r.Summary.Findings = Findings{}
	r.Findings, r.Rules = nil, nil
	r.Coverage = coverage.Compare(nil, r.Coverage.After, nil)
	return r
}

// many is the sample with n of each severity, one place each.
func many(n int) *Report {
	r := sample()
	r.Findings = nil
	for i := range n {
		for _, severity := range []lint.Severity{lint.Info, lint.Warning, lint.Error} {
			f := lint.Finding{
				Check: "noisy-path", Severity: severity, Path: "rules/many.yml", Range: span(i+1, 2, 4), Message: "one of many",
				State: lint.New, Fingerprint: "cafe",
			}
			if i%3 == 0 {
				f.State = lint.Existing
			}
			r.Findings = append(r.Findings, f)
		}
	}
	return r
}

// withSuppressed is the sample with findings that are passed over, for each
// reason.
func withSuppressed() *Report {
	r := sample()
	for i, by := range []string{lint.ByComment, lint.ByConfiguration, lint.ByBaseline} {
		r.Findings[i].Suppressed = &lint.Suppressed{By: by, Path: "rules/x.yml", Line: i, Until: "2027-01-31", Reason: "known [to be] so"}
	}
	return r
}

package lint

import (
	"strings"
	"testing"
)

func TestRequiredAttribute(t *testing.T) {
	const id = "required-attribute"
	runCases(t, []checkCase{
		{name: "title", check: id, file: with("title: A rule for tests\n", ""), want: []string{
			`1:1-3 error the rule has no "title"`,
		}},
		{name: "empty title", check: id, file: with("A rule for tests", "''"), want: []string{`1:1-6 error "title" is empty`}},
		{name: "misspelled title", check: id, file: with("title:", "titel:"), want: []string{
			`1:1-6 error the rule has no "title", was "titel" meant to be it?`,
		}, fixed: sound},
		{name: "id", check: id, file: with("id: 00000000-1111-4222-8333-444444444444\n", ""), want: []string{
			`1:1-6 warning the rule has no "id"`,
		}},
		{name: "name instead of id", check: id, file: with("id: 00000000-1111-4222-8333-444444444444\n", "name: a_rule\n")},
		{name: "logsource", check: id, file: with("logsource:\n    category: process_creation\n    product: windows\n", ""), want: []string{
			`1:1-6 error the rule has no "logsource"`,
		}},
		{name: "blank logsource", check: id, file: with("    category: process_creation\n    product: windows\n", "    category:\n    definition: none\n"), want: []string{
			`4:1-10 error "logsource" names no log, expected at least one of "category", "product" and "service"`,
		}},
		{name: "logsource of a custom kind", check: id, file: with("category: process_creation\n    product: windows", "service: sudo")},
		{name: "detection", check: id, file: with("detection:\n    selection:\n        Image|endswith: '\\test.exe'\n    condition: selection\n", ""), want: []string{
			`1:1-6 error the rule has no "detection"`,
		}},
		{name: "condition", check: id, file: with("    condition: selection\n", ""), want: []string{
			`7:1-10 error detection has no "condition"`,
		}},
		{name: "misspelled condition", check: id, file: with("condition:", "conditon:"), want: []string{
			`10:5-13 error detection has no "condition", was "conditon" meant to be it?`,
		}, fixed: sound},
		{name: "empty condition", check: id, file: with("condition: selection", "condition: ''"), want: []string{`10:5-14 error "condition" is empty`}},
		{name: "no selection", check: id, file: with("    selection:\n        Image|endswith: '\\test.exe'\n", ""), want: []string{
			`7:1-10 error "detection" has no selection for the condition to choose from`,
		}},
		{name: "correlation in another case", check: id, file: "title: Count\nid: 00000000-1111-4222-8333-444444444445\nCorrelation:\n    type: event_count\nlevel: low\n", want: []string{
			`3:1-12 error the rule has no "correlation", was "Correlation" meant to be it?`,
		}},
		{name: "correlation", check: id, file: "title: Count\nid: 00000000-1111-4222-8333-444444444445\ncorrelation:\n    type: event_count\n    timeframe: 5m\n    group_by:\n        - User\n", want: []string{
			`3:1-12 error correlation has no "condition"`,
			`3:1-12 error correlation has no "rules"`,
			`5:5-14 error correlation has no "timespan", was "timeframe" meant to be it?`,
			`6:5-13 warning correlation has no "group-by", was "group_by" meant to be it?`,
		}},
		{name: "temporal correlation", check: id, file: "title: Both\nid: 00000000-1111-4222-8333-444444444445\ncorrelation:\n    type: temporal\n    rules:\n        - a\n        - b\n    timespan: 5m\n    group-by:\n        - User\n"},
		{name: "extended correlation", check: id, file: "title: Both\nid: 00000000-1111-4222-8333-444444444445\ncorrelation:\n    type: temporal\n    timespan: 5m\n    group-by:\n        - User\n    condition: a and b\n"},
		{name: "filter", check: id, file: "title: Tuned\nid: 00000000-1111-4222-8333-444444444445\nfilter:\n    selection:\n        User: 'svc'\n    condition: selection\n", want: []string{
			`1:1-6 error the rule has no "logsource"`,
			`3:1-7 error filter has no "rules"`,
		}},
	})
}

func TestInvalidAttribute(t *testing.T) {
	const id = "invalid-attribute"
	runCases(t, []checkCase{
		{name: "status", check: id, file: with("status: test", "status: production"), want: []string{
			`3:9-19 error status "production" is unknown, expected one of stable, test, experimental, deprecated, unsupported`,
		}},
		{name: "status near", check: id, file: with("status: test", "status: 'testing'"), want: []string{
			`3:9-18 error status "testing" is unknown, did you mean "test"?`,
		}, fixed: with("status: test", "status: 'test'")},
		{name: "status case", check: id, file: with("status: test", "status: Test"), want: []string{
			`3:9-13 warning status "Test" is not in lower case, expected "test"`,
		}, fixed: sound},
		{name: "level", check: id, file: with("level: low", "level: crit"), want: []string{
			`11:8-12 error level "crit" is unknown, did you mean "critical"?`,
		}, fixed: with("level: low", "level: critical")},
		{name: "dates", check: id, file: with("status: test", "date: 2024/01/31\nmodified: 2024-2-1"), want: []string{
			`3:7-17 warning date "2024/01/31" is not written as Sigma 2 has dates, expected "2024-01-31"`,
			`4:11-19 warning modified "2024-2-1" is not written as Sigma 2 has dates, expected "2024-02-01"`,
		}, fixed: with("status: test", "date: 2024-01-31\nmodified: 2024-2-1")},
		{name: "no dates", check: id, file: with("status: test", "date: 2023-02-29\nmodified: 31.01.2024"), want: []string{
			`3:7-17 error date "2023-02-29" is no day of the calendar`,
			`4:11-21 error modified "31.01.2024" is no date, expected the form YYYY-MM-DD`,
		}},
		{name: "leap day", check: id, file: with("status: test", "date: '2024-02-29'")},
		{name: "id", check: id, file: with("00000000-1111-4222-8333-444444444444", "RULE-17"), want: []string{
			`2:5-12 warning id "RULE-17" is no UUID, expected the form 01234567-89ab-cdef-0123-456789abcdef`,
		}},
		{name: "id in capitals", check: id, file: with("00000000-1111-4222-8333-444444444444", "ABCDEF00-1111-4222-8333-444444444444")},
		{name: "related", check: id, file: with("status: test", "related:\n    - id: 1234\n      type: Similar\n    - id: 00000000-1111-4222-8333-444444444444\n    - type: copied"), want: []string{
			`4:11-15 warning related id "1234" is no UUID`,
			`5:13-20 warning related type "Similar" is not in lower case, expected "similar"`,
			`6:7-47 error an entry of related has no "type", expected one of derived, obsolete, merged, renamed, similar, correlation`,
			`7:7-19 error an entry of related has no "id"`,
			`7:13-19 error related type "copied" is unknown, expected one of derived, obsolete, merged, renamed, similar, correlation`,
		}},
		{name: "logsource", check: id, file: with("category: process_creation", "category: Process Creation"), want: []string{
			`5:15-31 warning logsource category "Process Creation" is not written in lower case without spaces, expected "process_creation"`,
		}, fixed: sound},
		{name: "other taxonomy", check: id, file: with("category: process_creation", "category: ProcessCreation", "status: test", "taxonomy: own")},
		{name: "version", check: id, file: with("status: test", "sigma-version: 3"), want: []string{
			`3:16-17 error sigma-version "3" is newer than the 2 that detlint reads, so the rule may mean something else than it says here`,
		}},
		{name: "no version", check: id, file: with("status: test", "sigma-version: latest"), want: []string{
			`3:16-22 error sigma-version "latest" is no version, expected a number such as 2`,
		}},
		{name: "known version", check: id, file: with("status: test", "sigma-version: 2.1.0")},
	})
}

func TestDatesAndKeys(t *testing.T) {
	runCases(t, []checkCase{
		{name: "earlier", check: "modified-before-date", file: with("status: test", "date: 2024-05-01\nmodified: 2024/04/30"), want: []string{
			`4:11-21 warning modified "2024/04/30" is before the date of the rule, "2024-05-01"`,
		}},
		{name: "same day", check: "modified-before-date", file: with("status: test", "date: 2024-05-01\nmodified: 2024-05-01")},
		{name: "unreadable", check: "modified-before-date", file: with("status: test", "date: 2024-05-01\nmodified: yesterday")},

		{name: "typo", check: "unknown-attribute", file: with("status: test", "descripton: Something"), want: []string{
			`3:1-11 info "descripton" is no attribute of Sigma, did you mean "description"?`,
		}, fixed: with("status: test", "description: Something")},
		{name: "own", check: "unknown-attribute", file: with("status: test", "score: 3\ndata: x\nticket: ABC-1\nstatus: test")},
		{name: "both", check: "unknown-attribute", file: with("status: test", "author: me\nauthors: [me, you]")},
		{name: "logsource", check: "unknown-attribute", file: with("product: windows", "produkt: windows"), want: []string{
			`6:5-12 warning "logsource.produkt" is no attribute of Sigma, did you mean "logsource.product"?`,
		}, fixed: sound},
		{name: "own in the logsource", check: "unknown-attribute", file: with("product: windows", "product: windows\n    index: main\n    definition: Sysmon"), want: []string{
			`7:5-10 info "logsource.index" is no attribute of Sigma and not read by converters`,
		}},
		{name: "left to required-attribute", check: "unknown-attribute", file: with("title:", "titel:")},
	})
}

// TestWindowsLineEnds: places and fixes do not depend on how lines end.
func TestWindowsLineEnds(t *testing.T) {
	crlf := func(s string) string { return "\ufeff" + strings.ReplaceAll(s, "\n", "\r\n") }
	runCases(t, []checkCase{
		{name: "replace", check: "invalid-attribute", file: crlf(with("status: test", "status: 'testing'")), want: []string{
			`3:9-18 error status "testing" is unknown, did you mean "test"?`,
		}, fixed: crlf(with("status: test", "status: 'test'"))},
		{name: "remove", check: "duplicate-tag", file: crlf(with("status: test", "tags:\n    - team.blue\n    - team.blue # twice")), want: []string{
			`5:7-16 warning tag "team.blue" stands twice`,
		}, fixed: crlf(with("status: test", "tags:\n    - team.blue"))},
		{name: "insert", check: "tactic-technique", file: crlf(with("status: test", "tags:\n    - attack.impact\n    - 'attack.t1552.001'")), want: []string{
			`5:7-25 warning technique T1552.001 (Credentials In Files) belongs to Credential Access, which the rule is not tagged with`,
		}, fixed: crlf(with("status: test", "tags:\n    - attack.impact\n    - 'attack.t1552.001'\n    - 'attack.credential-access'"))},
	})
}

package lint

import "testing"

// item is the sound rule with another line in its selection.
func item(line string) string { return with(`Image|endswith: '\test.exe'`, line) }

func TestSelections(t *testing.T) {
	runCases(t, []checkCase{
		{name: "near", check: "undefined-selection", file: with("condition: selection", "condition: selecton"), want: []string{
			`10:16-24 error the condition uses "selecton", which is not defined, did you mean "selection"?`,
		}, fixed: sound},
		{name: "far", check: "undefined-selection", file: with("condition: selection", "condition: selection and not known_good"), want: []string{
			`10:34-44 error the condition uses "known_good", which is not defined; defined: "selection"`,
		}},
		{name: "pattern", check: "undefined-selection", file: with("condition: selection", "condition: selection and not 1 of filter_*"), want: []string{
			`10:39-47 error the condition uses "1 of filter_*", and no selection matches it; defined: "selection"`,
		}},
		{name: "pattern without a star", check: "undefined-selection", file: with("selection:", "selection_a:", "condition: selection", "condition: all of selection"), want: []string{
			`10:23-32 error the condition uses "selection", which is not defined, did you mean "selection*"?`,
		}, fixed: with("selection:", "selection_a:", "condition: selection", "condition: all of selection*")},
		{name: "star without of", check: "undefined-selection", file: with("condition: selection", "condition: selection*"), want: []string{
			`10:16-26 error pattern "selection*" needs "1 of" or "all of" before it`,
		}},
		{name: "in a folded condition", check: "undefined-selection", file: with("condition: selection", "condition: >-\n        selection\n        and not filter"), want: []string{
			`12:17-23 error the condition uses "filter", which is not defined; defined: "selection"`,
		}},
		{name: "after a mistake in the syntax", check: "undefined-selection", file: with("condition: selection", "condition: nothing anywhere")},

		{name: "unused", check: "unused-selection", file: with("    condition:", "    filter_main_a:\n        User: 'a'\n    condition:"), want: []string{
			`10:5-18 warning selection "filter_main_a" is defined and not used by the condition`,
		}},
		{name: "parked", check: "unused-selection", file: with("    condition:", "    _filter:\n        User: 'a'\n    condition:")},
		{name: "misspelled in the condition", check: "unused-selection", file: with("condition: selection", "condition: selecton")},
		{name: "second condition", check: "unused-selection", file: with("    condition: selection", "    other:\n        User: 'a'\n    condition:\n        - selection\n        - other")},
		{name: "broken second condition", check: "unused-selection", file: with("    condition: selection", "    other:\n        User: 'a'\n    condition:\n        - selection\n        - other or")},
		{name: "near", check: "unused-selection", file: with("    condition: selection", "    other:\n        User: 'a'\n    condition: selection | near other")},
	})
}

func TestModifierCombination(t *testing.T) {
	const id = "modifier-combination"
	cases := []checkCase{
		{name: "fine", file: item(`CommandLine|wide|base64offset|contains: 'a'`)},
		{name: "fine regex", file: item(`CommandLine|re|i|m: 'a'`)},
		{name: "fine base64 twice", file: item(`CommandLine|base64|base64|contains: 'a'`)},
		{name: "fine negation", file: item(`SourceIp|neq|cidr: '10.0.0.0/8'`)},
		{name: "fine list", file: item("CommandLine|contains|all:\n            - 'a'\n            - 'b'")},
		{name: "fine regexes", file: item("CommandLine|re|all:\n            - 'a'\n            - 'b'")},
		{name: "fine placeholder", file: item(`CommandLine|contains|expand|all: '%tools%'`)},
		{name: "fine keywords", file: item("'|all':\n            - 'a'\n            - 'b'")},
		{name: "fine wildcards", file: item("CommandLine|all:\n            - '*a*'\n            - '*b*'")},
		{name: "fine escaped star", file: item(`CommandLine|base64offset|contains: 'a\*b'`)},

		{name: "twice", file: item(`CommandLine|contains|contains: 'a'`), want: []string{
			`9:30-38 warning modifier "contains" stands twice`,
		}, fixed: item(`CommandLine|contains: 'a'`)},
		{name: "late regex", file: item(`CommandLine|contains|re: 'a'`), want: []string{
			`9:30-32 error modifier "re" takes the value as it is written and must come before "contains"`,
		}},
		{name: "late exists", file: item(`CommandLine|contains|exists: true`), want: []string{
			`9:30-36 error modifier "exists" takes the value as it is written and must come before "contains"`,
		}},
		{name: "flag", file: item(`CommandLine|contains|i: 'a'`), want: []string{
			`9:30-31 error modifier "i" is a flag of "re", which is not there`,
		}, fixed: item(`CommandLine|contains: 'a'`)},
		{name: "network as text", file: item(`SourceIp|cidr|contains: '10.0.0.0/8'`), want: []string{
			`9:23-31 error modifiers "cidr" and "contains" exclude each other: a network is no text`,
		}},
		{name: "exists as text", file: item(`CommandLine|exists|startswith: true`), want: []string{
			`9:28-38 error modifiers "exists" and "startswith" exclude each other: "exists" looks at no value`,
		}},
		{name: "order of text", file: item(`EventID|gte|endswith: 3`), want: []string{
			`9:21-29 error modifiers "gte" and "endswith" exclude each other: only numbers have an order`,
		}},
		{name: "two orders", file: item(`EventID|gt|lt: 3`), want: []string{
			`9:20-22 error modifiers "gt" and "lt" exclude each other: a number is compared once; write two lines for a range`,
		}},
		{name: "cased regex", file: item(`CommandLine|re|cased: 'a'`), want: []string{
			`9:24-29 error modifiers "re" and "cased" exclude each other: a regular expression respects case already`,
		}},
		{name: "encoding after wildcards", file: item(`CommandLine|contains|base64: 'a'`), want: []string{
			`9:30-36 error modifier "base64" encodes what "contains" made; put it first`,
		}, fixed: item(`CommandLine|base64|contains: 'a'`)},
		{name: "encoded wildcard", file: item(`CommandLine|base64|contains: 'a*b'`), want: []string{
			`9:21-27 error modifier "base64" cannot encode the wildcard in "a*b"`,
		}},
		{name: "offset alone", file: item(`CommandLine|base64offset: 'abc'`), want: []string{
			`9:21-33 error modifier "base64offset" gives a part of an encoded text and needs "contains" after it`,
		}, fixed: item(`CommandLine|base64offset|contains: 'abc'`)},
		{name: "two shapes", file: item(`CommandLine|startswith|endswith: 'a'`), want: []string{
			`9:32-40 warning modifiers "startswith" and "endswith" together mean "contains"`,
		}},
		{name: "all of one", file: item(`CommandLine|contains|all: 'a'`), want: []string{
			`9:30-33 warning modifier "all" needs a list of values, found one`,
		}, fixed: item(`CommandLine|contains: 'a'`)},
		{name: "all of plain values", file: item("CommandLine|all:\n            - 'a'\n            - 'b'"), want: []string{
			`9:21-24 warning "CommandLine" cannot equal all of its values at once, was "contains|all" meant?`,
		}},
		{name: "windash and all", file: item("CommandLine|windash|contains|all:\n            - '-a'\n            - '-b'"), want: []string{
			`9:21-28 warning modifiers "windash" and "all" together make some converters ask for every variant of a dash at once`,
		}},
		{name: "in quotes", file: item(`'CommandLine|contains|contains': 'a'`), want: []string{
			`9:31-39 warning modifier "contains" stands twice`,
		}, fixed: item(`'CommandLine|contains': 'a'`)},
	}
	for i := range cases {
		cases[i].check = id
	}
	runCases(t, cases)
}

func TestLogsourceAndFields(t *testing.T) {
	sysmon := func(ids string) string {
		return with("category: process_creation", "service: sysmon", `Image|endswith: '\test.exe'`, "EventID: "+ids)
	}
	runCases(t, []checkCase{
		{name: "sysmon", check: "generic-logsource", file: sysmon("1"), want: []string{
			`5:14-20 warning event 1 of "sysmon" is the generic category "process_creation"`,
		}},
		{name: "one category", check: "generic-logsource", file: sysmon("[17, 18]"), want: []string{
			`5:14-20 warning event 17 of "sysmon" is the generic category "pipe_created"`,
		}},
		{name: "two categories", check: "generic-logsource", file: sysmon("[1, 3]")},
		{name: "of sysmon itself", check: "generic-logsource", file: sysmon("16")},
		{name: "all events but one", check: "generic-logsource", file: with("category: process_creation", "service: sysmon", `Image|endswith: '\test.exe'`, "EventID: 1", "condition: selection", "condition: not selection")},
		{name: "security", check: "generic-logsource", file: with("category: process_creation", "service: security", `Image|endswith: '\test.exe'`, "EventID: 4688"), want: []string{
			`5:14-22 warning event 4688 of "security" is the generic category "process_creation"`,
		}},
		{name: "other event of security", check: "generic-logsource", file: with("category: process_creation", "service: security", `Image|endswith: '\test.exe'`, "EventID: 4624")},
		{name: "id beside the category", check: "generic-logsource", file: item("EventID: 1"), want: []string{
			`9:18-19 warning category "process_creation" also stands for Security-Auditing 4688, which the event id shuts out`,
		}},
		{name: "id of the only provider", check: "generic-logsource", file: with("process_creation", "pipe_created", `Image|endswith: '\test.exe'`, "EventID: 17")},
		{name: "other product", check: "generic-logsource", file: with("windows", "linux", `Image|endswith: '\test.exe'`, "EventID: 1")},

		{name: "case", check: "field-case", file: item(`parentImage|endswith: '\test.exe'`), want: []string{
			`9:9-20 warning field "parentImage" is not a field of this logsource, did you mean "ParentImage"?`,
		}, fixed: item(`ParentImage|endswith: '\test.exe'`)},
		{name: "underscore", check: "field-case", file: item(`command_line|contains: 'x'`), want: []string{
			`9:9-21 warning field "command_line" is not a field of this logsource, did you mean "CommandLine"?`,
		}, fixed: item(`CommandLine|contains: 'x'`)},
		{name: "unknown", check: "field-case", file: item(`process.name: 'x'`)},
		{name: "another log's own name", check: "field-case", file: with("category: process_creation", "service: taskscheduler", `Image|endswith: '\test.exe'`, "UserName: 'x'")},
		{name: "other taxonomy", check: "field-case", file: with("status: test", "taxonomy: own", "Image|", "image|")},
	})
}

func TestControlCharacter(t *testing.T) {
	const id = "control-character"
	runCases(t, []checkCase{
		{name: "tab by accident", check: id, file: item(`Image: "C:\temp\\x.exe"`), want: []string{
			`9:19-21 warning value "C:\temp\\x.exe" has a tab (U+0009) in it, which is what "\t" means in double quotes`,
		}},
		{name: "zero width", check: id, file: item("CommandLine|contains: 'net\u200b user'"), want: []string{
			`9:35-36 warning value "net\u200b user" has a zero-width space (U+200B) in it`,
		}},
		{name: "zero width after other text", check: id, file: item("CommandLine|contains: 'é — ü\ufeff'"), want: []string{
			`9:37-38 warning value "é — ü\ufeff" has a byte order mark (U+FEFF) in it`,
		}},
		{name: "meant", check: id, file: item(`CommandLine|contains: "a\u202etxt"`)},
		{name: "nothing else", check: id, file: item("CommandLine|contains: '\u202e'")},
		{name: "line feed of a protocol", check: id, file: item(`CommandLine|contains: "GET /\r\nHost"`)},
		{name: "tab in a regular expression", check: id, file: item(`CommandLine|re: "a\tb"`)},
		{name: "backspace in a regular expression", check: id, file: item(`CommandLine|re: "\bcmd"`), want: []string{
			`9:26-28 warning value "\bcmd" has a backspace (U+0008) in it, which is what "\b" means in double quotes`,
		}},
		{name: "block", check: id, file: item("CommandLine|contains: |\n            a b"), want: []string{
			`9:31-32 warning value "a b\n" ends in a line break, which the block adds`,
		}, fixed: item("CommandLine|contains: |-\n            a b")},
		{name: "lines of a block", check: id, file: item("CommandLine|contains: |-\n            a\n            b")},
		{name: "padding", check: id, file: item("CommandLine|contains: '   \t  '")},
		{name: "emoji", check: id, file: item("CommandLine|contains: '👩\u200d🚀'")},
		{name: "field name", check: id, file: item("Image\u200b: 'x'"), want: []string{
			`9:14-15 warning field name "Image\u200b" has a zero-width space (U+200B) in it`,
		}},
	})
}

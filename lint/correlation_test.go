package lint

import "testing"

// correlating is a sound correlation with its section replaced.
func correlating(section string) string {
	return "title: Together\nid: 00000000-1111-4222-8333-444444444445\nstatus: test\ncorrelation:\n" + section
}

const counting = "    type: event_count\n    rules:\n        - a_rule\n    group-by:\n        - User\n    timespan: 5m\n"

func TestCorrelation(t *testing.T) {
	cases := []checkCase{
		{name: "sound", file: correlating(counting + "    condition:\n        gte: 10\n    generate: true\n")},
		{name: "range", file: correlating(counting + "    condition:\n        gt: 10\n        lte: 2.5\n")},
		{name: "type", file: correlating("    type: event_cuont\n    condition:\n        gte: 10\n"), want: []string{
			`5:11-22 error correlation type "event_cuont" is unknown, did you mean "event_count"?`,
		}, fixed: correlating("    type: event_count\n    condition:\n        gte: 10\n")},
		{name: "timespan", file: correlating("    type: event_count\n    timespan: 2 Hours\n"), want: []string{
			`6:15-22 error timespan "2 Hours" is no duration, expected a number and one of s, m, h, d, w, M, y, such as 15m`,
		}},
		{name: "timespan of a day", file: correlating("    type: event_count\n    timespan: 1D\n"), want: []string{
			`6:15-17 error timespan "1D" is no duration, expected a number and one of s, m, h, d, w, M, y, such as 15m`,
		}, fixed: correlating("    type: event_count\n    timespan: 1d\n")},
		{name: "no unit", file: correlating("    type: event_count\n    timespan: 15\n"), want: []string{
			`6:15-17 error timespan "15" is no duration, expected a number and one of s, m, h, d, w, M, y, such as 15m`,
		}},
		{name: "no time", file: correlating("    type: event_count\n    timespan: 0s\n"), want: []string{
			`6:15-17 error timespan "0s" is no time at all, expected a number above 0`,
		}},
		{name: "month", file: correlating("    type: event_count\n    timespan: 1M\n")},
		{name: "operator", file: correlating(counting + "    condition:\n        '>=': 10\n"), want: []string{
			`12:9-13 error condition operator ">=" is unknown, did you mean "gte"?`,
		}, fixed: correlating(counting + "    condition:\n        'gte': 10\n")},
		{name: "threshold", file: correlating(counting + "    condition:\n        gte: many\n"), want: []string{
			`12:14-18 error gte needs a number, found "many"`,
		}},
		{name: "quoted threshold", file: correlating(counting + "    condition:\n        gte: '10'\n"), want: []string{
			`12:14-18 warning gte needs a number, found the text "10"`,
		}, fixed: correlating(counting + "    condition:\n        gte: 10\n")},
		{name: "no operator", file: correlating("    type: value_count\n    condition:\n        field: User\n"), want: []string{
			`7:9-20 error the condition compares with nothing, expected one of gt, gte, lt, lte, eq, neq`,
		}},
		{name: "field", file: correlating("    type: value_sum\n    condition:\n        gt: 1000\n"), want: []string{
			`6:5-14 error type "value_sum" needs a "field" in its condition`,
		}},
		{name: "field without use", file: correlating(counting + "    condition:\n        field: User\n        gt: 10\n"), want: []string{
			`12:9-14 warning "field" means nothing to type "event_count", was "value_count" meant?`,
		}},
		{name: "percentile", file: correlating("    type: value_percentile\n    condition:\n        field: Bytes\n        percentile: 101\n        gt: 10\n"), want: []string{
			`8:21-24 error percentile must be a whole number from 0 to 100, found "101"`,
		}},
		{name: "text for a count", file: correlating(counting + "    condition: more than 10\n"), want: []string{
			`11:16-28 error the condition of type "event_count" must be a mapping such as gte: 10, found a text`,
		}},
		{name: "one rule", file: correlating("    type: temporal\n    rules:\n        - a_rule\n"), want: []string{
			`7:11-17 error a temporal correlation needs at least two rules, found one`,
		}},
		{name: "rule twice", file: correlating("    type: temporal\n    rules:\n        - a_rule\n        - a_rule\n"), want: []string{
			`8:11-17 warning rule "a_rule" stands twice in the correlation`,
		}, fixed: correlating("    type: temporal\n    rules:\n        - a_rule\n")},
		{name: "expression", file: correlating("    type: temporal\n    rules:\n        - first_rule\n        - second_rule\n    condition: (first_rule or frist_rule) and not third\n"), want: []string{
			`8:11-22 error rule "second_rule" is correlated and the condition does not use it`,
			`9:31-41 error the condition uses the rule "frist_rule", which the correlation does not have, did you mean "first_rule"?`,
			`9:51-56 error the condition uses the rule "third", which the correlation does not have`,
		}},
		{name: "generate", file: correlating(counting + "    condition:\n        gte: 10\n    generate: 'true'\n"), want: []string{
			`13:15-21 error generate must be true or false, found "true"`,
		}},
		{name: "aliases", file: correlating("    type: temporal\n    rules:\n        - first_rule\n        - second_rule\n    aliases:\n        ip:\n            first_rule: SourceIp\n            secnd_rule: IpAddress\n        user: User\n"), want: []string{
			`12:13-23 warning alias "ip" names the rule "secnd_rule", which the correlation does not have, did you mean "second_rule"?`,
			`13:15-19 error alias "user" must map each rule to a field`,
		}},
		{name: "window", file: correlating(counting + "    condition:\n        gte: 10\n    window: session\n"), want: []string{
			`13:13-20 error a session window needs a "gap", such as 5m`,
		}},
		{name: "gap", file: correlating(counting + "    condition:\n        gte: 10\n    gap: 5 parsecs\n"), want: []string{
			`13:5-8 error "gap" is only for session windows`,
			`13:10-19 error gap "5 parsecs" is no duration, expected a number and one of s, m, h, d, w, M, y, such as 15m`,
		}},
	}
	for i := range cases {
		cases[i].check = "correlation"
	}
	runCases(t, cases)
}

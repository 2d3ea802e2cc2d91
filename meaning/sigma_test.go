package meaning

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
)

// TestModifiers has modifiers and lists of Sigma, and the time that it counts in.
func TestModifiers(t *testing.T) {
	compareSubtle(t, inSigma, []subtle{
		{"a word of a list", "k: [foo, bar]\ncondition: k\n", "k: [bar, foo, baz]\ncondition: k\n", Wider},
		{"all words", "k: [foo, bar]\ncondition: k\n", "k|all: [foo, bar]\ncondition: k\n", Unknown},
		{"all words in the modern way", "k: [foo, bar]\ncondition: k\n", "k:\n  '|all': [foo, bar]\ncondition: k\n", Narrower},
		{"order of words", "k: [foo, bar]\ncondition: k\n", "k: ['bar', \"foo\"]\ncondition: k\n", Same},
		{"a word in another case", "k: [foo]\ncondition: k\n", "k: [FOO]\ncondition: k\n", Same},
		{"utf16", "s: {CommandLine|utf16|base64offset|contains: foo}\ncondition: s\n", "s: {CommandLine|wide|base64offset|contains: foo}\ncondition: s\n", Unknown},
		{"base64 offset", "s: {CommandLine|base64|contains: foo}\ncondition: s\n", "s: {CommandLine|base64offset|contains: foo}\ncondition: s\n", Unknown},
		{"case in an encoding", "s: {CommandLine|base64offset|contains: foo}\ncondition: s\n", "s: {CommandLine|base64offset|contains: Foo}\ncondition: s\n", Unknown},
		{"re flags", "s: {CommandLine|re|i: 'a.b'}\ncondition: s\n", "s: {CommandLine|re|i|s: 'a.b'}\ncondition: s\n", Unknown},
		{"re flags in order", "s: {CommandLine|re|i|s: 'a.b'}\ncondition: s\n", "s: {CommandLine|re|s|i: 'a.b'}\ncondition: s\n", Same},
		{"re case", "s: {CommandLine|re: 'a.b'}\ncondition: s\n", "s: {CommandLine|re: 'A.b'}\ncondition: s\n", Unknown},
		{"all", "s: {CommandLine|contains: [a, b]}\ncondition: s\n", "s: {CommandLine|contains|all: [a, b]}\ncondition: s\n", Narrower},
		{"fieldref startswith", "s: {Image|fieldref: User}\ncondition: s\n", "s: {Image|fieldref|startswith: User}\ncondition: s\n", Unknown},
		{"gt", "s: {Size|gt: 5}\ncondition: s\n", "s: {Size|gte: 5}\ncondition: s\n", Wider},
		{"time part", "s: {Image: x, Time|hour: 5}\ncondition: s\n", "s: {Image: x, Time|minute: 5}\ncondition: s\n", Unknown},
		{"time part gone", "s: {Image: x, Time|hour: 5}\ncondition: s\n", "s: {Image: x, Time: 5}\ncondition: s\n", Unknown},
		{"cidr", "s: {SourceIp|cidr: 10.0.0.0/8}\ncondition: s\n", "s: {SourceIp|cidr: 10.0.0.0/9}\ncondition: s\n", Narrower},
		{"neq", "s: {User|neq: a}\ncondition: s\n", "s: {User: b}\nf: {User: a}\ncondition: not f\n", Same},
		{"timeframe", "s: {Image: a}\ntimeframe: 5m\ncondition: s | count() > 5\n", "s: {Image: a}\ntimeframe: 6m\ncondition: s | count() > 5\n", Unknown},
		{"timeframe without count", "s: {Image: a}\ntimeframe: 5m\ncondition: s\n", "s: {Image: a}\ntimeframe: 6m\ncondition: s\n", Unknown},
		{"1 of", "a: {Image: a}\nb: {Image: b}\ncondition: 1 of them\n", "a: {Image: a}\nb: {Image: b}\ncondition: all of them\n", Narrower},
		{"empty and a blank", "s: {Image: x, User: ''}\ncondition: s\n", "s: {Image: x, User: ' '}\ncondition: s\n", Both},
		{"an escaped star", "s: {Image: 'a\\*'}\ncondition: s\n", "s: {Image: 'a*'}\ncondition: s\n", Wider},
		{"a question mark", "s: {Image: 'a?'}\ncondition: s\n", "s: {Image: 'a*'}\ncondition: s\n", Wider},
		{"a field in another case", "s: {eventtype: a}\ncondition: s\n", "s: {eventType: a}\ncondition: s\n", Unknown},
		{"a field in another case and another value", "s: {eventtype: a}\ncondition: s\n", "s: {eventType: b}\ncondition: s\n", Both},
		{"number and text", "s: {EventID: 4688}\ncondition: s\n", "s: {EventID: '4688'}\ncondition: s\n", Same},
	})
}

// TestCorrelation has what a correlation counts, and how.
func TestCorrelation(t *testing.T) {
	correlation := func(t testing.TB, text string) *normalize.Rule {
		t.Helper()
		return one(t, "c.yml", "title: C\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a006\n"+text)
	}
	const base = "correlation:\n  type: event_count\n  rules: [a, b]\n  group-by: [User, Computer]\n  timespan: 5m\n  condition: {gte: 10}\n"
	with := func(old, now string) string {
		if !strings.Contains(base, old) {
			t.Fatalf("%q is not in the rule", old)
		}
		return strings.Replace(base, old, now, 1)
	}
	compareSubtle(t, correlation, []subtle{
		{"timespan", base, with("5m", "6m"), Unknown},
		{"group-by", base, with("[User, Computer]", "[User]"), Unknown},
		{"how many", base, with("gte: 10", "gte: 11"), Unknown},
		{"the bound", base, with("gte: 10", "gt: 10"), Unknown},
		{"kind", base, with("event_count", "temporal"), Unknown},
		{"a rule more", base, with("[a, b]", "[a, b, c]"), Unknown},
		{"an alias", base, base + "  aliases: {x: {a: User, b: Account}}\n", Unknown},
		{"layout", base, "level: high\ncorrelation:\n    condition:\n        gte: 10 # so many\n    timespan: '5m'\n    group-by:\n        - \"User\"\n        - Computer\n    rules:\n        - a\n        - b\n    type: event_count\n", Same},
		{"order of lists", base, strings.NewReplacer("[User, Computer]", "[Computer, User]", "[a, b]", "[b, a]").Replace(base), Same},
		{"order in time", strings.Replace(base, "event_count", "temporal_ordered", 1), strings.NewReplacer("event_count", "temporal_ordered", "[a, b]", "[b, a]").Replace(base), Unknown},
		{"what it says of itself", base, "description: x\nfields: [User]\n" + base, Same},
	})
	compareSubtle(t, func(t testing.TB, text string) *normalize.Rule {
		return one(t, "r.yml", "title: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a005\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {Image: a}, condition: s}\n"+text)
	}, []subtle{
		{"fields", "fields: [User]\n", "fields: [User, Image]\n", Same},
	})
}

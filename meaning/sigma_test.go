package meaning

import "testing"

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
		{"number and text", "s: {EventID: 4688}\ncondition: s\n", "s: {EventID: '4688'}\ncondition: s\n", Same},
	})
}

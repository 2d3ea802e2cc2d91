package meaning

import (
	"testing"

	"github.com/detlint/detlint/normalize"
)

func inSPL(t testing.TB, search string) *normalize.Rule {
	t.Helper()
	return one(t, "detections/r.yml", "name: X\nid: 11111111-3333-4333-8333-333333333333\nversion: 1\ntype: TTP\nstatus: production\nsearch: |-\n  "+search+"\ntags:\n  mitre_attack_id: [T1059]\n")
}

func inKusto(t testing.TB, query string) *normalize.Rule { return one(t, "r.kql", query) }

func inESQL(t testing.TB, query string) *normalize.Rule {
	return elastic(t, "esql", `language = "esql"`, query)
}

func inEQL(t testing.TB, query string) *normalize.Rule {
	return elastic(t, "eql", `language = "eql"`, query)
}

func inKuery(t testing.TB, query string) *normalize.Rule {
	return elastic(t, "query", `language = "kuery"`, query)
}

func inLucene(t testing.TB, query string) *normalize.Rule {
	return elastic(t, "query", `language = "lucene"`, query)
}

func inSigma(t testing.TB, detection string) *normalize.Rule {
	return sigma(t, "process_creation", detection)
}

type subtle struct {
	name, before, after string
	verdict             Verdict
}

func compareSubtle(t *testing.T, in func(testing.TB, string) *normalize.Rule, tests []subtle) {
	t.Helper()
	turned := map[Verdict]Verdict{Wider: Narrower, Narrower: Wider, Same: Same, Both: Both, Unknown: Unknown}
	for _, tt := range tests {
		before, after := in(t, tt.before), in(t, tt.after)
		if before.Broken || after.Broken {
			t.Errorf("%s: cannot be read", tt.name)
		}
		if c := Compare(before, after); c.Verdict != tt.verdict {
			t.Errorf("%s: %s: %s (%s), expected %s", tt.name, c.Verdict, c.Summary, c.Reason, tt.verdict)
		}
		if c := Compare(after, before); c.Verdict != turned[tt.verdict] {
			t.Errorf("%s, back: %s: %s (%s), expected %s", tt.name, c.Verdict, c.Summary, c.Reason, turned[tt.verdict])
		}
		if c := Compare(after, after); c.Verdict != Same {
			t.Errorf("%s: not the same as itself: %s (%s)", tt.name, c.Verdict, c.Reason)
		}
	}
}

// TestCase has letters of another case, where that counts and where it does not.
func TestCase(t *testing.T) {
	compareSubtle(t, inKusto, []subtle{
		{"one case for any", `T | where A == "Foo"`, `T | where A =~ "foo"`, Wider},
		{"two cases for any", `T | where A == "Foo" or A == "foo"`, `T | where A =~ "foo"`, Wider},
		{"one case beside any", `T | where A =~ "foo" or A == "Foo"`, `T | where A =~ "foo"`, Same},
		{"two cases", `T | where A == "Foo" or A == "foo"`, `T | where A in ("foo", "Foo")`, Same},
		{"one of two cases", `T | where A in ("foo", "Foo")`, `T | where A == "Foo"`, Narrower},
		{"a list of any case", `T | where A in ("foo", "bar")`, `T | where A in~ ("foo", "bar")`, Wider},
		{"a part", `T | where A contains_cs "Foo"`, `T | where A contains "Foo"`, Wider},
		{"a shorter part", `T | where A contains_cs "Foo"`, `T | where A contains_cs "Fo"`, Wider},
		{"a shorter part in another case", `T | where A contains_cs "Foo"`, `T | where A contains_cs "fo"`, Both},
		{"a term", `T | where A has_cs "Foo"`, `T | where A has "foo"`, Wider},
		{"an exclusion of one case", `T | where B == "x" and A != "Foo"`, `T | where B == "x" and A !~ "foo"`, Narrower},
		{"a path", `DeviceProcessEvents | where FolderPath == @"C:\Foo\Bar.exe"`, `DeviceProcessEvents | where FolderPath =~ @"c:\foo\bar.exe"`, Wider},
		{"a name", `DeviceProcessEvents | where FileName == "Bar.exe"`, `DeviceProcessEvents | where FileName =~ "bar.exe"`, Wider},
		{"a name at the end of a path", `DeviceProcessEvents | where FolderPath endswith_cs @"\Bar.exe"`, `DeviceProcessEvents | where FolderPath endswith @"\bar.exe"`, Wider},
		{"put into one case", `T | where tolower(A) == "foo"`, `T | where A =~ "foo"`, Same},
		{"put into another case than asked for", `T | where tolower(A) == "foo"`, `T | where tolower(A) == "Foo"`, Unknown},
		{"no longer put into one case", `T | extend A = tolower(A) | where A == "foo"`, `T | where A == "foo"`, Narrower},
		{"a column put into one case", `T | extend A = tolower(A) | where A == "foo"`, `T | where A =~ "foo"`, Same},
		{"of numbers", `T | where A == 5`, `T | where A in (5)`, Same},
	})
	compareSubtle(t, inSPL, []subtle{
		{"where", `index=a | where c="D"`, `index=a | where c="d"`, Both},
		{"search", `index=a c="D"`, `index=a c="d"`, Same},
		{"search as a command", `index=a | search c="D"`, `index=a | search c="d"`, Same},
		{"search for where", `index=a | search c="D"`, `index=a | where c="D"`, Narrower},
		{"where in", `index=a | where c IN ("D", "E")`, `index=a | where c IN ("d", "E")`, Both},
		{"like", `index=a | where like(c, "%D%")`, `index=a | where like(c, "%d%")`, Both},
		{"lower", `index=a | where lower(c)="d"`, `index=a | search c="d"`, Same},
		{"a word in CASE", `index=a CASE(Foo)`, `index=a CASE(foo)`, Unknown},
		{"a value in CASE", `index=a c=CASE(Foo)`, `index=a c=CASE(foo)`, Both},
		{"a value no longer in CASE", `index=a c=CASE(Foo)`, `index=a c=foo`, Wider},
		{"searchmatch", `index=a | where searchmatch("c=D")`, `index=a | where searchmatch("c=d")`, Same},
	})
	compareSubtle(t, inEQL, []subtle{
		{"any case", `process where process.name == "Foo"`, `process where process.name : "foo"`, Wider},
		{"both", `process where process.name == "Foo" or process.name : "foo"`, `process where process.name : "foo"`, Same},
		{"a list", `process where process.name in ("Foo", "bar")`, `process where process.name in ("foo", "bar")`, Both},
		{"a glob", `process where process.name like "Fo*bar"`, `process where process.name like "fo*bar"`, Both},
		{"a function", `process where startsWith(process.name, "Foo")`, `process where startsWith~(process.name, "Foo")`, Wider},
	})
	compareSubtle(t, inESQL, []subtle{
		{"equal", `FROM x | WHERE a == "Foo"`, `FROM x | WHERE a == "foo"`, Both},
		{"lower", `FROM x | WHERE TO_LOWER(a) == "foo"`, `FROM x | WHERE a == "foo"`, Narrower},
		{"like", `FROM x | WHERE a LIKE "Foo*"`, `FROM x | WHERE a LIKE "foo*"`, Both},
	})
	compareSubtle(t, inKuery, []subtle{
		{"a keyword or a text", `process.name : "Foo"`, `process.name : "foo"`, Unknown},
		{"a glob", `process.name : Foo*`, `process.name : foo*`, Unknown},
		{"free text", `Foo`, `foo`, Same},
	})
	compareSubtle(t, inSigma, []subtle{
		{"cased", "s: {Image|cased: 'Foo'}\ncondition: s\n", "s: {Image: 'Foo'}\ncondition: s\n", Wider},
		{"cased in another case", "s: {Image|cased: 'Foo'}\ncondition: s\n", "s: {Image|cased: 'foo'}\ncondition: s\n", Both},
		{"cased part", "s: {Image|contains|cased: 'Foo'}\ncondition: s\n", "s: {Image|contains|cased: 'oo'}\ncondition: s\n", Wider},
		{"cased beside any", "s: {Image|cased: 'Foo'}\nr: {Image: foo}\ncondition: s or r\n", "r: {Image: foo}\ncondition: r\n", Same},
		{"no case", "s: {Image: 'Foo'}\ncondition: s\n", "s: {Image: 'foo'}\ncondition: s\n", Same},
		{"an expression of any case", "s: {Image|re: 'fo+'}\ncondition: s\n", "s: {Image|re|i: 'fo+'}\ncondition: s\n", Unknown},
	})
}

// TestPresence has negations, and what they make of events without the field.
func TestPresence(t *testing.T) {
	compareSubtle(t, inSPL, []subtle{
		{"NOT of a search", `index=a NOT a=b`, `index=a a!=b`, Narrower},
		{"NOT with the field", `index=a a=* NOT a=b`, `index=a a!=b`, Same},
		{"NOT of !=", `index=a NOT a!=b`, `index=a a=b`, Narrower},
		{"NOT of the search command", `index=a | search NOT a=b`, `index=a | search a!=b`, Narrower},
		{"NOT of a list", `index=a NOT a IN (b, c)`, `index=a NOT (a=c OR a=b)`, Same},
		{"NOT of where", `index=a | where NOT a="b"`, `index=a | where a!="b"`, Unknown},
		{"!= of where and of search", `index=a | where a!="5"`, `index=a | search a!="5"`, Same},
		{"where and not there", `index=a | where a!="b"`, `index=a | where a!="b" OR isnull(a)`, Wider},
		{"NOT of tstats", `| tstats count from datamodel=Endpoint.Processes where NOT Processes.user=b by Processes.dest`, `| tstats count from datamodel=Endpoint.Processes where Processes.user!=b by Processes.dest`, Narrower},
	})
	compareSubtle(t, inESQL, []subtle{
		{"or null", `FROM x | WHERE a != "b"`, `FROM x | WHERE a != "b" OR a IS NULL`, Wider},
		{"NOT", `FROM x | WHERE NOT a == "b"`, `FROM x | WHERE a != "b"`, Same},
		{"and not null", `FROM x | WHERE a != "b"`, `FROM x | WHERE a != "b" AND a IS NOT NULL`, Same},
	})
	compareSubtle(t, inKusto, []subtle{
		{"not", `T | where A != "b"`, `T | where not(A == "b")`, Same},
	})
	compareSubtle(t, inSigma, []subtle{
		{"null and empty", "s: {Image: x}\nf: {User: null}\ncondition: s and not f\n", "s: {Image: x}\nf: {User: ''}\ncondition: s and not f\n", Both},
		{"exists and null", "s: {Image: x}\nf: {User: null}\ncondition: s and not f\n", "s: {Image: x}\nf: {User|exists: true}\ncondition: s and f\n", Same},
		{"exists and does not", "s: {Image: x, User|exists: true}\ncondition: s\n", "s: {Image: x, User|exists: false}\ncondition: s\n", Both},
	})
}

// TestSpelledTwice has comparisons that differ in nothing but how the value is
// compared, beside each other.
func TestSpelledTwice(t *testing.T) {
	compareSubtle(t, inSigma, []subtle{
		{"an encoding beside the text", "s: {CommandLine|contains: foo}\nr: {CommandLine|base64offset|contains: foo}\ncondition: s or r\n", "s: {CommandLine|contains: foo}\ncondition: s\n", Unknown},
		{"windash beside the text", "s: {CommandLine|contains: ' -a'}\nr: {CommandLine|windash|contains: ' -a'}\ncondition: s or r\n", "s: {CommandLine|contains: ' -a'}\ncondition: s\n", Narrower},
		{"windash", "s: {CommandLine|windash|contains: ' -a'}\ncondition: s\n", "s: {CommandLine|contains: ' -a'}\ncondition: s\n", Narrower},
		{"another field", "s: {Image|fieldref: User}\ncondition: s\n", "s: {Image|fieldref: ParentUser}\ncondition: s\n", Unknown},
		{"a field and its name", "s: {Image|fieldref: User}\ncondition: s\n", "s: {Image: User}\ncondition: s\n", Unknown},
	})
	compareSubtle(t, inKusto, []subtle{
		{"a term beside a part", `T | where A has "foo" or A contains "foo"`, `T | where A has "foo"`, Narrower},
	})
	compareSubtle(t, inLucene, []subtle{
		{"a fuzzy word beside it", `a:foo OR a:foo~2`, `a:foo`, Unknown},
		{"a fuzzy word", `a:foo~1`, `a:foo~2`, Unknown},
		{"a fuzzy word no more", `a:foo~1`, `a:foo`, Unknown},
		{"words with gaps", `a:"foo bar"~2`, `a:"foo bar"~3`, Unknown},
		{"an expression", `a:/foo/`, `a:foo`, Unknown},
		{"a weight", `a:foo^2`, `a:foo`, Same},
	})
}

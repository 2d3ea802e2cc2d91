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
		{"a name in another case", `T | where parse_json(A).b == "x"`, `T | where parse_json(A).B == "x"`, Unknown},
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
		{"the order of texts", `index=a | where c>"5"`, `index=a | where c>5`, Unknown},
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
		{"a glob more", `process.name : Foo*`, `process.name : (Foo* or Bar)`, Wider},
		{"words in quotes", `process.name : "a b"`, `process.name : (a b)`, Unknown},
		{"words in quotes and more", `process.name : "a b"`, `process.name : ("a b" or c)`, Wider},
		{"a word in quotes", `process.name : "a"`, `process.name : a`, Same},
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
		{"what stands for null", `FROM x | WHERE COALESCE(a, "n") != "b"`, `FROM x | WHERE a != "b"`, Unknown},
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

// TestStanding has filters that stand elsewhere among the commands of a pipeline.
func TestStanding(t *testing.T) {
	compareSubtle(t, inSPL, []subtle{
		{"dedup", `index=a | search b=c | dedup user`, `index=a | dedup user | search b=c`, Unknown},
		{"dedup of another field", `index=a | dedup user | search b=c`, `index=a | dedup host | search b=c`, Unknown},
		{"dedup behind all", `index=a b=c`, `index=a b=c | dedup user`, Unknown},
		{"a filter more behind dedup", `index=a | dedup user`, `index=a | dedup user | search b=c`, Narrower},
		{"head", `index=a | search b=c | head 10`, `index=a | head 10 | search b=c`, Unknown},
		{"a sort in front of head", `index=a b=c | sort x | head 10`, `index=a b=c | sort y | head 10`, Unknown},
		{"a sort with a number", `index=a b=c | sort 5 x`, `index=a b=c`, Unknown},
		{"a sort", `index=a b=c | sort x`, `index=a b=c | sort - x, y`, Same},
		{"fillnull", `index=a | search b=c`, `index=a | fillnull value=c b | search b=c`, Unknown},
		{"another value of fillnull", `index=a | fillnull value=c b | search b=c`, `index=a | fillnull value=d b | search b=c`, Unknown},
		{"fillnull of another field", `index=a | search b=c`, `index=a | fillnull value=c d | search b=c`, Same},
		{"fillnull behind the filter", `index=a b=c`, `index=a b=c | fillnull value=x b`, Same},
		{"replace", `index=a | search b=c`, `index=a | replace "x" WITH "c" IN b | search b=c`, Unknown},
		{"replace of another value", `index=a | replace "x" WITH "c" IN b | search b=c`, `index=a | replace "y" WITH "c" IN b | search b=c`, Unknown},
		{"foreach", `index=a | foreach b [eval <<FIELD>>=lower(<<FIELD>>)] | where b="c"`, `index=a | foreach b [eval <<FIELD>>=upper(<<FIELD>>)] | where b="c"`, Unknown},
		{"foreach in front of a search", `index=a | search b="c"`, `index=a | foreach * [eval <<FIELD>>=trim(<<FIELD>>)] | search b="c"`, Unknown},
		{"stats", `index=a | search b=c | stats values(b) as b by user`, `index=a | stats values(b) as b by user | search b=c`, Unknown},
		{"the latest of a field", `index=a | stats latest(b) as b by user | search b=c`, `index=a | stats earliest(b) as b by user | search b=c`, Unknown},
		{"a filter more behind stats", `index=a | stats count by user, b`, `index=a | stats count by user, b | search NOT b=c`, Narrower},
		{"a column more of stats", `index=a b=c | stats count by user`, `index=a b=c | stats count values(d) by user`, Same},
		{"makemv", `index=a | search b=c`, `index=a | makemv delim="," b | search b=c`, Unknown},
		{"sed", `index=a | search b=c`, `index=a | rex mode=sed field=b "s/x/c/" | search b=c`, Unknown},
		{"eval of another field", `index=a | search b=c`, `index=a | eval d=lower(e) | search b=c`, Same},
		{"a field that is gone", `index=a | search b=c`, `index=a | fields - b | search b=c`, Unknown},
		{"a field that is not kept", `index=a | search b=c | table d`, `index=a | table d | search b=c`, Unknown},
		{"another name", `index=a | search b=c`, `index=a | rename b as d | search d=c`, Same},
		{"layout", "index=a | dedup user, host | search b=c", "index=a\n  | dedup user host\n  | search b = c", Same},
	})
	compareSubtle(t, inKusto, []subtle{
		{"arg_max", `T | where A == "x" | summarize arg_max(TimeGenerated, *) by B`, `T | summarize arg_max(TimeGenerated, *) by B | where A == "x"`, Unknown},
		{"arg_max by another column", `T | summarize arg_max(TimeGenerated, *) by B | where A == "x"`, `T | summarize arg_max(TimeGenerated, *) by C | where A == "x"`, Unknown},
		{"arg_min for arg_max", `T | summarize arg_max(TimeGenerated, *) by B | where A == "x"`, `T | summarize arg_min(TimeGenerated, *) by B | where A == "x"`, Unknown},
		{"a column more", `T | where A == "x" | summarize n = count() by B`, `T | where A == "x" | summarize n = count(), m = dcount(C) by B`, Same},
		{"take", `T | where A == "x" | take 10`, `T | take 10 | where A == "x"`, Unknown},
		{"a let of take", `let n = 5; T | where A == "x" | take n`, `let n = 6; T | where A == "x" | take n`, Unknown},
		{"the order in front of take", `T | where A == "x" | sort by B | take 10`, `T | where A == "x" | sort by C | take 10`, Unknown},
		{"the order", `T | where A == "x" | sort by B`, `T | where A == "x" | sort by C`, Same},
		{"top", `T | where A == "x" | top 5 by B`, `T | top 5 by B | where A == "x"`, Unknown},
		{"another name", `T | where A == "x"`, `T | project-rename B = A | where B == "x"`, Same},
		{"a column that is no use", `T | where A == "x"`, `T | extend B = strlen(C) | where A == "x"`, Same},
		{"a name for the table", `T | where A == "x" and B == "y"`, "let t = T | where B == \"y\";\nt | where A == \"x\"", Same},
		{"the keys of a join", `T | where A == "x" | join kind=inner (U | where B == "y") on K`, `T | where A == "x" | join kind=inner (U | where B == "y") on L`, Unknown},
		{"layout", `T | summarize arg_max(TimeGenerated, *) by B | where A == "x"`, "T // of all\n| summarize   arg_max( TimeGenerated , * ) by B\n| where A==\"x\"", Same},
	})
	compareSubtle(t, inESQL, []subtle{
		{"limit", `FROM x | WHERE a == "b" | LIMIT 10`, `FROM x | LIMIT 10 | WHERE a == "b"`, Unknown},
		{"the order in front of limit", `FROM x | WHERE a == "b" | SORT c | LIMIT 10`, `FROM x | WHERE a == "b" | SORT d | LIMIT 10`, Unknown},
		{"the order", `FROM x | WHERE a == "b" | SORT c`, `FROM x | WHERE a == "b" | SORT d`, Same},
		{"stats", `FROM x | WHERE a == "b" | STATS n = COUNT(*) BY a`, `FROM x | STATS n = COUNT(*) BY a | WHERE a == "b"`, Unknown},
		{"one of two filters over stats", `FROM x | WHERE a == "b" AND c == "d" | STATS n = COUNT(*) BY a | WHERE n > 5`, `FROM x | WHERE c == "d" | STATS n = COUNT(*) BY a | WHERE n > 5 AND a == "b"`, Unknown},
		{"another name", `FROM x | WHERE a == "b"`, `FROM x | RENAME a AS c | WHERE c == "b"`, Same},
		{"layout", `FROM x | STATS n = COUNT(*) BY a | WHERE a == "b"`, "from x // all\n| stats n=COUNT( * )   by a\n| where a==\"b\"", Same},
	})
}

// TestWindows has the times that a rule looks at.
func TestWindows(t *testing.T) {
	compareSubtle(t, inKuery, []subtle{
		{"another time", `process.name : "a" and @timestamp >= now-5m`, `process.name : "a" and @timestamp >= now-10m`, Unknown},
		{"a month for a minute", `process.name : "a" and @timestamp >= now-5m`, `process.name : "a" and @timestamp >= now-5M`, Unknown},
		{"no time", `process.name : "a" and @timestamp >= now-5m`, `process.name : "a"`, Unknown},
		{"not the time", `process.name : "a" and @timestamp >= now-5m`, `process.name : "a" and not @timestamp >= now-5m`, Unknown},
		{"an alternative", `process.name : "a" and @timestamp >= now-5m`, `process.name : "a" or @timestamp >= now-5m`, Unknown},
		{"layout", `process.name : "a" and @timestamp >= now-5m`, `( @timestamp >=  now-5m )  AND process.name:a`, Same},
	})
	compareSubtle(t, inLucene, []subtle{
		{"another time", `a:b AND @timestamp:[now-5m TO now]`, `a:b AND @timestamp:[now-10m TO now]`, Unknown},
		{"the bound", `a:b AND @timestamp:[now-5m TO now]`, `a:b AND @timestamp:[now-5m TO now}`, Unknown},
		{"layout", `a:b AND @timestamp:[now-5m TO now]`, `@timestamp:[ now-5m  TO now ]  AND a:b`, Same},
	})
	compareSubtle(t, inEQL, []subtle{
		{"another time", `process where process.name : "a" and @timestamp > "now-5m"`, `process where process.name : "a" and @timestamp > "now-10m"`, Unknown},
		{"no time", `process where process.name : "a" and @timestamp > "now-5m"`, `process where process.name : "a"`, Unknown},
		{"layout", `process where process.name : "a" and @timestamp > "now-5m"`, "process where\n  (@timestamp  >  \"now-5m\") and process.name:\"a\" // soon", Same},
	})
	compareSubtle(t, inESQL, []subtle{
		{"another time", `FROM x | WHERE @timestamp > NOW() - 5 minutes AND a == "b"`, `FROM x | WHERE @timestamp > NOW() - 6 minutes AND a == "b"`, Unknown},
		{"a comment", `FROM x | WHERE a == "b" // @timestamp > NOW() - 5 minutes`, `FROM x | WHERE a == "b" // @timestamp > NOW() - 6 minutes`, Same},
		{"a text", `FROM x | WHERE a == "@timestamp > 5"`, `FROM x | WHERE a == "@timestamp > 5" AND TRUE`, Same},
		{"the other way round", `FROM x | WHERE NOW() - 5 minutes < @timestamp AND a == "b"`, `FROM x | WHERE NOW() - 6 minutes < @timestamp AND a == "b"`, Unknown},
		{"another name", `FROM x | EVAL t = @timestamp | WHERE t > NOW() - 5 minutes AND a == "b"`, `FROM x | EVAL t = @timestamp | WHERE t > NOW() - 6 minutes AND a == "b"`, Unknown},
		{"TRANGE", `FROM x | WHERE TRANGE(1h) AND a == "b"`, `FROM x | WHERE TRANGE(2h) AND a == "b"`, Unknown},
		{"in KQL", `FROM x | WHERE KQL("@timestamp > now-5m") AND a == "b"`, `FROM x | WHERE KQL("@timestamp > now-6m") AND a == "b"`, Unknown},
		{"layout", `FROM x | WHERE @timestamp > NOW() - 5 minutes AND a == "b"`, "FROM x\n| WHERE a == \"b\" AND (@timestamp>now()-5 minutes)", Same},
	})
	compareSubtle(t, func(t testing.TB, from string) *normalize.Rule {
		return one(t, "r.toml", "[rule]\nname = \"T\"\nrule_id = \"5a1d2f5e-52f5-4c0f-9f0a-6c41c9d0a103\"\ntype = \"query\"\nlanguage = \"kuery\"\nquery = \"process.name : a\"\n"+
			"[[rule.filters]]\n[rule.filters.query.range.\"@timestamp\"]\n"+from+"\n")
	}, []subtle{
		{"of a filter", `gte = "now-5m"`, `gte = "now-6m"`, Unknown},
		{"layout of a filter", "gte = \"now-5m\"\nlte = \"now\"", "lte  = 'now' # today\ngte = 'now-5m'", Same},
	})
}

// TestReturned has what subsearches and subqueries return, and what rows a search
// begins with.
func TestReturned(t *testing.T) {
	compareSubtle(t, inSPL, []subtle{
		{"a column of a subsearch", `index=a [search index=b c=d | fields user]`, `index=a [search index=b c=d | fields host]`, Unknown},
		{"a filter of a subsearch", `index=a [search index=b c=d | fields user]`, `index=a [search index=b c=d e=f | fields user]`, Narrower},
		{"a lookup", `| inputlookup a.csv | search b=c`, `| inputlookup d.csv | search b=c`, Unknown},
		{"a data model", `| from datamodel:"Authentication"."Failed_Authentication" | search b=c`, `| from datamodel:"Authentication"."Successful_Authentication" | search b=c`, Unknown},
		{"summaries", `| tstats summariesonly=true count from datamodel=Endpoint.Processes where Processes.user=b by Processes.dest`, `| tstats summariesonly=false count from datamodel=Endpoint.Processes where Processes.user=b by Processes.dest`, Unknown},
		{"summaries as they are", `| tstats summariesonly=false count from datamodel=Endpoint.Processes where Processes.user=b by Processes.dest`, `| tstats count from datamodel=Endpoint.Processes where Processes.user=b by Processes.dest`, Same},
		{"a column more of tstats", `| tstats count from datamodel=Endpoint.Processes where Processes.user=b by Processes.dest`, `| tstats count from datamodel=Endpoint.Processes where Processes.user=b by Processes.dest, Processes.user`, Same},
	})
	compareSubtle(t, inKusto, []subtle{
		{"a column of a subquery", `T | where A in ((U | where B == "x" | project A))`, `T | where A in ((U | where B == "x" | project C))`, Unknown},
		{"the column that is compared", `T | where A in ((U | where B == "x" | project A))`, `T | where C in ((U | where B == "x" | project A))`, Unknown},
		{"each value of a list", `T | mv-expand X = A | where X == "x"`, `T | where A == "x"`, Unknown},
		{"a let of a time", `let back = 1d; T | where TimeGenerated > ago(back) and A == 1`, `let back = 2d; T | where TimeGenerated > ago(back) and A == 1`, Unknown},
		{"a time that is rounded", `T | where bin(TimeGenerated, 1h) > ago(1d) and A == 1`, `T | where bin(TimeGenerated, 1h) > ago(3d) and A == 1`, Unknown},
		{"times in another order", `T | where TimeGenerated > ago(2d) and TimeGenerated < ago(1d) and A == 1`, `T | where TimeGenerated < ago(1d) | where A == 1 and TimeGenerated > ago(2d)`, Same},
		{"the order in front of prev", `T | serialize | where prev(A) != A`, `T | sort by A | serialize | where prev(A) != A`, Unknown},
	})
	compareSubtle(t, inKuery, []subtle{
		{"one element", `n : { a : 1 and b : 2 }`, `n.a : 1 and n.b : 2`, Unknown},
		{"two elements", `n : { a : 1 } and n : { b : 2 }`, `n : { a : 1 and b : 2 }`, Unknown},
		{"an element that must be more", `n : { a : 1 }`, `n : { a : 1 and b : 2 }`, Narrower},
		{"layout of an element", `n : { a : 1 and b : 2 }`, `n:{a:1 and b:2}`, Same},
	})
}

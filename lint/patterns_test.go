package lint

import "testing"

func TestRegularExpressions(t *testing.T) {
	const eql = `process.name : "example-tool.exe"`
	kusto := func(condition string) string { return kustoWith(`FileName =~ "example-tool.exe"`, condition) }
	runCases(t, []checkCase{
		{name: "anchors of EQL", check: "regular-expression", file: elasticWith(eql, `process.args regex ("^a", "b")`), want: []string{
			`19:36-37 warning regular expression: Elastic's expressions have no anchors: "^" is the character; they are compared with the whole value anyway`,
		}},
		{name: "an escape of EQL's own strings", check: "regular-expression", file: elasticWith(eql, `process.args regex "a\\.b"`)},
		{name: "an expression that Lucene refuses", check: "regular-expression", file: elasticWith(eql, `process.args regex """a(b"""`), want: []string{
			`19:38-39 error regular expression: expected ")" to close the group`,
		}},
		{name: "look-around in Kusto", check: "regular-expression", file: kusto(`FileName matches regex '(?!a)b'`), want: []string{
			"19:35-38 error regular expression: invalid or unsupported Perl syntax in \"(?!\": the engine has no look-around, atomic or conditional groups",
		}},
		{name: "a folder in Kusto", check: "regular-expression", file: kusto(`FolderPath matches regex @'C:\\Users\\.*\temp'`), want: []string{
			"19:51-56 warning regular expression: `\\temp` is not the folder: the backslash begins an escape; expected two",
		}},
		{name: "a folder with both backslashes", check: "regular-expression", file: kusto(`FolderPath matches regex 'C:\\\\Users\\\\.*\\\\temp'`)},
		{name: "whatever the field holds", check: "regular-expression", file: splunkSearch(`index=x | regex process="a*"`), want: []string{
			"11:35-37 warning regular expression: the expression matches whatever the field holds",
		}},
		{name: "look-around in Splunk", check: "regular-expression", file: splunkSearch(`index=x | regex process="(?<!a)b++"`)},
		{name: "any text in EQL", check: "regular-expression", file: elasticWith(eql, `process.args regex~ ".*"`), want: []string{
			"19:35-39 warning regular expression: the expression matches whatever the field holds",
		}},
		{name: "some text in EQL", check: "regular-expression", file: elasticWith(eql, `process.args regex~ ".+"`)},
		{name: "a word of a command line in EQL", check: "regular-expression", file: elasticWith(eql, `process.command_line regex~ "mimikatz"`), want: []string{
			`19:43-53 warning regular expression: it is compared with the whole value and has no wildcard, so it finds "mimikatz" only where nothing else stands in process.command_line; expected ".*mimikatz.*"`,
		}},
		{name: "a word in EQL", check: "regular-expression", file: elasticWith(eql, `process.name regex~ "mimikatz"`)},
		{name: "a command line in EQL", check: "regular-expression", file: elasticWith(eql, `process.command_line regex~ "mimikatz version"`)},
		{name: "rex", check: "regular-expression", file: splunkSearch(`index=x | rex field=Image "(?<x>[a-z" | eval y=replace(x, "(a", "b")`), want: []string{
			"11:36-47 error regular expression: missing closing ] in \"[a-z\": expected \"]\" to close the set",
			`11:68-72 error regular expression: missing closing ): expected ")" to close the group`,
		}},
		{name: "rex of sed", check: "regular-expression", file: splunkSearch(`index=x | rex mode=sed field=Image "s/(//"`)},
		{name: "rex with backslashes", check: "regular-expression", file: splunkSearch(`index=x | rex field=Image "(?<x>[^\\]+)$" | rex field=y max_match=0 "(?<z>[^\\\\]+)"`)},
		{name: "extract", check: "regular-expression", file: kusto(`FileName =~ "a.exe" | extend X = extract("(abc", 1, FileName), Y = trim("[a", FileName), Z = replace_regex(FileName, @"\d(?=x)", "")`), want: []string{
			`19:52-58 error regular expression: missing closing ): expected ")" to close the group`,
			`19:83-87 error regular expression: missing closing ]: expected "]" to close the set`,
			`19:128-138 error regular expression: invalid or unsupported Perl syntax in "(?=": the engine has no look-around, atomic or conditional groups`,
		}},
		{name: "extract, sound", check: "regular-expression", file: kusto(`FileName =~ "a.exe" | extend X = extract("(abc)", 1, FileName), Y = trim(@"\s*", FileName), Z = replace_string(FileName, "(", "")`)},
	})
}

func TestCaseSensitivePaths(t *testing.T) {
	const eql = `process.name : "example-tool.exe"`
	runCases(t, []checkCase{
		{name: "EQL", check: "case-sensitive-path", file: elasticWith(eql, `process.name in ("a", "b.exe") and process.parent.executable == "C:\\x"`), want: []string{
			`19:37-44 info "in" compares process.name "b.exe" with regard to case, which file names of Windows do not have; expected "in~"`,
			`19:79-86 info "==" compares process.parent.executable "C:\x" with regard to case, which file names of Windows do not have; expected ":"`,
		}},
		{name: "what Windows has not", check: "case-sensitive-path", file: elasticWith(eql, `process.name == "curl" and process.executable == "/usr/bin/x.exe" and user.name == "x.exe"`)},
		{name: "exclusions", check: "case-sensitive-path", file: elasticWith(eql, eql+` and not process.parent.name == "b.exe"`)},
		{name: "Kusto", check: "case-sensitive-path", file: kustoWith(`FileName =~ "example-tool.exe"`, `FileName == "x.exe"`), want: []string{
			`19:23-30 info "==" compares FileName "x.exe" with regard to case, which file names of Windows do not have; expected "=~"`,
		}},
		{name: "Kusto, in one case", check: "case-sensitive-path", file: kustoWith(`FileName =~ "example-tool.exe"`, `tolower(FileName) in ("x.exe", "y.exe")`)},
		{name: "Kusto, a column in one case", check: "case-sensitive-path", file: kustoWith(`FileName =~ "example-tool.exe"`, `FileName =~ "example-tool.exe" | extend Name = tolower(FileName) | where Name == "x.exe"`)},
		{name: "Kusto, one of two columns in one case", check: "case-sensitive-path", file: kustoWith(`FileName =~ "example-tool.exe"`, `FileName =~ "example-tool.exe" | extend Name = tolower(FileName) | where FileName == "x.exe"`), want: []string{
			`19:96-103 info "==" compares FileName "x.exe" with regard to case, which file names of Windows do not have; expected "=~"`,
		}},
	})
}

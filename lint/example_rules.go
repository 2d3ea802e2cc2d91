package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// Example is a rule file that a check reports and one that it does not, in one
// language.
type Example struct{ Bad, Good string }

// Examples are all examples of a check, beginning with the one that its page
// begins with.
func (c *Check) Examples() []Example {
	var all []Example
	if c.Bad != "" {
		all = append(all, Example{c.Bad, c.Good})
	}
	if c.More != nil {
		all = append(all, c.More()...)
	}
	return all
}

// Rule is the last rule of the files that are not reported, which tells the
// example's vendor and language; nil when they have definitions alone.
func (e Example) Rule() *rule.Rule {
	files := ExampleFiles(e.Good)
	library := exampleLibrary(files)
	for i := len(files) - 1; i >= 0; i-- {
		if rules := parsers.Parse(files[i].Path, []byte(files[i].Text), library).Rules; len(rules) > 0 {
			return rules[0]
		}
	}
	return nil
}

// vendorsOf are the vendors by the languages of their rules' queries.
var vendorsOf = map[rule.Language]rule.Vendor{
	"sigma": rule.Sigma, "eql": rule.Elastic, "kuery": rule.Elastic, "lucene": rule.Elastic, "esql": rule.Elastic,
	"spl": rule.Splunk, "kusto": rule.Kusto,
}

// languageNames are the languages of a vendor that has several, by the names
// people know them by.
var languageNames = map[rule.Language]string{"eql": "EQL", "kuery": "Kuery", "lucene": "Lucene", "esql": "ES|QL"}

// contrast is an example of two rules that differ in one text, which is sound where the
// rule is.
func contrast(make func(name string, replacements ...string) string, name, sound, bad, good string) Example {
	return Example{Bad: make(name, sound, bad), Good: make(name, sound, good)}
}

// inSigma, inEQL, inKuery, inLucene, inESQL, inSPL and inKQL are examples that
// differ in their query alone; of SPL that is a condition on the fields of
// Endpoint.Processes, of KQL one line or more after the table, of ES|QL after
// the sources. Of Sigma it is the detection.
func inSigma(name, bad, good string) Example {
	return contrast(exampleSigma, name, soundDetection, bad, good)
}

func inEQL(name, bad, good string) Example {
	return contrast(exampleElastic, name, soundEQL, bad, good)
}

func inKuery(name, bad, good string) Example {
	return contrast(exampleKuery, name, soundKuery, bad, good)
}

func inLucene(name, bad, good string) Example {
	lucene := func(name string, replacements ...string) string {
		return strings.Replace(exampleKuery(name, replacements...), `"kuery"`, `"lucene"`, 1)
	}
	return contrast(lucene, name, soundKuery, bad, good)
}

func inESQL(name, bad, good string) Example { return contrast(exampleESQL, name, soundESQL, bad, good) }

func inSPL(name, bad, good string) Example { return contrast(exampleSplunk, name, soundSPL, bad, good) }

func inKQL(name, bad, good string) Example { return contrast(exampleKusto, name, soundKQL, bad, good) }

const (
	soundEQL   = `process where process.name : "example-tool.exe"`
	soundKuery = `process.name : "example-tool.exe"`
	soundESQL  = `| where to_lower(process.name) == "example-tool.exe"`
	soundSPL   = `Processes.process_name="example-tool.exe"`
	soundKQL   = `| where FileName =~ "example-tool.exe"`
)

// exampleKuery is a rule of Elastic in Kuery, and exampleESQL one in ES|QL.
func exampleKuery(name string, replacements ...string) string {
	return substitute(exampleElastic(name, `language = "eql"`, `language = "kuery"`, `type = "eql"`, `type = "query"`, soundEQL, soundKuery), replacements)
}

func exampleESQL(name string, replacements ...string) string {
	return substitute(exampleElastic(name, `language = "eql"`, `language = "esql"`, `type = "eql"`, `type = "esql"`, "index = [\"logs-endpoint.events.process-*\"]\n", "",
		soundEQL, "from logs-endpoint.events.process-* metadata _id, _version, _index\n"+soundESQL), replacements)
}

// substitute replaces texts by others, which follow them, once each.
func substitute(text string, replacements []string) string {
	for i := 0; i+1 < len(replacements); i += 2 {
		text = strings.Replace(text, replacements[i], replacements[i+1], 1)
	}
	return text
}

// exampleSigma is a rule of Sigma for the example of a check, as exampleElastic
// is one of Elastic.
func exampleSigma(name string, replacements ...string) string {
	return substitute(strings.Replace(soundSigma, "A Name", name, 1), replacements)
}

const soundDetection = `    selection:
        Image|endswith: '\example-tool.exe'
    condition: selection
`

const soundSigma = `title: A Name
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a0f1
status: test
logsource:
    category: process_creation
    product: windows
detection:
` + soundDetection + `level: medium
`

// beforeAnd is an example of two versions of a rule.
func beforeAnd(before, path, after string) string {
	return exampleHead + exampleBefore + exampleTail + "\n" + before + exampleHead + path + exampleTail + "\n" + after
}

// two is an example of two files.
func two(path1, text1, path2, text2 string) string {
	return exampleHead + path1 + exampleTail + "\n" + text1 + exampleHead + path2 + exampleTail + "\n" + text2
}

// secondID is the id of the second rule of an example.
const secondID = "0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c51"

// elasticThreat is an entry of Elastic's mapping: a technique, with its id and
// name, under a tactic of which the same is said.
func elasticThreat(id, name, tacticID, tactic string) string {
	return `
[[rule.threat]]
framework = "MITRE ATT&CK"

[[rule.threat.technique]]
id = "` + id + `"
name = "` + name + `"
reference = "https://attack.mitre.org/techniques/` + id + `/"

[rule.threat.tactic]
id = "` + tacticID + `"
name = "` + tactic + `"
reference = "https://attack.mitre.org/tactics/` + tacticID + `/"
`
}

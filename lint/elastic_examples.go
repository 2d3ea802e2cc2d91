package lint

import "strings"

// exampleElastic is a rule of Elastic for the example of a check: a sound one
// of that name, with some of its text replaced. The arguments after the name
// are what to replace and what to put there, in turn.
func exampleElastic(name string, replacements ...string) string {
	text := strings.Replace(soundElastic, "A Name", name, 1)
	return substitute(text, replacements)
}

const soundElastic = `[metadata]
creation_date = "2026/01/02"
maturity = "production"
updated_date = "2026/01/02"

[rule]
author = ["Blue Team"]
description = "An example of a rule."
from = "now-9m"
index = ["logs-endpoint.events.process-*"]
language = "eql"
name = "A Name"
risk_score = 47
rule_id = "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01"
severity = "medium"
timestamp_override = "event.ingested"
type = "eql"
query = '''
process where process.name : "example-tool.exe"
'''
`

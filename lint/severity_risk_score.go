package lint

import "strconv"

var severityRiskScoreCheck = &Check{
	ID:       "severity-risk-score",
	Severity: Warning,
	Vendors:  onlyElastic,
	Summary:  "The severity and the risk score of a rule contradict each other",
	Rationale: `Kibana sorts alerts by either of the two, and the risk score of hosts and users is made of the second. A rule that is
critical by its severity and low by its score is missed by whoever looks at the other one. The ranges are those of
Elastic's own rules: low to 21, medium from 22 to 47, high from 48 to 73, critical from 74.

A rule that takes its severity or its score from the event (` + "`severity_mapping`, `risk_score_mapping`" + `) is not reported.`,
	Bad:  exampleElastic("Driver Unloaded by a Script", "severity = \"medium\"", "severity = \"high\"", "risk_score = 47", "risk_score = 21"),
	Good: exampleElastic("Driver Unloaded by a Script", "severity = \"medium\"", "severity = \"high\"", "risk_score = 47", "risk_score = 73"),
	Rule: severityRiskScore,
}

// riskScores are the scores that go with a severity.
var riskScores = map[string]struct{ from, to, usual int }{
	"low": {0, 21, 21}, "medium": {22, 47, 47}, "high": {48, 73, 73}, "critical": {74, 100, 99},
}

func severityRiskScore(p *Pass) {
	doc := detectionEngine(p)
	if doc == nil || len(nodeContent(doc.Rule, "severity_mapping"))+len(nodeContent(doc.Rule, "risk_score_mapping")) > 0 {
		return
	}
	want, known := riskScores[p.LevelText.Value]
	node := doc.Rule.Get("risk_score")
	if !known || node == nil {
		return
	}
	score, err := strconv.Atoi(node.Value)
	if err != nil || score < 0 || score > 100 || score >= want.from && score <= want.to {
		return
	}
	f := p.Report(node.Span, p.LevelText.Value+" "+node.Value, "risk score %d does not go with severity %q, expected %d to %d", score, p.LevelText.Value, want.from, want.to)
	f.Related = []Location{{Path: p.Path(), Range: p.Source.Range(p.LevelText.Span), Message: "the severity"}}
}

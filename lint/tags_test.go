package lint

import (
	"strings"
	"testing"
)

// tagged is the sound rule with tags.
func tagged(tags ...string) string {
	return with("status: test\n", "status: test\ntags:\n    - "+strings.Join(tags, "\n    - ")+"\n")
}

func TestTechniques(t *testing.T) {
	runCases(t, []checkCase{
		{name: "no such", check: "unknown-technique", file: tagged("attack.t9876"), want: []string{
			`5:7-19 error technique "T9876" is not in ATT&CK, in no version up to v19`,
		}},
		{name: "no such sub-technique", check: "unknown-technique", file: tagged("attack.t1059.999"), want: []string{
			`5:7-23 error technique "T1059.999" is not in ATT&CK, did you mean T1059 (Command and Scripting Interpreter)?`,
		}},
		{name: "another spelling", check: "unknown-technique", file: tagged("attack.t1059001"), want: []string{
			`5:7-22 error technique "T1059001" is not in ATT&CK, did you mean T1059.001 (PowerShell)?`,
		}, fixed: tagged("attack.t1059.001")},
		{name: "of every matrix", check: "unknown-technique", file: tagged("attack.t1059.001", "attack.t1418", "attack.t0802", "attack.g0016", "attack.s0002", "attack.ta0002")},

		{name: "in the tag's case", check: "revoked-technique", file: tagged("attack.T1086"), want: []string{
			`5:7-19 error technique T1086 (PowerShell) was revoked; in ATT&CK v19 it is T1059.001 (PowerShell)`,
		}, fixed: tagged("attack.T1059.001")},
		{name: "successor is there", check: "revoked-technique", file: tagged("attack.t1086", "attack.t1059.001"), want: []string{
			`5:7-19 error technique T1086 (PowerShell) was revoked; in ATT&CK v19 it is T1059.001 (PowerShell)`,
		}, fixed: tagged("attack.t1059.001")},
		{name: "quoted", check: "revoked-technique", file: tagged("'attack.t1086'"), want: []string{
			`5:7-21 error technique T1086 (PowerShell) was revoked; in ATT&CK v19 it is T1059.001 (PowerShell)`,
		}, fixed: tagged("'attack.t1059.001'")},
		{name: "in one line", check: "revoked-technique", file: with("status: test", "tags: [attack.t1059.001, attack.t1086]"), want: []string{
			`3:26-38 error technique T1086 (PowerShell) was revoked; in ATT&CK v19 it is T1059.001 (PowerShell)`,
		}, fixed: with("status: test", "tags: [attack.t1059.001]")},
		{name: "dropped", check: "deprecated-technique", file: tagged("attack.t1043"), want: []string{
			`5:7-19 warning technique T1043 (Commonly Used Port) was dropped from ATT&CK without a successor`,
		}},

		{name: "other tactic", check: "tactic-technique", file: tagged("attack.discovery", "attack.t1003.001"), want: []string{
			`6:7-23 warning technique T1003.001 (LSASS Memory) belongs to Credential Access, which the rule is not tagged with`,
		}, fixed: tagged("attack.discovery", "attack.t1003.001", "attack.credential-access")},
		{name: "one of two tactics", check: "tactic-technique", file: tagged("attack.persistence", "attack.t1547.001")},
		{name: "more tactics than techniques", check: "tactic-technique", file: tagged("attack.impact", "attack.credential-access", "attack.t1003.001")},
		{name: "no tactic", check: "tactic-technique", file: tagged("attack.t1003.001")},
		{name: "words of v18", check: "tactic-technique", file: tagged("attack.defense-evasion", "attack.t1685")},
		{name: "technique of v18", check: "tactic-technique", file: tagged("attack.defense-impairment", "attack.t1562.001")},
	})
}

func TestTactics(t *testing.T) {
	runCases(t, []checkCase{
		{name: "near", check: "unknown-tactic", file: tagged("attack.comand-and-control"), want: []string{
			`5:7-32 error "comand-and-control" is no tactic of ATT&CK, did you mean "command-and-control"?`,
		}, fixed: tagged("attack.command-and-control")},
		{name: "far", check: "unknown-tactic", file: tagged("attack.phishing"), want: []string{
			`5:7-22 error "phishing" is no tactic of ATT&CK; the tactics are reconnaissance, resource-development, initial-access, execution, persistence, privilege-escalation, stealth, defense-impairment, credential-access, discovery, lateral-movement, collection, command-and-control, exfiltration, impact`,
		}},
		{name: "known", check: "unknown-tactic", file: tagged("attack.stealth", "attack.defense-evasion", "attack.inhibit-response-function", "attack.lateral_movement")},

		{name: "by technique", check: "retired-tactic", file: tagged("attack.defense-evasion", "attack.t1685.001"), want: []string{
			`5:7-29 info ATT&CK v19 has no tactic "defense-evasion" any more, by the rule's techniques it is "defense-impairment"`,
		}, fixed: tagged("attack.defense-impairment", "attack.t1685.001")},
		{name: "by a revoked technique", check: "retired-tactic", file: tagged("attack.defense-evasion", "attack.t1562.001"), want: []string{
			`5:7-29 info ATT&CK v19 has no tactic "defense-evasion" any more, by the rule's techniques it is "defense-impairment"`,
		}, fixed: tagged("attack.defense-impairment", "attack.t1562.001")},
		{name: "successor is there", check: "retired-tactic", file: tagged("attack.defense-evasion", "attack.stealth", "attack.t1564.001"), want: []string{
			`5:7-29 info ATT&CK v19 has no tactic "defense-evasion" any more, by the rule's techniques it is "stealth"`,
		}, fixed: tagged("attack.stealth", "attack.t1564.001")},
		{name: "in doubt", check: "retired-tactic", file: tagged("attack.defense-evasion"), want: []string{
			`5:7-29 info ATT&CK v19 has no tactic "defense-evasion" any more, it is now "stealth" or "defense-impairment"`,
		}},
		{name: "of mobile", check: "retired-tactic", file: tagged("attack.defense-evasion", "attack.t1406")},
	})
}

func TestTags(t *testing.T) {
	cases := []checkCase{
		{name: "sound", file: tagged("attack.t1059.001", "attack.g0016", "car.2016-04-005", "cve.2021-44228", "d3fend.d3f-WindowsNtOpenFile", "detection.dfir", "stp.3k", "tlp.amber-strict", "team.Blue_1", "mitre.x.y")},
		{name: "technique", file: tagged("T1059.001"), want: []string{
			`5:7-16 warning tag "T1059.001" has no namespace, did you mean "attack.t1059.001"?`,
		}, fixed: tagged("attack.t1059.001")},
		{name: "tactic", file: tagged("Lateral Movement"), want: []string{
			`5:7-23 warning tag "Lateral Movement" has no namespace, did you mean "attack.lateral-movement"?`,
		}, fixed: tagged("attack.lateral-movement")},
		{name: "word", file: tagged("ransomware"), want: []string{
			`5:7-17 warning tag "ransomware" is not a namespace, a dot and a name`,
		}},
		{name: "no name", file: tagged("attack."), want: []string{
			`5:7-14 warning tag "attack." is not a namespace, a dot and a name`,
		}},
		{name: "capitals", file: tagged("attack.T1059.001"), want: []string{
			`5:7-23 warning tag "attack.T1059.001" is not written as its namespace has it, expected "attack.t1059.001"`,
		}, fixed: tagged("attack.t1059.001")},
		{name: "capitals of the namespace", file: tagged("ATTACK.t1059.001"), want: []string{
			`5:7-23 warning tag "ATTACK.t1059.001" is not written as its namespace has it, expected "attack.t1059.001"`,
		}, fixed: tagged("attack.t1059.001")},
		{name: "underscore", file: tagged("attack.defense_evasion"), want: []string{
			`5:7-29 warning tag "attack.defense_evasion" is not written as its namespace has it, expected "attack.defense-evasion"`,
		}, fixed: tagged("attack.defense-evasion")},
		{name: "namespace", file: tagged("atack.t1059.001"), want: []string{
			`5:7-22 warning tag "atack.t1059.001" has an unknown namespace, did you mean "attack.t1059.001"?`,
		}, fixed: tagged("attack.t1059.001")},
		{name: "cve", file: tagged("cve.CVE-2021-44228"), want: []string{
			`5:7-25 warning tag "cve.CVE-2021-44228" is not written as its namespace has it, expected "cve.2021-44228"`,
		}, fixed: tagged("cve.2021-44228")},
		{name: "no cve", file: tagged("cve.log4shell"), want: []string{
			`5:7-20 warning tag "cve.log4shell" does not fit its namespace, expected a form such as cve.2021-44228`,
		}},
		{name: "tlp", file: tagged("tlp.purple"), want: []string{
			`5:7-17 warning tag "tlp.purple" does not fit its namespace, expected one of tlp.clear, tlp.white, tlp.green, tlp.amber, tlp.amber-strict and tlp.red`,
		}},
		{name: "stp", file: tagged("stp.6"), want: []string{
			`5:7-12 warning tag "stp.6" does not fit its namespace, expected a form such as stp.3 or stp.3k`,
		}},
		{name: "spaces", file: tagged("team.blue and red"), want: []string{
			`5:7-24 warning tag "team.blue and red" has characters that tags do not have, expected letters, digits, ".", "-" and "_"`,
		}},
	}
	for i := range cases {
		cases[i].check = "tag-format"
	}
	runCases(t, append(cases,
		checkCase{name: "other case", check: "duplicate-tag", file: tagged("attack.t1059", "team.blue", "attack.T1059"), want: []string{
			`7:7-19 warning tag "attack.T1059" stands twice`,
		}, fixed: tagged("attack.t1059", "team.blue")},
		checkCase{name: "in one line", check: "duplicate-tag", file: with("status: test", "tags: [a.b, c.d, a.b]"), want: []string{
			`3:18-21 warning tag "a.b" stands twice`,
		}, fixed: with("status: test", "tags: [a.b, c.d]")},
	))
}

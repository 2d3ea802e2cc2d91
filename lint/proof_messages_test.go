package lint

import "testing"

// TestProofMessages: what is said of proofs across fields, bounds and
// alternatives.
func TestProofMessages(t *testing.T) {
	const eql = `process.name : "example-tool.exe"`
	runCases(t, []checkCase{
		{name: "a bound", check: "always-true", file: kustoWith(`FileName =~ "example-tool.exe"`, `FileName =~ "a.exe" and (ProcessId > 10 or ProcessId <= 10)`), want: []string{
			"19:67-69 error one of these alternatives always holds: each number is above 10 or at most 10",
		}},
		{name: "a path and a name", check: "idle-exclusion", file: elasticWith(eql, `process.name : "cmd.exe" and not process.executable : "C:\\a.exe"`), want: []string{
			`19:69-80 warning this exclusion never applies: the rule asks for process.name "cmd.exe", and nothing that has it has process.executable "C:\a.exe"`,
		}},
		{name: "networks", check: "idle-exclusion", file: ruleWith("low", "    a: {DestinationIp|cidr: 192.168.0.0/16}\n    f: {DestinationIp|cidr: 10.0.0.0/8}\n    condition: a and not f\n"), want: []string{
			`9:29-39 warning this exclusion never applies: the rule asks for DestinationIp cidr "192.168.0.0/16", and nothing that has it has DestinationIp cidr "10.0.0.0/8"`,
		}},
		{name: "an alternative within another one", check: "redundant-predicate", file: ruleWith("low", "    a: {Image: x, User: u}\n    b: {Image: x}\n    condition: a or b\n"), want: []string{
			`8:16-17 info this alternative finds nothing that another one does not, which asks for no more than Image "x"`,
		}},
		{name: "a macro that is not known", check: "swallowing-exclusion", file: splunkSearch("`a_macro` EventCode=1 Image=\"*\\\\a.exe\" NOT Image=\"*a.exe\""), want: []string{
			`11:59-67 error this exclusion takes away all that the rule selects: whatever has Image endswith "\a.exe" has Image endswith "a.exe"`,
		}},
	})
}

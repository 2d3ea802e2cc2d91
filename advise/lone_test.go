package advise

import (
	"testing"
)

// TestLone: the widest of the paths that ask for one thing, among rules on the
// same events.
func TestLone(t *testing.T) {
	advisor := New(small(t)) // in which twelve rules look for tool.exe and for a command line
	const tool = "        Image|endswith: '\\tool.exe'"
	for _, tt := range []struct {
		name, selection, filter string
		lone, tuned             bool
	}{
		{"trimmed by what is done", tool, `        CommandLine|contains: 'x'`, true, true},
		{"trimmed by who does what", tool, "        User: 'x'\n        CommandLine|contains: 'x'", true, true},
		{"left out by who does it", tool, `        User: 'x'`, false, false},
		{"left out by where it is", tool, `        Image|startswith: 'C:\Windows\'`, false, false},
		{"of a known command line", tool, `        CommandLine: null`, true, false},
		{"of no command line", tool + "\n        CommandLine: null", `        ParentCommandLine|contains: 'x'`, false, false},
		{"with something else", tool + "\n        CommandLine|contains: 'x'", `        ParentCommandLine|contains: 'x'`, false, false},
		{"beside something else", "        - Image|endswith: '\\tool.exe'\n        - CommandLine|contains: 'x'", `        CommandLine|contains: 'y'`, true, true},
	} {
		lone, ok := advisor.Lone(sigma(t, tt.selection, tt.filter), 5)
		if ok != tt.lone {
			t.Errorf("%s: %t, expected %t", tt.name, ok, tt.lone)
		}
		if ok && (lone.Reach != 12 || len(lone.Users) != 12 || lone.Tuned != tt.tuned) {
			t.Errorf("%s: %+v", tt.name, lone)
		}
	}
	if _, ok := advisor.Lone(sigma(t, tool, `        CommandLine|contains: 'x'`), 1000); ok {
		t.Error("found what not that many rules look for")
	}
}

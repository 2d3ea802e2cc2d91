package normalize_test

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

func TestRow(t *testing.T) {
	for from, want := range map[string]string{
		"process.command_line contains  -enc ":         "process.args eq -enc",
		"process.parent.command_line contains  /c ":    "process.parent.args eq /c",
		"process.args contains downloadstring":         "process.command_line contains downloadstring",
		"process.args eq /bin/sh":                      "process.command_line contains /bin/sh",
		"process.command_line contains  /bin/sh ":      "process.command_line contains /bin/sh",
		"process.args eq /c":                           "process.args eq /c",
		`process.command_line contains c:\users\`:      `process.command_line contains \users\`,
		`process.command_line contains :\users\`:       `process.command_line contains \users\`,
		`process.command_line contains :\`:             `process.command_line contains :\`,
		`process.command_line startswith c:\users\`:    `process.command_line startswith c:\users\`,
		`process.args contains c:\users\`:              `process.command_line contains \users\`,
		"process.args eq -enc":                         "process.args eq -enc",
		"process.command_line contains -enc":           "process.command_line contains -enc",
		"process.command_line contains  -enc":          "process.command_line contains  -enc",
		"process.command_line contains  -a -b ":        "process.command_line contains  -a -b ",
		"process.command_line contains  \"x\" ":        "process.command_line contains  \"x\" ",
		"process.command_line contains   ":             "process.command_line contains   ",
		"process.command_line endswith  -enc ":         "process.command_line endswith  -enc ",
		"process.args contains two words":              "process.args contains two words",
		"process.args startswith -e":                   "process.args startswith -e",
		"powershell.script_block_text contains  -enc ": "powershell.script_block_text contains  -enc ",
	} {
		parts := strings.SplitN(from, " ", 3)
		k := normalize.Row(normalize.Key{Field: parts[0], Operator: rule.Operator(parts[1]), Value: parts[2]})
		if got := text(k); got != want {
			t.Errorf("%q is filed under %q, want %q", from, got, want)
		}
		if again := normalize.Row(k); again != k {
			t.Errorf("%q is filed under %q and that under %q", from, text(k), text(again))
		}
		if line, ok := normalize.Argument(k); ok && normalize.Row(line) != k {
			t.Errorf("%q says %q of the line, which is filed under %q", text(k), text(line), text(normalize.Row(line)))
		}
	}
}

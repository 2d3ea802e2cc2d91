package lint

import (
	"strings"
	"testing"
)

func TestDeadValues(t *testing.T) {
	const eql = `process.name : "example-tool.exe"`
	sigma := func(line string) string { return exampleSigma("A Name", `Image|endswith: '\example-tool.exe'`, line) }
	elastic := func(condition string) string { return elasticWith(eql, condition) }
	kuery := func(condition string) string { return exampleKuery("A Name", soundKuery, condition) }
	esql := func(condition string) string { return exampleESQL("A Name", soundESQL, "| where "+condition) }
	spl := func(condition string) string {
		return splunkSearch(`index=x process_name="a.exe" | where ` + condition)
	}
	kusto := func(condition string) string { return kustoWith(`FileName =~ "example-tool.exe"`, condition) }
	for _, tt := range []struct{ name, file, want string }{
		// Wildcards that are none.
		{"a star behind a folder", sigma(`Image: 'C:\Tools\*.exe'`), `Image "C:\Tools*.exe" never holds`},
		{"a star behind an escaped backslash", sigma(`Image: 'C:\Tools\\*.exe'`), ""},
		{"a star in a part of a path", sigma(`Image|contains: '\Tools\*'`), `Image contains "\Tools*" never holds`},
		{"a star in a command line", sigma(`CommandLine|contains: 'del \*.log'`), ""},
		{"a device", sigma(`Image|startswith: '\\\\\?\C:\'`), ""},
		{"EQL ==", elastic(`process.name == "cmd*"`), `process.name "cmd*" never holds`},
		{"EQL in", elastic(`process.executable in ("/bin/sh", "/dev/fd/*")`), `process.executable "/dev/fd/*" never holds`},
		{"EQL :", elastic(`process.name : "cmd*"`), ""},
		{"EQL, an exclusion", elastic(`process.pid > 1 and process.name != "cmd*"`), `process.name "cmd*" excludes nothing`},
		{"EQL, an argument", elastic(`process.args == "/text:*"`), ""},
		{"EQL, a share", elastic(`file.path == "\\\\*\\IPC$"`), ""},
		{"EQL, a command line", elastic(`process.command_line == "*mimikatz*"`), `process.command_line "*mimikatz*" never holds`},
		{"Kuery, in quotes", kuery(`process.name : "cmd*"`), `process.name "cmd*" never holds`},
		{"Kuery, without", kuery(`process.name : cmd*`), ""},
		{"Kuery, a question mark", kuery(`file.path : *\\Program?Files\\*`), `file.path contains "\Program?Files\" never holds`},
		{"ES|QL ==", esql(`process.name == "cmd*"`), `process.name "cmd*" never holds`},
		{"ES|QL like", esql(`process.name like "cmd*"`), ""},
		{"Kusto", kusto(`FileName == "cmd*"`), `FileName "cmd*" never holds`},
		{"where of Splunk", spl(`Image="*\\cmd.exe"`), `Image "*\cmd.exe" never holds`},
		{"a search of Splunk", splunkSearch(`index=x Image="*\\cmd.exe"`), ""},
		// Two backslashes.
		{"a verbatim string", kusto(`FolderPath startswith @"C:\\Windows\\System32"`), `FolderPath startswith "C:\\Windows\\System32" never holds`},
		{"a string", kusto(`FolderPath startswith "C:\\Windows\\System32"`), ""},
		{"a share in a verbatim string", kusto(`FolderPath startswith @"\\server\share\"`), ""},
		{"four of Sigma", sigma(`Image: 'C:\\\\Windows\\\\a.exe'`), `Image "C:\\Windows\\a.exe" never holds`},
		{"two of Sigma", sigma(`Image: 'C:\\Windows\\a.exe'`), ""},
		{"the end of a path", sigma(`Image|endswith: '\\\\a.exe'`), `Image endswith "\\a.exe" never holds`},
		{"a share of Sigma", sigma(`Image|startswith: '\\\\tsclient\\'`), ""},
		{"four of EQL", elastic(`process.executable : "C:\\\\Windows\\*"`), `process.executable startswith "C:\\Windows\" never holds`},
		{"two of EQL", elastic(`process.executable : "C:\\Windows\\*"`), ""},
		{"four in an argument", elastic(`process.args : "C:\\\\Windows\\*"`), ""},
		{"a pattern", elastic(`process.executable : "C:\\\\Windows\\*\\a.exe"`), `process.executable wildcard "C:\\Windows\*\a.exe" never holds`},
		// Letters of a case that is gone.
		{"tolower", kusto(`tolower(FileName) == "A.EXE"`), `FileName "A.EXE" never holds`},
		{"tolower and =~", kusto(`tolower(FileName) =~ "A.EXE"`), ""},
		{"tolower of a column", kusto(`FileName =~ "a.exe" | extend F = tolower(FileName) | where F in ("A.exe", "b.exe")`), `F "A.exe" never holds`},
		{"toupper", kusto(`toupper(FileName) == "A.EXE"`), ""},
		{"toupper of a small letter", kusto(`toupper(FileName) == "A.exe"`), `FileName "A.exe" never holds`},
		{"to_lower", esql(`to_lower(process.name) in ("A.EXE", "b.exe")`), `process.name "A.EXE" never holds`},
		{"to_lower of a column", exampleESQL("A Name", soundESQL, `| eval n = to_lower(process.name) | where starts_with(n, "A")`), `process.name startswith "A" never holds`},
		{"to_lower of another column", exampleESQL("A Name", soundESQL, `| eval n = to_lower(process.name) | where starts_with(process.name, "A")`), ""},
		{"lower", spl(`lower(Image)="A.EXE"`), `Image "A.EXE" never holds`},
		{"lower in like", spl(`like(lower(Image), "%A.exe")`), `Image endswith "A.exe" never holds`},
		{"lower of a column", splunkSearch(`index=x | eval i=lower(Image) | where i="A.exe"`), `i "A.exe" never holds`},
		{"lower of a column that is searched", splunkSearch(`index=x | eval i=lower(Image) | search i="A.exe"`), ""},
		{"lower of a column of one part", splunkSearch(`index=x | eval i=lower(Image) | append [search index=y | eval i=Image] | where i="A.exe"`), ""},
		// Paths of another system.
		{"a path of Linux on Windows", sigma(`Image|startswith: '/usr/bin/'`), `Image startswith "/usr/bin/" never holds`},
		{"a part of a path on Windows", sigma(`Image|contains: '/usr/bin/'`), ""},
		{"a path of Windows on Linux", exampleSigma("A Name", `Image|endswith: '\example-tool.exe'`, `Image: 'C:\a.exe'`, "product: windows", "product: linux"), `Image "C:\a.exe" never holds`},
		{"both systems", elastic(`host.os.type in ("windows", "linux") and process.executable : "/usr/bin/*"`), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			findings := exampleFindings(deadValueCheck, nil, tt.file)
			switch {
			case tt.want == "" && len(findings) > 0:
				t.Errorf("found %q", findings[0].Message)
			case tt.want != "" && (len(findings) != 1 || !strings.HasPrefix(findings[0].Message, tt.want+": ")):
				t.Errorf("found %v, expected %q", findings, tt.want)
			}
			for _, f := range findings {
				checkFinding(t, f)
			}
		})
	}
}

package proof

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

var kinds = map[Kind]string{
	Never: "never", Dead: "dead", Swallowed: "swallowed", Idle: "idle", Always: "always",
	Implied: "implied", Contained: "contained", Covered: "covered", Repeated: "repeated", Within: "within",
}

// told writes the faults of a rule: kind, values at fault, by which values.
func told(faults []Fault) string {
	var out []string
	for _, f := range faults {
		values := func(list []Literal) string {
			var v []string
			for _, l := range list {
				v = append(v, l.Value)
			}
			return strings.Join(v, ",")
		}
		text := kinds[f.Kind] + " " + values(f.At[:1]) + " by " + values(f.By)
		if f.Whole {
			text += " whole"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func examined(t *testing.T, path, text string) []Fault {
	t.Helper()
	file := parsers.Parse(path, []byte(text), nil)
	if len(file.Rules) != 1 {
		t.Fatalf("%d rules in %s, problems %v", len(file.Rules), text, file.Problems)
	}
	r := normalize.Normalize(file.Rules[0])
	if r.Broken {
		t.Fatalf("the rule is broken: %v", file.Problems)
	}
	return Examine(r)
}

func TestSigma(t *testing.T) {
	for _, tt := range []struct{ detection, want string }{
		// What contradicts itself.
		{"s: {EventType: a, Image: x}; t: {EventType: a}; condition: s and t", "implied a by a"},
		{`s: {Image: 'C:\x.exe'}; t: {Image: 'C:\y.exe'}; condition: s and t`, `never C:\x.exe by C:\y.exe whole`},
		{`s: {Image: ['C:\x.exe', 'C:\z.exe']}; t: {Image: 'C:\z.exe'}; condition: s and t`, `dead C:\x.exe by C:\z.exe`},
		{`s: {CommandLine|contains: [key, pem]}; t: {CommandLine: [/, '*/home/*']}; condition: s and t`, "dead / by key,pem"},
		{"s: {CommandLine|contains: key}; t: {CommandLine|contains: pem}; condition: s and t", ""},
		{"s: {CommandLine: a}; condition: s and not s", "swallowed a by a whole"},
		// What a value begins and ends with, together.
		{`s: {Image|startswith: 'C:\apps\', Image|endswith: '\x.exe'}; t: {Image: 'C:\\apps\\*.exe'}; condition: s and not t`, `swallowed C:\\apps\\*\\x.exe by C:\\apps\\*.exe whole`},
		{`s: {Image|startswith: 'C:\apps\', Image|endswith: '\x.com'}; t: {Image: 'C:\\apps\\*.exe'}; condition: s and not t`, ""},
		{`s: {CommandLine|startswith: 'ab', CommandLine|endswith: 'bc'}; t: {CommandLine: 'ab*bc'}; condition: s and not t`, ""},
		{`s: {CommandLine|startswith: 'ab', CommandLine|endswith: 'de'}; t: {CommandLine: 'a*e'}; condition: s and not t`, "swallowed ab*de by a*e whole"},
		{`s: {CommandLine|startswith: 'ab', CommandLine|endswith: 'bc'}; t: {CommandLine: 'ab*c'}; condition: s and not t`, "swallowed ab*bc by ab*c whole"},
		{"s: {CommandLine: a}; t: {User: b}; condition: (s and not s) or t", "dead a by a"},
		// Fields that the tables do not have may hold several values.
		{"s: {params: a}; t: {params: b}; condition: s and t", ""},
		{"s: {params: a}; condition: s and not s", "swallowed a by a whole"},
		// What an analyst takes for the same is not, as text.
		{"s: {IntegrityLevel: [High, S-1-16-12288]}; condition: s", ""},
		{`s: {Image: 'C:\windows\x.exe'}; f: {Image: '%SystemRoot%\x.exe'}; condition: s and not f`, ""},
		// Exclusions.
		{`s: {Image|endswith: '\a.exe'}; f: {Image|contains: a.exe}; condition: s and not f`, `swallowed \a.exe by a.exe whole`},
		{`s: {Image|endswith: ['\a.exe', '\b.exe']}; f: {Image|endswith: '\a.exe'}; condition: s and not f`, `swallowed \a.exe by \a.exe`},
		{`s: {Image|endswith: ['\a.exe', '\b.exe']}; f: {Image|endswith: ['\a.exe', '\b.exe']}; condition: s and not f`, `swallowed \a.exe by \a.exe,\b.exe whole`},
		{`s: {Image|endswith: '\a.exe'}; f: {Image|endswith: '\a.exe', User: u}; condition: s and not f`, ""},
		{`s: {Image|endswith: '\a.exe', User: u}; f: {Image|endswith: '\a.exe', User: u}; condition: s and not f`, `swallowed \a.exe by \a.exe,u whole`},
		{`s: {Image: '\a.exe'}; f: {Image|startswith: 'C:\'}; condition: s and not f`, `idle C:\ by \a.exe`},
		{`s: {Image|endswith: ['\a.exe', '\b.exe']}; f: {Image|endswith: '\c.exe', User: u}; condition: s and not f`, `idle \c.exe by \a.exe,\b.exe`},
		{`s: {User: u}; f: {Image|endswith: '\c.exe'}; g: {Image|endswith: '\b.exe'}; condition: s and not f and not g`, ""},
		{`s: {User: u}; f: {Image|startswith: 'C:\x\y\'}; g: {Image|startswith: 'C:\x\'}; condition: s and not 1 of f* and not g`, `covered C:\x\y\ by C:\x\`},
		{`s: {User: u}; f: {Image: 'C:\x'}; g: {Image: 'C:\x'}; condition: s and not f and not g`, `repeated C:\x by C:\x`},
		{"s: {DestinationIp: 1.1.1.1}; f: {SourceIp|cidr: [10.0.0.0/8, 10.1.0.0/16]}; condition: s and not f", ""},
		{"s: {DestinationIp|cidr: 192.168.0.0/16}; f: {DestinationIp|cidr: 10.0.0.0/8}; condition: s and not f", "idle 10.0.0.0/8 by 192.168.0.0/16"},
		{"s: {DestinationIp|cidr: 10.0.0.0/8}; f: {DestinationIp|cidr: 10.1.0.0/16}; condition: s and not f", ""},
		{`s: {Image|startswith: 'C:\Users\'}; f: {Image: 'C:\Program Files\\*.exe'}; condition: s and not f`, `idle C:\\Program Files\\*.exe by C:\Users\`},
		// What begins and ends with a text is what is between.
		{`s: {Image|startswith: 'C:\Program Files\x_', Image|endswith: '\a.exe'}; f: {Image: 'C:\Program Files\\*.exe'}; condition: s and not f`, `swallowed C:\\Program Files\\x_*\\a.exe by C:\\Program Files\\*.exe whole`},
		{`s: {Image|startswith: 'C:\Program Files\x_', Image|endswith: ['\a.exe', '\b.exe']}; f: {Image: '?:\Program Files\\*.exe'}; condition: s and not f`, `swallowed C:\\Program Files\\x_*\\a.exe by ?:\\Program Files\\*.exe whole`},
		{`s: {Image|startswith: 'C:\Program Files\x_', Image|endswith: ['\a.exe', '\b.dll']}; f: {Image: '?:\Program Files\\*.exe'}; condition: s and not f`, ""},
		{`s: {Image|startswith: 'C:\a', Image|endswith: 'a.exe'}; f: {Image: 'C:\a*a.exe'}; condition: s and not f`, ""},
		{`s: {Image|startswith: ['C:\Program Files\', 'D:\'], Image|endswith: '\a.exe'}; f: {Image: '?:\Program Files\\*.exe'}; condition: s and not f`, ""},
		// Lists.
		{"s: {CommandLine|contains: [foo, foobar]}; condition: s", "contained foobar by foo"},
		{"s: {CommandLine|contains: [foo, FOO]}; condition: s", "repeated FOO by foo"},
		{"s: {CommandLine|contains|cased: [foo, FOO]}; condition: s", ""},
		{"s: {CommandLine|contains|all: [wall, firewall]}; condition: s", "implied wall by firewall"},
		{"s: {CommandLine|contains: foobar}; t: {CommandLine|contains: [foo, x]}; condition: s and t", "implied foo by foobar"},
		{"s: {CommandLine|contains: foo}; t: {CommandLine|contains: [foobar, foox]}; condition: s and t", ""},
		{"s: {CommandLine|re: ['a+', 'a+']}; condition: s", "repeated a+ by a+"},
		{"s: {CommandLine|re: ['A', 'a']}; condition: s", ""},
		{"s: {CommandLine|base64offset|contains: [foo, foobar]}; condition: s", ""},
		{"s: {CommandLine|expand: ['%a%', '%b%']}; t: {CommandLine: c}; condition: s and t", ""},
		// Alternatives that ask for more than another one.
		{"s: {Image: a, CommandLine: b}; t: {Image: a}; condition: s or t", "within a by a"},
		{"s: {Image: a, CommandLine: b}; t: {Image: a, User: c}; condition: s or t", ""},
		{"s: {Image: a, CommandLine|contains: bc}; t: {Image: [a, d], CommandLine|contains: [b, x]}; condition: s or t", "within a by a,b"},
		{"s: {Image: [a, e], CommandLine|contains: bc}; t: {Image: [a, d], CommandLine|contains: [b, x]}; condition: s or t", ""},
		{"s: {Image: a, CommandLine: b}; t: {Image: a, CommandLine: b}; condition: s or t", "within a by a,b"},
		{"s: {Image: a, CommandLine: b}; t: {Image: a, CommandLine: c}; f: {User: u}; condition: s or (t and not f)", ""},
		{"s: {Image: a, CommandLine: b}; f: {User: u}; condition: (s and not f) or s", ""}, // s is needed where it stands alone
		// Alternatives that always hold.
		{"s: {Image: a}; f: {User: x}; g: {User: y}; condition: s and (not f or not g)", "always y by x"},
		{"s: {Image: a}; f: {User: x}; condition: s and (f or not f)", "always x by x"},
		{"s: {Image: a}; f: {User: x}; g: {User|contains: y}; condition: s and (not f or not g)", "always y by x"},
		{"s: {Image: a}; f: {User|contains: x}; g: {User|contains: y}; condition: s and (not f or not g)", ""},
		// What a selection says is told only where it is so everywhere it stands.
		{"s: {User: [x, y]}; t: {User: x}; u: {Image: z}; condition: (s and t) or (s and u)", ""},
		{"s: {User: [x, y]}; t: {User: x}; u: {Image: z}; condition: s and t and u", "dead y by x"},
		// Nothing is proved with nothing.
		{"s: {User: x}; f: {User: null}; condition: s and not f", ""},
		{"s: {User: null}; t: {User: x}; condition: s and t", "never  by x whole"},
		{"s: {User: ''}; t: {User: null}; condition: s and t", ""},
		{"s: [a, b]; t: [c]; condition: s and t", ""},
	} {
		text := "title: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a005\nlogsource: {product: windows, category: process_creation}\ndetection:\n    " +
			strings.ReplaceAll(tt.detection, "; ", "\n    ") + "\n"
		if got := told(examined(t, "r.yml", text)); got != tt.want {
			t.Errorf("%s\n  told %q\n  want %q", tt.detection, got, tt.want)
		}
	}
}

func TestElastic(t *testing.T) {
	for _, tt := range []struct{ language, query, want string }{
		{"eql", `process where process.name == "a" and process.name == "b"`, "never a by b whole"},
		{"eql", `process where process.name == "a" and process.name != "a"`, "swallowed a by a whole"},
		// == counts letter case, : does not.
		{"eql", `process where process.name : "a" and process.name != "a"`, ""},
		{"eql", `process where process.name : "a" and process.name != "A"`, ""},
		{"eql", `process where process.name == "A" and not process.name : "a"`, "swallowed A by a whole"},
		{"eql", `process where process.args == "a" and process.args == "b"`, ""},
		{"eql", `process where process.args == "a" and not process.args == "a"`, "swallowed a by a whole"},
		{"eql", `process where process.args == "a" and process.args != "a"`, ""},
		{"eql", `process where process.name in ("a", "b") and not process.name in ("c", "d")`, "idle c by a,b; idle d by a,b"},
		{"eql", `process where process.name != "a" or process.name != "b"`, "always b by a"},
		{"eql", `process where process.working_directory : ("/tmp/*", "/tmp/x/*")`, "contained /tmp/x/ by /tmp/"},
		// A name is the last part of a path on Windows.
		{"eql", `process where process.name : "cmd.exe" and not process.executable : "?:\\Windows\\System32\\conhost.exe"`, `idle ?:\\Windows\\System32\\conhost.exe by cmd.exe`},
		{"eql", `process where process.name : "cmd.exe" and not process.executable : "?:\\Windows\\System32\\cmd.exe"`, ""},
		{"eql", `process where process.name : "cmd.exe" and not process.executable : "?:\\Windows\\*.exe"`, ""},
		{"eql", `process where process.name : "cmd.exe" and not process.executable : "*\\cmd.exe"`, `swallowed cmd.exe by \cmd.exe whole`},
		{"eql", `process where process.name : "cmd.exe" and not process.executable : "*\\a\\cmd.exe"`, ""},
		{"eql", `process where process.executable : "C:\\Temp\\x.exe" and not process.name : "x.exe"`, `swallowed C:\Temp\x.exe by x.exe whole`},
		{"eql", `process where process.executable : "C:\\Temp\\*\\x.exe" and not process.name : "x*"`, `swallowed C:\\Temp\\*\\x.exe by x whole`},
		{"eql", `process where process.executable : "C:\\Temp\\x.exe" and not process.name == "x.exe"`, ""},
		{"eql", `process where process.executable : "C:\\Temp\\x.exe" and process.name : "y.exe"`, `never C:\Temp\x.exe by y.exe whole`},
		{"eql", `process where process.executable : "C:\\Temp\\x.exe" and process.parent.name : "y.exe"`, ""},
		{"eql", `process where process.executable : "C:\\Temp\\x.exe" and process.name : "x.exe"`, ""},
		{"eql", `process where process.executable : "/tmp/x.sh" and process.name : "y.sh"`, ""},
		// Bounds and networks.
		{"eql", `process where process.pid > 100 and process.pid < 50`, "never 100 by 50 whole"},
		{"eql", `process where process.pid > 50 and process.pid < 100`, ""},
		{"eql", `process where process.pid > 10 or process.pid <= 10`, "always 10 by 10"},
		{"eql", `process where process.pid > 20 or process.pid <= 10`, ""},
		{"kuery", `destination.port > 1000 and not destination.port : 80`, "idle 80 by 1000"},
		{"kuery", `destination.port > 1000 and not destination.port : 8080`, ""},
		{"kuery", `winlog.event_data.ProcessId > 1000 and not winlog.event_data.ProcessId : 80`, ""},
		{"eql", `network where cidrmatch(destination.ip, "192.168.0.0/16") and not cidrmatch(destination.ip, "10.0.0.0/8", "192.168.1.0/24")`, "idle 10.0.0.0/8 by 192.168.0.0/16"},
		{"eql", `process where process.executable : "C:\\Users\\*" and not process.executable : "?:\\Program Files\\*.exe"`, `idle ?:\\Program Files\\*.exe by C:\Users\`},
		{"eql", `process where process.executable : "C:\\Program Files\\a\\*" and not process.executable : "?:\\Program Files\\*.exe"`, ""},
		// Steps are about events of their own.
		{"eql", `sequence by host.id [process where process.name == "a"] [process where process.name == "b"]`, ""},
		{"eql", `sequence by host.id [process where process.name == "a" and process.name == "c"] [process where process.name == "b"]`, "never a by c whole"},
		{"kuery", `process.name : (a or b) and not process.name : a`, "swallowed a by a"},
		{"kuery", `process.name : a and not process.name : A`, ""},
		{"kuery", `event.category : process and event.category : network`, ""},
		// Words of a text that is taken apart are looked for one by one.
		{"kuery", `powershell.file.script_block_text : "a" and powershell.file.script_block_text : "b"`, ""},
		{"lucene", `process.name:a AND NOT process.name:a`, "swallowed a by a whole"},
		{"lucene", `process.name:a~ AND process.name:b`, ""},
		{"eql", `process where process.parent.name != "a" or process.parent.name != null`, ""},
		{"eql", `process where event.action == "fork" and event.action == "exec"`, ""},
		{"eql", `process where process.env_vars : "A=*" and process.env_vars : "B=*"`, ""},
		{"eql", `network where destination.ip == "::1" and destination.ip == "0:0:0:0:0:0:0:1"`, ""},
		{"eql", `network where destination.ip == "::1" and destination.ip == "::2"`, "never ::1 by ::2 whole"},
		{"esql", `from logs-* metadata _id, _version, _index | where process.name == "a" | enrich policy | where process.name == "b"`, ""},
		{"esql", `from logs-* metadata _id, _version, _index | where process.name == "a" and process.name == "b"`, "never a by b whole"},
		{"esql", `from logs-* | where process.name == "a" | stats n = count(*), process.name = values(process.name) by host.id | where process.name == "b"`, ""},
	} {
		kind := tt.language
		if kind == "kuery" || kind == "lucene" {
			kind = "query"
		}
		text := fmt.Sprintf("[metadata]\nmaturity = \"production\"\n[rule]\nname = \"T\"\nrule_id = \"6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01\"\nindex = [\"logs-*\"]\nlanguage = %q\ntype = %q\nquery = '''\n%s\n'''\n",
			tt.language, kind, tt.query)
		if got := told(examined(t, "rules/r.toml", text)); got != tt.want {
			t.Errorf("%s: %s\n  told %q\n  want %q", tt.language, tt.query, got, tt.want)
		}
	}
}

func TestSplunk(t *testing.T) {
	for _, tt := range []struct{ search, want string }{
		{`| tstats count from datamodel=Endpoint.Processes where Processes.process_name=a.exe Processes.process_name=b.exe by Processes.dest`, "never a.exe by b.exe whole"},
		{`| tstats count from datamodel=Endpoint.Processes where Processes.process="*x*" Processes.process IN ("*a*", "~/b") by Processes.dest`, "dead ~/b by x"},
		{`index=main (process_name!=a.exe OR process_name!=b.exe)`, "always b.exe by a.exe"},
		{`index=main process_name IN (a.exe, b.exe, a.exe)`, "repeated a.exe by a.exe"},
		// What is grouped is no longer one event, and holds several values.
		{`index=main EventCode=7 | stats values(ImageLoaded) as ImageLoaded by Image | search ImageLoaded=*\\a.dll ImageLoaded=*\\b.dll`, ""},
		{`index=main ImageLoaded=*\\a.dll | stats latest(ImageLoaded) as ImageLoaded by Image | search NOT ImageLoaded=*\\a.dll`, ""},
		{`index=main | stats count by user | where count > 5 AND count < 3`, ""},
		{`index=main | stats values(Image) as Image by user | search Image=a* | search Image=b*`, ""},
		// Commands that fill columns in, or choose rows by their number.
		{`index=main NOT process_name=* | fillnull value=b process_name | search process_name=b`, ""},
		{`index=main process_name=a | xmlkv | search process_name=b`, ""},
		{"index=main process_name=a | `of_another_app` | search process_name=b", ""},
		{`index=main process="*abc*" | head 10 | search process="*b*" process_name=a`, ""},
		{`index=main process_name=a | fields process_name | search process_name=b`, "never a by b whole"},
		// The subject and the target of a Windows event have fields of one name.
		{`index=main Account_Name=a Account_Name=b`, ""},
		{`index=main Account_Name=a NOT Account_Name=b`, ""},
		{`index=main ModifiedProperties{}.Name=a ModifiedProperties{}.Name=b`, ""},
		// != asks for the field, NOT does not.
		{`index=main NOT user=a user!=a`, "covered a by a"},
		{`index=main user!=a NOT user=a`, "covered a by a"},
		{`index=main NOT user=ab* user!=abc`, ""},
		{`index=main user!=ab* NOT user=abc`, "covered abc by ab"},
		{`index=main foo NOT CASE(foo)`, ""},
		{`index=main foo TERM(foo)`, ""},
		// A macro that is not known narrows what it stands beside.
		{"`sysmon` EventCode=1 Image=*\\\\a.exe NOT Image=*a.exe", `swallowed \a.exe by a.exe whole`},
		{"index=main `x` EventCode=1 Image=*\\\\a.exe NOT Image=*\\\\b.exe", `idle \b.exe by \a.exe`},
		{"(`x` OR index=main) Image=*\\\\a.exe NOT Image=*a.exe", `swallowed \a.exe by a.exe whole`},
		{"Image=*\\\\a.exe NOT (`x` Image=*a.exe)", ""},
		{"Image=*\\\\a.exe NOT (`x` OR Image=*a.exe)", ""},
		{"Image=*\\\\a.exe `x`", ""},
		{"Image=*\\\\a.exe NOT Image=*a.exe `x`", ""},
		{"`x` Image=*\\\\a.exe | `y` | search NOT Image=*a.exe", ""},
		{"index=main Image=*\\\\a.exe | `y` | search NOT Image=*a.exe", ""},
		// Engines that store numbers compare them as such.
		{`index=main EventCode=01 EventCode=1`, ""},
		{`index=main EventCode=0x1 EventCode=1`, ""},
		{`index=main EventCode=1 EventCode=2`, "never 1 by 2 whole"},
	} {
		text := "name: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11\ntype: TTP\nstatus: production\nsearch: >-\n  " + tt.search + "\ntags:\n  analytic_story: [X]\n"
		if got := told(examined(t, "detections/endpoint/r.yml", text)); got != tt.want {
			t.Errorf("%s\n  told %q\n  want %q", tt.search, got, tt.want)
		}
	}
}

func TestKusto(t *testing.T) {
	for _, tt := range []struct{ query, want string }{
		{`DeviceProcessEvents | where FileName =~ "a.exe" | where FileName =~ "b.exe"`, "never a.exe by b.exe whole"},
		{`DeviceProcessEvents | where FileName !startswith "ab" or FileName !startswith "ac"`, "always ac by ab"},
		{`DeviceProcessEvents | where FileName in~ ("a.exe", "b.exe") and FileName !~ "b.exe"`, "swallowed b.exe by b.exe"},
		{`DeviceProcessEvents | where FileName in~ ("a.exe", "b.exe") and FileName != "B.exe"`, ""},
		{`DeviceProcessEvents | where ProcessId > 10 and ProcessId < 5`, "never 10 by 5 whole"},
		{`DeviceProcessEvents | where ProcessId > 10 or ProcessId <= 10`, "always 10 by 10"},
		// What is changed to one case has none that counts.
		{`DeviceProcessEvents | where tolower(FileName) == "a.exe" and FileName != "a.exe"`, ""},
		{`DeviceProcessEvents | where FileName == "a.exe" and tolower(FileName) != "a.exe"`, "swallowed a.exe by a.exe whole"},
		{`DeviceProcessEvents | where tolower(FileName) == "A.exe" and tolower(FileName) != "A.exe"`, ""},
		// A term within another one is none.
		{`DeviceProcessEvents | where ProcessCommandLine has_any ("foo", "foobar")`, ""},
		{`DeviceProcessEvents | where ProcessCommandLine has "foobar" and not(ProcessCommandLine has "foo")`, ""},
		{`DeviceProcessEvents | where ProcessCommandLine contains "foobar" or ProcessCommandLine contains "foo"`, "contained foobar by foo"},
		{`_Im_Dns(domain_has_any=dynamic(["12.example.org", "2.example.org"]))`, ""},
		{`AuditLogs | where Properties has "a" | mv-expand Properties | where Properties !has "a"`, ""},
		{`DeviceProcessEvents | where FileName =~ "a.exe" | evaluate bag_unpack(AdditionalFields) | where FileName =~ "b.exe"`, ""},
		{`DeviceProcessEvents | where FileName =~ "a.exe" | summarize arg_max(Timestamp, *) by DeviceId | where FileName !~ "a.exe"`, ""},
		{`DeviceProcessEvents | where FileName =~ "a.exe" | join kind=inner (DeviceFileEvents | where FileName =~ "b.txt") on DeviceId`, ""},
		{`union (DeviceProcessEvents | where FileName =~ "a.exe"), (DeviceFileEvents | where FileName =~ "b.txt")`, ""},
	} {
		text := "id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01\nname: T\nkind: Scheduled\nseverity: Medium\nquery: |\n  " + tt.query + "\n"
		if got := told(examined(t, "Detections/r.yaml", text)); got != tt.want {
			t.Errorf("%s\n  told %q\n  want %q", tt.query, got, tt.want)
		}
	}
}

// TestBounded: a rule that is larger than what is looked at has no faults, and
// takes no time.
func TestBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("title: T\nlogsource: {product: windows, category: process_creation}\ndetection:\n  s:\n    CommandLine|contains:\n")
	for i := range 15_000 {
		fmt.Fprintf(&b, "    - 'x%dy'\n", i)
	}
	b.WriteString("    - 'x1y'\n  condition: s\n")
	if got := examined(t, "r.yml", b.String()); got != nil {
		t.Errorf("told %d faults", len(got))
	}
}

package advise

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// fitting is a rule of Sigma with a selection and one filter for each of some texts.
func fitting(t *testing.T, category, selection string, filters ...string) *normalize.Rule {
	t.Helper()
	text := "title: A Tool\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a081\nlogsource:\n    category: " + category + "\n    product: windows\n" +
		"detection:\n    selection: " + selection + "\n"
	for i, filter := range filters {
		text += "    filter_" + string(rune('a'+i)) + ": " + filter + "\n"
	}
	text += "    condition: selection"
	if len(filters) > 0 {
		text += " and not 1 of filter_*"
	}
	text += "\n"
	f := parsers.Parse("r.yml", []byte(text), nil)
	if len(f.Problems) > 0 {
		t.Fatal(f.Problems)
	}
	return normalize.Normalized(f.Rules)[0]
}

func TestFits(t *testing.T) {
	const library = `{ImageLoaded|endswith: '\a.dll'}`
	for _, tt := range []struct {
		name, category, selection string
		filters                   []string
		exclusion                 string
		want                      bool
	}{
		{"a program beside others", "image_load", library, []string{`{Image: 'C:\Windows\System32\a.exe'}`}, `process.executable eq ?:\windows\explorer.exe`, true},
		{"all of the folder of single programs", "image_load", library, []string{`{Image: 'C:\Windows\System32\a.exe'}`}, `process.executable startswith ?:\windows\system32\`, false},
		{"a folder where only programs are listed", "image_load", library, []string{`{Image: 'C:\Tools\a.exe'}`}, `process.executable startswith ?:\windows\system32\`, false},
		{"a folder beside one", "image_load", library, []string{`{Image|startswith: 'C:\Windows\System32\'}`}, `process.executable startswith ?:\windows\winsxs\`, true},
		{"a folder beside one of no certain place", "image_load", library, []string{`{Image|contains: '\Browser\'}`}, `process.executable startswith ?:\program files\`, false},
		{"a folder beside one, with a program of it", "image_load", library, []string{`{Image|startswith: 'C:\Windows\System32\'}`, `{Image: 'C:\Windows\WinSxS\x\a.exe'}`}, `process.executable startswith ?:\windows\winsxs\`, false},
		{"the twin of a folder", "image_load", library, []string{`{Image|startswith: 'C:\Windows\System32\'}`, `{Image: 'C:\Windows\SysWOW64\a.exe'}`}, `process.executable startswith ?:\windows\syswow64\`, true},
		{"a folder where certain names belong elsewhere", "process_creation", `{Image|endswith: ['\a.exe', '\b.exe']}`, []string{`{Image|startswith: 'C:\Windows\'}`}, `process.executable startswith ?:\program files\`, false},
		{"excluded with a second condition", "image_load", library, []string{`{Image: 'C:\Windows\explorer.exe', ImageLoaded: 'C:\a.dll'}`}, `process.executable eq ?:\windows\explorer.exe`, false},
		{"one of a list of names in a folder", "image_load", library, []string{`{Image|startswith: 'C:\Windows\', Image|endswith: '\a.exe'}`}, `process.executable eq ?:\windows\explorer.exe`, true},
		{"excluded by its name", "image_load", library, []string{`{Image|endswith: '\agent.exe'}`}, `process.executable eq ?:\program files\agent.exe`, false},
		{"another name than all that are looked for", "process_creation", `{Image|endswith: ['\a.exe', '\b.exe']}`, []string{`{ParentImage: 'C:\x.exe'}`}, `process.executable eq ?:\windows\explorer.exe`, false},
		{"one of the names that are looked for", "process_creation", `{Image|endswith: ['\a.exe', '\b.exe']}`, []string{`{ParentImage: 'C:\x.exe'}`}, `process.executable eq ?:\tools\b.exe`, true},
		{"another name than those in headers", "process_creation", `{OriginalFileName: ['WerMgr', 'b.exe']}`, []string{`{ParentImage: 'C:\x.exe'}`}, `process.executable eq ?:\windows\system32\werfault.exe`, false},
		{"any name where a path asks for none", "process_creation", "[{Image|endswith: '\\a.exe'}, {CommandLine|contains: x}]", []string{`{ParentImage: 'C:\x.exe'}`}, `process.executable eq ?:\windows\explorer.exe`, true},
		{"in a rule on renamed programs", "process_creation", "[{OriginalFileName: 'a.exe'}, {Product: 'A'}]", []string{`{Image|endswith: '\a.exe'}`}, `process.executable eq ?:\windows\explorer.exe`, false},
		{"the parent of a renamed program", "process_creation", `{OriginalFileName: 'a.exe'}`, []string{`{Image|endswith: '\a.exe'}`}, `process.parent.executable eq ?:\windows\explorer.exe`, true},
		{"another private network", "network_connection", `{DestinationPort: 1}`, []string{`{DestinationIp|cidr: '10.0.0.0/8'}`}, `destination.ip cidr fc00::/7`, true},
		{"a private network where all are left in", "network_connection", `{DestinationPort: 1}`, []string{`{DestinationIp|cidr: '127.0.0.0/8'}`}, `destination.ip cidr 10.0.0.0/8`, false},
		{"a network of the link beside the machine itself", "network_connection", `{DestinationPort: 1}`, []string{`{DestinationIp|cidr: '127.0.0.0/8'}`}, `destination.ip cidr fe80::/10`, true},
		{"a network where addresses are written out", "network_connection", `{DestinationPort: 1}`, []string{`{DestinationIp|startswith: '192.168.'}`}, `destination.ip eq ::1`, true},
		{"a network where none is excluded", "network_connection", `{DestinationPort: 1}`, []string{`{DestinationHostname: 'x'}`}, `destination.ip eq ::1`, false},
		{"a network of somebody", "network_connection", `{DestinationPort: 1}`, []string{`{DestinationIp|cidr: '10.0.0.0/8'}`}, `destination.ip cidr 192.18.0.0/15`, false},
		{"a network of examples", "network_connection", `{DestinationPort: 1}`, []string{`{DestinationIp|cidr: '10.0.0.0/8'}`}, `destination.ip cidr 192.0.2.0/24`, false},
		{"a private network beside one of the internet", "network_connection", `{DestinationPort: 1}`, []string{`{DestinationIp|cidr: '20.184.0.0/13'}`}, `destination.ip cidr 10.0.0.0/8`, true},
		{"an interpreter", "image_load", library, []string{`{Image: 'C:\Windows\System32\a.exe'}`}, `process.executable eq ?:\windows\system32\cmd.exe`, false},
		{"no address on Windows", "network_connection", `{DestinationPort: 1}`, []string{`{DestinationIp|cidr: '127.0.0.0/8'}`}, `destination.ip eq 0.0.0.0`, false},
		{"a private network where nothing is excluded", "network_connection", `{DestinationPort: 1}`, nil, `destination.ip cidr 10.0.0.0/8`, true},
		{"a folder where nothing is excluded", "image_load", library, nil, `process.executable startswith ?:\windows\system32\`, true},
		{"a folder where certain names are looked for", "process_creation", `{Image|endswith: '\a.exe'}`, nil, `process.executable startswith ?:\windows\system32\`, false},
		{"more than what is set aside", "network_connection", `{DestinationPort: 1}`, []string{`{DestinationIp|cidr: '10.0.0.0/8'}`}, `destination.ip cidr 0.0.0.0/0`, false},
		{"a user", "process_creation", `{Image|endswith: '\a.exe'}`, []string{`{User: 'x'}`}, `user.name eq y`, true},
		{"a user who is excluded on a machine", "process_creation", `{Image|endswith: '\a.exe'}`, []string{`{User: 'y', Computer: 'z'}`}, `user.name eq y`, false},
	} {
		r := fitting(t, tt.category, tt.selection, tt.filters...)
		if got := Fits(r, key(t, tt.exclusion)); got != tt.want {
			t.Errorf("%s: %t, expected %t", tt.name, got, tt.want)
		}
	}
}

// A private network is only had at will where a rule leaves it in.
func TestInside(t *testing.T) {
	for _, tt := range []struct {
		filters   []string
		exclusion string
		want      bool
	}{
		{[]string{`{DestinationIp|cidr: '127.0.0.0/8'}`}, `destination.ip cidr 10.0.0.0/8`, true},
		{[]string{`{DestinationIp|cidr: '127.0.0.0/8'}`}, `destination.ip cidr fe80::/10`, false},
		{[]string{`{DestinationIp|cidr: '192.168.0.0/16'}`}, `destination.ip cidr 10.0.0.0/8`, false},
		{[]string{`{DestinationHostname: 'x'}`}, `destination.ip cidr 10.0.0.0/8`, false},
		{nil, `destination.ip cidr 10.0.0.0/8`, false},
	} {
		r := fitting(t, "network_connection", `{DestinationPort: 1}`, tt.filters...)
		if got := isInside(r, key(t, tt.exclusion)); got != tt.want {
			t.Errorf("%s beside %v: %t, expected %t", tt.exclusion, tt.filters, got, tt.want)
		}
	}
}

func TestPlaces(t *testing.T) {
	for _, tt := range []struct {
		path            string
		below, writable bool
	}{
		{`?:\programdata\`, true, true},
		{`?:\programdata\a product\`, true, false},
		{`?:\\users\\*\\appdata\\local\\`, true, true},
		{`?:\windows\tasks\`, true, false},
		{`?:\windows\system32\`, false, false},
		{`/tmp/`, true, true},
		{`/home/*/`, true, true},
		{`/opt/tmp.d/`, false, false},
		{`/proc/self/exe`, true, false},
		{`/dev/fd/`, true, false},
		{`/usr/bin/`, false, false},
	} {
		if got := BelowWritable(tt.path); got != tt.below {
			t.Errorf("%s lies below a folder that users may write to: %t", tt.path, got)
		}
		folder := strings.ReplaceAll(strings.TrimPrefix(tt.path, `?:`), `\\`, `\`)
		if got := Writable(folder); got != tt.writable {
			t.Errorf("%s is a folder that users may write to: %t", tt.path, got)
		}
	}
}

func TestTools(t *testing.T) {
	for text, want := range map[string]bool{
		`process.executable eq ?:\windows\system32\cmd.exe`:                         true,
		`process.executable eq /usr/bin/python3.11`:                                 true,
		`process.executable startswith /usr/libexec/platform-python`:                true,
		`process.executable startswith ?:\program files\java\`:                      false,
		`process.name eq rundll32.exe`:                                              true,
		`process.executable eq ?:\windows\explorer.exe`:                             false,
		`process.executable wildcard /var/lib/containers/storage/overlay/*/dockerd`: false,
		`user.name eq bash`: false,
	} {
		if got := Tool(key(t, text)); got != want {
			t.Errorf("%s: %t, expected %t", text, got, want)
		}
	}
}

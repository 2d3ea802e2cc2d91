package advise

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// excluding is a catalog of rules on an event, each of which excludes some things,
// written with "and" between those of one clause. They look for a marker and for where
// some programs are.
func excluding(t testing.TB, events []normalize.Event, rules ...[]string) *catalog.Catalog {
	t.Helper()
	b := catalog.NewBuilder("2026-01")
	source := b.AddSource(catalog.Source{Name: "test", Vendor: rule.Sigma, URL: "https://example.org/rules"})
	for i, exclusions := range rules {
		r := catalog.Rule{
			Source: source, Vendor: rule.Sigma, Language: "sigma", ID: fmt.Sprintf(other, i+40), Title: fmt.Sprintf("marker %d", i), Path: fmt.Sprintf("%d.yml", i),
			Events: events, Techniques: []string{"T1059.001"},
			Indicators: []normalize.Key{
				key(t, "process.command_line contains marker"), key(t, `process.parent.executable contains \x\`),
				key(t, `process.executable eq ?:\windows\system32\tool.exe`), key(t, `dll.path contains \x\`), key(t, "destination.port eq 1"),
				key(t, "process.code_signature.trusted eq true"), key(t, "process.code_signature.subject_name eq nobody"), key(t, "event.outcome eq success"),
			},
		}
		for _, e := range exclusions {
			var clause []normalize.Key
			for one := range strings.SplitSeq(e, " and ") {
				clause = append(clause, key(t, one))
			}
			r.Exclusions = append(r.Exclusions, clause)
		}
		b.Add(r)
	}
	var data strings.Builder
	if _, err := b.WriteTo(&data); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data.String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func normalized(t testing.TB, name, text string) *normalize.Rule {
	t.Helper()
	f := parsers.Parse(name, []byte(text), nil)
	if len(f.Problems) > 0 || len(f.Rules) != 1 {
		t.Fatalf("not one rule: %v", f.Problems)
	}
	return normalize.Normalize(f.Rules[0])
}

// detection is a rule of Sigma on windows, with a selection and filters.
func detection(t testing.TB, logsource, selections string) *normalize.Rule {
	t.Helper()
	return normalized(t, "r.yml", "title: Marker\nid: "+self+"\nstatus: test\ntags:\n    - attack.t1059.001\nlogsource: "+logsource+"\ndetection:\n"+selections+"\n")
}

// eql is a rule of Elastic in EQL.
func eql(t testing.TB, query string) *normalize.Rule {
	t.Helper()
	return normalized(t, "r.toml", "[rule]\nname = \"Marker\"\nrule_id = \""+self+"\"\ntype = \"eql\"\nlanguage = \"eql\"\nindex = [\"logs-endpoint.events.*\"]\nquery = '''\n"+query+"\n'''\n")
}

// TestRefused: what a rule rules out, what its system and events do not have, and what
// would leave nothing of it is suggested in no spelling.
func TestRefused(t *testing.T) {
	events := []normalize.Event{{Provider: "Sysmon", Event: "1"}, {Provider: "Sysmon", Event: "7"}, {Provider: "Elastic-Defend", Event: "process"}, {Provider: "Elastic-Defend", Event: "network"}}
	list := []string{
		`process.executable eq ?:\windows\system32\other.exe`, `process.executable eq /usr/bin/daemon`, `process.executable startswith ?:\program files\`,
		`process.executable startswith ?:\windows\system32\`, `process.executable eq ?:\windows\system32\tool.exe`, `destination.ip eq ::1`, `event.outcome eq success`, `user.name eq %admins%`,
		`process.parent.executable eq ?:\program files\a\agent.exe`,
	}
	odd := []string{`process.executable endswith other.exe`, `process.executable contains third.exe`, `process.executable contains \other.exe`, `process.executable wildcard *\\sys*\\other.exe`, `process.executable wildcard ?:\\program files\\*.exe`}
	advisor := New(excluding(t, events, append(slices.Clone(list), odd...), append(slices.Clone(list), odd...), list))
	const windows, load = "{category: process_creation, product: windows}", "{category: image_load, product: windows}"
	for _, tt := range []struct {
		name    string
		rule    *normalize.Rule
		refused []string // parts of what is not suggested
		kept    []string // parts of what is
	}{
		{
			"one name", detection(t, windows, "    s: {Image|endswith: '\\tool.exe', CommandLine|contains: marker}\n    condition: s"),
			[]string{"other.exe", "third.exe", "/usr/bin/daemon", `system32\ `, `tool.exe`, "destination", "outcome", "admins"},
			[]string{"agent.exe"},
		},
		{
			"one of several names", detection(t, windows, "    s: {Image|endswith: ['\\tool.exe', '\\other.exe'], CommandLine|contains: marker}\n    condition: s"),
			[]string{"daemon", "tool.exe", "other.exe"},
			[]string{"agent.exe"},
		},
		{
			"another name on one path only", detection(t, windows, "    s: {Image|endswith: '\\tool.exe'}\n    t: {CommandLine|contains: marker}\n    condition: s or t"),
			[]string{"daemon", "tool.exe"},
			[]string{"other.exe"},
		},
		{
			"the name in the header", detection(t, windows, "    s: {OriginalFileName: 'TOOL.EXE', CommandLine|contains: marker}\n    condition: s"),
			[]string{"other.exe"},
			[]string{"tool.exe"},
		},
		{
			"a name by a regular expression", detection(t, windows, "    s: {Image|re: '.*\\\\(tool|fool)\\.exe$', CommandLine|contains: marker}\n    condition: s"),
			[]string{"other.exe"},
			[]string{"agent.exe"},
		},
		{
			"another folder", detection(t, windows, "    s: {Image|startswith: 'C:\\Users\\', CommandLine|contains: marker}\n    condition: s"),
			[]string{"other.exe", `program files\ `, `*.exe`, `system32\ `, `tool.exe`},
			[]string{"agent.exe"},
		},
		{
			"the folder of Windows", detection(t, windows, "    s: {Image|startswith: 'C:\\Windows\\', CommandLine|contains: marker}\n    condition: s"),
			[]string{`startswith ?:\windows\system32\ `, `program files\ `},
			[]string{"other.exe"},
		},
		{
			"all of the folder", detection(t, windows, "    s: {Image|startswith: 'C:\\Program Files\\A\\a_', Image|endswith: '\\b.exe', CommandLine|contains: marker}\n    condition: s"),
			[]string{`program files\ `, `*.exe`},
			[]string{"agent.exe"},
		},
		{
			"copies of a program elsewhere", detection(t, windows, "    s: {Image|endswith: '\\tool.exe', CommandLine|contains: marker}\n    f: {Image|startswith: 'C:\\Windows\\SysWOW64\\'}\n    condition: s and not f"),
			[]string{"other.exe"},
			[]string{`startswith ?:\windows\system32\`},
		},
		{
			"excluded with all of its folder", detection(t, load, "    s: {CommandLine|contains: marker}\n    f: {Image|startswith: 'C:\\Windows\\'}\n    condition: s and not f"),
			[]string{"other.exe", "tool.exe", "system32"},
			[]string{`program files`},
		},
		{
			"another system", eql(t, `process where host.os.type == "linux" and process.command_line : "*marker*"`),
			[]string{`\`},
			[]string{"/usr/bin/daemon"},
		},
		{
			"a sequence without connections", eql(t, "sequence by process.entity_id\n [process where host.os.type == \"windows\" and process.command_line : \"*marker*\"]\n [library where dll.path : \"*\\\\x\\\\*\"]"),
			[]string{"destination", "daemon"},
			[]string{"agent.exe"},
		},
		{
			"another program in a step of a sequence", eql(t, "sequence by process.entity_id\n [process where process.name : \"tool.exe\"]\n [library where dll.path : \"*\\\\x\\\\*\"]"),
			[]string{"other.exe", "tool.exe"},
			[]string{"agent.exe"},
		},
		{
			"a step of any class that names it", eql(t, "sequence by process.entity_id\n [any where event.category : (\"library\", \"dll\") and dll.path : \"*\\\\x\\\\*\"]\n [process where process.command_line : \"*marker*\"]"),
			[]string{"destination"},
			[]string{"agent.exe"},
		},
		{
			"a sequence with a connection", eql(t, "sequence by process.entity_id\n [process where process.name : \"tool.exe\" and process.command_line : \"*marker*\"]\n [network where process.name : \"other.exe\" and destination.port == 1]"),
			nil,
			[]string{"destination.ip"},
		},
	} {
		got := names(advisor.Of(tt.rule).Exclusions)
		for i := range got {
			got[i] += " "
		}
		has := func(part string) bool {
			return slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, part) })
		}
		for _, part := range tt.refused {
			if has(part) {
				t.Errorf("%s: %q is suggested: %q", tt.name, part, got)
			}
		}
		for _, part := range tt.kept {
			if !has(part) {
				t.Errorf("%s: %q is not suggested: %q", tt.name, part, got)
			}
		}
	}
}

// TestChosen: whoever the rule is after has a say in what is compared.
func TestChosen(t *testing.T) {
	for s, want := range map[string]bool{
		`service.image_path contains :\programdata\`:                           true,
		`service.image_path startswith ?:\windows\`:                            true,
		`service.image_path startswith ?:\program files\vendor\`:               false,
		`process.executable startswith ?:\windows\`:                            true,
		`process.executable startswith ?:\program file`:                        true,
		`user_agent.original contains terraform`:                               true,
		`aws.cloudtrail.user_identity.arn contains terraform`:                  true,
		`aws.cloudtrail.user_identity.arn eq arn:aws:iam::1:role/x`:            false,
		`user.name endswith $`:                                                 true,
		`user.name contains authori`:                                           false,
		`user.name eq backup`:                                                  false,
		`process.parent.command_line eq runc init`:                             true,
		`process.command_line eq ?:\windows\system32\svchost.exe -k x`:         false,
		`process.command_line eq `:                                             true,
		`dns.question.name contains microsoft.com`:                             true,
		`dns.question.name endswith microsoft.com`:                             true,
		`dns.question.name endswith .microsoft.com`:                            false,
		`process.working_directory contains \temp\`:                            true,
		`process.pe.original_file_name eq setup.exe`:                           true,
		`process.code_signature.subject_name eq a vendor`:                      false,
		`dll.code_signature.exists eq true`:                                    true,
		`registry.data.strings contains a`:                                     true,
		`registry.data.strings eq dword:1`:                                     false,
		`process.parent.executable startswith ?:\windows\system32\`:            false,
		`process.parent.executable wildcard ?:\\windows\\*`:                    true,
		`process.parent.executable wildcard ?:\\windows\\system32\\*\\svc.exe`: false,
	} {
		if got := Bypassable(key(t, s)); got != want {
			t.Errorf("%s: bypassable is %v, expected %v", s, got, want)
		}
	}
}

// TestCounts: what is said to be counted is what was counted.
func TestCounts(t *testing.T) {
	events := []normalize.Event{{Provider: "Sysmon", Event: "1"}}
	parent := `process.parent.executable eq ?:\program files\own\own.exe`
	a, b, name := `process.executable eq ?:\program files\p\p.exe`, `process.executable eq ?:\program files\q\p.exe`, `process.name eq p.exe`
	advisor := New(excluding(t, events, []string{parent, a}, []string{parent, a}, []string{parent, name}, []string{`process.parent.name eq own.exe`, b}, []string{parent, `user.id eq s-1-5-18`}, []string{`user.id eq s-1-5-18`}))
	r := detection(t, "{category: process_creation, product: windows}", "    s: {CommandLine|contains: marker}\n    f: {ParentImage: 'C:\\Program Files\\own\\own.exe'}\n    condition: s and not f")
	for _, e := range advisor.Of(r).Exclusions {
		switch text(e.Key) {
		case a:
			if e.Rules != 4 || e.Here != 2 || e.Counts != anyPath || e.Support.Together == nil || e.Support.Together.Share != (Share{4, 5}) || e.Support.Together.Counts != anyPath {
				t.Errorf("%s: %+v %+v", text(e.Key), e, e.Support.Together)
			}
		case `user.id eq s-1-5-18`:
			if e.Rules != 2 || e.Here != 2 || e.Counts != "" {
				t.Errorf("%s: %+v", text(e.Key), e)
			}
		}
	}
	if got := names(advisor.Of(r).Suggested()); !slices.Equal(got, []string{a, `user.id eq s-1-5-18`}) {
		t.Errorf("suggested: %q", got)
	}
	// A place that a single rule knows is suggested to nobody.
	advisor = New(excluding(t, events, []string{parent, a}, []string{parent, name}, []string{parent, name}, []string{parent}))
	if got := advisor.Of(r).Suggested(); len(got) > 0 {
		t.Errorf("suggested: %q", names(got))
	}
	for _, tt := range [][3]string{{"", "", ""}, {anyPath, "", anyPath}, {"", anyPath, "this " + anyPath}, {anyPath, anyPath, "both " + anyPath}, {anySpelling, anyPath, "both " + anySpelling}} {
		if got := CountsOfBoth(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%q and %q: %q, expected %q", tt[0], tt[1], got, tt[2])
		}
	}
}

// TestGeneral: where several rules exclude several programs that have a folder, a
// signer or a parent in common, that is offered in their place.
func TestGeneral(t *testing.T) {
	events := []normalize.Event{{Provider: "Sysmon", Event: "1"}}
	programs := []string{"a", "b", "c"}
	single := func(folder string) (rules [][]string) {
		for _, p := range programs {
			rules = append(rules, []string{`process.executable eq ` + folder + p + `.exe`, `process.executable eq ` + folder + programs[0] + `.exe`})
		}
		return rules
	}
	with := func(what string) (rules [][]string) {
		for _, p := range programs {
			rules = append(rules, []string{`process.name eq ` + p + `.exe and ` + what, `process.executable eq ?:\tools\` + programs[0] + `.exe`})
		}
		return rules
	}
	r := detection(t, "{category: process_creation, product: windows}", "    s: {CommandLine|contains: marker}\n    f: {User: x}\n    condition: s and not f")
	for name, tt := range map[string]struct {
		rules [][]string
		want  string
		kind  string
	}{
		"a folder of a vendor":         {single(`?:\program files\vendor\`), `process.executable startswith ?:\program files\vendor\`, folderGroup},
		"a folder of a product":        {single(`?:\program files\microsoft\product\`), `process.executable startswith ?:\program files\microsoft\product\`, folderGroup},
		"a folder of the system":       {single(`?:\windows\system32\`), "", ""},
		"a folder that all may write":  {single(`?:\programdata\vendor\`), "", ""},
		"a folder of many vendors":     {single(`?:\program files\common files\`), "", ""},
		"a folder with an interpreter": {append(single(`?:\program files\vendor\`), []string{`process.executable eq ?:\program files\vendor\python3.exe`}), "", ""},
		"two rules":                    {single(`?:\program files\vendor\`)[:2], "", ""},
		"a signer":                     {with(`process.code_signature.subject_name eq a vendor`), `process.code_signature.subject_name eq a vendor`, signerGroup},
		"the signer of the system":     {with(`process.code_signature.subject_name eq microsoft windows`), "", ""},
		"a parent":                     {with(`process.parent.executable eq ?:\program files\vendor\agent.exe`), `process.parent.executable eq ?:\program files\vendor\agent.exe`, parentGroup},
		"a parent that runs anything":  {with(`process.parent.executable eq ?:\windows\system32\wscript.exe`), "", ""},
		"a parent by its name":         {with(`process.parent.name eq agent.exe`), "", ""},
	} {
		a := New(excluding(t, events, tt.rules...)).Of(r)
		if tt.want == "" {
			if len(a.General) > 0 {
				t.Errorf("%s: %q", name, names(a.General))
			}
			continue
		}
		if len(a.General) != 1 || text(a.General[0].Key) != tt.want || a.General[0].Group.Kind != tt.kind || a.General[0].Group.Rules != 3 || a.General[0].Group.Programs != 3 {
			t.Errorf("%s: %+v", name, a.General)
			continue
		}
		if tt.kind == folderGroup {
			one := detection(t, "{category: process_creation, product: windows}", "    s: {CommandLine|contains: marker}\n    f: {Image: '"+strings.Replace(strings.TrimPrefix(tt.want, "process.executable startswith "), "?", "C", 1)+"z.exe'}\n    condition: s and not f")
			if a := New(excluding(t, events, tt.rules...)).Of(one); len(a.General) > 0 {
				t.Errorf("%s: offered to a rule that lists single programs of it: %q", name, names(a.General))
			}
		}
		if got := names(a.Suggested()); !slices.Contains(got, tt.want) || tt.kind == folderGroup && len(got) != 1 {
			t.Errorf("%s: suggested %q", name, got)
		}
	}
}

// TestTakesIn: what another exclusion takes in has no place beside it.
func TestTakesIn(t *testing.T) {
	for _, tt := range []struct {
		better, other string
		want          bool
	}{
		{`process.executable startswith ?:\a\`, `process.executable eq ?:\a\b.exe`, true},
		{`process.executable wildcard ?:\\a\\*.exe`, `process.executable startswith ?:\a\b\`, true},
		{`process.executable wildcard ?:\\a\\*\\c.exe`, `process.executable startswith ?:\a\b\`, false},
		{`process.executable startswith ?:\a\`, `process.parent.executable eq ?:\a\b.exe`, false},
		{`process.executable eq ?:\a\b.exe`, `process.executable startswith ?:\a\`, false},
		{`user.name eq a`, `user.name eq a`, true},
	} {
		if got := takesIn(key(t, tt.better), key(t, tt.other)); got != tt.want {
			t.Errorf("%s takes in %s: %t, expected %t", tt.better, tt.other, got, tt.want)
		}
	}
}

package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var bypassableExclusionCheck = &Check{
	ID:       "bypassable-exclusion",
	Severity: Warning,
	Summary:  "An attacker can have what the exclusion asks for, and pass unseen",
	Rationale: `An exclusion is a promise that nothing bad looks like this. It does not hold where the attacker chooses what it looks at:

- a folder that every user can write to, whatever stands in it: ` + "`C:\\ProgramData\\`, `\\AppData\\Local\\Temp\\`, `/tmp/`" + `;
- a folder of the system that may stand anywhere: ` + "`contains '\\Windows\\System32\\'`" + ` also passes over
  ` + "`C:\\Users\\Public\\Windows\\System32\\evil.exe`" + `;
- a path or a program that a command line mentions: anybody can add it as an argument that means nothing;
- a part of the name of a host: ` + "`contains 'example.com'`" + ` is in ` + "`example.com.evil.net`" + `, too;
- a file name without a folder or a signer, in rules of the levels high and critical, where public rules exclude the same
  program by its path, and what a client says of itself (its user agent), unless that is what the rule is about; the latter is a note below a warning.

Only exclusions that rest on that alone are reported; together with something that the attacker does not choose, such as a
signer, a parent in a folder of the system or an account, each of them is fine. File names are left alone in rules that
compare them with what the file really is (its original name, its hash), since there the name is the point, and retired rules are left alone.

Ask for the beginning of the path, for a signer, or for the parent that starts the program.`,
	Bad: `title: Library Loaded From An Odd Place
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a025
status: test
logsource:
    category: image_load
    product: windows
detection:
    selection:
        ImageLoaded|endswith: '\a-library-that-nobody-uses.dll'
    filter_main_system:
        Image|contains: '\Windows\System32\'
    condition: selection and not 1 of filter_main_*
level: high
`,
	Good: `title: Library Loaded From An Odd Place
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a025
status: test
logsource:
    category: image_load
    product: windows
detection:
    selection:
        ImageLoaded|endswith: '\a-library-that-nobody-uses.dll'
    filter_main_system:
        Image|startswith: 'C:\Windows\System32\'
    condition: selection and not 1 of filter_main_*
level: high
`,
	More: func() []Example {
		return []Example{
			inEQL("Started By A Service", `process where process.name : "example-tool.exe" and not process.parent.executable : "?:\\ProgramData\\*"`,
				`process where process.name : "example-tool.exe" and not process.parent.executable : "?:\\Program Files\\Vendor\\service.exe"`),
			inKuery("Started By A Service", `process.name : "example-tool.exe" and not process.parent.executable : *\\Windows\\System32\\*`,
				`process.name : "example-tool.exe" and not process.parent.executable : C\:\\Windows\\System32\\*`),
			inESQL("Started By A Service", `| where to_lower(process.name) == "example-tool.exe" and not starts_with(process.parent.executable, "C:\\ProgramData\\")`,
				`| where to_lower(process.name) == "example-tool.exe" and not starts_with(process.parent.executable, "C:\\Program Files\\Vendor\\")`),
			inSPL("Started By A Service", `Processes.process_name="example-tool.exe" NOT Processes.parent_process_path="*\\Windows\\System32\\*"`,
				`Processes.process_name="example-tool.exe" NOT Processes.parent_process_path="C:\\Windows\\System32\\*"`),
			inKQL("Started By A Service", "| where FileName =~ \"example-tool.exe\"\n  | where InitiatingProcessFolderPath !startswith @\"C:\\ProgramData\\\"",
				"| where FileName =~ \"example-tool.exe\"\n  | where InitiatingProcessFolderPath !startswith @\"C:\\Program Files\\Vendor\\\""),
		}
	},
	Rule: bypassableExclusion,
}

// weakness is why an exclusion can be had by an attacker, with the value that
// shows it.
type weakness uint8

const (
	noWeakness weakness = iota
	writableFolder
	folderAnywhere
	mentioned
	nameAlone
	hostAnywhere
	clientSays
)

func bypassableExclusion(p *Pass) {
	if p.Kind != rule.Detection || p.Broken || len(p.Exclusions) == 0 || normalize.Retired(p.Status.Value, p.Path()) {
		return
	}
	var order []weakness
	weak := map[weakness][]*normalize.Predicate{}
	for _, clause := range p.Exclusions {
		if len(clause) != 1 {
			continue // something else has to hold as well
		}
		e := &p.Predicates[clause[0]]
		if e.Derived || e.Selector || !e.Negated {
			continue
		}
		w := p.weakness(e)
		if w == noWeakness {
			continue
		}
		if weak[w] == nil {
			order = append(order, w)
		}
		weak[w] = append(weak[w], e)
	}
	if len(weak[writableFolder]) >= manyFolders {
		delete(weak, writableFolder)
		delete(weak, folderAnywhere)
	}
	for _, w := range order {
		if len(weak[w]) > 0 {
			p.bypassable(w, weak[w])
		}
	}
}

// manyFolders is how many folders that every user can write to are excluded on
// purpose: a rule that leaves all of them out leaves them to another rule.
const manyFolders = 3

// places are further fields that say where a program is, or where it is started.
var places = map[string]bool{
	"process.working_directory": true, "process.parent.working_directory": true, "service.image_path": true, "firewall.application_path": true,
}

// executables are the fields that hold where a program or a library is.
var executables = map[string]bool{
	"process.executable": true, "process.parent.executable": true, "dll.path": true, "target.process.executable": true,
}

func (p *Pass) weakness(e *normalize.Predicate) weakness {
	switch k := e.Key; {
	case executables[k.Field]:
		folder, anchored, whole := folderOf(k)
		switch {
		case whole && advise.Writable(folder):
			return writableFolder
		case !anchored && isSystemFolder(folder):
			return folderAnywhere
		}
	case places[k.Field]:
		if folder, _, whole := folderOf(k); whole && advise.Writable(folder) {
			return writableFolder
		}
	case fieldKinds[k.Field] == hostName:
		if k.Operator == rule.Contains && hostWithin.MatchString(k.Value) {
			return hostAnywhere
		}
	case k.Field == "user_agent.original":
		if k.Operator != rule.Exists && k.Value != "" && p.isSevere() && !p.asksFor(k.Field) && !agent.MatchString(p.Title.Value) {
			return clientSays
		}
	case k.Field == "process.command_line" && (k.Operator == rule.Contains || k.Operator == rule.Wildcard):
		if mentionsFile(k.Value) && !p.namesProgramIn(k.Value) {
			return mentioned
		}
	case (k.Field == "process.name" || k.Field == "process.parent.name") && k.Operator == rule.Eq && p.isSevere():
		if _, ok := p.linter.wholePath(p.Catalog, k); ok && !(k.Field == "process.name" && p.knowsPrograms()) && !(k.Field != "process.name" && (p.asksFor(k.Field) || p.asksFor("process.parent.executable"))) {
			return nameAlone
		}
	}
	return noWeakness
}

// isSevere reports whether the rule is one of the levels high and critical.
func (p *Pass) isSevere() bool { return p.Level == rule.LevelHigh || p.Level == rule.LevelCritical }

// asksFor reports whether the rule looks for values of a field.
func (p *Pass) asksFor(field string) bool {
	return slices.ContainsFunc(p.Predicates, func(e normalize.Predicate) bool {
		return !e.Negated && e.Operator != rule.Exists && e.Key.Field == field
	})
}

// agent is in the title of a rule that looks for what is no usual user agent.
var agent = regexp.MustCompile(`(?i)user[ -]?agent`)

// hostWithin is the name of a host with its domain, and without a dot behind it.
var hostWithin = regexp.MustCompile(`^[\w.-]*\w\.[a-z]{2,}$`)

// folderOf is the path that a comparison asks for, without drive and wildcards
// at its ends: whether it says where the path begins, and whether everything
// below the folder is meant.
func folderOf(k normalize.Key) (folder string, anchored, whole bool) {
	v := k.Value
	switch k.Operator {
	case rule.StartsWith:
		anchored, whole = true, true
	case rule.Contains:
		whole = true
	case rule.EndsWith:
	case rule.Wildcard:
		v = strings.ReplaceAll(v, `\\`, `\`)
		anchored = !strings.HasPrefix(v, "*")
		whole = strings.HasSuffix(v, "*")
		v = strings.TrimSuffix(v, "*")
		if strings.HasSuffix(v, `\*.exe`) {
			v, whole = strings.TrimSuffix(v, "*.exe"), true
		}
		v = strings.TrimPrefix(v, "*")
	default:
		return "", true, false
	}
	if len(v) > 1 && v[1] == ':' { // a drive
		v, anchored = v[2:], true
	}
	if strings.HasPrefix(v, ":") {
		v, anchored = v[1:], true
	}
	return v, anchored, whole && (strings.HasSuffix(v, `\`) || strings.HasSuffix(v, "/"))
}

// isSystemFolder reports whether a path begins with a folder that only
// administrators can write to, where that stands at the root of a drive.
func isSystemFolder(path string) bool {
	path = strings.TrimPrefix(path, `\`)
	for _, folder := range []string{`windows`, `program files`, `program files (x86)`, `system32`, `syswow64`} {
		if strings.HasPrefix(path, folder+`\`) && !strings.HasPrefix(path, `windows\temp`) {
			return true
		}
	}
	return false
}

// file is a path with two folders or more, or of a program, in a command line.
var file = regexp.MustCompile(`[\w)]\\[\w.]+\\|\\[\w.-]+\.exe\b|(^|[ "'=])/\w[\w.-]*/\w[\w.-]*/`)

// notFile are texts that look like paths.
var notFile = regexp.MustCompile(`://|^\\*hk|currentversion|\\software\\|\\system\\|\\\\\*`)

// maxBlanks is how many blanks a text may have that is a part of a command and
// not all of it.
const maxBlanks = 3

// mentionsFile reports whether a part of a command line vouches for a program or
// a folder.
func mentionsFile(text string) bool {
	return file.MatchString(text) && !notFile.MatchString(text) && strings.Count(strings.Trim(text, " "), " ") <= maxBlanks
}

// namesProgramIn reports whether a text has the name of a program that the rule
// looks for: it then says how that is started.
func (p *Pass) namesProgramIn(text string) bool {
	return slices.ContainsFunc(p.Predicates, func(e normalize.Predicate) bool {
		if e.Negated || e.Key.Field != "process.name" && e.Key.Field != "process.executable" || e.Key.Operator != rule.Eq && e.Key.Operator != rule.EndsWith {
			return false
		}
		name := e.Key.Value[strings.LastIndexAny(e.Key.Value, `\/`)+1:]
		return name != "" && strings.Contains(text, name)
	})
}

// knowsPrograms reports whether the rule looks for programs by what they are,
// where they are, or by their names: what it excludes is then one of these.
func (p *Pass) knowsPrograms() bool {
	for _, word := range []string{"renam", "masquerad"} {
		if strings.Contains(strings.ToLower(p.Title.Value), word) {
			return true
		}
	}
	return slices.ContainsFunc(p.Predicates, func(e normalize.Predicate) bool {
		if e.Negated || e.Selector || e.Operator == rule.Exists {
			return false
		}
		return strings.HasPrefix(e.Key.Field, "process.pe.") || strings.HasPrefix(e.Key.Field, "process.hash") || strings.HasPrefix(e.Key.Field, "process.code_signature") ||
			strings.Contains(e.Key.Field, "original_file_name") || e.Key.Field == "process.name" || e.Key.Field == "process.executable" || strings.HasPrefix(e.Key.Field, "file.hash") || e.Key.Field == "hashes"
	})
}

// wholePath is the path in a folder of the system by which the most public rules
// exclude a program, or what a program starts, given its name.
func (l *Linter) wholePath(c *catalog.Catalog, name normalize.Key) (catalog.Row, bool) {
	if c == nil {
		return catalog.Row{}, false
	}
	l.folders.Do(func() {
		l.wholePaths = map[normalize.Key]catalog.Row{}
		for _, field := range []string{"process.executable", "process.parent.executable"} {
			for row := range c.Field(field) {
				k := row.Key()
				i := strings.LastIndexAny(k.Value, `\/`)
				if i < 0 || k.Operator != rule.Eq || row.Exclusion().Len() < minSupport {
					continue
				}
				name := normalize.Key{Field: normalize.BaseName(field), Operator: rule.Eq, Value: k.Value[i+1:]}
				if best, ok := l.wholePaths[name]; !ok || best.Exclusion().Len() < row.Exclusion().Len() {
					l.wholePaths[name] = row
				}
			}
		}
	})
	row, ok := l.wholePaths[name]
	return row, ok
}

// bypassable reports exclusions of one weakness.
func (p *Pass) bypassable(w weakness, list []*normalize.Predicate) {
	e := list[0]
	others := more(len(list) - 1)
	value, shown := keyText(e.Key), quote(normalize.Shown(e.Operator, e.Value))
	switch w {
	case writableFolder:
		f := p.Report(e.Span, value, "every user can write to %s%s: this exclusion passes over whatever an attacker puts there", shown, others)
		f.Hint = "exclude the program by its whole path and its signer or parent"
	case folderAnywhere:
		f := p.Report(e.Span, value, "an attacker can have %s below any folder%s: this exclusion does not say where the path begins", shown, others)
		f.Hint = `ask for the beginning of the path, with its drive (C:\…) or its device`
		folder, _, _ := folderOf(e.Key)
		tight := normalize.Key{Field: e.Key.Field, Operator: rule.StartsWith, Value: `?:\` + strings.TrimPrefix(folder, `\`)}
		if e.Key.Operator == rule.EndsWith {
			tight.Operator = rule.Eq
		}
		p.excludedAs(f, tight)
	case mentioned:
		f := p.Report(e.Span, value, "an attacker can mention %s on any command line%s: this exclusion asks for nothing else", shown, others)
		f.Hint = "exclude by the program that runs or by its parent, each with its path, and keep the text as a second condition"
	case nameAlone:
		f := p.Report(e.Span, value, "an attacker can name any program %s%s: this exclusion asks for a file name only", quote(e.Key.Value), others)
		row, _ := p.linter.wholePath(p.Catalog, e.Key)
		f.Hint = "exclude it by its whole path"
		p.excludedAs(f, row.Key())
	case hostAnywhere:
		f := p.Report(e.Span, value, "an attacker can have a host with %s in its name%s: this exclusion does not say where the name ends", quote(e.Value), others)
		f.Hint = "ask for the end of the name, with the dot before it"
	case clientSays:
		f := p.Report(e.Span, value, "an attacker can send any user agent, and %s%s: this exclusion rests on what the client says of itself", quote(e.Value), others)
		f.Hint = "exclude the account, the role or the address that the automation uses"
		f.Severity = Info // who excludes their own automation so takes the risk more often than not
	}
}

// excludedAs adds to a finding the tighter form of an exclusion that public
// rules have.
func (p *Pass) excludedAs(f *Finding, tight normalize.Key) {
	if p.Catalog == nil {
		return
	}
	users := p.Catalog.Exclusion(tight)
	self := p.linter.selfIn(p.Rule)
	n := users.Len()
	for _, ref := range self {
		if users.Contains(ref) {
			n--
		}
	}
	if n < minSupport {
		return
	}
	f.Hint += ": " + describe(tight)
	support := Evidence{Text: fmt.Sprintf("%d public rules exclude %s", n, describe(tight))}
	for ref := range users.All() {
		if len(support.Rules) < maxExamples && !slices.Contains(self, ref) {
			support.Rules = append(support.Rules, evidenceRule(p.Catalog, ref))
		}
	}
	f.Evidence = append(f.Evidence, support)
}

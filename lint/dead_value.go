package lint

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var deadValueCheck = &Check{
	ID:       "dead-value",
	Severity: Error,
	Summary:  "No event can have the value, the way it is written",
	Rationale: `The rule is valid and its engine runs it, yet the comparison never holds: the value is not what it looks like.

- A wildcard that is none. EQL's ` + "`==` and `in`" + `, Kuery's values in quotes, the operators of Kusto, ES|QL's ` + "`==`" + ` and Splunk's
  ` + "`where`" + ` compare with the star itself, and in Sigma the backslash of a path takes the meaning from the star after it:
  ` + "`C:\\Tools\\*.exe`" + ` asks for a file whose name begins with a star. No file has one in its name; neither has a host. Write the
  operator that has wildcards, in Sigma ` + "`\\\\*`" + `.
- A backslash too many. ` + "`@\"C:\\\\Windows\"`" + ` in Kusto is a verbatim string, in which two backslashes are two. Only at its beginning has a
  path two of them.
- Letters of a case that the field was rid of: ` + "`tolower(FileName) == \"A.EXE\"`" + `.
- A path of another system: on Windows no path of a program or file begins with a slash, on Linux and macOS none begins with a
  drive.

What is selected so is an error: the rule looks for less than it seems to. What is excluded so is a warning: the exclusion never
applies. Arguments and other texts may have a star in them, and are not reported, nor are the names of shares, which Windows writes
with one.`,
	Bad:  exampleElastic("A Star That Is Compared", `process.name : "example-tool.exe"`, `process.name in~ ("example-*.exe", "a.exe")`),
	Good: exampleElastic("A Star That Is A Wildcard", `process.name : "example-tool.exe"`, `process.name like~ ("example-*.exe", "a.exe")`),
	More: func() []Example {
		return []Example{
			inSigma("An Escaped Star", `    selection:
        Image: 'C:\Tools\*.exe'
    condition: selection
`, `    selection:
        Image: 'C:\Tools\\*.exe'
    condition: selection
`),
			inKuery("A Star In Quotes", `process.name : "example-*.exe"`, `process.name : example-*.exe`),
			inLucene("A Star In Quotes", `process.name : "example-*.exe"`, `process.name : example-*.exe`),
			inESQL("A Star That Is Compared", `| where to_lower(process.name) == "example-*.exe"`, `| where to_lower(process.name) like "example-*.exe"`),
			contrast(exampleSplunk, "A Star In An Expression", "| `drop_dm_object_name", "| where process_name=\"example-*.exe\" | `drop_dm_object_name", "| where like(process_name, \"example-%.exe\") | `drop_dm_object_name"),
			inKQL("Two Backslashes In A Verbatim String", `| where FolderPath startswith @"C:\\Tools\\"`, `| where FolderPath startswith @"C:\Tools\"`),
			inKQL("A Capital In A Small Text", `| where tolower(FileName) == "Example-Tool.exe"`, `| where tolower(FileName) == "example-tool.exe"`),
			inEQL("A Path Of Another System", `process where host.os.type == "windows" and process.executable : "/opt/example-tool"`, `process where host.os.type == "windows" and process.executable : "?:\\Tools\\example-tool.exe"`),
		}
	},
	Rule: deadValue,
}

func deadValue(p *Pass) {
	d := &deadValues{Pass: p}
	suspect := false
	for i := range p.Predicates {
		if suspect = d.mayBeDead(&p.Predicates[i]); suspect {
			break
		}
	}
	if !suspect || p.Root() == nil {
		return
	}
	d.seen, d.told = map[*normalize.Node]bool{}, map[*rule.Predicate]bool{}
	d.look(p.Root())
}

// mayBeDead reports, at a glance, whether something may be wrong with a value.
func (d *deadValues) mayBeDead(e *normalize.Predicate) bool {
	if rule.Folded(e.Through) != rule.AnyCase {
		return true
	}
	v := e.Value
	if e.Derived || v == "" || e.Operator == rule.Regex || fieldKinds[e.Field] == 0 {
		return false
	}
	if e.Operator == rule.Wildcard {
		if strings.IndexByte(v, '\\') >= 0 {
			return true
		}
	} else if strings.IndexByte(v, '*') >= 0 || strings.IndexByte(v, '?') >= 0 || strings.Contains(v, `\\`) {
		return true
	}
	return e.Operator != rule.Contains && e.Operator != rule.EndsWith && d.isElsewhere(v)
}

// isElsewhere reports whether a path is one of another system than that which
// the rule is about.
func (d *deadValues) isElsewhere(path string) bool {
	slash := path[0] == '/'
	if !slash && !isDrive(path) {
		return false
	}
	if !d.asked {
		d.asked = true
		if platforms := d.Platforms(); len(platforms) == 1 {
			d.system = platforms[0]
		}
	}
	return slash && d.system == "windows" || !slash && (d.system == "linux" || d.system == "macos")
}

// fieldKind is what the values of a field are, as far as it matters for what
// they cannot have.
type fieldKind uint8

const (
	program     fieldKind = iota + 1 // the path of what runs
	filePath                         // the path of a file
	fileName                         // the last part of a path
	hostName                         // a name in DNS
	wholeLine                        // a command line
	registryKey                      // the path of a key
)

var fieldKinds = map[string]fieldKind{
	"process.executable": program, "process.parent.executable": program, "process.parent.parent.executable": program,
	"target.process.executable": program, "dll.path": program, "winlog.caller_process_name": program,
	"file.path": filePath, "file.directory": filePath, "process.working_directory": filePath, "process.parent.working_directory": filePath,
	"process.name": fileName, "process.parent.name": fileName, "target.process.name": fileName, "dll.name": fileName, "file.name": fileName,
	"dns.question.name": hostName, "dns.question.registered_domain": hostName, "destination.domain": hostName, "source.domain": hostName, "url.domain": hostName,
	"process.command_line": wholeLine, "process.parent.command_line": wholeLine,
	"registry.path": registryKey, "registry.key": registryKey,
}

// deadValues looks at the values of one rule, where they stand.
type deadValues struct {
	*Pass
	seen   map[*normalize.Node]bool
	told   map[*rule.Predicate]bool
	system string // the one operating system that the rule is about, once that was asked
	asked  bool
}

func (d *deadValues) look(n *normalize.Node) {
	if d.seen[n] {
		return
	}
	d.seen[n] = true
	for _, child := range n.Children {
		d.look(child)
	}
	if n.Kind != normalize.LeafNode || d.told[n.Written] {
		return
	}
	e := &d.Predicates[n.Predicate]
	why, hint := d.dead(e, n.Written)
	if why == "" {
		return
	}
	d.told[n.Written] = true
	at := normalize.Key{Field: n.Written.Field.Value, Operator: n.Written.Operator, Value: n.Written.Value}
	claim := "never holds"
	if e.Negated {
		claim = "excludes nothing"
	}
	f := d.Report(n.Written.Span, keyText(at), "%s %s: %s", describe(at), claim, why)
	f.Hint = hint
	if e.Negated {
		f.Severity = Warning
	}
}

// dead says why no event satisfies a comparison, and what to write.
func (d *deadValues) dead(e *normalize.Predicate, w *rule.Predicate) (why, hint string) {
	value := w.Value
	if w.Derived || value == "" {
		return "", ""
	}
	switch w.Operator {
	case rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith, rule.Wildcard:
	default:
		return "", ""
	}
	cased := normalize.RegardsCase(d.Language, w.Operator, w.SourceOperator) && (d.Language != "spl" || w.Cased)
	if cased && !rule.Folded(w.Through).Has(value) {
		if rule.Folded(w.Through) == rule.LowerCase {
			return "the query makes the letters of the field small before it compares", "write the value in small letters"
		}
		return "the query makes the letters of the field capitals before it compares", "write the value in capitals"
	}
	kind := fieldKinds[e.Field]
	if kind == 0 {
		return "", ""
	}
	star, doubled := characters(value, w.Operator)
	switch {
	case star != 0 && hasNone(kind, star, w):
		return "it asks for the character " + quote(string(star)) + ", which is no wildcard here, and " + kind.without(), wildcardsOf(d.Language, w)
	case doubled && kind != wholeLine && kind != hostName && !isShare(value):
		return "it asks for two backslashes in a row, which a path has at its beginning only", backslashesOf(d.Language)
	case kind != program && kind != filePath || w.Operator == rule.EndsWith || w.Operator == rule.Contains:
	case !d.isElsewhere(value):
	case value[0] == '/':
		return "the rule is about Windows, where no path begins with a slash", ""
	default:
		return "the rule is about another system than Windows, and no path there begins with a drive", ""
	}
	return "", ""
}

// characters finds in a value a star or a question mark that is no wildcard, and
// whether two backslashes stand in it that are not at its beginning.
func characters(value string, op rule.Operator) (star byte, doubled bool) {
	last := byte(0)
	n := 0 // characters so far
	for i := 0; i < len(value); i++ {
		c, wild := value[i], false
		if op == rule.Wildcard {
			switch {
			case c == '\\' && i+1 < len(value):
				i++
				c = value[i]
			case c == '*' || c == '?':
				wild = true
			}
		}
		switch {
		case wild:
			c = 0
		case (c == '*' || c == '?') && star == 0:
			star = c
		case c == '\\' && last == '\\' && n > 1:
			doubled = true
		}
		last = c
		n++
	}
	// A path that ends in a name right behind two backslashes names no share.
	if op == rule.EndsWith && strings.HasPrefix(value, `\\`) && !strings.Contains(value[2:], `\`) && len(value) > 2 {
		doubled = true
	}
	return star, doubled
}

// hasNone reports whether a value with a star or a question mark in it is none
// that a field has.
func hasNone(kind fieldKind, c byte, w *rule.Predicate) bool {
	switch kind {
	case program, filePath, fileName:
		return !isShare(w.Value) && !strings.Contains(w.Value, `\\?\`) && !strings.Contains(w.Value, `\??\`)
	case hostName:
		return c == '*'
	case wholeLine:
		return w.Operator == rule.Eq && w.Value[0] == '*' && len(w.Value) > 1
	}
	return false
}

// isShare reports whether a value may be the name of a share, in which Windows
// writes a star for the host.
func isShare(value string) bool {
	return strings.HasPrefix(value, `\\*`) || strings.HasPrefix(value, `\*\`) || strings.HasPrefix(value, `\\\\\*`) || strings.HasPrefix(value, `\\\*\\`)
}

// isDrive reports whether a path begins with the letter of a drive, or with a
// wildcard for one.
func isDrive(value string) bool {
	return len(value) > 2 && value[1] == ':' && value[2] == '\\' && (value[0] == '?' || hasLetter(value[:1]))
}

// without says that no value of the field has a character.
func (k fieldKind) without() string {
	switch k {
	case hostName:
		return "no name of a host has it"
	case wholeLine:
		return "no command line begins with it"
	}
	return "no name of a file has it"
}

// wildcardsOf says how to write a wildcard in a language.
func wildcardsOf(language rule.Language, w *rule.Predicate) string {
	switch language {
	case "sigma":
		return `a backslash takes the meaning from the wildcard after it; for a backslash and a wildcard write \\*`
	case "eql":
		return `for a wildcard write ":" or "like"`
	case "kuery":
		if strings.Contains(w.Value, "?") && !strings.Contains(w.Value, "*") {
			return `Kuery has "*" for a wildcard, without quotes around the value`
		}
		return "for a wildcard leave out the quotes, and write a backslash before blanks and other signs"
	case "lucene":
		return "for a wildcard leave out the quotes, and write a backslash before blanks and other signs"
	case "esql":
		return `for a wildcard write "like"`
	case "kusto":
		return `for a wildcard write "startswith", "endswith", "contains" or "matches regex"`
	case "spl":
		return `for a wildcard write like(field, "…%"), or the comparison in a search`
	}
	return ""
}

// backslashesOf says how to write one backslash in a language.
func backslashesOf(language rule.Language) string {
	switch language {
	case "sigma":
		return "one backslash is written as one"
	case "kusto":
		return `one backslash is written as one in @"…" and as two in "…"`
	case "eql", "esql":
		return `one backslash is written as two in "…" and as one in """…"""`
	}
	return "one backslash is written as two"
}

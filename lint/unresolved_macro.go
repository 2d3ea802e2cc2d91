package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/rule"
)

var unresolvedMacroCheck = &Check{
	ID:       "unresolved-macro",
	Severity: Warning,
	Vendors:  onlySplunk,
	Summary:  "The search calls a macro that the repository does not define",
	Rationale: `Splunk runs no search with a macro it does not have: the rule fails each time it is due, and nobody is told. detlint
also cannot see what such a macro asks for. It looks among the macros of the whole repository, in the YAML of contentctl
and in macros.conf, and says when the number of arguments is not that of the definition, which is another macro to
Splunk.

Not reported are the macros that contentctl and Splunk's own apps bring along (` + "`drop_dm_object_name`, `get_asset`, …" + `), those
called ` + "`…_filter`" + `, which contentctl makes for each rule, and anything in a repository that defines no macro at all.
Macros that another app of yours brings are listed under ` + "`known_macros`" + ` in ` + "`.detlint.yml`" + `.`,
	Bad: "-- macros/sysmon.yml --\n" + exampleMacro + "-- detections/driver_loaded.yml --\n" +
		exampleSplunk("Driver Loaded", "| tstats count from datamodel=Endpoint.Processes where Processes.process_name=\"example-tool.exe\"\n  by Processes.dest Processes.user Processes.process_name | `drop_dm_object_name(Processes)`",
			"`sysmom` EventCode=6 | stats count by dest user process_name"),
	Good: "-- macros/sysmon.yml --\n" + exampleMacro + "-- detections/driver_loaded.yml --\n" +
		exampleSplunk("Driver Loaded", "| tstats count from datamodel=Endpoint.Processes where Processes.process_name=\"example-tool.exe\"\n  by Processes.dest Processes.user Processes.process_name | `drop_dm_object_name(Processes)`",
			"`sysmon` EventCode=6 | stats count by dest user process_name"),
	Rule:       unresolvedMacro,
	Repository: unresolvedInMacros,
}

const exampleMacro = `name: sysmon
definition: sourcetype="XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"
description: The events of Sysmon.
`

// foreignMacros are macros that come with Splunk, its Common Information Model
// and Enterprise Security: the ones that contentctl knows, and others that
// their documentation names.
var foreignMacros = set(
	"drop_dm_object_name", "get_asset", "get_risk_severity", "cim_corporate_web_domain_search", "globedistance",
	"comment", "ctime", "notable", "summariesonly",
)

func unresolvedMacro(p *Pass) {
	doc := splunkDocument(p)
	if doc == nil || doc.Query == nil || !p.Library.Has(rule.Macro) {
		return
	}
	seen := map[string]bool{}
	for i := range doc.Query.Macros {
		call := &doc.Query.Macros[i]
		full := macroName(call)
		if foreign(call) || seen[full] {
			continue
		}
		seen[full] = true
		p.unresolvedCall(doc.Place(call.Span), call)
	}
}

// foreign reports whether a macro need not be defined in the repository.
func foreign(call *spl.MacroCall) bool {
	return call.Known || call.Neutral || call.Name == "" || foreignMacros[call.Name] || strings.HasSuffix(call.Name, "_filter")
}

// unresolvedInMacros looks at the calls in the definitions of macros.
func unresolvedInMacros(p *RepositoryPass) {
	for _, name := range p.Library.Names(rule.Macro) {
		d, _ := p.Library.Lookup(rule.Macro, name)
		if d.Path == "" || !strings.Contains(d.Text, "`") {
			continue
		}
		// A definition is rarely a whole search; only its calls are asked for.
		q, _ := spl.Parse(d.Text, nil)
		seen := map[string]bool{}
		for i := range q.Macros {
			call := &q.Macros[i]
			full := macroName(call)
			if _, ok := p.Library.Lookup(rule.Macro, full); ok || foreign(call) || seen[full] {
				continue
			}
			seen[full] = true
			p.ofDefinition(d, name+":"+full, "the definition of macro %q calls %q, which is not defined in the repository", name, full)
		}
	}
}

// macroName is the name under which a macro is defined, with the number of its
// arguments where it has any.
func macroName(call *spl.MacroCall) string {
	if n := len(call.Arguments); n > 0 {
		return fmt.Sprintf("%s(%d)", call.Name, n)
	}
	return call.Name
}

func (p *Pass) unresolvedCall(at rule.Span, call *spl.MacroCall) {
	suffix := strings.TrimPrefix(macroName(call), call.Name)
	var other []string // numbers of arguments that macros of the name have
	var names []string // macros with as many arguments
	for _, name := range p.Library.Names(rule.Macro) {
		base, arity, _ := strings.Cut(name, "(")
		if base == call.Name {
			other = append(other, argumentCount(strings.TrimSuffix(arity, ")")))
		}
		if strings.TrimPrefix(name, base) == suffix {
			names = append(names, base)
		}
	}
	if len(other) > 0 {
		slices.Sort(other)
		p.Report(at, macroName(call), "macro %q is called with %s, and is defined with %s", call.Name, argumentCount(strings.Trim(suffix, "()")), strings.Join(other, " or "))
		return
	}
	if meant := slip(call.Name, names); meant != "" {
		f := p.Report(at, macroName(call), "macro %q is not defined in the repository, did you mean %q?", call.Name, meant)
		p.fixIn(f, at, call.Name, meant)
		return
	}
	f := p.Report(at, macroName(call), "macro %q is not defined in the repository", call.Name)
	f.Hint = "define it, or list it under known_macros in .detlint.yml when another app brings it"
}

func argumentCount(n string) string {
	switch n {
	case "":
		return "no argument"
	case "1":
		return "1 argument"
	}
	return n + " arguments"
}

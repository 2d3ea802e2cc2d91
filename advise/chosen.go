package advise

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// chosenFields hold what whoever the rule is after writes, or compiles into a
// program: any value of theirs can be had.
var chosenFields = map[string]bool{
	"user_agent.original": true, "user_agent.name": true, "process.working_directory": true, "process.parent.working_directory": true, "process.title": true,
	"service.name": true, "process.pe.original_file_name": true, "process.pe.description": true, "process.pe.product": true, "process.pe.company": true,
	"process.parent.pe.original_file_name": true, "process.parent.pe.description": true, "process.parent.pe.product": true, "process.parent.pe.company": true,
	"dll.pe.original_file_name": true, "dll.pe.description": true, "dll.pe.product": true, "dll.pe.company": true, "http.request.referrer": true,
}

// chosen reports whether what an exclusion asks for is chosen by whoever the rule is
// after: a text of theirs, a part of a name that they may give, or no value at all.
func chosen(k normalize.Key) bool {
	if chosenFields[k.Field] || k.Value == "" && k.Operator != rule.Exists {
		return true
	}
	if isUnfinished(k) {
		return true
	}
	part := k.Operator == rule.Contains || k.Operator == rule.Wildcard && strings.HasPrefix(k.Value, "*")
	switch k.Field {
	case "process.command_line", "process.parent.command_line":
		// A whole line is only as good as the place of the program that it calls.
		path := strings.TrimLeft(k.Value, `"'`)
		return !strings.HasPrefix(path, "?:") && !strings.HasPrefix(path, "/") && !(len(path) > 2 && path[1:3] == `:\`)
	case "dns.question.name", "url.full", "url.domain", "url.original", "destination.domain":
		// Anybody can register what ends in a name, unless that begins with a dot.
		return part || k.Operator == rule.StartsWith || k.Operator == rule.EndsWith && !strings.HasPrefix(k.Value, ".")
	case "service.image_path":
		return !anchored(k) || BelowWritable(k.Value) || isWindowsFolder(k)
	case "user.name", "user.target.name":
		// Windows writes its own accounts in the language of the system, which rules
		// know by the part that several languages have.
		return (part || k.Operator == rule.EndsWith && strings.HasSuffix(k.Value, "$")) && k.Value != "authori" && k.Value != "autori"
	case "powershell.file.script_block_text", "registry.data.strings":
		return k.Operator != rule.Eq
	}
	return part && strings.HasSuffix(k.Field, ".arn")
}

// isUnfinished reports whether a path goes on at will in the name of a folder at the
// root of a drive, where users may make folders.
func isUnfinished(k normalize.Key) bool {
	rest, ok := strings.CutPrefix(k.Value, `?:\`)
	return ok && k.Operator == rule.StartsWith && normalize.IsPath(k.Field) && !strings.Contains(rest, `\`)
}

// isWindowsFolder reports whether an exclusion takes in all of the folder of Windows,
// in which some folders may be written to by all users.
func isWindowsFolder(k normalize.Key) bool {
	if k.Operator != rule.StartsWith && k.Operator != rule.Wildcard {
		return false
	}
	name, folder := splitPath(k.Operator, k.Value)
	return name == "" && folder == `\windows`
}

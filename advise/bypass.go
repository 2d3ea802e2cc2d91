package advise

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Bypassable reports whether whoever a rule is after can make an exclusion
// apply at will: it rests on an argument, a name without its place, a part of a
// path that may stand anywhere, or a folder that users may write to.
func Bypassable(k normalize.Key) bool {
	if chosen(k) {
		return true
	}
	switch k.Field {
	case "process.command_line", "process.parent.command_line", "process.args", "process.parent.args":
		return k.Operator != rule.Eq || strings.HasSuffix(k.Field, ".args")
	}
	if normalize.PathField(k.Field) != "" {
		return true
	}
	if !normalize.IsPath(k.Field) {
		return false
	}
	return !anchored(k) || userWritable(k.Value) || isWindowsFolder(k)
}

// anchored reports whether a comparison of a path says where it begins.
func anchored(k normalize.Key) bool {
	if k.Operator != rule.Eq && k.Operator != rule.StartsWith && k.Operator != rule.Wildcard {
		return false
	}
	rest, ok := strings.CutPrefix(k.Value, "?:")
	if !ok {
		return strings.HasPrefix(k.Value, "/") && !strings.HasPrefix(k.Value, "/*")
	}
	return !strings.HasPrefix(strings.TrimLeft(rest, `\`), "*")
}

// writableFolders are folders, and parts of such, that programs without rights
// may put files into.
var writableFolders = []string{
	`\temp\`, `\tmp\`, `\users\`, `\appdata\`, `\programdata\`, `\perflogs\`, `\$recycle.bin\`, `\windows\tasks\`,
	`\windows\debug\`, `\windows\tracing\`, "/tmp/", "/var/tmp/", "/dev/shm/", "/home/", "/users/", "/run/user/",
}

func userWritable(path string) bool {
	path = strings.ReplaceAll(path, `\\`, `\`)
	for _, folder := range writableFolders {
		if strings.Contains(path, folder) {
			return true
		}
	}
	return false
}

// systemFolders are those that only administrators may write to, below which
// the writable ones are known.
var systemFolders = []string{`\windows`, `\program files`, `\program files (x86)`}

// anchor makes of a part of a path that begins with a folder of the system the
// path from the drive on, which is what was meant, and closes the name of such a
// folder: "\Program Files" alone is the beginning of many names.
func anchor(k normalize.Key) normalize.Key {
	if !normalize.IsPath(k.Field) {
		return k
	}
	path := strings.TrimPrefix(k.Value, "?:")
	for _, folder := range systemFolders {
		switch below := strings.HasPrefix(path, folder+`\`); {
		case path == folder && (k.Operator == rule.StartsWith || k.Operator == rule.Contains):
			return normalize.Key{Field: k.Field, Operator: rule.StartsWith, Value: "?:" + path + `\`}
		case below && k.Operator == rule.Contains && strings.HasSuffix(path, `\`):
			return normalize.Key{Field: k.Field, Operator: rule.StartsWith, Value: "?:" + path}
		case below && k.Operator == rule.EndsWith:
			return normalize.Key{Field: k.Field, Operator: rule.Eq, Value: "?:" + path}
		}
	}
	return k
}

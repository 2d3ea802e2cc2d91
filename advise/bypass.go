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
	return !anchored(k) || BelowWritable(k.Value) || isWindowsFolder(k)
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

// tools do for anybody what they are called with: they run a program, a script or
// a library, or write a file. By the names that they have without version and
// extension.
var tools = map[string]bool{
	"awk": true, "bash": true, "busybox": true, "cmd": true, "cmstp": true, "cp": true, "cpio": true, "cscript": true, "csh": true, "curl": true,
	"dash": true, "dd": true, "env": true, "find": true, "fish": true, "forfiles": true, "gawk": true, "install": true, "installutil": true,
	"java": true, "javaw": true, "ksh": true, "ln": true, "lua": true, "mawk": true, "msbuild": true, "mshta": true, "msiexec": true, "mv": true, "nano": true,
	"node": true, "perl": true, "php": true, "platform-python": true, "powershell": true, "powershell_ise": true, "pwsh": true,
	"python": true, "pythonw": true, "regasm": true, "regsvcs": true, "regsvr": true, "rsync": true, "ruby": true, "rundll": true, "scp": true,
	"sed": true, "sh": true, "tar": true, "tclsh": true, "tcsh": true, "tee": true, "unzip": true, "vi": true, "vim": true, "wget": true,
	"wmic": true, "wscript": true, "wsmprovhost": true, "xargs": true, "xcopy": true, "zsh": true,
}

// Tool reports whether a comparison asks for a program that does for anybody what
// it is called with. A rule leaves such a one to other rules, or means it otherwise,
// so that it says nothing of what else makes noise.
func Tool(k normalize.Key) bool {
	if fileOf(k.Field) == "" {
		return false
	}
	name := strings.TrimSuffix(strings.TrimRight(k.Value, "*"), ".exe")
	name = strings.TrimLeft(name[strings.LastIndexAny(name, `\/`)+1:], "*")
	return tools[strings.TrimRight(name, "0123456789.-")]
}

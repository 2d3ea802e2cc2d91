package advise

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// The operating systems, by the names that rules' platforms have.
const (
	onWindows = "windows"
	onLinux   = "linux"
	onMacOS   = "macos"
)

// systemsOf are the operating systems that a rule is about, nil where it may be about
// any, or about something else besides.
func systemsOf(r *normalize.Rule) []string {
	all := r.Platforms()
	for _, p := range all {
		if p != onWindows && p != onLinux && p != onMacOS {
			return nil
		}
	}
	return all
}

// onSystem reports whether what rows exclude may be met where the rule looks.
func (f *refusal) onSystem(rows []uint32) bool {
	if len(f.platforms) == 0 {
		return true
	}
	var all []string
	for _, row := range rows[:min(len(rows), maxSpellings)] {
		all = append(all, systemsWith(f.x.c.RowAt(int(row)).Key())...)
	}
	return len(all) == 0 || slices.ContainsFunc(all, func(s string) bool { return slices.Contains(f.platforms, s) })
}

// systemFields are what fields begin with that events of some systems alone have.
var systemFields = []struct {
	prefix  string
	systems []string
}{
	{"registry.", []string{onWindows}},
	{"winlog.", []string{onWindows}},
	{"powershell.", []string{onWindows}},
	{"process.pe.", []string{onWindows}},
	{"process.parent.pe.", []string{onWindows}},
	{"process.ext.token.", []string{onWindows}},
	{"dll.pe.", []string{onWindows}},
	{"file.pe.", []string{onWindows}},
	{"process.code_signature.", []string{onWindows, onMacOS}},
	{"process.parent.code_signature.", []string{onWindows, onMacOS}},
	{"dll.code_signature.", []string{onWindows, onMacOS}},
	{"auditd.", []string{onLinux}},
}

// What paths begin with that Linux or macOS alone have.
var (
	linuxFolders = []string{"/proc/", "/sys/", "/snap/", "/run/", "/home/", "/lib/", "/lib64/", "/usr/lib/systemd/", "/var/lib/", "/usr/lib/x86_64", "/nix/"}
	macFolders   = []string{"/applications/", "/system/", "/library/", "/volumes/", "/users/", "/private/", "/opt/homebrew/", "/usr/libexec/xpcproxy"}
)

// systemsWith are the systems that have what a comparison excludes, nil where that is
// not known.
func systemsWith(k normalize.Key) []string {
	for _, f := range systemFields {
		if strings.HasPrefix(k.Field, f.prefix) {
			return f.systems
		}
	}
	switch {
	case normalize.IsPath(k.Field) || strings.HasSuffix(k.Field, ".executable"):
		return systemsOfPath(k)
	case normalize.PathField(k.Field) != "":
		if isProgram(k.Value) {
			return []string{onWindows}
		}
	case strings.HasSuffix(k.Field, "command_line") || strings.HasSuffix(k.Field, ".args"):
		switch {
		case strings.Contains(k.Value, `:\`), strings.Contains(k.Value, `.exe`), strings.Contains(k.Value, `\windows\`), strings.Contains(k.Value, `\program files`):
			return []string{onWindows}
		case strings.Contains(k.Value, "/usr/"), strings.Contains(k.Value, "/etc/"), strings.Contains(k.Value, "/var/"), strings.Contains(k.Value, "/opt/"), strings.HasPrefix(k.Value, "/bin/"):
			return []string{onLinux, onMacOS}
		}
	case k.Field == "user.id" && strings.HasPrefix(k.Value, "s-1-"), k.Field == "user.name" && strings.Contains(k.Value, `authority\`):
		return []string{onWindows}
	}
	return nil
}

func systemsOfPath(k normalize.Key) []string {
	switch {
	case strings.Contains(k.Value, `\`), isProgram(strings.TrimRight(k.Value, "*")):
		return []string{onWindows}
	case !strings.Contains(k.Value, "/") || k.Operator == rule.Regex:
		return nil
	}
	for _, folder := range linuxFolders {
		if strings.HasPrefix(k.Value, folder) {
			return []string{onLinux}
		}
	}
	for _, folder := range macFolders {
		if strings.HasPrefix(k.Value, folder) {
			return []string{onMacOS}
		}
	}
	return []string{onLinux, onMacOS}
}

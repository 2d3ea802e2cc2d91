package paste

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// usualSpelling has the folders of Windows that many paths lead through, as
// Windows writes them, for what no public rule writes otherwise than in lower
// case.
var usualSpelling = func() map[string]string {
	m := map[string]string{}
	for _, name := range []string{
		"Program Files", "Program Files (x86)", "ProgramData", "Windows", "System32", "SysWOW64", "WinSxS", "Users", "AppData", "Local",
		"LocalLow", "Roaming", "Temp", "Microsoft", "WindowsApps", "Common Files", "Microsoft.NET", "Framework", "Framework64",
		"Windows Defender", "WindowsPowerShell", "SoftwareDistribution", "Installer", "Google", "Chrome", "Application", "Mozilla Firefox", "Internet Explorer", "Edge",
		"Windows NT", "Common", "Packages", "Start Menu", "Programs", "Startup", "Downloads", "Desktop", "Default", "Public",
		"CurrentControlSet", "CurrentVersion", "Software", "Services",
	} {
		m[strings.ToLower(name)] = name
	}
	return m
}()

// asWritten is a comparison with the letters of its value as public rules write
// them, and whether events are sure to have them like that.
func (w *writer) asWritten(k normalize.Key) (written normalize.Key, sure bool) {
	written = k
	if w.catalog != nil {
		written.Value, sure = w.catalog.Spelling(k)
	}
	if !sure && k.Operator != rule.Regex {
		written.Value = spelled(written.Value)
	}
	return written, sure || !hasLetters(k)
}

// hasLetters reports whether a value has letters that have two cases. Addresses
// are read by their fields.
func hasLetters(k normalize.Key) bool {
	return k.Operator != rule.CIDR && strings.ToLower(k.Value) != strings.ToUpper(k.Value)
}

// spelled is a path as people write it, for comparisons that ignore case.
func spelled(path string) string {
	if !strings.Contains(path, `\`) {
		if path == "(empty)" {
			return "(Empty)" // as Sysmon writes the data of a value that has none
		}
		return path
	}
	parts := strings.Split(path, `\`)
	for i, part := range parts {
		if usual := usualSpelling[part]; usual != "" {
			parts[i] = usual
		}
	}
	return strings.Join(parts, `\`)
}

// onSystemDrive names the drive that programs and the system are on, where a
// path, or a glob, leaves the drive open. It says less than the path does.
func onSystemDrive(path string) string {
	if rest, ok := strings.CutPrefix(path, `?:\`); ok {
		return `C:\` + rest
	}
	return path
}

// asNetwork makes of an address the network of that alone where the rule, or what
// is written beside it, compares the field with networks: they go into one list.
func (w *writer) asNetwork(k normalize.Key, beside []normalize.Key) normalize.Key {
	addr, err := netip.ParseAddr(k.Value)
	if err != nil || k.Operator != rule.Eq || normalize.Kind(k.Field) != "ip" {
		return k
	}
	if slices.ContainsFunc(beside, func(other normalize.Key) bool { return other.Field == k.Field && other.Operator == rule.CIDR }) ||
		slices.ContainsFunc(w.Predicates, func(p normalize.Predicate) bool { return p.Key.Field == k.Field && p.Key.Operator == rule.CIDR }) {
		k.Operator, k.Value = rule.CIDR, k.Value+"/"+strconv.Itoa(addr.BitLen())
	}
	return k
}

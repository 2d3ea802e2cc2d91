package normalize

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/rule"
)

// baseNames are the path fields whose last component is a field of its own.
var baseNames = map[string]string{
	"process.executable":                      "process.name",
	"process.parent.executable":               "process.parent.name",
	"process.parent.parent.executable":        "process.parent.parent.name",
	"process.entry_leader.executable":         "process.entry_leader.name",
	"process.group_leader.executable":         "process.group_leader.name",
	"process.session_leader.executable":       "process.session_leader.name",
	"process.ext.effective_parent.executable": "process.ext.effective_parent.name",
	"target.process.executable":               "target.process.name",
	"dll.path":                                "dll.name",
	"file.path":                               "file.name",
}

// pathOf is the inverse of baseNames.
var pathOf = func() map[string]string {
	m := make(map[string]string, len(baseNames))
	for path, name := range baseNames {
		m[name] = path
	}
	return m
}()

// key folds a predicate into the row of the catalog it belongs to. A value that
// is in lower case already costs least.
func key(f field, op rule.Operator, value string) Key {
	if op == rule.Regex {
		return Key{f.canonical, op, value}
	}
	value = strings.ToLower(value)
	if op == rule.CIDR {
		op, value = foldNetwork(value)
	}
	if op == rule.Eq {
		if means, ok := vocabulary()[fieldKey{f.canonical, value}]; ok {
			return Key{f.canonical, op, means}
		}
	}
	switch f.kind {
	case "path":
		op, value = foldPath(op, value)
		if name, ok := baseNames[f.canonical]; ok && op == rule.EndsWith && isBaseName(value) {
			return Key{name, rule.Eq, value[1:]}
		}
		if f.canonical == "file.path" && op == rule.EndsWith && isExtension(value) {
			return Key{fileExtension, rule.Eq, value[1:]}
		}
	case "basename":
		if f.canonical == "file.name" && op == rule.EndsWith && isExtension(value) {
			return Key{fileExtension, rule.Eq, value[1:]}
		}
	case "registry_path":
		op, value = foldRegistry(op, value)
	case "hash":
		op, value = foldHash(op, value)
	}
	if f.canonical == registryData && op == rule.Eq {
		value = foldRegistryData(value)
	}
	return Key{f.canonical, op, value}
}

// registryData is the field of what an entry of the registry holds.
const registryData = "registry.data.strings"

// fileExtension is the field of what stands after the last dot of a file's
// name.
const fileExtension = "file.extension"

// isExtension reports whether a suffix is one dot and an extension, so that it
// can only constrain what stands after the last dot.
func isExtension(suffix string) bool {
	return len(suffix) > 1 && suffix[0] == '.' && !strings.ContainsAny(suffix[1:], `.\/ `)
}

// isBaseName reports whether a suffix is one separator and a name, so that
// it can only constrain the last component of a path.
func isBaseName(suffix string) bool {
	return len(suffix) > 1 && (suffix[0] == '\\' || suffix[0] == '/') && !strings.ContainsAny(suffix[1:], `\/`)
}

// drive stands for every drive letter and everything that stands in for one.
const drive = `?:`

// environment are variables that name a folder of the system drive.
var environment = []struct{ variable, folder string }{
	{"%systemdrive%", drive},
	{"%systemroot%", drive + `\windows`},
	{"%windir%", drive + `\windows`},
	{"%programfiles%", drive + `\program files`},
	{"%programfiles(x86)%", drive + `\program files (x86)`},
	{"%programdata%", drive + `\programdata`},
	{"%allusersprofile%", drive + `\programdata`},
	{"%public%", drive + `\users\public`},
}

const device = `\device\harddiskvolume`

// foldPath makes one of all spellings of a drive. value is in lower case;
// under wildcard its literal backslashes are doubled.
func foldPath(op rule.Operator, value string) (rule.Operator, string) {
	if op == rule.Wildcard {
		return foldWildcardPath(value)
	}
	anchored := op == rule.Eq || op == rule.StartsWith
	switch {
	case len(value) > 2 && value[1] == ':' && value[2] == '\\' && value[0] >= 'a' && value[0] <= 'z' && anchored:
		return op, drive + value[2:]
	case strings.HasPrefix(value, `:\`) && op == rule.EndsWith:
		return rule.Eq, "?" + value
	case strings.HasPrefix(value, `:\`) && op == rule.Contains:
		return rule.StartsWith, "?" + value
	}
	if !anchored || value == "" || value[0] != '%' && value[0] != '\\' {
		return op, value
	}
	for _, e := range environment {
		if rest, ok := strings.CutPrefix(value, e.variable); ok {
			return op, e.folder + rest
		}
	}
	if rest, ok := strings.CutPrefix(value, device); ok {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if digits > 0 && strings.HasPrefix(rest[digits:], `\`) {
			return op, drive + rest[digits:]
		}
	}
	return op, value
}

// foldWildcardPath reads a glob that begins with a drive of any letter, and
// drops the wildcard where it only stands for the letter.
func foldWildcardPath(value string) (rule.Operator, string) {
	rest, ok := value, false
	for _, prefix := range []string{`?:\\`, `*:\\`, `\\device\\harddiskvolume*\\`, `\\device\\harddiskvolume?\\`} {
		if rest, ok = strings.CutPrefix(value, prefix); ok {
			break
		}
	}
	if !ok && len(value) > 3 && value[0] >= 'a' && value[0] <= 'z' {
		rest, ok = strings.CutPrefix(value[1:], `:\\`)
	}
	if !ok {
		return rule.Wildcard, value
	}
	op := rule.Eq
	literal := rest
	if before, cut := strings.CutSuffix(rest, "*"); cut && !endsInEscape(before) {
		op, literal = rule.StartsWith, before
	}
	pieces := literals(literal)
	if len(pieces) > 1 {
		return rule.Wildcard, drive + `\\` + rest
	}
	return op, drive + `\` + pieces[0]
}

// endsInEscape reports whether the text ends in an odd run of backslashes.
func endsInEscape(s string) bool {
	n := len(s) - len(strings.TrimRight(s, `\`))
	return n%2 == 1
}

// hives are the spellings of registry hives.
var hives = []struct{ written, hive string }{
	{`hkey_local_machine\`, `hklm\`},
	{`\registry\machine\`, `hklm\`},
	{`hkey_users\`, `hku\`},
	{`\registry\user\`, `hku\`},
	{`hkey_current_user\`, `hkcu\`},
	{`hkey_classes_root\`, `hkcr\`},
}

func foldRegistry(op rule.Operator, value string) (rule.Operator, string) {
	if op != rule.Eq && op != rule.StartsWith {
		return op, value
	}
	for _, h := range hives {
		if rest, ok := strings.CutPrefix(value, h.written); ok {
			return op, h.hive + rest
		}
	}
	return op, value
}

// foldNetwork makes an address of a network of one, and of what has no length.
func foldNetwork(value string) (rule.Operator, string) {
	address, _, length := strings.Cut(value, "/")
	network, err := netip.ParsePrefix(value)
	if !length {
		_, err = netip.ParseAddr(value)
	}
	if err != nil || length && !network.IsSingleIP() {
		return rule.CIDR, value
	}
	return rule.Eq, address
}

// foldRegistryData makes one of the ways to write a number: as Sysmon does,
// "dword (0x00000001)", in hexadecimal, and in decimal.
func foldRegistryData(value string) string {
	number := value
	for _, kind := range []string{"dword (", "qword ("} {
		if rest, ok := strings.CutPrefix(value, kind); ok && strings.HasSuffix(rest, ")") {
			number = strings.TrimSuffix(rest, ")")
		}
	}
	// Sysmon writes a QWORD as its two halves.
	number = strings.Replace(number, "-0x", "", 1)
	digits, hex := strings.CutPrefix(number, "0x")
	if !hex {
		return value
	}
	n, err := strconv.ParseUint(digits, 16, 64)
	if err != nil {
		return value
	}
	return strconv.FormatUint(n, 10)
}

var hashPrefixes = []string{"md5=", "sha1=", "sha256=", "imphash=", "sha512="}

// foldHash drops the name of the algorithm, which the length of the hash
// tells (MD5 and import hashes share one). Sysmon puts several hashes into
// one field, so a part of it that names an algorithm is a whole hash.
func foldHash(op rule.Operator, value string) (rule.Operator, string) {
	for _, prefix := range hashPrefixes {
		if rest, ok := strings.CutPrefix(value, prefix); ok {
			if op == rule.Contains || op == rule.StartsWith || op == rule.EndsWith {
				op = rule.Eq
			}
			return op, rest
		}
	}
	if op == rule.Contains && isHexHash(value) {
		return rule.Eq, value
	}
	return op, value
}

// isHexHash reports whether the text is as long as a whole hash and all hex.
func isHexHash(s string) bool {
	switch len(s) {
	case 32, 40, 64, 128:
		return strings.Trim(s, "0123456789abcdef") == ""
	}
	return false
}

// RegistryNumber is the number that the value of a registry entry is compared
// with; false where it is no number below 2^32, which would be written another
// way by some systems.
func RegistryNumber(k Key) (uint64, bool) {
	if k.Field != registryData || k.Operator != rule.Eq {
		return 0, false
	}
	n, err := strconv.ParseUint(k.Value, 10, 32)
	return n, err == nil
}

// Suffix says what an extension says of the path it is in: how that ends. It is
// false for all other comparisons.
func Suffix(k Key) (path, suffix string, ok bool) {
	if k.Field != fileExtension || k.Operator != rule.Eq {
		return "", "", false
	}
	return "file.path", "." + k.Value, true
}

// PathField is the path field whose last component a field is, and "" when
// it is none.
func PathField(name string) string { return pathOf[name] }

// PathFields are the path fields whose last component is a field of its own,
// sorted.
func PathFields() []string { return slices.Sorted(maps.Keys(baseNames)) }

// BaseName is the field that the last component of a path is, and "" where
// that is none.
func BaseName(path string) string { return baseNames[path] }

// IsPath reports whether the last component of the field is a field of its own.
func IsPath(field string) bool { return baseNames[field] != "" }

package advise

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// family is what exclusions have in common that leave out the same thing,
// written with more or less of its place: a program by its name and by its
// whole path are one family, and so are the spellings of one folder.
type family struct {
	field string // of paths, for what names a file
	kind  rule.Operator
	value string
}

// The kinds of families that are no operators.
const (
	namedKind  rule.Operator = "name"
	folderKind rule.Operator = "folder"
)

// familyOf is the family of a comparison. What compares no path is a family of
// its own.
func familyOf(k normalize.Key) family {
	field := k.Field
	if path := normalize.PathField(field); path != "" {
		field = path
	} else if !normalize.IsPath(field) {
		return family{k.Field, k.Operator, k.Value}
	}
	switch k.Operator {
	case rule.Eq, rule.EndsWith, rule.StartsWith, rule.Contains, rule.Wildcard:
		if name, folder := splitPath(k.Operator, k.Value); name != "" {
			return family{field, namedKind, name}
		} else if folder != "" {
			return family{field, folderKind, folder}
		}
	}
	return family{field, k.Operator, k.Value}
}

// splitPath returns the name of the file that a comparison of a path names, and
// the folder it is in, without its drive. The name is empty where only a folder
// is compared; both are where no part of the path is whole.
func splitPath(op rule.Operator, value string) (name, folder string) {
	onlyFolder := op == rule.StartsWith || op == rule.Contains
	if op == rule.Wildcard {
		value = strings.ReplaceAll(value, `\\`, `\`)
		onlyFolder = strings.HasSuffix(value, "*")
	}
	separator := "/"
	if strings.Contains(value, `\`) {
		separator = `\`
	} else if op == rule.Contains && !strings.Contains(value, separator) {
		return "", ""
	}
	path := withoutDrive(value)
	if op == rule.Wildcard {
		path = strings.Trim(path, "*")
	}
	at := strings.LastIndex(path, separator)
	name = path[at+1:]
	folder = path[:max(at, 0)]
	if name == "" || name[0] == '*' {
		return "", strings.TrimRight(folder, separator+"*")
	}
	if onlyFolder && !isProgram(name) {
		return "", strings.TrimRight(path, separator+"*")
	}
	return name, folder
}

// withoutDrive drops what stands for a drive before a path.
func withoutDrive(path string) string {
	at := strings.IndexByte(path, '\\')
	switch {
	case at < 0 || at > 2:
	case at == 2 && path[1] == ':', path[:at] == ":", path[:at] == "*", path[:at] == "?":
		return path[at:]
	}
	return path
}

// isProgram reports whether a name is that of something Windows runs or loads,
// and not the beginning of one.
func isProgram(name string) bool {
	for _, extension := range []string{".exe", ".dll", ".sys", ".com", ".ps1", ".bat"} {
		if strings.HasSuffix(name, extension) {
			return true
		}
	}
	return false
}

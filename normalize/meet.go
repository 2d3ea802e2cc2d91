package normalize

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// argumentFields are the fields that hold the arguments of a process one by
// one, with those that hold them as one line.
var argumentFields = map[string]string{
	"process.args":        "process.command_line",
	"process.parent.args": "process.parent.command_line",
}

// lineFields is the inverse of argumentFields.
var lineFields = func() map[string]string {
	m := make(map[string]string, len(argumentFields))
	for args, line := range argumentFields {
		m[line] = args
	}
	return m
}()

// Row is the row of the catalog that a comparison is filed under. It joins
// what is written differently only because one sensor reports the arguments of
// a process one by one and another as a line: a word between blanks of the line
// is a whole argument, and a part of an argument that has no blank is a part of
// the line; so is an argument that is a path. Which drive a folder in the line
// is on does not matter. Two comparisons of one row are the same to an analyst;
// to an event they need not be, so nothing may be proved by rows.
func Row(k Key) Key {
	if args, ok := lineFields[k.Field]; ok && k.Operator == rule.Contains {
		switch word, ok := argument(k.Value); {
		case ok && isPath(word):
			return Key{k.Field, rule.Contains, word}
		case ok:
			return Key{args, rule.Eq, word}
		}
		return Key{k.Field, rule.Contains, withoutDrive(k.Value)}
	}
	if line, ok := argumentFields[k.Field]; ok && !strings.ContainsAny(k.Value, " \t") &&
		(k.Operator == rule.Contains || k.Operator == rule.Eq && isPath(k.Value)) {
		return Key{line, rule.Contains, withoutDrive(k.Value)}
	}
	return k
}

// isPath reports whether a word is the whole path of a file on Linux or macOS.
// A slash alone begins options of Windows.
func isPath(word string) bool {
	return len(word) > 1 && word[0] == '/' && strings.Count(word, "/") > 1
}

// withoutDrive drops the drive that a part of a command line begins with.
func withoutDrive(s string) string {
	if len(s) > 2 && s[0] >= 'a' && s[0] <= 'z' && strings.HasPrefix(s[1:], `:\`) {
		s = s[1:]
	}
	if len(s) > 2 && strings.HasPrefix(s, `:\`) {
		return s[1:]
	}
	return s
}

// argument is the one word that stands between two blanks.
func argument(s string) (string, bool) {
	if len(s) < 3 || s[0] != ' ' || s[len(s)-1] != ' ' {
		return "", false
	}
	word := s[1 : len(s)-1]
	return word, !strings.ContainsAny(word, " \t\"'")
}

// Argument says what an argument says of the line it is in. It is false for all
// other comparisons.
func Argument(k Key) (line Key, ok bool) {
	field, ok := argumentFields[k.Field]
	if !ok || k.Operator != rule.Eq || k.Value == "" || strings.ContainsAny(k.Value, " \t\"'") {
		return Key{}, false
	}
	return Key{field, rule.Contains, " " + k.Value + " "}, true
}

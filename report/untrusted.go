package report

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rules, paths and titles are written by strangers. Whatever of them goes into
// a report must be seen, never obeyed: no escape sequence may reach a
// terminal, no direction mark may reorder a line.

// unseen reports whether a character acts on its surroundings or takes no room
// without being part of any script: controls, direction marks and overrides,
// invisible separators, language tags, noncharacters. Joiners and variation
// selectors are needed to write emoji and several scripts, and stay.
func unseen(r rune) bool {
	switch {
	case unicode.IsControl(r),
		r == 0xAD, r == 0x61C, r == 0x180E,
		r == 0x200B, r == 0x200E, r == 0x200F,
		0x2028 <= r && r <= 0x202E,
		0x2060 <= r && r <= 0x206F,
		r == 0xFEFF, 0xFFF9 <= r && r <= 0xFFFB,
		0xE0000 <= r && r <= 0xE007F,
		0xFDD0 <= r && r <= 0xFDEF, r&0xFFFE == 0xFFFE:
		return true
	}
	return false
}

// spelled is how an unseen character is shown.
func spelled(r rune) string { return fmt.Sprintf("<U+%04X>", r) }

// ciCommand finds what CI systems obey wherever in a line it stands:
// "##vso[task.setvariable …]" of Azure Pipelines, "##[add-mask]" of its agent
// and of GitHub's runner.
var ciCommand = regexp.MustCompile(`##(\w*\[)`)

// visible makes a text fit for one line: line breaks and tabs become spaces,
// unseen characters are spelled out, and so is the first character of what
// would be a command to a CI system; broken UTF-8 becomes U+FFFD.
func visible(s string) string {
	if strings.Contains(s, "##") {
		s = ciCommand.ReplaceAllString(s, "#"+spelled('#')+"$1")
	}
	// GitHub's runner obeys "::add-mask::…" where it begins a line, blanks
	// aside, and this text may be the beginning of one.
	if bare := strings.TrimSpace(s); strings.HasPrefix(bare, "::") && len(bare) > 2 && 'a' <= bare[2]|0x20 && bare[2]|0x20 <= 'z' {
		s = strings.Replace(s, ":", spelled(':'), 1)
	}
	if harmless(s) {
		return s
	}
	var b strings.Builder
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for _, r := range s { // broken bytes come as U+FFFD
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case unseen(r):
			b.WriteString(spelled(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// harmless reports whether visible would change nothing.
func harmless(s string) bool {
	for i, r := range s {
		if r < 0x20 || r >= 0x7F && unseen(r) {
			return false
		}
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return false
			}
		}
	}
	return true
}

// visiblePath is visible for a path that begins a line. A name that CI systems
// would take for a command there ("::error …", "##[error]…") is written from the
// folder it is in.
func visiblePath(path string) string {
	if bare := strings.TrimSpace(path); strings.HasPrefix(bare, "::") || strings.HasPrefix(bare, "##") {
		path = "./" + path
	}
	return visible(path)
}

// visibleLines is visible for a text of several lines. Tabs become four
// spaces; empty lines at the end are dropped.
func visibleLines(s string) []string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\t", tab)
	lines := strings.Split(strings.TrimRight(s, "\n "), "\n")
	for i, line := range lines {
		lines[i] = visible(line)
	}
	return lines
}

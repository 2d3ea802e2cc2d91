package report

import "strings"

// Plain makes a text of a stranger fit for one line of a terminal: control
// characters and direction marks are spelled out.
func Plain(s string) string { return visible(s) }

// PlainPath is Plain for a path that begins a line.
func PlainPath(path string) string { return visiblePath(path) }

// PlainLines is Plain for a text of several lines.
func PlainLines(s string) string { return strings.Join(visibleLines(s), "\n") }

// Count writes a number together with what it counts: 1 rule, 3,141 rules.
func Count(n int, one string) string { return count(n, one) }

// Number writes a number with separators between thousands.
func Number(n int) string { return thousands(n) }

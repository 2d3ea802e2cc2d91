package report

import "strings"

// Plain makes a text of a stranger fit for one line of a terminal: control
// characters and direction marks are spelled out.
func Plain(s string) string { return visible(s) }

// PlainLines is Plain for a text of several lines.
func PlainLines(s string) string { return strings.Join(visibleLines(s), "\n") }

// Number writes a number with separators between thousands.
func Number(n int) string { return thousands(n) }

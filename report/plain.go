package report

// Plain makes a text of a stranger fit for one line of a terminal: control
// characters and direction marks are spelled out.
func Plain(s string) string { return visible(s) }

// Number writes a number with separators between thousands.
func Number(n int) string { return thousands(n) }

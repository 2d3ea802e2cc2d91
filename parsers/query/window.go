package query

// Window is a comparison of the time of an event, of which no predicate is made,
// as a part of rule.Rule.Frame: its text without layout, and where it stands.
func Window(text string, negated, alternative bool) string {
	switch {
	case negated && alternative:
		return "time or not " + text
	case negated:
		return "time not " + text
	case alternative:
		return "time or " + text
	}
	return "time " + text
}

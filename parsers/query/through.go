package query

import "strings"

// altering are the functions of all languages that change the case of a text or
// the white space around it, in the words of rule.Predicate.Through.
var altering = map[string]string{
	"lower": "lower", "tolower": "lower", "to_lower": "lower", "upper": "upper", "toupper": "upper", "to_upper": "upper",
	"trim": "trim", "ltrim": "trim", "rtrim": "trim", "trim_start": "trim", "trim_end": "trim",
}

// Through adds a function, its name in lower case, to those that a field has gone
// through already.
func Through(function, already string) string {
	return strings.TrimSpace(altering[function] + " " + already)
}

package query

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

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

// maxBehind is how long Behind of a predicate may become, in bytes, before the first
// of it is only told apart from others.
const maxBehind = 500

// Behind adds a command to what stands in front of a filter, in the words of
// rule.Predicate.Behind.
func Behind(before, command string) string {
	if before != "" {
		command = before + " | " + command
	}
	if len(command) <= maxBehind {
		return command
	}
	sum := sha256.Sum256([]byte(command))
	return hex.EncodeToString(sum[:])
}

package proof

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// keeping are the commands after which every row is one that came in, none is
// missing for how many there are, and each column has the values that it had,
// or is known to be computed.
var keeping = map[rule.Language]map[string]bool{
	"spl": commands("search where regex rex eval rename fields table sort convert strcat replace addinfo iplocation from"),
	"kusto": commands(`where filter extend project project-away project-keep project-rename project-reorder
		parse parse-where parse-kv sort order render`),
	"esql": commands("where eval keep drop rename sort dissect grok"),
}

// gathering are commands after which a column may have the values of several
// rows, or several values of one.
var gathering = regexp.MustCompile(`(?i)\|\s*(append|chart|dedup|eventstats|join|lookup|make-series|makemv|mstats|mv-?apply|mv-?expand|mv_expand|mvcombine|` +
	`partition|rare|scan|sistats|stats|streamstats|summarize|timechart|top|top-nested|transaction|tstats|union)\b`)

func commands(names string) map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}

// changesRows reports whether two filters of a pipeline may be about different
// rows, or different values: one of them stands after a command that is not
// known to keep them. What stands behind a bar within a text is taken for a
// command as well, which is at worst a fault that is not told.
func changesRows(r *normalize.Rule) bool {
	keep := keeping[r.Language]
	if keep == nil {
		return false
	}
	if r.Stateful {
		return true
	}
	data := r.Source.Data
	first, last := len(data), 0
	for i := range r.Predicates {
		first, last = min(first, int(r.Predicates[i].Span.Start)), max(last, int(r.Predicates[i].Span.Start))
	}
	if first < 0 || last > len(data) || first > last {
		return true
	}
	if begin := int(r.Span.Start); begin >= 0 && begin < last {
		at := gathering.FindIndex(data[begin:last])
		if at != nil && bytes.IndexByte(data[begin+at[1]:last], '|') >= 0 {
			return true
		}
	}
	start := first
	if at := bytes.LastIndexByte(data[:first], '|'); at >= 0 && !bytes.HasSuffix(bytes.TrimRight(data[:at], " \t"), []byte(":")) {
		start = at // of the command that the first comparison is in
	}
	changed := false
	for i, c := range data[start:last] {
		if c != '|' {
			continue
		}
		if changed {
			return true
		}
		changed = !keep[command(data[start+i+1:])]
	}
	return false
}

// command is the name of the command that a text begins with, in lower case.
func command(text []byte) string {
	start := 0
	for start < len(text) && strings.IndexByte(" \t\r\n", text[start]) >= 0 {
		start++
	}
	end := start
	for end < len(text) && end < start+maxName && isNamePart(text[end]) {
		end++
	}
	return strings.ToLower(string(text[start:end]))
}

// maxName is longer than the name of any command.
const maxName = 24

func isNamePart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

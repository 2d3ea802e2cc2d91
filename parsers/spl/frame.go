package spl

import (
	"regexp"
	"slices"
	"strings"
)

// Frame is what the search means beyond its condition: what it counts, computes,
// looks up and joins, in order, which time it looks at, and where between the
// filters stand. What macros stand for is in it. It is empty for a search that
// only filters.
func (q *Query) Frame() []string {
	if q.root == nil {
		return []string{}
	}
	return q.frame(q.root, 0)
}

// computing are commands that change the columns of each row on its own: after
// the last filter they change nothing about which rows come out.
var computing = map[string]bool{
	"eval": true, "rename": true, "convert": true, "fieldformat": true, "table": true, "fields": true, "rex": true, "iplocation": true,
	"fillnull": true, "strcat": true, "replace": true, "makemv": true, "nomv": true, "rangemap": true, "spath": true,
}

// ordered are commands that depend on the order of the rows.
var ordered = map[string]bool{
	"head": true, "tail": true, "dedup": true, "streamstats": true, "delta": true, "accum": true, "autoregress": true, "transaction": true,
	"stats": true, "eventstats": true, "mvcombine": true, "filldown": true,
}

// frame is that of a pipeline. Of a subsearch all columns matter: it is joined
// by them, or stands for conditions on them.
func (q *Query) frame(p *pipeline, depth int) []string {
	frame := []string{}
	last := 0 // after the last command that is no computing
	isOrdered := false
	for i, s := range p.stages {
		cuts := q.cutsRows(s)
		if !computing[s.name] && !isFilterMacro(s) && (s.name != "sort" || cuts) {
			last = i + 1
		}
		isOrdered = isOrdered || ordered[s.name] || s.broken || s.name == "" || cuts
	}
	if depth > 0 {
		last = len(p.stages)
	}
	filters := false
	for i, s := range p.stages {
		if f, ok := s.command.(*filter); ok && !s.broken {
			frame = append(frame, times(f.cond)...)
			for _, sub := range s.subs {
				frame = q.inner(frame, sub, depth+1)
			}
			filters = true
			continue
		}
		switch {
		case s.name == "regex" && !s.broken:
			filters = true
			continue
		case isFilterMacro(s) || computing[s.name] && i >= last || s.name == "sort" && !isOrdered && !cutting(s, q.expanded[s.start:s.end]):
			continue
		}
		if filters && !computing[s.name] {
			frame = append(frame, "| where") // what is filtered before is not counted
			filters = false
		}
		frame = append(frame, "| "+q.withoutConditions(s))
		switch cmd := s.command.(type) {
		case *aggregation:
			frame = append(frame, times(cmd.where)...)
		case *making:
			frame = append(frame, times(cmd.where)...)
		}
		for _, sub := range s.subs {
			frame = q.inner(frame, sub, depth+1)
		}
	}
	return frame
}

// limited is a sort that lets only a number of rows through.
var limited = regexp.MustCompile(`(?i)^sort +(?:limit=)?0*[1-9][0-9]*(?: |$)`)

// cutsRows reports whether a stage is a sort with such a number.
func (q *Query) cutsRows(s *stage) bool {
	return s.name == "sort" && limited.MatchString(flat(q.expanded[s.start:s.end]))
}

// inner adds what a subsearch means beyond its condition.
func (q *Query) inner(frame []string, sub *pipeline, depth int) []string {
	return append(append(append(frame, "["), q.frame(sub, depth)...), "]")
}

// isFilterMacro reports whether a command is a macro that leaves the search
// alone.
func isFilterMacro(s *stage) bool {
	m, ok := s.command.(*making)
	return ok && s.name == "" && m.lookup == nil && len(s.macros) == 0
}

// withoutConditions is the text of a command without its search terms and its
// subsearches.
func (q *Query) withoutConditions(s *stage) string {
	type cut struct{ start, end int }
	var cuts []cut
	terms := [2]int{}
	switch cmd := s.command.(type) {
	case *aggregation:
		terms = cmd.terms
	case *making:
		terms = cmd.terms
	}
	if terms[1] > terms[0] {
		cuts = append(cuts, cut{terms[0], terms[1]})
	}
	for _, sub := range s.subs {
		if sub.open >= terms[1] || sub.open < terms[0] {
			cuts = append(cuts, cut{sub.open, sub.close})
		}
	}
	slices.SortFunc(cuts, func(a, b cut) int { return a.start - b.start })
	var b strings.Builder
	at := s.start
	for _, c := range cuts {
		if c.start < at || c.end > s.end {
			continue
		}
		b.WriteString(q.expanded[at:c.start] + " ")
		at = c.end
	}
	b.WriteString(q.expanded[at:s.end])
	text := flat(b.String())
	if len(text) >= len(s.name) && strings.EqualFold(text[:len(s.name)], s.name) {
		text = s.name + text[len(s.name):]
	}
	if listing[s.name] || enumerating[s.name] {
		text = withoutCommas(text)
	}
	return text
}

// enumerating are commands, beside those that list, whose arguments may have commas
// or blanks between them.
var enumerating = map[string]bool{
	"dedup": true, "fields": true, "sort": true, "eventstats": true, "streamstats": true, "chart": true, "timechart": true, "rename": true,
	"fillnull": true, "lookup": true, "top": true, "rare": true, "transaction": true,
}

// withoutCommas writes blanks for commas outside of quotes.
func withoutCommas(text string) string {
	out := []byte(text)
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = quoteEnd(text, i) - 1
		case '\\':
			i++
		case ',':
			out[i] = ' '
		}
	}
	return string(out)
}

// times are the bounds of time among search terms, which compare no field.
func times(n node) []string {
	var out []string
	switch n := n.(type) {
	case *andNode:
		for _, item := range n.items {
			out = append(out, times(item)...)
		}
	case *orNode:
		for _, item := range n.items {
			out = append(out, times(item)...)
		}
	case *notNode:
		out = times(n.item)
	case *comparison:
		if name := strings.ToLower(n.field.Value); modifiers[name] {
			out = []string{name + n.op + n.value.text}
		}
	}
	return out
}

// flat writes a part of a search in one line, without blanks that separate
// nothing. What is in quotes stays as it is.
func flat(text string) string {
	var b strings.Builder
	blank := false
	for i := 0; i < len(text); {
		c := text[i]
		if isBlank(c) {
			blank = true
			i++
			continue
		}
		end := i + 1
		switch {
		case c == '"':
			end = quoteEnd(text, i)
		case c == '\\':
			end = min(i+2, len(text))
		}
		glued := strings.IndexByte(",=", c) >= 0 || b.Len() == 0 || strings.IndexByte(",=", b.String()[b.Len()-1]) >= 0
		if blank && !glued {
			b.WriteByte(' ')
		}
		blank = false
		b.WriteString(text[i:end])
		i = end
	}
	return b.String()
}

package kql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/rule"
)

// unframed are the operators that the condition has in full, or that only
// choose columns or a picture.
var unframed = words("where project project-away project-keep project-reorder project-rename sort render getschema consume")

// measuring are the operators for which it matters whether a filter stands in
// front of them or after them.
var measuring = words(`summarize make-series top top-nested top-hitters take sample sample-distinct distinct count serialize scan
partition evaluate reduce fork facet`)

// ordering are the functions whose result depends on the order of the rows.
var ordering = words("prev next row_number row_cumsum row_rank_dense row_rank_min row_window_session")

// Frame is what the query means beyond its condition: what it counts, computes
// and joins, in order, and where between filters stand. Filters whose rows only
// need not be there, as those of an anti-join, are part of it.
func (q *Query) Frame() []string {
	b := q.build()
	if b == nil {
		return []string{}
	}
	f := &framer{query: q, built: b, inner: map[int32]*operator{}, main: map[*operator]bool{}}
	f.prepare()
	return f.write()
}

// Loose reports whether the query looks for rows that need not be there: what
// it then does with them is no part of its condition.
func (q *Query) Loose() bool {
	b := q.build()
	return b != nil && b.loose
}

// framer writes a frame.
type framer struct {
	query  *Query
	built  *builder
	inner  map[int32]*operator // by where they begin
	main   map[*operator]bool  // those of what the query returns
	sorted bool                // the order of rows matters
	lets   []*statement        // without a table in them, in their order
}

// prepare finds the operators and the lets.
func (f *framer) prepare() {
	f.sorted = f.built.ordered
	for _, o := range f.query.operators {
		f.inner[o.span.Start] = o
		f.sorted = f.sorted || o.name == "take"
	}
	next := 0
	for _, st := range f.query.root.statements {
		if p, ok := st.value.(*pipeline); ok && st.keyword == "" {
			for _, o := range p.operators {
				f.main[o] = true
			}
		}
		for next < len(f.query.operators) && f.query.operators[next].span.Start < st.span.Start {
			next++
		}
		holds := next < len(f.query.operators) && f.query.operators[next].span.Start < st.span.End
		if st.keyword == "let" && !holds && st.value != nil && !tabular(st.value) {
			f.lets = append(f.lets, st)
		}
	}
}

// ordered reports whether what rows are told depends on the rows before them.
func (q *Query) ordered() bool {
	return slices.ContainsFunc(q.operators, func(o *operator) bool { return o.name == "scan" || o.name == "serialize" }) ||
		slices.ContainsFunc(q.calls, func(c *call) bool { return ordering[c.function] })
}

// keeps reports whether what stands in an operator is part of the frame.
func (f *framer) keeps(o *operator) bool {
	switch {
	case o == nil || !unframed[o.name] || o.loose || f.built.turned || f.built.loose && !f.main[o]:
		return true
	case o.name == "sort":
		return f.sorted
	case o.name == "project" || o.name == "where" && o.condition == nil:
		return !plain(o.exprs)
	}
	return false
}

// plain reports whether columns are only chosen or renamed.
func plain(exprs []expr) bool {
	for _, e := range exprs {
		if n, ok := e.(*named); ok {
			e = n.value
		}
		switch bare(e).(type) {
		case *name, *path, *wildcard:
		default:
			return false
		}
	}
	return true
}

// open is an operator around a token.
type open struct {
	operator *operator
	filtered bool // a filter stands in front of the operator that follows
}

// write goes through the tokens of the query.
func (f *framer) write() []string {
	frame := []string{}
	names := map[string]bool{}
	var chunk flat
	var owner *operator
	flush := func() {
		if chunk.Len() > 0 {
			frame = append(frame, chunk.String())
		}
		chunk = flat{}
	}
	stack := []open{{}}
	lets := f.lets
	for i := range f.query.tokens {
		t := &f.query.tokens[i]
		if t.start == t.end {
			continue
		}
		for len(stack) > 1 && t.start >= stack[len(stack)-1].operator.span.End {
			stack = stack[:len(stack)-1]
		}
		for len(lets) > 0 && lets[0].span.End <= t.start {
			lets = lets[1:]
		}
		if len(lets) > 0 && lets[0].span.Start <= t.start {
			continue
		}
		text := f.query.text[t.start:t.end]
		if text == "|" || text == ";" {
			flush()
			if text == ";" {
				stack[len(stack)-1].filtered = false
			}
			continue
		}
		if o := f.inner[t.start]; o != nil {
			around := &stack[len(stack)-1]
			if o.name == "where" {
				around.filtered = true
			} else if measuring[o.name] {
				if around.filtered {
					flush()
					frame = append(frame, "where") // what is filtered before is not counted
				}
				around.filtered = false
			}
			stack = append(stack, open{operator: o})
		}
		o := stack[len(stack)-1].operator
		if !f.keeps(o) {
			continue
		}
		if o != owner {
			flush()
			owner = o
		}
		names[text] = true
		chunk.put(text)
	}
	flush()
	for _, text := range f.built.sets {
		frame = append(frame, "values "+text)
	}
	for _, text := range f.built.bounds {
		of := map[string]bool{}
		for _, t := range lex(text) {
			names[text[t.start:t.end]], of[text[t.start:t.end]] = true, true
		}
		// What its names stand for is a part of the time.
		frame = append(frame, strings.Join(append([]string{"time " + text}, f.used(of)...), "; "))
	}
	return append(f.used(names), frame...)
}

// used writes the lets without a table whose names stand in the frame, or in
// one of those lets.
func (f *framer) used(names map[string]bool) []string {
	texts := make([]string, len(f.lets))
	for i := len(f.lets) - 1; i >= 0; i-- { // a let names only those in front
		st := f.lets[i]
		if !names[st.name.Value] {
			continue
		}
		var text flat
		value := f.query.text[st.span.Start:st.span.End]
		for _, t := range lex(value) {
			if t.start == t.end {
				continue
			}
			word := value[t.start:t.end]
			text.put(word)
			names[word] = true
		}
		texts[i] = strings.TrimRight(text.String(), ";")
	}
	var out []string
	for _, text := range texts {
		if text != "" {
			out = append(out, text)
		}
	}
	return out
}

// flat puts tokens together with blanks where they need one.
type flat struct{ strings.Builder }

func (f *flat) put(token string) {
	if s := f.String(); s != "" && separates(s[len(s)-1]) && separates(token[0]) {
		f.WriteByte(' ')
	}
	f.WriteString(token)
}

func separates(c byte) bool { return strings.IndexByte("()[]{},;|=<>!+.", c) < 0 }

// bound notes a comparison that only bounds the time: of what a rule counts it
// says more than of single events.
func (s *subject) bound(value expr) {
	at := value.place()
	if s.bounded[at] {
		return
	}
	if s.bounded == nil {
		s.bounded = map[rule.Span]bool{}
	}
	s.bounded[at] = true
	s.bounds = append(s.bounds, s.field.Value+" "+s.source+" "+text(value))
}

// maybe is a condition that need not hold. The operator that is looked at says
// more than that.
func (b *builder) maybe(c rule.Condition) rule.Condition {
	b.loose = true
	return &rule.Or{Children: []rule.Condition{c, &rule.And{}}}
}

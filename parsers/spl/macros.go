package spl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// Bounds of the expansion: how deep macros may call others (Splunk stops at
// 100), how many bytes they may write, and how many bytes of definitions are
// looked at for one search.
const (
	maxMacroDepth = 100
	maxExpanded   = query.MaxSize
	maxMacroWork  = 4 * query.MaxSize
)

// Macro is the definition of a search macro.
type Macro struct {
	// Definition is the text. An empty one says that the macro, whatever its
	// text is, leaves the meaning of searches alone.
	Definition string
	// Arguments are the names that stand between dollar signs in the
	// definition.
	Arguments []string
	// File is where the macro is defined, for messages.
	File string
}

// Macros finds the macro of a name and a number of arguments.
type Macros func(name string, arity int) (Macro, bool)

// MacroCall is a call that is written in the text of the search.
type MacroCall struct {
	Name      string
	Arguments []string
	Span      rule.Span // backticks included
	// Known is set when the macro's definition was at hand; File is where it
	// stands.
	Known bool
	File  string
	// Neutral is set for macros that need no definition to know that they
	// leave the meaning of the search alone.
	Neutral bool
}

// wellKnown are macros that Splunk's add-ons and its public content bring along
// and that change no meaning: what they do is documented, and a repository of
// rules rarely has their definition. Splunk_SA_CIM has drop_dm_object_name,
// DA-ESS-ContentUpdate the others.
var wellKnown = map[string]Macro{
	"drop_dm_object_name/1":            {Definition: "rename $1$.* as *", Arguments: []string{"1"}},
	"security_content_ctime/1":         {Definition: "convert ctime($1$)", Arguments: []string{"1"}},
	"security_content_summariesonly/0": {Definition: "summariesonly=false"},
	"summariesonly/0":                  {Definition: "summariesonly=false"},
}

// isNeutral reports whether a macro is Splunk's own comment, or one of those that
// every rule of the public content calls so that its users can narrow it:
// NAME_filter, which is "search *" until then.
func isNeutral(name string) bool { return name == "comment" || strings.HasSuffix(name, "_filter") }

// Understood reports whether a macro needs no definition: it is known to leave
// the meaning of searches alone, or what it does is documented.
func Understood(name string, arity int) bool {
	_, known := wellKnown[name+"/"+strconv.Itoa(arity)]
	return known || isNeutral(name)
}

// expander replaces macros by their definitions and comments by blanks.
type expander struct {
	macros   Macros
	neutral  map[string]bool // macros without a text
	calls    []MacroCall
	problems []query.Problem
	stack    []string // keys of the macros that are being expanded
	work     int
	full     bool // a bound was reached and said
	torn     bool // a quote, a comment or a call is not closed
}

func newExpander(macros Macros) *expander {
	if macros == nil {
		macros = func(string, int) (Macro, bool) { return Macro{}, false }
	}
	return &expander{macros: macros, neutral: map[string]bool{}}
}

// expand makes a layer of a text. up is what the text's own places are in, nil
// when it is the query.
func (e *expander) expand(text string, up *layer) *layer {
	w := &writer{buf: make([]byte, 0, len(text)+len(text)/2)}
	e.text(w, text, up, nil)
	return w.layer(up)
}

// text writes a text with its macros expanded. within is the macro whose text it
// is, with the place of the call in the query; nil for the query itself.
func (e *expander) text(w *writer, text string, up *layer, within *MacroCall) {
	write := func(start, end int) {
		if within == nil {
			w.copied(text[start:end], start)
		} else {
			w.buf = append(w.buf, text[start:end]...)
		}
	}
	report := func(start, end int, message string) { e.report(up, within, start, end, message) }
	done := 0
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\\':
			i += 2
		case c == '"':
			i = quoteEnd(text, i)
		case c != '`':
			i++
		case strings.HasPrefix(text[i:], "```"):
			write(done, i)
			end := strings.Index(text[i+3:], "```")
			if end < 0 {
				report(i, i+3, "comment is never closed, expected ```")
				e.torn = true
				end = len(text) - i - 6
			}
			if within == nil {
				w.standing(i, i+end+6, nil)
			}
			w.buf = append(w.buf, ' ')
			i += end + 6
			done = i
		default:
			write(done, i)
			call, end, message := readCall(text, i)
			switch {
			case message == quoteProblem:
				report(end, end+1, message)
			case message != "":
				report(i, end, message)
			}
			e.torn = e.torn || message != ""
			e.call(w, call, text[i:end], i, up, within)
			i, done = end, end
		}
	}
	write(min(done, len(text)), len(text))
}

// call writes what a call stands for, or the call itself when that is not
// known. at is where it stands in its text.
func (e *expander) call(w *writer, call MacroCall, written string, at int, up *layer, within *MacroCall) {
	top := within
	if within == nil {
		call.Span = up.span(at, at+len(written))
		top = &call
	}
	key := call.Name + "/" + strconv.Itoa(len(call.Arguments))
	macro, known := e.macros(call.Name, len(call.Arguments))
	if within == nil {
		if call.Known = known; known {
			call.File = macro.File
		}
		call.Neutral = !known && isNeutral(call.Name) || known && strings.TrimSpace(macro.Definition) == ""
	}
	if !known {
		macro, known = wellKnown[key]
		if within == nil && known {
			call.Neutral = true
		}
	}
	if within == nil {
		e.calls = append(e.calls, call)
	}
	opaque := func() {
		if within == nil {
			w.copied(written, at)
		} else {
			w.buf = append(w.buf, written...)
		}
	}
	switch {
	case known && strings.TrimSpace(macro.Definition) == "":
		e.neutral[call.Name] = true
		fallthrough
	case !known || call.Name == "":
		opaque()
		return
	case slices.Contains(e.stack, key):
		e.report(up, within, at, at+len(written), fmt.Sprintf("macro %q calls itself: %s", call.Name, e.cycle(key)))
		opaque()
		return
	}
	e.work += len(macro.Definition) + 64
	if e.full || len(e.stack) == maxMacroDepth || e.work > maxMacroWork || len(w.buf) > maxExpanded {
		if !e.full {
			e.full = true
			e.report(up, within, at, at+len(written), fmt.Sprintf("macro %q was not expanded: with it the search would be too long or nested too deep", call.Name))
		}
		opaque()
		return
	}
	text := substitute(macro, inOrder(macro.Arguments, call.Arguments), maxExpanded)
	e.work += len(text)
	if opensQuote(text) {
		// The quotes of all that follows would be taken for their opposite.
		e.report(up, &MacroCall{Name: call.Name, File: macro.File, Span: top.Span}, at, at+len(written), quoteProblem)
		e.torn = true
		opaque()
		return
	}
	var around run
	if within == nil {
		w.standing(at, at+len(written), top)
	} else {
		// A mistake in here is the inner macro's, at the place of the outer call.
		around = w.runs[len(w.runs)-1]
		top = &MacroCall{Name: call.Name, Span: within.Span, File: macro.File}
		w.standing(int(around.from.Start), int(around.from.End), top)
	}
	e.stack = append(e.stack, key)
	e.text(w, text, up, top)
	e.stack = e.stack[:len(e.stack)-1]
	if within != nil {
		w.standing(int(around.from.Start), int(around.from.End), within)
	}
}

// span is the place of a part of a text in the query.
func (l *layer) span(start, end int) rule.Span {
	if l == nil {
		return rule.Span{Start: int32(start), End: int32(end)}
	}
	sp, _ := l.place(start, end)
	return sp
}

// report adds a problem at a place of the query's text, or at the call of the
// macro whose definition has it.
func (e *expander) report(up *layer, within *MacroCall, start, end int, message string) {
	sp := up.span(start, end)
	if within != nil {
		sp = within.Span
	}
	e.problems = append(e.problems, problemIn(within, sp, message))
}

// problemIn is a problem with what a macro stands for, or with the query itself
// where that is nil.
func problemIn(m *MacroCall, sp rule.Span, message string) query.Problem {
	switch {
	case m == nil:
		return query.Problem{Span: sp, Message: message}
	case m.File == "":
		message = fmt.Sprintf("in macro %q: %s", m.Name, message)
	default:
		message = fmt.Sprintf("in macro %q of %s: %s", m.Name, m.File, message)
	}
	return query.Problem{Span: sp, Message: message, Macro: m.Name, File: m.File}
}

func (e *expander) cycle(key string) string {
	names := []string{}
	for _, k := range e.stack[slices.Index(e.stack, key):] {
		name, _, _ := strings.Cut(k, "/")
		names = append(names, name)
	}
	name, _, _ := strings.Cut(key, "/")
	return strings.Join(append(names, name), " → ")
}

// substitute puts arguments into a definition.
func substitute(m Macro, arguments []string, limit int) string {
	if len(arguments) == 0 || !strings.Contains(m.Definition, "$") {
		return m.Definition
	}
	var b strings.Builder
	text := m.Definition
next:
	for b.Len() < limit {
		i := strings.IndexByte(text, '$')
		if i < 0 {
			break
		}
		b.WriteString(text[:i])
		text = text[i:]
		for k, name := range m.Arguments {
			if rest, ok := strings.CutPrefix(text, "$"+name+"$"); ok && k < len(arguments) {
				b.WriteString(arguments[k])
				text = rest
				continue next
			}
		}
		b.WriteByte('$')
		text = text[1:]
	}
	b.WriteString(text)
	return b.String()
}

package spl

import (
	"sort"

	"github.com/detlint/detlint/rule"
)

// layer is a text that was made of another one: macros are expanded, comments
// are blanks, the escapes of a quoted search are decoded. It knows where every
// byte came from.
type layer struct {
	text string
	runs []run
	up   *layer // what the places of the runs are in; nil for the query itself
}

// run is a stretch of a layer's text, up to the next run. A copied one has the
// bytes of the other text from from.Start on; any other stands for all of from.
type run struct {
	at     int
	from   rule.Span
	copied bool
	// macro is the call a run stands for, nil when it is no macro's.
	macro *MacroCall
}

func (l *layer) run(i int) *run {
	j := sort.Search(len(l.runs), func(j int) bool { return l.runs[j].at > i }) - 1
	return &l.runs[max(j, 0)]
}

// place returns where a part of the text is in the query, and the macro that
// its first byte came from.
func (l *layer) place(start, end int) (rule.Span, *MacroCall) {
	var macro *MacroCall
	for ; l != nil; l = l.up {
		if len(l.runs) == 0 {
			return rule.Span{}, macro
		}
		first := l.run(start)
		if macro == nil {
			macro = first.macro
		}
		from := int(first.from.Start)
		if first.copied {
			from = min(from+start-first.at, int(first.from.End))
		}
		to := from
		if end > start {
			last := l.run(end - 1)
			to = int(last.from.End)
			if last.copied {
				to = min(int(last.from.Start)+end-last.at, to)
			}
		}
		start, end = from, max(from, to)
	}
	return rule.Span{Start: int32(start), End: int32(end)}, macro
}

// writer builds a layer.
type writer struct {
	buf  []byte
	runs []run
}

// copied adds bytes that stand at an offset of the other text.
func (w *writer) copied(text string, at int) {
	if text == "" {
		return
	}
	if n := len(w.runs); n > 0 {
		if last := &w.runs[n-1]; last.copied && int(last.from.End) == at {
			last.from.End += int32(len(text))
			w.buf = append(w.buf, text...)
			return
		}
	}
	w.runs = append(w.runs, run{at: len(w.buf), from: rule.Span{Start: int32(at), End: int32(at + len(text))}, copied: true})
	w.buf = append(w.buf, text...)
}

// standing begins a run that stands for a part of the other text.
func (w *writer) standing(start, end int, macro *MacroCall) {
	w.runs = append(w.runs, run{at: len(w.buf), from: rule.Span{Start: int32(start), End: int32(end)}, macro: macro})
}

func (w *writer) layer(up *layer) *layer {
	return &layer{text: string(w.buf), runs: w.runs, up: up}
}

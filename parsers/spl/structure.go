package spl

import "strings"

// pipeline is a search or a subsearch: commands with pipes between.
type pipeline struct {
	open, close int // the brackets of a subsearch: of the first, after the last
	stages      []*stage
	nested      bool
}

// stage is one command. start and end leave out the white space around it.
type stage struct {
	start, end int
	subs       []*pipeline
	// piped is set when a pipe stands in front: the first word is a command.
	piped  bool
	broken bool // could not be read
	// loose is set after a pipe too many: terms may stand here.
	loose bool

	name    string   // in lower case; empty for a macro that is not known
	macros  []string // those in it that are not known
	command command
}

// outer reads the whole text of the layer.
func (p *parser) outer() *pipeline {
	root, _ := p.structure(0, 0)
	p.commands(root)
	p.collect(root)
	return root
}

// first finds the terms of the first command. Those that end within what a
// macro stands for have no end in the query.
func (p *parser) first(root *pipeline) *Terms {
	if root == nil || len(root.stages) == 0 || root.stages[0].broken {
		return nil
	}
	s := root.stages[0]
	out, start, end := &Terms{Command: s.name}, s.start, s.end
	switch cmd := s.command.(type) {
	case *filter:
		if s.name != "search" || s.piped {
			return nil
		}
	case *aggregation:
		start, end = cmd.terms[0], cmd.terms[1]
		out.Model = cmd.model.Value
	default:
		return nil
	}
	for end > start && isBlank(p.text[end-1]) {
		end--
	}
	for start < end && isBlank(p.text[start]) {
		start++
	}
	if start == end {
		return nil
	}
	_, last := p.layer.place(end-1, end)
	if next := end + len(p.text[end:]) - len(strings.TrimLeft(p.text[end:], blanks)); last != nil && next < len(p.text) {
		if _, same := p.layer.place(next, next+1); same == last {
			return nil
		}
	}
	out.Span = p.place(start, end)
	return out
}

// structure finds the commands and subsearches from an offset on: strings,
// brackets and pipes are the same everywhere. It returns the offset after the
// closing bracket.
func (p *parser) structure(pos, depth int) (*pipeline, int) {
	out := &pipeline{open: pos - 1, nested: depth > 0 || p.nested > 0}
	cur := &stage{start: pos}
	pipe := -1 // the pipe before the current command
	unclosed := false
	next := func(end int) {
		loose := false
		p.trim(cur, end)
		switch {
		case cur.start < cur.end || unclosed:
			out.stages = append(out.stages, cur)
		case pipe < 0 && end < len(p.text) && p.text[end] == '|':
			// The pipe in front of a generating command.
		case pipe < 0:
			if depth > 0 {
				p.report(out.open, min(end+1, len(p.text)), "subsearch is empty, expected a search in the brackets")
			} else {
				p.report(0, len(p.text), "search is empty, expected search terms or a command")
			}
		case end < len(p.text) && p.text[end] == '|' && end == pipe+1:
			p.report(pipe, end+1, `unexpected "||", expected a command after the first pipe, or OR between conditions`)
			loose = true
		case end < len(p.text) && p.text[end] == '|':
			p.report(end, end+1, `unexpected "|", expected a command between the pipes`)
			loose = true
		default:
			p.report(pipe, pipe+1, `nothing follows this pipe, expected a command`)
		}
		pipe = end
		cur = &stage{start: end + 1, piped: true, loose: loose}
	}
	i := pos
	for i < len(p.text) {
		switch p.text[i] {
		case '\\':
			i += 2
			continue
		case '"':
			end := quoteEnd(p.text, i)
			if end == len(p.text) && (end-i < 2 || !closedString(p.text[i:])) {
				p.unclosedQuote(i)
				cur.broken, unclosed = true, true
			}
			i = end
			continue
		case '`':
			_, i, _ = readCall(p.text, i)
			continue
		case '[':
			if depth >= maxNested {
				p.report(i, i+1, "subsearches are nested deeper than %d levels", maxNested)
				p.torn = true
				cur.broken, unclosed = true, true
				i = len(p.text)
				continue
			}
			sub, end := p.structure(i+1, depth+1)
			if sub.close = end; end < 0 {
				if !p.torn {
					p.report(i, i+1, `"[" is never closed, expected "]"`)
				}
				p.torn, p.brackets = true, true
				sub.close, cur.broken, unclosed = len(p.text), true, true
			}
			cur.subs = append(cur.subs, sub)
			i = sub.close
			continue
		case ']':
			if depth > 0 {
				next(i)
				return out, i + 1
			}
			p.report(i, i+1, `unexpected "]", no "[" stands before it`)
			p.brackets = true
			cur.broken = true
		case '|':
			next(i)
		}
		i++
	}
	if depth > 0 {
		if unclosed || cur.start < i {
			p.trim(cur, len(p.text))
			out.stages = append(out.stages, cur)
		}
		return out, -1
	}
	next(len(p.text))
	return out, len(p.text)
}

// trim sets the end of a command and leaves out white space.
func (p *parser) trim(s *stage, end int) {
	s.end = min(end, len(p.text))
	s.start = min(s.start, s.end)
	for s.start < s.end && isBlank(p.text[s.start]) {
		s.start++
	}
	for s.end > s.start && isBlank(p.text[s.end-1]) {
		s.end--
	}
}

// closedString reports whether a text that begins with a quote ends with the
// quote that closes it.
func closedString(s string) bool {
	for j := 1; j < len(s); j++ {
		switch s[j] {
		case '\\':
			j++
		case '"':
			return j == len(s)-1
		}
	}
	return false
}

// unclosedQuote reports a quote that is never closed. When one is missing, all
// after it are taken for the opposite of what they are: the string that holds a
// pipe with a command or a macro call is the one to look at.
func (p *parser) unclosedQuote(last int) {
	if p.torn {
		return // one such mistake is the reason for others
	}
	p.torn = true
	at := last
	for i := 0; i < last; {
		switch p.text[i] {
		case '\\':
			i += 2
		case '"':
			end := quoteEnd(p.text, i)
			if holdsCommand(p.text[i:end]) {
				at, i = i, last
			}
			i = max(end, i)
		case '`':
			_, i, _ = readCall(p.text, i)
		default:
			i++
		}
	}
	end := at + 1
	for end < len(p.text) && end-at < 40 && p.text[end] != '\n' && p.text[end] != '|' {
		end++
	}
	for end > at+1 && isBlank(p.text[end-1]) {
		end--
	}
	for end > at+1 && end < len(p.text) && p.text[end]&0xC0 == 0x80 {
		end--
	}
	p.report(at, end, quoteProblem)
}

// holdsCommand reports whether a string holds what is rarely in one: a pipe and
// a command after it.
func holdsCommand(s string) bool {
	for {
		_, rest, ok := strings.Cut(s, "|")
		if !ok {
			return false
		}
		s = strings.TrimLeft(rest, blanks)
		if strings.HasPrefix(s, "`") {
			return true
		}
		if end := strings.IndexAny(s, blanks); end > 0 && knownCommands[s[:end]] {
			return true
		}
	}
}

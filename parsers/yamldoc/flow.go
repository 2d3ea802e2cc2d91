package yamldoc

import "github.com/detlint/detlint/parsers/tree"

// flow reads a flow collection and leaves p.pos after its closing bracket.
func (p *scanner) flow() *tree.Node {
	start := p.pos
	if !p.deeper(start) {
		return nil
	}
	kind, closing := tree.Sequence, byte(']')
	if p.s[start] == '{' {
		kind, closing = tree.Mapping, '}'
	}
	n := p.newNode(kind, tree.Flow, start, 0)
	mark := len(p.stack)
	p.pos++
	for {
		if !p.flowSpace(start) {
			return nil
		}
		if p.s[p.pos] == closing {
			p.pos++
			break
		}
		if !p.flowEntry(kind, start) || p.failed {
			return nil
		}
		if !p.flowSpace(start) {
			return nil
		}
		switch p.s[p.pos] {
		case ',':
			p.pos++
		case closing:
		default:
			return p.fail(p.pos, p.pos+1, `expected "," or "`+string(closing)+`" in the list that begins with "`+p.s[start:start+1]+`"`)
		}
	}
	n.Content = p.content(mark)
	n.Span.End = int32(p.pos)
	p.depth--
	return n
}

// flowSpace skips white space and comments inside a flow collection that began
// at start.
func (p *scanner) flowSpace(start int) bool {
	s, i := p.s, p.pos
	for i < len(s) {
		switch s[i] {
		case ' ', '\t':
			i++
			continue
		case '\n', '\r':
			i += breakLen(s, i)
			p.line = i
			continue
		case '#':
			if !isBlankOrBreak(s[i-1]) {
				p.giveUp()
				return false
			}
			i = lineEnd(s, i)
			continue
		}
		p.pos = i
		return true
	}
	want := `"]"`
	if s[start] == '{' {
		want = `"}"`
	}
	p.fail(start, start+1, "expected a closing "+want)
	return false
}

// flowEntry reads an item or a key with its value and puts them on the stack.
func (p *scanner) flowEntry(kind tree.Kind, open int) bool {
	key := p.flowNode(open)
	if key == nil {
		return false
	}
	i := p.blanks(p.pos)
	if i >= len(p.s) || p.s[i] != ':' {
		p.stack = append(p.stack, key)
		if kind == tree.Mapping {
			if key.Kind != tree.Scalar {
				p.giveUp()
				return false
			}
			p.stack = append(p.stack, p.empty(int(key.Span.End)))
		}
		return true
	}
	if key.Kind != tree.Scalar {
		p.giveUp()
		return false
	}
	if p.line > int(key.Span.Start) {
		p.fail(i, i+1, "mapping values are not allowed here; a key has to be on one line, or a closing bracket is missing before it")
		return false
	}
	if !p.keyEnds(key, i) {
		return false
	}
	// A pair inside a sequence is a mapping of its own.
	var pair *tree.Node
	mark := len(p.stack)
	if kind == tree.Sequence {
		if !p.deeper(i) {
			return false
		}
		pair = p.newNode(tree.Mapping, tree.Flow, int(key.Span.Start), 0)
	}
	p.stack = append(p.stack, key)
	if !p.flowSpace(open) {
		return false
	}
	var value *tree.Node
	if c := p.s[p.pos]; c == ',' || c == ']' || c == '}' {
		value = p.empty(i + 1)
	} else if value = p.flowNode(open); value == nil {
		return false
	}
	p.stack = append(p.stack, value)
	if pair != nil {
		pair.Span.End = value.Span.End
		pair.Content = p.content(mark)
		p.stack = append(p.stack, pair)
		p.depth--
	}
	return true
}

// flowNode reads one node of a flow collection.
func (p *scanner) flowNode(open int) *tree.Node {
	if p.lenient && !p.skipProperties() {
		return p.giveUp()
	}
	switch c := p.s[p.pos]; c {
	case '\'', '"':
		return p.quoted()
	case '[', '{':
		return p.flow()
	case '?', ':':
		return p.giveUp()
	case '-':
		if p.endsWord(p.pos+1) || plainStop[p.s[p.pos+1]] == 2 {
			return p.giveUp()
		}
	case '|', '>':
		return p.fail(p.pos, p.pos+1, "block scalars are not allowed inside brackets; quote the value")
	default:
		if !plainStart[c] {
			return p.badStart()
		}
	}
	return p.flowPlain()
}

// flowPlain reads a plain scalar inside a flow collection.
func (p *scanner) flowPlain() *tree.Node {
	s, start := p.s, p.pos
	j, end := start, start
	folded := false
scan:
	for j < len(s) {
		c := s[j]
		switch {
		case plainStop[c] == 0:
			j++
			if c != ' ' && c != '\t' {
				end = j
			}
		case c == '?':
			return p.giveUp()
		case plainStop[c] == 2, c == ':' && p.endsWord(j+1), c == '#' && isBlankOrBreak(s[j-1]):
			break scan
		case c == '\n' || c == '\r':
			j += breakLen(s, j)
			p.line = j
			for j < len(s) && s[j] == ' ' {
				j++
			}
			if j < len(s) && s[j] == '\t' {
				return p.giveUp()
			}
		default:
			j++
			end = j
		}
		if end == j && p.line > start {
			folded = true
		}
	}
	n := p.newNode(tree.Scalar, tree.Plain, start, end)
	p.pos = end
	n.Value = s[start:end]
	if folded {
		k := sink{s: s, tmp: p.tmp[:0]}
		foldPlain(s, start, end, &k)
		n.Value = p.take(&k)
	}
	if n.Tag = resolve(n.Value); n.Value == "<<" && !p.lenient {
		return p.giveUp()
	}
	return n
}

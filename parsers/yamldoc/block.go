package yamldoc

import "github.com/detlint/detlint/parsers/tree"

// node reads the node at p.pos and moves to the token after it. indent is the
// column of the collection it is in. keyOK says that a mapping or a sequence
// may begin here, which is not so after a key on the same line.
func (p *scanner) node(indent int, keyOK bool) *tree.Node {
	col := p.col
	if p.lenient && !p.skipProperties() {
		if p.failed {
			return nil
		}
		// Nothing but properties on this line.
		at := p.pos
		if !p.endLine() {
			return nil
		}
		if p.next(); p.failed {
			return nil
		}
		if p.col > indent {
			return p.node(indent, true)
		}
		return p.empty(at)
	}
	s, start := p.s, p.pos
	var n *tree.Node
	switch c := s[start]; c {
	case '-':
		if p.endsWord(start + 1) {
			if !keyOK {
				return p.fail(start, start+1, "a sequence cannot begin on the line of its key; put it on the next line")
			}
			return p.sequence(col, indent)
		}
		n = p.plain(indent, keyOK, false)
	case '|', '>':
		return p.blockScalar(indent)
	case '\'', '"':
		n = p.quoted()
	case '[', '{':
		n = p.flow()
		if n != nil {
			if i := p.blanks(p.pos); i < len(s) && s[i] == ':' {
				return p.giveUp()
			}
			return p.finish(n)
		}
	case '?', ':':
		if p.endsWord(start + 1) {
			return p.giveUp()
		}
		n = p.plain(indent, keyOK, false)
	default:
		if plainStart[c] {
			n = p.plain(indent, keyOK, false)
		} else {
			n = p.badStart()
		}
	}
	if n == nil {
		return nil
	}
	if i := p.blanks(p.pos); i < len(s) && s[i] == ':' && p.endsWord(i+1) {
		if !keyOK {
			return p.fail(i, i+1, "mapping values are not allowed here; quote the value")
		}
		if !p.keyEnds(n, i) {
			return nil
		}
		return p.mapping(col, n)
	}
	return p.finish(n)
}

// finish ends the line after a scalar or a flow collection.
func (p *scanner) finish(n *tree.Node) *tree.Node {
	if !p.endLine() {
		return nil
	}
	p.next()
	if p.failed {
		return nil
	}
	return n
}

func (p *scanner) empty(at int) *tree.Node {
	n := p.newNode(tree.Scalar, tree.Plain, at, at)
	n.Tag = tree.Null
	return n
}

// keyEnds checks that a scalar may be a key, whose colon is at i, and moves
// behind the colon.
func (p *scanner) keyEnds(key *tree.Node, i int) bool {
	if key.Style == tree.Plain && key.Value == "<<" && !p.lenient {
		p.giveUp()
		return false
	}
	start := int(key.Span.Start)
	// yaml.v3 wants keys on one line, of 1024 characters at most.
	if i-start > 1024 || p.line > start {
		if p.line > start {
			p.fail(i, i+1, "mapping values are not allowed here; a key has to be on one line")
		} else {
			p.giveUp()
		}
		return false
	}
	p.pos = i + 1
	return true
}

// mapping reads a block mapping at a column from behind the colon of its first
// key on.
func (p *scanner) mapping(col int, key *tree.Node) *tree.Node {
	if !p.deeper(p.pos) {
		return nil
	}
	n := p.newNode(tree.Mapping, tree.Plain, int(key.Span.Start), 0)
	mark := len(p.stack)
	for {
		value := p.value(col)
		if value == nil || p.failed {
			return nil
		}
		p.stack = append(p.stack, key, value)
		n.Span.End = value.Span.End
		if p.col != col {
			if p.col > col {
				return p.badIndent(col)
			}
			p.left, p.leftAt = col, p.pos
			break
		}
		if key = p.key(); key == nil {
			return nil
		}
	}
	n.Content = p.content(mark)
	p.depth--
	return n
}

// value reads the value of a key of a block mapping from behind the colon on.
func (p *scanner) value(col int) *tree.Node {
	colon := p.pos
	i := p.blanks(colon)
	if i < len(p.s) && p.s[i] != '#' && breakLen(p.s, i) == 0 {
		p.pos, p.col = i, i-p.line
		return p.node(col, false)
	}
	if !p.endLine() {
		return nil
	}
	if p.next(); p.failed {
		return nil
	}
	if p.col > col {
		return p.node(col, true)
	}
	if p.col == col && p.s[p.pos] == '-' && p.endsWord(p.pos+1) {
		return p.sequence(col, col)
	}
	return p.empty(colon)
}

// key reads a key of a block mapping with its colon.
func (p *scanner) key() *tree.Node {
	start := p.pos
	if p.lenient && !p.skipProperties() {
		return p.giveUp()
	}
	var n *tree.Node
	switch c := p.s[p.pos]; c {
	case '\'', '"':
		n = p.quoted()
	case '[', '{':
		return p.giveUp()
	case '-', '?', ':':
		if p.endsWord(p.pos + 1) {
			if c == '-' {
				return p.fail(start, start+1, `expected a key, found a sequence item; indent it below its key`)
			}
			return p.giveUp()
		}
		n = p.plain(0, true, true)
	default:
		if plainStart[c] {
			n = p.plain(0, true, true)
		} else {
			n = p.badStart()
		}
	}
	if n == nil {
		return nil
	}
	i := p.blanks(p.pos)
	if i >= len(p.s) || p.s[i] != ':' || !p.endsWord(i+1) {
		return p.noColon(n, i)
	}
	if !p.keyEnds(n, i) {
		return nil
	}
	return n
}

// sequence reads a block sequence whose dashes are at a column. outer is the
// column of the collection it is in, which is the same when the sequence is
// the value of a key and not indented.
func (p *scanner) sequence(col, outer int) *tree.Node {
	if !p.deeper(p.pos) {
		return nil
	}
	n := p.newNode(tree.Sequence, tree.Plain, p.pos, 0)
	mark := len(p.stack)
	for {
		item := p.item(col)
		if item == nil || p.failed {
			return nil
		}
		p.stack = append(p.stack, item)
		n.Span.End = item.Span.End
		if p.col != col {
			if p.col > col {
				return p.badIndent(col)
			}
			p.left, p.leftAt = col, p.pos
			break
		}
		if p.s[p.pos] != '-' || !p.endsWord(p.pos+1) {
			if outer == col {
				break // the next key
			}
			return p.fail(p.pos, lineEnd(p.s, p.pos), `expected "- " before the next item of the sequence`)
		}
	}
	n.Content = p.content(mark)
	p.depth--
	return n
}

// item reads an item of a block sequence from its dash on.
func (p *scanner) item(col int) *tree.Node {
	dash := p.pos + 1
	i := dash
	for i < len(p.s) && p.s[i] == ' ' {
		i++
	}
	if i < len(p.s) && p.s[i] == '\t' {
		return p.fail(i, i+1, "tab used for indentation; use spaces")
	}
	if i < len(p.s) && p.s[i] != '#' && breakLen(p.s, i) == 0 {
		p.pos, p.col = i, i-p.line
		return p.node(col, true)
	}
	p.pos = dash
	if !p.endLine() {
		return nil
	}
	if p.next(); p.failed {
		return nil
	}
	if p.col > col {
		return p.node(col, true)
	}
	return p.empty(dash)
}

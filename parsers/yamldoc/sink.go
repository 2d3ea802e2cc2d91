package yamldoc

import "github.com/detlint/detlint/parsers/tree"

// sink collects the text of a scalar. As long as the text is one piece of the
// source it is kept as such, so that most values cost no memory; and it can
// note which piece of the text came from where instead.
type sink struct {
	s        string
	from, to int  // the piece of the source so far
	copied   bool // the text is in tmp
	tmp      []byte

	track bool // note segments, collect no text
	n     int  // bytes of text so far
	segs  []tree.Segment
}

// text adds the source from i to j.
func (k *sink) text(i, j int) {
	if i >= j {
		return
	}
	if k.track {
		k.note(i, j-i, j-i)
		return
	}
	if !k.copied {
		if k.from == k.to {
			k.from, k.to = i, j
			return
		}
		if k.to == i {
			k.to = j
			return
		}
		k.copy()
	}
	k.tmp = append(k.tmp, k.s[i:j]...)
}

// put adds text that the source at i stands for.
func (k *sink) put(text string, i int) {
	if k.track {
		k.note(i, len(text), 0)
		return
	}
	if !k.copied {
		if text == "\n" && k.s[i] == '\n' && (i == k.to || k.from == k.to) {
			k.text(i, i+1)
			return
		}
		k.copy()
	}
	k.tmp = append(k.tmp, text...)
}

func (k *sink) copy() {
	k.copied = true
	k.tmp = append(k.tmp[:0], k.s[k.from:k.to]...)
}

// take returns the text of a sink.
func (p *scanner) take(k *sink) string {
	if !k.copied {
		return k.s[k.from:k.to]
	}
	p.tmp = k.tmp
	return p.keep(k.tmp)
}

package yamldoc

import (
	"bytes"
	"fmt"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// The limits of what is read. They are far above what a rule file holds and
// keep a hostile file from costing more than a moment.
const (
	MaxSize  = 16 << 20 // bytes of a file
	MaxDepth = 100      // collections inside each other
	MaxNodes = 200_000  // nodes of a document, aliases expanded

	// yaml.v3 takes a hundred times the memory of what it reads.
	maxFallback = 1 << 20
)

var (
	tooDeep = fmt.Sprintf("expected at most %d collections inside each other", MaxDepth)
	tooMany = fmt.Sprintf("expected at most %d nodes in a document, aliases expanded", MaxNodes)
)

var utf8BOM = []byte{0xEF, 0xBB, 0xBF}

// Parse reads all documents of a file. The result is never empty: a file
// without a document marker is one document. What is wrong with a document is
// told by its Err and does not keep the others from being read.
//
// Values are substrings of one copy of data; data may be changed afterwards.
func Parse(data []byte) []Document {
	if len(data) > MaxSize {
		return failed(data, fmt.Sprintf("expected at most %d MiB of YAML, found %d bytes", MaxSize>>20, len(data)))
	}
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		return failed(data, "expected UTF-8 text, found a UTF-16 byte order mark")
	}
	text := string(data)
	var few [2]chunk
	chunks := joinDirectives(text, survey(data, few[:0]))
	docs := make([]Document, 0, len(chunks))
	sc := newScanner(text)
	defer sc.release()
	for i := range chunks {
		c := &chunks[i]
		d := Document{Span: rule.Span{Start: int32(c.start), End: int32(c.end)}}
		d.Root, d.Err = sc.document(data, c)
		// Nothing before the first marker or after the last one is no
		// document, just the way people write files.
		empty := d.Root == nil && d.Err == nil
		if empty && len(chunks) > 1 && (!c.explicit || i == len(chunks)-1 && len(docs) > 0) {
			continue
		}
		docs = append(docs, d)
	}
	if len(docs) == 0 {
		docs = append(docs, Document{Span: rule.Span{Start: int32(chunks[0].start), End: int32(len(data))}})
	}
	return docs
}

func failed(data []byte, message string) []Document {
	end := int32(min(len(data), 1<<31-1))
	return []Document{{
		Span: rule.Span{End: end},
		Err:  &tree.Error{Span: rule.Span{End: min(end, 1)}, Message: message},
	}}
}

// document reads one document: by the scanner when it can, else by yaml.v3.
func (p *scanner) document(data []byte, c *chunk) (*tree.Node, *tree.Error) {
	if c.err != nil {
		return nil, c.err
	}
	if !c.odd {
		if root, ok := p.scan(c, false); ok {
			return root, nil
		}
		if p.fatal {
			return nil, &tree.Error{Span: p.span, Message: p.message}
		}
	}
	own := tree.Error{}
	if !c.odd && p.wrong {
		own = tree.Error{Span: p.span, Message: p.message}
	}
	if c.end-c.mark > maxFallback {
		if own.Message == "" {
			own = tree.Error{
				Span:    widen(p.file, c.start, c.start),
				Message: fmt.Sprintf("expected at most %d MiB of YAML with anchors, tags or other rare features", maxFallback>>20),
			}
		}
		return nil, &own
	}
	root, err := fallback(data, p.file, c)
	if err == nil || err.certain {
		return root, err.plain()
	}
	if own.Message != "" {
		return nil, &own
	}
	// The scanner gave up on something that is fine before it came to what
	// is wrong. Let it look again, stepping over what it does not support:
	// it knows places better than yaml.v3.
	if p.scan(c, true); p.wrong {
		return nil, &tree.Error{Span: p.span, Message: p.message}
	}
	return nil, err.plain()
}

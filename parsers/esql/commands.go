package esql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/rule"
)

// sources and processing are the commands of the grammar by their first word,
// those behind its "in development" gate included, with what reads the rest
// of one. They are made in init because subqueries lead back to them.
var sources, processing map[string]func(*parser, *command)

// commandNames are the first words of all commands, in order.
var commandNames []string

func init() {
	sources = map[string]func(*parser, *command){
		"from": (*parser).from, "ts": (*parser).from, "metrics": (*parser).from,
		"row": (*parser).eval, "show": (*parser).show, "meta": (*parser).show,
		"explain": (*parser).explain, "promql": (*parser).rest, "external": (*parser).external,
		"eql": (*parser).external,
	}
	processing = map[string]func(*parser, *command){
		"where": (*parser).where, "eval": (*parser).eval, "stats": (*parser).stats, "inlinestats": (*parser).stats,
		"inline": (*parser).inline, "keep": (*parser).project, "drop": (*parser).project, "insist": (*parser).project,
		"rename": (*parser).rename, "sort": (*parser).sort, "limit": (*parser).limit, "dissect": (*parser).dissect,
		"grok": (*parser).grok, "mv_expand": (*parser).project, "enrich": (*parser).enrich,
		"lookup": (*parser).lookup, "left": (*parser).join, "right": (*parser).join, "inner": (*parser).join,
		"full": (*parser).join, "cross": (*parser).join, "join": (*parser).join,
		"change_point": (*parser).changePoint, "completion": (*parser).completion, "rerank": (*parser).rerank,
		"fork": (*parser).fork, "fuse": (*parser).fuse, "rrf": (*parser).none, "sample": (*parser).limit,
		"uri_parts": (*parser).parts, "user_agent": (*parser).parts, "registered_domain": (*parser).parts,
		"ip_location": (*parser).parts, "iplocation": (*parser).parts, "mmr": (*parser).mmr,
		"highlight": (*parser).highlight, "metrics_info": (*parser).none, "ts_info": (*parser).none,
		"ts_collapse": (*parser).none, "dedup": (*parser).rest, "distinct": (*parser).rest,
		"fillnull": (*parser).rest, "dense_vector": (*parser).rest, "unpivot": (*parser).rest,
		"untable": (*parser).rest, "graph_expand": (*parser).rest, "collect": (*parser).rest,
	}
	for _, set := range []map[string]func(*parser, *command){sources, processing} {
		for word := range set {
			commandNames = append(commandNames, word)
		}
	}
	slices.Sort(commandNames)
}

// command reports whether a token is the first word of a command that no
// column is likely to be called.
func (p *parser) command(t token) bool {
	if t.kind != kIdent {
		return false
	}
	switch strings.ToLower(t.text) {
	case "where", "eval", "stats", "keep", "drop", "rename", "sort", "limit", "dissect", "grok", "mv_expand",
		"enrich", "inlinestats", "completion", "change_point":
		after := p.lex.next(t.end)
		return !after.sign(".") && !after.sign("(") && !after.sign("=")
	}
	return false
}

// settings reads the statements "SET name = value;" in front of a query.
func (p *parser) settings() {
	for p.tok.is("set") {
		c := &command{name: "SET"}
		start := p.tok.start
		p.advance()
		for p.tok.kind != kEOF && !p.tok.sign(";") && !p.tok.sign("|") && p.tok.kind != kBad {
			p.advance()
		}
		if !p.tok.sign(";") {
			p.fail(p.here(), `unexpected %s, expected ";" after a setting`, p.found())
			p.failed = false
		}
		c.span = p.since(int32(start))
		p.query.Commands = append(p.query.Commands, Command{Name: "SET", Span: c.span})
		p.advance()
	}
}

// startsQuery reports whether a source command comes next.
func (p *parser) startsQuery() bool {
	if p.tok.kind != kIdent {
		return false
	}
	switch strings.ToLower(p.tok.text) {
	case "from", "row", "show", "ts", "promql", "eql":
		after := p.lex.source(p.tok.end)
		return after.kind == kSource || after.kind == kString || after.sign("(")
	}
	return false
}

// pipeline reads commands and the pipes between them. A branch has no source
// command.
func (p *parser) pipeline(branch bool) *pipeline {
	out := &pipeline{}
	for first := !branch; ; first = false {
		out.commands = append(out.commands, p.one(first))
		if !p.tok.sign("|") {
			return out
		}
		pipe := p.tok
		p.advance()
		if p.tok.sign("|") {
			if p.doubled(pipe) {
				if !p.tok.sign("|") {
					return out
				}
				continue
			}
		}
		if p.tok.kind == kEOF || p.level > 0 && (p.tok.sign(")") || p.tok.sign("]")) {
			p.fail(pipe.span(), `unexpected "|" at the end, expected a command after it`)
			p.failed = false
			return out
		}
	}
}

// doubled reports two pipes. When they touch, the first was meant to be an
// "or", and what follows, which is no command, is skipped.
func (p *parser) doubled(pipe token) bool {
	second := p.tok
	touch := pipe.end == second.start
	if touch {
		p.fail(rule.Span{Start: int32(pipe.start), End: int32(second.end)}, `unexpected "||", expected "or" between conditions or one "|" before a command`)
	} else {
		p.fail(second.span(), `unexpected "|" after "|", expected a command between them`)
	}
	p.failed = false
	p.advance()
	if touch {
		p.resync()
	}
	return touch
}

// nested reads a subquery up to the parenthesis that closes open.
func (p *parser) nested(open token) *pipeline { return p.inside(open, false) }

// inside reads a subquery, or a branch of FORK.
func (p *parser) inside(open token, branch bool) *pipeline {
	if !p.enter() {
		return &pipeline{}
	}
	defer p.leave()
	p.level++
	out := p.pipeline(branch)
	p.level--
	p.close(open, ")")
	return out
}

// one reads a command, up to the pipe or the parenthesis after it.
func (p *parser) one(first bool) *command {
	start := p.tok
	at := len(p.query.Commands)
	p.query.Commands = append(p.query.Commands, Command{Nested: p.level > 0})
	c := &command{name: strings.ToUpper(start.text)}
	p.begin(c, first)
	if !p.failed && !p.atEnd() {
		p.unexpected(`"|" or the end`)
	}
	if !p.failed && (p.tok.sign(")") && p.level == 0 || p.tok.sign(";")) {
		p.unexpected(`"|" or the end`)
	}
	if p.failed {
		c.broken = true
		p.resync()
	}
	c.span = p.since(int32(start.start))
	p.query.Commands[at].Name = c.name
	p.query.Commands[at].Span = c.span
	return c
}

// begin reads the name of a command and hands over to what reads the rest.
func (p *parser) begin(c *command, first bool) {
	word := p.tok
	if word.kind != kIdent {
		if word.sign("(") && first {
			p.fail(word.span(), `unexpected "(", expected a source command such as "from"`)
			return
		}
		p.unexpected("a command")
		return
	}
	lower := strings.ToLower(word.text)
	read := processing[lower]
	if first {
		read = sources[lower]
		if read == nil && processing[lower] != nil {
			p.fail(word.span(), `unexpected %q, a query begins with a source command such as "from"`, word.text)
			return
		}
	}
	switch {
	case read != nil:
		p.advance()
		read(p, c)
	case !first && sources[lower] != nil:
		p.fail(word.span(), "unexpected %q, a source command stands only at the beginning of a query", word.text)
	case !first && p.condition():
		p.fail(word.span(), `unexpected %q after "|", expected a command; write "where" before a condition`, word.text)
	default:
		p.unknown(c)
	}
}

// condition reports whether what stands where a command must is a condition.
func (p *parser) condition() bool {
	if p.tok.is("not") {
		return true
	}
	after := p.lex.next(p.tok.end)
	return after.kind == kSign && (comparisons[after.text] || after.text == "." || after.text == ":") ||
		after.is("in") || after.is("like") || after.is("rlike") || after.is("is") ||
		after.sign("(") && functions[strings.ToLower(p.tok.text)]
}

// unknown warns of a command that ES|QL does not have and skips it.
func (p *parser) unknown(c *command) {
	word := p.tok
	c.name = strings.ToUpper(word.text)
	c.broken = true
	switch guess := p.guess(word.text, commandNames); {
	case guess != "":
		p.warn(word.span(), "unknown command %q, did you mean %q?", word.text, strings.ToUpper(guess))
	default:
		p.warn(word.span(), "unknown command %q", word.text)
	}
	p.resync()
}

// rest reads a command whose arguments say nothing about events.
func (p *parser) rest(*command) { p.resync() }

// none reads a command without arguments.
func (p *parser) none(*command) {}

func (p *parser) show(*command) {
	if !p.tok.is("info") && !p.tok.is("functions") {
		p.unexpected(`"info"`)
		return
	}
	p.advance()
}

func (p *parser) external(*command) {
	p.primary()
	p.options()
}

func (p *parser) explain(c *command) {
	open := p.tok
	if open.sign("[") { // until 8.18
		p.advance()
		if !p.enter() {
			return
		}
		defer p.leave()
		p.level++
		p.square = true
		c.subqueries = append(c.subqueries, p.pipeline(false))
		p.square = false
		p.level--
		p.close(open, "]")
		return
	}
	if !open.sign("(") {
		p.unexpected(`"(" before a query`)
		return
	}
	p.advance()
	c.subqueries = append(c.subqueries, p.nested(open))
}

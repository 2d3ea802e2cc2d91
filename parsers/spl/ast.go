package spl

import "github.com/detlint/detlint/rule"

// node is a condition of a command: search terms, or an expression.
type node interface{}

// The parts of search terms. Places are those of the query.
type (
	andNode struct{ items []node }
	orNode  struct{ items []node }
	notNode struct {
		item node
		span rule.Span
	}
	// comparison is field op value; op is one of = != < <= > >= == ::.
	comparison struct {
		field rule.Text
		op    string
		value value
	}
	// inList is field IN (values).
	inList struct {
		field   rule.Text
		values  []value
		negated bool // NOT IN
		span    rule.Span
	}
	// keyword is a word or a phrase. wrap is TERM or CASE, or empty.
	keyword struct {
		value value
		wrap  string
	}
	// subNode is a subsearch that stands for conditions.
	subNode struct{ pipeline *pipeline }
	// macroNode is a macro that is not known.
	macroNode struct{ name string }
)

// value is the right side of a comparison.
type value struct {
	text   string // as between the quotes, escapes not decoded
	span   rule.Span
	wrap   string    // TERM or CASE
	macro  string    // an unknown macro in its place
	sub    *pipeline // a subsearch in its place
	opaque bool      // a macro or a subsearch
	tokens bool      // $field$ in it is a field of a row, in the search of map
}

// command is what was read of one command, by kind.
type command interface{}

type (
	// filter is search, where, regex, and the where of other commands.
	filter struct{ cond node }
	// regexFilter is the regex command.
	regexFilter struct {
		field   rule.Text
		negated bool
		pattern rule.Text
	}
	// aggregation is stats and its like, tstats and mstats included.
	aggregation struct {
		keeps bool // rows stay as they are and get columns (eventstats, streamstats)
		// previous is set when the aggregates are of the rows before (streamstats).
		previous bool
		// split is where in by the field stands whose values become columns
		// (chart, timechart), and -1 where none do.
		split int
		items []aggregate
		by    []string
		where node
		terms [2]int    // where those of where stand in the text
		model rule.Text // of tstats
	}
	assignments struct{ items []assignment }
	renaming    struct{ pairs [][2]string }
	// making is any command that only adds columns.
	making struct {
		columns []string
		counted bool // they are computed from several events
		opens   bool // there may be others
		lookup  *Lookup
		where   node      // of inputlookup
		terms   [2]int    // where those of where stand in the text
		appends bool      // inputlookup append=true
		source  bool      // inputlookup that starts the pipeline
		pattern rule.Text // of rex
	}
	// projection is fields and table.
	projection struct {
		names  []string
		remove bool
	}
	// pathColumn is spath with an output.
	pathColumn struct{ output, path string }
	// joining is join, append, union and their like.
	joining struct {
		pipelines []*pipeline
		all       bool // join: both sides must have rows
		outer     bool // join: the other side may have none
		row       bool // appendpipe, map: starts from the rows at hand
		// elsewhere are searches and datasets that are not at hand, as kind:name.
		elsewhere []string
		// datasets is how many of them are alternatives to the subsearches.
		datasets int
		models   []rule.Text // data models among them
	}
	// template is foreach.
	template struct{ pipeline *pipeline }
	// correlating is transaction and the commands of anomaly detection.
	correlating struct{ columns []string }
	// opaque is a command whose meaning is not known.
	opaque struct{ what string }
)

// aggregate is fn(field) AS name, or fn(eval(…)).
type aggregate struct {
	function string // in lower case
	argument string
	expr     expr
	name     string
}

type assignment struct {
	name  string
	value expr
}

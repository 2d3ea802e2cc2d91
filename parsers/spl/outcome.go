package spl

import (
	"slices"
	"strings"
)

// Certain reports whether the rows that the search returns certainly have no
// others than its Columns: a command has listed them, and each one after it is
// known to add none but those named in it. Which words of the commands name
// columns is not always known; those that may are in mentioned. Columns whose
// names begin with an underscore may be there without being listed.
func (q *Query) Certain() (mentioned []string, certain bool) {
	if q.root == nil || q.Open {
		return nil, false
	}
	return q.lists(q.root)
}

// quiet are commands that add no column.
var quiet = map[string]bool{
	"search": true, "where": true, "regex": true, "dedup": true, "sort": true, "head": true, "tail": true, "reverse": true, "uniq": true,
	"mvexpand": true, "makemv": true, "nomv": true, "filldown": true, "outputlookup": true, "fieldformat": true,
}

// passive are commands that add no column and may take some away, or do
// something beside the search.
var passive = map[string]bool{
	"abstract": true, "collect": true, "fields": true, "fillnull": true, "highlight": true, "localop": true, "mvcombine": true,
	"outputcsv": true, "redistribute": true, "require": true, "scrub": true, "sendalert": true, "sendemail": true, "table": true,
}

// reshaping are commands that make columns of values.
var reshaping = map[string]bool{"xyseries": true, "untable": true, "transpose": true}

// naming are commands that add none but columns whose names stand in them.
var naming = map[string]bool{"fillnull": true, "convert": true, "replace": true, "rex": true, "bin": true, "bucket": true}

// listing are commands after which there are no columns but theirs.
var listing = map[string]bool{"stats": true, "tstats": true, "mstats": true, "table": true}

// lists reports whether the columns of a pipeline are certain. The names are
// words of its commands that may be columns beside those that are known.
func (q *Query) lists(p *pipeline) (names []string, certain bool) {
	for _, s := range p.stages {
		if s.broken {
			return nil, false
		}
		switch cmd := s.command.(type) {
		case *projection:
			certain = certain || !cmd.remove && !slices.ContainsFunc(cmd.names, func(n string) bool { return strings.Contains(n, "*") })
			continue
		case *aggregation:
			if certain = certain && cmd.keeps && (s.name == "eventstats" || s.name == "streamstats") || listing[s.name]; certain && !cmd.keeps {
				names = nil
			}
			continue
		case *assignments:
			certain = certain && !slices.ContainsFunc(cmd.items, func(a assignment) bool { return strings.ContainsAny(a.name, "{<$") })
			continue
		case *renaming:
			continue
		case *pathColumn:
			certain = certain && cmd.output != ""
			continue
		case *making:
			if s.name == "" || s.name == "addinfo" { // a filter macro
				continue
			}
			if cmd.lookup != nil && s.name == "lookup" {
				certain = certain && len(cmd.lookup.Outputs) > 0
				continue
			}
		case *joining:
			certain = certain && (s.name == "join" || s.name == "append")
			for _, sub := range cmd.pipelines {
				more, ok := q.lists(sub)
				names, certain = append(names, more...), certain && ok
			}
			continue
		}
		switch {
		case naming[s.name]:
			names = append(names, strings.FieldsFunc(q.expanded[s.start:s.end], func(r rune) bool { return strings.ContainsRune(" \t\r\n,=()\"'", r) })...)
		case !quiet[s.name]:
			certain = false
		}
	}
	return names, certain
}

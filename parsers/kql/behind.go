package kql

import (
	"maps"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/query"
)

// transient are the operators behind which a filter of stored columns says the same
// as in front of them: they filter, order or draw, or make columns that are
// followed.
var transient = words(`where extend project project-away project-keep project-rename project-reorder sort as render getschema consume
parse parse-where parse-kv invoke search find range print datatable externaldata union mv-expand mv-apply`)

// chosen are the aggregates that take the values of one of several rows.
var chosen = words("arg_max arg_min argmax argmin take_any take_anyif any anyif")

// behindOf adds an operator to what stands in front of a filter.
func (b *builder) behindOf(o *operator, behind string) string {
	if transient[o.name] && (o.name != "sort" || !b.ordered) {
		return behind
	}
	words := []string{o.name}
	for _, key := range slices.Sorted(maps.Keys(o.options)) {
		if !strings.HasPrefix(key, "hint") {
			words = append(words, key+"="+o.options[key].Value)
		}
	}
	aggregates := func(e expr) bool {
		return has(e, func(e expr) bool { c, ok := e.(*call); return ok && chosen[c.function] })
	}
	switch o.name {
	case "summarize":
		if slices.ContainsFunc(o.exprs, aggregates) {
			words = append(append(words, texts(o.exprs)...), keys(o)...)
		}
	case "join", "lookup":
		words = append(append(words, "on"), texts(o.on)...)
	default:
		words = append(append(words, texts(o.exprs)...), keys(o)...)
	}
	return query.Behind(behind, strings.Join(words, " "))
}

// keys are what an operator groups or orders by.
func keys(o *operator) []string {
	if len(o.by) == 0 {
		return nil
	}
	return append([]string{"by"}, texts(o.by)...)
}

// texts writes expressions.
func texts(list []expr) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = text(e)
	}
	return out
}

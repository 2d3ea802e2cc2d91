package kql

import (
	"slices"
	"strings"
)

// The words of the language are those of Microsoft's parser
// (Kusto.Language, SyntaxFacts), which every Kusto tool uses.

func words(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// reserved are the keywords that are no names unless they stand in brackets.
var reserved = words(`
__crossCluster __crossDB __id __isFuzzy __noWithSource __packedColumn __sourceColumnIndex 3Dchart accumulate and
anomalychart areachart as asc assert-schema bagexpansion barchart between bin_legacy by cachingpolicy callout cancel
card columnchart commands-and-queries contains containscs contains_cs __contextual_datatable cycles dataexport
datascope datatable decodeblocks desc earliest encodingpolicy endswith endswith_cs __executeAndCache expandoutput
extent_tags_retention externaldata external_data find first flags granny-asc granny-desc graph-match
graph-shortest-paths graph-to-table harddelete hardretention has has_any has_all has_cs hasprefix hasprefix_cs
hassuffix hassuffix_cs hint.concurrency hint.distribution hint.materialized hint.num_partitions hint.shufflekey
hint.spread hint.remote hint.strategy hint.progressive_top hotcache in in~ invoke isfuzzy force_remote journal kind
ladderchart last latest like likecs linechart macro-expand make-graph graph-mark-components graph-where-nodes
graph-where-edges make-series materialize materialized-view-combine materialized-views mdm missing
mv-apply mv-expand nooptimization !between notcontains notcontainscs !contains !contains_cs !endswith !endswith_cs
!has !has_cs !hasprefix !hasprefix_cs !hassuffix !hassuffix_cs !in !in~ notlike notlikecs !startswith !startswith_cs
of or others parse-where parse-kv partitioned-by pathformat piechart pivotchart print project project-away
project-by-names __projectAway project-keep project-rename project-reorder project-smart queries query_results
relaxed restricted_view_access row_level_security rowstore rowstore_references rowstore_sealinfo rowstorepolicy
rowstores sample sample-distinct scatterchart seal seals search set set-or-append set-or-replace shards simple
softdelete softretention sql stackedareachart startswith startswith_cs statistics storedqueryresultcontainers
tablepurge timechart timeline timepivot title to top-hitters top-nested toscalar totable treemap union
unrestrictedviewers verbose viewers views where with_itemindex with_match_id with_source with_step_name withsource
writeaheadlog boolean int8 char uint8 byte int16 uint16 int int32 uint uint32 long int64 ulong uint64 float real
decimal double string time timespan date datetime uniqueid dynamic`)

// soft are the keywords that may be names as they are.
var soft = words(`
access alias bin consume count database declare default distinct entity_group evaluate extend dataformat
inline_external_table datetime_pattern facet filter fork from getschema edges id best_effort join let limit lookup
mvapply mvexpand nodes null nulls on optional order output pack parse __partitionby partition pattern plotly graph
query_parameters range reduce regex render restrict scan serialize sort step summarize take top typeof uuid view with
with_node_id bool guid`)

// extended are keywords that may stand in front of "=" and name a column.
var extended = words(`
access accumulate alias as bin by consume contains count database datatable declare default distinct earliest
entity_group evaluate extend externaldata dataformat inline_external_table datetime_pattern facet filter find fork from
getschema edges has id in invoke best_effort join latest let limit lookup materialize mdm mvapply mvexpand nodes null
nulls of on optional order output pack parse __partitionby partition pattern plotly graph print query_parameters range
reduce regex render restrict sample sample-distinct scan search serialize set sort sql step summarize take title to top
top-hitters top-nested toscalar totable typeof uuid verbose viewers view where with with_node_id bool guid`)

// special are keywords that may be columns although they are reserved.
var special = words(`kind with_source withsource`)

// isKeyword has all keywords; compound those with more than letters in them
// under the word they begin with, longer ones first.
var isKeyword, compound = func() (map[string]bool, map[string][]string) {
	all, more := map[string]bool{}, map[string][]string{}
	for _, set := range []map[string]bool{reserved, soft, {"matches regex": true}} {
		for w := range set {
			all[w] = true
			first := strings.IndexFunc(w, func(r rune) bool {
				return r != '_' && !('a' <= r|0x20 && r|0x20 <= 'z') && !('0' <= r && r <= '9')
			})
			switch {
			case first == 0:
				more["!"] = append(more["!"], w)
			case first > 0:
				more[w[:first]] = append(more[w[:first]], w)
			}
		}
	}
	for _, list := range more {
		slices.SortFunc(list, func(a, b string) int {
			if len(a) != len(b) {
				return len(b) - len(a)
			}
			return strings.Compare(a, b)
		})
	}
	return all, more
}()

// typedLiterals are the types that make a literal of what stands in
// parentheses after them, whatever it is.
var typedLiterals = words(`long int64 int int32 real double decimal bool datetime date time timespan guid`)

// types are the types that a column of a schema may have.
var types = words(`bool boolean date datetime decimal double dynamic guid int int64 int8 long real string time timespan uniqueid`)

// timeUnits are the units of a span of time.
var timeUnits = words(`m min minute minutes s sec second seconds d day days h hr hrs hour hours ms milli millis millisec
millisecond milliseconds micro micros microsec microsecond microseconds nano nanos nanosec nanosecond nanoseconds tick
ticks`)

// stringOperators compare a text with another; they bind tighter than
// arithmetic.
var stringOperators = words(`has !has has_cs !has_cs hasprefix !hasprefix hasprefix_cs !hasprefix_cs hassuffix !hassuffix
hassuffix_cs !hassuffix_cs like notlike likecs notlikecs contains notcontains !contains containscs contains_cs
notcontainscs !contains_cs startswith !startswith startswith_cs !startswith_cs endswith !endswith endswith_cs
!endswith_cs`)

// parameters are the options that some operator has in front of its operands,
// as name=value.
var parameters = words(`bagexpansion bin_legacy __crossCluster __crossDB decodeblocks expandoutput hint.concurrency
hint.distribution hint.materialized hint.num_partitions hint.pass_filters hint.pass_filters_column hint.progressive_top
hint.remote hint.shufflekey hint.spread hint.strategy __id isfuzzy __isFuzzy kind __noWithSource __packedColumn
__sourceColumnIndex cycles with_match_id with_itemindex withsource with_source with_step_name force_remote best_effort
with_component_id flags output with_source_id with_target_id with_node_id`)

// charts are the kinds of pictures that render makes.
var charts = words(`table list barchart piechart ladderchart timechart linechart anomalychart pivotchart areachart
stackedareachart scatterchart timepivot columnchart timeline 3Dchart card treemap plotly graph sankey`)

// source operators begin a pipeline without a table in front.
var sourceOperators = words(`evaluate find macro-expand print search union`)

// pipedOperators are all operators that may follow a pipe.
var pipedOperators = words(`as consume count distinct evaluate __executeAndCache extend facet filter where find fork
getschema invoke join lookup make-series mvapply mv-apply mvexpand mv-expand parse parse-where parse-kv __partitionby
partition project project-away project-keep project-rename project-reorder project-by-names range inline_external_table
reduce render sample sample-distinct scan search serialize sort order summarize take limit top top-hitters top-nested
union make-graph graph-match graph-shortest-paths graph-to-table graph-mark-components graph-where-nodes
graph-where-edges assert-schema print macro-expand`)

// operatorNames has the operators for guesses what a word means.
var operatorNames = sorted(pipedOperators)

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for w := range set {
		if !strings.HasPrefix(w, "__") {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

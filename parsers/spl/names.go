package spl

import "strings"

// knownCommands are the commands of Splunk's search reference (10.0) and of the
// Machine Learning Toolkit.
var knownCommands = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`
abstract accum addcoltotals addinfo addtotals analyzefields anomalies anomalousvalue anomalydetection append appendcols
appendpipe arules associate autoregress awssnsalert bin bucket bucketdir chart cluster cofilter collect concurrency
contingency convert correlate ctable datamodel datamodelsimple dbinspect dbxquery dedup delete delta diff entitymerge erex eval
eventcount eventstats extract kv fieldformat fields fieldsummary filldown fillnull findtypes folderize foreach format from
fromjson gauge gentimes geom geomfilter geostats head highlight history iconify inputcsv inputintelligence inputlookup
iplocation join kmeans kvform loadjob localize localop lookup makecontinuous makejson makemv makeresults map mcollect
metadata metasearch meventcollect mpreview msearch mstats multikv multisearch mvcombine mvexpand nokv nomv outlier
outputcsv outputlookup outputtext overlap pivot predict rangemap rare redistribute regex reltime rename replace require
rest return reverse rex rtorder run savedsearch script scrub search searchtxn selfjoin sendalert sendemail set setfields
sichart sirare sistats sitimechart sitop snowevent sort spath stats strcat streamstats summary table tags tail timechart
timewrap tojson top transaction transpose trendline tscollect tstats typeahead typelearner typer union uniq untable
walklex where x11 xmlkv xmlunescape xpath xyseries
apply fit score deletemodel listmodels sample summary
`) {
		m[name] = true
	}
	return m
}()

// isCommandName tells what a command may be called.
func isCommandName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

package meaning

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// use is why a rule does not run although its condition says what it finds;
// empty where it does.
type use string

const (
	off        use = "switched off"
	retired    use = "retired"
	unreleased use = "out of production"
)

// again is what becomes of a rule that does run after all.
var again = map[use]string{off: "switched on", retired: "in use again", unreleased: "into production"}

// switchKeys are the switches of Kibana and Sentinel, of Defender, and of the
// scheduler in savedsearches.conf.
var switchKeys = []string{"enabled", "isEnabled", "enableSched"}

// useOf reads what formats have for rules that do not run: Sigma's and Splunk's
// status and the folders for what is retired, the maturity of Elastic's
// repository, and the switches of Kibana, Sentinel and savedsearches.conf.
func useOf(r *normalize.Rule) use {
	status := fold(r.Status.Value)
	for _, key := range switchKeys {
		if n := entries(r).Get(key); n != nil && n.Kind == tree.Scalar && (strings.EqualFold(n.Value, "false") || n.Value == "0") {
			return off
		}
	}
	switch {
	case normalize.Retired(r.Status.Value, r.Path()):
		return retired
	case status == "disabled":
		return off
	case r.Vendor == rule.Elastic && status != "" && status != "production":
		return unreleased
	}
	return ""
}

// switches sets what a change does to whether the rule runs at all.
func (c *Change) switches(before, after *normalize.Rule) {
	switch was, is := useOf(before), useOf(after); {
	case was == is:
	case is == "":
		c.Switched = again[was]
	default:
		c.Switched = string(is)
	}
	if c.Switched != "" {
		c.MetadataOnly, c.RenamedOnly = false, false
	}
}

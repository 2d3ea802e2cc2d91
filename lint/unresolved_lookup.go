package lint

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

var unresolvedLookupCheck = &Check{
	ID:       "unresolved-lookup",
	Severity: Warning,
	Vendors:  onlySplunk,
	Summary:  "The search uses a lookup that the repository does not define",
	Rationale: `A search with a lookup that Splunk does not have fails each time it is due. detlint reads the lookups as Splunk does,
with their options (` + "`local=true`" + `), in quotes, in subsearches and in macros, and looks for them among the lookups of the
whole repository, in the YAML of contentctl and in transforms.conf. It also reports a lookup whose definition names a
table that the repository does not have, when it has other tables.

Not reported are the lookups that Splunk and its apps bring along (` + "`dnslookup`, `geo_attr_countries`, …" + `), names of files,
which any user or search may have written, and anything in a repository that defines no lookup at all.`,
	Bad: "-- lookups/admin_tools.yml --\n" + exampleLookup + "-- detections/admin_tool.yml --\n" +
		exampleSplunk("Admin Tool", " | `admin", " | lookup local=true admin_tool name as process_name OUTPUT purpose | `admin"),
	Good: "-- lookups/admin_tools.yml --\n" + exampleLookup + "-- detections/admin_tool.yml --\n" +
		exampleSplunk("Admin Tool", " | `admin", " | lookup local=true admin_tools name as process_name OUTPUT purpose | lookup dnslookup clienthost as dest OUTPUT clientip | `admin"),
	Rule: unresolvedLookup,
}

const exampleLookup = `name: admin_tools
description: Tools of administrators.
collection: admin_tools
fields_list: _key, name, purpose
`

// foreignLookups are lookups that come with Splunk (its search app), and those
// of Enterprise Security and of other apps that contentctl knows.
var foreignLookups = set(
	"dnslookup", "geo_attr_countries", "geo_attr_us_states", "geo_countries", "geo_us_states",
	"admon_groups_def", "alexa_lookup_by_str", "asset_lookup_by_cidr", "asset_lookup_by_str", "cim_cloud_domain_lookup",
	"cim_corporate_email_domain_lookup", "cim_corporate_web_domain_lookup", "identity_lookup_expanded", "interesting_ports_lookup",
	"ut_shannon_lookup",
)

func unresolvedLookup(p *Pass) {
	doc := splunkDocument(p)
	if doc == nil || doc.Query == nil || !p.Library.Has(rule.Lookup) {
		return
	}
	seen := map[string]bool{}
	for _, l := range doc.Query.Lookups {
		name := l.Name.Value
		if name == "" || foreignLookups[name] || isTableFile(name) || strings.ContainsAny(name, "$<`[") || seen[name] {
			continue
		}
		seen[name] = true
		at := doc.Place(l.Name.Span)
		d, ok := p.Library.Lookup(rule.Lookup, name)
		if ok {
			for _, file := range p.Library.Missing(rule.Lookup, name) {
				p.Report(at, name+":"+file, "lookup %q has the table %s by its definition in %s, and the repository does not have that file", name, file, d.Path)
			}
			continue
		}
		if meant := slip(name, p.Library.Names(rule.Lookup)); meant != "" {
			f := p.Report(at, name, "lookup %q is not defined in the repository, did you mean %q?", name, meant)
			p.fixIn(f, at, name, meant)
			continue
		}
		p.Report(at, name, "lookup %q is not defined in the repository", name)
	}
}

// isTableFile reports whether a lookup is named by its file.
func isTableFile(name string) bool {
	for _, ext := range []string{".csv", ".csv.gz", ".csv.tgz", ".kmz"} {
		if strings.HasSuffix(strings.ToLower(name), ext) {
			return true
		}
	}
	return false
}

package normalize

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/rule"
)

//go:embed data/platforms.tsv
var platformsTSV string

// platformOf maps providers to the one platform that their events are from.
// Those that are from several, such as endpoint sensors, are not in it.
var platformOf = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	rows(platformsTSV, 2, func(cols []string) { out[cols[0]] = cols[1] })
	return out
})

// products are Sigma's names of products that name a platform, or something
// that runs on one only.
var products = map[string]string{
	"windows": "windows", "linux": "linux", "macos": "macos", "aws": "aws", "azure": "azure", "gcp": "gcp",
	"m365": "m365", "okta": "okta", "onelogin": "onelogin", "github": "github", "gitlab": "gitlab",
	"bitbucket": "bitbucket", "kubernetes": "kubernetes", "google_workspace": "google_workspace", "rpc_firewall": "windows",
	"zeek": "network", "cisco": "network", "fortigate": "network", "fortios": "network", "paloalto": "network",
	"juniper": "network", "huawei": "network",
}

// Platforms says what the rule watches, sorted: windows, linux, macos, aws and
// the like, in the words of Sigma's products, and network for devices of the
// network and what is seen on the wire. A rule that names its platform is
// believed: in Sigma the product, in Elastic's rules host.os.type and the tags
// "OS: …". Otherwise the platforms are those of its events that come from one
// only. It is empty where neither tells.
func (r *Rule) Platforms() []string {
	out := []string{}
	add := func(name string) {
		if name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	add(ProductPlatform(r.Logsource.Product.Value))
	if r.Vendor == rule.Elastic {
		for i := range r.Predicates {
			if p := &r.Predicates[i]; !p.Negated && p.Operator == rule.Eq && p.Field == "host.os.type" {
				add(operatingSystem(p.Value))
			}
		}
		// A condition may ask for the system on one of its paths only.
		for _, tag := range r.Tags {
			if name, ok := strings.CutPrefix(tag.Value, "OS: "); ok {
				add(operatingSystem(name))
			}
		}
	}
	if len(out) == 0 {
		for _, e := range r.Events {
			add(ProviderPlatform(e.Provider))
		}
	}
	slices.Sort(out)
	return out
}

// ProductPlatform is the platform that a product in a Sigma logsource names, or
// runs on, in the words of Rule.Platforms; it is empty where there is no such.
func ProductPlatform(product string) string { return products[strings.ToLower(product)] }

// ProviderPlatform is the one platform that the events of a provider are from,
// in the words of Rule.Platforms; it is empty where they are from several.
func ProviderPlatform(provider string) string { return platformOf()[provider] }

func operatingSystem(name string) string {
	switch name = strings.ToLower(name); name {
	case "windows", "linux", "macos":
		return name
	}
	return ""
}

// Disabled reports whether the rule says that it is switched off where it is
// deployed. Sigma's rules and Splunk's content do not say.
func (r *Rule) Disabled() bool {
	switch doc := r.Syntax.(type) {
	case *elastic.Document:
		return doc.Rule != nil && strings.EqualFold(doc.Rule.Get("enabled").Text().Value, "false")
	case *kusto.Document:
		if doc.Rule == nil {
			return false
		}
		return strings.EqualFold(doc.Rule.Get("enabled").Text().Value, "false") ||
			doc.Shape == kusto.Custom && strings.EqualFold(doc.Rule.Get("isEnabled").Text().Value, "false")
	case *splunk.Document:
		if doc.Stanza == nil {
			return false
		}
		set := doc.Stanza.Get("disabled")
		return set != nil && spl.IsTrue(set.Value.Value)
	}
	return false
}

package normalize

import (
	"slices"
	"strings"
	"sync"

	"github.com/detlint/detlint/rule"
)

// The classes of events whose fields are known well enough to say which they do
// not have: process, network, dns, file, registry, image_load (libraries and
// drivers) and pipe.
const (
	classProcess  = "process"
	classNetwork  = "network"
	classDNS      = "dns"
	classFile     = "file"
	classRegistry = "registry"
	classImage    = "image_load"
	classPipe     = "pipe"
)

// categoryClass has the classes by what rules call them: the categories of Sigma's
// logsources, and those of ECS.
var categoryClass = map[string]string{
	"process": classProcess, "process_creation": classProcess, "process_termination": classProcess, "process_access": classProcess,
	"create_remote_thread": classProcess, "process_tampering": classProcess,
	"network": classNetwork, "network_traffic": classNetwork, "network_connection": classNetwork, "dns": classDNS, "dns_query": classDNS,
	"file": classFile, "file_event": classFile, "file_change": classFile, "file_delete": classFile, "file_rename": classFile, "file_access": classFile,
	"file_executable_detected": classFile, "create_stream_hash": classFile,
	"registry": classRegistry, "registry_add": classRegistry, "registry_delete": classRegistry, "registry_event": classRegistry,
	"registry_rename": classRegistry, "registry_set": classRegistry,
	"library": classImage, "dll": classImage, "image_load": classImage, "driver_load": classImage, "driver": classImage,
	"pipe_created": classPipe,
}

// eventClass has the classes of the events that searches of Splunk and Kusto name.
var eventClass = map[Event]string{
	{"Sysmon", "1"}: classProcess, {"Sysmon", "5"}: classProcess, {"Sysmon", "8"}: classProcess, {"Sysmon", "10"}: classProcess, {"Sysmon", "25"}: classProcess,
	{"Sysmon", "3"}: classNetwork, {"Sysmon", "22"}: classDNS, {"Sysmon", "6"}: classImage, {"Sysmon", "7"}: classImage,
	{"Sysmon", "2"}: classFile, {"Sysmon", "11"}: classFile, {"Sysmon", "15"}: classFile, {"Sysmon", "23"}: classFile, {"Sysmon", "26"}: classFile,
	{"Sysmon", "27"}: classFile, {"Sysmon", "28"}: classFile, {"Sysmon", "29"}: classFile,
	{"Sysmon", "12"}: classRegistry, {"Sysmon", "13"}: classRegistry, {"Sysmon", "14"}: classRegistry,
	{"Sysmon", "17"}: classPipe, {"Sysmon", "18"}: classPipe,
	{"Sysmon-Linux", "1"}: classProcess, {"Sysmon-Linux", "3"}: classNetwork, {"Sysmon-Linux", "11"}: classFile,
	{"Security-Auditing", "4688"}: classProcess, {"CrowdStrike-FDR", "ProcessRollup2"}: classProcess,
}

// tableClass has the classes of the tables of Defender, which are providers.
var tableClass = map[string]string{
	"Defender-DeviceProcessEvents": classProcess, "Defender-DeviceNetworkEvents": classNetwork, "Defender-DeviceFileEvents": classFile,
	"Defender-DeviceRegistryEvents": classRegistry, "Defender-DeviceImageLoadEvents": classImage,
}

// Classes are the classes of the events that the rule looks at, sorted. It is nil
// unless all of them are known.
func (r *Rule) Classes() []string {
	var out []string
	known := true
	add := func(class string) {
		if class == "" {
			known = false
		} else if !slices.Contains(out, class) {
			out = append(out, class)
		}
	}
	switch r.Vendor {
	case rule.Sigma:
		add(categoryClass[strings.ToLower(r.Logsource.Category.Value)])
	case rule.Elastic:
		asked, complete := selections(r.Rule)
		known = complete
		for _, s := range asked {
			words := slices.DeleteFunc(slices.Clone(s["category"]), func(word string) bool { return word == "any" })
			if len(words) == 0 {
				words = endpointSets(s["dataset"])
			}
			if len(words) == 0 {
				known = false
			}
			for _, word := range words {
				add(categoryClass[word])
			}
		}
	default:
		for _, e := range r.Events {
			class := tableClass[e.Provider]
			if class == "" {
				class = eventClass[e]
			}
			add(class)
		}
	}
	if !known {
		return nil
	}
	slices.Sort(out)
	return out
}

// endpointSets are the words by which the datasets of Elastic Defend name the class
// of their events.
func endpointSets(datasets []string) []string {
	out := make([]string, len(datasets))
	for i, dataset := range datasets {
		out[i], _ = strings.CutPrefix(dataset, "endpoint.events.")
	}
	return out
}

// near are the classes that share what they are told apart by with another one:
// the ends of a connection, a file that is loaded.
var near = map[string][]string{
	classNetwork: {classDNS, "web", "authentication"}, classDNS: {classNetwork}, classImage: {classFile, "driver"},
}

// HasField reports whether events of a class may have a field: one in ten of the
// names that vendors have for it are of the class, or of all. A field that few have
// there is of a log of another kind, such as that of a shared folder. Of a field
// that the tables do not have nothing is known.
func HasField(class, field string) bool {
	there, all := 0, 0
	for category, names := range canonicalCategories()[field] {
		all += names
		if category == "any" || category == class || slices.Contains(near[class], category) {
			there += names
		}
	}
	return 10*there >= all
}

// canonicalCategories counts the names that vendors have for a canonical field by
// the category of events.
var canonicalCategories = sync.OnceValue(func() map[string]map[string]int {
	categories := make(map[string]map[string]int, 700)
	rows(fieldsTSV, 3, func(cols []string) {
		if categories[cols[0]] == nil {
			categories[cols[0]] = map[string]int{}
		}
		categories[cols[0]][cols[2]]++
	})
	return categories
})

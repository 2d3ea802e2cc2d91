package coverage

import (
	"regexp"
	"slices"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
)

// Telemetry says which events show a technique: those that the rules rest on,
// and what they leave out. A technique that rests on one event is lost when
// that event is not collected.
type Telemetry struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Events are those that the repository's rules use.
	Events []normalize.Event `json:"events"`
	// CatalogEvents are further ones that public rules use, most used first,
	// at most five.
	CatalogEvents []normalize.Event `json:"catalog_events"`
	// ATTACK is what ATT&CK's detection strategies name. Those of its lines
	// that are events detlint knows, and that the rules do not use, are
	// ATTACKEvents.
	ATTACK       []Source          `json:"attack"`
	ATTACKEvents []normalize.Event `json:"attack_events"`
}

// Source is one line of ATT&CK's detection strategies.
type Source struct {
	Platform      string `json:"platform"`
	LogSource     string `json:"log_source"`
	Channel       string `json:"channel"` // free text
	DataComponent string `json:"data_component"`
}

// RestsOnOne reports whether all rules of the technique look at one event.
func (t *Telemetry) RestsOnOne() bool { return len(t.Events) == 1 && t.Events[0].Event != "*" }

// telemetry lists the techniques of a snapshot with their events, by id.
func telemetry(s *Snapshot, public *public) []Telemetry {
	out := make([]Telemetry, len(s.Techniques))
	for i := range s.Techniques {
		t := &s.Techniques[i]
		out[i] = Telemetry{
			ID: t.ID, Name: t.Name, Events: t.Events,
			CatalogEvents: append([]normalize.Event{}, public.topEvents(t.ID, t.Events)...),
			ATTACK:        []Source{}, ATTACKEvents: []normalize.Event{},
		}
		for _, line := range s.Tables.TelemetryOf(t.ID) {
			out[i].ATTACK = append(out[i].ATTACK, Source(line))
			for _, e := range namedEvents(line) {
				every := normalize.Event{Provider: e.Provider, Event: "*"}
				if !slices.Contains(t.Events, e) && !slices.Contains(t.Events, every) && !slices.Contains(out[i].ATTACKEvents, e) {
					out[i].ATTACKEvents = append(out[i].ATTACKEvents, e)
				}
			}
		}
		slices.SortFunc(out[i].ATTACKEvents, compareEvents)
	}
	return out
}

// providers are the event providers that ATT&CK's log sources mean.
var providers = map[string]string{
	"WinEventLog:Sysmon":        "Sysmon",
	"WinEventLog:Security":      "Security-Auditing",
	"WinEventLog:PowerShell":    "PowerShell",
	"WinEventLog:System":        "WinEventLog-System",
	"WinEventLog:Application":   "WinEventLog-Application",
	"WinEventLog:WMI":           "WMI-Activity",
	"WinEventLog:TaskScheduler": "TaskScheduler",
	"WinEventLog:Microsoft-Windows-CodeIntegrity/Operational":                        "CodeIntegrity",
	"WinEventLog:Microsoft-Windows-Windows Firewall With Advanced Security/Firewall": "Windows-Firewall",
}

var (
	eventCodes = regexp.MustCompile(`^EventCode=\d+(, ?\d+)*$`)
	eventCode  = regexp.MustCompile(`\d+`)
)

// namedEvents are the events of a line that detlint knows. ATT&CK's channels
// are free text, and name events under logs that do not have them.
func namedEvents(line attack.Telemetry) []normalize.Event {
	provider, ok := providers[line.LogSource]
	if !ok || !eventCodes.MatchString(line.Channel) {
		return nil
	}
	var out []normalize.Event
	for _, id := range eventCode.FindAllString(line.Channel, -1) {
		if e := (normalize.Event{Provider: provider, Event: id}); e.Title() != "" {
			out = append(out, e)
		}
	}
	return out
}

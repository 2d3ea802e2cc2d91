package attack

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// Telemetry is one thing to collect in order to see a technique, as ATT&CK's
// detection strategies (v18.1) name it.
type Telemetry struct {
	Platform      string // Windows
	LogSource     string // WinEventLog:Sysmon
	Channel       string // EventCode=1; free text, may be empty
	DataComponent string // Process Creation
}

//go:embed data/telemetry.tsv
var telemetryTSV string

// telemetryIndex maps a technique to its lines of the table, which stand
// together: only what is asked for is ever split into columns.
var telemetryIndex = sync.OnceValue(func() map[string]string {
	index := make(map[string]string, 700)
	_, rest, _ := strings.Cut(telemetryTSV, "\n")
	start, current := 0, ""
	for pos := 0; pos < len(rest); {
		id, _, _ := strings.Cut(rest[pos:min(len(rest), pos+16)], "\t")
		if id != current {
			index[current] = rest[start:pos]
			start, current = pos, id
		}
		n := strings.IndexByte(rest[pos:], '\n')
		if n < 0 {
			break
		}
		pos += n + 1
	}
	index[current] = rest[start:]
	return index
})

// telemetryLines returns the lines of one technique without their first
// column.
func telemetryLines(id string) []Telemetry {
	var out []Telemetry
	for line := range strings.Lines(telemetryIndex()[id]) {
		cols := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cols) != 5 {
			continue
		}
		out = append(out, Telemetry{
			Platform: cols[1], LogSource: cols[2],
			Channel: strings.TrimSpace(cols[3]), DataComponent: cols[4],
		})
	}
	return out
}

// TelemetryOf lists what ATT&CK says to collect for a technique, without
// duplicates. The strategies are filed under the ids of v18.1, so the ones of
// the techniques that id's current technique replaced are included. Unknown
// ids have none.
func (ts *Tables) TelemetryOf(id string) []Telemetry {
	current, ok := ts.Current(id)
	if !ok {
		return nil
	}
	out := slices.Clone(ts.telemetry(current.ID))
	seen := make(map[Telemetry]bool, len(out))
	out = slices.DeleteFunc(out, func(t Telemetry) bool { dup := seen[t]; seen[t] = true; return dup })
	for _, p := range ts.Predecessors(current.ID) {
		for _, t := range ts.telemetry(p) {
			if !seen[t] {
				seen[t] = true
				out = append(out, t)
			}
		}
	}
	return out
}

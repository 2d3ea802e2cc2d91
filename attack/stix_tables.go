package attack

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// domains are the words for the matrices in x_mitre_domains and in the names
// of kill chains.
var domains = map[string]string{
	"enterprise-attack": Enterprise, "mobile-attack": Mobile, "ics-attack": ICS,
	"mitre-attack": Enterprise, "mitre-mobile-attack": Mobile, "mitre-ics-attack": ICS,
}

var (
	techniqueForm = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)
	tacticForm    = regexp.MustCompile(`^TA\d{4}$`)
	versionForm   = regexp.MustCompile(`^\d{1,3}(\.\d{1,3}){0,2}$`)
)

// tables turns the objects into tables.
func (b *bundle) tables() (*Tables, error) {
	version, err := b.version()
	if err != nil {
		return nil, err
	}
	found := b.techniques()
	tactics := b.tactics()
	own := map[string]bool{}
	for i := range found {
		own[found[i].Domain] = true
	}
	switch {
	case len(found) == 0:
		return nil, &BundleError{Message: "the bundle has no technique (attack-pattern with an external id such as T1059)"}
	case len(found) > maxTechniques:
		return nil, &BundleError{Message: fmt.Sprintf("expected at most %d techniques, found %d", maxTechniques, len(found))}
	}
	for domain := range own {
		if !slices.ContainsFunc(tactics, func(t Tactic) bool { return t.Domain == domain && !t.Retired }) {
			return nil, &BundleError{Message: fmt.Sprintf("the bundle has techniques of the %s matrix and no tactic (x-mitre-tactic) of it", domain)}
		}
	}
	telemetry, err := b.telemetry()
	if err != nil {
		return nil, err
	}
	t := &Tables{Version: "v" + version}
	built := Default()
	var kept []string
	for _, domain := range []string{Mobile, ICS, Enterprise} {
		if own[domain] {
			continue
		}
		kept = append(kept, domain)
		for technique := range built.Techniques(domain) {
			found = append(found, technique)
		}
		for _, tactic := range built.tactics().all {
			if tactic.Domain == domain {
				tactics = append(tactics, tactic)
			}
		}
	}
	if !own[Enterprise] {
		t.Version = Version
		t.notes = append(t.notes, fmt.Sprintf("of the bundle, which is of ATT&CK v%s, only other matrices than enterprise are used", version))
	} else if len(kept) > 0 {
		t.notes = append(t.notes, fmt.Sprintf("the matrices of %s are not in the bundle and are those of ATT&CK %s, which are built in", strings.Join(kept, " and "), Version))
	}
	if len(telemetry) == 0 {
		t.notes = append(t.notes, "the bundle names no detection strategies, so no telemetry of ATT&CK's own is known")
	}
	for _, tactic := range formerTactics(t.Version) {
		if own[tactic.Domain] && !slices.ContainsFunc(tactics, func(o Tactic) bool { return o.Domain == tactic.Domain && o.ShortName == tactic.ShortName }) {
			tactics = append(tactics, tactic)
		}
	}
	slices.SortStableFunc(tactics, func(a, b Tactic) int {
		return domainOrder(a) - domainOrder(b)
	})
	if len(tactics) > maxTactics {
		return nil, &BundleError{Message: fmt.Sprintf("expected at most %d tactics, found %d", maxTactics, len(tactics))}
	}
	indexed, table := newTechniques(found), newTactics(tactics)
	t.techniques = func() *techniques { return indexed }
	t.tactics = func() *tacticTable { return table }
	t.telemetry = func(id string) []Telemetry {
		if i, ok := indexed.find(id); ok && !own[indexed.all[i].Domain] {
			return telemetryLines(id)
		}
		return telemetry[id]
	}
	t.older = nil
	return t, nil
}

// formerTactics are those of versions before one, and those of Version itself
// where that one came before.
func formerTactics(version string) []Tactic {
	out := slices.Clone(retiredTactics)
	if major(version) > major(Version) {
		for _, t := range Default().Tactics("") {
			t.Retired = true
			out = append(out, t)
		}
	}
	return out
}

func major(version string) int {
	number, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	n, _ := strconv.Atoi(number)
	return n
}

// domainOrder puts the matrices in order, and retired tactics last.
func domainOrder(t Tactic) int {
	at := slices.Index([]string{Enterprise, Mobile, ICS}, t.Domain)
	if t.Retired {
		at += 3
	}
	return at
}

// version is what the bundle says it is of.
func (b *bundle) version() (string, error) {
	for _, o := range b.objects {
		if o.Type == "x-mitre-collection" {
			if !versionForm.MatchString(o.Version) {
				return "", &BundleError{Message: fmt.Sprintf("expected a version such as %q for \"x_mitre_version\" of the x-mitre-collection, found %.40q", "18.1", o.Version)}
			}
			return strings.TrimSuffix(o.Version, ".0"), nil
		}
	}
	return "", &BundleError{Message: "the bundle does not say which version of ATT&CK it is: expected an object of the type " +
		"x-mitre-collection, as the bundles of mitre-attack/attack-stix-data have"}
}

// external is the id that people know an object by.
func (o *stixObject) external(form *regexp.Regexp) string {
	for _, r := range o.References {
		if domains[r.Source] != "" && form.MatchString(r.ID) {
			return r.ID
		}
	}
	return ""
}

func (o *stixObject) domain() string {
	for _, name := range o.Domains {
		if domains[name] != "" {
			return domains[name]
		}
	}
	for _, p := range o.Phases {
		if domains[p.Chain] != "" {
			return domains[p.Chain]
		}
	}
	for _, r := range o.References {
		if domains[r.Source] != "" {
			return domains[r.Source]
		}
	}
	return Enterprise
}

// techniques lists the techniques of the bundle. Where two objects have one id
// the one in force counts, else the first.
func (b *bundle) techniques() []Technique {
	replaced := map[string]string{}
	for _, o := range b.objects {
		if o.Type == "relationship" && o.Relationship == "revoked-by" && !o.Revoked && !o.Deprecated {
			replaced[o.Source] = o.Target
		}
	}
	place := map[string]int{}
	var out []Technique
	for _, o := range b.objects {
		id := o.external(techniqueForm)
		if o.Type != "attack-pattern" || id == "" {
			continue
		}
		t := Technique{ID: id, Name: o.Name, Domain: o.domain(), Status: Active}
		for _, name := range o.Platforms {
			if name != "None" {
				t.Platforms = append(t.Platforms, name)
			}
		}
		for _, p := range o.Phases {
			if domains[p.Chain] != "" && !slices.Contains(t.Tactics, p.Phase) {
				t.Tactics = append(t.Tactics, p.Phase)
			}
		}
		if o.Revoked {
			t.Status = Revoked
			if next := b.byRef[replaced[o.ID]]; next != nil {
				if to := next.external(techniqueForm); to != id {
					t.ReplacedBy = to
				}
			}
		} else if o.Deprecated {
			t.Status = Deprecated
		}
		at, twice := place[id]
		switch {
		case !twice:
			place[id] = len(out)
			out = append(out, t)
		case out[at].Status != Active && t.Status == Active:
			out[at] = t
		}
	}
	return out
}

// tactics lists the tactics of the bundle, in the order of their matrix.
func (b *bundle) tactics() []Tactic {
	order := map[string]int{}
	for _, o := range b.objects {
		if o.Type != "x-mitre-matrix" || o.Revoked || o.Deprecated {
			continue
		}
		for _, ref := range o.Tactics {
			if _, ok := order[ref]; !ok {
				order[ref] = len(order)
			}
		}
	}
	type placed struct {
		Tactic
		at int
	}
	var all []placed
	for _, o := range b.objects {
		if o.Type != "x-mitre-tactic" || o.ShortName == "" {
			continue
		}
		at, ok := order[o.ID]
		if !ok {
			at = len(order) // none of the matrix
		}
		all = append(all, placed{Tactic{o.domain(), o.external(tacticForm), o.ShortName, o.Name, o.Revoked || o.Deprecated}, at})
	}
	slices.SortStableFunc(all, func(a, b placed) int { return a.at - b.at })
	out := make([]Tactic, len(all))
	for i := range all {
		out[i] = all[i].Tactic
	}
	return out
}

// telemetry lists what the detection strategies of each technique name, by its
// id. Before v18 it is data components that detect techniques.
func (b *bundle) telemetry() (map[string][]Telemetry, error) {
	out := map[string][]Telemetry{}
	total := 0
	for _, o := range b.objects {
		if o.Type != "relationship" || o.Relationship != "detects" || o.Revoked || o.Deprecated {
			continue
		}
		from, to := b.byRef[o.Source], b.byRef[o.Target]
		if from == nil || to == nil || from.Revoked || from.Deprecated || to.Type != "attack-pattern" {
			continue
		}
		id := to.external(techniqueForm)
		if from.Type == "x-mitre-data-component" {
			out[id] = append(out[id], Telemetry{DataComponent: from.Name})
			total++
		}
		for _, ref := range from.Analytics {
			named := b.analytic(ref)
			if total += 1 + len(named); total > maxTelemetry {
				return nil, &BundleError{Message: fmt.Sprintf("expected at most %d log sources of detection strategies", maxTelemetry)}
			}
			out[id] = append(out[id], named...)
		}
	}
	delete(out, "")
	return out, nil
}

// analytic lists the log sources of an analytic.
func (b *bundle) analytic(ref string) []Telemetry {
	o := b.byRef[ref]
	if o == nil || o.Type != "x-mitre-analytic" || o.Revoked || o.Deprecated {
		return nil
	}
	platforms := o.Platforms
	if len(platforms) == 0 {
		platforms = []string{""}
	}
	var out []Telemetry
	for _, platform := range platforms {
		for _, source := range o.LogSources {
			line := Telemetry{Platform: platform, LogSource: source.Name, Channel: strings.TrimSpace(source.Channel)}
			if strings.EqualFold(line.Channel, "none") {
				line.Channel = ""
			}
			if component := b.byRef[source.Component]; component != nil {
				line.DataComponent = component.Name
			}
			out = append(out, line)
		}
	}
	return out
}

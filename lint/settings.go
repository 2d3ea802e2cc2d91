package lint

import (
	"slices"

	"github.com/detlint/detlint/attack"
)

// Param is a threshold of a check that a repository may set to another value.
type Param struct {
	Name    string // in kebab case
	Default int
	Min     int
	Max     int
	Summary string // what it is, without a final stop
}

// Setting is what is chosen about one check. Zero fields choose nothing.
type Setting struct {
	Switch   Switch
	Severity Severity
	Params   map[string]int // by the names of the check's Params
}

// Switch turns a check on or off.
type Switch uint8

// The positions of a switch. Unset leaves the check as it is.
const (
	Unset Switch = iota
	On
	Off
)

// Override has settings for some paths.
type Override struct {
	Match  func(path string) bool
	Checks map[string]Setting
}

// Settings are what a repository chooses about checks, by their ids. Overrides
// are applied in order over Checks. A nil Settings chooses nothing.
type Settings struct {
	Checks    map[string]Setting
	Overrides []Override
	// ATTACK is the version of ATT&CK that rules are to be mapped to:
	// attack.Older, or that of the tables, which an empty one stands for.
	ATTACK string
	// Tables are the facts of ATT&CK; nil stands for the embedded ones.
	Tables *attack.Tables
}

func (s *Settings) tables() *attack.Tables {
	if s == nil || s.Tables == nil {
		return attack.Default()
	}
	return s.Tables
}

func (s *Settings) attack() string {
	if s == nil || s.ATTACK == "" {
		return s.tables().Version
	}
	return s.ATTACK
}

// attack is the version of ATT&CK that the rule is to be mapped to.
func (p *Pass) attack() string { return p.linter.settings.attack() }

// tables are the facts of ATT&CK.
func (p *Pass) tables() *attack.Tables { return p.linter.settings.tables() }

// current is what became of a technique in that version.
func (p *Pass) current(id string) (attack.Technique, bool) {
	return p.tables().CurrentIn(p.attack(), id)
}

// of is the setting of a check for a path.
func (s *Settings) of(check, path string) Setting {
	if s == nil {
		return Setting{}
	}
	out := s.Checks[check]
	for i := range s.Overrides {
		o, ok := s.Overrides[i].Checks[check]
		if !ok || !s.Overrides[i].Match(path) {
			continue
		}
		if o.Switch != Unset {
			out.Switch = o.Switch
		}
		if o.Severity != 0 {
			out.Severity = o.Severity
		}
		if len(o.Params) > 0 {
			merged := make(map[string]int, len(o.Params)+len(out.Params))
			for name, n := range out.Params {
				merged[name] = n
			}
			for name, n := range o.Params {
				merged[name] = n
			}
			out.Params = merged
		}
	}
	return out
}

// fixed reports whether the check tells of what could not be looked at. A
// repository can neither switch it off nor make it less severe: nothing ends
// green that was not read.
func (c *Check) fixed() bool { return c == syntaxCheck || c == unreadableCheck }

// Configurable lists the checks that a repository may choose about.
func Configurable() []*Check {
	return slices.DeleteFunc(Checks(), func(c *Check) bool { return c.fixed() })
}

// Configure has the linter heed what a repository chooses. A check that was
// asked for by its id runs even where it is switched off.
func (l *Linter) Configure(s *Settings) { l.settings = s }

// setting is what is chosen about a check for a path; ok is false when the
// check does not look there.
func (l *Linter) setting(c *Check, path string) (s Setting, ok bool) {
	s = l.settings.of(c.ID, path)
	return s, s.Switch != Off || slices.Contains(l.only, c.ID)
}

// Runs reports whether a check looks at a path.
func (l *Linter) Runs(id, path string) bool {
	for _, c := range l.checks {
		if c.ID == id {
			_, ok := l.setting(c, path)
			return ok
		}
	}
	return false
}

// param is the value of a threshold of the check.
func (p *Pass) param(name string) int {
	if n, ok := p.setting.Params[name]; ok {
		return n
	}
	for i := range p.check.Params {
		if p.check.Params[i].Name == name {
			return p.check.Params[i].Default
		}
	}
	panic("check " + p.check.ID + " has no threshold " + name)
}

// grade gives findings the severity that was chosen for their check.
func (s Setting) grade(findings []Finding) []Finding {
	if s.Severity != 0 {
		for i := range findings {
			findings[i].Severity = s.Severity
		}
	}
	return findings
}

// Suppressible lists the checks whose findings may be passed over one by one.
func Suppressible() []*Check {
	return slices.DeleteFunc(Checks(), func(c *Check) bool { return c == unreadableCheck || c == suppressionCheck })
}

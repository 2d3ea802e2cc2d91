package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Linter runs a choice of checks. It may be used from several goroutines.
type Linter struct {
	checks   []*Check
	only     []string // checks that were asked for by their ids
	catalog  *catalog.Catalog
	settings *Settings
	moves    bool // see Move

	// What several rules ask for is worked out once.
	advisor    *advise.Advisor // nil without a catalog
	selves     sync.Map        // *normalize.Rule to the []catalog.RuleRef that are the rule itself
	proved     sync.Map        // *normalize.Rule to []proof.Fault
	folders    sync.Once
	wholePaths map[normalize.Key]catalog.Row // by the last component of a path: see wholePath
}

// NewLinter returns a linter with all checks, or with those in only where there
// are any, without those in skip. An unknown id is an error.
func NewLinter(cat *catalog.Catalog, only, skip []string) (*Linter, error) {
	for _, id := range append(slices.Clone(only), skip...) {
		if Lookup(id) == nil {
			return nil, unknownCheck(id)
		}
	}
	l := &Linter{catalog: cat, only: only}
	if cat != nil {
		l.advisor = advise.New(cat)
	}
	for _, c := range Checks() {
		if (len(only) == 0 || slices.Contains(only, c.ID)) && !slices.Contains(skip, c.ID) {
			l.checks = append(l.checks, c)
		}
	}
	return l, nil
}

// Move has the checks say of each rule what the check attack-version else says
// of all rules of a repository together: that the rules are being moved to the
// current version of ATT&CK.
func (l *Linter) Move() { l.moves = true }

// Advisor is what the linter takes its advice from; nil without a catalog.
func (l *Linter) Advisor() *advise.Advisor { return l.advisor }

// Empty reports whether no check is chosen.
func (l *Linter) Empty() bool { return len(l.checks) == 0 }

// Lookup returns the check with the id, and nil when there is none.
func Lookup(id string) *Check {
	for _, c := range registry {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// Find is Lookup with an error that helps: it names the check that was most
// likely meant.
func Find(id string) (*Check, error) {
	if c := Lookup(id); c != nil {
		return c, nil
	}
	return nil, unknownCheck(id)
}

// Checks lists all checks by id.
func Checks() []*Check {
	out := slices.Clone(registry)
	slices.SortFunc(out, func(a, b *Check) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func unknownCheck(id string) error {
	ids := make([]string, len(registry))
	for i, c := range registry {
		ids[i] = c.ID
	}
	if meant := near.Word(strings.ReplaceAll(id, "_", "-"), ids); meant != "" {
		return fmt.Errorf("unknown check %q, did you mean %q?", id, meant)
	}
	return fmt.Errorf("unknown check %q; see the list with: detlint checks", id)
}

// File returns what the checks of single rules, and the parser, say about a
// file. rules are its rules, normalized.
func (l *Linter) File(f *rule.File, rules []*normalize.Rule) []Finding {
	var out []Finding
	var pass Pass // one for all: nothing keeps it
	for _, c := range l.checks {
		if c == syntaxCheck {
			out = append(out, syntax(f)...)
		}
		if c.Rule == nil {
			continue
		}
		setting, ok := l.setting(c, f.Source.Path)
		if !ok {
			continue
		}
		for _, r := range rules {
			if !c.applies(r.Vendor) {
				continue
			}
			pass = Pass{Rule: r, Catalog: l.catalog, Library: f.Library, file: f, linter: l, check: c, setting: setting, findings: pass.findings[:0]}
			c.Rule(&pass)
			out = append(out, setting.grade(pass.findings)...)
		}
	}
	Sort(out)
	return out
}

// Repository returns what the checks of whole repositories say.
func (l *Linter) Repository(repository Repository) []Finding {
	if load := repository.Load; load != nil {
		var one sync.Mutex
		repository.Load = func(s *normalize.Summary) *normalize.Rule {
			one.Lock()
			defer one.Unlock()
			return load(s)
		}
	}
	overlaps := sync.OnceValues(repository.overlaps)
	var passes []*RepositoryPass
	for _, c := range l.checks {
		if c.Repository != nil {
			passes = append(passes, &RepositoryPass{
				Repository: repository, check: c, catalog: l.catalog, overlaps: overlaps,
				tables: l.settings.tables(), older: l.settings.attack() == attack.Older,
			})
		}
	}
	inParallel(len(passes), func() func(int) {
		return func(i int) { passes[i].check.Repository(passes[i]) }
	})
	var out []Finding
	for _, pass := range passes {
		for _, f := range distinct(pass.findings) {
			if setting, ok := l.setting(pass.check, f.Path); ok {
				out = append(out, setting.grade([]Finding{f})...)
			}
		}
	}
	Sort(out)
	return out
}

// distinct tells findings apart that rules of one id would share: there the
// path is part of the identity.
func distinct(findings []Finding) []Finding {
	count := map[string]int{}
	for i := range findings {
		count[findings[i].Fingerprint]++
	}
	for i := range findings {
		if f := &findings[i]; count[f.Fingerprint] > 1 {
			f.Fingerprint = fingerprint(f.Fingerprint, f.Check, place(f.Path, f.Index))
		}
	}
	return findings
}

// Sort orders findings by place, then by check and message: the order of
// every report, whatever found them first.
func Sort(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Range.Start.Offset, b.Range.Start.Offset),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Check, b.Check),
			cmp.Compare(a.Value, b.Value),
			cmp.Compare(a.Message, b.Message),
		)
	})
}

// Compare sets the state of head's findings by those of the base: a finding
// that the base has too is Existing, any other New. It returns the findings
// of the base that are gone, marked Fixed. Two findings are the same when the
// given functions, one for each side, give them equal identities; one that
// stands several times is matched as often as it stands on both sides. One that
// stands for several rules is New when it does for one that the base's does not,
// and then is about those alone.
//
// A finding that was suppressed in the base and is not any more is New: nobody
// has seen it yet.
func Compare(base, head []Finding, inBase, inHead func(*Finding) string) (fixed []Finding) {
	have, hidden := map[string]int{}, map[string]int{}
	within := map[string][]overlap{}
	for i := range base {
		id := inBase(&base[i])
		if base[i].Suppressed != nil {
			hidden[id]++
		} else {
			have[id]++
		}
		if base[i].within != nil {
			within[id] = base[i].within
		}
	}
	for i := range head {
		head[i].State = New
		switch id := inHead(&head[i]); {
		case have[id] > 0:
			have[id]--
			if !head[i].tellNew(within[id]) {
				head[i].State = Existing
			}
		case hidden[id] > 0:
			hidden[id]--
			if head[i].Suppressed != nil {
				head[i].State = Existing
			}
		}
	}
	for _, f := range base {
		if id := inBase(&f); f.Suppressed == nil && have[id] > 0 {
			have[id]--
			f.State = Fixed
			fixed = append(fixed, f)
		}
	}
	return fixed
}

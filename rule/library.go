package rule

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path"
	"slices"
	"strings"
)

// DefinitionKind is what a definition is to the rules that name it.
type DefinitionKind string

// The kinds of definitions that repositories keep beside their rules.
const (
	Macro      DefinitionKind = "macro"       // text of a Splunk search
	Lookup     DefinitionKind = "lookup"      // a Splunk lookup table
	DataSource DefinitionKind = "data_source" // a feed of events, in Splunk's security content
	Function   DefinitionKind = "function"    // a saved Kusto function
	Watchlist  DefinitionKind = "watchlist"   // a Sentinel watchlist
	Table      DefinitionKind = "table"       // a CSV file that a Splunk search names without a lookup
)

// Use is a name by which a rule refers to something outside of its file,
// whether or not the repository defines it. Macros with arguments are named
// with their number: "between(2)". Names are compared as written.
type Use struct {
	Kind DefinitionKind
	Name string
}

// Definition is something that rules refer to by name and that is no rule
// itself.
type Definition struct {
	Use
	Arguments []string // the names of a macro's arguments, in order
	Text      string   // what the name stands for, as a text of the query language
	// Opaque is set when Text is not what the name stands for, but computes it.
	Opaque bool
	// Columns are those that a lookup has, where the definition says so.
	Columns []string
	Path    string // the file it stands in; empty when only its name is known
	Line    int    // 1-based
	// Files hold more of the definition, such as the table of a lookup. Their
	// paths are relative to the folder of Path. Some may not exist.
	Files []string
	// Uses are what the definition refers to in turn, where rules do not name
	// that themselves: a saved function's functions and watchlists.
	Uses []Use
}

// Library has the definitions of one state of a repository. A nil Library has
// none.
type Library struct {
	defined map[Use]*Definition
	digests map[Use]string
	twins   map[Use][]*Definition // the definitions after the first
	missing map[Use][]string
	tables  bool // the repository has one of the files that definitions name
	kinds   map[DefinitionKind]bool
}

// NewLibrary makes a library. Of several definitions of a name the first one
// counts, or the first in a folder "local" of a Splunk app, which overrides what
// the app comes with. content returns something that is different for different
// contents of the file at a path, and "" when there is no such file; it may be
// nil.
func NewLibrary(definitions []Definition, content func(path string) string) *Library {
	l := &Library{
		defined: make(map[Use]*Definition, len(definitions)),
		digests: make(map[Use]string, len(definitions)),
		twins:   map[Use][]*Definition{},
		missing: map[Use][]string{},
		kinds:   map[DefinitionKind]bool{},
	}
	for _, local := range []bool{true, false} {
		for i := range definitions {
			if d := &definitions[i]; d.isLocal() == local {
				l.add(d, content)
			}
		}
	}
	l.followUses()
	return l
}

// maxFollowed is how many definitions are followed from one that refers to them.
const maxFollowed = 1000

// followUses makes the digests of definitions change with what they refer to.
func (l *Library) followUses() {
	whole := map[Use]string{}
	for use, d := range l.defined {
		if len(d.Uses) == 0 {
			continue
		}
		h := sha256.New()
		seen := map[Use]bool{use: true}
		for queue := []Use{use}; len(queue) > 0; queue = queue[1:] {
			h.Write([]byte(l.digests[queue[0]] + "\x01"))
			d := l.defined[queue[0]]
			if d == nil {
				continue
			}
			for _, next := range d.Uses {
				if !seen[next] && len(seen) < maxFollowed {
					seen[next] = true
					queue = append(queue, next)
				}
			}
		}
		whole[use] = string(h.Sum(nil)[:16])
	}
	maps.Copy(l.digests, whole)
}

func (l *Library) add(d *Definition, content func(path string) string) {
	if first := l.defined[d.Use]; first != nil {
		if first.Path != "" && d.Path != "" && first.isLocal() == d.isLocal() {
			l.twins[d.Use] = append(l.twins[d.Use], d)
		}
		return
	}
	l.defined[d.Use] = d
	l.kinds[d.Kind] = true
	l.digests[d.Use] = d.digest(func(file string) string {
		if content == nil {
			return ""
		}
		have := content(file)
		if l.tables = l.tables || have != "" && d.Kind != Table; have == "" {
			l.missing[d.Use] = append(l.missing[d.Use], file)
		}
		return have
	})
}

func (d *Definition) isLocal() bool {
	return path.Ext(d.Path) == ".conf" && path.Base(path.Dir(d.Path)) == "local"
}

// Names are the names of all definitions of a kind, in order. Macros with
// arguments have their number in the name.
func (l *Library) Names(kind DefinitionKind) []string {
	if l == nil {
		return nil
	}
	var out []string
	for use := range l.defined {
		if use.Kind == kind {
			out = append(out, use.Name)
		}
	}
	slices.Sort(out)
	return out
}

// Has reports whether there is a definition of a kind.
func (l *Library) Has(kind DefinitionKind) bool {
	return l != nil && l.kinds[kind]
}

// Missing are the files that hold more of a definition and that the repository
// does not have. A repository that has none of such files keeps them elsewhere,
// and misses nothing.
func (l *Library) Missing(kind DefinitionKind, name string) []string {
	if l == nil || !l.tables {
		return nil
	}
	return l.missing[Use{kind, name}]
}

// Repeated lists the names that are defined several times, each with all of
// its definitions, in the order of the names.
func (l *Library) Repeated() [][]*Definition {
	if l == nil {
		return nil
	}
	var out [][]*Definition
	for use, twins := range l.twins {
		out = append(out, append([]*Definition{l.defined[use]}, twins...))
	}
	slices.SortFunc(out, func(a, b []*Definition) int {
		return cmp.Or(cmp.Compare(a[0].Kind, b[0].Kind), cmp.Compare(a[0].Name, b[0].Name))
	})
	return out
}

// digest is equal for definitions that mean the same, wherever they stand.
func (d *Definition) digest(content func(string) string) string {
	h := sha256.New()
	part := func(list ...string) {
		h.Write([]byte(strings.Join(list, "\x00") + "\x01"))
	}
	part(string(d.Kind), d.Name, d.Text)
	part(d.Arguments...)
	part(d.Columns...)
	if d.Opaque {
		part("opaque")
	}
	for _, file := range d.Files {
		part(content(path.Join(path.Dir(d.Path), file)))
	}
	return string(h.Sum(nil)[:16])
}

// Lookup finds what a name stands for.
func (l *Library) Lookup(kind DefinitionKind, name string) (*Definition, bool) {
	if l == nil {
		return nil, false
	}
	d, ok := l.defined[Use{kind, name}]
	return d, ok
}

// Context is a text that changes when what some names stand for changes: when
// one of them is defined, redefined or removed. It is empty for no names.
func (l *Library) Context(uses []Use) string {
	if len(uses) == 0 {
		return ""
	}
	h := sha256.New()
	for _, use := range uses {
		h.Write([]byte(string(use.Kind) + "\x00" + use.Name + "\x00" + l.digest(use) + "\x01"))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Changed returns those of some names that stand for something else in another
// library.
func (l *Library) Changed(other *Library, uses []Use) []Use {
	var out []Use
	for _, use := range uses {
		if l.digest(use) != other.digest(use) {
			out = append(out, use)
		}
	}
	return out
}

func (l *Library) digest(use Use) string {
	if l == nil {
		return ""
	}
	return l.digests[use]
}

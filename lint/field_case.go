package lint

import (
	"strings"
	"sync"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var fieldCaseCheck = &Check{
	ID:       "field-case",
	Severity: Warning,
	Vendors:  sigmaAndElastic,
	Summary:  "A field name differs from the one of the logsource in case or underscores only",
	Rationale: `Converters map field names letter by letter. ` + "`commandline`" + ` and ` + "`Command_Line`" + ` are not ` + "`CommandLine`" + `: the name goes
into the query as it is, no event has such a field, and the rule never fires. detlint knows the field names that public
rules and backends have for a logsource and reports a name only when another one of the same logsource has the same
letters.

Elasticsearch compares field names letter by letter, too: a rule of Elastic that asks for ` + "`Process.Name`" + ` finds
nothing.`,
	Bad: `title: Group policy tool with a rare switch
id: 1f2e3d4c-5b6a-4798-8a7b-6c5d4e3f2a10
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\gpresult.exe'
        commandline|contains: '/z'
    condition: selection
level: low
`,
	Good: `title: Group policy tool with a rare switch
id: 1f2e3d4c-5b6a-4798-8a7b-6c5d4e3f2a10
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\gpresult.exe'
        CommandLine|contains: '/z'
    condition: selection
level: low
`,
	More: func() []Example {
		return []Example{
			inEQL("Tool Started", `process where Process.Name : "example-tool.exe"`, soundEQL),
		}
	},
	Rule: fieldCase,
}

func fieldCase(p *Pass) {
	if p.Vendor == rule.Elastic {
		p.elasticFieldCase()
		return
	}
	doc := document(p)
	if doc == nil || p.Kind == rule.Correlation || doc.Root.Get("taxonomy") != nil {
		return
	}
	known := spellings(p.Logsource)
	if known == nil {
		return
	}
	for _, sel := range doc.Selections {
		for _, it := range sel.Items {
			name := it.Field.Value
			if known.exact[name] {
				continue
			}
			if right := known.folded[near.Fold(name)]; right != "" {
				f := p.Report(it.Field.Span, name, "field %q is not a field of this logsource, did you mean %q?", name, right)
				p.fixIn(f, it.Field.Span, name, right)
			}
		}
	}
}

// fieldNames are the field names of a logsource.
type fieldNames struct {
	exact map[string]bool
	// folded maps names without case and separators to the one name that has
	// these letters; to "" when there are two.
	folded map[string]string
}

// spellingCache keeps the names of the few logsources that rules have.
var spellingCache sync.Map

// namesEverywhere are the names that are known whatever the logsource.
var namesEverywhere = sync.OnceValue(func() map[string]string { return normalize.KnownFields(rule.Sigma, nil) })

// spellings returns the field names of a logsource, nil when it is none that
// is known.
func spellings(l rule.Logsource) *fieldNames {
	sources := normalize.SigmaSources(l)
	if len(sources) == 0 {
		return nil
	}
	key := strings.Join(sources, " ")
	if have, ok := spellingCache.Load(key); ok {
		return have.(*fieldNames)
	}
	names := &fieldNames{exact: map[string]bool{}, folded: map[string]string{}}
	everywhere := namesEverywhere()
	common := taxonomy(l)
	for name := range normalize.KnownFields(rule.Sigma, sources) {
		names.exact[name] = true
		if _, shared := everywhere[name]; shared && !common(name) {
			continue
		}
		folded := near.Fold(name)
		if _, two := names.folded[folded]; two {
			names.folded[folded] = ""
		} else {
			names.folded[folded] = name
		}
	}
	have, _ := spellingCache.LoadOrStore(key, names)
	return have.(*fieldNames)
}

// taxonomy tells which of the names that are known everywhere are those of a
// logsource. Sigma's taxonomy has names for the events of endpoints, proxies
// and web servers; what a product's own log calls its fields is another matter.
func taxonomy(l rule.Logsource) func(name string) bool {
	switch strings.ToLower(l.Category.Value) {
	case "":
		return func(string) bool { return false }
	case "proxy", "webserver":
		return func(name string) bool { return strings.Contains(name, "-") }
	}
	switch strings.ToLower(l.Product.Value) {
	case "windows", "linux", "macos":
		return func(name string) bool { return name[0] >= 'A' && name[0] <= 'Z' }
	}
	return func(string) bool { return false }
}

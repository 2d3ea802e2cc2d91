package lint

import (
	"regexp"
	"strings"

	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

var entityMappingCheck = &Check{
	ID:       "entity-mapping",
	Severity: Error,
	Vendors:  onlyKusto,
	Summary:  "What an alert is made of names a column, an entity or an identifier that is not there",
	Rationale: `A rule of Sentinel puts columns of its query into the alert: as entities (` + "`entityMappings`" + `), as details (` + "`customDetails`" + `)
and in its title and description (` + "`alertDetailsOverride`" + `). A column that the query does not return leaves them empty, or Sentinel
refuses the rule. The names of columns are compared letter by letter, and only where the query says which columns it
returns: after ` + "`project`" + ` or ` + "`summarize`" + `, say, and not where the rows of a table come out as they are.

Entities have the types and the identifiers of Microsoft's reference, at least one of which has to tell the entity from
others. A rule has at most ten mappings with three identifiers each, twenty details, and three columns in a title. In a hunting
query all of it is a warning.`,
	Bad: exampleKusto("Archive Made of a Share", "columnName: DeviceName", "columnName: Computer", "version: 1.0.0", `  - entityType: Account
    fieldMappings:
      - identifier: Username
        columnName: AccountName
version: 1.0.0`),
	Good: exampleKusto("Archive Made of a Share", "version: 1.0.0", `  - entityType: Account
    fieldMappings:
      - identifier: Name
        columnName: AccountName
version: 1.0.0`),
	Rule: entityMapping,
}

// The limits of Sentinel: of its service limits, its entity types reference
// and its schema for templates.
const (
	maxMappings     = 10
	maxIdentifiers  = 3
	maxDetails      = 20
	maxDetailKey    = 20
	maxPlaceholders = 3
)

func entityMapping(p *Pass) {
	doc := kustoDocument(p)
	if doc == nil || doc.Shape == kusto.Custom {
		return
	}
	c := p.outputColumns(doc)
	mappings := items(doc.EntityMappings)
	if len(mappings) > maxMappings {
		p.Report(mappings[maxMappings].Span, "entityMappings", "the rule maps %d entities, Sentinel takes at most %d", len(mappings), maxMappings)
	}
	for _, m := range mappings {
		if m.Kind == tree.Mapping {
			p.entity(m, c)
		}
	}
	for _, m := range items(doc.Rule.Get("sentinelEntitiesMappings")) {
		p.column(c, scalar(m.Get("columnName")))
	}
	p.details(doc, c)
	p.override(doc, c)
	if !sentinelRule(p, doc) { // nobody is refused anything
		for i := range p.findings {
			p.findings[i].Severity = Warning
		}
	}
}

// scalar is the text of a node, empty for what is none.
func scalar(n *tree.Node) rule.Text {
	if n.IsNull() || n.Kind != tree.Scalar {
		return rule.Text{}
	}
	return n.Text()
}

// returned are the columns that a query returns; nil where they are not known.
type returned struct {
	names []string
	known map[string]bool
}

func (p *Pass) outputColumns(doc *kusto.Document) *returned {
	if doc.KQL == nil || p.Broken {
		return nil
	}
	names, known := doc.KQL.Columns()
	if !known {
		return nil
	}
	return &returned{names, set(names...)}
}

// column reports a column that the query does not return.
func (p *Pass) column(c *returned, name rule.Text) {
	if c == nil || name.Value == "" || c.known[name.Value] || computed(name.Value) {
		return
	}
	value := "column:" + name.Value
	meant := nearName(name.Value, c.names)
	if meant == "" {
		p.Report(name.Span, value, "the query returns no column %q", name.Value).Hint = "it returns " + someOf(c.names)
		return
	}
	f := p.Report(name.Span, value, "the query returns no column %q, did you mean %q?", name.Value, meant)
	p.fixIn(f, name.Span, name.Value, meant)
}

// someOf lists names, the first of them when there are many.
func someOf(names []string) string {
	const most = 12
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// entity looks at one entry of entityMappings.
func (p *Pass) entity(m *tree.Node, c *returned) {
	kind := scalar(m.Get("entityType"))
	fields := items(m.Get("fieldMappings"))
	if kind.Value == "" {
		p.Report(p.header(m), "entityType", "an entity mapping has no %q", "entityType")
		return
	}
	if computed(kind.Value) {
		return
	}
	if len(fields) == 0 {
		p.Report(p.header(m), kind.Value, "the mapping of %s has no %q", kind.Value, "fieldMappings")
		return
	}
	t, known := entityTypes[kind.Value]
	if !known {
		meant := nearName(kind.Value, entityNames)
		if meant == "" {
			p.Report(kind.Span, "entityType:"+kind.Value, "%q is no type of entity that can be mapped", kind.Value).Hint = "the types are " + strings.Join(entityNames, ", ")
		} else {
			p.misspelledName(kind, "entityType:"+kind.Value, "type of entity", meant)
		}
	}
	if len(fields) > maxIdentifiers {
		p.Report(fields[maxIdentifiers].Span, kind.Value, "the mapping of %s has %d identifiers, Sentinel takes at most %d", kind.Value, len(fields), maxIdentifiers)
	}
	var have []string
	for _, f := range fields {
		identifier := scalar(f.Get("identifier"))
		have = append(have, identifier.Value)
		switch {
		case f.Kind != tree.Mapping:
		case identifier.Value == "":
			p.Report(p.header(f), kind.Value+".identifier", "a field mapping of %s has no %q", kind.Value, "identifier")
		case known && !contains(t.identifiers, identifier.Value):
			p.identifier(kind.Value, t, identifier)
		}
		if f.Kind == tree.Mapping && f.Get("columnName").IsNull() {
			p.Report(p.header(f), kind.Value+".columnName", "a field mapping of %s has no %q", kind.Value, "columnName")
		}
		p.column(c, scalar(f.Get("columnName")))
	}
	if known {
		p.identified(kind, t, have)
	}
}

// identifier reports one that a type of entity does not have.
func (p *Pass) identifier(kind string, t entityType, got rule.Text) {
	value := kind + "." + got.Value
	meant := nearName(got.Value, t.identifiers)
	if meant == "" {
		p.Report(got.Span, value, "%q is no identifier of %s, expected one of %s", got.Value, kind, strings.Join(t.identifiers, ", "))
		return
	}
	p.misspelledName(got, value, "identifier of "+kind, meant)
}

// misspelledName reports a name that was meant to be another. Where the two
// differ in letter case alone, most readers take it.
func (p *Pass) misspelledName(got rule.Text, value, what, meant string) {
	f := p.Report(got.Span, value, "%q is no %s, did you mean %q?", got.Value, what, meant)
	if strings.EqualFold(got.Value, meant) {
		f.Message, f.Severity = what+" "+quote(got.Value)+" is spelled "+quote(meant), Warning
	}
	p.fixIn(f, got.Span, got.Value, meant)
}

// identified reports an entity that nothing tells from others.
func (p *Pass) identified(kind rule.Text, t entityType, have []string) {
	found := 0
	for _, identifier := range have {
		if !contains(t.identifiers, identifier) {
			return // which of the others was meant is not known
		}
		if contains(t.required, identifier) {
			found++
		}
	}
	switch {
	case t.all && found < len(t.required):
		p.Report(kind.Span, "entity:"+kind.Value, "%s is not identified by %s alone, expected %s", kind.Value, quotedAnd(have), quotedAnd(t.required))
	case found == 0:
		p.Report(kind.Span, "entity:"+kind.Value, "%s is not identified by %s alone, expected one of %s", kind.Value, quotedAnd(have), strings.Join(t.required, ", "))
	}
}

func quotedAnd(words []string) string { return `"` + strings.Join(words, `" and "`) + `"` }

// The forms of the keys of customDetails, and of a column in a text.
var (
	detailKey   = regexp.MustCompile(`^[a-zA-Z]\w*$`)
	placeholder = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)
)

// details looks at customDetails, which maps names to columns.
func (p *Pass) details(doc *kusto.Document, c *returned) {
	n := doc.CustomDetails
	if n == nil || n.Kind != tree.Mapping {
		return
	}
	if count := len(n.Content) / 2; count > maxDetails {
		p.Report(n.Content[2*maxDetails].Span, "customDetails", "the rule has %d details, Sentinel takes at most %d", count, maxDetails)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if len(k.Value) > maxDetailKey || !detailKey.MatchString(k.Value) {
			p.Report(k.Span, "customDetails."+k.Value, "detail %q must begin with a letter and have only letters, digits and \"_\", at most %d", k.Value, maxDetailKey)
		}
		p.column(c, scalar(v))
	}
}

// override looks at the columns that take the place of an alert's title,
// description, severity, tactics and other properties.
func (p *Pass) override(doc *kusto.Document, c *returned) {
	n := doc.AlertDetailsOverride
	if n == nil || n.Kind != tree.Mapping {
		return
	}
	for _, attribute := range []string{"alertDisplayNameFormat", "alertDescriptionFormat"} {
		v := n.Get(attribute)
		if v.IsNull() || v.Kind != tree.Scalar {
			continue
		}
		found := placeholder.FindAllStringSubmatch(v.Value, -1)
		if len(found) > maxPlaceholders {
			p.Report(p.keyOf(n, attribute), attribute, "%s has %d columns in it, Sentinel takes at most %d", attribute, len(found), maxPlaceholders)
		}
		for _, m := range found {
			p.columnIn(c, v, m[1])
		}
	}
	for _, attribute := range []string{"alertTacticsColumnName", "alertSeverityColumnName"} {
		p.column(c, scalar(n.Get(attribute)))
	}
	for _, property := range items(n.Get("alertDynamicProperties")) {
		p.column(c, scalar(property.Get("value")))
	}
}

// columnIn reports a column in a text, at the place of its name where the file
// has it as it is.
func (p *Pass) columnIn(c *returned, v *tree.Node, name string) {
	if c == nil || c.known[name] {
		return
	}
	at := v.Span
	if i := strings.Index(p.source(at), name); i >= 0 && name != "" {
		at = rule.Span{Start: at.Start + int32(i), End: at.Start + int32(i+len(name))}
	}
	p.column(c, rule.Text{Value: name, Span: at})
}

package paste

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/rule"
)

// splunk writes exclusions as search terms. They stand behind those that the
// search starts with, where the fields of its events still have their own names,
// so that a search that starts otherwise gets none.
func (w *writer) splunk(doc *splunk.Document, keys []normalize.Key) (string, func() ([]rule.Edit, error)) {
	if doc.Query == nil || doc.Query.First == nil {
		return "", nil
	}
	first := doc.Query.First
	var order []string
	values := map[string][]string{}
	drive := "C" // that programs and the system are on, unless the rule itself means any
	if strings.Contains(w.searchText(doc), `*:\`) {
		drive = "*"
	}
	for _, k := range keys {
		written, _ := w.asWritten(k)
		field, value, ok := w.splunkItem(written, first.Model, drive)
		if !ok {
			continue
		}
		w.wrote(k)
		if values[field] == nil {
			order = append(order, field)
		}
		values[field] = append(values[field], value)
	}
	if len(order) == 0 {
		return "", nil
	}
	terms := make([]string, len(order))
	for i, field := range order {
		if list := values[field]; len(list) == 1 {
			terms[i] = "NOT " + field + "=" + list[0]
		} else {
			terms[i] = "NOT " + field + " IN (" + strings.Join(list, ", ") + ")"
		}
	}
	how := "paste in front of the first |:"
	if w.hasPipe(doc, first.Span) {
		how = "paste in front of the first | that is in no brackets or quotes:"
	}
	if first.Command != "search" {
		how = `paste behind the "where" of ` + first.Command + ":"
	}
	text := how + "\n    " + strings.Join(terms, "\n    ")
	return text, func() ([]rule.Edit, error) {
		if doc.Search == nil && doc.Stanza == nil {
			return nil, errors.New("the search does not stand in the file")
		}
		h := hostOf(w.Source, doc.Search, w.searchText(doc), doc.Place)
		if doc.Search == nil {
			h.holding = line // a line of a .conf file goes on only behind a backslash
		}
		between, end := " ", int(first.Span.End)
		if h.lines() && h.lineEnd(end) == end {
			between = "\n" + h.indent(end)
		}
		e, err := h.insert(end, between+strings.Join(terms, between))
		return []rule.Edit{e}, err
	}
}

// hasPipe reports whether a | that ends no command, as one in a subsearch, stands in a
// part of the search.
func (w *writer) hasPipe(doc *splunk.Document, at rule.Span) bool {
	text := string(w.Source.Data)
	if doc.Search != nil || doc.Stanza != nil {
		text = w.searchText(doc)
	}
	from, to := int(at.Start), int(at.End)
	return from >= 0 && from <= to && to <= len(text) && strings.Contains(text[from:to], "|")
}

func (w *writer) searchText(doc *splunk.Document) string {
	if doc.Search != nil {
		return doc.Search.Value
	}
	return doc.Stanza.Get("search").Value.Value
}

// splunkItem writes a row as a field and a value of search terms, which ignore
// case and have "*" as their only wildcard. A path that leaves the drive open is
// on the given one.
func (w *writer) splunkItem(k normalize.Key, model, drive string) (field, value string, ok bool) {
	if _, number := normalize.RegistryNumber(k); number {
		return "", "", false
	}
	field = w.splunkField(k.Field, model)
	prefix := ""
	if line, ok := normalize.Argument(k); ok && field == "" {
		k, field = line, w.splunkField(line.Field, model)
	}
	if field == "" && model == "" {
		// A base name is written as the end of a path.
		if path := normalize.PathField(k.Field); path != "" && k.Operator == rule.Eq && k.Value != "" && !strings.ContainsAny(k.Value, `\/`) {
			if field = w.splunkField(path, model); field != "" {
				prefix = `*\`
				if slices.ContainsFunc(w.Events, func(e normalize.Event) bool { return strings.Contains(strings.ToLower(e.Provider), "linux") }) {
					prefix = "*/"
				}
			}
		}
	}
	if field == "" {
		return "", "", false
	}
	literal := k.Value
	if rest, ok := strings.CutPrefix(literal, `?:\`); ok && (k.Operator == rule.Eq || k.Operator == rule.StartsWith) {
		literal = drive + `:\` + rest
		if drive == "*" {
			literal, prefix = `:\`+rest, drive
		}
	}
	if strings.ContainsAny(literal, "\r\n`$[]") || k.Operator != rule.Wildcard && strings.Contains(literal, "*") {
		return "", "", false
	}
	switch k.Operator {
	case rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith:
		if literal == "" {
			return "", "", false
		}
		literal = starred(k.Operator, literal)
	case rule.CIDR:
	case rule.Wildcard:
		if literal, ok = glob.Plain(k.Value); !ok || strings.Contains(literal, "?") {
			return "", "", false
		}
	default:
		return "", "", false
	}
	return field, `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(prefix+literal) + `"`, true
}

// modelFields are the names without the object of the data model that searches
// use where the Common Information Model has several for one thing.
var modelFields = map[string]string{
	"process.name": "process_name", "process.parent.name": "parent_process_name", "registry.path": "registry_path",
}

// splunkField finds how the search has a canonical field in its first terms: as
// it does itself, else by the name that its data model or Sysmon has. It is
// empty when there is no telling.
func (w *writer) splunkField(canonical, model string) string {
	stored := w.storedNames()
	object := ""
	if _, name, ok := strings.Cut(model, "."); ok {
		object = name + "."
	} else if model != "" {
		if object = w.object(); object != "" {
			model += "." + strings.TrimSuffix(object, ".")
		}
	}
	for i := range w.Predicates {
		p := &w.Predicates[i]
		if p.Field != canonical || p.Derived {
			continue
		}
		name := cmp.Or(stored[p.SourceField], p.SourceField)
		if strings.HasPrefix(name, object) && (model == "" || strings.Contains(name, ".")) && !strings.ContainsAny(name, " \"{}'") {
			return name
		}
	}
	if model == "" {
		name := w.usualField(canonical)
		sysmon := len(w.Events) > 0 && !slices.ContainsFunc(w.Events, func(e normalize.Event) bool { return e.Provider != "Sysmon" })
		if name != "" && sysmon && w.onEvent(name) && w.knownFields()[name] == canonical {
			return name
		}
		return ""
	}
	found, several := "", false
	for spelling, field := range w.knownFields(model) {
		if field != canonical || object == "" || !strings.HasPrefix(spelling, object) {
			continue
		}
		if spelling == object+modelFields[canonical] {
			return spelling
		}
		found, several = spelling, several || found != ""
	}
	if several {
		return ""
	}
	return found
}

// object is what the fields of the search's data model begin with, where its
// own fields agree on it: "All_Traffic.".
func (w *writer) object() string {
	found := ""
	for i := range w.Predicates {
		name := cmp.Or(w.storedNames()[w.Predicates[i].SourceField], w.Predicates[i].SourceField)
		object, _, ok := strings.Cut(name, ".")
		switch {
		case !ok || w.Predicates[i].Derived:
		case found != "" && found != object+".":
			return ""
		default:
			found = object + "."
		}
	}
	return found
}

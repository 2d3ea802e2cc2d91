package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Page is a page of the catalog that can be written in every form.
type Page interface {
	// Limit cuts the lists of the page.
	Limit(n int)
}

// PageFormats are the names of the forms that pages can be written in.
var PageFormats = []string{"text", "markdown", "json"}

// LookupPage finds a form of pages by its name. The error says what was
// probably meant.
func LookupPage(name string) error {
	formats := make([]Format, len(PageFormats))
	for i, f := range PageFormats {
		formats[i].Name = f
	}
	_, err := Lookup(formats, name)
	return err
}

// Limits are how many entries text and Markdown show of each list of a page,
// and say how many there are. Zero stands for all.
type Limits struct {
	Entries int
	Rules   int // of a technique, for each vendor: they are what its page is about
}

// WritePage writes a page, up to the limits; JSON is the page as it is.
func WritePage(w io.Writer, format string, page Page, limits Limits, o Options) error {
	if format == "json" {
		return writeJSON(w, page)
	}
	s := &sheet{most: limits.Entries, mostRules: limits.Rules}
	switch p := page.(type) {
	case *pages.Technique:
		s.technique(p)
	case *pages.Indicator:
		s.indicator(p)
	case *pages.FieldPage:
		s.field(p)
	case *pages.Exclusions:
		s.exclusionsPage(p)
	case *pages.Rules:
		s.rules(p)
	case *pages.Search:
		s.search(p)
	default:
		return fmt.Errorf("no form for a page of type %T", page)
	}
	if format == "markdown" {
		return s.markdown(w, o)
	}
	return s.text(w, o)
}

// sheet is a page laid out: headings, sentences and tables.
type sheet struct {
	most      int
	mostRules int // of a technique
	parts     []sheetPart
}

// sheetPart is a piece of a sheet: a heading with sentences below it, and a
// table.
type sheetPart struct {
	title string
	level int // 1 for the page's own title, 2 for sections, 3 below them
	url   string
	notes []string
	code  []string // lines to be copied as they are
	table sheetTable
}

type sheetTable struct {
	what   string // what the rows are, in the singular
	header []string
	right  []int
	rows   [][]cell
	total  int // how many rows there would be without a limit
	// links is set where the last column has nothing but links to more, which text
	// has no room for.
	links bool
}

// cell is a text in a table. Code is shown as it is written.
type cell struct {
	text string
	code bool
	url  string
}

func plain(text string) cell       { return cell{text: text} }
func code(text string) cell        { return cell{text: text, code: true} }
func number(n int) cell            { return cell{text: thousands(n)} }
func linked(text, url string) cell { return cell{text: text, url: url} }
func (s *sheet) last() *sheetPart  { return &s.parts[len(s.parts)-1] }
func (s *sheet) limit(n int) int {
	if s.most > 0 {
		return min(n, s.most)
	}
	return n
}

func (s *sheet) title(text, url string) {
	s.parts = append(s.parts, sheetPart{title: text, level: 1, url: url})
}

func (s *sheet) section(text string) {
	s.parts = append(s.parts, sheetPart{title: text, level: 2})
}

func (s *sheet) note(format string, args ...any) {
	s.last().notes = append(s.last().notes, fmt.Sprintf(format, args...))
}

// listed adds a table of up to s.most of n rows to the last part.
func (s *sheet) listed(t sheetTable, n int, row func(i int) []cell) {
	t.total = n
	for i := range s.limit(n) {
		t.rows = append(t.rows, row(i))
	}
	s.last().table = t
}

// counted is a heading with the number of what is below it.
func counted(title string, n int) string { return title + " (" + thousands(n) + ")" }

// vendorCounts lists numbers by vendor: "sigma 10, elastic 7".
func vendorCounts(counts map[rule.Vendor]int) string {
	var parts []string
	for _, v := range pages.Vendors(counts) {
		parts = append(parts, string(v)+" "+thousands(counts[v]))
	}
	return strings.Join(parts, ", ")
}

// rulesOf says how many rules there are and of which vendors.
func rulesOf(b pages.ByVendor) string {
	text := count(b.Len(), "rule")
	if b.Len() > 0 {
		text += " (" + vendorCounts(b.Counts()) + ")"
	}
	return text
}

// keyName writes a comparison in one line.
func keyName(k normalize.Key) string {
	return comparisonName(k.Field, k.Operator, longValue(normalize.Shown(k.Operator, k.Value)))
}

// comparisonName writes a comparison with what people read for its value.
func comparisonName(field string, op rule.Operator, shown string) string {
	switch {
	case op == rule.Exists:
		return field + " exists"
	case field == "*" && op == rule.Match:
		return "keyword " + shown
	case shown == "":
		return field + " " + string(op) + ` ""`
	}
	return field + " " + string(op) + " " + shown
}

// corpusReach is the reach of a row, and blank where the whole catalog has no more.
func corpusReach(r *pages.Row) cell {
	if r.Reach == r.Rules {
		return plain("")
	}
	return number(r.Reach)
}

// aloneCell is how many rules have nothing besides, blank for none.
func aloneCell(n int) cell {
	if n == 0 {
		return plain("")
	}
	return number(n)
}

func (s *sheet) techniques(list []pages.TechniqueCount) {
	s.section(counted("Techniques", len(list)))
	s.listed(sheetTable{what: "technique", header: []string{"technique", "name", "rules"}, right: []int{2}}, len(list), func(i int) []cell {
		t := &list[i]
		return []cell{plain(t.ID), plain(t.Name), number(t.Rules)}
	})
}

// ruleList is a table of rules for each vendor.
func (s *sheet) ruleList(title string, b pages.ByVendor) {
	if b.Len() == 0 {
		return
	}
	s.section(counted(title, b.Len()))
	for _, v := range pages.Vendors(b) {
		rules := b[v]
		s.parts = append(s.parts, sheetPart{title: counted(string(v), len(rules)), level: 3})
		s.listed(sheetTable{what: "rule", header: []string{"rule", "level", "id"}}, len(rules), func(i int) []cell {
			return ruleCells(&rules[i])
		})
	}
}

func ruleCells(r *pages.Rule) []cell {
	title := r.Title
	if strings.TrimSpace(title) == "" {
		title = "(no title)"
	}
	return []cell{linked(title, r.URL), plain(string(r.Level)), code(r.ID)}
}

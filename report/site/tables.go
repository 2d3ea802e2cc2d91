package site

import (
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/rule"
)

// table is a list of comparisons, each with the rules that make it.
type table struct {
	Title, Note string
	Rows        []rowView
	Total, More int
	// Which columns there are.
	Reach, Alone bool
	Bare         bool // all rows are of the field that the page is about
}

type rowView struct {
	pages.Row
	URL   string // of the field's page
	Long  bool   // the value is a hash of a longer one
	Users []ruleLink
	More  int // rules that are not among Users
}

// ruleLink is a rule and its page.
type ruleLink struct {
	Title, URL string
	Vendor     rule.Vendor
	Level      rule.Level
}

func (s *site) link(ref catalog.RuleRef) ruleLink {
	title := s.c.Title(ref)
	if title == "" {
		title = s.c.ID(ref)
	}
	if title == "" {
		title = "(no title)"
	}
	return ruleLink{title, s.rules[ref], s.c.Vendor(ref), s.c.Level(ref)}
}

func (s *site) table(title, note string, rows []pages.Row, reach, alone bool) table {
	t := table{Title: title, Note: note, Total: len(rows), Reach: reach, Alone: alone}
	shown := rows[:min(len(rows), maxRows)]
	t.More = len(rows) - len(shown)
	for i := range shown {
		r := rowView{Row: shown[i], URL: fieldURL(shown[i].Field), Long: catalog.IsHash(shown[i].Value)}
		for _, ref := range r.Refs[:min(len(r.Refs), maxUsers)] {
			r.Users = append(r.Users, s.link(ref))
		}
		r.More = len(r.Refs) - len(r.Users)
		t.Rows = append(t.Rows, r)
	}
	return t
}

// ruleList are the rules of one vendor.
type ruleList struct {
	Vendor      rule.Vendor
	Rules       []ruleLink
	Total, More int
}

// ruleLists are rules by vendor.
func (s *site) ruleLists(b pages.ByVendor) []ruleList {
	var out []ruleList
	for _, v := range pages.Vendors(b) {
		l := ruleList{Vendor: v, Total: len(b[v])}
		for _, r := range b[v][:min(len(b[v]), maxRules)] {
			l.Rules = append(l.Rules, s.link(r.Ref))
		}
		l.More = l.Total - len(l.Rules)
		out = append(out, l)
	}
	return out
}

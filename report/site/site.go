// Package site writes the catalog as a folder of static pages: a matrix of
// techniques, and a page for each technique, event, field and rule. The pages
// need no server, ask nothing of the network, and can be read without
// JavaScript, which only adds a search.
//
// What the catalog says was written by strangers. All of it goes through
// html/template, and what would act without being seen is spelled out.
package site

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/report"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// The bounds of a page. What is left out is counted, and the page says which
// command lists it.
const (
	maxRows  = 100 // comparisons in a table
	maxUsers = 20  // rules shown for one of them
	maxRules = 250 // rules of a vendor in a list
)

// marker is the file by which a folder is known to be a site.
const marker = ".detlint-site"

// folders hold the pages, one kind each.
var folders = []string{"techniques", "events", "fields", "rules"}

// ErrOccupied is returned for a folder that has other files in it.
var ErrOccupied = errors.New("the folder is not empty and was not made by detlint catalog site")

// site is a site being written.
type site struct {
	c     *catalog.Catalog
	info  catalog.Info
	dir   string
	pages *template.Template
	rules []string // the page of each rule, by its number
	count int
}

// Write writes the site of a catalog into a folder, which it makes if need be,
// and returns the number of pages. A folder that has something else in it is
// left alone, with ErrOccupied; pages of an earlier site are replaced.
func Write(c *catalog.Catalog, dir string) (int, error) {
	if err := prepare(dir); err != nil {
		return 0, err
	}
	s := &site{c: c, info: c.Info(), dir: dir}
	if err := s.parse(); err != nil {
		return 0, err
	}
	for _, step := range []func() error{s.static, s.matrix, s.techniques, s.events, s.fields, s.rulePages, s.searchIndex} {
		if err := step(); err != nil {
			return s.count, fmt.Errorf("write the site: %w", err)
		}
	}
	return s.count, nil
}

// prepare makes the folder ready: of an earlier site only the pages are
// removed, and only those in its own folders.
func prepare(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		if _, err := os.Lstat(filepath.Join(dir, marker)); err != nil {
			return ErrOccupied
		}
	}
	for _, f := range folders {
		folder := filepath.Join(dir, f)
		if info, err := os.Lstat(folder); err == nil && !info.IsDir() {
			return fmt.Errorf("%w: %s is no folder", ErrOccupied, folder)
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		old, err := filepath.Glob(filepath.Join(folder, "*.html"))
		if err != nil {
			return err
		}
		for _, page := range old {
			if err := os.Remove(page); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(filepath.Join(dir, marker), []byte("made by detlint catalog site, which replaces the pages here\n"), 0o644)
}

func (s *site) parse() error {
	funcs := template.FuncMap{
		"v": plain, "value": shown, "levelClass": levelClass, "number": report.Number,
		"techniqueURL": techniqueURL, "eventURL": eventURL, "fieldURL": fieldURL,
		"tactics": pages.TacticNames,
		"heat":    heat, "args": args, "first": firstRows, "beyond": beyondRows,
		"rules": s.ruleLists,
		"ops":   operators,
		"join":  func(list []string) string { return report.Plain(strings.Join(list, ", ")) },
	}
	t, err := template.New("").Funcs(funcs).ParseFS(templateFiles, "templates/*.html")
	s.pages = t
	return err
}

// view is what a template sees.
type view struct {
	Title string
	Root  string // the way to the top of the site: "" or "../"
	Info  *catalog.Info
	Page  any
}

// page writes one page.
func (s *site) page(name, path, title string, data any) error {
	root := ""
	if strings.Contains(path, "/") {
		root = "../"
	}
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, name, view{title, root, &s.info, data}); err != nil {
		return err
	}
	s.count++
	return s.file(path, b.Bytes())
}

func (s *site) file(path string, data []byte) error {
	return os.WriteFile(filepath.Join(s.dir, filepath.FromSlash(path)), data, 0o644)
}

func (s *site) static() error {
	for _, name := range []string{"style.css", "search.js"} {
		data, err := staticFiles.ReadFile("static/" + name)
		if err != nil {
			return err
		}
		if err := s.file(name, data); err != nil {
			return err
		}
	}
	s.rules = make([]string, s.c.Len())
	taken := map[string]bool{}
	for ref := range s.c.Rules() {
		name := slug(string(s.c.Vendor(ref)) + "-" + s.c.ID(ref))
		if s.c.ID(ref) == "" || taken[name] {
			name = slug(fmt.Sprintf("%s-%s-%d", s.c.Vendor(ref), s.c.ID(ref), ref))
		}
		taken[name] = true
		s.rules[ref] = "rules/" + name + ".html"
	}
	return nil
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/detlint/detlint/config"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/review"
)

// maxBaseline is the largest baseline that is read, in bytes.
const maxBaseline = 64 << 20

// baseline reads the baseline that a flag or the configuration names.
func (f *reviewFlags) baseline(a *app, c *config.Config, o *review.Options) error {
	file := ""
	switch {
	case f.baselineFile != "":
		file, o.BaselinePath = a.path(f.baselineFile), f.baselineFile
	case c != nil && c.Baseline != "":
		file, o.BaselinePath = c.Baseline, displayed(a.dir, c.Baseline)
	case f.writeBaseline:
		return usagef("--write-baseline needs --baseline FILE, or baseline: in the configuration")
	default:
		return nil
	}
	f.baselineAt = file
	if f.writeBaseline {
		return nil
	}
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return usagef("no such baseline: %s; write it with: detlint lint --baseline %s --write-baseline", o.BaselinePath, o.BaselinePath)
	}
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxBaseline) {
		return usagef("%s is no baseline: expected a file of at most %d MiB", o.BaselinePath, maxBaseline>>20)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return usagef("cannot read the baseline: %v", err)
	}
	if o.Baseline, err = lint.ReadBaseline(data); err != nil {
		return usagef("%s is no baseline: %v", o.BaselinePath, err)
	}
	return nil
}

// displayed is a path as people who stand in dir name it.
func displayed(dir, path string) string {
	at, err := filepath.Abs(dir)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(at); err == nil {
		at = real
	}
	if rel, err := filepath.Rel(at, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return path
}

// saveBaseline writes what a run has found to the baseline, and says what
// cannot be in one.
func (f *reviewFlags) saveBaseline(a *app, r *report.Report, name string) error {
	b := lint.NewBaseline(r.Findings)
	var data bytes.Buffer
	if _, err := b.WriteTo(&data); err != nil {
		return err
	}
	if err := writeFile(f.baselineAt, data.Bytes(), 0o644); err != nil {
		return fmt.Errorf("cannot write the baseline: %w", err)
	}
	a.notef("wrote %s to %s", report.Count(b.Len(), "finding"), name)
	var lines []string
	for i := range r.Findings {
		if x := &r.Findings[i]; x.Suppressed == nil && !x.Suppressible() {
			lines = append(lines, report.PlainPath(fmt.Sprintf("%s:%d: %s", x.Path, x.Range.Start.Line, x.Message)))
		}
	}
	if len(lines) > 0 {
		a.tell("detlint: what could not be read cannot be in a baseline:\n  " + strings.Join(lines, "\n  "))
		return errFindings
	}
	return nil
}

// writeFile replaces a file as a whole: after a crash it is the old or the new
// one.
func writeFile(path string, data []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".detlint-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// noteStale says which entries of the baseline are of no use any more.
func (a *app) noteStale(r *report.Report) {
	s := r.Summary.Baseline
	if s == nil || len(s.Stale) == 0 {
		return
	}
	const most = 5
	what := "1 entry of " + s.Path + " is stale: what it stands for is gone"
	if n := len(s.Stale); n > 1 {
		what = report.Number(n) + " entries of " + s.Path + " are stale: what they stand for is gone"
	}
	a.notef("%s; update it with: detlint lint --baseline %s --write-baseline", what, s.Path)
	for i, e := range s.Stale {
		if i == most {
			a.notef("  and %s more", report.Number(len(s.Stale)-most))
			break
		}
		a.notef("  %s", report.Plain(e.Rule+" "+e.Check+" "+e.Value))
	}
}

package report

import (
	"encoding/json"
	"io"
	"reflect"

	"github.com/detlint/detlint/coverage"
)

// JSON writes the report as one object: the interface to other programs. Lists
// are never null.
func JSON(w io.Writer, r *Report, _ Options) error { return writeJSON(w, r) }

// coverageObject is the JSON form of coverage on its own. Its keys are those
// of the whole report.
type coverageObject struct {
	SchemaVersion string           `json:"schema_version"`
	Tool          Tool             `json:"tool"`
	Repository    Repository       `json:"repository"`
	Coverage      *coverage.Report `json:"coverage"`
}

// CoverageJSON writes the coverage of the report as one object.
func CoverageJSON(w io.Writer, r *Report, _ Options) error {
	return writeJSON(w, &coverageObject{
		SchemaVersion: r.SchemaVersion, Tool: r.Tool, Repository: r.Repository, Coverage: r.Coverage,
	})
}

// diffObject is the JSON form of the change in meaning on its own. Its keys are
// those of the whole report.
type diffObject struct {
	SchemaVersion string     `json:"schema_version"`
	Tool          Tool       `json:"tool"`
	Repository    Repository `json:"repository"`
	Summary       Summary    `json:"summary"`
	Rules         []Rule     `json:"rules"`
}

// DiffJSON writes what the change means as one object. Rules that are as they
// were are left out.
func DiffJSON(w io.Writer, r *Report, _ Options) error {
	return writeJSON(w, &diffObject{
		SchemaVersion: r.SchemaVersion, Tool: r.Tool, Repository: r.Repository, Summary: r.Summary, Rules: changedOf(r),
	})
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(filled(reflect.ValueOf(v)).Interface())
}

// filled returns a copy of a value in which nil slices and maps are empty
// ones, since programs should not have to tell [] from null. What is shared is
// not changed.
func filled(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(filled(v.Elem()))
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && holds(v.Field(i).Type()) {
				out.Field(i).Set(filled(v.Field(i)))
			}
		}
		return out
	case reflect.Slice:
		if !v.IsNil() && !holds(v.Type().Elem()) {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(filled(v.Index(i)))
		}
		return out
	case reflect.Map:
		if v.IsNil() {
			return reflect.MakeMap(v.Type())
		}
	}
	return v
}

// holds reports whether values of a type can hold a slice or a map.
func holds(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer:
		return holds(t.Elem())
	case reflect.Slice, reflect.Map:
		return true
	case reflect.Struct:
		for i := range t.NumField() {
			if holds(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

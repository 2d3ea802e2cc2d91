package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/detlint/detlint/coverage"
)

// JSON writes the report as one object: the interface to other programs. Lists
// are never null. Of the coverage it has what the change does and the number of
// rules of each technique; CoverageJSON has all of it.
func JSON(w io.Writer, r *Report, _ Options) error {
	whole := briefReport{Report: *r}
	whole.Report.Coverage = nil // stands for itself below
	if r.Coverage != nil {
		whole.Coverage = brief(r.Coverage)
	}
	return writeJSON(w, &whole)
}

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

// writeJSON writes an object. Its lists are written piece by piece, since a
// report can be larger than what should be in memory twice.
func writeJSON(w io.Writer, object any) error {
	j := newJSONWriter(w)
	j.text("{")
	j.fields("  ", object)
	j.text("\n}\n")
	return j.close()
}

// jsonWriter writes indented JSON in pieces.
type jsonWriter struct {
	out *bufio.Writer
	err error
}

func newJSONWriter(w io.Writer) *jsonWriter { return &jsonWriter{out: bufio.NewWriter(w)} }

func (j *jsonWriter) text(s string) { _, _ = j.out.WriteString(s) }

// fields writes the fields of an object, each in a line of its own that is
// indented by prefix.
func (j *jsonWriter) fields(prefix string, object any) {
	j.fieldsOf(prefix, reflect.Indirect(reflect.ValueOf(object)), "\n")
}

// fieldsOf writes a separator before each field, and returns that for what
// follows.
func (j *jsonWriter) fieldsOf(prefix string, v reflect.Value, separator string) string {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "":
			separator = j.fieldsOf(prefix, v.Field(i), separator)
			continue
		case !field.IsExported(), name == "-", options == "omitempty" && v.Field(i).IsZero():
			continue
		}
		j.text(separator + prefix + `"` + name + `": `)
		separator = ",\n"
		if list := v.Field(i); list.Kind() == reflect.Slice && list.Type().Elem().Kind() == reflect.Struct {
			j.list(prefix, func(yield func(any) bool) {
				for k := range list.Len() {
					if !yield(list.Index(k).Addr().Interface()) {
						return
					}
				}
			})
		} else {
			j.value(prefix, list.Interface())
		}
	}
	return separator
}

// value writes one value; prefix is the indentation of the line it stands in.
func (j *jsonWriter) value(prefix string, v any) { j.write(encode(prefix, v)) }

func (j *jsonWriter) write(text []byte, err error) {
	if err != nil && j.err == nil {
		j.err = err
	}
	_, _ = j.out.Write(text)
}

// encoder has room for one value as JSON.
type encoder struct {
	buf  bytes.Buffer
	json *json.Encoder
}

var encoders = sync.Pool{New: func() any {
	e := &encoder{}
	e.json = json.NewEncoder(&e.buf)
	e.json.SetEscapeHTML(false)
	return e
}}

// encode is a value as indented JSON.
func encode(prefix string, v any) ([]byte, error) {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.buf.Reset()
	e.json.SetIndent(prefix, "  ")
	err := e.json.Encode(filled(reflect.ValueOf(v)).Interface())
	return bytes.Clone(inert(bytes.TrimRight(e.buf.Bytes(), "\n"))), err
}

// batch is how many values of a list are encoded at a time, on all cores.
const batch = 128

// list writes an array.
func (j *jsonWriter) list(prefix string, values iter.Seq[any]) {
	separator := "[\n"
	write := func(some []any) {
		type encoded struct {
			text []byte
			err  error
		}
		out := make([]encoded, len(some))
		var next atomic.Int64
		var done sync.WaitGroup
		for range min(runtime.GOMAXPROCS(0), len(some)) {
			done.Go(func() {
				for i := int(next.Add(1)) - 1; i < len(some); i = int(next.Add(1)) - 1 {
					out[i].text, out[i].err = encode(prefix+"  ", some[i])
				}
			})
		}
		done.Wait()
		for _, one := range out {
			j.text(separator + prefix + "  ")
			j.write(one.text, one.err)
			separator = ",\n"
		}
	}
	var waiting []any
	for v := range values {
		if waiting = append(waiting, v); len(waiting) == batch {
			write(waiting)
			waiting = waiting[:0]
		}
	}
	write(waiting)
	if separator == "[\n" {
		j.text("[]")
		return
	}
	j.text("\n" + prefix + "]")
}

func (j *jsonWriter) close() error {
	if j.err != nil {
		return j.err
	}
	return j.out.Flush()
}

// inert escapes in JSON what a terminal or a CI system would obey, and JSON
// itself lets through. All of it can only stand in strings.
func inert(text []byte) []byte {
	clean := !bytes.Contains(text, []byte("##"))
	for i := 0; clean && i < len(text); {
		if text[i] < 0x7F {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		clean, i = !unseen(r), i+size
	}
	if clean {
		return text
	}
	if bytes.Contains(text, []byte("##")) {
		text = ciCommand.ReplaceAll(text, []byte(`#\u0023$1`))
	}
	out := make([]byte, 0, len(text)+16)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r < 0x7F || !unseen(r):
			out = append(out, text[:size]...)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[size:]
	}
	return out
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

// holding remembers what holds has found, by type.
var holding sync.Map

// holds reports whether values of a type can hold a slice or a map.
func holds(t reflect.Type) bool {
	if known, ok := holding.Load(t); ok {
		return known.(bool)
	}
	found := holdsAny(t)
	holding.Store(t, found)
	return found
}

func holdsAny(t reflect.Type) bool {
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

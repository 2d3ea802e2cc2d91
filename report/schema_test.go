package report

import (
	"bytes"
	"encoding"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// publishedSchema is the schema of the JSON outputs, made of their Go types.
const publishedSchema = "../docs/report.schema.json"

// compileSchema reads a schema; fragment names a part of it, such as
// "#/$defs/report".
func compileSchema(t testing.TB, path, fragment string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	const address = "https://schema.example/schema.json"
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if o, ok := doc.(map[string]any); ok {
		delete(o, "id") // references are within the file
		delete(o, "$id")
	}
	if err := c.AddResource(address, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(address + fragment)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// follows checks an output against a schema.
func follows(t testing.TB, schema *jsonschema.Schema, output string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(output))
	if err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%v", err)
	}
}

// TestPublishedSchema: docs/report.schema.json is made of the Go types.
func TestPublishedSchema(t *testing.T) {
	g := &schemaMaker{definitions: map[string]any{}, docs: map[string]packageDocs{}}
	definitions := map[string]any{
		"report":   g.object(t, reflect.TypeFor[briefReport]()),
		"coverage": g.object(t, reflect.TypeFor[coverageObject]()),
		"diff":     g.object(t, reflect.TypeFor[diffObject]()),
	}
	for name, what := range map[string]string{
		"report": "what detlint lint and detlint ci print", "coverage": "what detlint coverage prints", "diff": "what detlint diff prints",
	} {
		definitions[name].(map[string]any)["description"] = what
	}
	for name, d := range g.definitions {
		definitions[name] = d
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     "https://raw.githubusercontent.com/detlint/detlint/main/docs/report.schema.json",
		"title":   "JSON of detlint lint and ci (report), detlint coverage (coverage) and detlint diff (diff), schema_version " + SchemaVersion,
		"anyOf": []any{
			map[string]any{"$ref": "#/$defs/report"}, map[string]any{"$ref": "#/$defs/coverage"}, map[string]any{"$ref": "#/$defs/diff"},
		},
		"$defs": definitions,
	})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(publishedSchema, out.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(publishedSchema)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(have), "\r\n", "\n"), out.String()); diff != "" {
		t.Errorf("%s is not current, run: make golden\n%s", publishedSchema, diff)
	}
}

// TestSchemas checks the outputs that have a schema against it, for reports of
// several kinds.
func TestSchemas(t *testing.T) {
	clean := sample()
	clean.Findings, clean.Rules, clean.Coverage = nil, nil, nil
	reports := map[string]*Report{
		"sample": sample(), "clean": clean, "without base": withoutBase(), "many": many(40), "empty": {Repository: Repository{Mode: All}},
		"hostile": hostile(nasty, 3, 9), "suppressed": withSuppressed(),
	}
	for _, tt := range []struct {
		name, path, fragment string
		write                func(io.Writer, *Report, Options) error
	}{
		{"json", publishedSchema, "#/$defs/report", JSON},
		{"coverage json", publishedSchema, "#/$defs/coverage", CoverageJSON},
		{"diff json", publishedSchema, "#/$defs/diff", DiffJSON},
		{"sarif", "testdata/schema/sarif-schema-2.1.0.json", "", SARIF},
		{"gitlab", "testdata/schema/gitlab-code-quality.json", "", GitLab},
		{"navigator", "testdata/schema/navigator-layer-4.5.json", "", Navigator},
		{"navigator-delta", "testdata/schema/navigator-layer-4.5.json", "", NavigatorDelta},
		{"navigator-gap", "testdata/schema/navigator-layer-4.5.json", "", NavigatorGap},
	} {
		schema := compileSchema(t, tt.path, tt.fragment)
		for name, r := range reports {
			// What a stranger wrote in the place of a word is no valid report.
			if name == "hostile" && tt.path == publishedSchema {
				continue
			}
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				follows(t, schema, render(t, tt.write, r, Options{
					Files: "https://example.org/blob/main/{path}#L{line}", Repository: "https://example.org/a/b", Scope: "rules/",
				}))
			})
		}
		if err := schema.Validate(map[string]any{"surplus": true}); err == nil {
			t.Errorf("the schema of %s takes anything", tt.name)
		}
	}
}

// schemaMaker makes the JSON schema of Go types, with their comments as
// descriptions.
type schemaMaker struct {
	definitions map[string]any
	docs        map[string]packageDocs // by import path
}

// packageDocs are the comments of a package: of types by "Type", of fields by
// "Type.Field"; and the values of its constants by type.
type packageDocs struct {
	comments map[string]string
	values   map[string][]string
}

// closed are the types whose constants are all the values there are.
var closed = []string{"report.Mode", "lint.State", "meaning.Verdict", "meaning.Role", "rule.Level"}

func (g *schemaMaker) of(t *testing.T, typ reflect.Type) map[string]any {
	if typ.Kind() != reflect.Pointer && typ.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return map[string]any{"enum": []string{"error", "warning", "info"}} // lint.Severity is the only one
	}
	switch typ.Kind() {
	case reflect.Pointer:
		return g.of(t, typ.Elem())
	case reflect.String:
		name := shortName(typ)
		if slices.Contains(closed, name) {
			values := g.read(t, typ.PkgPath()).values[typ.Name()]
			if len(values) < 2 {
				t.Fatalf("%s has the constants %q", name, values)
			}
			return map[string]any{"enum": values}
		}
		return map[string]any{"type": "string"}
	case reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": g.of(t, typ.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": g.of(t, typ.Elem())}
	case reflect.Struct:
		name := shortName(typ)
		if _, ok := g.definitions[name]; !ok {
			g.definitions[name] = nil
			g.definitions[name] = g.object(t, typ)
		}
		return map[string]any{"$ref": "#/$defs/" + name}
	}
	t.Fatalf("%s has no form in JSON", typ)
	return nil
}

func shortName(typ reflect.Type) string {
	return typ.PkgPath()[strings.LastIndexByte(typ.PkgPath(), '/')+1:] + "." + typ.Name()
}

func (g *schemaMaker) object(t *testing.T, typ reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	g.fields(t, typ, false, properties, &required)
	slices.Sort(required)
	out := map[string]any{"type": "object", "additionalProperties": false, "properties": properties, "required": required}
	if text := g.read(t, typ.PkgPath()).comments[typ.Name()]; text != "" {
		out["description"] = text
	}
	return out
}

// fields adds the properties of a struct. Those of one that is embedded by
// pointer may be missing.
func (g *schemaMaker) fields(t *testing.T, typ reflect.Type, optional bool, properties map[string]any, required *[]string) {
	for i := range typ.NumField() {
		field := typ.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" {
			inner := field.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			g.fields(t, inner, optional || field.Type.Kind() == reflect.Pointer, properties, required)
			continue
		}
		if !field.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			t.Fatalf("%s.%s has no name in JSON", typ, field.Name)
		}
		schema := g.of(t, field.Type)
		if field.Type.Kind() == reflect.Pointer && options != "omitempty" {
			schema = map[string]any{"anyOf": []any{schema, map[string]any{"type": "null"}}}
		}
		if text := g.read(t, typ.PkgPath()).comments[typ.Name()+"."+field.Name]; text != "" {
			if rest, ok := strings.CutPrefix(text, field.Name+" "); ok {
				text = name + " " + rest // as readers of JSON know it
			}
			schema["description"] = text
		}
		properties[name] = schema
		if !optional && options != "omitempty" {
			*required = append(*required, name)
		}
	}
}

// read reads the comments and constants of a package of this module.
func (g *schemaMaker) read(t *testing.T, pkg string) packageDocs {
	if docs, ok := g.docs[pkg]; ok {
		return docs
	}
	docs := packageDocs{comments: map[string]string{}, values: map[string][]string{}}
	dir := filepath.Join("..", strings.TrimPrefix(pkg, "github.com/detlint/detlint/"))
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of %s: %v", pkg, err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if group, ok := d.(*ast.GenDecl); ok {
				docs.add(group)
			}
		}
	}
	g.docs[pkg] = docs
	return docs
}

func (d packageDocs) add(group *ast.GenDecl) {
	for _, spec := range group.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			d.comments[s.Name.Name] = commentText(group.Doc, s.Doc)
			if fields, ok := s.Type.(*ast.StructType); ok {
				for _, f := range fields.Fields.List {
					for _, name := range f.Names {
						d.comments[s.Name.Name+"."+name.Name] = commentText(f.Doc, f.Comment)
					}
				}
			}
		case *ast.ValueSpec:
			typ, named := s.Type.(*ast.Ident)
			for _, v := range s.Values {
				if literal, ok := v.(*ast.BasicLit); ok && named && literal.Kind == token.STRING {
					value, _ := strconv.Unquote(literal.Value)
					d.values[typ.Name] = append(d.values[typ.Name], value)
				}
			}
		}
	}
}

// commentText joins comments into one line.
func commentText(groups ...*ast.CommentGroup) string {
	var parts []string
	for _, g := range groups {
		if text := strings.Join(strings.Fields(g.Text()), " "); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}

// TestSARIFPlaces checks what a schema cannot: columns count code points, and
// an end is the place after the last character.
func TestSARIFPlaces(t *testing.T) {
	r := sample()
	var log struct{ Runs []sarifRun }
	if err := json.Unmarshal([]byte(render(t, SARIF, r, Options{})), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if run.ColumnKind != "unicodeCodePoints" {
		t.Errorf("columns are %s", run.ColumnKind)
	}
	for i, result := range run.Results {
		if got := run.Tool.Driver.Rules[result.RuleIndex].ID; got != result.RuleID {
			t.Errorf("result %d: rule %s at the index of %s", i, result.RuleID, got)
		}
		if result.Baseline != "new" && result.Baseline != "unchanged" {
			t.Errorf("result %d: baseline state %q", i, result.Baseline)
		}
	}
	var found bool
	for _, result := range run.Results {
		if result.RuleID == "duplicate-id" {
			at := result.Locations[0].Physical
			line, region := []rune(at.Context.Snippet.Text), at.Region
			if got := string(line[region.StartColumn-1 : region.EndColumn-1]); got != "Aé🦊漢字" {
				t.Errorf("the region is %q", got)
			}
			found = true
		}
	}
	if !found {
		t.Error("no result of duplicate-id")
	}
	large := many(12_000)
	if err := json.Unmarshal([]byte(render(t, SARIF, large, Options{})), &log); err != nil {
		t.Fatal(err)
	}
	run = log.Runs[0]
	if len(run.Results) != maxResults || run.Properties.Omitted != 36_000-maxResults || len(run.Invocations[0].Notifications) != 1 {
		t.Errorf("%d results, %d omitted, said %d times", len(run.Results), run.Properties.Omitted, len(run.Invocations[0].Notifications))
	}
	if run.Results[0].Level != "error" || run.Results[maxResults-1].Level != "note" {
		t.Error("not the most severe results are kept")
	}
}

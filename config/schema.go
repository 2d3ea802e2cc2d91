package config

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/detlint/detlint/lint"
)

// schemaNode is a part of a JSON schema. The order of its fields is the order
// they are written in.
type schemaNode struct {
	Schema      string       `json:"$schema,omitempty"`
	ID          string       `json:"$id,omitempty"`
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	Type        string       `json:"type,omitempty"`
	Enum        []any        `json:"enum,omitempty"`
	Pattern     string       `json:"pattern,omitempty"`
	MinLength   int          `json:"minLength,omitempty"`
	Minimum     *int         `json:"minimum,omitempty"`
	Maximum     *int         `json:"maximum,omitempty"`
	OneOf       []schemaNode `json:"oneOf,omitempty"`
	AnyOf       []schemaNode `json:"anyOf,omitempty"`
	Items       *schemaNode  `json:"items,omitempty"`
	Properties  properties   `json:"properties,omitempty"`
	Additional  *bool        `json:"additionalProperties,omitempty"`
	Required    []string     `json:"required,omitempty"`
}

// properties keep their order in JSON.
type properties []property

type property struct {
	name string
	node schemaNode
}

func (ps properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, p := range ps {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(p.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(p.node)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Schema is the JSON schema of the configuration, for editors.
func Schema() []byte {
	root := object(Keys)
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.ID = "https://raw.githubusercontent.com/detlint/detlint/main/docs/detlint.schema.json"
	root.Title = "Configuration of detlint (.detlint.yml)"
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(root); err != nil {
		panic(err) // nothing in it can fail
	}
	return b.Bytes()
}

func object(keys []Key) schemaNode {
	no := false
	n := schemaNode{Type: "object", Additional: &no}
	for i := range keys {
		k := &keys[i]
		node := k.schema()
		node.Description = plain(k.Doc)
		n.Properties = append(n.Properties, property{k.Name, node})
		if k.Required {
			n.Required = append(n.Required, k.Name)
		}
	}
	return n
}

// plainLinks leaves the words of Markdown links.
func plainLinks(s string) string {
	for {
		from := strings.Index(s, "[")
		middle := strings.Index(s, "](")
		if from < 0 || middle < from {
			return s
		}
		end := strings.Index(s[middle:], ")")
		if end < 0 {
			return s
		}
		s = s[:from] + s[from+1:middle] + s[middle+end+1:]
	}
}

func enum(values []string) schemaNode {
	n := schemaNode{}
	for _, v := range values {
		n.Enum = append(n.Enum, v)
	}
	return n
}

// listOf is a list of something, or a single one.
func listOf(item schemaNode) schemaNode {
	return schemaNode{OneOf: []schemaNode{item, {Type: "array", Items: &item}}}
}

func (k *Key) schema() schemaNode {
	text := schemaNode{Type: "string", MinLength: 1}
	zero := 0
	switch k.Kind {
	case Integer:
		return schemaNode{Type: "integer", Minimum: &zero}
	case Date:
		return schemaNode{Type: "string", Pattern: `^\d{4}-\d{2}-\d{2}$`}
	case Choice:
		return enum(k.Values)
	case Choices:
		return listOf(enum(k.Values))
	case Strings, Patterns, Files:
		return listOf(text)
	case Check:
		n := schemaNode{}
		for _, c := range lint.Suppressible() {
			n.Enum = append(n.Enum, c.ID)
		}
		return n
	case Checks:
		return checksSchema()
	case Mappings:
		item := object(k.Keys)
		return schemaNode{Type: "array", Items: &item}
	}
	return text
}

func checksSchema() schemaNode {
	position := enum(settings)
	position.Enum = append(position.Enum, true, false)
	no := false
	n := schemaNode{Type: "object", Additional: &no}
	for _, c := range lint.Configurable() {
		mapping := schemaNode{Type: "object", Additional: &no, Properties: properties{{"severity", position}}}
		for _, p := range c.Params {
			mapping.Properties = append(mapping.Properties, property{p.Name, schemaNode{
				Description: p.Summary, Type: "integer", Minimum: &p.Min, Maximum: &p.Max,
			}})
		}
		n.Properties = append(n.Properties, property{c.ID, schemaNode{
			Description: c.Summary, AnyOf: []schemaNode{position, mapping},
		}})
	}
	return n
}

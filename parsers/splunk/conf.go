package splunk

import (
	"bytes"
	"path"
	"strings"

	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// Stanza is a section of a .conf file.
type Stanza struct {
	Name     rule.Text
	Span     rule.Span // from its head to the next one's
	Settings []Setting
	defaults *defaults
}

// defaults are the stanzas "default" of a file, whose settings are those of all
// others that do not set them.
type defaults struct {
	settings map[string]*Setting
	// spans are where they stand, of the first few: there is rarely a second.
	spans []rule.Span
}

// Setting is one "key = value". A value that goes on over several lines, with a
// backslash at the end of each, has line breaks in it.
type Setting struct {
	Key, Value rule.Text
	offsets    tree.Offsets
}

// Get returns the last setting of a name, which is the one that counts, or the
// one of the stanza "default", and nil when there is none.
func (s *Stanza) Get(key string) *Setting {
	for i := len(s.Settings) - 1; i >= 0; i-- {
		if s.Settings[i].Key.Value == key {
			return &s.Settings[i]
		}
	}
	if s.defaults != nil {
		return s.defaults.settings[key]
	}
	return nil
}

// IsConf reports whether a file is one of those .conf files that are read.
func IsConf(p string) bool {
	switch strings.ToLower(path.Base(p)) {
	case "savedsearches.conf", "macros.conf", "transforms.conf":
		return true
	}
	return false
}

func (d *defaults) add(s *Stanza) {
	for i := range s.Settings {
		d.settings[s.Settings[i].Key.Value] = &s.Settings[i]
	}
	if len(d.spans) < 8 {
		d.spans = append(d.spans, s.Span)
	}
}

// isLocal reports whether a file is one of those in which the users of an app
// change settings: its stanzas have only what differs from the app's own.
func isLocal(p string) bool { return path.Base(path.Dir(p)) == "local" }

// ConfWaits reports whether a .conf file has rules, which are read with the
// macros of the repository at hand.
func ConfWaits(p string) bool { return strings.EqualFold(path.Base(p), "savedsearches.conf") }

// ParseConf reads the rules or definitions of a .conf file. One that has none
// is not Recognized.
func ParseConf(src *rule.Source, library *rule.Library) *rule.File {
	f := &rule.File{Source: src}
	if _, ok := tree.UTF16(src.Data); ok {
		f.Recognized = true
		f.Problems = []rule.Problem{{Message: tree.NotUTF8, RuleIndex: -1}}
		return f
	}
	stanzas := parseConf(f)
	common := &defaults{settings: map[string]*Setting{}}
	for i := range stanzas {
		if s := &stanzas[i]; s.Name.Value == "default" {
			common.add(s)
		}
	}
	for i := range stanzas {
		s := &stanzas[i]
		if s.Name.Value == "default" {
			continue
		}
		s.defaults = common
		switch strings.ToLower(path.Base(src.Path)) {
		case "savedsearches.conf":
			savedSearch(f, s, library)
		case "macros.conf":
			macroStanza(f, s)
		case "transforms.conf":
			lookupStanza(f, s)
		}
	}
	f.Recognized = len(f.Rules)+len(f.Definitions)+len(f.Problems) > 0
	return f
}

// parseConf splits a file into its stanzas and settings.
func parseConf(f *rule.File) []Stanza {
	var out []Stanza
	data := f.Source.Data
	problem := func(sp rule.Span, message string) {
		f.Problems = append(f.Problems, rule.Problem{Span: sp, Message: message, RuleIndex: -1})
	}
	pos := 0
	if bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")) {
		pos = 3
	}
	for pos < len(data) {
		start := pos
		end, next := lineEnd(data, pos)
		pos = next
		line := f.Source.Trimmed(rule.Span{Start: int32(start), End: int32(end)})
		text := string(data[line.Start:line.End])
		switch {
		case text == "" || text[0] == '#' || text[0] == ';':
			continue
		case text[0] == '[':
			name := strings.TrimSuffix(text[1:], "]")
			if !strings.HasSuffix(text, "]") {
				problem(line, `the head of a stanza is not closed, expected "]"`)
			}
			if len(out) > 0 {
				out[len(out)-1].Span.End = line.Start
			}
			out = append(out, Stanza{
				Name: rule.Text{Value: name, Span: line}, Span: rule.Span{Start: line.Start, End: int32(len(data))},
			})
			continue
		}
		equals := bytes.IndexByte(data[start:end], '=')
		if equals < 0 {
			problem(line, `unexpected line, expected "key = value" or a stanza in brackets`)
			continue
		}
		var s Setting
		key := f.Source.Trimmed(rule.Span{Start: int32(start), End: int32(start + equals)})
		s.Key = rule.Text{Value: string(data[key.Start:key.End]), Span: key}
		pos = s.read(data, start+equals+1)
		if len(out) == 0 {
			out = append(out, Stanza{Name: rule.Text{Value: "default"}})
		}
		last := &out[len(out)-1]
		last.Settings = append(last.Settings, s)
	}
	return out
}

// ConfValues are the values of all settings of a .conf file, in order, with the
// lines that they go on over. A # in them is a character as any other: a comment
// has a line of its own, on which no value goes on.
func ConfValues(src *rule.Source) []rule.Span {
	var out []rule.Span
	for _, s := range parseConf(&rule.File{Source: src}) {
		for i := range s.Settings {
			out = append(out, s.Settings[i].Value.Span)
		}
	}
	return out
}

// lineEnd returns where the text of a line ends and where the next one begins.
func lineEnd(data []byte, pos int) (end, next int) {
	n := bytes.IndexByte(data[pos:], '\n')
	if n < 0 {
		return len(data), len(data)
	}
	end, next = pos+n, pos+n+1
	if end > pos && data[end-1] == '\r' {
		end--
	}
	return end, next
}

// read reads a value, and returns where the next line begins.
func (s *Setting) read(data []byte, pos int) int {
	var b strings.Builder
	for first := true; ; first = false {
		end, next := lineEnd(data, pos)
		start := pos
		for first && start < end && (data[start] == ' ' || data[start] == '\t') {
			start++
		}
		goesOn := end > start && data[end-1] == '\\' && next < len(data)
		stop := end
		if goesOn {
			stop--
		}
		if first {
			s.Value.Span.Start = int32(start)
		}
		s.offsets.Segments = append(s.offsets.Segments, tree.Segment{At: int32(b.Len()), Source: int32(start), Run: int32(stop - start)})
		b.Write(data[start:stop])
		s.Value.Span.End = int32(stop)
		if !goesOn {
			break
		}
		s.offsets.Segments = append(s.offsets.Segments, tree.Segment{At: int32(b.Len()), Source: int32(stop)})
		b.WriteByte('\n')
		pos = next
	}
	_, next := lineEnd(data, int(s.Value.Span.End))
	s.Value.Value = strings.TrimRight(b.String(), " \t")
	s.offsets.Start, s.offsets.End = s.Value.Span.Start, s.Value.Span.End
	return next
}

func macroStanza(f *rule.File, s *Stanza) {
	definition := s.Get("definition")
	if definition == nil {
		f.Problems = append(f.Problems, rule.Problem{Span: s.Name.Span, Message: "the macro has no definition", RuleIndex: -1, Warning: true})
		return
	}
	d := addDefinition(f, s.Name.Span, rule.Macro, strings.ReplaceAll(s.Name.Value, " ", ""))
	d.Text = definition.Value.Value
	if eval := s.Get("iseval"); eval != nil {
		d.Opaque = spl.IsTrue(eval.Value.Value)
	}
	if args := s.Get("args"); args != nil && args.Value.Value != "" {
		for _, arg := range strings.Split(args.Value.Value, ",") {
			d.Arguments = append(d.Arguments, strings.TrimSpace(arg))
		}
	}
}

// lookupStanza reads a stanza of transforms.conf; those that are no lookups
// transform fields.
func lookupStanza(f *rule.File, s *Stanza) {
	file, collection, external := s.Get("filename"), s.Get("collection"), s.Get("external_cmd")
	if file == nil && collection == nil && external == nil {
		return
	}
	d := addDefinition(f, s.Name.Span, rule.Lookup, s.Name.Value)
	if file != nil {
		d.Files = []string{"../lookups/" + file.Value.Value}
	}
	if list := s.Get("fields_list"); list != nil {
		for _, column := range strings.Split(list.Value.Value, ",") {
			d.Columns = append(d.Columns, strings.Trim(strings.TrimSpace(column), `"`))
		}
	}
}

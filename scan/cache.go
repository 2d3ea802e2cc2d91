package scan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Cache keeps what files hold by the hash of their content. It is one file
// that may be deleted at any time; a file that another build of detlint wrote,
// or that is damaged, is ignored and written anew. A nil Cache keeps nothing.
type Cache struct {
	path   string
	header []byte
	data   string                     // the file as it was opened
	index  map[changes.Hash][2]uint32 // where in data an entry stands
	added  map[changes.Hash][]byte    // entries of this run
	used   map[changes.Hash]struct{}  // entries of the file that this run asked for
}

// cacheFormat changes with the encoding of entries.
const cacheFormat = "detlint-summaries 9\n"

// usualEntry is about how many bytes an entry has.
const usualEntry = 400

// maxCache bounds a cache file, in bytes; the caches of the largest public
// rule repositories have one or two million.
const maxCache = 64 << 20

// OpenCache opens the cache file with the given name, or begins one. build
// must differ between builds of the program that read rules differently.
func OpenCache(path, build string) *Cache {
	c := &Cache{
		path:   path,
		header: fmt.Appendf(nil, "%s%s\n", cacheFormat, build),
		index:  map[changes.Hash][2]uint32{},
		added:  map[changes.Hash][]byte{},
		used:   map[changes.Hash]struct{}{},
	}
	if path == "" {
		return c
	}
	if info, err := os.Stat(path); err != nil || info.Size() > maxCache {
		return c
	}
	data, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(data, c.header) {
		return c
	}
	c.index = make(map[changes.Hash][2]uint32, len(data)/usualEntry)
	c.used = make(map[changes.Hash]struct{}, len(data)/usualEntry)
	body := data[len(c.header):]
	if len(body) < checkSize || binary.LittleEndian.Uint32(body) != crc32.ChecksumIEEE(body[checkSize:]) {
		return c
	}
	for at := len(c.header) + checkSize; at+entryHeader <= len(data); {
		var h changes.Hash
		copy(h[:], data[at:])
		size := int(binary.LittleEndian.Uint32(data[at+len(h):]))
		at += entryHeader
		if size < 0 || size > len(data)-at {
			break
		}
		c.index[h] = [2]uint32{uint32(at), uint32(at + size)}
		at += size
	}
	c.data = string(data)
	return c
}

// After the header stands a checksum of the rest. Before each entry stand a
// hash and the size of what follows.
const (
	checkSize   = 4
	entryHeader = len(changes.Hash{}) + 4
)

// get fills in what the cache knows of a file, which has path and hash.
func (c *Cache) get(f *File) bool {
	if c == nil || f.Hash.IsZero() {
		return false
	}
	if entry, ok := c.added[f.Hash]; ok {
		return decode(string(entry), f)
	}
	at, ok := c.index[f.Hash]
	if !ok {
		return false
	}
	if !decode(c.data[at[0]:at[1]], f) {
		return false
	}
	c.used[f.Hash] = struct{}{}
	return true
}

// put remembers a file. What could not be read is not remembered.
func (c *Cache) put(f *File) {
	if c == nil || f.Hash.IsZero() || f.Unreadable != "" {
		return
	}
	if _, ok := c.added[f.Hash]; !ok {
		c.added[f.Hash] = encode(f)
	}
}

// Save writes the cache if the run has added to it. Entries that the run had
// no use for are kept as long as they are not the greater part.
func (c *Cache) Save() error {
	if c == nil || c.path == "" || len(c.added) == 0 {
		return nil
	}
	keepAll := len(c.index) <= 4*(len(c.used)+len(c.added))
	out := binary.LittleEndian.AppendUint32(bytes.Clone(c.header), 0)
	add := func(h changes.Hash, entry string) {
		out = append(out, h[:]...)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(entry)))
		out = append(out, entry...)
	}
	for h, at := range c.index {
		if _, used := c.used[h]; used || keepAll {
			add(h, c.data[at[0]:at[1]])
		}
	}
	for h, entry := range c.added {
		add(h, string(entry))
	}
	if len(out) > maxCache {
		return nil
	}
	body := out[len(c.header):]
	binary.LittleEndian.PutUint32(body, crc32.ChecksumIEEE(body[checkSize:]))
	return writeFile(c.path, out)
}

// writeFile replaces a file as a whole, so that a reader never sees a part.
func writeFile(path string, data []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("cannot create the cache: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return fmt.Errorf("cannot write the cache: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("cannot write the cache: %w", err), os.Remove(tmp.Name()))
		}
	}()
	if _, err := tmp.Write(data); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// encoder writes the fields of an entry one after the other.
type encoder struct{ buf []byte }

func (e *encoder) int(n int) { e.buf = binary.AppendUvarint(e.buf, uint64(n)) }

func (e *encoder) string(s string) {
	e.int(len(s))
	e.buf = append(e.buf, s...)
}

func (e *encoder) strings(list []string) {
	e.int(len(list))
	for _, s := range list {
		e.string(s)
	}
}

func (e *encoder) bool(b bool) {
	if b {
		e.int(1)
	} else {
		e.int(0)
	}
}

func (e *encoder) rng(r rule.Range) {
	for _, p := range []rule.Position{r.Start, r.End} {
		e.int(p.Line)
		e.int(p.Column)
		e.int(p.Offset)
	}
}

func (e *encoder) use(u rule.Use) {
	e.string(string(u.Kind))
	e.string(u.Name)
}

func (e *encoder) located(l normalize.Located) {
	e.string(l.Value)
	e.rng(l.Range)
}

func encode(f *File) []byte {
	e := &encoder{}
	e.bool(f.Recognized)
	e.int(f.Broken)
	e.int(len(f.Rules))
	for i := range f.Rules {
		r := &f.Rules[i]
		e.int(r.Index)
		e.located(r.ID)
		e.located(r.Title)
		e.rng(r.Range)
		for _, s := range []string{
			r.Name, string(r.Vendor), string(r.Language), string(r.Kind), string(r.Level), r.Status, r.Content,
		} {
			e.string(s)
		}
		e.strings(r.Techniques)
		e.strings(r.Tactics)
		e.strings(r.Platforms)
		e.bool(r.Disabled)
		e.bool(r.Broken)
		e.int(len(r.Events))
		for _, event := range r.Events {
			e.string(event.Provider)
			e.string(event.Event)
		}
		for _, s := range []string{r.Logsource.Category, r.Logsource.Product, r.Logsource.Service, r.Logic} {
			e.string(s)
		}
		e.bool(r.EveryRule)
		e.int(len(r.RuleReferences))
		for _, ref := range r.RuleReferences {
			e.located(ref)
		}
		e.int(len(r.Related))
		for _, rel := range r.Related {
			e.string(rel.ID)
			e.string(rel.Type)
		}
		e.string(string(r.Sketch))
		e.int(len(r.Uses))
		for _, use := range r.Uses {
			e.use(use)
		}
		e.string(r.Context)
	}
	e.int(len(f.Definitions))
	for i := range f.Definitions {
		d := &f.Definitions[i]
		e.use(d.Use)
		e.strings(d.Arguments)
		e.string(d.Text)
		e.bool(d.Opaque)
		e.strings(d.Columns)
		e.int(d.Line)
		e.strings(d.Files)
		e.int(len(d.Uses))
		for _, use := range d.Uses {
			e.use(use)
		}
	}
	return e.buf
}

// decoder reads what an encoder wrote. After the first thing that cannot be
// read, bad stays set and everything else is empty.
type decoder struct {
	text string
	bad  bool
}

func (d *decoder) int() int {
	var n uint64
	for i, shift := 0, 0; i < len(d.text) && shift < 35; i, shift = i+1, shift+7 {
		b := d.text[i]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			d.text = d.text[i+1:]
			return int(n)
		}
	}
	d.bad, d.text = true, ""
	return 0
}

func (d *decoder) string() string {
	n := d.int()
	if n > len(d.text) {
		d.bad, d.text = true, ""
		return ""
	}
	s := d.text[:n]
	d.text = d.text[n:]
	return s
}

// count reads the length of a list of things of at least one byte each.
func (d *decoder) count() int {
	n := d.int()
	if n > len(d.text) {
		d.bad, d.text = true, ""
		return 0
	}
	return n
}

func (d *decoder) strings() []string {
	n := d.count()
	list := make([]string, n)
	for i := range list {
		list[i] = d.string()
	}
	return list
}

func (d *decoder) position() rule.Position {
	return rule.Position{Line: d.int(), Column: d.int(), Offset: d.int()}
}

func (d *decoder) rng() rule.Range { return rule.Range{Start: d.position(), End: d.position()} }

func (d *decoder) use() rule.Use {
	return rule.Use{Kind: rule.DefinitionKind(d.string()), Name: d.string()}
}

func (d *decoder) located() normalize.Located {
	return normalize.Located{Value: d.string(), Range: d.rng()}
}

func decode(entry string, f *File) bool {
	d := &decoder{text: entry}
	f.Recognized = d.int() == 1
	f.Broken = d.int()
	n := d.count()
	f.Rules = make([]normalize.Summary, 0, n)
	for range n {
		r := normalize.Summary{Path: f.Path, Index: d.int(), ID: d.located(), Title: d.located(), Range: d.rng()}
		r.Name = d.string()
		r.Vendor, r.Language, r.Kind = rule.Vendor(d.string()), rule.Language(d.string()), rule.Kind(d.string())
		r.Level, r.Status, r.Content = rule.Level(d.string()), d.string(), d.string()
		// The same content is in use in one folder and retired in another.
		r.Retired = normalize.Retired(r.Status, f.Path)
		r.Techniques, r.Tactics, r.Platforms = d.strings(), d.strings(), d.strings()
		r.Disabled, r.Broken = d.int() == 1, d.int() == 1
		events := d.count()
		for range events {
			r.Events = append(r.Events, normalize.Event{Provider: d.string(), Event: d.string()})
		}
		r.Logsource = normalize.Logsource{Category: d.string(), Product: d.string(), Service: d.string()}
		r.Logic, r.EveryRule = d.string(), d.int() == 1
		references := d.count()
		for range references {
			r.RuleReferences = append(r.RuleReferences, d.located())
		}
		related := d.count()
		for range related {
			r.Related = append(r.Related, normalize.Relation{ID: d.string(), Type: d.string()})
		}
		r.Sketch = normalize.Sketch(d.string())
		uses := d.count()
		for range uses {
			r.Uses = append(r.Uses, d.use())
		}
		r.Context = d.string()
		f.Rules = append(f.Rules, r)
	}
	definitions := d.count()
	for range definitions {
		f.Definitions = append(f.Definitions, rule.Definition{
			Use: d.use(), Arguments: d.strings(), Text: d.string(), Opaque: d.int() == 1, Columns: d.strings(),
			Path: f.Path, Line: d.int(), Files: d.strings(),
		})
		of := &f.Definitions[len(f.Definitions)-1]
		for range d.count() {
			of.Uses = append(of.Uses, d.use())
		}
	}
	return !d.bad
}

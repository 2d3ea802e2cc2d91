package catalog

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encoder lays sorted rules out as a file.
type encoder struct {
	date    string
	sources []Source
	rules   []Rule

	strings []string
	number  map[string]uint32
	rows    []normalize.Key
	row     map[normalize.Key]uint32
	written map[normalize.Key]writing
	events  []normalize.Event
	event   map[normalize.Event]uint32

	sections [sectionCount][]byte
}

func newEncoder(date string, sources []Source, rules []Rule) *encoder {
	return &encoder{
		date: date, sources: sources, rules: rules,
		number: map[string]uint32{}, row: map[normalize.Key]uint32{}, written: map[normalize.Key]writing{}, event: map[normalize.Event]uint32{},
	}
}

func (e *encoder) encode() ([]byte, error) {
	e.collect()
	e.writeStrings()
	e.writeSources()
	e.writeRules()
	e.writeIndexes()

	size := uint64(headerSize)
	for _, s := range e.sections {
		size += uint64(len(s))
	}
	if size > math.MaxUint32 {
		return nil, fmt.Errorf("it would take %d bytes, the format ends at %d", size, uint32(math.MaxUint32))
	}
	out := make([]byte, 0, size)
	out = append(out, magic...)
	out = word(out, FormatVersion)
	out = word(out, 0) // the checksum, when the rest is known
	out = word(out, uint32(size))
	out = word(out, sectionCount)
	offset := uint32(headerSize)
	for _, s := range e.sections {
		out = word(word(out, offset), uint32(len(s)))
		offset += uint32(len(s))
	}
	for _, s := range e.sections {
		out = append(out, s...)
	}
	binary.LittleEndian.PutUint32(out[12:], crc32.Checksum(out[16:], castagnoli))
	return out, nil
}

func word(b []byte, w uint32) []byte { return binary.LittleEndian.AppendUint32(b, w) }

// collect gives every string, event and comparison its number.
func (e *encoder) collect() {
	add := func(list ...string) {
		for _, s := range list {
			e.number[s] = 0
		}
	}
	key := func(k normalize.Key) {
		if _, ok := e.row[k]; !ok {
			e.row[k] = 0
			add(k.Field, string(k.Operator), k.Value)
		}
	}
	add("", e.date, attack.Version)
	for _, s := range e.sources {
		add(s.Name, string(s.Vendor), s.Commit, s.Date, s.License, s.URL)
	}
	for i := range e.rules {
		r := &e.rules[i]
		add(string(r.Vendor), string(r.Language), r.ID, strings.ToLower(r.ID), r.Title, r.Path, string(r.Level), r.Category, r.Content)
		add(r.Techniques...)
		add(r.Tactics...)
		for _, event := range r.Events {
			e.event[event] = 0
			add(event.Provider, event.Event)
		}
		for _, k := range r.Indicators {
			key(k)
		}
		for _, clause := range r.Exclusions {
			for _, k := range clause {
				key(k)
			}
		}
	}
	for i := range e.rules {
		for _, s := range e.rules[i].Spellings {
			if _, ok := e.row[s.Key]; !ok {
				continue
			}
			if e.written[s.Key] == nil {
				e.written[s.Key] = writing{}
			}
			e.written[s.Key].note(s)
		}
	}
	for _, w := range e.written {
		text, _ := w.usual()
		add(text)
	}
	e.strings = slices.Sorted(maps.Keys(e.number))
	for i, s := range e.strings {
		e.number[s] = uint32(i)
	}
	e.events = slices.SortedFunc(maps.Keys(e.event), compareEvents)
	for i, event := range e.events {
		e.event[event] = uint32(i)
	}
	e.rows = slices.SortedFunc(maps.Keys(e.row), compareKeys)
	for i, k := range e.rows {
		e.row[k] = uint32(i)
	}
}

func (e *encoder) writeStrings() {
	var text, offsets []byte
	for _, s := range e.strings {
		// Text beyond what an offset can hold makes encode fail.
		offsets = word(offsets, uint32(len(text)))
		text = append(text, s...)
	}
	e.sections[secText] = text
	e.sections[secStrings] = word(offsets, uint32(len(text)))
}

func (e *encoder) writeSources() {
	var out []byte
	for _, s := range e.sources {
		for _, text := range []string{s.Name, string(s.Vendor), s.Commit, s.Date, s.License, s.URL} {
			out = word(out, e.number[text])
		}
		out = word(out, uint32(s.Rules))
	}
	e.sections[secSources] = out
}

func (e *encoder) writeRules() {
	var out, lists []byte
	texts := func(list []string) {
		lists = word(lists, uint32(len(list)))
		for _, s := range list {
			lists = word(lists, e.number[s])
		}
	}
	keys := func(list []normalize.Key) {
		lists = word(lists, uint32(len(list)))
		for _, k := range list {
			lists = word(lists, e.row[k])
		}
	}
	for i := range e.rules {
		r := &e.rules[i]
		var rec [ruleWords]uint32
		rec[ruleSource], rec[ruleIndex], rec[ruleLists] = uint32(r.Source), uint32(r.Index), uint32(len(lists)/wordSize)
		for at, text := range map[int]string{
			ruleVendor: string(r.Vendor), ruleLanguage: string(r.Language), ruleID: r.ID, ruleTitle: r.Title, rulePath: r.Path,
			ruleLevel: string(r.Level), ruleCategory: r.Category, ruleContent: r.Content,
		} {
			rec[at] = e.number[text]
		}
		for _, w := range rec {
			out = word(out, w)
		}
		texts(r.Techniques)
		texts(r.Tactics)
		lists = word(lists, uint32(len(r.Events)))
		for _, event := range r.Events {
			lists = word(lists, e.event[event])
		}
		keys(r.Indicators)
		lists = word(lists, uint32(len(r.Exclusions)))
		for _, clause := range r.Exclusions {
			keys(clause)
		}
	}
	e.sections[secRules], e.sections[secLists] = out, lists
}

// writeIndexes writes the rows and all other ways to find rules, with their
// postings.
func (e *encoder) writeIndexes() {
	indicators, exclusions := make([][]uint32, len(e.rows)), make([][]uint32, len(e.rows))
	events := make([][]uint32, len(e.events))
	techniques, ids, contents := map[uint32][]uint32{}, map[uint32][]uint32{}, map[uint32][]uint32{}
	uses := 0
	for i := range e.rules {
		r, ref := &e.rules[i], uint32(i)
		for _, k := range r.Indicators {
			uses += post(&indicators[e.row[k]], ref)
		}
		for _, clause := range r.Exclusions {
			for _, k := range clause {
				uses += post(&exclusions[e.row[k]], ref)
			}
		}
		for _, event := range r.Events {
			post(&events[e.event[event]], ref)
		}
		for _, id := range r.Techniques {
			n := e.number[id]
			techniques[n] = append(techniques[n], ref)
		}
		if r.ID != "" {
			n := e.number[strings.ToLower(r.ID)]
			ids[n] = append(ids[n], ref)
		}
		if r.Content != "" {
			n := e.number[r.Content]
			contents[n] = append(contents[n], ref)
		}
	}
	var out []byte
	for i, k := range e.rows {
		out = word(word(word(out, e.number[k.Field]), e.number[string(k.Operator)]), e.number[k.Value])
		out = word(e.postings(e.postings(out, indicators[i]), exclusions[i]), e.spelling(k))
	}
	e.sections[secRows] = out
	e.sections[secTechniques] = e.index(techniques)
	e.sections[secIDs] = e.index(ids)
	e.sections[secContents] = e.index(contents)
	out = nil
	for i, event := range e.events {
		out = word(word(out, e.number[event.Provider]), e.number[event.Event])
		out = e.postings(out, events[i])
	}
	e.sections[secEvents] = out
	e.sections[secInfo] = word(word(word(nil, e.number[e.date]), e.number[attack.Version]), uint32(uses))
}

// spelling is how the value of a row is written, as its record has it.
func (e *encoder) spelling(k normalize.Key) uint32 {
	w := e.written[k]
	if w == nil {
		return 0
	}
	text, cased := w.usual()
	n := e.number[text] << 1
	if cased {
		n |= 1
	}
	return n
}

// post adds a rule to a list once. Rules come in ascending order.
func post(list *[]uint32, ref uint32) int {
	if n := len(*list); n > 0 && (*list)[n-1] == ref {
		return 0
	}
	*list = append(*list, ref)
	return 1
}

// postings adds a list to the pool and its place to a record.
func (e *encoder) postings(record []byte, list []uint32) []byte {
	pool := e.sections[secPostings]
	start := uint32(len(pool) / wordSize)
	for _, ref := range list {
		pool = word(pool, ref)
	}
	e.sections[secPostings] = pool
	return word(word(record, start), uint32(len(list)))
}

func (e *encoder) index(lists map[uint32][]uint32) []byte {
	var out []byte
	for _, n := range slices.Sorted(maps.Keys(lists)) {
		out = e.postings(word(out, n), lists[n])
	}
	return out
}

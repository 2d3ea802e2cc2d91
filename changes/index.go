package changes

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"sort"
	"strings"
)

// indexEntry is one line of git's index, the list of what is staged.
//
// The file is read here because go-git refuses indexes with extensions it does
// not know, split and sparse ones among them, and because this is what every
// run starts with.
type indexEntry struct {
	path     string
	hash     Hash
	mode     uint32
	sec      uint32 // modification time when git last looked
	nsec     uint32 // 0 where git does not record it
	size     uint32 // modulo 2^32; 0 when git could not trust the time
	stage    uint8  // 1 to 3 are the sides of a conflict
	assume   bool   // git was told not to look at the file
	skipTree bool   // not wanted in this work tree (sparse checkout)
	intent   bool   // git add --intent-to-add: the path is tracked, the content is not
}

// indexFile is a decoded index.
type indexFile struct {
	entries []indexEntry
	shared  Hash   // of the index this one is split from; zero if whole
	deleted bitmap // of the shared index's entries
	changed bitmap // of the shared index's entries: replaced by nameless entries, in order
}

// Flags of an entry.
const (
	flagAssume   = 1 << 15
	flagExtended = 1 << 14
	flagNameMask = 0xfff
	flagSkip     = 1 << 14 // in the extended flags
	flagIntent   = 1 << 13
)

const (
	indexHeader = 12
	statSize    = 40 // up to the hash
)

func corruptIndex(why string) error { return &CorruptError{What: "the index", Why: why} }

// decodeIndex reads an index of version 2, 3 or 4.
func decodeIndex(data []byte) (*indexFile, error) {
	if len(data) < indexHeader+hashSize || string(data[:4]) != "DIRC" {
		return nil, corruptIndex("it is truncated")
	}
	version := binary.BigEndian.Uint32(data[4:])
	if version < 2 || version > 4 {
		return nil, &UnsupportedError{Feature: "index version", Value: fmt.Sprint(version)}
	}
	body, sum := data[:len(data)-hashSize], Hash(data[len(data)-hashSize:])
	// index.skipHash leaves the checksum out.
	if !sum.IsZero() && Hash(sha1.Sum(body)) != sum {
		return nil, corruptIndex("its checksum does not agree")
	}
	count := binary.BigEndian.Uint32(data[8:])
	d := indexDecoder{version: version, rest: body[indexHeader:], at: indexHeader}
	if int64(count)*(statSize+int64(hashSize)+3) > int64(len(body)) {
		return nil, corruptIndex("it is truncated")
	}
	idx := &indexFile{entries: make([]indexEntry, 0, count)}
	for range count {
		e, err := d.entry()
		if err != nil {
			return nil, err
		}
		idx.entries = append(idx.entries, e)
	}
	if err := idx.extensions(d.rest); err != nil {
		return nil, err
	}
	for _, e := range idx.entries {
		if e.path == "" && !idx.shared.IsZero() {
			continue // replaces an entry of the shared index, has its name there
		}
		if err := validPath(strings.TrimSuffix(e.path, "/")); err != nil {
			return nil, corruptIndex(fmt.Sprintf("the path %q %v", e.path, err))
		}
	}
	return idx, nil
}

type indexDecoder struct {
	version uint32
	rest    []byte
	at      int    // offset of rest in the file
	last    []byte // path before, for version 4
}

func (d *indexDecoder) skip(n int) {
	d.rest = d.rest[n:]
	d.at += n
}

func (d *indexDecoder) entry() (indexEntry, error) {
	truncated := func() (indexEntry, error) { return indexEntry{}, corruptIndex("it is truncated") }
	start := d.at
	if len(d.rest) < statSize+hashSize+2 {
		return truncated()
	}
	b := d.rest
	e := indexEntry{
		sec:  binary.BigEndian.Uint32(b[8:]),
		nsec: binary.BigEndian.Uint32(b[12:]),
		mode: binary.BigEndian.Uint32(b[24:]),
		size: binary.BigEndian.Uint32(b[36:]),
		hash: Hash(b[statSize : statSize+hashSize]),
	}
	flags := binary.BigEndian.Uint16(b[statSize+hashSize:])
	e.assume = flags&flagAssume != 0
	e.stage = uint8(flags >> 12 & 3)
	d.skip(statSize + hashSize + 2)
	if flags&flagExtended != 0 {
		if d.version < 3 || len(d.rest) < 2 {
			return truncated()
		}
		more := binary.BigEndian.Uint16(d.rest)
		e.skipTree, e.intent = more&flagSkip != 0, more&flagIntent != 0
		d.skip(2)
	}
	if d.version == 4 {
		strip, n := offsetVarint(d.rest)
		if n <= 0 || strip > len(d.last) {
			return indexEntry{}, corruptIndex("a path is shorter than it says")
		}
		d.skip(n)
		end := bytes.IndexByte(d.rest, 0)
		if end < 0 {
			return truncated()
		}
		path := string(d.last[:len(d.last)-strip]) + string(d.rest[:end])
		d.last = []byte(path)
		e.path = path
		d.skip(end + 1)
		return e, nil
	}
	end := bytes.IndexByte(d.rest, 0)
	if n := int(flags & flagNameMask); n < flagNameMask {
		end = n // a longer name does not fit and ends at the null byte
	}
	if end < 0 || end >= len(d.rest) {
		return truncated()
	}
	e.path = string(d.rest[:end])
	d.skip(end)
	pad := 8 - (d.at-start)%8 // one to eight null bytes
	if len(d.rest) < pad {
		return truncated()
	}
	d.skip(pad)
	return e, nil
}

// offsetVarint reads a number as in version 4 paths and pack offsets.
func offsetVarint(b []byte) (v, n int) {
	for n < len(b) && n < 5 {
		c := b[n]
		n++
		v = v<<7 | int(c&0x7f)
		if c&0x80 == 0 {
			return v, n
		}
		v++
	}
	return 0, 0
}

// extensions reads what follows the entries. A name that starts with a capital
// letter may be skipped; of the others, which change what the entries mean,
// "link" (a split index) and "sdir" (entries may be whole folders) are known.
func (idx *indexFile) extensions(b []byte) error {
	for len(b) > 0 {
		if len(b) < 8 {
			return corruptIndex("an extension is truncated")
		}
		name, size := string(b[:4]), int64(binary.BigEndian.Uint32(b[4:]))
		b = b[8:]
		if size > int64(len(b)) {
			return corruptIndex("an extension is truncated")
		}
		body := b[:size]
		b = b[size:]
		switch {
		case name == "link":
			if err := idx.link(body); err != nil {
				return err
			}
		case name == "sdir", name[0] >= 'A' && name[0] <= 'Z':
		default:
			return &UnsupportedError{Feature: "index extension", Value: name}
		}
	}
	return nil
}

// link reads what a split index says about the shared one.
func (idx *indexFile) link(b []byte) error {
	if len(b) < hashSize {
		return corruptIndex("its link is truncated")
	}
	idx.shared = Hash(b[:hashSize])
	b = b[hashSize:]
	if len(b) == 0 {
		return nil
	}
	var err error
	if idx.deleted, b, err = decodeBitmap(b); err != nil {
		return err
	}
	idx.changed, _, err = decodeBitmap(b)
	return err
}

// merge applies a split index to the shared one.
func (idx *indexFile) merge(shared *indexFile) ([]indexEntry, error) {
	if !shared.shared.IsZero() {
		return nil, corruptIndex("its shared index is split itself")
	}
	if idx.deleted.max >= len(shared.entries) || idx.changed.max >= len(shared.entries) {
		return nil, corruptIndex("its link has more entries than the shared index")
	}
	own := idx.entries
	out := make([]indexEntry, 0, len(shared.entries)+len(own))
	for i, e := range shared.entries {
		if idx.changed.has(i) {
			if len(own) == 0 || own[0].path != "" {
				return nil, corruptIndex("its link misses an entry")
			}
			path := e.path
			e, own = own[0], own[1:]
			e.path = path
		}
		if !idx.deleted.has(i) {
			out = append(out, e)
		}
	}
	for _, e := range own {
		if e.path == "" {
			return nil, corruptIndex("its link has too many entries")
		}
	}
	return append(out, own...), nil
}

// sortIndex puts entries into the order of path and stage.
func sortIndex(list []indexEntry) {
	less := func(i, j int) bool {
		if list[i].path != list[j].path {
			return list[i].path < list[j].path
		}
		return list[i].stage < list[j].stage
	}
	if !sort.SliceIsSorted(list, less) {
		sort.SliceStable(list, less)
	}
}

// bitmap is a set of small numbers.
type bitmap struct {
	words []uint64
	max   int // the largest member, -1 for none
}

func (m bitmap) has(i int) bool {
	return i>>6 < len(m.words) && m.words[i>>6]>>(i&63)&1 != 0
}

// decodeBitmap reads an EWAH compressed bitmap and returns what follows it. A
// marker word says how many words of zeros or ones come, and how many literal
// words follow.
func decodeBitmap(b []byte) (bitmap, []byte, error) {
	bad := func() (bitmap, []byte, error) { return bitmap{}, nil, corruptIndex("its link has a broken bitmap") }
	if len(b) < 8 {
		return bad()
	}
	bits, count := binary.BigEndian.Uint32(b), int64(binary.BigEndian.Uint32(b[4:]))
	b = b[8:]
	if int64(len(b)) < 8*count+4 {
		return bad()
	}
	// 2^26 entries would be an index of 4 GB.
	limit := (int(bits) + 63) / 64
	if bits > 1<<26 {
		return bad()
	}
	m := bitmap{max: -1}
	for i := int64(0); i < count; {
		marker := binary.BigEndian.Uint64(b[8*i:])
		i++
		run, literals := int(marker>>1&0xffffffff), int64(marker>>33)
		if run > limit-len(m.words) || literals > count-i || int(literals) > limit-len(m.words)-run {
			return bad()
		}
		var fill uint64
		if marker&1 != 0 {
			fill = ^uint64(0)
		}
		for range run {
			m.words = append(m.words, fill)
		}
		for range literals {
			m.words = append(m.words, binary.BigEndian.Uint64(b[8*i:]))
			i++
		}
	}
	if n := int(bits) & 63; n != 0 && len(m.words) == limit {
		m.words[limit-1] &= 1<<n - 1 // beyond the end is not in the set
	}
	for i := len(m.words) - 1; i >= 0 && m.max < 0; i-- {
		for w, n := m.words[i], 63; w != 0 && m.max < 0; n-- {
			if w>>n&1 != 0 {
				m.max = i<<6 + n
			}
		}
	}
	return m, b[8*count+4:], nil // the last 4 bytes say where the last marker is
}

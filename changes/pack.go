package changes

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/go-git/go-git/v5/plumbing/format/packfile"
)

// pack is one pack file and its index, read with positioned reads, so any
// number of goroutines may use it.
//
// go-git's own reader decodes and hashes the whole index before the first
// object, once per object behind an alternate, and serves one goroutine at a
// time. Looking up one hash needs one bucket of the index.
type pack struct {
	name     string // for messages
	data     *os.File
	idx      *os.File
	dataSize int64
	fanout   [256]uint32
	version  int // of the index, 1 or 2

	mu      sync.Mutex
	buckets [256][]byte // object names by first byte, loaded on demand

	bases *baseCache
}

const (
	idxHeader  = 8 // magic and version, absent in version 1
	fanoutSize = 256 * 4
	hashSize   = len(Hash{})
	// maxObject bounds one object and the deltas it is made from, in bytes.
	maxObject = 64 << 20
	maxChain  = 4096 // git itself writes at most 4095
)

// openPack opens the pack whose index is given.
func openPack(idxPath string, bases *baseCache) (*pack, error) {
	p := &pack{name: strings.TrimSuffix(filepath.Base(idxPath), ".idx"), bases: bases}
	if err := p.open(idxPath); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *pack) open(idxPath string) error {
	var err error
	if p.idx, err = os.Open(idxPath); err != nil {
		return err
	}
	if p.data, err = os.Open(strings.TrimSuffix(idxPath, ".idx") + ".pack"); err != nil {
		return err
	}
	info, err := p.data.Stat()
	if err != nil {
		return err
	}
	p.dataSize = info.Size()
	if info, err = p.idx.Stat(); err != nil {
		return err
	}

	var head [idxHeader + fanoutSize]byte
	if _, err := p.idx.ReadAt(head[:], 0); err != nil {
		return p.corrupt("its index is truncated")
	}
	table := head[:fanoutSize]
	p.version = 1
	if string(head[:4]) == "\xfftOc" {
		if v := binary.BigEndian.Uint32(head[4:]); v != 2 {
			return &UnsupportedError{Feature: "pack index version", Value: fmt.Sprint(v)}
		}
		p.version = 2
		table = head[idxHeader:]
	}
	for i := range p.fanout {
		p.fanout[i] = binary.BigEndian.Uint32(table[4*i:])
		if i > 0 && p.fanout[i] < p.fanout[i-1] {
			return p.corrupt("its index is out of order")
		}
	}
	if n := int64(p.fanout[255]); info.Size() < fanoutSize+n*24+2*int64(hashSize) {
		return p.corrupt("its index is truncated")
	}
	return nil
}

func (p *pack) close() {
	if p.idx != nil {
		p.idx.Close()
	}
	if p.data != nil {
		p.data.Close()
	}
}

func (p *pack) corrupt(why string) error { return &CorruptError{What: p.name, Why: why} }

// bucket returns the index rows whose names start with a byte, how long a row
// is, where the name is in it and the number of the first row.
func (p *pack) bucket(b byte) (rows []byte, size, name int, first uint32, err error) {
	if b > 0 {
		first = p.fanout[b-1]
	}
	n := int64(p.fanout[b] - first)
	size, name = hashSize, 0
	start := int64(idxHeader + fanoutSize)
	if p.version == 1 {
		size, name, start = hashSize+4, 4, fanoutSize
	}
	if n == 0 {
		return nil, size, name, first, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.buckets[b] == nil {
		rows := make([]byte, n*int64(size))
		if _, err := p.idx.ReadAt(rows, start+int64(first)*int64(size)); err != nil {
			return nil, 0, 0, 0, p.corrupt("its index is truncated")
		}
		p.buckets[b] = rows
	}
	return p.buckets[b], size, name, first, nil
}

// find returns where an object starts in the pack.
func (p *pack) find(h Hash) (offset int64, ok bool, err error) {
	rows, size, name, first, err := p.bucket(h[0])
	if err != nil {
		return 0, false, err
	}
	lo, hi := 0, len(rows)/max(size, 1)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		row := rows[mid*size : (mid+1)*size]
		switch c := bytes.Compare(row[name:name+hashSize], h[:]); {
		case c < 0:
			lo = mid + 1
		case c > 0:
			hi = mid
		case p.version == 1:
			return int64(binary.BigEndian.Uint32(row)), true, nil
		default:
			offset, err = p.offset(int64(first) + int64(mid))
			return offset, err == nil, err
		}
	}
	return 0, false, nil
}

// offset reads the offset of the n-th object of a version 2 index.
func (p *pack) offset(n int64) (int64, error) {
	total := int64(p.fanout[255])
	table := idxHeader + fanoutSize + total*int64(hashSize+4) // after names and checksums
	var b [8]byte
	if _, err := p.idx.ReadAt(b[:4], table+4*n); err != nil {
		return 0, p.corrupt("its index is truncated")
	}
	v := binary.BigEndian.Uint32(b[:4])
	if v&(1<<31) == 0 {
		return int64(v), nil
	}
	if _, err := p.idx.ReadAt(b[:], table+4*total+8*int64(v&^(1<<31))); err != nil {
		return 0, p.corrupt("its index is truncated")
	}
	return int64(binary.BigEndian.Uint64(b[:]) &^ (1 << 63)), nil
}

// withPrefix adds the objects whose hexadecimal name starts with prefix, which
// has at least two digits.
func (p *pack) withPrefix(first byte, prefix string, found map[Hash]bool) error {
	rows, size, name, _, err := p.bucket(first)
	if err != nil {
		return err
	}
	for ; len(rows) >= size && size > 0; rows = rows[size:] {
		h := Hash(rows[name : name+hashSize])
		if strings.HasPrefix(h.String(), prefix) {
			found[h] = true
		}
	}
	return nil
}

// The types of object in a pack.
const (
	typeCommit   = 1
	typeTree     = 2
	typeBlob     = 3
	typeTag      = 4
	typeOfsDelta = 6
	typeRefDelta = 7
)

var typeNames = [...]string{typeCommit: "commit", typeTree: "tree", typeBlob: "blob", typeTag: "tag"}

// object is what the store returns.
type object struct {
	kind string
	data []byte // shared, not to be written to
}

// read returns the object that starts at an offset. Deltas are collected until
// a whole object, or one seen before, is reached, and applied from there: no
// recursion, and the bytes in flight are bounded.
func (p *pack) read(offset int64, limit int64) (object, error) {
	type step struct {
		offset int64
		delta  []byte
	}
	var chain []step
	var obj object
	var pending int64
	for {
		if cached, ok := p.bases.get(p, offset); ok {
			obj = cached
			break
		}
		kind, size, body, base, err := p.header(offset)
		if err != nil {
			return object{}, err
		}
		bound := limit
		if kind == typeOfsDelta || kind == typeRefDelta || len(chain) > 0 {
			bound = maxObject
		}
		if size > bound {
			return object{}, &TooLargeError{Size: size, Limit: bound}
		}
		data, err := p.inflate(body, size)
		if err != nil {
			return object{}, err
		}
		if base < 0 {
			obj = object{kind: typeNames[kind], data: data}
			p.bases.put(p, offset, obj)
			break
		}
		if len(chain) == 0 {
			if _, target, ok := deltaSizes(data); !ok || target > limit {
				if !ok {
					return object{}, p.corrupt("it has an invalid delta")
				}
				return object{}, &TooLargeError{Size: target, Limit: limit}
			}
		}
		pending += size
		if len(chain) >= maxChain || pending > 2*maxObject {
			return object{}, p.corrupt("it has an endless chain of deltas")
		}
		chain = append(chain, step{offset, data})
		offset = base
	}
	for i := len(chain) - 1; i >= 0; i-- {
		source, target, ok := deltaSizes(chain[i].delta)
		if !ok || source != int64(len(obj.data)) {
			return object{}, p.corrupt("it has an invalid delta")
		}
		if target > maxObject {
			return object{}, &TooLargeError{Size: target, Limit: maxObject}
		}
		data, err := packfile.PatchDelta(obj.data, chain[i].delta)
		if err != nil || int64(len(data)) != target {
			return object{}, p.corrupt("it has an invalid delta")
		}
		obj.data = data
		p.bases.put(p, chain[i].offset, obj)
	}
	return obj, nil
}

// header reads what an object is: its type, its inflated size, where its
// compressed bytes start and where its base is (-1 for a whole object).
func (p *pack) header(offset int64) (kind int, size, body, base int64, err error) {
	var buf [48]byte // type and size need 10 bytes, a reference 20
	if offset < 12 || offset >= p.dataSize {
		return 0, 0, 0, 0, p.corrupt("an offset lies outside of it")
	}
	n, err := p.data.ReadAt(buf[:], offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, 0, 0, 0, fmt.Errorf("read %s: %w", p.name, err)
	}
	b := buf[:n]
	truncated := func() (int, int64, int64, int64, error) { return 0, 0, 0, 0, p.corrupt("it is truncated") }
	i := 1
	kind, size = int(b[0]>>4&7), int64(b[0]&15)
	for shift := 4; b[i-1]&0x80 != 0; shift += 7 {
		if i >= len(b) || shift > 53 {
			return truncated()
		}
		size |= int64(b[i]&0x7f) << shift
		i++
	}
	base = -1
	switch kind {
	case typeCommit, typeTree, typeBlob, typeTag:
	case typeOfsDelta:
		var back int64
		for more := true; more; i++ {
			if i >= len(b) || back >= 1<<55 {
				return truncated()
			}
			back = back<<7 | int64(b[i]&0x7f)
			if more = b[i]&0x80 != 0; more {
				back++
			}
		}
		if base = offset - back; back <= 0 || base < 12 {
			return 0, 0, 0, 0, p.corrupt("a delta has no base")
		}
	case typeRefDelta:
		if i+hashSize > len(b) {
			return truncated()
		}
		var ok bool
		if base, ok, err = p.find(Hash(b[i : i+hashSize])); err != nil || !ok {
			return 0, 0, 0, 0, errors.Join(p.corrupt("a delta has no base"), err)
		}
		i += hashSize
	default:
		return 0, 0, 0, 0, p.corrupt("an object has an unknown type")
	}
	return kind, size, offset + int64(i), base, nil
}

// inflater is a decompressor and its input buffer, which are worth reusing:
// together they are 50 kB.
type inflater struct {
	in *bufio.Reader
	z  io.ReadCloser
}

var inflaters = sync.Pool{New: func() any { return &inflater{in: bufio.NewReaderSize(nil, 4096)} }}

// inflate reads size bytes compressed at an offset.
func (p *pack) inflate(offset, size int64) ([]byte, error) {
	f := inflaters.Get().(*inflater)
	defer inflaters.Put(f)
	f.in.Reset(io.NewSectionReader(p.data, offset, p.dataSize-offset))
	var err error
	if f.z == nil {
		f.z, err = zlib.NewReader(f.in)
	} else {
		err = f.z.(zlib.Resetter).Reset(f.in, nil)
	}
	if err != nil {
		f.z = nil
		return nil, p.corrupt("an object cannot be decompressed")
	}
	// A hostile header may promise much more than there is, so memory is
	// only given for what arrives.
	data := make([]byte, 0, min(size, 1<<20)+1)
	for {
		n, err := f.z.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if int64(len(data)) > size {
			return nil, p.corrupt("an object is longer than it says")
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, p.corrupt("an object cannot be decompressed")
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
	}
	if int64(len(data)) != size {
		return nil, p.corrupt("an object is shorter than it says")
	}
	return data, nil
}

// deltaSizes reads the lengths of a delta's source and target.
func deltaSizes(delta []byte) (source, target int64, ok bool) {
	s, n := binary.Uvarint(delta)
	if n <= 0 {
		return 0, 0, false
	}
	t, m := binary.Uvarint(delta[n:])
	return int64(s), int64(t), m > 0 && s <= 1<<40 && t <= 1<<40
}

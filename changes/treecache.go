package changes

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// A listing kept on disk is one file per root tree, named by its hash:
//
//	magic | CRC-32C of the rest | number of entries |
//	per entry: mode | hash | bytes shared with the path before | bytes that follow | those bytes
//
// Numbers are unsigned varints. What does not read back exactly is ignored and
// written anew.
const (
	listingMagic  = "detlint-tree-1\n"
	listingSuffix = ".tree"
	// maxListing bounds a file, in bytes.
	maxListing = 256 << 20
	// keptListings is how many files stay; beyond that the least recently
	// used go.
	keptListings = 64
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// cached reads a listing from the cache folder.
func (r *Repository) cached(root Hash) ([]Entry, bool) {
	if r.options.CacheDir == "" {
		return nil, false
	}
	file := filepath.Join(r.options.CacheDir, root.String()+listingSuffix)
	data, err := readBounded(file, maxListing)
	if err != nil {
		return nil, false
	}
	list, ok := decodeListing(data)
	if ok {
		if info, err := os.Stat(file); err == nil && time.Since(info.ModTime()) > time.Hour {
			now := time.Now()
			_ = os.Chtimes(file, now, now) // it was used; only matters for which file goes first
		}
	}
	return list, ok
}

// keep writes a listing to the cache folder. A cache that cannot be written is
// no reason to fail: the next run is slower, that is all.
func (r *Repository) keep(root Hash, list []Entry) {
	dir := r.options.CacheDir
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return
	}
	f, err := os.CreateTemp(dir, "tmp-*"+listingSuffix) // made with mode 0600
	if err != nil {
		return
	}
	_, err = f.Write(encodeListing(list))
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, root.String()+listingSuffix))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return
	}
	pruneListings(dir)
}

// pruneListings removes the least recently used files beyond keptListings.
func pruneListings(dir string) {
	names, err := readNames(dir)
	if err != nil {
		return
	}
	type aged struct {
		name string
		when time.Time
	}
	var files []aged
	for _, name := range names {
		id, ok := strings.CutSuffix(name, listingSuffix)
		if _, err := ParseHash(id); !ok || err != nil {
			continue // not ours
		}
		if info, err := os.Lstat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
			files = append(files, aged{name, info.ModTime()})
		}
	}
	if len(files) <= keptListings {
		return
	}
	sort.Slice(files, func(i, j int) bool { return files[i].when.After(files[j].when) })
	for _, f := range files[keptListings:] {
		_ = os.Remove(filepath.Join(dir, f.name))
	}
}

func encodeListing(list []Entry) []byte {
	b := make([]byte, 0, 64+len(list)*64)
	b = append(b, listingMagic...)
	b = append(b, 0, 0, 0, 0)
	start := len(b)
	b = binary.AppendUvarint(b, uint64(len(list)))
	last := ""
	for _, e := range list {
		b = append(b, byte(e.Mode))
		b = append(b, e.Hash[:]...)
		shared := 0
		for shared < len(last) && shared < len(e.Path) && last[shared] == e.Path[shared] {
			shared++
		}
		b = binary.AppendUvarint(b, uint64(shared))
		b = binary.AppendUvarint(b, uint64(len(e.Path)-shared))
		b = append(b, e.Path[shared:]...)
		last = e.Path
	}
	binary.BigEndian.PutUint32(b[start-4:], crc32.Checksum(b[start:], castagnoli))
	return b
}

// decodeListing reads what encodeListing wrote, and nothing else: paths are
// checked and must ascend, whatever the checksum says.
func decodeListing(b []byte) ([]Entry, bool) {
	b, ok := bytes.CutPrefix(b, []byte(listingMagic))
	if !ok || len(b) < 4 {
		return nil, false
	}
	sum, b := binary.BigEndian.Uint32(b), b[4:]
	if crc32.Checksum(b, castagnoli) != sum {
		return nil, false
	}
	number := func() int {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > maxListing {
			ok = false
			return 0
		}
		b = b[n:]
		return int(v)
	}
	count := number()
	const least = 1 + len(Hash{}) + 2 // bytes of an entry
	if !ok || count > len(b)/least {
		return nil, false
	}
	list := make([]Entry, 0, count)
	last := ""
	for range count {
		if len(b) < least {
			return nil, false
		}
		e := Entry{Mode: Mode(b[0]), Hash: Hash(b[1 : 1+len(Hash{})]), Size: -1}
		b = b[1+len(Hash{}):]
		shared, more := number(), number()
		if !ok || shared > len(last) || more > len(b) || e.Mode < Regular || e.Mode > Submodule {
			return nil, false
		}
		e.Path = last[:shared] + string(b[:more])
		b = b[more:]
		if e.Path <= last || validPath(e.Path) != nil {
			return nil, false
		}
		list = append(list, e)
		last = e.Path
	}
	return list, len(b) == 0
}

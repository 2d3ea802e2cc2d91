package changes

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"github.com/go-git/go-git/v5/plumbing/format/objfile"
)

// errNotFound says that no folder of objects has an object.
var errNotFound = errors.New("object not found")

// store finds objects by name: in packs and as loose files, in the repository's
// own folder and in the alternates it borrows from. It is safe for concurrent
// use.
type store struct {
	dirs []string // objects folders, the repository's own first

	mu     sync.Mutex
	packs  []*pack
	loaded bool
	broken error // a pack that could not be opened; reported only if something is missing
	bases  *baseCache
}

// maxAlternates is how deep git follows alternates of alternates.
const maxAlternates = 5

func newStore(objects string) *store {
	s := &store{bases: &baseCache{}}
	s.addDir(objects, 0, map[string]bool{})
	return s
}

// addDir adds an objects folder and what it borrows from. Relative alternates
// start at the folder that names them; clone --shared and --reference write
// absolute ones. They lie outside of the repository by design and are only ever
// asked for objects by name.
func (s *store) addDir(dir string, depth int, seen map[string]bool) {
	dir = filepath.Clean(dir)
	if seen[dir] || depth > maxAlternates {
		return
	}
	seen[dir] = true
	s.dirs = append(s.dirs, dir)
	text, err := readBounded(filepath.Join(dir, "info", "alternates"), maxConfig)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		line = unquoteC(line)
		if !filepath.IsAbs(line) {
			line = filepath.Join(dir, filepath.FromSlash(line))
		}
		s.addDir(line, depth+1, seen)
	}
}

// unquoteC undoes git's quoting of odd paths, "a\tb".
func unquoteC(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	var b strings.Builder
	s = s[1 : len(s)-1]
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if k := strings.IndexByte("abtnvfr", s[i]); k >= 0 {
			b.WriteByte("\a\b\t\n\v\f\r"[k])
		} else if i+2 < len(s) && s[i] >= '0' && s[i] <= '3' {
			b.WriteByte((s[i]-'0')<<6 | (s[i+1]-'0')<<3 | (s[i+2] - '0'))
			i += 2
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// list returns the packs, reading the folders the first time or again.
func (s *store) list(again bool) []*pack {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loaded && !again {
		return s.packs
	}
	s.loaded = true
	have := map[string]bool{}
	for _, p := range s.packs {
		have[p.idx.Name()] = true
	}
	packs := s.packs[:len(s.packs):len(s.packs)]
	for _, dir := range s.dirs {
		dir = filepath.Join(dir, "pack")
		names, err := readNames(dir)
		if err != nil {
			continue // no pack yet
		}
		for _, name := range names {
			path := filepath.Join(dir, name)
			if !strings.HasSuffix(name, ".idx") || have[path] {
				continue
			}
			p, err := openPack(path, s.bases)
			if err != nil {
				if !errors.Is(err, fs.ErrNotExist) { // an index without its pack is being written or removed
					s.broken = err
				}
				continue
			}
			packs = append(packs, p)
		}
	}
	s.packs = packs
	return packs
}

// readNames lists a folder in order.
func readNames(dir string) ([]string, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	sort.Strings(names)
	return names, err
}

// get returns an object of at most limit bytes and checks that it is the one
// asked for. Errors: errNotFound, *TooLargeError, *CorruptError.
func (s *store) get(h Hash, limit int64) (object, error) {
	packs := s.list(false)
	o, err := s.lookup(h, limit, packs)
	if errors.Is(err, errNotFound) {
		// git may have packed it away since the folder was listed.
		if now := s.list(true); len(now) > len(packs) {
			o, err = s.lookup(h, limit, now[len(packs):])
		}
		s.mu.Lock()
		broken := s.broken
		s.mu.Unlock()
		if broken != nil && errors.Is(err, errNotFound) {
			return object{}, broken
		}
	}
	if err != nil {
		return object{}, err
	}
	if hashObject(o.kind, o.data) != h {
		return object{}, &CorruptError{What: "object " + h.Short(), Why: "its content does not agree with its name"}
	}
	return o, nil
}

func (s *store) lookup(h Hash, limit int64, packs []*pack) (object, error) {
	for _, p := range packs {
		offset, ok, err := p.find(h)
		if err != nil {
			return object{}, err
		}
		if ok {
			return p.read(offset, limit)
		}
	}
	for _, dir := range s.dirs {
		o, err := readLoose(dir, h, limit)
		if !errors.Is(err, errNotFound) {
			return o, err
		}
	}
	return object{}, errNotFound
}

// readLoose reads an object that has a file of its own.
func readLoose(dir string, h Hash, limit int64) (object, error) {
	name := h.String()
	f, err := os.Open(filepath.Join(dir, name[:2], name[2:]))
	if errors.Is(err, fs.ErrNotExist) {
		return object{}, errNotFound
	}
	if err != nil {
		return object{}, err
	}
	defer f.Close()
	corrupt := func() (object, error) {
		return object{}, &CorruptError{What: "object " + h.Short(), Why: "its file cannot be decoded"}
	}
	r, err := objfile.NewReader(f)
	if err != nil {
		return corrupt()
	}
	defer r.Close()
	kind, size, err := r.Header()
	if err != nil || size < 0 {
		return corrupt()
	}
	if size > limit {
		return object{}, &TooLargeError{Size: size, Limit: limit}
	}
	data, err := readSized(r, min(size, 1<<20), limit)
	if err != nil || int64(len(data)) != size {
		return corrupt()
	}
	return object{kind: string(bytes.ToLower([]byte(kind.String()))), data: data}, nil
}

// withPrefix lists the objects whose name starts with 4 to 39 lower-case
// hexadecimal digits.
func (s *store) withPrefix(prefix string) ([]Hash, error) {
	found := map[Hash]bool{}
	var first byte
	if _, err := fmt.Sscanf(prefix[:2], "%02x", &first); err != nil {
		return nil, err
	}
	for _, p := range s.list(false) {
		if err := p.withPrefix(first, prefix, found); err != nil {
			return nil, err
		}
	}
	for _, dir := range s.dirs {
		names, err := readNames(filepath.Join(dir, prefix[:2]))
		if err != nil {
			continue
		}
		for _, name := range names {
			if h, err := ParseHash(prefix[:2] + name); err == nil && strings.HasPrefix(name, prefix[2:]) {
				found[h] = true
			}
		}
	}
	out := make([]Hash, 0, len(found))
	for h := range found {
		out = append(out, h)
	}
	sort.Slice(out, func(i, j int) bool { return bytes.Compare(out[i][:], out[j][:]) < 0 })
	return out, nil
}

// close gives back the open files.
func (s *store) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.packs {
		p.close()
	}
	s.packs, s.loaded = nil, false
}

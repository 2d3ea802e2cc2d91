package changes

import (
	"bytes"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// hashObject is the name git gives to an object.
func hashObject(kind string, data []byte) Hash {
	d := sha1.New()
	header := make([]byte, 0, 32)
	header = append(header, kind...)
	header = append(header, ' ')
	header = strconv.AppendInt(header, int64(len(data)), 10)
	d.Write(append(header, 0))
	d.Write(data)
	var h Hash
	d.Sum(h[:0])
	return h
}

// withoutCR turns CRLF into LF, as git does on the way into the repository when
// core.autocrlf or a text attribute asks for it. It says whether there was any.
func withoutCR(data []byte) ([]byte, bool) {
	if !bytes.Contains(data, []byte("\r\n")) {
		return data, false
	}
	return bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), true
}

// disk reads the files below a folder without ever following a symbolic link,
// neither the file itself nor a folder on the way to it.
type disk struct {
	root string

	mu   sync.RWMutex
	real map[string]bool // folders relative to root: is it one, reached without a link?
}

func newDisk(root string) *disk {
	return &disk{root: root, real: map[string]bool{"": true, ".": true}}
}

// local is the path of the operating system, or an error for a path that would
// leave the root on this system (a drive, a reserved name, a backslash).
func (d *disk) local(path string) (string, error) {
	p := filepath.FromSlash(path)
	if !filepath.IsLocal(p) || os.PathSeparator != '/' && strings.ContainsRune(path, os.PathSeparator) {
		return "", fmt.Errorf("%q: %w", path, fs.ErrInvalid)
	}
	return d.root + string(os.PathSeparator) + p, nil
}

// isDir says whether a folder, slash-separated, exists and every component of
// it is a folder itself. The answers are kept: a run sees one state.
func (d *disk) isDir(dir string) bool {
	d.mu.RLock()
	is, known := d.real[dir]
	d.mu.RUnlock()
	if known {
		return is
	}
	is = d.isDir(parent(dir))
	if is {
		p, err := d.local(dir)
		if err == nil {
			var info fs.FileInfo
			info, err = os.Lstat(p)
			is = err == nil && info.IsDir()
		}
		is = is && err == nil
	}
	d.mu.Lock()
	d.real[dir] = is
	d.mu.Unlock()
	return is
}

// parent is the folder of a slash-separated path, "" for one at the top.
func parent(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return ""
}

// lstat describes what is at a path, if no link is on the way to it.
func (d *disk) lstat(path string) (fs.FileInfo, error) {
	if !d.isDir(parent(path)) {
		return nil, fs.ErrNotExist
	}
	p, err := d.local(path)
	if err != nil {
		return nil, err
	}
	return os.Lstat(p)
}

// read returns the bytes of a regular file, at most MaxBlob of them.
func (d *disk) read(path string) ([]byte, error) {
	if !d.isDir(parent(path)) {
		return nil, fs.ErrNotExist
	}
	p, err := d.local(path)
	if err != nil {
		return nil, err
	}
	data, err := readNoFollow(p, MaxBlob)
	if long := (*tooLongError)(nil); errors.As(err, &long) {
		return nil, &TooLargeError{Path: path, Size: long.size, Limit: MaxBlob}
	}
	return data, err
}

// readlink returns what a symbolic link points to, which is its content in git.
func (d *disk) readlink(path string) ([]byte, error) {
	p, err := d.local(path)
	if err != nil {
		return nil, err
	}
	target, err := os.Readlink(p)
	return []byte(filepath.ToSlash(target)), err
}

// tooLongError says that a file has more bytes than are read.
type tooLongError struct{ size int64 }

func (e *tooLongError) Error() string { return "too long" }

// readSized reads to the end of a file that should have size bytes, but may
// have grown up to limit.
func readSized(r io.Reader, size, limit int64) ([]byte, error) {
	if size > limit {
		return nil, &tooLongError{size}
	}
	buf := make([]byte, size+1) // one more, so that the end is seen at once
	n := 0
	for {
		if n == len(buf) {
			if int64(n) > limit {
				return nil, &tooLongError{int64(n)}
			}
			buf = append(buf, make([]byte, len(buf))...)
		}
		k, err := r.Read(buf[n:])
		n += k
		if err == io.EOF {
			return buf[:n:n], nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// readBounded reads a file that belongs to git, not to the tree. It looks
// before it opens, because opening a pipe would wait for its other end.
func readBounded(file string, limit int64) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), ErrNotRegular)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := readSized(f, info.Size(), limit)
	if long := (*tooLongError)(nil); errors.As(err, &long) {
		return nil, &TooLargeError{Path: filepath.Base(file), Size: long.size, Limit: limit}
	}
	return data, err
}

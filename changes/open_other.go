//go:build !unix

package changes

import "os"

// readNoFollow reads a regular file, after a look at what stands there.
func readNoFollow(path string, limit int64) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, ErrNotRegular
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readSized(f, info.Size(), limit)
}

//go:build unix

package changes

import (
	"os"
	"syscall"
)

// openNoFollow opens a file for reading, failing on a symbolic link and not
// waiting for the other end of a pipe: what was a file a moment ago may have
// been replaced.
func openNoFollow(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
}

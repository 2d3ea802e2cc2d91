//go:build unix

package changes

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// readNoFollow reads a regular file in as few system calls as can be, since a
// run reads thousands of them. It fails on a symbolic link and does not wait
// for the other end of a pipe: what was a file a moment ago may have been
// replaced.
func readNoFollow(path string, limit int64) ([]byte, error) {
	const flags = syscall.O_RDONLY | syscall.O_NOFOLLOW | syscall.O_NONBLOCK | syscall.O_CLOEXEC
	fd, err := syscall.Open(path, flags, 0)
	for err == syscall.EINTR {
		fd, err = syscall.Open(path, flags, 0)
	}
	if err != nil {
		if errors.Is(err, syscall.ELOOP) {
			return nil, ErrNotRegular
		}
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	defer syscall.Close(fd)
	var info syscall.Stat_t
	if err := syscall.Fstat(fd, &info); err != nil {
		return nil, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	if info.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return nil, ErrNotRegular
	}
	return readSized(descriptor(fd), int64(info.Size), limit)
}

// descriptor reads from an open regular file, where less than was asked for
// is the end.
type descriptor int

func (d descriptor) Read(buf []byte) (int, error) {
	n, err := syscall.Read(int(d), buf)
	for err == syscall.EINTR {
		n, err = syscall.Read(int(d), buf)
	}
	switch {
	case err != nil:
		return max(n, 0), err
	case n < len(buf):
		return n, io.EOF
	}
	return n, nil
}

//go:build !unix

package changes

import "os"

// openNoFollow opens a file for reading. The caller has looked with Lstat.
func openNoFollow(path string) (*os.File, error) { return os.Open(path) }

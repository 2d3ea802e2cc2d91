package advise

import "strings"

// place is a folder below which users without rights may have files of theirs.
type place struct {
	// folder is written in lower case, without drive and separators at its
	// ends; one of Unix begins with its slash.
	folder string
	// open is set where every user may put files right into the folder, or
	// each into one of it that is theirs.
	open bool
}

// places are those folders, for both who suggest exclusions and who look at the
// ones that a rule has. Permissions are those that Windows 10 and 11, macOS and
// the large distributions of Linux come with.
var places = []place{
	{`users`, true},
	{`users\public`, true},
	{`programdata`, true},
	{`windows\temp`, true},
	{`temp`, true},
	{`tmp`, true},
	{`perflogs`, true},
	{`appdata`, true},
	{`appdata\local`, true},
	{`appdata\roaming`, true},
	{`appdata\local\programs`, true},
	{`appdata\local\temp`, true},
	{`downloads`, true},
	{`desktop`, true},
	{`/tmp`, true},
	{`/var/tmp`, true},
	{`/dev/shm`, true},
	{`/home`, true},
	{`/users`, true},
	{`/users/shared`, true},
	{`/run/user`, true},
	// Only some of what is below is open.
	{`$recycle.bin`, false},
	{`windows\tasks`, false},
	{`windows\debug`, false},
	{`windows\tracing`, false},
	// Other names of whatever program runs.
	{`/proc`, false},
	{`/dev/fd`, false},
}

// openPlaces are those into which every user may put files.
var openPlaces = func() map[string]bool {
	open := map[string]bool{}
	for _, p := range places {
		if p.open {
			open[p.folder] = true
		}
	}
	return open
}()

// BelowWritable reports whether a path, in lower case, lies anywhere below a
// folder that users may write to. It is the strict reading, for what is
// suggested: a folder of a product there may well be closed, but who knows.
func BelowWritable(path string) bool {
	path = strings.ReplaceAll(path, `\\`, `\`)
	for _, p := range places {
		below := `\` + p.folder + `\`
		if p.folder[0] == '/' {
			below = p.folder + "/"
		}
		if strings.Contains(path, below) {
			return true
		}
	}
	return false
}

// Writable reports whether a folder, in lower case and without drive, is itself
// one that every user can write to, or the like below the folder of some user. It
// is the lenient reading, for what is reported: what is below a folder of a product
// there is another matter.
func Writable(folder string) bool {
	folder = strings.TrimSuffix(folder, "*")
	folder = strings.Trim(folder, `\`)
	if len(folder) > 1 {
		folder = strings.TrimRight(folder, "/")
	}
	for _, user := range []string{`users\*\`, `users\*`, `/home/*`, `/users/*`} {
		if rest, ok := strings.CutPrefix(folder, user); ok && (rest == "" || openPlaces[rest]) {
			return true
		}
	}
	return openPlaces[folder]
}

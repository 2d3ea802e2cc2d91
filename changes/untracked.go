package changes

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// folder is one folder of the working tree on the way to a new file. What is
// ignored in it is found out when a new file turns up, which in most runs never
// happens.
type folder struct {
	path string // slash-separated, "" for the root
	up   *folder

	asked   bool
	ignored bool // as a whole
	loaded  bool
	rules   ignoreRules // of its .gitignore
}

// newFiles finds what the index does not know.
type newFiles struct {
	scan   *worktreeScan
	always []ignoreRules // .git/info/exclude and core.excludesFile, strongest first
	loaded bool
}

// scanNew adds the files that are not tracked and not ignored.
func (w *worktreeScan) scanNew() error {
	n := &newFiles{scan: w}
	return n.visit(&folder{}, 0)
}

func (n *newFiles) visit(dir *folder, depth int) error {
	w := n.scan
	local := w.disk.root
	if dir.path != "" {
		if depth > maxDepth {
			return fmt.Errorf("list the working tree: %q is too deep", dir.path)
		}
		if !w.disk.isDir(dir.path) {
			return nil // gone again, or a link since it was listed
		}
		var err error
		if local, err = w.disk.local(dir.path); err != nil {
			return nil // not a name git could store on this system
		}
	}
	list, err := readDir(local)
	if err != nil {
		if dir.path != "" && os.IsPermission(err) {
			return nil // git warns and goes on; tracked files in it were looked at
		}
		return fmt.Errorf("list the working tree: %w", err)
	}
	if dir.path != "" && !w.folders[dir.path] && isNested(local, list) {
		return nil
	}
	for _, item := range list {
		name := item.Name()
		if isGitName(name) {
			continue
		}
		path := name
		if dir.path != "" {
			path = dir.path + "/" + name
		}
		switch {
		case item.IsDir():
			known := w.tracked[path]
			if known != nil && known.mode&0o170000 == 0o160000 {
				continue
			}
			sub := &folder{path: path, up: dir}
			if !w.folders[path] && n.skips(sub) {
				continue
			}
			if err := n.visit(sub, depth+1); err != nil {
				return err
			}
		case item.Type().IsRegular() || item.Type() == fs.ModeSymlink:
			if w.tracked[path] != nil || !w.matches(path) || n.skips(dir) || n.ignores(dir, path, false) {
				continue
			}
			info, err := item.Info()
			if err != nil || modeOnDisk(info) == 0 {
				continue // gone again
			}
			w.unknown = append(w.unknown, len(w.found))
			w.found = append(w.found, Entry{Path: path, Size: info.Size(), Mode: modeOnDisk(info)})
		}
	}
	return nil
}

// readDir lists a folder in whatever order.
func readDir(dir string) ([]fs.DirEntry, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}

// isNested says whether a folder is a repository of its own.
func isNested(dir string, list []fs.DirEntry) bool {
	for _, item := range list {
		if item.Name() != ".git" {
			continue
		}
		dot := filepath.Join(dir, ".git")
		if item.IsDir() {
			return isGitDir(dot)
		}
		_, err := readGitFile(dot)
		return err == nil
	}
	return false
}

// skips says whether a folder, or one above it, is ignored.
func (n *newFiles) skips(dir *folder) bool {
	if dir.up == nil {
		return false
	}
	if !dir.asked {
		dir.asked = true
		dir.ignored = n.skips(dir.up) || n.ignores(dir.up, dir.path, true)
	}
	return dir.ignored
}

// ignores says whether something in a folder is ignored by the patterns of the
// folder and those above it, the nearest first, or by those for everything.
func (n *newFiles) ignores(dir *folder, path string, isDir bool) bool {
	for d := dir; d != nil; d = d.up {
		if !d.loaded {
			d.loaded = true
			d.rules = n.rulesOf(d)
		}
		rel := path
		if d.path != "" {
			rel = path[len(d.path)+1:]
		}
		if ignored, decided := d.rules.match(rel, isDir); decided {
			return ignored
		}
	}
	if !n.loaded {
		n.loaded = true
		n.always = n.scan.repo.excludes()
	}
	for _, rules := range n.always {
		if ignored, decided := rules.match(path, isDir); decided {
			return ignored
		}
	}
	return false
}

// rulesOf reads the .gitignore of a folder; one that a sparse checkout leaves
// out is taken from the index, as git does.
func (n *newFiles) rulesOf(d *folder) ignoreRules {
	path := ".gitignore"
	if d.path != "" {
		path = d.path + "/" + path
	}
	if data, err := n.scan.disk.read(path); err == nil && len(data) <= maxIgnore {
		return parseIgnore(string(data))
	}
	if e := n.scan.tracked[path]; e != nil && e.skipTree {
		data, err := n.scan.repo.readBlob(Entry{Path: path, Hash: e.hash, Mode: Regular})
		if err == nil && len(data) <= maxIgnore {
			return parseIgnore(string(data))
		}
	}
	return nil
}

// excludes reads the patterns that count for every folder: the repository's
// info/exclude, then the user's core.excludesFile.
func (r *Repository) excludes() []ignoreRules {
	var all []ignoreRules
	add := func(file string) {
		if data, err := readBounded(file, maxIgnore); err == nil {
			all = append(all, parseIgnore(string(data)))
		}
	}
	add(filepath.Join(r.common, "info", "exclude"))
	file, set := r.config["core.excludesfile"]
	if !set {
		file, set = userConfig()["core.excludesfile"]
	}
	if !set {
		if dir := userConfigDir(); dir != "" {
			file = filepath.Join(dir, "ignore")
		}
	}
	if file = expandHome(file); file != "" {
		if !filepath.IsAbs(file) {
			file = filepath.Join(r.root, file)
		}
		add(file)
	}
	return all
}

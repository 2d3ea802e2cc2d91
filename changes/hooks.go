package changes

import (
	"path/filepath"
	"strings"
)

// HooksDir is the folder that git runs the hooks of the repository from: what
// core.hooksPath says, else hooks in the repository's own folder, which all its
// work trees share. own is false when the folder lies outside of the
// repository, so that other repositories may run the same hooks.
func (r *Repository) HooksDir() (dir string, own bool) {
	dir = r.config["core.hookspath"]
	if dir == "" {
		dir = userConfig()["core.hookspath"]
	}
	if dir == "" {
		return filepath.Join(r.common, "hooks"), true
	}
	dir = filepath.FromSlash(expandHome(dir))
	if !filepath.IsAbs(dir) {
		// git runs hooks from the root of the work tree.
		from := r.root
		if from == "" {
			from = r.gitDir
		}
		dir = filepath.Join(from, dir)
	}
	return filepath.Clean(dir), r.root != "" && within(dir, r.root) || within(dir, r.common)
}

// within reports whether a folder is another one or below it.
func within(dir, root string) bool {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}
	rel, err := filepath.Rel(root, dir)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

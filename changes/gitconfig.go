package changes

import (
	"os"
	"path/filepath"
	"strings"
)

// gitConfig is what a git configuration file says: "section.key" or
// "section.subsection.key", section and key in lower case, the last value wins.
//
// It is read here rather than by go-git because go-git refuses files that git
// accepts, and all that is wanted from them is a handful of settings.
type gitConfig map[string]string

// maxConfig bounds a configuration file, in bytes.
const maxConfig = 4 << 20

// readConfig adds what a file says; a file that is not there says nothing.
// Broken lines are skipped. include.path is followed for files of the user
// (depth > 0), never for those of a repository.
func (c gitConfig) readConfig(file string, depth int) {
	data, err := readBounded(file, maxConfig)
	if err != nil {
		return
	}
	c.parse(string(data), func(path string) {
		if depth > 0 {
			path = expandHome(path)
			if !filepath.IsAbs(path) {
				path = filepath.Join(filepath.Dir(file), path)
			}
			c.readConfig(path, depth-1)
		}
	})
}

// parse adds the settings of a configuration text.
func (c gitConfig) parse(text string, include func(path string)) {
	section := ""
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	text = strings.ReplaceAll(text, "\\\n", "") // a value continued on the next line
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			end := sectionEnd(line)
			if end < 0 {
				section = ""
				continue
			}
			section = sectionName(line[1:end])
			line = strings.TrimSpace(line[end+1:])
		}
		if line == "" || line[0] == '#' || line[0] == ';' || section == "" {
			continue
		}
		key, value, found := strings.Cut(line, "=")
		key = strings.ToLower(strings.TrimSpace(key))
		if !found {
			value = "true" // a key alone
		} else {
			value = configValue(value)
		}
		c[section+"."+key] = value
		if section == "include" && key == "path" {
			include(value)
		}
	}
}

// sectionEnd finds the bracket that closes a section, outside of quotes.
func sectionEnd(line string) int {
	quoted := false
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '"':
			quoted = !quoted
		case '\\':
			i++
		case ']':
			if !quoted {
				return i
			}
		}
	}
	return -1
}

// sectionName normalises what stands between brackets: `remote "Origin"`.
func sectionName(s string) string {
	name, sub, found := strings.Cut(s, `"`)
	name = strings.ToLower(strings.TrimSpace(name))
	if !found {
		return name
	}
	sub, _, _ = cutLast(sub, `"`)
	sub = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(sub)
	return name + "." + sub
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// configValue undoes quotes and escapes and drops a comment.
func configValue(s string) string {
	var b strings.Builder
	quoted, keep := false, 0 // keep: length up to the last byte that is not a blank outside quotes
	s = strings.TrimLeft(s, " \t")
	for i := 0; i < len(s); i++ {
		ch := s[i]
		switch {
		case ch == '"':
			quoted = !quoted
			keep = b.Len()
			continue
		case ch == '\\' && i+1 < len(s):
			i++
			switch s[i] {
			case 'n':
				ch = '\n'
			case 't':
				ch = '\t'
			case 'b':
				ch = '\b'
			default:
				ch = s[i]
			}
			b.WriteByte(ch)
			keep = b.Len()
			continue
		case !quoted && (ch == '#' || ch == ';'):
			return b.String()[:keep]
		}
		b.WriteByte(ch)
		if quoted || ch != ' ' && ch != '\t' {
			keep = b.Len()
		}
	}
	return b.String()[:keep]
}

// truth reads a boolean setting.
func (c gitConfig) truth(key string, unset bool) bool {
	v, ok := c[key]
	if !ok {
		return unset
	}
	switch strings.ToLower(v) {
	case "", "false", "no", "off", "0":
		return false
	}
	return true
}

// userConfig reads the settings of the machine and the user, which a
// repository's own override.
func userConfig() gitConfig {
	c := gitConfig{}
	const includes = 5
	if os.Getenv("GIT_CONFIG_NOSYSTEM") == "" {
		system := os.Getenv("GIT_CONFIG_SYSTEM")
		if system == "" {
			system = "/etc/gitconfig"
		}
		c.readConfig(system, includes)
	}
	if global, ok := os.LookupEnv("GIT_CONFIG_GLOBAL"); ok {
		c.readConfig(global, includes)
		return c
	}
	if dir := userConfigDir(); dir != "" {
		c.readConfig(filepath.Join(dir, "config"), includes)
	}
	if home, err := os.UserHomeDir(); err == nil {
		c.readConfig(filepath.Join(home, ".gitconfig"), includes)
	}
	return c
}

// userConfigDir is git's folder below $XDG_CONFIG_HOME, or "".
func userConfigDir() string {
	if dir := os.Getenv("XDG_CONFIG_HOME"); dir != "" {
		return filepath.Join(dir, "git")
	}
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".config", "git")
	}
	return ""
}

func expandHome(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, filepath.FromSlash(rest))
		}
	}
	return path
}

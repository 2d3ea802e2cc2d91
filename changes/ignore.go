package changes

import (
	"strings"
)

// ignoreRules are the patterns of one .gitignore file, or of one that counts
// for the whole repository, in the order they were written.
//
// They are matched here because go-git's matcher differs from git where it
// matters: it knows no [!a] and no [[:alpha:]], and gives up on a ** in the
// middle of a path when the first place it tries does not fit.
type ignoreRules []ignoreRule

type ignoreRule struct {
	glob     glob
	negated  bool // ! takes a path back in
	dirOnly  bool // a trailing slash: folders only
	anchored bool // a slash elsewhere: matched against the path, not the name
}

// maxIgnore bounds a file of patterns, in bytes.
const maxIgnore = 1 << 20

func parseIgnore(text string) ignoreRules {
	var rules ignoreRules
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		line = trimBlanks(line)
		var r ignoreRule
		if line, r.negated = strings.CutPrefix(line, "!"); line == "" {
			continue
		}
		line, r.dirOnly = strings.CutSuffix(line, "/")
		r.anchored = strings.Contains(line, "/")
		g, ok := compileGlob(strings.TrimPrefix(line, "/"))
		if !ok || line == "" {
			continue
		}
		r.glob = g
		rules = append(rules, r)
	}
	return rules
}

// trimBlanks drops trailing blanks that are not escaped.
func trimBlanks(s string) string {
	end := len(s)
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ':
			if end == len(s) || end > i {
				end = i
			}
			for i+1 < len(s) && s[i+1] == ' ' {
				i++
			}
			if i+1 < len(s) {
				end = len(s)
			}
		case '\\':
			i++
			end = len(s)
		}
	}
	return s[:end]
}

// match says whether the last rule that fits a path, relative to the folder of
// the rules, ignores it or takes it back; decided is false when none fits.
func (rules ignoreRules) match(path string, isDir bool) (ignored, decided bool) {
	name := base(path)
	for i := len(rules) - 1; i >= 0; i-- {
		r := &rules[i]
		if r.dirOnly && !isDir {
			continue
		}
		text := name
		if r.anchored {
			text = path
		}
		if r.glob.match(text) {
			return !r.negated, true
		}
	}
	return false, false
}

// glob is a compiled pattern. It is matched in time proportional to its length
// times that of the text, whatever either contains.
type glob struct {
	tokens  []token
	literal string // if the pattern has no special token
	plain   bool
}

type tokenKind uint8

const (
	tokByte  tokenKind = iota // this byte
	tokOne                    // ?: a byte but a slash
	tokClass                  // [...]: one of a set, never a slash
	tokStar                   // *: any number of bytes but slashes
	tokDirs                   // **/: any number of folders
	tokRest                   // /** at the end: anything
)

type token struct {
	kind tokenKind
	b    byte
	set  *[4]uint64
}

// compileGlob compiles a pattern; ok is false when it can never match.
func compileGlob(p string) (g glob, ok bool) {
	var literal []byte
	g.plain = true
	for i := 0; i < len(p); {
		t := token{kind: tokByte, b: p[i]}
		switch p[i] {
		case '\\':
			if i+1 == len(p) {
				return g, false
			}
			i++
			t.b = p[i]
			i++
		case '?':
			t.kind = tokOne
			i++
		case '*':
			start := i
			for i < len(p) && p[i] == '*' {
				i++
			}
			t.kind = tokStar
			if i-start >= 2 && (start == 0 || p[start-1] == '/') {
				if i == len(p) {
					t.kind = tokRest
				} else if i < len(p) && p[i] == '/' {
					t.kind = tokDirs
					i++
				}
			}
		case '[':
			set, n := compileClass(p[i:])
			if n == 0 {
				return g, false
			}
			t.kind, t.set = tokClass, set
			i += n
		default:
			i++
		}
		g.plain = g.plain && t.kind == tokByte
		literal = append(literal, t.b)
		g.tokens = append(g.tokens, t)
	}
	g.literal = string(literal)
	return g, true
}

var classes = map[string]func(c byte) bool{
	"alpha":  isAlpha,
	"digit":  isDigit,
	"alnum":  func(c byte) bool { return isAlpha(c) || isDigit(c) },
	"upper":  func(c byte) bool { return c >= 'A' && c <= 'Z' },
	"lower":  func(c byte) bool { return c >= 'a' && c <= 'z' },
	"space":  func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' },
	"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
	"cntrl":  func(c byte) bool { return c < ' ' || c == 0x7f },
	"print":  func(c byte) bool { return c >= ' ' && c < 0x7f },
	"graph":  func(c byte) bool { return c > ' ' && c < 0x7f },
	"punct":  func(c byte) bool { return c > ' ' && c < 0x7f && !isAlpha(c) && !isDigit(c) },
	"xdigit": func(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' },
}

func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// compileClass compiles a bracket expression and returns its length, 0 when it
// has no end.
func compileClass(p string) (*[4]uint64, int) {
	set := new([4]uint64)
	add := func(c byte) { set[c>>6] |= 1 << (c & 63) }
	i := 1
	negated := i < len(p) && (p[i] == '!' || p[i] == '^')
	if negated {
		i++
	}
	for first := true; ; first = false {
		if i >= len(p) {
			return nil, 0
		}
		c := p[i]
		if c == ']' && !first {
			break
		}
		if strings.HasPrefix(p[i:], "[:") {
			if end := strings.Index(p[i+2:], ":]"); end >= 0 {
				in := classes[p[i+2:i+2+end]]
				if in == nil {
					return nil, 0
				}
				for b := range 256 {
					if in(byte(b)) {
						add(byte(b))
					}
				}
				i += end + 4
				continue
			}
		}
		if c == '\\' {
			if i++; i >= len(p) {
				return nil, 0
			}
			c = p[i]
		}
		i++
		last := c
		if i+1 < len(p) && p[i] == '-' && p[i+1] != ']' {
			i++
			if last = p[i]; last == '\\' {
				if i++; i >= len(p) {
					return nil, 0
				}
				last = p[i]
			}
			i++
		}
		for b := int(c); b <= int(last); b++ {
			add(byte(b))
		}
	}
	if negated {
		for k := range set {
			set[k] = ^set[k]
		}
	}
	set['/'>>6] &^= 1 << ('/' & 63)
	return set, i + 1
}

// match says whether the whole text fits. It follows all ways through the
// pattern at once: state 2n is "before token n", state 2n+1 "inside a folder
// that token n, a tokDirs, skips".
func (g *glob) match(text string) bool {
	if g.plain {
		return g.literal == text
	}
	n := len(g.tokens)
	now, next := make([]bool, 2*n+1), make([]bool, 2*n+1)
	now[0] = true
	// open adds the states that are reached without reading anything.
	open := func(s []bool) {
		for i, t := range g.tokens {
			if s[2*i] && (t.kind == tokStar || t.kind == tokDirs || t.kind == tokRest) {
				s[2*i+2] = true
			}
		}
	}
	open(now)
	for k := 0; k < len(text); k++ {
		c := text[k]
		clear(next)
		alive := false
		for i, t := range g.tokens {
			if now[2*i] {
				to := -1
				switch t.kind {
				case tokByte:
					if c == t.b {
						to = 2*i + 2
					}
				case tokOne:
					if c != '/' {
						to = 2*i + 2
					}
				case tokClass:
					if t.set[c>>6]>>(c&63)&1 != 0 {
						to = 2*i + 2
					}
				case tokStar:
					if c != '/' {
						to = 2 * i
					}
				case tokRest:
					to = 2 * i
				case tokDirs:
					if c != '/' {
						to = 2*i + 1
					}
				}
				if to >= 0 {
					next[to], alive = true, true
				}
			}
			if now[2*i+1] {
				alive = true
				if c == '/' {
					next[2*i] = true
				} else {
					next[2*i+1] = true
				}
			}
		}
		if !alive {
			return false
		}
		open(next)
		now, next = next, now
	}
	return now[2*n]
}

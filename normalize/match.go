package normalize

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/detlint/detlint/rule"
)

// Values are those of one event, by canonical field. A field that is not there
// has no value, one that has several at once has what Several makes of them. Of
// a path and its last component the path is enough.
type Values map[string]string

// separator stands between the values of one field.
const separator = "\x00"

// Several is what Values have for a field with all of these values at once. A
// comparison holds when it does for one of them.
func Several(values ...string) string { return strings.Join(values, separator) }

// Each are the values that one of Values stands for.
func Each(value string) []string { return strings.Split(value, separator) }

// IsSeveral reports whether a value of Values stands for more than one.
func IsSeveral(value string) bool { return strings.Contains(value, separator) }

// lookup returns the value of a field, or what its path says of it.
func (v Values) lookup(field string) (string, bool) {
	if value, ok := v[field]; ok {
		return value, true
	}
	if field == fileExtension {
		if name, ok := v.lookup("file.name"); ok {
			if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
				return name[dot+1:], true
			}
		}
		return "", false
	}
	if path, ok := v[pathOf[field]]; ok {
		return path[strings.LastIndexAny(path, `\/`)+1:], true
	}
	return "", false
}

// Truth is what is known of a comparison with an event.
type Truth int8

// The truths. Unknown is where detlint cannot compare, as with a regular
// expression of another dialect or a value that is computed.
const (
	False   Truth = -1
	Unknown Truth = 0
	True    Truth = 1
)

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}

// Matches says whether an event satisfies the comparison.
func (e Exact) Matches(v Values) Truth { return e.Matcher()(v) }

// Matcher returns Matches for use with many events.
func (e Exact) Matcher() func(Values) Truth {
	switch {
	case e.Opaque():
		return func(Values) Truth { return Unknown }
	case e.Operator == rule.Match:
		return e.keyword()
	}
	compare := e.comparison()
	switch e.Variant {
	case variantTerm:
		compare = func(value string) Truth { return truth(e.hasTerm(strings.ToLower(value))) }
	case variantWindash:
		var spelled []func(string) Truth
		for _, k := range e.spellings() {
			spelled = append(spelled, Exact{Key: k}.comparison())
		}
		compare = func(value string) Truth {
			out := False
			for _, one := range spelled {
				out = max(out, one(value))
			}
			return out
		}
	}
	return func(v Values) Truth {
		value, ok := v.lookup(e.Field)
		if !ok {
			return False
		}
		if !IsSeveral(value) {
			return compare(value)
		}
		out := False
		for one := range strings.SplitSeq(value, separator) {
			out = max(out, compare(one))
		}
		return out
	}
}

// hasTerm reports whether a value has the text as a whole term, or as the
// beginning or the end of one, as Kusto's has, hasprefix and hassuffix ask.
func (e Exact) hasTerm(value string) bool {
	bound := func(side, edge byte) bool { return !isAlphanumeric(side) || !isAlphanumeric(edge) }
	want := e.Value
	for at := 0; want != "" && at+len(want) <= len(value); at++ {
		i := strings.Index(value[at:], want)
		if i < 0 {
			return false
		}
		at += i
		end := at + len(want)
		left := e.Operator == rule.EndsWith || at == 0 || bound(value[at-1], want[0])
		right := e.Operator == rule.StartsWith || end == len(value) || bound(value[end], want[len(want)-1])
		if left && right {
			return true
		}
	}
	return want == ""
}

func isAlphanumeric(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 0x80 }

// comparison is Matches for the value of the field.
func (e Exact) comparison() func(string) Truth {
	want, fold := e.Value, strings.ToLower
	if e.anyLetter() {
		fold = func(s string) string { return anyDrive(strings.ToLower(s)) }
	}
	text := func(holds func(value, want string) bool) func(string) Truth {
		return func(value string) Truth { return truth(holds(fold(value), want)) }
	}
	switch e.Operator {
	case rule.Exists:
		return func(string) Truth { return True }
	case rule.Eq:
		return text(func(value, want string) bool { return value == want })
	case rule.Contains:
		return text(strings.Contains)
	case rule.StartsWith:
		return text(strings.HasPrefix)
	case rule.EndsWith:
		return text(strings.HasSuffix)
	case rule.Wildcard:
		pattern := globbed(want)
		return text(func(value, _ string) bool { return covers(pattern, literal(value)) })
	case rule.CIDR:
		return inNetwork(want)
	case rule.Gt, rule.Gte, rule.Lt, rule.Lte:
		return ordered(e.Operator, want)
	case rule.Regex:
		return e.regex()
	}
	return func(string) Truth { return Unknown }
}

func inNetwork(network string) func(string) Truth {
	prefix, err := netip.ParsePrefix(network)
	return func(value string) Truth {
		if err != nil {
			return Unknown
		}
		address, err := netip.ParseAddr(value)
		return truth(err == nil && prefix.Contains(address))
	}
}

func ordered(op rule.Operator, bound string) func(string) Truth {
	want, err := strconv.ParseFloat(bound, 64)
	return func(value string) Truth {
		have, errHave := strconv.ParseFloat(value, 64)
		switch {
		case err != nil || errHave != nil:
			return Unknown
		case op == rule.Gt:
			return truth(have > want)
		case op == rule.Gte:
			return truth(have >= want)
		case op == rule.Lt:
			return truth(have < want)
		}
		return truth(have <= want)
	}
}

// Expression compiles the regular expression of the comparison; false where
// its dialect has what Go's lacks or reads otherwise. anchored is set where the
// whole value has to match.
func (e Exact) Expression() (*regexp.Regexp, bool) {
	pattern := e.Value
	if len(pattern) > maxExpression {
		return nil, false
	}
	flags := strings.Fields(e.Variant)
	prefix := ""
	for _, flag := range flags {
		switch flag {
		case "i", "m", "s":
			prefix += flag
		case variantLucene:
			// The escapes of the text around it are not decoded, and these
			// are operators.
			if strings.ContainsAny(pattern, `#@&<~"^$`) || strings.Contains(pattern, `\\`) {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	if prefix != "" {
		pattern = "(?" + prefix + ")" + pattern
	}
	compiled, err := regexp.Compile(pattern)
	return compiled, err == nil
}

// maxExpression is the longest regular expression that is tried, in bytes.
const maxExpression = 5000

// regex compares with a regular expression. Whether it has to match the whole
// value, and whether in any letter case, is not the same in all languages:
// only what holds either way is said.
func (e Exact) regex() func(string) Truth {
	strict, ok := e.Expression()
	if !ok {
		return func(string) Truth { return Unknown }
	}
	whole, err := regexp.Compile(`\A(?:` + strict.String() + `)\z`)
	loose, errLoose := regexp.Compile("(?i)" + strict.String())
	if err != nil || errLoose != nil {
		return func(string) Truth { return Unknown }
	}
	return func(value string) Truth {
		switch {
		case whole.MatchString(value):
			return True
		case !loose.MatchString(value):
			return False
		}
		return Unknown
	}
}

// keyword looks for a text in all fields. Where words begin and end differs
// from language to language: a text inside of a word may or may not be found.
func (e Exact) keyword() func(Values) Truth {
	pattern := slicesAround(globbed(e.Value))
	return func(v Values) Truth {
		found := False
		for _, all := range v {
			for value := range strings.SplitSeq(strings.ToLower(all), separator) {
				if value == e.Value || strings.Contains(" "+value+" ", " "+e.Value+" ") {
					return True
				}
				if strings.Contains(value, e.Value) || covers(pattern, literal(value)) {
					found = Unknown
				}
			}
		}
		return found
	}
}

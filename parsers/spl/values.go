package spl

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/rule"
)

// decode resolves the escapes of a text in search terms and of a string in an
// expression: \\, \" and \| lose their backslash, any other keeps it (search
// reference, "Quotes and escaping characters").
func decode(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(`\"|`, s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// pattern reads a value of search terms. * is the only wildcard and nothing
// escapes it.
func pattern(s string) *glob.Pattern {
	p := &glob.Pattern{}
	from := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '*':
			p.Literal(s[from:i])
			p.Any()
			from = i + 1
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte(`\"|`, s[i+1]) >= 0:
			p.Literal(s[from:i])
			from = i + 1
			i++
		}
	}
	p.Literal(s[from:])
	return p
}

// reduce finds the operator and the value of an equality in search terms. An
// address with a length is a network there.
func reduce(s string) (rule.Operator, string) {
	if strings.Contains(s, "/") {
		if _, err := netip.ParsePrefix(s); err == nil {
			return rule.CIDR, s
		}
	}
	return pattern(s).Reduce()
}

// likePattern reads the pattern of like(): % for any run of characters, _ for
// one.
func likePattern(s string) *glob.Pattern {
	p := &glob.Pattern{}
	from := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%' || s[i] == '_':
			p.Literal(s[from:i])
			if s[i] == '%' {
				p.Any()
			} else {
				p.One()
			}
			from = i + 1
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte(`\"|`, s[i+1]) >= 0:
			p.Literal(s[from:i])
			from = i + 1
			i++
		}
	}
	p.Literal(s[from:])
	return p
}

// modifiers are the names in search terms that bound the time or steer the
// search and compare nothing.
var modifiers = map[string]bool{
	"earliest": true, "latest": true, "_index_earliest": true, "_index_latest": true, "index_earliest": true, "index_latest": true,
	"starttime": true, "endtime": true, "starttimeu": true, "endtimeu": true, "timeformat": true, "daysago": true, "hoursago": true,
	"minutesago": true, "monthsago": true, "startdaysago": true, "starthoursago": true, "startminutesago": true,
	"startmonthsago": true, "enddaysago": true, "endhoursago": true, "endminutesago": true, "endmonthsago": true,
	"searchtimespandays": true, "searchtimespanhours": true, "searchtimespanminutes": true, "searchtimespanmonths": true,
	"splunk_server": true, "splunk_server_group": true,
}

// arithmetic calculates with two numbers; + joins texts.
func arithmetic(l, op, r string) (string, bool) {
	a, errA := strconv.ParseFloat(l, 64)
	b, errB := strconv.ParseFloat(r, 64)
	if errA != nil || errB != nil {
		return l + r, op == "+"
	}
	switch op {
	case "+":
		a += b
	case "-":
		a -= b
	case "*":
		a *= b
	case "/":
		if b == 0 {
			return "", false
		}
		a /= b
	default:
		return "", false
	}
	return strconv.FormatFloat(a, 'f', -1, 64), true
}

package normalize

import (
	"math"
	"net/netip"

	"github.com/detlint/detlint/rule"
)

// apart reports whether no address, or no number, satisfies two comparisons of
// one field of which one is with a network or a bound.
func apart(a, b Key) bool {
	if a.Operator == rule.CIDR || b.Operator == rule.CIDR {
		x, okX := networkOf(a)
		y, okY := networkOf(b)
		return okX && okY && !x.Overlaps(y)
	}
	if !isOrder(a.Operator) && !isOrder(b.Operator) || !IsNumeric(a.Field) {
		return false
	}
	x, okX := spanOf(a)
	y, okY := spanOf(b)
	return okX && okY && (x.endsBefore(y) || y.endsBefore(x))
}

func isOrder(op rule.Operator) bool {
	return op == rule.Gt || op == rule.Gte || op == rule.Lt || op == rule.Lte
}

// IsNumeric reports whether the values of a canonical field are numbers, which
// are ordered as such and not as texts.
func IsNumeric(field string) bool {
	kind := canonicalKinds()[field]
	return kind == "number" || kind == "port"
}

// networkOf is the network that a comparison lets through; an address is one of
// its own.
func networkOf(k Key) (netip.Prefix, bool) {
	switch k.Operator {
	case rule.CIDR:
		p, err := netip.ParsePrefix(k.Value)
		return p, err == nil && !p.Addr().Is4In6()
	case rule.Eq:
		a, err := netip.ParseAddr(k.Value)
		if err != nil {
			return netip.Prefix{}, false
		}
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	return netip.Prefix{}, false
}

// span is all numbers between two, which it has unless it is open there.
type span struct {
	low, high         float64
	lowOpen, highOpen bool
}

func (s span) endsBefore(t span) bool {
	return s.high < t.low || s.high == t.low && (s.highOpen || t.lowOpen)
}

// spanOf is the numbers that a comparison lets through.
func spanOf(k Key) (span, bool) {
	n, ok := number(k.Value)
	if !ok || math.IsNaN(n) {
		return span{}, false
	}
	switch k.Operator {
	case rule.Eq:
		return span{low: n, high: n}, true
	case rule.Gt, rule.Gte:
		return span{low: n, lowOpen: k.Operator == rule.Gt, high: math.Inf(1)}, true
	case rule.Lt, rule.Lte:
		return span{low: math.Inf(-1), high: n, highOpen: k.Operator == rule.Lt}, true
	}
	return span{}, false
}

// Exhausts reports whether every number satisfies one of two comparisons of a
// field.
func Exhausts(a, b Key) bool {
	if a.Field != b.Field || !isOrder(a.Operator) || !isOrder(b.Operator) || !IsNumeric(a.Field) {
		return false
	}
	x, okX := spanOf(a)
	y, okY := spanOf(b)
	if !okX || !okY {
		return false
	}
	if math.IsInf(x.high, 1) {
		x, y = y, x
	}
	// x begins below everything, y goes beyond it.
	return math.IsInf(x.low, -1) && math.IsInf(y.high, 1) && (x.high > y.low || x.high == y.low && !(x.highOpen && y.lowOpen))
}

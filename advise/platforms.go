package advise

import (
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
)

// readPlatforms are the platforms of a public rule, a bit for each: that of its
// logsource, else the operating system that a folder of its repository is named
// after, else those of its events. Endpoint sensors see several systems, so that
// rules on one and the same event may have nothing in common.
func (x *index) readPlatforms(ref catalog.RuleRef) uint64 {
	product, _, _ := strings.Cut(x.c.Category(ref), "/")
	if name := normalize.ProductPlatform(product); name != "" {
		return x.platformBit(name)
	}
	for folder := range strings.SplitSeq(x.c.Path(ref), "/") {
		switch folder {
		case onWindows, onLinux, onMacOS:
			return x.platformBit(folder)
		}
	}
	var out uint64
	for e := range x.c.RuleEvents(ref) {
		if name := normalize.ProviderPlatform(e.Provider); name != "" {
			out |= x.platformBit(name)
		}
	}
	if out != 0 {
		return out
	}
	for row := range x.c.IndicatorRows(ref) {
		out |= x.shapePlatform(row)
	}
	for _, row := range x.c.ExclusionRows(ref) {
		out |= x.shapePlatform(row)
	}
	return out
}

// shapePlatform is what a comparison tells of the system that has such things.
func (x *index) shapePlatform(row catalog.Row) (bits uint64) {
	for _, system := range systemsWith(row.Key()) {
		bits |= x.platformBit(system)
	}
	return bits
}

// unwatched stands for platforms that no public rule watches.
const unwatched = 1 << 63

// platformBit numbers the platforms. Those beyond the 63rd are not told apart
// from unknown ones.
func (x *index) platformBit(name string) uint64 {
	bit, ok := x.platformBits[name]
	if !ok {
		bit = 1 << len(x.platformBits) &^ unwatched
		x.platformBits[name] = bit
	}
	return bit
}

// platformsOf are the platforms of a rule that is asked about.
func (x *index) platformsOf(r *normalize.Rule) uint64 {
	var out uint64
	for _, name := range r.Platforms() {
		if bit, ok := x.platformBits[name]; ok {
			out |= bit
		} else {
			out |= unwatched
		}
	}
	return out
}

// otherPlatform reports whether a public rule watches none of some platforms.
// It does not where those of either are not known.
func (x *index) otherPlatform(platforms uint64, ref uint32) bool {
	on := x.platforms[ref]
	return platforms != 0 && on != 0 && platforms&on == 0
}

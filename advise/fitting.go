package advise

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Fits reports whether an exclusion goes with the way a rule excludes, if it does. Whoever
// wrote a rule that lists single programs of a folder did not mean all of it, who
// excluded something together with a second condition did not mean it alone, who
// left the private networks in is after those inside, and who asks for certain
// names is not told of others. A program that does for anybody what it is called
// with is for whoever the rule is after, too.
func Fits(r *normalize.Rule, k normalize.Key) bool {
	file := fileOf(k.Field)
	switch {
	case normalize.Kind(k.Field) == "ip":
		return len(r.Exclusions) == 0 || fitsNetworks(r, k)
	case narrowed(r, k) || file != "" && aboutNames(r, file) || Tool(k):
		return false
	case file == "":
		return true
	}
	name, folder := splitPath(k.Operator, k.Value)
	if name == "" {
		return fitsFolder(r, k, folder)
	}
	return !named(r, k, name) && startsSo(r, k.Field, name)
}

// twins are folders of the system of which one is for programs of the other width.
var twins = map[string]string{
	`\windows\system32`: `\windows\syswow64`, `\windows\syswow64`: `\windows\system32`,
	`\program files`: `\program files (x86)`, `\program files (x86)`: `\program files`,
}

// fitsFolder reports whether a rule that excludes folders as a whole excludes the
// twin of one, or one beside it and nothing in it: where certain names are looked
// for, folders say where they belong.
func fitsFolder(r *normalize.Rule, k normalize.Key, folder string) bool {
	beside, inside := len(r.Exclusions) == 0, false
	for _, clause := range r.ExclusionKeys() {
		for _, own := range clause {
			if own.Field != k.Field {
				continue
			}
			inside = inside || normalize.Implies(own, k)
			name, other := splitPath(own.Operator, own.Value)
			if len(clause) != 1 || name != "" || other == "" || !anchored(own) {
				continue
			}
			if twins[folder] != "" && twins[folder] == other {
				return true
			}
			beside = beside || parent(other) == parent(folder)
		}
	}
	return beside && !inside && (r.Root() == nil || !asksForName(r, r.Root(), fileOf(k.Field), map[*normalize.Node]bool{}))
}

// aboutNames reports whether a rule asks for the name in a header and excludes the
// name on the disk: what is left goes by another name.
func aboutNames(r *normalize.Rule, file string) bool {
	return slices.ContainsFunc(r.Predicates, func(p normalize.Predicate) bool {
		return p.IsIndicator() && strings.HasSuffix(p.Key.Field, ".pe.original_file_name") && fileOf(p.Key.Field) == file &&
			slices.ContainsFunc(r.ExclusionKeys(), func(clause []normalize.Key) bool {
				return len(clause) == 1 && fileOf(clause[0].Field) == file && clause[0].Field != file && sameName(nameIn(clause[0]), p.Key.Value)
			})
	})
}

// fileOf is the path field of the file that a field says something of: its path,
// its name or the name in its header.
func fileOf(field string) string {
	if owner, ok := strings.CutSuffix(field, ".pe.original_file_name"); ok {
		return owner + ".executable"
	}
	if path := pathOf(field); normalize.IsPath(path) {
		return path
	}
	return ""
}

func parent(folder string) string {
	return folder[:max(strings.LastIndexAny(folder, `\/`), 0)]
}

// narrowed reports whether a rule excludes the same, or something that takes it
// in, together with something else: its author has drawn the line.
func narrowed(r *normalize.Rule, k normalize.Key) bool {
	return slices.ContainsFunc(r.ExclusionKeys(), func(clause []normalize.Key) bool {
		related := slices.ContainsFunc(clause, func(own normalize.Key) bool {
			return normalize.Implies(k, own) || normalize.Implies(own, k)
		})
		return related && slices.ContainsFunc(clause, func(own normalize.Key) bool { return pathOf(own.Field) != pathOf(k.Field) })
	})
}

// named reports whether a rule excludes a file by its name already, wherever it
// stands.
func named(r *normalize.Rule, k normalize.Key, name string) bool {
	field := normalize.BaseName(k.Field)
	return field != "" && slices.ContainsFunc(r.ExclusionKeys(), func(clause []normalize.Key) bool {
		return len(clause) == 1 && clause[0].Field == field &&
			normalize.Implies(normalize.Key{Field: field, Operator: rule.Eq, Value: strings.Trim(name, "*")}, clause[0])
	})
}

// startsSo reports whether a file of a name may be one that the rule looks for,
// where each of its paths asks for certain names.
func startsSo(r *normalize.Rule, field, name string) bool {
	file := fileOf(field)
	if r.Root() == nil || !asksForName(r, r.Root(), file, map[*normalize.Node]bool{}) {
		return true
	}
	return slices.ContainsFunc(r.Predicates, func(p normalize.Predicate) bool {
		return isName(&p, file) && sameName(nameIn(p.Key), name)
	})
}

// asksForName reports whether every path through a part of a condition asks for
// the name of a file.
func asksForName(r *normalize.Rule, n *normalize.Node, file string, done map[*normalize.Node]bool) bool {
	if known, ok := done[n]; ok {
		return known
	}
	asks := false
	switch n.Kind {
	case normalize.LeafNode:
		asks = isName(&r.Predicates[n.Predicate], file)
	case normalize.AndNode:
		asks = slices.ContainsFunc(n.Children, func(child *normalize.Node) bool { return asksForName(r, child, file, done) })
	case normalize.OrNode:
		asks = !slices.ContainsFunc(n.Children, func(child *normalize.Node) bool { return !asksForName(r, child, file, done) })
	}
	done[n] = asks
	return asks
}

func isName(p *normalize.Predicate, file string) bool {
	return p.IsIndicator() && fileOf(p.Key.Field) == file && nameIn(p.Key) != ""
}

// nameIn is the name of a file that a comparison asks for.
func nameIn(k normalize.Key) string {
	if pathOf(k.Field) == k.Field && normalize.IsPath(k.Field) {
		name, _ := splitPath(k.Operator, k.Value)
		return name
	}
	switch k.Operator {
	case rule.Eq, rule.StartsWith, rule.Wildcard:
		return k.Value
	}
	return ""
}

// sameName reports whether two names, or patterns of them, may be of one file. The
// name in the header of a program often goes without the extension.
func sameName(a, b string) bool {
	a, b = strings.TrimSuffix(a, ".exe"), strings.TrimSuffix(b, ".exe")
	a, b = strings.Trim(a, "*"), strings.Trim(b, "*")
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

// special are the networks of IANA's registries (RFC 6890) in which a machine may
// talk to itself, its neighbours and all of some at once. Those that are set aside for
// documentation, tests and protocols see no traffic, so that excluding them makes
// nothing quieter, and any other belongs to somebody, and to somebody else tomorrow.
var special = networks(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4",
	"255.255.255.255/32", "::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8",
)

// private are those of them in which people's own machines are.
var private = networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")

var everything = networks("0.0.0.0/0", "::/0")

// unspecified are the addresses that stand for the machine itself on Unix.
var unspecified = networks("0.0.0.0/8", "::/128")

func networks(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		out[i] = netip.MustParsePrefix(text)
	}
	return out
}

// fitsNetworks reports whether a network goes with those that a rule excludes: a
// private one with private ones, another that is set aside with any such, and both
// with networks of the internet.
func fitsNetworks(r *normalize.Rule, k normalize.Key) bool {
	if within(k, unspecified) && !slices.Contains(r.Platforms(), "linux") && !slices.Contains(r.Platforms(), "macos") {
		return false // Windows connects to no such address, and none is on the wire
	}
	among := special
	if within(k, private) {
		among = private
	}
	return within(k, among) && !narrowed(r, k) && slices.ContainsFunc(r.ExclusionKeys(), func(clause []normalize.Key) bool {
		if len(clause) != 1 || clause[0].Field != k.Field {
			return false
		}
		// Who leaves out networks of the internet means the rest of that.
		return within(clause[0], among) || within(clause[0], everything) && !within(clause[0], special)
	})
}

// isInside reports whether an exclusion is of a private network that a rule which
// excludes addresses leaves in: it is after those inside, too.
func isInside(r *normalize.Rule, k normalize.Key) bool {
	if normalize.Kind(k.Field) != "ip" || !within(k, private) || fitsNetworks(r, k) {
		return false
	}
	return slices.ContainsFunc(r.Predicates, func(p normalize.Predicate) bool { return p.Negated && p.Key.Field == k.Field })
}

// within reports whether an address, or the network of a comparison, lies in one
// of some networks.
func within(k normalize.Key, networks []netip.Prefix) bool {
	network, err := netip.ParsePrefix(k.Value)
	if err != nil {
		text := k.Value
		if k.Operator == rule.StartsWith && strings.HasSuffix(text, ".") {
			// The beginning of an address that is written out.
			text += strings.Repeat("0.", max(3-strings.Count(text, "."), 0)) + "0"
		}
		addr, err := netip.ParseAddr(text)
		if err != nil {
			return false
		}
		network = netip.PrefixFrom(addr, addr.BitLen())
	}
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool {
		return n.Contains(network.Addr()) && n.Bits() <= network.Bits()
	})
}

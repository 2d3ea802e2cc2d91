package query

import (
	"net/netip"
	"strings"
)

// IsNetwork reports whether a value of a field is a network of addresses
// although the language has no operator for it: Elasticsearch takes net/len as
// the value of a field of type ip. The field's type is told by the last part of
// its name, as ECS has it.
func IsNetwork(field, value string) bool {
	switch field[strings.LastIndexByte(field, '.')+1:] {
	case "ip", "resolved_ip", "forwarded_ip":
		_, err := netip.ParsePrefix(value)
		return err == nil
	}
	return false
}

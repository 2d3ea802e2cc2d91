package tree

import "testing"

// The order of a mapping's entries does not change its sum, anything else does.
func TestSum(t *testing.T) {
	text := func(v string) *Node { return &Node{Kind: Scalar, Tag: Str, Value: v} }
	mapping := func(nodes ...*Node) *Node { return &Node{Kind: Mapping, Content: nodes} }
	list := func(nodes ...*Node) *Node { return &Node{Kind: Sequence, Content: nodes} }
	one := mapping(text("a"), list(text("x"), text("y")), text("b"), text("z"))
	if other := mapping(text("b"), text("z"), text("a"), list(text("x"), text("y"))); one.Sum() != other.Sum() {
		t.Error("the order of entries counts")
	}
	seen := map[uint64]int{}
	for i, n := range []*Node{
		nil, one, text(""), text("1"),
		{Kind: Scalar, Tag: Int, Value: "1"},
		mapping(), list(), list(text("1")), list(text("1"), text("1")),
		mapping(text("a"), list(text("y"), text("x")), text("b"), text("z")),
		mapping(text("a"), text("z"), text("b"), list(text("x"), text("y"))),
		mapping(text("a"), text("b")), mapping(text("b"), text("a")),
	} {
		if j, ok := seen[n.Sum()]; ok {
			t.Errorf("%d and %d have the same sum", i, j)
		}
		seen[n.Sum()] = i
	}
}

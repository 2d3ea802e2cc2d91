package tree

// Duplicates returns the keys of a mapping that repeat the text of an earlier
// scalar key, in the order of the file. Merged entries never do.
func (n *Node) Duplicates() []*Node {
	if n == nil || n.Kind != Mapping {
		return nil
	}
	var dups []*Node
	// Comparing all pairs is quickest for the few keys that mappings have.
	if len(n.Content) <= 32 {
		for i := 2; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			for j := 0; j < i && k.Kind == Scalar; j += 2 {
				if o := n.Content[j]; o.Kind == Scalar && o.Value == k.Value {
					dups = append(dups, k)
					break
				}
			}
		}
		return dups
	}
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != Scalar {
			continue
		}
		if seen[k.Value] {
			dups = append(dups, k)
		}
		seen[k.Value] = true
	}
	return dups
}

// maxDepth is how deep AllDuplicates looks. Readers of files refuse what is
// nested deeper.
const maxDepth = 100

// AllDuplicates returns the duplicates of a node and of everything in it.
func (n *Node) AllDuplicates() []*Node { return n.allDuplicates(nil, 0) }

func (n *Node) allDuplicates(found []*Node, depth int) []*Node {
	if n == nil || n.Kind == Scalar || depth > maxDepth {
		return found
	}
	found = append(found, n.Duplicates()...)
	for _, child := range n.Content {
		found = child.allDuplicates(found, depth+1)
	}
	return found
}

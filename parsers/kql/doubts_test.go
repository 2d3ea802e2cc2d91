package kql

import (
	"fmt"
	"testing"
)

func TestDoubts(t *testing.T) {
	for _, c := range []struct{ query, joined, unequal string }{
		{`T | where A in ("a" "b", "c")`, `["a" "b"]`, ""},
		{"T | where A has_any (\n 'a' // one\n 'b',\n 'c')", "['a' // one\n 'b']", ""},
		{`let l = dynamic(["a", "b" "c"]); T | where A in (l)`, `["b" "c"]`, ""},
		{`let l = dynamic(["a" "b"]); T | where A in (l)`, "", ""},
		{`datatable(a: string) ["a" "b", "c"]`, `["a" "b"]`, ""},
		{`let l = pack_array("a", "b" "c"); T | where A in (l)`, `["b" "c"]`, ""},
		{`T | extend B = extract("a" "b", 1, C)`, "", ""},
		{`T | where A == "a" "b"`, "", ""},
		{`T | where A matches regex "a" "b"`, "", ""},
		{`T | where A = "x"`, "", `[A = "x"]`},
		{`T | where A = "x" and B == 1`, "", `[A = "x"]`},
		{`T | where A = 5 | where B == 1`, "", `[A = 5]`},
		{`T | where A == "x"`, "", ""},
		{`T | where ok = A == "x"`, "", ""},
		{`T | where ok = true`, "", ""},
		{`T | extend A = "x"`, "", ""},
	} {
		q, problems := Parse(c.query)
		if len(problems) > 0 {
			t.Errorf("%s: %v", c.query, problems)
		}
		texts := func(list []string) string {
			if len(list) == 0 {
				return ""
			}
			return fmt.Sprint(list)
		}
		var joined, unequal []string
		for _, sp := range q.Joined {
			joined = append(joined, c.query[sp.Start:sp.End])
		}
		for _, sp := range q.Unequal {
			unequal = append(unequal, c.query[sp.Start:sp.End])
		}
		if texts(joined) != c.joined || texts(unequal) != c.unequal {
			t.Errorf("%s\njoined  %s\nunequal %s", c.query, texts(joined), texts(unequal))
		}
	}
}

package kql

import (
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/query/querytest"
)

func TestFrame(t *testing.T) {
	for name, c := range map[string]struct{ query, want string }{
		"filters":      {`T | where A == "x" and B has "y" | project A, B | sort by A`, `T`},
		"layout":       {"T // c\n|  summarize   n = count( ) by\n A|where n>5", `T · summarize n=count()by A`},
		"before":       {`T | where A == "x" | summarize count() by B`, `T · where · summarize count()by B`},
		"threshold":    {`let most = 5; T | summarize n = dcountif(A, B > most) by C`, `let most=5 · T · summarize n=dcountif(A,B>most)by C`},
		"list":         {`let tools = dynamic(["a", "b"]); T | where A in (tools) | extend x = strlen(B)`, `T · extend x=strlen(B)`},
		"chain":        {`let a = 1; let b = a; let c = 2; T | extend x = b`, `let a=1 · let b=a · T · extend x=b`},
		"window":       {`let back = 7d; T | where TimeGenerated > ago(back) | summarize count()`, `let back=7d · T · where · summarize count() · time TimeGenerated > ago(back); let back=7d`},
		"inner join":   {`T | where A == 1 | join kind=inner (U | where X == 1) on K`, `T · join kind=inner(U · )on K`},
		"anti join":    {`T | where A == 1 | join kind=leftanti (U | where X == 1) on K`, `T · join kind=leftanti(U · where X==1 · )on K`},
		"anti by name": {`let u = U | where X == 1; T | where A == 1 | join kind=leftanti u on K`, `let u=U · where X==1 · T · join kind=leftanti u on K`},
		"right join":   {`T | where A == 1 | join kind=rightouter (U | where X == 1) on K`, `T · where A==1 · join kind=rightouter(U · where X==1 · )on K`},
		"not in":       {`T | where A !in ((U | where X == 1 | project K)) and B == 2`, `T · where A!in((U · where X==1 · project K · ))and B==2 · values A !in project K`},
		"scalar":       {`let m = toscalar(U | where X == 1 | summarize max(Y)); T | where A > m`, `let m=toscalar(U · where X==1 · where · summarize max(Y) · ) · T · where A>m`},
		"order":        {`T | sort by A asc | extend p = prev(A)`, `T · sort by A asc · extend p=prev(A)`},
		"computed":     {`T | project A, C = strcat(A, B)`, `T · project A,C=strcat(A,B)`},
		"strings":      {`T | extend a = @"C:\" , b = "http://x" // c`, `T · extend a=@"C:\",b="http://x"`},
	} {
		t.Run(name, func(t *testing.T) {
			q, problems := Parse(c.query)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if got := strings.Join(q.Frame(), " · "); got != c.want {
				t.Errorf("%s\ngot  %s\nwant %s", c.query, got, c.want)
			}
		})
	}
}

// TestFrameTells changes something that the condition does not have.
func TestFrameTells(t *testing.T) {
	for _, c := range []struct{ query, before, after string }{
		{`T | join kind=$ (U | where X == 1) on K`, "inner", "leftanti"},
		{`T | join kind=leftanti (U | where X == $) on K`, "1", "2"},
		{`let u = U | where X == $; T | join kind=leftouter u on K | where isnull(X)`, "1", "2"},
		{`T | where A !in ((U | where X == $ | project K))`, "1", "2"},
		{`T | summarize n = count() by $ | where n > 5`, "A", "B"},
		{`let limit = $; T | summarize n = countif(A > limit) by B | where n > 5`, "1", "2"},
		{`let back = $; T | where TimeGenerated > ago(back) | summarize n = count() by B`, "1d", "7d"},
		{`T | top $ by A`, "5", "6"},
		{`T | parse-where A with * "$" b`, "x", "y"},
		{`T | sort by $ | extend p = prev(A)`, "A", "B"},
		{`let f = (x:string) { strcat(x, "$") }; T | extend y = f(A)`, "a", "b"},
		{`T | extend a = @"C:\$"`, "x", "y"},
		{`T | evaluate basket($)`, "0.1", "0.2"},
	} {
		frame := func(with string) []string {
			q, problems := Parse(strings.ReplaceAll(c.query, "$", with))
			if len(problems) > 0 {
				t.Fatal(c.query, problems)
			}
			return q.Frame()
		}
		if before := frame(c.before); slices.Equal(before, frame(c.after)) {
			t.Errorf("%s: %v with %s as with %s", c.query, before, c.before, c.after)
		}
	}
}

// TestFullOuterJoin looks at the rows of a join of which either side may be
// alone.
func TestFullOuterJoin(t *testing.T) {
	q, _ := Parse(`T | where A == "x" | join kind=fullouter (U | where B == "y") on K | where C == "z"`)
	c, _ := q.Condition()
	if got, want := querytest.Show(c), "branch(and(or(branch(A eq x), branch(B eq y)), C eq z))"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNever(t *testing.T) {
	for query, want := range map[string]string{
		`T | where A == 1 and not(true)`:           "branch(and(A eq 1, or()))",
		`let off = true; T | where not(off)`:       "branch(or())",
		`T | where A == 1 or not(true)`:            "branch(A eq 1)",
		`T | where A == 1 and not(false) and true`: "branch(and(A eq 1, not(or())))",
	} {
		q, _ := Parse(query)
		c, _ := q.Condition()
		if got := querytest.Show(c); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

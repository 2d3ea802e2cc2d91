package spl

import (
	"testing"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/query/querytest"
)

// known are the macros of the tests.
func known(name string, arity int) (Macro, bool) {
	macros := map[string]Macro{
		"feed":      {Definition: `sourcetype=feed OR source="*/feed"`},
		"shells":    {Definition: `(name IN ("cmd.exe", "pwsh.exe"))`},
		"flat":      {Definition: `name=a OR name=b`},
		"ends":      {Definition: `$field$=*$end$`, Arguments: []string{"field", "end"}},
		"outer":     {Definition: "`feed` AND `ends(path, $x$)`", Arguments: []string{"x"}},
		"window":    {Definition: `"-70m@m"`},
		"enrich":    {Definition: `lookup known user OUTPUT known | where known="yes"`},
		"cleared":   {Definition: "``` all users ``` user=*"},
		"around":    {Definition: "a=1 OR `torn`"},
		"behind":    {Definition: "(`feed` OR z=)"},
		"torn":      {Definition: `(sourcetype=feed`},
		"unquoted":  {Definition: `user="root OR b=1`},
		"inside":    {Definition: "c=1 `unquoted`"},
		"loop_a":    {Definition: "`loop_b`"},
		"loop_b":    {Definition: "`loop_a`"},
		"nothing":   {},
		"my_filter": {Definition: `search NOT user="svc*"`},
	}
	m, ok := macros[name]
	m.File = "macros/" + name + ".yml"
	return m, ok && len(m.Arguments) == arity
}

func TestBroken(t *testing.T) {
	querytest.RunBroken(t, "testdata/broken.txtar", func(text string) []query.Problem {
		_, problems := Parse(text, known)
		return problems
	})
}

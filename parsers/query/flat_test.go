package query

import "testing"

func TestFlat(t *testing.T) {
	tests := [][2]string{
		{"stats  n = count( * )\n\tby a , b", "stats n=count(*)by a,b"},
		{"a // so\n| b /* and\nso */ c", "a|b c"},
		{`where x == "a  // b" and 'c /* d'`, `where x=="a  // b" and 'c /* d'`},
		{`x = "a \" b"  y`, `x="a \" b" y`},
		{"`a  b`", "`a  b`"},
		{`"""a " b"""   c`, `"""a " b""" c`},
		{"a /* no end", "a"},
		{`"no end  `, `"no end  `},
		{" \n", ""},
	}
	for _, tt := range tests {
		if got := Flat(tt[0]); got != tt[1] {
			t.Errorf("%q: %q, expected %q", tt[0], got, tt[1])
		}
		if again := Flat(Flat(tt[0])); again != tt[1] {
			t.Errorf("%q: %q when written twice", tt[0], again)
		}
	}
}

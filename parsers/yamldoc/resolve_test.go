package yamldoc

import (
	"math/rand/v2"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/detlint/detlint/parsers/tree"
)

func TestResolve(t *testing.T) {
	tags := map[tree.Tag]string{tree.Str: "!!str", tree.Null: "!!null", tree.Bool: "!!bool", tree.Int: "!!int", tree.Float: "!!float", tree.Timestamp: "!!timestamp"}
	check := func(s string) {
		t.Helper()
		want := (&yaml.Node{Kind: yaml.ScalarNode, Value: s}).ShortTag()
		if s == "" {
			want = "!!null"
		}
		if got := tags[resolve(s)]; got != want && want != "!!merge" {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	}
	for _, s := range strings.Fields("~ ~x null NULL nULL true True tRUE false FALSE yes no on y n T F 0 00 0x 0x1f 0XFF 0b 0b2 0B1 0o 0o8 0O7 08 09.5 " +
		"1e 1e+ 1e5 1E-5 .e5 . .. ... .5e .inf -.INF +.NaN -.nan .Infinity Inf inf nan 9223372036854775807 9223372036854775808 18446744073709551615 " +
		"18446744073709551616 -9223372036854775809 +5 ++5 --5 +-5 -0x1F +0b1 -0o7 -0b-1 0b+1 0o+7 0o-7 -0b+1 1_000 _1 0_x1f 1.2.3 1.2.3.4 1:2 190:20:30 " +
		"2024-02-29 2023-02-29 2024-2-9 2024-13-01 2024-00-01 2024-01-00 2024-1-1T 2024-01-01T10:00:00Z 2024-01-01t1:2:3+02:00 2024-01-01T10:00:00 " +
		"2024-01-01T10:00:00.5Z 2024-01-01T10:00:00,5Z 0000-01-01 9999-12-31 2024-001-01 2024-01-001 20240101 2024- 2024-1 2024-1- 2024/01/01 " +
		"0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9 123e4567-e89b-12d3-a456-426614174000 1e1-2 <<") {
		check(s)
	}
	check("")
	check("2024-01-01 10:00:00")
	check("2024-01-01   10:00:00.25")
	check("2024-01-01 10:00")
	check("2024-01-01 ")
	rng := rand.New(rand.NewPCG(1, 2))
	for _, alphabet := range []string{"0123456789-", "0123456789.eE+-_", "01xXbBoOaF_+-", "0123-:Tt Z.", "nulNULtrueTRUEfalsFALS~"} {
		for range 100_000 {
			b := make([]byte, 1+rng.IntN(10))
			for i := range b {
				b[i] = alphabet[rng.IntN(len(alphabet))]
			}
			check(string(b))
		}
	}
	for range 50_000 { // things that are dates, nearly
		b := []byte("2024-02-29T10:20:30.5Z")
		for range rng.IntN(3) {
			b[rng.IntN(len(b))] = "0123456789-:T. "[rng.IntN(15)]
		}
		check(string(b[:4+rng.IntN(len(b)-3)]))
	}
}

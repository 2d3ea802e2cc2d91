package near

import "testing"

func TestWord(t *testing.T) {
	words := []string{"contains", "startswith", "endswith", "re", "markdown", "stable", "status"}
	for in, want := range map[string]string{
		"contians":   "contains", // neighbours swapped
		"Contains":   "contains",
		"startwith":  "startswith",
		"mark":       "markdown", // shortened
		"endswiths":  "endswith",
		"xx":         "",
		"":           "",
		"stab":       "stable",
		"sta":        "", // two begin so
		"unheard-of": "",
	} {
		if got := Word(in, words); got != want {
			t.Errorf("%q means %q, want %q", in, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"abc", "abd", 1}, {"abc", "acb", 1}, {"abc", "xyz", 3}, {"kitten", "sitting", 3}} {
		if got := Distance(tt.a, tt.b); got != tt.want {
			t.Errorf("%q to %q is %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, in := range []string{"defense-evasion", "defense_evasion", "Defense Evasion", "DefenseEvasion"} {
		if got := Fold(in); got != "defenseevasion" {
			t.Errorf("%q folds to %q", in, got)
		}
	}
}

package changes

import "testing"

func TestGitConfig(t *testing.T) {
	c := gitConfig{}
	c.parse("\ufeff; comment\n[Core]\n\tautoCRLF = input ; c\n\tquoted = \" a ; b \" # c\n\tescaped = a\\\"b\\\\c\\td\\ne\\bf\\x\n"+
		"\tlong = one \\\ntwo\n\talone\n\tempty =\n[remote \"a]\\\"b\"] url = x y  \n[section\n\tlost = 1\n[core]\nautocrlf = true\r\n", nil)
	for key, want := range map[string]string{
		"core.autocrlf": "true", "core.quoted": " a ; b ", "core.escaped": "a\"b\\c\td\ne\bfx", "core.long": "one two",
		"core.alone": "true", "core.empty": "", "remote.a]\"b.url": "x y", "section.lost": "",
	} {
		if c[key] != want {
			t.Errorf("%s: got %q, want %q", key, c[key], want)
		}
	}
	for value, want := range map[string]bool{"true": true, "yes": true, "1": true, "input": true, "off": false, "No": false, "0": false, "": false} {
		if got := (gitConfig{"k": value}).truth("k", !want); got != want {
			t.Errorf("%q: got %v", value, got)
		}
	}
	if !(gitConfig{}).truth("k", true) {
		t.Error("an absent setting is not what it is when unset")
	}
}

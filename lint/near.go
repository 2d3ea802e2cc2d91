package lint

import (
	"github.com/detlint/detlint/internal/near"
)

// meansKey reports whether a key that is no attribute was meant to be the
// given one. It is strict with short names, which are one letter away from
// many words that people use for attributes of their own (data, score).
func meansKey(word, attribute string) bool {
	a, b := near.Fold(word), near.Fold(attribute)
	if a == b || a+"s" == b || a == b+"s" {
		return true
	}
	if len(a) > len(b)+2 || len(b) > len(a)+2 {
		return false // farther apart than any of the distances below
	}
	d := near.Distance(a, b)
	switch {
	case len(b) < 4:
		return false
	case len(b) < 6:
		return d == 1 && (len(a) != len(b) || sameLetters(a, b))
	case len(b) < 8:
		return d == 1
	}
	return d <= 2
}

// sameLetters reports whether two words have the same letters in some order.
func sameLetters(a, b string) bool {
	var count [256]int
	for i := range len(a) {
		count[a[i]]++
	}
	for i := range len(b) {
		count[b[i]]--
	}
	return count == [256]int{}
}

// slip is the one of some names that a word was most likely meant to be, when
// it is a slip of the keyboard away from it; empty when there is none.
func slip(word string, names []string) string {
	meant := near.Word(word, names)
	if meant == "" || near.Distance(near.Fold(word), near.Fold(meant)) > 2 {
		return ""
	}
	return meant
}

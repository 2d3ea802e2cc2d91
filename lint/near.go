package lint

import "strings"

// nearest returns the candidate that word was most likely meant to be: the
// same in other letter case, the only one that it shortens or lengthens, or
// the only one within a few typing mistakes. It is empty when there is none
// or when two are as near as each other.
func nearest(word string, candidates []string) string {
	lower := strings.ToLower(word)
	extended := ""
	for _, c := range candidates {
		short, long := lower, strings.ToLower(c)
		if short == long {
			return c
		}
		if len(short) > len(long) {
			short, long = long, short
		}
		if len(short) >= 3 && strings.HasPrefix(long, short) {
			if extended != "" {
				extended = ""
				break
			}
			extended = c
		}
	}
	if extended != "" {
		return extended
	}
	best, bestDistance, tied := "", mistakes(len(lower))+1, false
	for _, c := range candidates {
		switch d := distance(lower, strings.ToLower(c)); {
		case d < bestDistance:
			best, bestDistance, tied = c, d, false
		case d == bestDistance && best != "":
			tied = true
		}
	}
	if tied {
		return ""
	}
	return best
}

// mistakes is how many typing mistakes a word of n letters may have and still
// be told apart from other words.
func mistakes(n int) int {
	switch {
	case n < 4:
		return 0
	case n < 6:
		return 1
	case n < 10:
		return 2
	}
	return 3
}

// maxWord bounds the words that are compared; nobody means one by a longer
// one.
const maxWord = 64

// distance counts the insertions, deletions, replacements and swaps of
// neighbours between two words.
func distance(a, b string) int {
	if len(a) > maxWord || len(b) > maxWord {
		return maxWord
	}
	var before, prev, cur [maxWord + 1]int
	for j := range len(b) {
		prev[j+1] = j + 1
	}
	for i := range len(a) {
		cur[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			cur[j+1] = min(prev[j+1]+1, cur[j]+1, prev[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				cur[j+1] = min(cur[j+1], before[j-1]+1)
			}
		}
		before, prev = prev, cur
	}
	return prev[len(b)]
}

// meansKey reports whether a key that is no attribute was meant to be the
// given one. It is strict with short names, which are one letter away from
// many words that people use for attributes of their own (data, score).
func meansKey(word, attribute string) bool {
	a, b := foldKey(word), foldKey(attribute)
	if a == b || a+"s" == b || a == b+"s" {
		return true
	}
	d := distance(a, b)
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

// foldKey is the common form of all spellings of a key.
func foldKey(key string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == '_' || r == ' ':
			return -1
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, key)
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

// Package near guesses which word of a list was meant by a misspelled one.
package near

import "strings"

// Word returns the candidate that word was most likely meant to be: the
// same in other letter case, the only one that it shortens or lengthens, or
// the only one within a few typing mistakes. It is empty when there is none
// or when two are as near as each other.
func Word(word string, candidates []string) string {
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
		switch d := Distance(lower, strings.ToLower(c)); {
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

// maxWord bounds the words that are compared, in bytes; nobody means one by a
// longer one.
const maxWord = 64

// Distance counts the bytes to insert, delete, replace or swap with their
// neighbour to make one word of the other. It is 64 for longer words.
func Distance(a, b string) int {
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

// Fold is the common form of all spellings of a name: in lower case, without
// hyphens, underscores and blanks.
func Fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == '_' || r == ' ':
			return -1
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

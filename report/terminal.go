package report

import (
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// cells measures text as terminals draw it. The locale has no say: the same
// report is the same bytes everywhere.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// tab stands for a tab character, whose width depends on the terminal.
const tab = "    "

// style is the parameter of an ANSI "select graphic rendition" sequence.
type style string

const (
	bold   style = "1"
	faint  style = "2"
	red    style = "1;31"
	green  style = "32"
	yellow style = "33"
	blue   style = "34"
	cyan   style = "36"
)

// painter colours text, or leaves it.
type painter bool

func (p painter) paint(s style, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// fit cuts a line to a number of columns. Zero stands for no limit.
func fit(line string, width int) string {
	if width <= 0 {
		return line
	}
	return cells.Truncate(line, width, "…")
}

// fold breaks a text between words into lines of a number of columns. A word
// that is longer, such as a path, stays whole, so that it can be copied. Zero
// stands for no limit.
func fold(text string, width int) []string {
	if width <= 0 || cells.StringWidth(text) <= width {
		return []string{text}
	}
	words := strings.Split(text, " ")
	var out []string
	line, used := words[0], cells.StringWidth(words[0])
	for _, word := range words[1:] {
		w := cells.StringWidth(word)
		if used+1+w > width {
			out = append(out, line)
			line, used = word, w
			continue
		}
		line, used = line+" "+word, used+1+w
	}
	out = append(out, line)
	for i := range out {
		out[i] = visible(out[i]) // what begins a line may be a command there
	}
	return out
}

// within is the number of columns that are left beside an indent; zero where
// there is no limit.
func within(width, indent int) int {
	const least = 30
	if width <= 0 {
		return 0
	}
	return max(width-indent, least)
}

// defaultSnippet is how much of a source line is shown when the width of the
// terminal is not known. Some formats keep a whole rule on one line.
const defaultSnippet = 160

// snippet cuts a source line to width columns around the code points from
// start up to end, and returns with it the line that underlines them.
func snippet(source string, start, end, width int) (line, underline string) {
	before, marked, after := excerpt(source, start, end, width)
	// The width of a text is not the sum of those of its code points: an
	// emoji may be made of several.
	indent, length := cells.StringWidth(before), cells.StringWidth(marked)
	return strings.TrimRight(before+marked+after, " "), strings.Repeat(" ", indent) + "^" + strings.Repeat("~", max(length-1, 0))
}

// excerpt cuts a source line to width columns around the code points from
// start up to end, and returns what stands before, there and after. What is
// unseen is spelled out.
func excerpt(source string, start, end, width int) (before, marked, after string) {
	runes := []rune(source)
	start = min(max(start, 0), len(runes))
	end = min(max(end, start), len(runes))

	commands := map[int]bool{}
	for _, at := range ciCommand.FindAllStringIndex(source, -1) {
		commands[utf8.RuneCountInString(source[:at[0]])+1] = true
	}
	pieces := make([]string, len(runes))
	widths := make([]int, len(runes))
	total := 0
	for i, r := range runes {
		switch {
		case r == '\t':
			pieces[i] = tab
		case unseen(r), commands[i]:
			pieces[i] = spelled(r)
		default:
			pieces[i] = string(r)
		}
		widths[i] = cells.StringWidth(pieces[i])
		total += widths[i]
	}
	lo, hi := 0, len(runes)
	if total > width {
		lo, hi = window(widths, start, end, width)
	}
	prefix, suffix := "", ""
	if lo > 0 {
		prefix = "…"
	}
	if hi < len(runes) {
		suffix = "…"
	}
	shown := func(from, to int) string { return strings.Join(pieces[min(from, hi):min(to, hi)], "") }
	return prefix + shown(lo, start), shown(start, end), shown(end, hi) + suffix
}

// window chooses what to show of a line that is too long: its beginning when
// that has all that is underlined, else what begins a little before it.
func window(widths []int, start, end, width int) (lo, hi int) {
	const dots = 1
	upto := dots
	for _, w := range widths[:end] {
		upto += w
	}
	if upto > width {
		lo = start
		for before := width / 4; lo > 0 && before >= widths[lo-1]; lo-- {
			before -= widths[lo-1]
		}
		// A mark belongs to the character before it.
		for lo > 0 && lo < len(widths) && widths[lo] == 0 {
			lo--
		}
	}
	room := width - dots
	if lo > 0 {
		room -= dots
	}
	for hi = lo; hi < len(widths) && room >= widths[hi]; hi++ {
		room -= widths[hi]
	}
	return lo, hi
}

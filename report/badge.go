package report

import (
	"bufio"
	"fmt"
	"io"
)

// badgeWidths are those of the characters of Verdana at 11 pixels that differ
// much from the usual 7, in tenths of a pixel.
var badgeWidths = map[rune]int{
	' ': 39, ',': 40, '.': 40, 'i': 30, 'j': 38, 'l': 30, 'I': 46, 'f': 39, 't': 43, 'r': 47, 's': 57, 'c': 57,
	'm': 107, 'w': 90, 'A': 75, 'C': 77, 'K': 76, 'T': 68, '&': 80,
}

// Badge draws a small sign with the number of techniques that are covered, or
// of findings where coverage was not asked for.
func Badge(w io.Writer, r *Report, _ Options) error {
	label, message, color := "ATT&CK coverage", "", "#1f6feb"
	switch {
	case r.Coverage != nil:
		message = count(len(r.Coverage.After.Techniques), "technique")
		if r.Coverage.Failed() {
			color = "#cf222e"
		}
	default:
		label, color = "detlint", "#1a7f37"
		if message = r.Summary.Findings.New.String(); message == "" {
			message = "no findings"
		} else if r.Summary.Findings.New.Error > 0 {
			color = "#cf222e"
		} else {
			color = "#9a6700"
		}
	}
	const padding = 10
	left, right := badgeWidth(label)+padding, badgeWidth(message)+padding
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="20" role="img"`, left+right)
	xmlAttributes(out, "aria-label", label+": "+message)
	out.WriteString("><title>")
	xmlText(out, label+": "+message)
	fmt.Fprintf(out, `</title><clipPath id="r"><rect width="%d" height="20" rx="3"/></clipPath>`, left+right)
	fmt.Fprintf(out, `<g clip-path="url(#r)"><rect width="%d" height="20" fill="#444c56"/><rect x="%d" width="%d" height="20" fill="%s"/></g>`, left, left, right, color)
	out.WriteString(`<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">`)
	for _, part := range []struct {
		x, width int
		text     string
	}{{left / 2, left - padding, label}, {left + right/2, right - padding, message}} {
		fmt.Fprintf(out, `<text x="%d" y="14" textLength="%d">`, part.x, part.width)
		xmlText(out, part.text)
		out.WriteString("</text>")
	}
	out.WriteString("</g></svg>\n")
	return out.Flush()
}

// badgeWidth estimates the width of a text, in pixels.
func badgeWidth(s string) int {
	tenths := 0
	for _, r := range s {
		if width, ok := badgeWidths[r]; ok {
			tenths += width
		} else {
			tenths += 70
		}
	}
	return (tenths + 9) / 10
}

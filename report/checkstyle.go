package report

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/lint"
)

// Checkstyle writes the findings as Checkstyle's XML, by file.
func Checkstyle(w io.Writer, r *Report, _ Options) error {
	out := bufio.NewWriter(w)
	out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n")
	findings := ranked(r)
	slices.SortStableFunc(findings, func(a, b *lint.Finding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Range.Start.Line, b.Range.Start.Line), cmp.Compare(a.Range.Start.Column, b.Range.Start.Column))
	})
	for i, f := range findings {
		if i == 0 || findings[i-1].Path != f.Path {
			if i > 0 {
				out.WriteString("  </file>\n")
			}
			out.WriteString("  <file")
			xmlAttributes(out, "name", visible(f.Path))
			out.WriteString(">\n")
		}
		out.WriteString("    <error")
		xmlAttributes(out, "line", strconv.Itoa(firstLine(f)))
		if f.Range.Start.Column > 0 {
			xmlAttributes(out, "column", strconv.Itoa(f.Range.Start.Column))
		}
		xmlAttributes(out, "severity", f.Severity.String(), "message", strings.Join(whole(f), "\n"), "source", "detlint."+visible(f.Check))
		out.WriteString("/>\n")
	}
	if len(findings) > 0 {
		out.WriteString("  </file>\n")
	}
	out.WriteString("</checkstyle>\n")
	return out.Flush()
}

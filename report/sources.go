package report

import (
	"fmt"
	"io"

	"github.com/detlint/detlint/catalog"
)

// Sources lists what a catalog was made of, one source a line, for a terminal.
func Sources(w io.Writer, sources []catalog.Source) error {
	body := make([][]string, len(sources))
	for i, s := range sources {
		body[i] = []string{
			visible(s.Name), count(s.Rules, "rule"), visible(string(s.Vendor)),
			visible(short(s.Commit)), visible(s.Date), visible(s.License), visible(s.URL),
		}
	}
	lines, err := aligned(make([]string, 7), []int{1}, body)
	if err != nil {
		return err
	}
	for _, line := range lines[1:] {
		if _, err := fmt.Fprintln(w, "  "+line); err != nil {
			return err
		}
	}
	return nil
}

package rule

import (
	"cmp"
	"errors"
	"slices"
)

// Edit replaces the text of a range of a file.
type Edit struct {
	Range Range  `json:"range"`
	Text  string `json:"text"`
}

// Apply edits a text. The edits may come in any order, those of one place are
// made in the order they come in; edits that overlap, or leave the text, are an
// error.
func Apply(data []byte, edits []Edit) ([]byte, error) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Range.Start.Offset, b.Range.Start.Offset), cmp.Compare(a.Range.End.Offset, b.Range.End.Offset))
	})
	var out []byte
	at := 0
	for _, e := range edits {
		from, to := e.Range.Start.Offset, e.Range.End.Offset
		if from < at || to < from || to > len(data) {
			return nil, errors.New("its edits overlap or leave the file")
		}
		out = append(append(out, data[at:from]...), e.Text...)
		at = to
	}
	return append(out, data[at:]...), nil
}

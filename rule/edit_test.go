package rule

import "testing"

func edit(from, to int, text string) Edit {
	return Edit{Range: Range{Start: Position{Offset: from}, End: Position{Offset: to}}, Text: text}
}

func TestApply(t *testing.T) {
	for _, c := range []struct {
		edits []Edit
		want  string
	}{
		{nil, "0123456789"},
		{[]Edit{edit(8, 9, "b"), edit(0, 2, "")}, "234567b9"},
		{[]Edit{edit(3, 3, "x"), edit(3, 5, "y")}, "012xy56789"},
		{[]Edit{edit(10, 10, "!")}, "0123456789!"},
		{[]Edit{edit(1, 4, ""), edit(3, 5, "")}, ""},
		{[]Edit{edit(9, 11, "")}, ""},
		{[]Edit{edit(5, 4, "")}, ""},
	} {
		got, err := Apply([]byte("0123456789"), c.edits)
		if string(got) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%v: %q, %v", c.edits, got, err)
		}
	}
}

package rule

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPosition(t *testing.T) {
	bom := "\xEF\xBB\xBF"
	tests := []struct {
		name, text   string
		offset       int32
		line, column int
	}{
		{"start", "ab\ncd", 0, 1, 1},
		{"within a line", "ab\ncd", 4, 2, 2},
		{"at the line break", "ab\ncd", 2, 1, 3},
		{"end", "ab\ncd", 5, 2, 3},
		{"beyond the end", "ab\ncd", 99, 2, 3},
		{"before the start", "ab", -1, 1, 1},
		{"after a line break at the end", "ab\n", 3, 2, 1},
		{"carriage return", "ab\r\ncd", 4, 2, 1},
		{"byte order mark", bom + "ab", 4, 1, 2},
		{"within the byte order mark", bom + "ab", 1, 1, 1},
		{"code points, not bytes", "é🦀x", 6, 1, 3},
		{"tab", "\tx", 1, 1, 2},
		{"empty", "", 0, 1, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := NewSource("f", []byte(tt.text)).Position(tt.offset)
			if got.Line != tt.line || got.Column != tt.column {
				t.Errorf("got %d:%d, want %d:%d", got.Line, got.Column, tt.line, tt.column)
			}
		})
	}
}

// TestPositionInLongLines: every offset has the column that counting from the
// line's start gives.
func TestPositionInLongLines(t *testing.T) {
	long := strings.Repeat("abcé🦀\xff", 3000)
	for _, text := range []string{long, "x\n" + long + "\r\n" + long, "\xEF\xBB\xBF" + long + "\n" + strings.Repeat("y", 5000) + "\nz"} {
		s := NewSource("f", []byte(text))
		start := 0
		if strings.HasPrefix(text, "\xEF\xBB\xBF") {
			start = 3
		}
		for o := start; o < len(text); o += 7 {
			if i := strings.LastIndexByte(text[:o], '\n') + 1; i > start {
				start = i
			}
			if want := utf8.RuneCountInString(text[start:o]) + 1; s.Position(int32(o)).Column != want {
				t.Fatalf("offset %d has column %d, want %d", o, s.Position(int32(o)).Column, want)
			}
		}
	}
	if s := NewSource("f", []byte(long)); s.Position(int32(len(long))).Column == 0 || len(s.marks) < len(long)/markEvery/2 {
		t.Errorf("%d marks", len(s.marks))
	}
}

func TestLineAround(t *testing.T) {
	s := NewSource("f", []byte("ab\r\n\ncd"))
	for offset, want := range map[int32][2]int{-1: {0, 2}, 0: {0, 2}, 3: {0, 2}, 4: {4, 4}, 5: {5, 7}, 7: {5, 7}, 99: {5, 7}} {
		if start, end := s.LineAround(offset); start != want[0] || end != want[1] {
			t.Errorf("offset %d: %d to %d, want %v", offset, start, end, want)
		}
	}
}

func TestLine(t *testing.T) {
	s := NewSource("f", []byte("\xEF\xBB\xBFab\r\n\ncd"))
	for n, want := range map[int]string{0: "", 1: "ab", 2: "", 3: "cd", 4: ""} {
		if got := string(s.Line(n)); got != want {
			t.Errorf("line %d is %q, want %q", n, got, want)
		}
	}
	if s.Line(4) != nil {
		t.Error("a line that is not there is not nil")
	}
}

func TestRetired(t *testing.T) {
	for status, want := range map[string]bool{"deprecated": true, "Unsupported": true, "stable": false, "": false} {
		if got := (&Rule{Status: Text{Value: status}}).Retired(); got != want {
			t.Errorf("%q: %t", status, got)
		}
	}
}

func TestLogsourceString(t *testing.T) {
	l := Logsource{Product: Text{Value: "Windows"}, Service: Text{Value: "security"}}
	if got := l.String(); got != "windows//security" {
		t.Errorf("got %q", got)
	}
}

func TestTrimmed(t *testing.T) {
	s := NewSource("f", []byte(" \r\n\ta b \n"))
	for from, want := range map[Span]string{{0, 9}: "a b", {0, 4}: "", {4, 7}: "a b", {5, 6}: ""} {
		if got := s.Trimmed(from); string(s.Data[got.Start:got.End]) != want {
			t.Errorf("%v is %v, expected %q", from, got, want)
		}
	}
}

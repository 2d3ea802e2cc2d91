package rule

import "testing"

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

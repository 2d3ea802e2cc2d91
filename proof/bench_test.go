package proof

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// BenchmarkExamine looks at a rule of usual size, and at one with a long list.
func BenchmarkExamine(b *testing.B) {
	for _, values := range []int{5, 500} {
		b.Run(fmt.Sprint(values), func(b *testing.B) {
			var text strings.Builder
			text.WriteString("title: T\nlogsource: {category: process_creation, product: windows}\ndetection:\n    s:\n        CommandLine|contains:\n")
			for i := range values {
				fmt.Fprintf(&text, "            - 'word%d'\n", i*i)
			}
			text.WriteString("    f:\n        Image|endswith: '\\tool.exe'\n    condition: s and not f\n")
			file := parsers.Parse("r.yml", []byte(text.String()), nil)
			r := normalize.Normalize(file.Rules[0])
			b.ReportAllocs()
			for b.Loop() {
				Examine(r)
			}
		})
	}
}

package config

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/lint"
)

// TestPagesOfChecks: what the page of a check says to write into the
// configuration can be read.
func TestPagesOfChecks(t *testing.T) {
	ignores, switches := 0, 0
	for _, c := range lint.Checks() {
		blocks := strings.Split(lint.Page(c, nil), "```yaml\n")
		for _, block := range blocks[1:] {
			text, _, _ := strings.Cut(block, "```")
			switch {
			case strings.HasPrefix(text, "ignore:"):
				ignores++
			case strings.HasPrefix(text, "checks:"):
				switches++
			default:
				continue
			}
			if _, err := Parse([]byte(text), Name, t.TempDir()); err != nil {
				t.Errorf("%s: %v\n%s", c.ID, err, text)
			}
		}
	}
	// Two cannot be passed over, two not be switched off.
	if all := len(lint.Checks()); ignores != all-2 || switches != all-2 {
		t.Errorf("%d entries of ignore and %d of checks for %d checks", ignores, switches, all)
	}
}

package pages

import (
	"testing"

	"github.com/detlint/detlint/catalog"
)

// FuzzQuestions: whatever is asked, there is a page or an error.
func FuzzQuestions(f *testing.F) {
	for _, s := range []string{"rclone.exe", `Image=*\x.exe`, "?:\\", "*", "**?", "=", "T1O20", "a\x00b", `\`, "process.name=", "%systemroot%"} {
		f.Add(s)
	}
	var c *catalog.Catalog
	f.Fuzz(func(t *testing.T, question string) {
		if c == nil {
			c = small(t)
		}
		if p, err := IndicatorOf(c, question); (p == nil) == (err == nil) {
			t.Errorf("indicator %q: %v, %v", question, p, err)
		}
		if p, err := FieldOf(c, question); (p == nil) == (err == nil) {
			t.Errorf("field %q: %v, %v", question, p, err)
		}
		if p, err := TechniqueOf(c, question, true); (p == nil) == (err == nil) {
			t.Errorf("technique %q: %v, %v", question, p, err)
		}
		if p, err := ExclusionsOf(c, "", false, question); (p == nil) == (err == nil) {
			t.Errorf("exclusions %q: %v, %v", question, p, err)
		}
		if p, err := RulesOf(c, question); (p == nil) == (err == nil) {
			t.Errorf("rule %q: %v, %v", question, p, err)
		}
		Find(c, []string{question})
	})
}

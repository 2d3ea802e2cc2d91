package pages

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

func key(field string, op rule.Operator, value string) normalize.Key {
	return normalize.Key{Field: field, Operator: op, Value: value}
}

var (
	rclone  = key("process.name", rule.Eq, "rclone.exe")
	copyArg = key("process.command_line", rule.Contains, "copy")
	svc     = key("user.name", rule.Eq, "svc")
	backup  = key("process.parent.name", rule.Eq, "backup.exe")
	systemd = key("process.executable", rule.Eq, `?:\windows\system32\cmd.exe`)
	sysmon  = normalize.Event{Provider: "Sysmon", Event: "1"}
)

func small(t *testing.T) *catalog.Catalog {
	t.Helper()
	b := catalog.NewBuilder("2026-08")
	n := b.AddSource(catalog.Source{Name: "a"})
	for _, r := range []catalog.Rule{
		{Vendor: rule.Sigma, ID: "aaaa1", Title: "One", Techniques: []string{"T1020"}, Events: []normalize.Event{sysmon}, Indicators: []normalize.Key{rclone, copyArg}, Exclusions: [][]normalize.Key{{svc}, {svc, backup}}},
		{Vendor: rule.Elastic, ID: "bbbb1", Title: "Two", Techniques: []string{"T1020"}, Events: []normalize.Event{sysmon}, Indicators: []normalize.Key{rclone}, Exclusions: [][]normalize.Key{{svc, backup}}},
		{Vendor: rule.Elastic, ID: "bbbb2", Title: "Three", Techniques: []string{"T1020.001"}, Indicators: []normalize.Key{copyArg, systemd, key("process.command_line", rule.Wildcard, `*a\\b*c*`), key("url", rule.Contains, "user.name=me")}},
		{Vendor: rule.Sigma, ID: "cccc", Title: "Four", Techniques: []string{"T1562.001"}, Indicators: []normalize.Key{rclone}},
	} {
		r.Source = n
		b.Add(r)
	}
	var data strings.Builder
	if _, err := b.WriteTo(&data); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data.String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// line sums a row up.
func lines(rows []Row) (out []string) {
	for _, r := range rows {
		out = append(out, strings.Join([]string{r.Field, string(r.Operator), r.Value}, " ")+" "+
			strings.Join([]string{digit(r.Rules), digit(r.Alone), digit(r.Reach)}, "/"))
	}
	return out
}

func digit(n int) string { return string(rune('0' + n)) }

func TestTechnique(t *testing.T) {
	c := small(t)
	p, err := TechniqueOf(c, "t1020", false)
	if err != nil {
		t.Fatal(err)
	}
	if p.ID != "T1020" || p.Name != "Automated Exfiltration" || !slices.Equal(p.Tactics, []string{"exfiltration"}) || p.Asked != "" {
		t.Errorf("page = %+v", p)
	}
	if want := []string{"process.name eq rclone.exe 2/1/3", "process.command_line contains copy 1/0/2"}; !slices.Equal(lines(p.Indicators), want) {
		t.Errorf("indicators = %q", lines(p.Indicators))
	}
	if want := []string{"process.parent.name eq backup.exe 2/0/2", "user.name eq svc 2/1/2"}; !slices.Equal(lines(p.Exclusions), want) {
		t.Errorf("exclusions = %q", lines(p.Exclusions))
	}
	if want := []Event{{sysmon, "Process creation", 2}}; !cmp.Equal(p.Events, want) {
		t.Errorf("events = %v", p.Events)
	}
	wantFields := []Field{
		{"process.name", 2, []OperatorCount{{rule.Eq, 2}}, []string{"rclone.exe"}},
		{"process.command_line", 1, []OperatorCount{{rule.Contains, 1}}, []string{"copy"}},
	}
	if diff := cmp.Diff(wantFields, p.Fields); diff != "" {
		t.Error(diff)
	}
	if p.Rules.Len() != 2 || p.Rules[rule.Sigma][0].Title != "One" || len(p.Subtechniques) != 1 {
		t.Errorf("rules = %v, sub-techniques %v", p.Rules, p.Subtechniques)
	}
	p, err = TechniqueOf(c, "T1020", true)
	if err != nil || p.Rules.Len() != 3 {
		t.Errorf("with sub-techniques: %v, %v", p.Rules, err)
	}
	if f := p.Fields[0]; f.Field != "process.command_line" || f.Rules != 2 || !slices.Equal(f.Operators, []OperatorCount{{rule.Contains, 2}, {rule.Wildcard, 1}}) {
		t.Errorf("field = %+v", f)
	}
	p, err = TechniqueOf(c, "T1089", false) // replaced twice
	if err != nil || p.ID != "T1685" || p.Asked != "T1089" || p.Rules.Len() != 1 {
		t.Errorf("page of T1089 = %+v, %v", p, err)
	}
	p, err = TechniqueOf(c, "T1003", false)
	if err != nil || p.Rules.Len() != 0 {
		t.Errorf("page of T1003 = %+v, %v", p, err)
	}
	for id, near := range map[string]string{"T1O20": "T1020 (Automated Exfiltration)", "automated exfiltration": "T1020 (Automated Exfiltration)", "T9999": "", "": ""} {
		_, err := TechniqueOf(c, id, false)
		var unknown *UnknownError
		if !errors.As(err, &unknown) || unknown.Near != near {
			t.Errorf("error of %q = %v", id, err)
		}
	}
}

func TestIndicator(t *testing.T) {
	c := small(t)
	for query, want := range map[string]int{
		"rclone.exe": 3, "RCLONE.EXE": 3, `\rclone.exe`: 3, `*\rclone.exe`: 3, "process.name=rclone.exe": 3, `Image=*\rclone.exe`: 3,
		`Processes.process_name=rclone.exe`: 3, "user.name=rclone.exe": 0, `*rclone.exe*`: 0, "rclone": 0, "": 0,
		"copy": 2, "*copy*": 2, "copy*": 0, "CommandLine=copy": 2, `C:\Windows\System32\cmd.exe`: 1, `?:\windows\system32\cmd.exe`: 1,
		`%SystemRoot%\System32\cmd.exe`: 1, `*a\b*c*`: 1, `*a\\b*c*`: 1, "user.name=me": 1,
	} {
		p, err := IndicatorOf(c, query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if got := p.Rules.Len(); got != want {
			t.Errorf("%d rules look for %q, want %d", got, query, want)
		}
	}
	p, err := IndicatorOf(c, "rclone.exe")
	if err != nil || p.Alone != 2 || len(p.Techniques) != 2 || p.Techniques[0] != (TechniqueCount{"T1020", "Automated Exfiltration", 2}) {
		t.Errorf("page = %+v, %v", p, err)
	}
	if p, err = IndicatorOf(c, "svc"); err != nil || p.Rules.Len() != 0 || p.Excluding.Len() != 2 || p.Exclusions[0].Alone != 1 {
		t.Errorf("page = %+v, %v", p, err)
	}
	if p, err = IndicatorOf(c, "rclon.exe"); err != nil || !slices.Equal(p.Near, []string{"rclone.exe"}) {
		t.Errorf("near = %v, %v", p.Near, err)
	}
	for query, want := range map[string]string{
		"proces.name=rclone.exe": `unknown field "proces.name", did you mean process.name?`,
		"Imgae=rclone.exe":       `unknown field "Imgae", did you mean Image?`,
		"a=b":                    `unknown field "a"; look for words with: detlint catalog search WORDS`,
	} {
		if _, err := IndicatorOf(c, query); err == nil || err.Error() != want {
			t.Errorf("error of %q = %v", query, err)
		}
	}
}

func TestField(t *testing.T) {
	c := small(t)
	p, err := FieldOf(c, "Image")
	if err != nil || p.Field != "process.executable" || p.Asked != "Image" || p.Related != "process.name" || p.Rules.Len() != 1 {
		t.Errorf("page = %+v, %v", p, err)
	}
	p, err = FieldOf(c, "process.command_line")
	if err != nil || p.Asked != "" || p.Rules.Len() != 2 || len(p.Indicators) != 2 || p.Operators[0] != (OperatorCount{rule.Contains, 2}) {
		t.Errorf("page = %+v, %v", p, err)
	}
	if p, err = FieldOf(c, "user.name"); err != nil || p.Rules.Len() != 0 || p.Excluding.Len() != 2 {
		t.Errorf("page = %+v, %v", p, err)
	}
	if p, err = FieldOf(c, "dns.question.name"); err != nil || p.Rules.Len() != 0 {
		t.Errorf("page = %+v, %v", p, err)
	}
	if _, err = FieldOf(c, "proces.name"); err == nil || !strings.Contains(err.Error(), "did you mean process.name?") {
		t.Errorf("error = %v", err)
	}
}

func TestExclusions(t *testing.T) {
	c := small(t)
	for _, tt := range []struct {
		technique, category string
		of, with            int
		rows                []string
	}{
		{"", "", 4, 2, []string{"process.parent.name eq backup.exe 2/0/2", "user.name eq svc 2/1/2"}},
		{"T1020", "process", 2, 2, []string{"process.parent.name eq backup.exe 2/0/2"}},
		{"T1020", "User", 2, 2, []string{"user.name eq svc 2/1/2"}},
		{"T1685", "", 1, 0, nil},
	} {
		p, err := ExclusionsOf(c, tt.technique, false, tt.category)
		if err != nil || p.Of != tt.of || p.With != tt.with || !slices.Equal(lines(p.Exclusions), tt.rows) {
			t.Errorf("%s %s: %d of %d, %q, %v", tt.technique, tt.category, p.With, p.Of, lines(p.Exclusions), err)
		}
	}
	if _, err := ExclusionsOf(c, "", false, "procss"); err == nil || !strings.Contains(err.Error(), "did you mean process?") {
		t.Errorf("error = %v", err)
	}
	if _, err := ExclusionsOf(c, "T1O20", false, ""); err == nil {
		t.Error("an unknown technique is taken")
	}
}

func TestRules(t *testing.T) {
	c := small(t)
	for id, title := range map[string]string{"aaaa1": "One", "AAAA": "One", "cccc": "Four", "three": "Three"} {
		p, err := RulesOf(c, id)
		if err != nil || len(p.Rules) != 1 || p.Rules[0].Title != title {
			t.Errorf("%s: %v, %v", id, p, err)
		}
	}
	for id, want := range map[string]string{"bbbb": "several ids begin like this", "aaaa2": "did you mean aaaa1?", "": "an id is expected"} {
		if _, err := RulesOf(c, id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error of %q = %v, want %q", id, err, want)
		}
	}
	p, _ := RulesOf(c, "aaaa1")
	if r := p.Rules[0]; len(r.Exclusions) != 2 || len(r.Exclusions[1]) != 2 || r.Indicators[1] != (RuleRow{rclone, 3}) || r.Events[0].Rules != 2 {
		t.Errorf("rule = %+v", r)
	}
}

func TestSearch(t *testing.T) {
	c := small(t)
	p := Find(c, []string{"Automated exfil"})
	if len(p.Techniques) != 2 || p.Techniques[0].ID != "T1020" || p.Techniques[0].Rules != 2 || len(p.Rules) != 0 {
		t.Errorf("found %+v", p)
	}
	p = Find(c, []string{"clone"})
	if len(p.Indicators) != 1 || p.Indicators[0].Rules != 3 || p.Empty() {
		t.Errorf("found %+v", p)
	}
	if p = Find(c, []string{"PROCESS", "creation"}); len(p.Events) != 1 || p.Events[0].Rules != 2 {
		t.Errorf("found %+v", p)
	}
	if p = Find(c, []string{"cmd", "nothing"}); !p.Empty() {
		t.Errorf("found %+v", p)
	}
	if p = Find(c, []string{" "}); !p.Empty() {
		t.Errorf("found %+v", p)
	}
}

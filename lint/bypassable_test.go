package lint

import (
	"strings"
	"testing"
)

func TestBypassableExclusions(t *testing.T) {
	sigma := func(level, filter string) string {
		return ruleWith(level, "    a: {CommandLine|contains: ' -enc '}\n    f:\n        "+filter+"\n    condition: a and not f\n")
	}
	aws := func(title, level, selection, filter string) string {
		text := ruleWith(level, "    a: {"+selection+"}\n    f: {"+filter+"}\n    condition: a and not f\n")
		return strings.NewReplacer("category: process_creation", "service: cloudtrail", "product: windows", "product: aws", "title: A Test Of Safety", "title: "+title).Replace(text)
	}
	for _, tt := range []struct{ name, file, want string }{
		{"a working directory", sigma("medium", `CurrentDirectory|contains: '\Temp\'`), `every user can write to "\Temp\"`},
		{"a folder of programs of a user", sigma("medium", `Image|contains: '\AppData\Local\Programs\'`), `every user can write to`},
		{"a product in it", sigma("medium", `Image|contains: '\AppData\Local\Programs\Vendor\'`), ""},
		{"a folder of the system", sigma("medium", `CurrentDirectory|startswith: 'C:\Windows\System32\'`), ""},
		{"a user agent", aws("A Name", "high", "eventName: DeleteTrail", "userAgent|contains: terraform"), `an attacker can send any user agent, and "terraform"`},
		{"a user agent, at another level", aws("A Name", "medium", "eventName: DeleteTrail", "userAgent|contains: terraform"), ""},
		{"a rule about user agents", aws("A Name", "high", "userAgent|contains: curl", "userAgent|contains: terraform"), ""},
		{"a rule about unusual user agents", aws("Unusual User Agent", "high", "eventName: DeleteTrail", "userAgent|contains: terraform"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			findings := exampleFindings(bypassableExclusionCheck, nil, tt.file)
			switch {
			case tt.want == "" && len(findings) > 0:
				t.Errorf("found %q", findings[0].Message)
			case tt.want != "" && (len(findings) != 1 || !strings.HasPrefix(findings[0].Message, tt.want)):
				t.Errorf("found %v, expected %q", findings, tt.want)
			}
			for _, f := range findings {
				checkFinding(t, f)
			}
		})
	}
	query := func(value string) string {
		return strings.NewReplacer("category: process_creation", "category: dns_query").Replace(
			ruleWith("medium", "    a: {QueryName|contains: evil}\n    f: {QueryName|"+value+"}\n    condition: a and not f\n"))
	}
	if found := exampleFindings(bypassableExclusionCheck, nil, query("contains: 'microsoft.com'")); len(found) != 1 || !strings.HasPrefix(found[0].Message, `an attacker can have a host with "microsoft.com" in its name`) {
		t.Errorf("a part of a host's name: %v", found)
	}
	for _, value := range []string{"endswith: '.microsoft.com'", "contains: 'wpad'"} {
		if found := exampleFindings(bypassableExclusionCheck, nil, query(value)); len(found) != 0 {
			t.Errorf("%s: %v", value, found)
		}
	}
}

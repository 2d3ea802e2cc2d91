package report

import "path"

// fileNames say which format a file has by its name. The first that fits and
// that the command has is taken.
var fileNames = []struct{ pattern, format string }{
	{"*.sarif", "sarif"},
	{"*.sarif.json", "sarif"},
	{"gl-code-quality*.json", "gitlab"},
	{"*codequality*.json", "gitlab"},
	{"*gap*layer*.json", "navigator-gap"},
	{"*layer*gap*.json", "navigator-gap"},
	{"*navigator*gap*.json", "navigator-gap"},
	{"*delta*layer*.json", "navigator-delta"},
	{"*layer*delta*.json", "navigator-delta"},
	{"*navigator*delta*.json", "navigator-delta"},
	{"*layer*.json", "navigator"},
	{"*navigator*.json", "navigator"},
	{"*junit*.xml", "junit"},
	{"*checkstyle*.xml", "checkstyle"},
	{"*badge*.svg", "badge"},
	{"*.svg", "svg"},
	{"*.csv", "csv"},
	{"*.json", "json"},
	{"*.html", "html"},
	{"*.md", "markdown"},
	{"*.markdown", "markdown"},
	{"*.txt", "text"},
}

// FormatOfFile guesses the format that a file should have, among those a
// command has; empty when its name does not tell.
func FormatOfFile(formats []Format, name string) string {
	for _, f := range fileNames {
		if ok, _ := path.Match(f.pattern, name); !ok {
			continue
		}
		for i := range formats {
			if formats[i].Name == f.format {
				return f.format
			}
		}
	}
	return ""
}

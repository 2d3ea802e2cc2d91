package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/detlint/detlint/lint"
)

// Azure writes logging commands, which Azure Pipelines shows as the issues of
// a run. It has none for information, which is written as lines of the log.
func Azure(w io.Writer, r *Report, _ Options) error {
	out := bufio.NewWriter(w)
	for _, gate := range failedGates(r) {
		fmt.Fprintf(out, "##vso[task.logissue type=error;code=coverage]%s\n", azureText(gate))
	}
	findings := ranked(r)
	for i, f := range findings {
		if i == maxLogged {
			fmt.Fprintf(out, "##vso[task.logissue type=warning]%s more not listed here; the json report has them\n",
				count(len(findings)-i, "finding"))
			break
		}
		if f.Severity < lint.Warning {
			fmt.Fprintln(out, plainFinding(f))
			continue
		}
		fmt.Fprintf(out, "##vso[task.logissue type=%s;sourcepath=%s", f.Severity, azureProperty(visible(f.Path)))
		if !f.Range.IsZero() {
			fmt.Fprintf(out, ";linenumber=%d;columnnumber=%d", firstLine(f), max(f.Range.Start.Column, 1))
		}
		fmt.Fprintf(out, ";code=%s]%s\n", azureProperty(visible(f.Check)), azureText(strings.Join(whole(f), "\n")))
	}
	out.WriteString(closing(r))
	return out.Flush()
}

// Escapes of logging commands, as azure-pipelines-task-lib makes them.
var (
	azureTextEscapes     = strings.NewReplacer("%", "%AZP25", "\r", "%0D", "\n", "%0A")
	azurePropertyEscapes = strings.NewReplacer("%", "%AZP25", "\r", "%0D", "\n", "%0A", "]", "%5D", ";", "%3B")
)

func azureText(s string) string     { return azureTextEscapes.Replace(s) }
func azureProperty(s string) string { return azurePropertyEscapes.Replace(s) }

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// guides are the pages that say more about a command than its help does.
var guides = map[string]string{
	"detlint lint": "checks/README.md", "detlint ci": "transcript.md", "detlint diff": "diff.md", "detlint fix": "fix.md",
	"detlint init": "configuration.md", "detlint normalize": "normalization.md", "detlint catalog": "catalog.md",
	"detlint explain": "checks/README.md", "detlint checks": "checks/README.md",
}

// pageName is the file of a command: catalog-technique.md.
func pageName(cmd *cobra.Command) string {
	words := strings.Fields(cmd.CommandPath())
	if len(words) == 1 {
		return "detlint.md"
	}
	return strings.Join(words[1:], "-") + ".md"
}

// TestCommandPages: docs/commands has a page for each command, made of what
// --help prints, and no other.
func TestCommandPages(t *testing.T) {
	var index strings.Builder
	index.WriteString("# Commands\n\nA page for each, made of what `detlint COMMAND --help` prints.\n\n| command | does |\n| --- | --- |\n")
	written := []string{"README.md"}
	var page func(cmd *cobra.Command)
	page = func(cmd *cobra.Command) {
		if cmd.Hidden || cmd.Name() == "help" || cmd.Name() == "completion" {
			return
		}
		name := pageName(cmd)
		written = append(written, name)
		fmt.Fprintf(&index, "| [`%s`](%s) | %s |\n", cmd.CommandPath(), name, strings.ReplaceAll(cmd.Short, "|", `\|`))

		out, _, _ := execute(t, ".", append(strings.Fields(cmd.CommandPath())[1:], "--help")...)
		var b strings.Builder
		fmt.Fprintf(&b, "# %s\n\n%s.\n\n```text\n%s```\n", cmd.CommandPath(), cmd.Short, out)
		if guide := guides[cmd.CommandPath()]; guide != "" {
			fmt.Fprintf(&b, "\nMore: [docs/%s](../%s)\n", guide, guide)
			if _, err := os.Stat(filepath.Join(docs, guide)); err != nil {
				t.Errorf("%s: %v", cmd.CommandPath(), err)
			}
		}
		current(t, "commands/"+name, b.String())
		for _, sub := range cmd.Commands() {
			page(sub)
		}
	}
	page((&app{getenv: os.Getenv}).root())
	current(t, "commands/README.md", index.String())

	have, err := filepath.Glob(filepath.Join(docs, "commands", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range have {
		if !slices.Contains(written, filepath.Base(path)) {
			t.Errorf("%s is about no command, delete it", path)
		}
	}
}

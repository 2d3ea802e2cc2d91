package config

import (
	"fmt"
	"strings"

	"github.com/detlint/detlint/lint"
)

// intro is what the page says before the keys.
const intro = `# Configuration

detlint needs no configuration. Where a repository wants something else than what holds without one, it says so in
` + "`" + Name + "`" + `, which ` + "`detlint init`" + ` writes.

The file is looked for in the folder that the command runs in (` + "`-C DIR`" + `) and in those above it, up to the root of the
git repository. ` + "`--config FILE`" + ` names another one, ` + "`--no-config`" + ` does without. What the command line says wins over
the file. Where two states of the rules are compared, both are judged by the configuration on disk, which in CI is that of
the head: a change of the configuration makes no finding new.

Paths in the file are relative to its folder, with forward slashes. ` + "`*`" + ` stands for a part of a name, ` + "`**`" + ` for any folders,
` + "`{a,b}`" + ` for alternatives; what means a folder means all below it. Lists may be a single item.

The file is part of the repository, and so of what is reviewed. Nothing in it is executed, and no path in it may lead out of
the tree. A key that does not exist, and a value of the wrong form, end the run with exit code 2 and their place:

` + "```text" + `
.detlint.yml:7:3: error: unknown key "noisy_path" in checks, did you mean "noisy-path"?
` + "```" + `

Editors that know the YAML language server complete and check the file by its
[schema](detlint.schema.json) when it begins with this line:

` + "```yaml" + `
# yaml-language-server: $schema=https://raw.githubusercontent.com/detlint/detlint/main/docs/detlint.schema.json
` + "```" + `
`

// Page is docs/configuration.md.
func Page() string {
	var b strings.Builder
	b.WriteString(intro)
	for i := range Keys {
		k := &Keys[i]
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\nWithout it: %s.\n\n```yaml\n%s\n```\n", k.Name, k.Doc, k.Default, k.Example)
		if len(k.Keys) == 0 {
			continue
		}
		b.WriteString("\n| key | what it is |\n| --- | --- |\n")
		for j := range k.Keys {
			sub := &k.Keys[j]
			need := ""
			if sub.Required {
				need = " Required."
			}
			fmt.Fprintf(&b, "| `%s` | %s%s |\n", sub.Name, sub.Doc, need)
		}
	}
	b.WriteString("\n## Thresholds\n\n| check | threshold | default | what it is |\n| --- | --- | ---: | --- |\n")
	for _, c := range lint.Checks() {
		for _, p := range c.Params {
			fmt.Fprintf(&b, "| [%s](checks/%s.md) | `%s` | %d | %s |\n", c.ID, c.ID, p.Name, p.Default, p.Summary)
		}
	}
	return b.String()
}

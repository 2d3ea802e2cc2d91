package config

// Kind is the form of a key's value.
type Kind uint8

// The kinds. Lists take a single item too.
const (
	String   Kind = iota + 1
	Integer       // not negative
	Date          // 2027-01-31
	Choice        // one of Values
	Choices       // a list of those
	Strings       // a list of texts
	Patterns      // a list of Globs
	File          // a file in the tree
	Files         // a list of those
	Check         // the id of a check
	Checks        // a mapping from the ids of checks to settings
	Mappings      // a list of mappings with Keys
)

// Key is one key of the configuration. This table is the only place that knows
// them: what is accepted, docs/configuration.md and the JSON schema for editors
// are made of it.
type Key struct {
	Name     string
	Kind     Kind
	Values   []string
	Keys     []Key
	Required bool
	Doc      string // Markdown, sentences
	Default  string // what holds without the key
	Example  string // YAML, the key included
}

// The keys that the program reads by name.
const (
	keyPaths = "paths"
	keyCheck = "check"
)

// Keys are those of the top level.
var Keys = []Key{
	{
		Name: keyPaths, Kind: Patterns, Default: "everything",
		Doc: "What is reported about when the command line names no `PATH`. Rules elsewhere are still read: they may be " +
			"duplicates, or define what rules refer to.",
		Example: "paths: [rules/, hunting/]",
	},
	{
		Name: "exclude", Kind: Patterns, Default: "nothing",
		Doc: "Files that are not looked at, as if they were not there: neither reported about, nor counted, nor compared " +
			"with others. It holds on the command line too.",
		Example: "exclude: [\"**/testdata/**\", vendored/]",
	},
	{
		Name: "checks", Kind: Checks, Default: "every check, as its page says",
		Doc: "Settings of checks by their ids (`detlint checks` lists them): `off`, `on`, a severity (`info`, `warning`, " +
			"`error`), or a mapping with `severity` and the thresholds that the check's page names. `syntax` and " +
			"`unreadable` cannot be set: what was not read must not end green. Exclude such a file, or mend it.",
		Example: "checks:\n  filename-length: off\n  missing-exclusion: warning\n  noisy-path:\n    severity: warning\n    reach: 50",
	},
	{
		Name: "overrides", Kind: Mappings, Default: "none",
		Doc:     "Settings of checks for some paths, applied in order over `checks`.",
		Example: "overrides:\n  - paths: [hunting/]\n    checks:\n      noisy-path: off",
		Keys: []Key{
			{Name: keyPaths, Kind: Patterns, Required: true, Doc: "Where the settings hold."},
			{Name: "checks", Kind: Checks, Required: true, Doc: "As `checks` above; `on` switches a check on again."},
		},
	},
	{
		Name: "ignore", Kind: Mappings, Default: "none",
		Doc: "Findings that are not reported. All that an entry names must hold of a finding. An entry says at least a " +
			"path or an id; to switch a check off, use `checks`. See [suppressions](suppressions.md).",
		Example: "ignore:\n  - check: noisy-path\n    path: rules/windows/legacy/\n    until: 2027-01-31\n    reason: replaced when the agents are updated",
		Keys: []Key{
			{Name: keyCheck, Kind: Check, Required: true, Doc: "The id of a check."},
			{Name: "path", Kind: Patterns, Doc: "Files that the finding may be about."},
			{Name: "id", Kind: String, Doc: "The id of the rule."},
			{Name: "value", Kind: String, Doc: "The value the finding is about, as `value` in the JSON report has it."},
			{Name: "until", Kind: Date, Doc: "The last day on which the entry holds."},
			{Name: "reason", Kind: String, Doc: "Why, for those who come later."},
		},
	},
	{
		Name: "baseline", Kind: File, Default: "none",
		Doc:     "A file of known findings, which are not reported. `--write-baseline` writes it. See [suppressions](suppressions.md#baseline).",
		Example: "baseline: .detlint-baseline.json",
	},
	{
		Name: "fail_on", Kind: Choices, Values: []string{"error", "warning", "info", "never", "coverage-loss"}, Default: "`error`",
		Doc: "What a run fails on: new findings of a severity or worse; `coverage-loss`, that a technique loses its last " +
			"rule; or `never`. Like `--fail-on`.",
		Example: "fail_on: [warning, coverage-loss]",
	},
	{
		Name: "report", Kind: Choice, Values: []string{"new", "changed", "all"}, Default: "`new`; `all` with `--all`",
		Doc:     "Which findings are reported. Like `--report`.",
		Example: "report: changed",
	},
	{
		Name: "min_techniques", Kind: Integer, Default: "0",
		Doc: "How many techniques the rules must cover for `coverage` and `ci` to succeed, counted one by one: a " +
			"sub-technique does not count for its parent, nor a parent for its sub-techniques. Like `--min-techniques`.",
		Example: "min_techniques: 120",
	},
	{
		Name: "targets", Kind: File, Default: "none",
		Doc: "A list of techniques that must be covered for `coverage` and `ci` to succeed: ids, one a line, or a layer of " +
			"the ATT&CK Navigator. Like `--targets`.",
		Example: "targets: coverage-targets.txt",
	},
	{
		Name: "attack_version", Kind: Choice, Values: []string{"v18", "v19"}, Default: "`v19`",
		Doc: "The version of ATT&CK that the rules are to be mapped to. With `v18`, what only v19 changed is not reported. " +
			"Coverage is counted in the ids of that version. See [ATT&CK versions](attack.md).",
		Example: "attack_version: v18",
	},
	{
		Name: "attack", Kind: File, Default: "the built-in tables",
		Doc: "An ATT&CK bundle of MITRE, such as `enterprise-attack.json`, to use instead of the built-in tables of " +
			"techniques and tactics. It must be in the tree; one from elsewhere can be given with `--attack`. " +
			"See [ATT&CK versions](attack.md#another-release).",
		Example: "attack: tools/enterprise-attack.json",
	},
	{
		Name: "catalogs", Kind: Files, Default: "the built-in catalog",
		Doc: "Catalogs of public rules to use instead of the built-in one, all of them together. They must be in the tree; " +
			"one from elsewhere can be given with `--catalog`.",
		Example: "catalogs: [tools/catalog.bin]",
	},
	{
		Name: "known_macros", Kind: Strings, Default: "none",
		Doc: "Splunk macros that are defined elsewhere, so that nobody misses their definition. Those with arguments are " +
			"named with their number. What they stand for stays unknown, and a search that calls them is not judged by it.",
		Example: "known_macros: [sysmon, \"between(2)\"]",
	},
}

// settings are the values that a check can be set to, with what YAML 1.1 makes
// of two of them.
var settings = []string{"on", "off", "info", "warning", "error"}

package config

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// key finds one of some keys by its name.
func key(keys []Key, name string) *Key {
	for i := range keys {
		if keys[i].Name == name {
			return &keys[i]
		}
	}
	panic("the configuration has no key " + name)
}

// config fills in a configuration.
func (p *parser) config(c *Config, root *tree.Node) {
	top := p.mapping(root, Keys, "")
	at := func(name string) (*Key, *tree.Node) { return key(Keys, name), top[name] }
	c.Paths = p.patternsOf(at(keyPaths))
	c.Exclude = p.patternsOf(at("exclude"))
	if n := top["checks"]; n != nil {
		c.Checks = p.checks(n)
	}
	c.Overrides = p.overrides(at("overrides"))
	c.Ignore = p.ignores(at("ignore"))
	c.Baseline = p.file(at("baseline"))
	c.FailOn = p.choices(at("fail_on"))
	if n := top["fail_on"]; len(c.FailOn) > 1 && slices.Contains(c.FailOn, "never") {
		p.fail(n.Span, `"never" excludes other values of "fail_on"`)
	}
	c.Report = p.choice(at("report"))
	c.MinTechniques = p.number(at("min_techniques"))
	c.Targets = p.file(at("targets"))
	c.ATTACK = p.file(at("attack"))
	c.ATTACKVersion = p.choice(at("attack_version"))
	k, n := at("catalogs")
	for _, item := range p.items(k, n) {
		c.Catalogs = append(c.Catalogs, p.file(k, item))
	}
	c.KnownMacros = p.strings(at("known_macros"))
}

// file is the absolute path of a file, which must be in the tree: wherever
// links lead to.
func (p *parser) file(k *Key, n *tree.Node) string {
	text := p.text(k, n)
	if text == "" {
		return ""
	}
	if filepath.IsAbs(text) || strings.HasPrefix(text, "/") || strings.HasPrefix(text, "~") {
		p.fail(n.Span, "expected a path relative to the folder of the configuration for %q, found %q", k.Name, text)
		return ""
	}
	full := filepath.Join(p.dir, filepath.FromSlash(text))
	real := full
	// Of a file that is not there yet, the folder counts.
	if r, err := filepath.EvalSymlinks(full); err == nil {
		real = r
	} else if r, err := filepath.EvalSymlinks(filepath.Dir(full)); err == nil {
		real = filepath.Join(r, filepath.Base(full))
	}
	if !within(p.root, full) || !within(p.root, real) {
		hint := ""
		if k.Kind == Files {
			hint = "; one from elsewhere can be given with --catalog"
		}
		if k.Name == "attack" {
			hint = "; one from elsewhere can be given with --attack"
		}
		p.fail(n.Span, "%q leads out of the tree, which a configuration may not%s", text, hint)
		return ""
	}
	return full
}

// checks reads settings of checks.
func (p *parser) checks(n *tree.Node) map[string]lint.Setting {
	if n.Kind != tree.Mapping {
		p.fail(n.Span, "expected a mapping from ids of checks to settings, found %s", found(n))
		return nil
	}
	for _, dup := range n.Duplicates() {
		p.fail(dup.Span, "key %q stands twice in checks", dup.Value)
	}
	var ids []string
	for _, c := range lint.Configurable() {
		ids = append(ids, c.ID)
	}
	out := map[string]lint.Setting{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		id, value := n.Content[i], n.Content[i+1]
		switch c := lint.Lookup(id.Value); {
		case c == nil:
			p.fail(id.Span, "unknown key %q in checks%s", id.Value, didYouMean(id.Value, ids))
		case !slices.Contains(ids, c.ID):
			p.fail(id.Span, "%q cannot be set: what could not be read must not end green; exclude the file, or mend it", c.ID)
		default:
			out[c.ID] = p.setting(c, value)
		}
	}
	return out
}

func (p *parser) setting(c *lint.Check, n *tree.Node) lint.Setting {
	var s lint.Setting
	if n.Kind == tree.Scalar {
		p.position(&s, n, c.ID)
		return s
	}
	keys := []Key{{Name: "severity", Kind: Choice, Values: settings}}
	for _, param := range c.Params {
		keys = append(keys, Key{Name: param.Name, Kind: Integer})
	}
	values := p.mapping(n, keys, c.ID)
	if v := values["severity"]; v != nil {
		p.position(&s, v, "severity")
	}
	for _, param := range c.Params {
		v := values[param.Name]
		if v == nil {
			continue
		}
		number, err := strconv.Atoi(v.Value)
		if v.Kind != tree.Scalar || v.Tag != tree.Int || err != nil || number < param.Min || number > param.Max {
			p.fail(v.Span, "expected a whole number from %d to %d for %q, found %s", param.Min, param.Max, param.Name, found(v))
			continue
		}
		if s.Params == nil {
			s.Params = map[string]int{}
		}
		s.Params[param.Name] = number
	}
	return s
}

// position reads on, off or a severity, which also switches the check on. YAML
// takes the first two for truth values, and so people write those.
func (p *parser) position(s *lint.Setting, n *tree.Node, name string) {
	switch n.Value {
	case "on", "true":
		s.Switch = lint.On
	case "off", "false":
		s.Switch = lint.Off
	default:
		severity, err := lint.ParseSeverity(n.Value)
		if n.Kind != tree.Scalar || err != nil {
			p.fail(n.Span, "expected on, off, info, warning or error for %q, found %s", name, found(n))
			return
		}
		s.Switch, s.Severity = lint.On, severity
	}
}

// mappings are the items of a list of mappings, each with its values.
func (p *parser) mappings(k *Key, n *tree.Node, use func(item *tree.Node, values map[string]*tree.Node)) {
	if n == nil {
		return
	}
	if n.Kind != tree.Sequence {
		p.fail(n.Span, "expected %s for %q, found %s", k.expects(), k.Name, found(n))
		return
	}
	for _, item := range n.Content {
		if values := p.mapping(item, k.Keys, k.Name); values != nil {
			use(item, values)
		}
	}
}

func (p *parser) overrides(k *Key, n *tree.Node) []Override {
	var out []Override
	p.mappings(k, n, func(_ *tree.Node, values map[string]*tree.Node) {
		o := Override{Paths: p.patternsOf(key(k.Keys, keyPaths), values[keyPaths])}
		if checks := values["checks"]; checks != nil {
			o.Checks = p.checks(checks)
		}
		out = append(out, o)
	})
	return out
}

func (p *parser) ignores(k *Key, n *tree.Node) []Ignore {
	var out []Ignore
	p.mappings(k, n, func(item *tree.Node, values map[string]*tree.Node) {
		at := func(name string) (*Key, *tree.Node) { return key(k.Keys, name), values[name] }
		i := Ignore{
			Paths: p.patternsOf(at("path")), ID: p.text(at("id")), Value: p.text(at("value")),
			Until: p.date(at("until")), Reason: p.text(at("reason")),
			Range: p.src.Range(rule.Span{Start: item.Span.Start, End: item.Span.Start}),
		}
		if check := values[keyCheck]; check != nil {
			i.Range = p.src.Range(check.Span)
			if c := p.check(check); c != nil {
				if !slices.Contains(lint.Suppressible(), c) {
					p.fail(check.Span, "%q cannot be ignored", c.ID)
				}
				i.Check = c.ID
			}
		}
		if values["path"] == nil && values["id"] == nil {
			p.fail(item.Span, `expected "path" or "id" in an entry of "ignore"; to switch a check off, use "checks"`)
		}
		out = append(out, i)
	})
	return out
}

package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/config"
)

// loadConfig reads the configuration that holds for some paths; nil when there
// is none.
func (a *app) loadConfig(paths []string) (*config.Config, error) {
	switch {
	case a.noConfig && a.configFile != "":
		return nil, usagef("--config and --no-config exclude each other")
	case a.noConfig:
		return nil, nil
	case a.configFile != "":
		return config.Given(a.path(a.configFile), a.configFile, a.dir)
	}
	return config.Find(a.configDir(paths))
}

// configDir is the folder that a configuration is looked for from: the one the
// command runs in, unless the first path leads into another repository.
func (a *app) configDir(paths []string) string {
	if len(paths) == 0 {
		return a.dir
	}
	dir := a.path(paths[0])
	for info, err := os.Stat(dir); err != nil || !info.IsDir(); info, err = os.Stat(dir) {
		up := filepath.Dir(dir)
		if up == dir {
			return a.dir
		}
		dir = up
	}
	if here, there := config.Root(a.dir), config.Root(dir); here != there && there != "" {
		return dir
	}
	return a.dir
}

// configure puts what the configuration chooses in the place of flags that are
// not given.
func (f *reviewFlags) configure(cmd *cobra.Command, c *config.Config) {
	if c == nil {
		return
	}
	given := func(name string) bool { flag := cmd.Flags().Lookup(name); return flag == nil || flag.Changed }
	if !given("fail-on") && len(c.FailOn) > 0 {
		f.failOn = c.FailOn
	}
	if !given("min-techniques") {
		f.minTechniques = c.MinTechniques
	}
	if !given("targets") && c.Targets != "" {
		f.targets = c.Targets
	}
	if !given("report") && c.Report != "" && !f.all && !f.writeBaseline {
		f.show = c.Report
	}
}

package main

import (
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/review"
)

// coverageLoss is the value of --fail-on that is about coverage.
const coverageLoss = "coverage-loss"

// maxTargets is the largest list of targets that is read, in bytes.
const maxTargets = 16 << 20

// addGates adds the flags that say what coverage must be.
func (f *reviewFlags) addGates(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.IntVar(&f.minTechniques, "min-techniques", 0, "exit with 1 when fewer than `N` techniques are covered")
	flags.StringVar(&f.targets, "targets", "", "exit with 1 when a technique in `FILE` is not covered: ids one a line, or a Navigator layer")
}

// gates turns the flags into what a run asks of coverage.
func (f *reviewFlags) gates(a *app, cmd *cobra.Command, o *review.Options) error {
	given := cmd.Flags().Changed("fail-on")
	switch loss := slices.Contains(f.failOn, coverageLoss); {
	case given && cmd.Name() == "lint" && loss:
		return usagef("lint does not look at coverage; use --fail-on coverage-loss with detlint coverage or detlint ci")
	case given && cmd.Name() == "coverage" && !loss && !slices.Equal(f.failOn, []string{"never"}), given && cmd.Name() == "coverage" && len(f.failOn) > 1:
		return usagef("coverage reports no findings; expected --fail-on coverage-loss or never")
	}
	if f.minTechniques < 0 {
		return usagef("--min-techniques needs a number of 0 or more")
	}
	o.Gates = coverage.Gates{NoLoss: slices.Contains(f.failOn, coverageLoss), MinTechniques: f.minTechniques}
	if f.targets == "" {
		return nil
	}
	info, err := os.Stat(a.path(f.targets))
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxTargets {
		return usagef("no list of targets: %s", displayed(a.dir, a.path(f.targets)))
	}
	data, err := os.ReadFile(a.path(f.targets))
	if err != nil {
		return usagef("cannot read the targets: %v", err)
	}
	if o.Gates.Targets, err = coverage.ReadTargets(o.Tables, data); err != nil {
		return usagef("%s: %v", displayed(a.dir, a.path(f.targets)), err)
	}
	return nil
}

package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/detlint/detlint/internal/near"
)

// unknownCommand says which command was most likely meant.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	if name := near.Word(args[0], names); name != "" {
		return fmt.Errorf("unknown command %q, did you mean %q?", args[0], name)
	}
	return fmt.Errorf("unknown command %q; see: detlint --help", args[0])
}

// flagError makes a mistake in a flag a usage error that says what to do.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, f.Name)
			}
		})
		if name := near.Word(unknown.GetSpecifiedName(), names); name != "" {
			return usagef("%w, did you mean --%s?", err, name)
		}
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "int":
		return usagef("unknown value %q of --%s, expected a whole number", invalid.GetValue(), invalid.GetFlag().Name)
	}
	return usagef("%w; see: %s --help", err, cmd.CommandPath())
}

// wrapArgs makes the errors of argument checks usage errors.
func wrapArgs(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			switch err := check(cmd, args); {
			case err == nil:
				return nil
			case cmd.HasParent():
				return usagef("%w; see: %s --help", err, cmd.CommandPath())
			default:
				return &usageError{err}
			}
		}
	}
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
}

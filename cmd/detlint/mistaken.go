package main

import (
	"errors"
	"fmt"
	"strconv"

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
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	if guess := meant(args[0], names); guess != "" {
		return fmt.Errorf("unknown command %q, did you mean %q?", args[0], guess)
	}
	return fmt.Errorf("unknown command %q; see: %s --help", args[0], cmd.CommandPath())
}

// noArguments is the argument check of commands that take none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no argument, found %q; see: %[1]s --help", cmd.CommandPath(), args[0])
	}
	return nil
}

// someArguments asks for arguments.
func someArguments(ask string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return errors.New(ask)
		}
		return nil
	}
}

// flagError makes mistakes in flags usage errors, with what was expected.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		return &usageError{unknownFlag(cmd, unknown)}
	}
	var invalid *pflag.InvalidValueError
	var number *strconv.NumError
	if errors.As(err, &invalid) && errors.As(err, &number) {
		return usagef("--%s needs a whole number, found %q", invalid.GetFlag().Name, invalid.GetValue())
	}
	return &usageError{err}
}

// unknownFlag says which flag was most likely meant.
func unknownFlag(cmd *cobra.Command, err *pflag.NotExistError) error {
	name := err.GetSpecifiedName()
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if err.GetSpecifiedShortnames() == "" {
		if guess := meant(name, names); guess != "" {
			return fmt.Errorf("%w, did you mean --%s?", err, guess)
		}
	}
	return fmt.Errorf("%w; see: %s --help", err, cmd.CommandPath())
}

// meant guesses which of some names was meant, as near.Word does, and by one
// typing mistake in three letters too: here nothing rests on the guess.
func meant(word string, names []string) string {
	if guess := near.Word(word, names); guess != "" || len(word) != 3 {
		return guess
	}
	found := ""
	for _, name := range names {
		if near.Distance(word, name) > 1 {
			continue
		}
		if found != "" {
			return ""
		}
		found = name
	}
	return found
}

// wrapArgs makes the errors of argument checks usage errors.
func wrapArgs(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return &usageError{err}
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
}

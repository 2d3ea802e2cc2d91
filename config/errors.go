package config

import (
	"fmt"
	"strings"
)

// Error is something that a configuration should not say, with its place. A
// Line of 0 means the file as a whole.
type Error struct {
	Path         string
	Line, Column int // 1-based, columns in code points
	Message      string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Path + ": error: " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: error: %s", e.Path, e.Line, e.Column, e.Message)
}

// Errors is everything that is wrong with a configuration, in the order of the
// file.
type Errors []*Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}

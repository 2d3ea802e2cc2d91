package kql

import (
	"testing"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/query/querytest"
)

func TestBroken(t *testing.T) {
	querytest.RunBroken(t, "testdata/broken.txtar", func(text string) []query.Problem {
		_, problems := Parse(text)
		return problems
	})
}

package eql

import "strings"

// arity says how many arguments a function takes.
type arity struct {
	name     string // as the references spell it
	min, max int
}

// unlimited is the most arguments of a function that takes any number of them.
const unlimited = 1 << 20

// functions are those of the EQL function reference of Elasticsearch and of
// python-eql, by their names in lower case: letter case does not matter.
var functions = func() map[string]arity {
	byName := map[string]arity{}
	for _, f := range []arity{
		{"add", 2, 2},
		{"between", 3, 5}, // greedy, and case sensitivity before python-eql 0.9.1
		{"cidrMatch", 2, unlimited},
		{"concat", 1, unlimited},
		{"divide", 2, 2},
		{"endsWith", 2, 2},
		{"indexOf", 2, 3},
		{"length", 1, 1},
		{"modulo", 2, 2},
		{"multiply", 2, 2},
		{"number", 1, 2},
		{"startsWith", 2, 2},
		{"string", 1, 1},
		{"stringContains", 2, 2},
		{"substring", 2, 3},
		{"subtract", 2, 2},
		{"wildcard", 2, unlimited},
		// Of python-eql alone.
		{"arrayContains", 2, unlimited},
		{"arrayCount", 3, 3},
		{"arraySearch", 3, 3},
		{"match", 2, unlimited},
		{"matchLite", 2, unlimited},
		{"safe", 1, 1},
	} {
		byName[strings.ToLower(f.name)] = f
	}
	return byName
}()

// names are the functions, to find the one that was meant.
var names = func() []string {
	out := make([]string, 0, len(functions))
	for _, f := range functions {
		out = append(out, f.name)
	}
	return out
}()

// known finds a function by the name it is called by. Endpoint has its own
// ones behind an underscore: _arraysearch is the only one with a counterpart.
func known(name string) (arity, bool) {
	lower := strings.ToLower(name)
	if lower == "_arraysearch" {
		lower = "arraysearch"
	}
	f, ok := functions[lower]
	return f, ok
}

// pipes are those of the EQL pipe reference (head and tail) and of python-eql.
var pipes = []string{"head", "tail", "filter", "count", "unique", "unique_count", "sort"}

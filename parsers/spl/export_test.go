package spl

// KnownMacros are the macros of the tests.
var KnownMacros Macros = known

package lint

// registry has every check. Order does not matter; Checks sorts by id.
var registry = []*Check{
	syntaxCheck,
	unreadableCheck,
}

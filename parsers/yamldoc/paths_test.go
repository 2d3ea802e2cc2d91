package yamldoc

// fastPath counts documents by who read them, to see that the scanner does
// the work it is meant to.
func fastPath(data []byte) (fast, slow int) {
	text := string(data)
	chunks := joinDirectives(text, survey(data, nil))
	sc := newScanner(text)
	defer sc.release()
	for i := range chunks {
		c := &chunks[i]
		if c.err == nil && !c.odd {
			if _, ok := sc.scan(c, false); ok {
				fast++
				continue
			}
		}
		slow++
	}
	return fast, slow
}

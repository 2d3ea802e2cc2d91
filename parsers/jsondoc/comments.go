package jsondoc

// Uncomment replaces what files of settings have beyond JSON by blanks:
// comments that begin with // or stand between /* and */, and commas before a
// closing bracket. Every byte keeps its place. ok is false when there is
// nothing of that.
func Uncomment(data []byte) (plain []byte, ok bool) {
	out := append([]byte(nil), data...)
	comma := -1 // a comma that nothing but blanks has followed yet
	for i := 0; i < len(out); {
		switch c := out[i]; {
		case c == '"':
			comma = -1
			for i++; i < len(out) && out[i] != '"' && out[i] != '\n'; i++ {
				if out[i] == '\\' {
					i++
				}
			}
			i++
		case c == '/' && i+1 < len(out) && (out[i+1] == '/' || out[i+1] == '*'):
			end := commentEnd(out, i)
			blank(out[i:end])
			i, ok = end, true
		case c == ',':
			comma = i
			i++
		case c == '}' || c == ']':
			if comma >= 0 {
				out[comma], ok = ' ', true
			}
			comma = -1
			i++
		default:
			if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
				comma = -1
			}
			i++
		}
	}
	return out, ok
}

// commentEnd is where the comment that begins at i ends.
func commentEnd(data []byte, i int) int {
	block := data[i+1] == '*'
	for j := i + 2; j < len(data); j++ {
		switch {
		case !block && data[j] == '\n':
			return j
		case block && data[j] == '/' && data[j-1] == '*' && j > i+2:
			return j + 1
		}
	}
	return len(data)
}

func blank(data []byte) {
	for i := range data {
		if data[i] != '\n' {
			data[i] = ' '
		}
	}
}

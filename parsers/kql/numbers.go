package kql

// number reads a number or a span of time. What begins with digits and is
// neither is a name.
func (l *lexer) number() (token, bool) {
	if isGUID(l.text[l.pos:]) {
		return l.token(kGuid, 36), true
	}
	i := l.digits(l.pos)
	if c := l.at(i); c == '.' && (l.at(i+1) != '.' || l.at(i+2) == '.') {
		end := l.exponent(l.digits(i + 1))
		if !l.isPart(end) {
			return l.token(kReal, end-l.pos), true
		}
	} else if end := l.exponent(i); end > i && !l.isPart(end) {
		return l.token(kReal, end-l.pos), true
	}
	number := i
	if l.at(i) == '.' && isDigit(l.at(i+1)) {
		number = l.digits(i + 1)
	}
	unit := number
	for isLetter(l.at(unit)) {
		unit++
	}
	if timeUnits[l.text[number:unit]] && !l.isPart(unit) {
		return l.token(kTimespan, unit-l.pos), true
	}
	if l.text[l.pos] == '0' && l.at(l.pos+1)|0x20 == 'x' && i == l.pos+1 {
		end := l.pos + 2
		for isHex(l.at(end)) {
			end++
		}
		if end > l.pos+2 && !l.isPart(end) {
			return l.token(kLong, end-l.pos), true
		}
	}
	if !l.isPart(i) {
		return l.token(kLong, i-l.pos), true
	}
	return token{}, false
}

func (l *lexer) digits(i int) int {
	for isDigit(l.at(i)) {
		i++
	}
	return i
}

// exponent is the end of the exponent at i, or i.
func (l *lexer) exponent(i int) int {
	if l.at(i)|0x20 != 'e' {
		return i
	}
	end := i + 1
	if l.at(end) == '+' || l.at(end) == '-' {
		end++
	}
	if !isDigit(l.at(end)) {
		return i
	}
	return l.digits(end)
}

// isGUID reports whether a text begins with 01234567-89ab-cdef-0123-456789abcdef.
func isGUID(s string) bool {
	if len(s) < 36 {
		return false
	}
	for i := range 36 {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (s[i] == '-') || !dash && !isHex(s[i]) {
			return false
		}
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

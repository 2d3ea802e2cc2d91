package tree

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// UTF16 decodes a file in UTF-16, which some shells write, so that it can be
// told what such a file holds. It goes by the byte order mark, and without one
// by the zeros between the letters of the first two characters.
func UTF16(data []byte) (string, bool) {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		order = binary.BigEndian
	case len(data) >= 4 && data[0] != 0 && data[1] == 0 && data[3] == 0:
	case len(data) >= 4 && data[0] == 0 && data[1] != 0 && data[2] == 0:
		order = binary.BigEndian
	default:
		return "", false
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		// What is zero or the mark is no letter; UTF-32 has zeros between.
		if u := order.Uint16(data[i:]); u != 0 && u != 0xFEFF {
			units = append(units, u)
		}
	}
	return string(utf16.Decode(units)), true
}

// NotUTF8 is what to say of such a file.
const NotUTF8 = "the file is in UTF-16, expected UTF-8; save it as UTF-8"

package tree

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// UTF16 decodes a file that begins with the byte order mark of UTF-16, which
// some shells write, so that it can be told what such a file holds.
func UTF16(data []byte) (string, bool) {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		order = binary.BigEndian
	default:
		return "", false
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	return string(utf16.Decode(units)), true
}

// NotUTF8 is what to say of such a file.
const NotUTF8 = "the file is in UTF-16, expected UTF-8; save it as UTF-8"

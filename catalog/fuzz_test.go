package catalog

import (
	"encoding/binary"
	"hash/crc32"
	"testing"
)

// FuzzOpen overwrites a word of a good file, cuts or extends it, and asks
// everything. The checksum is made to fit, so that Verify has to find the
// damage by looking.
func FuzzOpen(f *testing.F) {
	small, large := threeRules(f).data, synthetic(f, 40)
	f.Add(false, uint32(16), uint32(0), uint32(0), uint32(0), int16(0))
	for at := uint32(0); at < headerSize; at += 4 {
		f.Add(true, at, uint32(0xffffffff), at, uint32(0x10), int16(-1))
	}
	f.Fuzz(func(t *testing.T, big bool, at, xor, at2, xor2 uint32, grow int16) {
		data := []byte(small)
		if big {
			data = []byte(large)
		}
		for _, change := range [][2]uint32{{at, xor}, {at2, xor2}} {
			i := int(change[0]) % (len(data) - 4)
			binary.LittleEndian.PutUint32(data[i:], binary.LittleEndian.Uint32(data[i:])^change[1])
		}
		if grow < 0 {
			data = data[:max(0, len(data)+int(grow))]
		} else {
			data = append(data, make([]byte, grow)...)
		}
		if len(data) > 20 && grow != 0 {
			binary.LittleEndian.PutUint32(data[16:], uint32(len(data)))
		}
		if len(data) > 16 {
			binary.LittleEndian.PutUint32(data[12:], crc32.Checksum(data[16:], castagnoli))
		}
		exerciseAll(t, string(data))
	})
}

// FuzzOpenBytes takes whole files.
func FuzzOpenBytes(f *testing.F) {
	f.Add([]byte(threeRules(f).data))
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) { exerciseAll(t, string(data)) })
}

func exerciseAll(t *testing.T, data string) {
	c, err := Open(data)
	if err != nil {
		return
	}
	exercise(c)
	if c.Verify() != nil {
		return
	}
	// What Verify accepts can be decoded and built again.
	b := NewBuilder(c.Info().Date)
	b.AddCatalog(c)
	if again := open(t, write(t, b)); again.Len() != c.Len() {
		t.Errorf("%d rules became %d", c.Len(), again.Len())
	}
}

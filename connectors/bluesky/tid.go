package bluesky

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// sortable is base 32 in the order of ASCII, so that keys sort by time.
const sortable = "234567abcdefghijklmnopqrstuvwxyz"

// tid is a record key: microseconds since 1970, then ten bits of clock, in 13 sortable characters.
// Source: https://atproto.com/specs/tid.
func tid(micros int64, clock uint16) string {
	v := uint64(micros)<<10 | uint64(clock&0x3ff)
	v &= 1<<63 - 1
	var out [13]byte
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = sortable[v&31]
		v >>= 5
	}
	return string(out[:])
}

// recordKey is the same for the same part, whenever it is asked for. It holds the millisecond of at; the microseconds and the
// clock, twenty bits in all, come from a hash of key, so that the parts of a thread do not meet.
func recordKey(at time.Time, key string) string {
	sum := sha256.Sum256([]byte(key))
	h := binary.BigEndian.Uint32(sum[:])
	return tid(at.UnixMilli()*1000+int64(h>>10)%1000, uint16(h))
}

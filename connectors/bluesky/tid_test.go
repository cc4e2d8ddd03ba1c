package bluesky

import (
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTID(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		micros int64
		clock  uint16
		want   string
	}{
		{1700000000000000, 0, "3ke6kg3wk2222"},
		{1700000000000000, 1023, "3ke6kg3wk22zz"},
		{1735689600000000, 42, "3lenax2ss223e"},
	} {
		if got := tid(c.micros, c.clock); got != c.want {
			t.Errorf("tid(%d, %d) = %s, want %s", c.micros, c.clock, got, c.want)
		}
	}
}

var tidForm = regexp.MustCompile(`^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$`)

func TestRecordKeyIsStableAndSorted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "at"))
		key := rapid.StringMatching(`[a-z0-9]{26}`).Draw(t, "key")
		got := recordKey(at, key)
		if !tidForm.MatchString(got) {
			t.Fatalf("%q is not a TID", got)
		}
		if again := recordKey(at.Add(400*time.Microsecond).UTC(), key); again != got {
			t.Fatalf("%q, then %q within the same millisecond", got, again)
		}
		if later := recordKey(at.Add(time.Millisecond), key); later <= got {
			t.Fatalf("%q is not before %q", got, later)
		}
	})
}

func TestRecordKeysOfOneMomentDiffer(t *testing.T) {
	t.Parallel()
	at, seen := time.UnixMilli(1_700_000_000_000), map[string]bool{}
	for _, a := range sortable {
		for _, b := range sortable {
			seen[recordKey(at, string(a)+string(b))] = true
		}
	}
	if len(seen) < 1020 { // 1024 keys in 1 024 000 places: half a meeting is expected
		t.Errorf("%d different keys of 1024", len(seen))
	}
}

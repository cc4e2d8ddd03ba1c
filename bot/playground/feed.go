package playground

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// keptNews is how many changes a page may have missed and still catch up without loading everything again.
const keptNews = 1024

// news is one change, already written for the browser.
type news struct {
	seq  int64
	kind string // "message", "gone", "people"
	to   string // the one user it is for; empty: everybody
	data []byte
}

// feed is the recent past of a surface. Readers keep their own place in it, so a slow browser holds nobody up.
type feed struct {
	boot string // another one after a restart: numbers start anew

	mu   sync.Mutex // guards what follows
	seq  int64
	kept []news
	wake chan struct{} // closed at the next change
}

func newFeed() *feed { return &feed{boot: rand.Text()[:8], wake: make(chan struct{})} }

func (f *feed) publish(kind, to string, what any) {
	data := encode(what)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq++
	f.kept = append(f.kept, news{f.seq, kind, to, data})
	if len(f.kept) > keptNews {
		f.kept = append([]news(nil), f.kept[len(f.kept)-keptNews/2:]...)
	}
	close(f.wake)
	f.wake = make(chan struct{})
}

// since gives the changes after seq and a channel that closes at the next one. It is false when seq is too far back.
func (f *feed) since(seq int64) ([]news, <-chan struct{}, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	first := f.seq - int64(len(f.kept)) + 1
	if seq > f.seq || seq < first-1 {
		return nil, f.wake, false
	}
	return f.kept[seq-first+1:], f.wake, true
}

// cursor is the place of the latest change, as Last-Event-ID carries it.
func (f *feed) cursor() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at(f.seq)
}

func (f *feed) at(seq int64) string { return fmt.Sprintf("%s-%d", f.boot, seq) }

// parse reads a cursor; false when it is of another run or no cursor at all.
func (f *feed) parse(cursor string) (int64, bool) {
	boot, n, _ := strings.Cut(cursor, "-")
	seq, err := strconv.ParseInt(n, 10, 64)
	return seq, err == nil && boot == f.boot
}

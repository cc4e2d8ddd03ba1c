package playground

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// entry is one line of the journal: a message as it now is, the id of one that is gone, or the highest number ever given.
type entry struct {
	Put  *messageWire `json:"put,omitempty"`
	Gone string       `json:"gone,omitempty"`
	Last int64        `json:"last,omitempty"`
}

// roomy is how many bytes are added to a journal before it is written anew with what still counts.
const roomy = 8_000_000

// journal is a file of JSON lines. It grows by every change and is written anew when it is opened and when it has grown a lot.
type journal struct {
	file  *os.File
	grown int // bytes since it was written anew
}

// append writes one line in one call, so that a crash tears at most the last line.
func (j *journal) append(e entry) error {
	n, err := j.file.Write(append(encode(e), '\n'))
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	j.grown += n
	return nil
}

func (j *journal) close() error { return j.file.Close() }

// restore reads the journal, drops what is no longer needed and opens it for more.
func (s *Surface) restore() error {
	if err := s.read(); err != nil {
		return err
	}
	for ch, all := range s.said {
		if len(all) > keptMessages {
			s.said[ch] = slices.Clone(all[len(all)-keptMessages:])
		}
	}
	file, err := s.compact()
	if err != nil {
		return err
	}
	s.journal = &journal{file: file}
	return s.blobs.sweep(s.pictures())
}

// tidy writes the journal anew when it has grown a lot. What fails is only noted: the old one still holds everything.
func (s *Surface) tidy() {
	if s.journal == nil || s.journal.grown < roomy {
		return
	}
	file, err := s.compact()
	if err == nil {
		err = s.journal.close()
		s.journal = &journal{file: file}
	}
	if err != nil {
		s.journal.grown = 0
		s.o.Log.Warn("journal not tidied", "surface", s.o.Name, "err", err)
	}
}

// read takes every line that can be read. A torn or foreign line is skipped and counted: one lost line must not lose the rest.
func (s *Surface) read() error {
	f, err := os.Open(s.o.Journal)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	skipped := 0
	for r := bufio.NewReader(f); ; {
		line, err := r.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 && !s.replay(line) {
			skipped++
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if skipped > 0 {
		s.o.Log.Warn("journal lines skipped", "surface", s.o.Name, "lines", skipped)
	}
	return nil
}

func (s *Surface) replay(line []byte) bool {
	var e entry
	if json.Unmarshal(line, &e) != nil {
		return false
	}
	switch {
	case e.Put != nil && number(e.Put.ID) > 0:
		s.put(s.fromWire(*e.Put))
	case e.Gone != "":
		for ch, all := range s.said {
			s.said[ch] = slices.DeleteFunc(all, func(m *Message) bool { return m.Ref.Message == e.Gone })
		}
	case e.Last == 0:
		return false
	}
	s.last = max(s.last, e.Last)
	return true
}

func (s *Surface) put(m *Message) {
	s.last = max(s.last, number(m.Ref.Message))
	for _, l := range m.Lines {
		s.last = max(s.last, number(l.ID))
		s.nudged[l.Key] = true
	}
	ch := m.Ref.Channel
	for i, old := range slices.Backward(s.said[ch]) {
		if old.Ref == m.Ref {
			s.said[ch][i] = m
			return
		}
	}
	s.said[ch] = append(s.said[ch], m)
}

// compact writes what counts beside the journal and puts it in its place, so that a crash leaves the old one or the new one.
func (s *Surface) compact() (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(s.o.Journal), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(s.o.Journal+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriter(f)
	w.Write(append(encode(entry{Last: s.last}), '\n')) // a bufio error stays until Flush
	for _, all := range s.said {
		for _, m := range all {
			if m.To != "" {
				continue
			}
			put := toWire(*m)
			w.Write(append(encode(entry{Put: &put}), '\n'))
		}
	}
	if err := errors.Join(w.Flush(), f.Sync(), os.Rename(f.Name(), s.o.Journal)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// pictures names every file that a kept message shows.
func (s *Surface) pictures() map[string]bool {
	used := map[string]bool{}
	for _, all := range s.said {
		for _, m := range all {
			for _, f := range m.Files {
				used[f.Hash] = true
			}
			if m.Card == nil {
				continue
			}
			for _, i := range m.Card.Images {
				used[i.Hash] = true
			}
		}
	}
	return used
}

// number reads a message id; 0 when it is not one.
func number(id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

package pretend

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// journal keeps the events in one file, one JSON line each, and the pictures beside it. Without a folder it keeps
// pictures in memory and events nowhere.
type journal struct {
	folder string
	file   *os.File
	size   int64 // of the whole lines; guarded by the server's lock, like file

	mu       sync.Mutex
	pictures map[string][]byte // without a folder
}

// openJournal reads the events of a folder, in order. A last line that was cut by a crash never counted: it is
// taken away. A broken line elsewhere is an error, for somebody has written into the file.
func openJournal(folder string, each func(event)) (*journal, error) {
	j := &journal{folder: folder, pictures: map[string][]byte{}}
	if folder == "" {
		return j, nil
	}
	if err := os.MkdirAll(filepath.Join(folder, "media"), 0o700); err != nil {
		return nil, fmt.Errorf("open village: %w", err)
	}
	name := filepath.Join(folder, "village.jsonl")
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open village: %w", err)
	}
	j.file = f
	if err := j.replay(each); err != nil {
		return nil, errors.Join(fmt.Errorf("read %s: %w", name, err), f.Close())
	}
	return j, nil
}

func (j *journal) replay(each func(event)) error {
	r := bufio.NewReader(j.file)
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return j.file.Truncate(j.size)
		}
		if err != nil {
			return err
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		each(e)
		j.size += int64(len(line))
	}
}

// write returns when e is on the disk. After an error nothing of e is left.
func (j *journal) write(e event) error {
	if j.file == nil {
		return nil
	}
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write village: %w", err)
	}
	line = append(line, '\n')
	if _, err = j.file.WriteAt(line, j.size); err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("write village: %w", errors.Join(err, j.file.Truncate(j.size)))
	}
	j.size += int64(len(line))
	return nil
}

// keep stores the bytes of a picture under its id, which the server made.
func (j *journal) keep(id string, b []byte) error {
	if j.folder == "" {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.pictures[id] = b
		return nil
	}
	return os.WriteFile(filepath.Join(j.folder, "media", id), b, 0o600)
}

// picture gives the bytes back.
func (j *journal) picture(id string) ([]byte, error) {
	if j.folder == "" {
		j.mu.Lock()
		defer j.mu.Unlock()
		if b, ok := j.pictures[id]; ok {
			return b, nil
		}
		return nil, os.ErrNotExist
	}
	return os.ReadFile(filepath.Join(j.folder, "media", id))
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}

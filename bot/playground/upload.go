package playground

import (
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"griot/chat"
	"griot/i18n"
)

const (
	maxBody  = 1_000_000 // bytes of an act without its files
	maxFiles = 10        // files of one act
)

// upload is a file that came with an act.
type upload struct {
	Attachment
	input string
}

func (u upload) file(b *blobs) chat.File {
	return chat.File{Input: u.input, Name: u.Name, Size: u.Size, Open: b.at(u.Hash).open}
}

// tooLarge is an act that brings more than it may.
type tooLarge struct{ say i18n.Localised }

// Error is the English sentence.
func (t *tooLarge) Error() string { return t.say.In(i18n.En) }

// readAct reads a multipart body: first a part "act" of JSON, then one part a file, named for its input.
func (s *Surface) readAct(w http.ResponseWriter, r *http.Request) (actWire, []upload, error) {
	var in actWire
	r.Body = http.MaxBytesReader(w, r.Body, maxBody+(s.o.MaxUpload+4096)*2*maxFiles)
	parts, err := r.MultipartReader()
	if err != nil {
		return in, nil, err
	}
	first, err := parts.NextPart()
	if err != nil || first.FormName() != "act" {
		return in, nil, errors.Join(err, errors.New("playground: no act"))
	}
	if err := json.NewDecoder(io.LimitReader(first, maxBody)).Decode(&in); err != nil {
		return in, nil, err
	}
	if in.ID == "" || len(in.ID) > 64 {
		return in, nil, errors.New("playground: act without id")
	}
	files, err := s.readFiles(parts)
	return in, files, err
}

// readFiles reads all of the body even when something in it is too large: a browser cut off in mid-sentence shows no reason.
func (s *Surface) readFiles(parts *multipart.Reader) ([]upload, error) {
	var all []upload
	var large error
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return all, large
		}
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(io.LimitReader(p, s.o.MaxUpload+1))
		if err != nil {
			return nil, err
		}
		switch {
		case int64(len(data)) > s.o.MaxUpload:
			large = &tooLarge{fileTooLarge.With(fileName(p), i18n.Size(s.o.MaxUpload))}
		case len(all) == maxFiles:
			large = &tooLarge{tooManyFiles.With(maxFiles)}
		}
		if large != nil {
			_, err = io.Copy(io.Discard, p)
		} else {
			all, err = s.keepUpload(all, p, data)
		}
		if err != nil {
			return nil, err
		}
	}
}

func (s *Surface) keepUpload(all []upload, p *multipart.Part, data []byte) ([]upload, error) {
	hash, kind, err := s.blobs.add(data)
	if err != nil {
		return nil, err
	}
	u := upload{Attachment{Hash: hash, Name: fileName(p), Type: kind, Size: int64(len(data))}, p.FormName()}
	return append(all, u), nil
}

// fileName is what the person called the file, without folders.
func fileName(p *multipart.Part) string {
	name := path.Base(strings.ReplaceAll(p.FileName(), `\`, "/"))
	if r := []rune(name); len(r) > 120 {
		name = string(r[:120])
	}
	return name
}

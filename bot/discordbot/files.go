package discordbot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"griot/bot/discordbot/components"
	"griot/chat"
	"griot/i18n"
)

// What goes along with messages. Sources: docs.discord.com, reference, uploading files; read 2026-11.
const (
	largestShown = 10 << 20 // bytes of a picture in a message
	largestSent  = 25 << 20 // bytes of all of them
	largestTaken = 64 << 20 // ours: bytes of a file that is fetched to be looked at; what is too large for a network is said there
)

// extensions are the pictures that Discord shows, with how their files are called.
var extensions = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}

// fileName is how a picture is called in Discord: never SPOILER_…, which would hide it. False for one that cannot be shown.
func fileName(i chat.Image) (string, bool) {
	ext, ok := extensions[i.Type]
	if !ok || i.Open == nil || i.Hash == "" {
		return "", false
	}
	return "p" + i.Hash[:min(len(i.Hash), 20)] + ext, true
}

// pictures reads the pictures of a card. One that cannot be shown is told by its description.
func (s *Surface) pictures(c chat.Card) ([]upload, components.Look) {
	var out []upload
	total := 0
	for _, i := range c.Images {
		name, ok := fileName(i)
		if !ok || slices.ContainsFunc(out, func(u upload) bool { return u.Name == name }) {
			continue
		}
		b, err := readAll(i.Open, largestShown)
		if err != nil || total+len(b) > largestSent {
			s.o.Log.Warn("picture not shown in discord", "surface", Name, "picture", i.Hash, "err", err)
			continue
		}
		total += len(b)
		out = append(out, upload{Name: name, Type: i.Type, Alt: chat.Cut(strings.TrimSpace(chat.Clean(i.Alt)), 1000), Bytes: b})
	}
	return out, components.Look{Picture: func(i chat.Image) (string, bool) {
		name, ok := fileName(i)
		return name, ok && slices.ContainsFunc(out, func(u upload) bool { return u.Name == name })
	}}
}

var errLarge = errors.New("larger than what is taken")

func readAll(open func() (io.ReadCloser, error), most int64) ([]byte, error) {
	r, err := open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(b)) > most {
		err = errLarge
	}
	return b, err
}

// listedFiles are the files that go along, as a message names them.
func listedFiles(files []upload) []attached {
	out := []attached{}
	for i, f := range files {
		out = append(out, attached{ID: strconv.Itoa(i), Name: f.Name, Description: f.Alt})
	}
	return out
}

// kept is what is stored of an act whose files are fetched later.
type kept struct {
	In    interaction  `json:"in"`
	Event chat.Event   `json:"event"`
	Files []attachment `json:"files"`
	Step  *step        `json:"step"`
}

// keep stores an act first: fetching its files takes longer than Discord waits.
func (s *Surface) keep(ctx context.Context, x act) reply {
	b, err := json.Marshal(kept{x.in, x.event, x.files, x.step})
	if err == nil {
		err = s.o.Keep(ctx, x.in.ID, b)
	}
	if err != nil {
		s.o.Log.Error("files not kept", "surface", Name, "guild", x.in.Guild, "err", err)
		return s.refused(x.in, errBroken)
	}
	return deferral(x.in)
}

// Later goes on with what Keep stored. Doing it twice is harmless: the handler answers an event once. An error is worth another
// try.
func (s *Surface) Later(ctx context.Context, payload []byte) error {
	var k kept
	if err := json.Unmarshal(payload, &k); err != nil {
		s.o.Log.Error("kept act not readable", "surface", Name, "err", err)
		return nil
	}
	x := act{in: k.In, event: k.Event, files: k.Files, step: k.Step}
	var lost []string
	x.event.Files, lost = s.fetch(ctx, k.Files)
	a, err := s.handle(ctx, x.event)
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		l := s.locale(k.In)
		a = chat.Warned(a, notFetched.In(l, len(lost), strings.Join(lost, ", ")))
	}
	s.late(ctx, x, a)
	return nil
}

var notFetched = i18n.Plural{
	One: i18n.Text{
		En: "⚠️ Discord no longer gives %[2]s: it is missing here. Attach it once more.",
		Fr: "⚠️ Discord ne donne plus %[2]s\u202f: il manque ici. Joignez-le une nouvelle fois.",
	},
	Many: i18n.Text{
		En: "⚠️ Discord no longer gives %[2]s: they are missing here. Attach them once more.",
		Fr: "⚠️ Discord ne donne plus %[2]s\u202f: ils manquent ici. Joignez-les une nouvelle fois.",
	},
}

// fetch reads files while their addresses hold. Lost are the names of those that could not be read.
func (s *Surface) fetch(ctx context.Context, all []attachment) (files []chat.File, lost []string) {
	for _, f := range all {
		b, err := s.download(ctx, f)
		if err != nil {
			s.o.Log.Warn("file not fetched", "surface", Name, "size", f.Size, "err", err)
			lost = append(lost, f.Name)
			continue
		}
		files = append(files, chat.File{Input: f.Input, Name: f.Name, Size: int64(len(b)),
			Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }})
	}
	return files, lost
}

// download reads one file: no more of it than is taken, so that one that is too large is refused where its network is known.
func (s *Surface) download(ctx context.Context, f attachment) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*callTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL, http.NoBody)
	if err != nil {
		return nil, unaddressed(err)
	}
	if !s.fromDiscord(req.URL.Hostname()) {
		return nil, fmt.Errorf("a file of %q", cmp.Or(req.URL.Hostname(), "nowhere"))
	}
	res, err := s.rest.http.Do(req)
	if err != nil {
		return nil, unaddressed(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("discord says %d", res.StatusCode)
	}
	return io.ReadAll(io.LimitReader(res.Body, largestTaken))
}

package slackbot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
)

// Limits of what people attach: as much as Griot keeps of a picture, and as many as a network takes of one post.
const (
	largestFile = 20_000_000 // bytes
	mostFiles   = 10
)

// uploads are the pictures that are in a workspace already.
type uploads struct {
	mu  sync.Mutex // guards all
	all map[string]uploaded
}

// uploaded is a picture in a workspace.
type uploaded struct {
	id string // Slack's, of the file
	at time.Time
}

// brief is how long Slack may take to make an uploaded file ready to be shown.
const brief = time.Minute

// fresh reports whether a picture of a card was uploaded so lately that Slack may not show it yet.
func (u *uploads) fresh(workspace string, c chat.Card, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.ContainsFunc(c.Images, func(i chat.Image) bool {
		x, ok := u.all[workspace+"|"+i.Hash]
		return ok && now.Sub(x.at) < brief
	})
}

func (u *uploads) get(workspace, hash string) (string, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	x, ok := u.all[workspace+"|"+hash]
	return x.id, ok
}

func (u *uploads) put(workspace, hash, id string, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.all) >= remembered {
		clear(u.all) // they are uploaded again when they are next shown
	}
	u.all[workspace+"|"+hash] = uploaded{id, now}
}

// look knows the pictures that are in b's workspace.
func (s *Surface) look(b *bot) blockkit.Look {
	return blockkit.Look{Picture: func(i chat.Image) (string, bool) { return s.files.get(b.Workspace, i.Hash) }}
}

// shownFiles brings a card's pictures into the workspace. One that Slack does not take is told by its description.
func (s *Surface) shownFiles(ctx context.Context, b *bot, c chat.Card) (blockkit.Look, error) {
	for _, i := range c.Images {
		if _, ok := s.files.get(b.Workspace, i.Hash); ok || i.Open == nil || !slices.Contains(shownTypes, i.Type) {
			continue
		}
		err := s.upload(ctx, b, i)
		if _, limited := errors.AsType[*slack.RateLimitedError](err); limited || revoked(err) || ctx.Err() != nil {
			return s.look(b), err
		}
		if err != nil {
			s.o.Log.Warn("picture not shown in slack", "surface", Name, "workspace", b.Workspace, "picture", i.Hash, "err", err)
		}
	}
	return s.look(b), nil
}

// shownTypes are the pictures that Slack shows in a message. Source: docs.slack.dev, image block, read 2026-11.
var shownTypes = []string{"image/png", "image/jpeg", "image/gif"}

// upload brings a picture into the workspace, once however many cards show it.
func (s *Surface) upload(ctx context.Context, b *bot, i chat.Image) error {
	back, err := s.turns.take(ctx, "file|"+b.Workspace+"|"+i.Hash)
	if err != nil {
		return err
	}
	defer back()
	if _, ok := s.files.get(b.Workspace, i.Hash); ok {
		return nil
	}
	r, err := i.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	bytes, err := io.ReadAll(io.LimitReader(r, largestFile+1))
	if err != nil {
		return err
	}
	_, kind, _ := strings.Cut(i.Type, "/")
	f, err := b.api.UploadFileContext(ctx, slack.UploadFileParameters{Reader: strings.NewReader(string(bytes)), FileSize: len(bytes),
		Filename: i.Hash[:min(12, len(i.Hash))] + "." + kind, Title: chat.Cut(i.Alt, 100), AltTxt: chat.Cut(i.Alt, 1000)})
	if err != nil {
		return err
	}
	s.files.put(b.Workspace, i.Hash, f.ID, s.o.Now())
	return nil
}

// pictures are the ids of a message's files that are pictures.
func pictures(all []attached) []string {
	var out []string
	for _, f := range all {
		if strings.HasPrefix(f.Type, "image/") && len(out) < mostFiles {
			out = append(out, f.ID)
		}
	}
	return out
}

// stayHere follows no redirect to Slack's sign-in page.
func stayHere(next *http.Request, before []*http.Request) error {
	if next.URL.Query().Has("redir") {
		return errSignIn
	}
	if len(before) > 5 {
		return errors.New("slackbot: too many redirects")
	}
	return nil
}

// errSignIn says that Slack showed a sign-in page instead of a file: the right files:read is missing.
var errSignIn = errors.New("slackbot: slack asks to sign in for a file (is files:read missing?)")

// fetched are attached files that are here now, in temporary files until they are dropped.
type fetched struct {
	files []chat.File
	ids   []string // Slack's, of those
	temps []string
	lost  []string // names of files that Slack does not give
}

// drop removes the temporary files.
func (f fetched) drop() {
	for _, name := range f.temps {
		_ = os.Remove(name) // in the system's folder for such files, which is cleared anyway
	}
}

// fetch brings attached files here, first those of the form, then those that came along. Errors are worth another try.
func (s *Surface) fetch(ctx context.Context, b *bot, sent []blockkit.Upload, along []string) (out fetched, err error) {
	for _, id := range along {
		if !slices.ContainsFunc(sent, func(f blockkit.Upload) bool { return f.File.ID == id }) {
			sent = append(sent, blockkit.Upload{Input: "media", File: slack.File{ID: id}})
		}
	}
	for _, f := range sent[:min(len(sent), mostFiles)] {
		name, info, err := s.fetchOne(ctx, b, f.File)
		switch {
		case lost(err):
			s.o.Log.Warn("file not given by slack", "surface", Name, "workspace", b.Workspace, "file", info.ID, "err", err)
			out.lost = append(out.lost, cmp.Or(info.Name, info.ID))
			continue
		case err != nil:
			return out, err
		}
		out.temps, out.ids = append(out.temps, name), append(out.ids, info.ID)
		out.files = append(out.files, chat.File{Input: f.Input, Name: info.Name, Size: int64(info.Size),
			Open: func() (io.ReadCloser, error) { return os.Open(name) }})
	}
	return out, nil
}

// lost reports that Slack will not give a file, however often it is asked.
func lost(err error) bool {
	code, _ := errors.AsType[slack.StatusCodeError](err)
	return errors.Is(err, errSignIn) || is(err, lostCodes) || code.Code == http.StatusNotFound || code.Code == http.StatusForbidden
}

// fetchOne brings one file here. A file of another workspace (Slack Connect) is only named in what Slack sends: it is asked
// about first.
func (s *Surface) fetchOne(ctx context.Context, b *bot, f slack.File) (string, slack.File, error) {
	if f.URLPrivateDownload == "" && f.URLPrivate == "" {
		info, _, _, err := b.api.GetFileInfoContext(ctx, f.ID, 0, 0)
		if err != nil {
			return "", f, fmt.Errorf("ask about file %s: %w", f.ID, err)
		}
		f = *info
	}
	url := f.URLPrivateDownload
	if url == "" {
		url = f.URLPrivate
	}
	t, err := os.CreateTemp("", "griot-slack-*")
	if err != nil {
		return "", f, err
	}
	err = b.api.GetFileContext(ctx, url, &capped{w: t, left: largestFile + 1})
	if errors.Is(err, errLarge) {
		err = nil // it is refused in words by whoever keeps pictures
	}
	if err == nil {
		err = signIn(t)
	}
	if err = errors.Join(err, t.Close()); err != nil {
		return "", f, errors.Join(err, os.Remove(t.Name()))
	}
	return t.Name(), f, nil
}

// signIn reports whether what came is a page of Slack's and not the file.
func signIn(t *os.File) error {
	head := make([]byte, 64)
	n, err := t.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if text := strings.ToLower(strings.TrimSpace(string(head[:n]))); strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html") {
		return errSignIn
	}
	return nil
}

var errLarge = errors.New("slackbot: file larger than 20 MB")

// capped takes so many bytes and no more.
type capped struct {
	w    io.Writer
	left int64
}

// Write takes b, or fails with errLarge once there was too much.
func (c *capped) Write(b []byte) (int, error) {
	if int64(len(b)) > c.left {
		n, err := c.w.Write(b[:c.left])
		c.left = 0
		return n, errors.Join(err, errLarge)
	}
	c.left -= int64(len(b))
	return c.w.Write(b)
}

package slacktest

import (
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
)

// maxInputFile is the biggest file a file_input takes, in bytes. Source: docs.slack.dev, file input element.
const maxInputFile = 10 << 20

// file is one uploaded file.
type file struct {
	id, name, title, mime, alt string
	bytes                      []byte
	w                          *Workspace
	by                         *Person
	length                     int // what the uploader said
	sent, done, given          bool
	shared                     []*Channel
	slow                       int // how often it is still refused in blocks
}

// File is a file as a test sees it.
type File struct {
	ID, Name, Title, Type, Alt string
	Bytes                      []byte
	Channels                   []string // ids of the channels it was shared in
}

// Upload is a person's upload of a file: its id is for Say and for file inputs.
func (p *Person) Upload(name string, content []byte) string {
	s := p.w.s
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &file{id: s.id("F"), name: name, title: name, bytes: content, mime: http.DetectContentType(content), w: p.w, by: p, sent: true, done: true}
	s.files[f.id] = f
	return f.id
}

// Files are the files that the bot uploaded and completed, oldest first.
func (w *Workspace) Files() []File {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	var all []File
	for _, f := range w.s.files {
		if f.w == w && f.by == w.Bot && f.done {
			shown := File{ID: f.id, Name: f.name, Title: f.title, Type: f.mime, Alt: f.alt, Bytes: f.bytes}
			for _, c := range f.shared {
				shown.Channels = append(shown.Channels, c.ID)
			}
			all = append(all, shown)
		}
	}
	slices.SortFunc(all, func(a, b File) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// SlowFiles makes blocks with a file uploaded from now on be refused n times, as Slack does while it still works on the file.
// Source: slackapi/java-slack-sdk issues 1335 and 1349.
func (s *Server) SlowFiles(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slowFiles = n
}

// usable says whether blocks of the workspace may show the picture, by its id or address. The mutex is held.
func (s *Server) usable(w *Workspace, id, address string) bool {
	for _, f := range s.files {
		if f.w != w || !f.done || f.id != id && f.private() != address {
			continue
		}
		if f.slow > 0 {
			f.slow--
			return false
		}
		return slices.Contains([]string{"image/png", "image/jpeg", "image/gif"}, f.mime)
	}
	return false
}

func (f *file) ending() string { return strings.TrimPrefix(strings.ToLower(path.Ext(f.name)), ".") }

func (f *file) private() string {
	return f.w.s.URL + "/files-pri/" + f.w.ID + "-" + f.id + "/" + strings.ReplaceAll(f.name, " ", "_")
}

// json is the file as files.info and payloads show it.
func (f *file) json() Object {
	channels := make([]any, len(f.shared))
	for i, c := range f.shared {
		channels[i] = c.ID
	}
	return Object{
		"id": f.id, "created": 1700000000, "timestamp": 1700000000, "name": f.name, "title": f.title, "mimetype": f.mime,
		"filetype": f.ending(), "pretty_type": strings.ToUpper(f.ending()), "user": f.by.ID, "user_team": f.by.home.ID, "editable": false,
		"size": len(f.bytes), "mode": "hosted", "is_external": false, "external_type": "", "is_public": false, "public_url_shared": false,
		"display_as_bot": false, "username": "", "url_private": f.private(), "url_private_download": f.private(),
		"permalink": "https://" + f.w.Domain + ".slack.com/files/" + f.by.ID + "/" + f.id + "/" + f.name,
		"channels":  channels, "groups": []any{}, "ims": []any{}, "has_rich_preview": false, "file_access": "visible", "alt_txt": f.alt,
	}
}

// uploadURL is files.getUploadURLExternal.
func uploadURL(c *call) (Object, *refusal) {
	name, n := c.text("filename"), c.number("length", 0)
	switch {
	case name == "":
		return nil, no("invalid_arguments", "missing required field: filename")
	case n <= 0:
		return nil, no("invalid_arguments", "must be greater than 0: length")
	case len([]rune(c.text("alt_txt"))) > 1000:
		return nil, no("alt_txt_too_large")
	}
	f := &file{id: c.s.id("F"), name: name, title: name, length: n, alt: c.text("alt_txt"), w: c.w, by: c.w.Bot}
	c.s.files[f.id] = f
	return Object{"upload_url": c.s.URL + "/upload/v1/ticket-" + f.id, "file_id": f.id}, nil
}

// serveUpload takes the bytes: as they are, or as the one file of a form.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	raw, err := uploaded(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[strings.TrimPrefix(r.PathValue("ticket"), "ticket-")]
	switch {
	case f == nil || f.done:
		http.Error(w, "no such upload", http.StatusNotFound)
	case len(raw) != f.length:
		http.Error(w, fmt.Sprintf("%d bytes, not %d", len(raw), f.length), http.StatusBadRequest)
	default:
		f.bytes, f.mime, f.sent = raw, http.DetectContentType(raw), true
		fmt.Fprintf(w, "OK - %d", len(raw))
	}
}

// uploaded are the bytes of an upload. Slack's own SDK calls the field of a form "body", others "file".
func uploaded(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return io.ReadAll(r.Body)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, fmt.Errorf("no file in the form: %w", err)
		}
		if part.FileName() != "" {
			return io.ReadAll(part)
		}
	}
}

// completeUpload is files.completeUploadExternal.
func completeUpload(c *call) (Object, *refusal) {
	v, _, err := c.value("files")
	wanted := objects(v)
	if err != nil || len(wanted) == 0 {
		return nil, no("invalid_arguments", "missing required field: files")
	}
	var ch *Channel
	if id := c.text("channel_id"); id != "" {
		ch = c.w.byID(id)
		if ch == nil || !ch.has(c.w.Bot) {
			return nil, no("channel_not_found")
		}
	}
	var all []*file
	for _, o := range wanted {
		f := c.s.files[str(o, "id")]
		if f == nil || f.w != c.w || !f.sent {
			return nil, no("file_not_found")
		}
		all = append(all, f)
	}
	thread := ""
	if ch != nil {
		var refused *refusal
		if thread, refused = c.thread(ch); refused != nil {
			return nil, refused
		}
	}
	shown := make([]any, len(all))
	for i, f := range all {
		f.done, f.slow = true, c.s.slowFiles
		if title := str(wanted[i], "title"); title != "" {
			f.title = title
		}
		if ch != nil {
			f.shared = append(f.shared, ch)
		}
		shown[i] = f.json()
	}
	if ch != nil {
		c.s.later(ch.add(&message{author: c.w.Bot, text: c.text("initial_comment"), files: all, thread: thread}))
	}
	return Object{"files": shown}, nil
}

// fileInfo is files.info.
func fileInfo(c *call) (Object, *refusal) {
	f := c.s.files[c.text("file")]
	if f == nil || f.w != c.w || !f.done || !f.visible() {
		return nil, no("file_not_found")
	}
	return Object{"file": f.json(), "comments": []any{}, "response_metadata": Object{"next_cursor": ""}}, nil
}

// visible says whether the bot may read the file: its own, one given to it in a modal, one shared where it is.
func (f *file) visible() bool {
	return f.by == f.w.Bot || f.given || slices.ContainsFunc(f.shared, func(c *Channel) bool { return c.has(f.w.Bot) })
}

// serveFile gives the bytes to the bot, and Slack's sign-in page to everybody else.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	shown, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	_, id, _ := strings.Cut(r.PathValue("id"), "-")
	s.mu.Lock()
	defer s.mu.Unlock()
	t, f := s.tokens[shown], s.files[id]
	if t == nil || t.dead != "" || f == nil || f.w != t.w || !f.visible() || !slices.Contains(t.w.scopes, "files:read") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to your workspace</body></html>")
		return
	}
	w.Header().Set("Content-Type", f.mime)
	w.Write(f.bytes) // the client may be gone
}

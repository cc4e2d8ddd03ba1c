package discordtest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	_ "image/gif"  // sizes of pictures
	_ "image/jpeg" // sizes of pictures
	_ "image/png"  // sizes of pictures
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// fileLife is how long the address of a file is good. Source: docs.discord.com/developers/reference, signed attachment CDN URLs.
const fileLife = 24 * time.Hour

// file is an attachment.
type file struct {
	id, name, kind, alt string
	channel             string
	raw                 []byte
	s                   *Server
}

// File is an attachment as a test sees it.
type File struct {
	ID, Name, Kind, Alt, URL string
	Bytes                    []byte
}

// Upload is a file that a person chose on their machine: its id or name is for Say, for options and for fields that take files.
func (p *Person) Upload(name string, content []byte) string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	f := p.s.store(fileName(name), "", content)
	p.uploads = append(p.uploads, f)
	return f.id
}

// uploaded is a file of the person by id or name, the newest first. The mutex is held.
func (p *Person) uploaded(what string) *file {
	for i := len(p.uploads) - 1; i >= 0; i-- {
		if f := p.uploads[i]; f.id == what || f.name == fileName(what) {
			return f
		}
	}
	return nil
}

// store keeps a file. The mutex is held.
func (s *Server) store(name, kind string, raw []byte) *file {
	if kind == "" || kind == "application/octet-stream" {
		kind = mime.TypeByExtension(path.Ext(name))
	}
	f := &file{id: s.id(), name: name, kind: kind, raw: raw, s: s}
	s.files[f.id] = f
	return f
}

// in is a file as an attachment of a channel. The mutex is held.
func (f *file) in(c *Channel) *file {
	n := f.s.store(f.name, f.kind, f.raw)
	n.channel, n.alt = c.ID, f.alt
	return n
}

// odd is what Discord takes out of file names.
var odd = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// fileName is the name that Discord gives a file.
func fileName(name string) string {
	name = odd.ReplaceAllString(strings.ReplaceAll(name, " ", "_"), "")
	if strings.Trim(name, ".") == "" {
		return "unknown"
	}
	return name
}

// sign is the signature of an address that is good until a time, both in hex.
func (f *file) sign(until string) string {
	mac := hmac.New(sha256.New, []byte("files of discordtest"))
	fmt.Fprint(mac, f.id, f.channel, until)
	return hex.EncodeToString(mac.Sum(nil))
}

// url is an address of the file that is good for a day. The mutex is held.
func (f *file) url() string {
	now := f.s.Now()
	until := strconv.FormatInt(now.Add(fileLife).Unix(), 16)
	return fmt.Sprintf("%s/attachments/%s/%s/%s?ex=%s&is=%s&hm=%s&", f.s.URL, f.home(), f.id, f.name, until,
		strconv.FormatInt(now.Unix(), 16), f.sign(until))
}

func (f *file) home() string {
	if f.channel == "" {
		return "0"
	}
	return f.channel
}

// json is the attachment as messages show it. The mutex is held.
func (f *file) json() Object {
	url := f.url()
	o := Object{"id": f.id, "filename": f.name, "size": len(f.raw), "url": url, "proxy_url": url, "content_type": f.kind}
	if c, _, err := image.DecodeConfig(bytes.NewReader(f.raw)); err == nil {
		o["width"], o["height"] = c.Width, c.Height
	}
	if f.alt != "" {
		o["description"] = f.alt
	}
	return o
}

func (f *file) look() File {
	return File{ID: f.id, Name: f.name, Kind: f.kind, Alt: f.alt, URL: f.url(), Bytes: f.raw}
}

// serveFile gives a file to whoever has a good address.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.files[r.PathValue("id")]
	until := r.URL.Query().Get("ex")
	ends, err := strconv.ParseInt(until, 16, 64)
	good := f != nil && err == nil && r.PathValue("name") == f.name && r.URL.Query().Get("hm") == f.sign(until) && s.Now().Unix() < ends
	s.mu.Unlock()
	if !good {
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", f.kind)
	w.Write(f.raw) // whoever has gone needs it no more
}

package pretend

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"griot/social"
)

// newPost is the body of POST /api/posts.
type newPost struct {
	Key     string   `json:"key"`
	Text    string   `json:"text"`
	Media   []string `json:"media,omitempty"`
	ReplyTo string   `json:"reply_to,omitempty"`
}

func apiPost(x *exchange) func() reply {
	var in newPost
	err := json.Unmarshal(x.body, &in)
	x.content = in.Text
	return func() reply {
		if err != nil {
			return refuse(http.StatusBadRequest, "not_json", "The body must be JSON with a text.")
		}
		x.s.mu.Lock()
		defer x.s.mu.Unlock()
		a, no := x.member()
		if no != nil {
			return *no
		}
		if p := x.repeated(a, in); p != nil {
			return x.again(a, in, p)
		}
		if no := x.s.unfit(a, in); no != nil {
			return *no
		}
		e := &event{Do: said, Who: a.id, Text: in.Text, Media: in.Media, ReplyTo: in.ReplyTo}
		if x.s.opt.Keys == Honoured {
			e.Key = in.Key
		}
		if x.fault.Do == Processing {
			e.LiveAt = x.s.opt.Now().Add(x.fault.Wait).UTC()
		}
		if err := x.s.record(e); err != nil {
			return wrong(err)
		}
		p := x.s.town.posts[e.ID]
		x.s.logged(Record{At: e.At, Handle: a.handle, Key: in.Key, Content: in.Text, PostID: p.id})
		return reply{status: http.StatusCreated, body: x.postJSON(p, a, e.At)}
	}
}

// repeated is the post that an earlier call with the same key made; nil where keys are ignored.
func (x *exchange) repeated(a *account, in newPost) *post {
	if x.s.opt.Keys != Honoured || in.Key == "" {
		return nil
	}
	return x.s.town.posts[x.s.town.keys[a.id+" "+in.Key]]
}

// again answers a repeated call: the same post, never another one.
func (x *exchange) again(a *account, in newPost, p *post) reply {
	switch {
	case p.gone:
		return refuse(http.StatusGone, "removed", "This post was taken down.")
	case p.text != in.Text || p.replyTo != in.ReplyTo || len(p.media) != len(in.Media):
		return refuse(http.StatusConflict, "key_used", "This key was used for another post.")
	}
	now := x.s.opt.Now()
	x.s.logged(Record{At: now, Handle: a.handle, Key: in.Key, Content: in.Text, PostID: p.id, Repeat: true})
	return reply{status: http.StatusOK, body: x.postJSON(p, a, now)}
}

// unfit refuses what breaks the rules of the village. The caller holds s.mu.
func (s *Server) unfit(a *account, in newPost) *reply {
	say := func(code, words string, args ...int) *reply {
		for _, n := range args {
			words = strings.Replace(words, "#", fmt.Sprint(n), 1)
		}
		out := refuse(http.StatusUnprocessableEntity, code, words)
		return &out
	}
	if n := social.Graphemes.Count(in.Text); n > maxText {
		return say("too_long", "The text has # characters, # at most.", n, maxText)
	}
	if strings.TrimSpace(in.Text) == "" && len(in.Media) == 0 {
		return say("empty", "A post needs a text or a picture.")
	}
	if len(in.Key) > 100 {
		return say("long_key", "A key has # bytes at most.", 100)
	}
	if len(in.Media) > maxPictures {
		return say("too_many_pictures", "There are # pictures, # at most.", len(in.Media), maxPictures)
	}
	for _, id := range in.Media {
		if m := s.town.pictures[id]; m == nil || m.owner != a.id {
			return say("no_such_picture", "One of the pictures was never uploaded.")
		}
	}
	if in.ReplyTo == "" {
		return nil
	}
	to := s.town.posts[in.ReplyTo]
	if to == nil || !to.visible(s.opt.Now()) {
		return say("nothing_to_answer", "The post that this answers is not there any more.")
	}
	if to.by == a && s.town.depth(to) >= maxParts {
		return say("long_thread", "A thread has # parts at most.", maxParts)
	}
	return nil
}

// apiMedia takes a picture: multipart with a file and its description, "alt".
func apiMedia(x *exchange) func() reply {
	return func() reply {
		b, alt, ok := upload(x.r.Header.Get("Content-Type"), x.body)
		if !ok {
			return refuse(http.StatusBadRequest, "not_a_form", "Send multipart/form-data with a file.")
		}
		kind := http.DetectContentType(b)
		switch {
		case !slices.Contains(pictureTypes, kind):
			return refuse(http.StatusUnprocessableEntity, "not_a_picture", "This is not a JPEG, PNG, GIF or WebP picture.")
		case len(b) > maxPictureBytes:
			return refuse(http.StatusUnprocessableEntity, "too_heavy", fmt.Sprintf("The picture has %d bytes, %d at most.", len(b), maxPictureBytes))
		case social.Graphemes.Count(alt) > maxAlt:
			return refuse(http.StatusUnprocessableEntity, "long_description", fmt.Sprintf("A description has %d characters at most.", maxAlt))
		}
		x.s.mu.Lock()
		defer x.s.mu.Unlock()
		a, no := x.member()
		if no != nil {
			return *no
		}
		e := &event{Do: uploaded, ID: x.s.town.id(x.s.opt.Now()), Who: a.id, Type: kind, Alt: alt}
		if err := x.s.journal.keep(e.ID, b); err != nil {
			return wrong(err)
		}
		if err := x.s.record(e); err != nil {
			return wrong(err)
		}
		return reply{status: http.StatusCreated, body: mediaJSON{e.ID, kind, alt, x.s.base(x.r) + "/media/" + e.ID}}
	}
}

// upload takes a multipart body apart.
func upload(contentType string, body []byte) (file []byte, alt string, ok bool) {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["boundary"] == "" {
		return nil, "", false
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		p, err := parts.NextPart()
		if err != nil {
			return file, alt, err == io.EOF && file != nil
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return nil, "", false
		}
		switch p.FormName() {
		case "file":
			file = b
		case "alt":
			alt = string(b)
		}
	}
}

func noPost() reply {
	return refuse(http.StatusNotFound, codeNoPost, "There is no such post, or not any more.")
}

func apiRead(x *exchange) func() reply {
	return func() reply {
		x.s.mu.RLock()
		defer x.s.mu.RUnlock()
		me, no := x.account()
		if no != nil {
			return *no
		}
		now := x.s.opt.Now()
		p := x.s.town.posts[x.r.PathValue("id")]
		if p == nil || p.gone || (!p.visible(now) && p.by != me) {
			return noPost()
		}
		return reply{status: http.StatusOK, body: x.postJSON(p, me, now)}
	}
}

// apiReadMany gives the posts of ?id=…&id=…, at most 100; those that are gone are left out.
func apiReadMany(x *exchange) func() reply {
	return func() reply {
		x.s.mu.RLock()
		defer x.s.mu.RUnlock()
		me, no := x.account()
		if no != nil {
			return *no
		}
		ids := x.r.URL.Query()["id"]
		if len(ids) > maxListed {
			return refuse(http.StatusBadRequest, "too_many", fmt.Sprintf("Ask for %d posts at most.", maxListed))
		}
		now, out := x.s.opt.Now(), postsJSON{Posts: []postJSON{}}
		for _, id := range ids {
			if p := x.s.town.posts[id]; p != nil && p.visible(now) {
				out.Posts = append(out.Posts, x.postJSON(p, me, now))
			}
		}
		return reply{status: http.StatusOK, body: out}
	}
}

func apiRemove(x *exchange) func() reply {
	return func() reply {
		x.s.mu.Lock()
		defer x.s.mu.Unlock()
		a, no := x.member()
		if no != nil {
			return *no
		}
		p := x.s.town.posts[x.r.PathValue("id")]
		switch {
		case p == nil || p.gone:
			return noPost()
		case p.by != a:
			return refuse(http.StatusForbidden, "not_yours", "Only its author can take a post down.")
		}
		if err := x.s.record(&event{Do: removed, ID: p.id}); err != nil {
			return wrong(err)
		}
		return reply{status: http.StatusNoContent}
	}
}

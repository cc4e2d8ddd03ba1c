package mastodontest

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"slices"
	"strings"
)

func (s *Server) status(r *http.Request, p Post) map[string]any {
	who := map[string]person{alice.id: alice, bob.id: bob, stranger.id: stranger}[p.Author]
	replies := 0
	for _, q := range s.posts {
		if q.Parent == p.ID {
			replies++
		}
	}
	files := []any{}
	for _, f := range p.Pictures {
		files = append(files, s.attachment(r, f))
	}
	return map[string]any{
		"id": p.ID, "created_at": p.Made.Format("2006-01-02T15:04:05.000Z"), "url": s.address(r, who, p.ID),
		"uri": uri(who, p.ID), "visibility": p.Visibility, "language": p.Language, "content": content(p.Text),
		"in_reply_to_id": orNull(p.Parent), "in_reply_to_account_id": orNull(s.authorOf(p.Parent)), "media_attachments": files, "account": s.account(r, who),
		"favourites_count": p.Likes, "reblogs_count": 0, "replies_count": replies,
	}
}

// authorOf is the account of a post, empty when there is none. The mutex is held.
func (s *Server) authorOf(id string) string {
	if p := s.find(id); p != nil {
		return p.Author
	}
	return ""
}

func (s *Server) address(r *http.Request, who person, id string) string {
	if s.Software == GoToSocial {
		return "http://" + r.Host + "/@" + who.acct + "/statuses/" + id
	}
	return "http://" + r.Host + "/@" + who.acct + "/" + id
}

func (s *Server) attachment(r *http.Request, f File) map[string]any {
	url := ""
	if f.left == 0 {
		url = "http://" + r.Host + "/files/" + f.ID
	}
	return map[string]any{"id": f.ID, "type": "image", "url": orNull(url), "description": orNull(f.Alt)}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// content is a post's HTML in Mastodon's manner: long links in three spans, mentions without their server.
func content(text string) string {
	var b strings.Builder
	for par := range strings.SplitSeq(text, "\n\n") {
		par = strings.ReplaceAll(html.EscapeString(par), "\n", "<br />")
		par = webLink.ReplaceAllStringFunc(par, func(link string) string {
			scheme, rest, _ := strings.Cut(link, "://")
			return fmt.Sprintf(`<a href="%s"><span class="invisible">%s://</span><span class="ellipsis">%s</span></a>`, link, scheme, rest)
		})
		par = mention.ReplaceAllString(par, `<span class="h-card"><a href="#" class="u-url mention">@<span>$1</span></a></span>`)
		b.WriteString("<p>" + par + "</p>")
	}
	return b.String()
}

// profile is Alice's public page, newest first.
func (s *Server) profile(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString("<h1>Alice</h1>")
	for _, p := range slices.Backward(s.Posts()) {
		b.WriteString(article(p))
	}
	write(w, b.String())
}

// permalink is the page of one post.
func (s *Server) permalink(w http.ResponseWriter, r *http.Request) {
	posts := s.Posts()
	i := slices.IndexFunc(posts, func(p Post) bool { return p.ID == r.PathValue("id") })
	if i < 0 {
		http.NotFound(w, r)
		return
	}
	write(w, article(posts[i]))
}

func article(p Post) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<article id="%s">%s`, p.ID, content(p.Text))
	for _, f := range p.Pictures {
		fmt.Fprintf(&b, `<img src="/files/%s" alt="%s">`, f.ID, html.EscapeString(f.Alt))
	}
	return b.String() + "</article>"
}

func (s *Server) picture(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.files[r.PathValue("id")]
	s.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.Type)
	_, _ = w.Write(f.Bytes) // the visitor may be gone
}

func write(w http.ResponseWriter, page string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, `<!DOCTYPE html><html lang="fr"><meta charset="utf-8"><title>Mastodon</title>`+page) // the visitor may be gone
}

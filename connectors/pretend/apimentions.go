package pretend

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// mentionJSON is what somebody else said to an account.
type mentionJSON struct {
	ID      string     `json:"id"`
	URL     string     `json:"url"`
	Kind    string     `json:"kind"` // one of the kinds below
	Author  authorJSON `json:"author"`
	Text    string     `json:"text"`
	ReplyTo string     `json:"reply_to,omitempty"`
	Root    string     `json:"root"` // the first post of the conversation: its own id when it begins one
	At      time.Time  `json:"created_at"`
}

// The kinds of mentions.
const (
	kindMention = "mention"
	kindReply   = "reply"
)

// authorJSON is who said it: an account, or a visitor, who has no handle and may have no name.
type authorJSON struct {
	Handle string `json:"handle,omitempty"`
	Name   string `json:"name,omitempty"`
	URL    string `json:"url,omitempty"`
}

// mentionsJSON is a page of mentions, oldest first.
type mentionsJSON struct {
	Mentions []mentionJSON `json:"mentions"`
	Cursor   string        `json:"cursor"` // for ?after=
	More     bool          `json:"more"`
}

// apiMentions gives what others said to the account after ?after=, oldest first, ?limit= at most 100 (40). Without after it
// gives nothing but the cursor of now.
func apiMentions(x *exchange) func() reply {
	return func() reply {
		x.s.mu.RLock()
		defer x.s.mu.RUnlock()
		me, no := x.member()
		if no != nil {
			return *no
		}
		limit, err := strconv.Atoi(cmp.Or(x.r.FormValue("limit"), "40"))
		if err != nil || limit < 1 {
			return refuse(http.StatusBadRequest, "bad_limit", "The limit is a number from 1.")
		}
		after := x.r.FormValue("after")
		if n, err := strconv.ParseInt(after, 36, 64); after != "" && (err != nil || n < 0) {
			return refuse(http.StatusBadRequest, "bad_cursor", "This is no cursor of ours.")
		}
		if after == "" {
			return reply{status: http.StatusOK, body: mentionsJSON{Mentions: []mentionJSON{}, Cursor: strconv.FormatInt(x.s.town.last, 36)}}
		}
		return reply{status: http.StatusOK, body: x.mentions(me, after, min(limit, maxListed))}
	}
}

// mentions reads on from a cursor. It stops before what will be seen only later, so that nothing is passed by.
func (x *exchange) mentions(me *account, after string, limit int) mentionsJSON {
	out := mentionsJSON{Mentions: []mentionJSON{}, Cursor: after}
	now, order := x.s.opt.Now(), x.s.town.order
	from, _ := slices.BinarySearchFunc(order, &post{id: after}, byAge)
	for _, p := range order[from:] {
		if byAge(p, &post{id: after}) <= 0 {
			continue
		}
		if kind := x.s.town.about(p, me); kind != "" && !p.gone {
			if !p.visible(now) {
				return out
			}
			if len(out.Mentions) == limit {
				out.More = true
				return out
			}
			out.Mentions = append(out.Mentions, x.mentionJSON(p, kind))
		}
		out.Cursor = p.id
	}
	return out
}

// about is how p speaks to a: a kind, empty when it does not.
func (v *village) about(p *post, a *account) string {
	to := v.posts[p.replyTo]
	switch {
	case p.by == a:
		return ""
	case to != nil && to.by == a:
		return kindReply
	case names(p.text, a.handle):
		return kindMention
	}
	return ""
}

// root is the first post of p's conversation.
func (v *village) root(p *post) *post {
	for to := v.posts[p.replyTo]; to != nil; to = v.posts[p.replyTo] {
		p = to
	}
	return p
}

func (x *exchange) mentionJSON(p *post, kind string) mentionJSON {
	base := x.s.base(x.r)
	out := mentionJSON{
		ID: p.id, URL: base + "/posts/" + p.id, Kind: kind, Author: authorJSON{Name: p.name}, Text: p.text,
		ReplyTo: p.replyTo, Root: x.s.town.root(p).id, At: p.at,
	}
	if p.by != nil {
		out.Author = authorJSON{Handle: p.by.handle, Name: p.by.name, URL: base + "/@" + p.by.handle}
	}
	return out
}

// names reports whether text names the account with this handle, and not one whose handle is longer.
func names(text, handle string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], "@"+handle)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+1+len(handle)
		next, _ := utf8.DecodeRuneInString(text[to:])
		if !inWord(text[:from]) && !(next == '-' || next >= 'a' && next <= 'z' || next >= '0' && next <= '9') {
			return true
		}
		at = to
	}
}

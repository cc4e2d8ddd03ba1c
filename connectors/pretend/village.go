package pretend

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// deed is a kind of event.
type deed string

const (
	enrolled deed = "enrol"  // ID, Name, Handle, Token
	entrusts deed = "token"  // Who: the account; Token
	revoked  deed = "revoke" // Who: the account
	uploaded deed = "media"  // ID, Who: the account; Type, Alt
	said     deed = "post"   // ID, Who: account or visitor; Name of a visitor; Text, Media, ReplyTo, Key, LiveAt
	removed  deed = "remove" // ID
	likes    deed = "like"   // ID: the post, Who: the visitor; a second time takes it back
	shares   deed = "share"  // the same
	follows  deed = "follow" // ID: the account, Who: the visitor; the same
)

// event is one thing that happened in the village. The village is what all of them add up to, which is also how it
// is kept: one JSON line each.
type event struct {
	Do      deed      `json:"do"`
	At      time.Time `json:"at"`
	ID      string    `json:"id,omitempty"`
	Who     string    `json:"who,omitempty"`
	Name    string    `json:"name,omitempty"`
	Handle  string    `json:"handle,omitempty"`
	Token   string    `json:"token,omitempty"` // its SHA-256
	Type    string    `json:"type,omitempty"`
	Alt     string    `json:"alt,omitempty"`
	Text    string    `json:"text,omitempty"`
	Media   []string  `json:"media,omitempty"`
	ReplyTo string    `json:"reply_to,omitempty"`
	Key     string    `json:"key,omitempty"`
	LiveAt  time.Time `json:"live_at,omitzero"`
}

type account struct {
	id, handle, name string
	tokens           map[string]bool // SHA-256 of each
	followers        map[string]bool // visitors
	posts            []*post         // oldest first
}

type picture struct {
	id, owner, mime, alt string
	posts                []*post // that show it
}

type post struct {
	id      string
	by      *account // nil: a visitor
	who     string   // account or visitor id
	name    string
	text    string
	media   []*picture
	replyTo string
	key     string
	at      time.Time
	liveAt  time.Time // zero: at once
	gone    bool
	likes   map[string]bool // visitors
	shares  map[string]bool
	replies []*post
}

// village is the state of the network. Its owner guards it.
type village struct {
	accounts map[string]*account
	handles  map[string]*account
	tokens   map[string]*account // by SHA-256 of the token
	pictures map[string]*picture
	posts    map[string]*post
	texts    map[string][]*post // by exact text, of accounts only
	order    []*post            // oldest first
	keys     map[string]string  // account id and key → post id
	last     int64              // last id given
}

func newVillage() *village {
	return &village{
		accounts: map[string]*account{}, handles: map[string]*account{}, tokens: map[string]*account{},
		pictures: map[string]*picture{}, posts: map[string]*post{}, keys: map[string]string{}, texts: map[string][]*post{},
	}
}

// id makes an id that is greater than all before: milliseconds since 1970 in base 36, moved on where needed, so that
// ids of a village that was thrown away do not come back.
func (v *village) id(now time.Time) string {
	return strconv.FormatInt(max(v.last+1, now.UnixMilli()), 36)
}

// apply adds e to what is. Events are checked before they are made: here, one about nothing changes nothing.
func (v *village) apply(e event) {
	if n, err := strconv.ParseInt(e.ID, 36, 64); err == nil {
		v.last = max(v.last, n)
	}
	switch e.Do {
	case enrolled:
		a := &account{id: e.ID, handle: e.Handle, name: e.Name, tokens: map[string]bool{}, followers: map[string]bool{}}
		v.accounts[a.id], v.handles[a.handle] = a, a
		v.entrust(a, e.Token)
	case entrusts:
		if a := v.accounts[e.Who]; a != nil {
			v.entrust(a, e.Token)
		}
	case revoked:
		if a := v.accounts[e.Who]; a != nil {
			for t := range a.tokens {
				delete(v.tokens, t)
			}
			clear(a.tokens)
		}
	case uploaded:
		v.pictures[e.ID] = &picture{id: e.ID, owner: e.Who, mime: e.Type, alt: e.Alt}
	case said:
		v.say(e)
	case removed:
		if p := v.posts[e.ID]; p != nil {
			p.gone = true
		}
	case likes:
		if p := v.posts[e.ID]; p != nil {
			toggle(p.likes, e.Who)
		}
	case shares:
		if p := v.posts[e.ID]; p != nil {
			toggle(p.shares, e.Who)
		}
	case follows:
		if a := v.accounts[e.ID]; a != nil {
			toggle(a.followers, e.Who)
		}
	}
}

func (v *village) entrust(a *account, token string) {
	a.tokens[token], v.tokens[token] = true, a
}

func (v *village) say(e event) {
	p := &post{
		id: e.ID, by: v.accounts[e.Who], who: e.Who, name: e.Name, text: e.Text, replyTo: e.ReplyTo, key: e.Key,
		at: e.At, liveAt: e.LiveAt, likes: map[string]bool{}, shares: map[string]bool{},
	}
	for _, id := range e.Media {
		if m := v.pictures[id]; m != nil {
			p.media, m.posts = append(p.media, m), append(m.posts, p)
		}
	}
	if p.by != nil {
		p.by.posts = append(p.by.posts, p)
		v.texts[p.text] = append(v.texts[p.text], p)
		if p.key != "" {
			v.keys[p.who+" "+p.key] = p.id
		}
	}
	if to := v.posts[p.replyTo]; to != nil {
		to.replies = append(to.replies, p)
	}
	v.posts[p.id] = p
	v.order = append(v.order, p)
}

func toggle(set map[string]bool, who string) {
	if set[who] {
		delete(set, who)
		return
	}
	set[who] = true
}

// visible reports whether everybody can see p.
func (p *post) visible(now time.Time) bool { return !p.gone && !p.liveAt.After(now) }

// answers are the replies that everybody can see, oldest first.
func (p *post) answers(now time.Time) []*post {
	var out []*post
	for _, r := range p.replies {
		if r.visible(now) {
			out = append(out, r)
		}
	}
	return out
}

// depth is p's place in its author's own thread, from 1.
func (v *village) depth(p *post) int {
	n := 1
	for to := v.posts[p.replyTo]; to != nil && to.who == p.who; to = v.posts[to.replyTo] {
		n++
	}
	return n
}

// shown reports whether everybody can see m on one of its posts.
func (m *picture) shown(now time.Time) bool {
	return slices.ContainsFunc(m.posts, func(p *post) bool { return p.visible(now) })
}

// recent lists what keep wants of posts, newest first, at most limit, older than `before` when that is not nil.
func recent(posts []*post, before *post, limit int, keep func(*post) bool) []*post {
	end := len(posts)
	if before != nil {
		end, _ = slices.BinarySearchFunc(posts, before, byAge)
	}
	var out []*post
	for i := end - 1; i >= 0 && len(out) < limit; i-- {
		if keep(posts[i]) {
			out = append(out, posts[i])
		}
	}
	return out
}

// byAge orders posts by their ids, which only grow.
func byAge(a, b *post) int {
	return cmp.Or(cmp.Compare(len(a.id), len(b.id)), strings.Compare(a.id, b.id))
}

// free is the first handle like name that nobody has.
func (v *village) free(name string) string {
	h := slug(name)
	for n, try := 2, h; ; n++ {
		if v.handles[try] == nil {
			return try
		}
		try = h + "-" + strconv.Itoa(n)
	}
}

// slug writes a name as a handle: lower-case letters and digits without accents, parted by hyphens, at most 30.
func slug(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '’', r == '\'':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 30 {
			break
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "habitant"
}

// digest is how tokens and visitors are kept: nobody can use what the file holds.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

package pretend

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"griot/i18n"
	"griot/social"
)

// page is what a template reads. Everything in it is copied while the lock is held.
type page struct {
	town    *village
	now     time.Time
	zone    *time.Location
	visitor visitor

	Lang    i18n.Locale
	Title   string
	Path    string // of this page, for coming back
	Token   string // of the visitor's forms
	Watch   bool   // the script looks out for something new
	Latest  string // id of the newest post
	Older   string // id to go on from; empty: that was all
	Sorry   string // name of a sentence
	Account *accountView
	People  []accountView
	Before  []postView // what the post answers, oldest first
	Post    *postView
	Posts   []postView
	Draft   draft
	Name    string // the visitor's, as given last
}

// draft is what a visitor typed into a form that was refused.
type draft struct {
	Text, Error string
}

type accountView struct {
	Handle, Name, Initial string
	Hue                   int
	Followers, Posts      int
	Followed              bool
}

type postView struct {
	P                      *page // for words
	ID, Name, Handle       string
	Initial                string
	Hue                    int
	Spans                  []span
	Pictures               []pictureView
	ISO, When, At          string
	Likes, Shares, Replies int
	Liked, Shared          bool
	Answers                string // whom it answers, where that is not on the page
	AnswersURL             string
	Thread                 int // parts, when it begins a thread
	Depth                  int // of an answer, from 0
	Gone                   bool
	Main, Named            bool // Named: a visitor gave a name
}

type pictureView struct{ URL, Alt string }

// page begins a page for a visitor.
func (s *Server) page(w http.ResponseWriter, r *http.Request, title string) *page {
	v := visitorOf(w, r)
	p := &page{
		town: s.town, now: s.opt.Now(), zone: s.opt.Zone, visitor: v,
		Lang: language(w, r), Path: r.URL.Path, Token: v.token, Name: v.name,
	}
	if title != "" {
		p.Title = words[title].In(p.Lang)
	}
	return p
}

// Say is the sentence called name. A name that does not exist breaks the page, which a test would see.
func (p *page) Say(name string, args ...any) (string, error) {
	if c, ok := counted[name]; ok && len(args) == 1 {
		return c.In(p.Lang, args[0].(int)), nil
	}
	t, ok := words[name]
	if !ok {
		return "", fmt.Errorf("no words for %q", name)
	}
	return t.In(p.Lang, args...), nil
}

// list shows posts, one more than a page when there are older ones.
func (p *page) list(posts []*post) {
	if len(posts) > pageSize {
		posts = posts[:pageSize]
		p.Older = posts[pageSize-1].id
	}
	for i, q := range posts {
		v := p.post(q)
		if i == 0 {
			p.Latest = q.id
		}
		v.Thread = p.threadLength(q)
		p.Posts = append(p.Posts, v)
	}
}

// threadLength counts the parts of a thread that begins with q; 0 when it is none.
func (p *page) threadLength(q *post) int {
	n := 0
	for at := q; at != nil; n++ {
		at = next(at, p.now)
	}
	if n < 2 {
		return 0
	}
	return n
}

// next is the author's own continuation of q.
func next(q *post, now time.Time) *post {
	for _, r := range q.answers(now) {
		if r.by != nil && r.by == q.by {
			return r
		}
	}
	return nil
}

// conversation shows q, all that it answers, and all answers.
func (p *page) conversation(q *post) {
	main := p.post(q)
	main.Main, main.Answers = true, ""
	p.Post = &main
	p.Title = main.Name
	for to := p.town.posts[q.replyTo]; to != nil; to = p.town.posts[to.replyTo] {
		v := postView{P: p, ID: to.id, Gone: true}
		if to.visible(p.now) {
			v = p.post(to)
			v.Answers = ""
		}
		p.Before = append(p.Before, v)
	}
	slices.Reverse(p.Before)
	p.answers(q, 0)
}

// maxDepth is how far answers to answers are moved to the right.
const maxDepth = 3

// answers adds the answers to q, its author's own continuation first, each followed by its own answers.
func (p *page) answers(q *post, depth int) {
	all := q.answers(p.now)
	slices.SortStableFunc(all, func(a, b *post) int { return own(b, q) - own(a, q) })
	for _, r := range all {
		v := p.post(r)
		v.Answers, v.Depth = "", min(depth, maxDepth)
		p.Posts = append(p.Posts, v)
		p.answers(r, depth+1-own(r, q))
	}
}

// own is 1 when r is said by the account that said q.
func own(r, q *post) int {
	if r.by != nil && r.by == q.by {
		return 1
	}
	return 0
}

func (p *page) post(q *post) postView {
	v := postView{
		P: p, ID: q.id, Name: p.nameOf(q), Named: q.name != "", Spans: p.spans(q.text),
		ISO: q.at.Format(time.RFC3339), When: p.ago(q.at), At: i18n.Moment(q.at.In(p.zone), p.Lang),
		Likes: len(q.likes), Shares: len(q.shares), Replies: len(q.answers(p.now)),
		Liked: q.likes[p.visitor.id], Shared: q.shares[p.visitor.id],
	}
	if q.by != nil {
		v.Handle = q.by.handle
	}
	v.Initial, v.Hue = initial(v.Name), hue(q.who)
	for _, m := range q.media {
		v.Pictures = append(v.Pictures, pictureView{"/media/" + m.id, m.alt})
	}
	if to := p.town.posts[q.replyTo]; to != nil && to.visible(p.now) {
		v.Answers, v.AnswersURL = p.nameOf(to), "/posts/"+to.id
	}
	return v
}

func (p *page) nameOf(q *post) string {
	switch {
	case q.by != nil:
		return q.by.name
	case q.name != "":
		return q.name
	}
	return words["passing"].In(p.Lang)
}

func (p *page) account(a *account) {
	v := p.person(a)
	p.Account, p.Title = &v, a.name
}

// neighbours lists who lives here, by name.
func (p *page) neighbours() {
	for _, a := range p.town.accounts {
		p.People = append(p.People, p.person(a))
	}
	slices.SortFunc(p.People, func(a, b accountView) int { return strings.Compare(a.Handle, b.Handle) })
}

func (p *page) person(a *account) accountView {
	v := accountView{
		Handle: a.handle, Name: a.name, Initial: initial(a.name), Hue: hue(a.id),
		Followers: len(a.followers), Followed: a.followers[p.visitor.id],
	}
	for _, q := range a.posts {
		if q.visible(p.now) {
			v.Posts++
		}
	}
	return v
}

// ago says when, in words for a day and as a date afterwards.
func (p *page) ago(t time.Time) string {
	switch d := p.now.Sub(t); {
	case d < 10*time.Second:
		return words["now"].In(p.Lang)
	case d < time.Hour:
		return words["ago"].In(p.Lang, i18n.Span(d))
	case d < 24*time.Hour:
		return words["ago"].In(p.Lang, i18n.Span(d.Truncate(time.Hour)))
	}
	return i18n.Date(t.In(p.zone), p.Lang)
}

func initial(name string) string {
	r, _ := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r))
}

// hues is how many colours the style sheet has for people.
const hues = 6

func hue(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id)) // a hash never fails
	return int(h.Sum32() % hues)
}

// tooLong says what is wrong with a visitor's words; empty when nothing is.
func (p *page) tooLong(text, name string) string {
	switch n := social.Graphemes.Count(text); {
	case strings.TrimSpace(text) == "":
		return words["empty"].In(p.Lang)
	case n > maxText:
		return words["tooLong"].In(p.Lang, n, maxText)
	case social.Graphemes.Count(name) > maxName:
		return words["longName"].In(p.Lang, maxName)
	}
	return ""
}

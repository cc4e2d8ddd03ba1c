package pretend

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
)

// visitor is a browser that looks at the pages.
type visitor struct {
	id    string // what the village remembers
	token string // what their forms carry: other sites cannot know it, for the cookie never goes to them
	name  string // as given last
}

// visitorOf knows a visitor by their cookie, and gives one to who has none.
func visitorOf(w http.ResponseWriter, r *http.Request) visitor {
	v, known := visitorIn(r)
	if !known {
		secret := rand.Text()
		setCookie(w, "village_visitor", secret)
		v.id, v.token = digest("visitor " + secret)[:16], digest("form "+secret)
	}
	return v
}

func visitorIn(r *http.Request) (visitor, bool) {
	var v visitor
	if c, err := r.Cookie("village_name"); err == nil {
		v.name, _ = url.QueryUnescape(c.Value) // a cookie somebody bent: no name
	}
	c, err := r.Cookie("village_visitor")
	if err != nil || len(c.Value) < 20 {
		return v, false
	}
	v.id, v.token = digest("visitor " + c.Value)[:16], digest("form "+c.Value)
	return v, true
}

// submission is a form that a visitor sent.
type submission struct {
	s    *Server
	w    http.ResponseWriter
	r    *http.Request
	who  visitor
	text string
	name string
}

// form serves a form: it must carry the visitor's token. do has the effect and says what is wrong; afterwards the
// visitor is back where they were.
func (s *Server) form(do func(*submission) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
		who, known := visitorIn(r)
		if !known || subtle.ConstantTimeCompare([]byte(r.PostFormValue("token")), []byte(who.token)) != 1 {
			s.sorry(w, r, http.StatusForbidden, "refused", "stranger")
			return
		}
		f := &submission{
			s: s, w: w, r: r, who: who,
			text: strings.TrimSpace(strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")),
			name: strings.Join(strings.Fields(r.PostFormValue("name")), " "),
		}
		if err := do(f); err != nil {
			s.sorry(w, r, http.StatusInternalServerError, "refused", "broken")
		}
	}
}

func likePost(f *submission) error  { return f.mark(likes) }
func sharePost(f *submission) error { return f.mark(shares) }

// mark likes or shares a post, or takes that back.
func (f *submission) mark(how deed) error {
	id := f.r.PathValue("id")
	f.s.mu.Lock()
	p := f.s.town.posts[id]
	found := p != nil && p.visible(f.s.opt.Now())
	var err error
	if found {
		err = f.s.record(&event{Do: how, ID: id, Who: f.who.id})
	}
	f.s.mu.Unlock()
	return f.done(found, "#p-"+id, err)
}

func followAccount(f *submission) error {
	f.s.mu.Lock()
	a := f.s.town.handles[f.r.PathValue("handle")]
	var err error
	if a != nil {
		err = f.s.record(&event{Do: follows, ID: a.id, Who: f.who.id})
	}
	f.s.mu.Unlock()
	return f.done(a != nil, "", err)
}

func replyToPost(f *submission) error {
	if words := f.s.page(f.w, f.r, "").tooLong(f.text, f.name); words != "" {
		f.s.showSingle(f.w, f.r, http.StatusUnprocessableEntity, draft{f.text, words})
		return nil
	}
	to := f.r.PathValue("id")
	e := &event{Do: said, Who: f.who.id, Name: f.name, Text: f.text, ReplyTo: to}
	f.s.mu.Lock()
	p := f.s.town.posts[to]
	found := p != nil && p.visible(f.s.opt.Now())
	var err error
	if found {
		err = f.s.record(e)
	}
	f.s.mu.Unlock()
	f.remember()
	return f.done(found, "#p-"+e.ID, err)
}

// writeToAccount puts a visitor's words on the square, with the account's name before them.
func writeToAccount(f *submission) error {
	handle := f.r.PathValue("handle")
	text := f.text
	if text != "" && !names(text, handle) {
		text = "@" + handle + " " + text
	}
	if words := f.s.page(f.w, f.r, "").tooLong(text, f.name); words != "" {
		f.s.showProfile(f.w, f.r, http.StatusUnprocessableEntity, draft{f.text, words})
		return nil
	}
	e := &event{Do: said, Who: f.who.id, Name: f.name, Text: text}
	f.s.mu.Lock()
	found := f.s.town.handles[handle] != nil
	var err error
	if found {
		err = f.s.record(e)
	}
	f.s.mu.Unlock()
	f.remember()
	if !found || err != nil {
		return f.done(found, "", err)
	}
	http.Redirect(f.w, f.r, "/posts/"+e.ID, http.StatusSeeOther)
	return nil
}

// remember keeps the name that the visitor gave, for the next form.
func (f *submission) remember() {
	if f.name != f.who.name {
		setCookie(f.w, "village_name", url.QueryEscape(f.name))
	}
}

// done sends the visitor back to the page that the form stood on.
func (f *submission) done(found bool, anchor string, err error) error {
	if err != nil {
		return err
	}
	if !found {
		f.s.lost(f.w, f.r)
		return nil
	}
	back := f.r.PostFormValue("back")
	if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n") {
		back = "/"
	}
	http.Redirect(f.w, f.r, back+anchor, http.StatusSeeOther)
	return nil
}

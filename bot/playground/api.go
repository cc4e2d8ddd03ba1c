package playground

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"griot/chat"
	"griot/i18n"
)

// pageful is how many messages of a channel a page loads.
const pageful = 200

type personWire struct {
	User   string      `json:"user"`
	Name   string      `json:"name"`
	Locale i18n.Locale `json:"locale"`
	Zone   string      `json:"zone,omitempty"`
}

type channelWire struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type stateWire struct {
	As       string            `json:"as"`
	Lang     string            `json:"lang"`
	Title    string            `json:"title"`
	People   []personWire      `json:"people"`
	Channels []channelWire     `json:"channels"`
	Messages []messageWire     `json:"messages"`
	Commands []completionWire  `json:"commands"`
	Words    map[string]string `json:"words"`
	Cursor   string            `json:"cursor"`
}

// roster is the people as the page lists them. The caller holds mu.
func (s *Surface) roster() []personWire {
	var all []personWire
	for _, p := range s.people {
		all = append(all, personWire{p.User, p.Name, p.Locale, p.Zone})
	}
	return all
}

// state is all that one person sees, and the cursor from which the stream goes on.
func (s *Surface) state(w http.ResponseWriter, r *http.Request) {
	l := s.language(r)
	st := stateWire{Lang: string(l), Title: s.o.Title.In(l), Commands: s.completions(l), Words: words(l), Messages: []messageWire{}}
	s.mu.Lock()
	st.As = r.URL.Query().Get("as")
	if _, ok := s.who(st.As); !ok {
		st.As = s.people[0].User
	}
	st.People, st.Cursor = s.roster(), s.feed.cursor()
	for _, c := range s.o.Channels {
		st.Channels = append(st.Channels, channelWire(c))
	}
	st.Channels = append(st.Channels, channelWire{Direct(st.As), "Griot"})
	for _, c := range st.Channels {
		st.Messages = append(st.Messages, s.seen(c.ID, st.As)...)
	}
	s.mu.Unlock()
	reply(w, http.StatusOK, st)
}

// seen is the latest of a channel that user may see. The caller holds mu.
func (s *Surface) seen(channel, user string) []messageWire {
	all := s.said[channel]
	if len(all) > pageful {
		all = all[len(all)-pageful:]
	}
	var wire []messageWire
	for _, m := range all {
		if to := m.audience(); to == "" || to == user {
			wire = append(wire, toWire(*m))
		}
	}
	return wire
}

// actWire is what the page sends. Kind is "line" (Text), "press" (Tag, Values) or "form" (Tag, Values, files).
type actWire struct {
	ID      string      `json:"id"`
	Kind    string      `json:"kind"`
	As      string      `json:"as"`
	Channel string      `json:"ch"`
	Text    string      `json:"text"`
	Message string      `json:"message"`
	Tag     string      `json:"tag"`
	Values  chat.Values `json:"values"`
}

type doneWire struct {
	Form     *formWire     `json:"form,omitempty"`
	Messages []messageWire `json:"messages,omitempty"`
	Error    string        `json:"error,omitempty"`
}

// act does what a person did and answers with what it made visible to them.
func (s *Surface) act(w http.ResponseWriter, r *http.Request) {
	l := s.language(r)
	in, files, err := s.readAct(w, r)
	if large, ok := errors.AsType[*tooLarge](err); ok {
		reply(w, http.StatusRequestEntityTooLarge, doneWire{Error: large.say.In(l)})
		return
	}
	if err != nil {
		reply(w, http.StatusBadRequest, doneWire{Error: unreadable.In(l)})
		return
	}
	a, err := s.done(r.Context(), in, files)
	if err != nil || errors.Is(a.err, errStranger) {
		reply(w, http.StatusBadRequest, doneWire{Error: unreadable.In(l)})
		return
	}
	if a.err != nil {
		s.o.Log.Error("act not stored", "surface", s.o.Name, "kind", in.Kind, "err", a.err)
		reply(w, http.StatusServiceUnavailable, doneWire{Error: s.sorry(a.err).In(l)})
		return
	}
	reply(w, http.StatusOK, s.outcome(a))
}

func (s *Surface) sorry(err error) i18n.Text {
	if errors.Is(err, errStopped) {
		return notRunning
	}
	return notStored
}

func (s *Surface) outcome(a *act) doneWire {
	d := doneWire{Messages: a.shown}
	if x, ok := a.answer.(chat.Ask); ok {
		d.Form = toForm(x.Form)
	}
	return d
}

// done turns what the page sent into an event and does it. A browser that goes away meanwhile stops nothing.
func (s *Surface) done(ctx context.Context, in actWire, files []upload) (*act, error) {
	ctx = context.WithoutCancel(ctx)
	e := chat.Event{
		ID: in.ID, Who: chat.Who{User: in.As}, Place: chat.Place{Channel: in.Channel}, Message: in.Message, Values: in.Values,
	}
	for _, f := range files {
		e.Files = append(e.Files, f.file(s.blobs))
	}
	if in.Kind == "line" {
		var kept []Attachment
		for _, f := range files {
			kept = append(kept, f.Attachment)
		}
		e.Message, e.Values = "", nil
		return s.typed(ctx, e, in.Text, kept), nil
	}
	tag, err := chat.ParseTag(in.Tag)
	if err != nil {
		return nil, err
	}
	e.Tag, e.Form = tag, in.Kind == "form"
	return s.perform(ctx, &e, func(a *act) { s.ask(ctx, a, e, "") }), nil
}

// dismissed takes a private answer away.
func (s *Surface) dismissed(w http.ResponseWriter, r *http.Request) {
	var in actWire
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil {
		reply(w, http.StatusBadRequest, doneWire{Error: unreadable.In(s.language(r))})
		return
	}
	if err := s.dismiss(in.As, in.Channel, in.Message); err != nil && !errors.Is(err, chat.ErrGone) {
		reply(w, http.StatusForbidden, doneWire{Error: unreadable.In(s.language(r))})
		return
	}
	reply(w, http.StatusOK, doneWire{})
}

type galleryWire struct {
	Words map[string]string        `json:"words"`
	Lang  string                   `json:"lang"`
	Cards map[i18n.Locale][]sample `json:"cards"`
}

type sample struct {
	Name string   `json:"name"`
	Card cardWire `json:"card"`
}

// gallery is every card in every language.
func (s *Surface) gallery(w http.ResponseWriter, r *http.Request) {
	l := s.language(r)
	g := galleryWire{Words: words(l), Lang: string(l), Cards: map[i18n.Locale][]sample{}}
	for _, l := range i18n.Locales {
		for _, c := range s.o.Gallery(l) {
			s.blobs.keep(c.Card)
			g.Cards[l] = append(g.Cards[l], sample{c.Name, toCard(c.Card)})
		}
	}
	reply(w, http.StatusOK, g)
}

func reply(w http.ResponseWriter, status int, what any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "%s\n", encode(what)) // the browser went away
}

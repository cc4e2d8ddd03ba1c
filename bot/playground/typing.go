package playground

import (
	"context"
	"encoding/json"
	"net/http"

	"griot/chat"
)

// typingWire is a command line that somebody is still typing: the option under the cursor, and what is typed of all.
type typingWire struct {
	As      string      `json:"as"`
	Channel string      `json:"ch"`
	Command string      `json:"command"` // as it is typed, in any language
	Option  string      `json:"option"`  // canonical
	Values  chat.Values `json:"values"`
}

type offerWire struct {
	Options []choiceWire `json:"options"`
}

type choiceWire struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// typing answers what an option may become. It is no act: nothing of it is kept or shown to others.
func (s *Surface) typing(w http.ResponseWriter, r *http.Request) {
	var in typingWire
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil {
		reply(w, http.StatusBadRequest, doneWire{Error: unreadable.In(s.language(r))})
		return
	}
	out := offerWire{Options: []choiceWire{}}
	offer, err := s.offer(r.Context(), in)
	if err != nil {
		s.o.Log.Debug("nothing offered", "surface", s.o.Name, "err", err)
	}
	for _, o := range offer.Options {
		out.Options = append(out.Options, choiceWire(o))
	}
	reply(w, http.StatusOK, out)
}

func (s *Surface) offer(ctx context.Context, in typingWire) (chat.Offer, error) {
	e := chat.Event{Who: chat.Who{User: in.As}, Place: chat.Place{Channel: in.Channel}, Typing: in.Option, Values: in.Values}
	if err := s.complete(&e); err != nil {
		return chat.Offer{}, err
	}
	canonical, _, ok := s.match("/" + in.Command)
	if !ok || in.Option == "" {
		return chat.Offer{}, nil
	}
	e.Command = canonical
	h, err := s.listening()
	if err != nil {
		return chat.Offer{}, err
	}
	defer s.running.Done()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a, err := h(ctx, e)
	offer, _ := a.(chat.Offer)
	return offer, err
}

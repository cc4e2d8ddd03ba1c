package slacktest

import (
	"time"
)

// View is a modal or a Home tab as it was when the test looked.
type View struct {
	ID, Hash, Callback, Metadata string // Metadata is private_metadata
	Title, Submit, Close         string // labels; empty: not there
	Blocks                       Blocks
	Values                       map[string]string // what its fields hold, by their labels
	Errors                       map[string]string // under fields, by their labels
	Lines                        []string          // as a person reads it
	Seen                         time.Time         // by the server's clock
	v                            *view
}

// Open says whether it was there.
func (v View) Open() bool { return v.v != nil }

// Modal is the modal on top of the person's screen; not Open when there is none.
func (p *Person) Modal() View {
	all := p.Modals()
	if len(all) == 0 {
		return View{}
	}
	return all[len(all)-1]
}

// Modals are the modals on the person's screen, the top one last.
func (p *Person) Modals() []View {
	p.w.s.mu.Lock()
	defer p.w.s.mu.Unlock()
	all := make([]View, len(p.stack))
	for i, v := range p.stack {
		all[i] = v.look()
	}
	return all
}

// Home is the app's Home tab as the person sees it; not Open before the app published one.
func (p *Person) Home() View {
	p.w.s.mu.Lock()
	defer p.w.s.mu.Unlock()
	if p.tab == nil {
		return View{}
	}
	return p.tab.look()
}

// look is the view as a test sees it. The mutex is held.
func (v *view) look() View {
	shown := View{
		ID: v.id, Hash: v.hash, Callback: str(v.body, "callback_id"), Metadata: str(v.body, "private_metadata"),
		Title: str(v.body, "title", "text"), Submit: str(v.body, "submit", "text"), Close: str(v.body, "close", "text"),
		Blocks: v.blocks, Values: map[string]string{}, Errors: map[string]string{}, Lines: reader{v.p.w}.view(v), Seen: v.p.w.s.Now(), v: v,
	}
	for _, b := range v.blocks {
		if b["type"] == "input" {
			label := str(b, "label", "text")
			shown.Values[label] = shownValue(v.state[key(b, at(b, "element"))])
			if e := v.errors[str(b, "block_id")]; e != "" {
				shown.Errors[label] = e
			}
		}
	}
	return shown
}

package playground_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/bot/playground"
	"griot/chat"
	"griot/i18n"
)

// toy is a small Griot: one post that can be drafted, approved, cancelled and moved. It keeps the events it was given.
type toy struct {
	mu     sync.Mutex
	events []chat.Event
	files  []string      // "input name bytes" of each file that was read
	broken int           // how many of the next acts fail
	hold   chan struct{} // when set, acts wait for it
}

func (y *toy) handle(ctx context.Context, e chat.Event) (chat.Answer, error) {
	y.mu.Lock()
	y.events = append(y.events, e)
	hold := y.hold
	broken := y.broken > 0
	if broken {
		y.broken--
	}
	y.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if broken {
		return nil, errors.New("the database is gone")
	}
	y.read(e)
	switch {
	case e.Typing == "at":
		said := e.Values.Get("at")
		return chat.Offer{Options: []chat.Option{opt(said+" 9h", "The morning of "+said), opt(said+" 18h", "The evening of "+said)}}, nil
	case e.Command == "post draft" || e.Tag.Verb == "post.edit" && !e.Form:
		return chat.Ask{Form: draft(e.Text)}, nil
	case e.Form:
		return y.sent(e), nil
	case e.Tag.Verb == "post.approve":
		said := chat.Sentence(chat.Good, chat.Plain("You approved this post. It leaves on its own."))
		return chat.Refresh{Card: scheduled(e.Who.Name), Tell: &said}, nil
	case e.Tag.Verb == "post.cancel":
		return chat.Refresh{Card: cancelled()}, nil
	case e.Tag.Verb == "post.move":
		return chat.Say{Private: true, Card: chat.Sentence(chat.Good, chat.Plain("Moved to "), chat.Bold(e.Values.Get("value")))}, nil
	case e.Command == "help":
		return chat.Say{Private: true, Card: help(e.Who.Locale)}, nil
	case e.Words == "write":
		return chat.Say{Private: true, Live: true, Card: chat.Sentence(chat.Neutral, chat.Plain("I am writing."))}, nil
	case e.Words != "":
		return chat.Say{Card: chat.Sentence(chat.Neutral, chat.Plain("You said: "+e.Words))}, nil
	}
	return chat.Silent{}, nil
}

func (y *toy) read(e chat.Event) {
	for _, f := range e.Files {
		r, err := f.Open()
		if err != nil {
			continue
		}
		b, _ := io.ReadAll(r) // a short read shows in the size
		r.Close()
		y.mu.Lock()
		y.files = append(y.files, f.Input+" "+f.Name+" "+strconv.Itoa(len(b)))
		y.mu.Unlock()
	}
}

func (y *toy) sent(e chat.Event) chat.Answer {
	f := draft("")
	words := e.Values.Get("text")
	if strings.Contains(words, "cheap") {
		for i := range f.Inputs {
			f.Inputs[i].Value = e.Values[f.Inputs[i].Name]
		}
		f.Inputs[0].Error = "The editorial line says: never “cheap”. Try “fair price”."
		return chat.Ask{Form: f}
	}
	return chat.Say{Card: waiting(words)}
}

func (y *toy) seen() []chat.Event {
	y.mu.Lock()
	defer y.mu.Unlock()
	return append([]chat.Event(nil), y.events...)
}

func draft(text string) chat.Form {
	f := chat.Form{
		Title: "New post", Tag: chat.Tag{Verb: "post.draft", Subject: "new"}, Submit: "Save the draft",
		Intro: []chat.Span{chat.Plain("Nothing leaves before somebody approves it.")},
		Inputs: []chat.Input{
			{Name: "text", Label: "Text", Kind: chat.Text, Required: true, Max: 500, Help: "Bluesky takes 300 characters, Mastodon 500."},
			{Name: "to", Label: "Accounts", Kind: chat.Many, Required: true, Options: []chat.Option{opt("bluesky", "Bluesky · @karite"), opt("mastodon", "Mastodon · @karite@mamot"), opt("pretend", "Practice network")}, Value: []string{"pretend"}},
			{Name: "when", Label: "When", Kind: chat.Moment, Help: "“tomorrow 9am”, “demain 9h”; empty: as soon as approved."},
			{Name: "reply", Label: "Who may reply", Kind: chat.Choice, Options: []chat.Option{opt("all", "Everybody"), opt("followers", "Followers")}, Value: []string{"all"}},
			{Name: "label", Label: "Campaign", Kind: chat.Choice, Options: []chat.Option{opt("a", "Spring market"), opt("b", "Shea butter day"), opt("c", "Open workshop"), opt("d", "Recipes"), opt("e", "Team")}},
			{Name: "media", Label: "Pictures", Kind: chat.Files, Max: 4, Help: "PNG, JPEG, GIF or WebP."},
			{Name: "alt", Label: "What the picture shows", Kind: chat.Line, Max: 200},
			{Name: "token", Label: "App password", Kind: chat.Secret},
			{Name: "room", Label: "Where to show it", Kind: chat.Room, Options: []chat.Option{opt("C1", "#general"), opt("C2", "#approvals")}},
			{Name: "elsewhere", Label: "Where else", Kind: chat.Room},
		},
	}
	if text != "" {
		f.Inputs[0].Value = []string{text}
	}
	return f
}

func opt(value, label string) chat.Option { return chat.Option{Value: value, Label: label} }

func fact(label string, value chat.Span) chat.Field {
	return chat.Field{Label: label, Value: []chat.Span{value}}
}

var noon = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

func base(title string, tone chat.Tone) chat.Card {
	return chat.Card{
		Subject: "p1", Title: title, Tone: tone,
		Lead: []chat.Span{chat.Bold("Maison Karité"), chat.Plain(" · "), chat.Person{Name: "Nora Diallo"}, chat.Plain(" · "), chat.When{T: noon, Text: "Tuesday 24 November, 09:00 (Paris)"}},
		Body: []chat.Span{chat.Plain("The shea butter of the autumn harvest has arrived.\n\nHand-churned by the women of Siby, 42 jars, not one more. Come and smell it on Saturday at the workshop. #shea")},
	}
}

func waiting(words string) chat.Card {
	c := base("To approve", chat.Waiting)
	if words != "" {
		c.Body = []chat.Span{chat.Plain(words)}
	}
	c.Images = []chat.Image{picture()}
	c.Fields = []chat.Field{
		fact("Leaves", chat.When{T: noon, Text: "Tuesday at 09:00"}), fact("Campaign", chat.Plain("Autumn harvest")),
		fact("Approver", chat.Person{Name: "Paul Keïta"}),
	}
	c.Sections = []chat.Section{
		{Title: "Bluesky", Tone: chat.Waiting, Note: []chat.Span{chat.Plain("142 of 300")}},
		{Title: "Mastodon", Tone: chat.Waiting, Note: []chat.Span{chat.Plain("142 of 500")}, Body: []chat.Span{chat.Plain("Own words here: the harvest is in. Saturday, 10 am, workshop door on the yard side.")}},
	}
	c.Buttons = []chat.Button{
		{Label: "Approve", Tag: chat.Tag{Verb: "post.approve", Subject: "p1", Rev: 3}, Style: chat.Primary},
		{Label: "Needs changes", Tag: chat.Tag{Verb: "post.edit", Subject: "p1", Rev: 3}},
		{Label: "Cancel the post", Tag: chat.Tag{Verb: "post.cancel", Subject: "p1", Rev: 3}, Style: chat.Risky, Confirm: "Cancel this post for good?"},
	}
	c.Selects = []chat.Select{{Label: "Move to", Tag: chat.Tag{Verb: "post.move", Subject: "p1"}, Options: []chat.Option{opt("tomorrow", "Tomorrow, 09:00"), opt("monday", "Monday, 18:30")}}}
	c.Foot = []chat.Span{chat.Plain("Sent for approval by Nora. The whole story: "), chat.Code("/why p1")}
	return c
}

func scheduled(who string) chat.Card {
	c := base("Scheduled", chat.Good)
	c.Sections = []chat.Section{
		{Title: "Bluesky", Tone: chat.Good, Note: []chat.Span{chat.Link{Label: "See it on Bluesky", URL: "https://bsky.example/p/1"}}},
		{Title: "Mastodon", Tone: chat.Bad, Note: []chat.Span{chat.Plain("refused: sign in again")}},
	}
	c.Foot = []chat.Span{chat.Plain("Approved by "), chat.Person{Name: who}}
	c.Buttons = []chat.Button{{Label: "Open the page", URL: "https://bsky.example/p/1"}}
	return c
}

func cancelled() chat.Card {
	c := base("Not sent", chat.Bad)
	c.Foot = []chat.Span{chat.Plain("Cancelled by Paul.")}
	return c
}

func help(l i18n.Locale) chat.Card {
	words := i18n.Text{En: "Six commands to start with:", Fr: "Six commandes pour commencer\u202f:"}
	title := i18n.Text{En: "What Griot can do", Fr: "Ce que Griot sait faire"}
	return chat.Card{Title: title.In(l), Body: []chat.Span{chat.Plain(words.In(l)), chat.Break{}, chat.Code("/post draft"), chat.Plain(" · "), chat.Code("/calendar")}}
}

// picture is a warm evening over hills, drawn here so that no file of anybody's is needed.
func picture() chat.Image {
	return chat.Image{Hash: "evening", Type: "image/png", Alt: "An orange evening over dark blue hills", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(evening(640, 300))), nil
	}}
}

func evening(w, h int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		near := 0.72 + 0.08*math.Sin(float64(x)/70)
		far := 0.58 + 0.1*math.Sin(float64(x)/110+2)
		for y := range h {
			v := float64(y) / float64(h)
			c := color.RGBA{uint8(242 - 40*v), uint8(190 - 60*v), uint8(110 + 20*v), 255}
			if d := math.Hypot(float64(x-w*2/3), float64(y)-float64(h)*0.45); d < float64(h)/7 {
				c = color.RGBA{255, 232, 178, 255}
			}
			if v > far {
				c = color.RGBA{92, 78, 128, 255}
			}
			if v > near {
				c = color.RGBA{43, 46, 98, 255}
			}
			m.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func commands(l i18n.Locale) []playground.Completion {
	text := func(en, fr string) string { return i18n.Text{En: en, Fr: fr}.In(l) }
	return []playground.Completion{
		{Canonical: "post draft", Name: text("post draft", "post rediger"), Usage: text(`/post draft text:"…" to:bluesky at:"tomorrow 9am"`, `/post rediger texte:"…" vers:bluesky quand:"demain 9h"`), About: text("Write a post", "Rédiger une publication"),
			Options: []playground.CompletionOption{{"text", text("text", "texte"), text("the words", "les mots"), true, false}, {"at", text("at", "quand"), text("when it leaves", "quand elle part"), false, true}}},
		{Canonical: "post list", Name: text("post list", "post liste"), About: text("What is on its way", "Ce qui est en route")},
		{Canonical: "help", Name: text("help", "aide"), About: text("What Griot can do", "Ce que Griot sait faire")},
		{Canonical: "pause", Name: "pause", About: text("Stop everything of a brand", "Tout arrêter pour une marque")},
	}
}

func gallery(i18n.Locale) []playground.GalleryCard {
	return []playground.GalleryCard{{"A post to approve", waiting("")}, {"Scheduled", scheduled("Paul Keïta")}, {"Not sent", cancelled()}, {"A sentence", chat.Sentence(chat.Good, chat.Plain("Done."))}}
}

func options(o playground.Options) playground.Options {
	if o.Name == "" {
		o.Name = "playground"
	}
	o.People = []playground.Person{
		{User: "nora", Name: "Nora Diallo", Locale: i18n.Fr, Zone: "Europe/Paris"},
		{User: "paul", Name: "Paul Keïta", Locale: i18n.En, Zone: "Africa/Bamako"},
		{User: "awa", Name: "Awa Traoré", Locale: i18n.Fr, Zone: "Europe/Paris", Manager: true},
	}
	o.Channels = []playground.Channel{{"general", "general"}, {"approvals", "approvals"}, {"mentions", "mentions"}}
	o.Commands, o.Gallery = commands, gallery
	if o.Now == nil {
		o.Now = func() time.Time { return time.Date(2026, 11, 23, 9, 41, 0, 0, time.UTC) }
	}
	return o
}

// open starts a surface with the toy behind it; it stops with the test.
func open(t *testing.T, o playground.Options) (*playground.Surface, *toy) {
	t.Helper()
	s, err := playground.New(options(o))
	if err != nil {
		t.Fatal(err)
	}
	y := &toy{}
	run(t, s, y.handle)
	return s, y
}

func run(t *testing.T, s *playground.Surface, h chat.Handler) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	started := make(chan struct{})
	go func() { close(started); done <- s.Run(ctx, h) }()
	<-started
	t.Cleanup(func() {
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	until(t, func() bool { return s.Ready() })
}

// until waits for a condition that another goroutine makes true.
func until(t *testing.T, what func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		if what() {
			return
		}
		pause(t)
	}
	t.Fatal("it did not happen within 10 s")
}

func pause(t *testing.T) {
	t.Helper()
	tick := time.NewTimer(2 * time.Millisecond)
	defer tick.Stop()
	<-tick.C
}

func send(t *testing.T, s *playground.Surface, channel, key string, c chat.Card) chat.MessageRef {
	t.Helper()
	ref, err := s.Send(t.Context(), s.Place(channel), key, c)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"griot/chat"
	"griot/commands"
	"griot/drafting"
	"griot/drafting/offline"
	"griot/drafting/openai"
	"griot/fault"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
	"griot/storage"
	"griot/writing"
)

// writes makes what writes for people.
func (a *App) writes() *writing.Service {
	s := &writing.Service{DB: a.DB, Offline: offline.Drafter{}, Budget: a.cfg.Writing.budget(), Log: a.parts.Log}
	if w := a.cfg.Writing; w.On() {
		s.Model = openai.New(openai.Options{Key: w.Key, BaseURL: w.BaseURL, Model: w.Model, Patience: a.parts.Patience})
	}
	return s
}

// writeJob has a post written, which takes longer than a chat waits.
type writeJob struct {
	Key          string // of this wish, over restarts
	Team, Member string
	At           chat.Place
	Topic        commands.Topic
}

// Kind names the job.
func (writeJob) Kind() string { return "write" }

func (a *App) writeLater(ctx context.Context, by social.Member, at chat.Place, t commands.Topic) error {
	act := sha256.Sum256([]byte(at.Surface + "|" + at.Workspace + "|" + cmp.Or(t.Act, storage.NewID("act"))))
	j := writeJob{Key: "write-" + hex.EncodeToString(act[:12]), Team: by.TeamID, Member: by.ID, At: at, Topic: t}
	return a.DB.InTx(ctx, func(tx *storage.Tx) error { return tx.Enqueue(ctx, j) })
}

// sayJob tells a member something directly, once.
type sayJob struct {
	Key          string
	Team, Member string
	At           chat.Place
	Title, Words string
}

// Kind names the job.
func (sayJob) Kind() string { return "say" }

func (a *App) sayDirectly(ctx context.Context, j sayJob) error {
	m, err := storage.Member(ctx, a.DB, j.Team, j.Member)
	if err != nil {
		return err
	}
	return a.tellDirectly(ctx, m, j.At, j.Key, chat.Card{Title: j.Title, Body: []chat.Span{chat.Plain(j.Words)}})
}

// errWritten ends a second try of what was written already.
var errWritten = errors.New("written already")

// write writes a post and shows its card where it was asked for. What the person should know of it, or why there is none, is
// told them directly, and held together with the draft: a crash makes neither two of them nor one without the other.
func (a *App) write(ctx context.Context, j writeJob) error {
	if done, err := storage.Seen(ctx, a.DB, j.Key); err != nil || done {
		return err
	}
	by, err := storage.Member(ctx, a.DB, j.Team, j.Member)
	if err != nil {
		return err
	}
	t := a.tells(ctx, j)
	c, note, err := a.composed(ctx, by, j, t)
	if err == nil {
		_, err = a.Publishing.DraftWith(ctx, by, j.Topic.Brand, c, func(tx *storage.Tx, s social.Sheet) error { return a.placed(ctx, tx, j, s, note) })
	}
	switch {
	case err == nil || errors.Is(err, errWritten):
		t.end(chat.Sentence(chat.Good, chat.Plain(writtenNow.In(j.Topic.Locale))))
		return nil
	case fault.KindOf(err) == fault.Internal:
		t.end(chat.Card{})
		return err
	}
	why := fault.For(err, j.Topic.Locale)
	t.end(chat.Sentence(chat.Bad, chat.Plain(why)))
	return a.DB.InTx(ctx, func(tx *storage.Tx) error { return a.unwritten(ctx, tx, j, why) })
}

// composed asks for the words of each account, and has t show them while they come.
func (a *App) composed(ctx context.Context, by social.Member, j writeJob, t *telling) (publishing.Content, i18n.Localised, error) {
	c := j.Topic.Content
	b, err := storage.Brand(ctx, a.DB, by.TeamID, j.Topic.Brand)
	if err != nil {
		return c, nil, err
	}
	accounts, err := storage.AccountsIn(ctx, a.DB, by.TeamID, c.Accounts)
	if err != nil {
		return c, nil, err
	}
	line, err := a.Writing.Line(ctx, by, b.ID, b.Locale)
	if err != nil {
		return c, nil, err
	}
	ask := drafting.PostAsk{Brand: b, Line: line, Topic: j.Topic.Words, Accounts: accounts}
	if t != nil {
		ask.Hear = func(texts map[string]string) { t.words(j.Topic.Locale, accounts, texts) }
	}
	d, note, err := a.Writing.Posts(ctx, by.TeamID, ask)
	if err != nil {
		return c, nil, fmt.Errorf("write %s: %w", j.Key, err)
	}
	c.Texts = d.Texts
	for _, id := range c.Accounts { // the first one's words are the post's; the others have their own where they differ
		if c.Text = d.Texts[id]; c.Text != "" {
			break
		}
	}
	return c, note, nil
}

// placed puts a draft's card where it was asked for.
func (a *App) placed(ctx context.Context, tx *storage.Tx, j writeJob, s social.Sheet, note i18n.Localised) error {
	fresh, err := tx.Keep(ctx, j.Key)
	if err != nil {
		return err
	}
	if !fresh {
		return errWritten
	}
	if _, err := tx.Place(ctx, storage.Placement{TeamID: j.Team, Subject: s.Post.ID, Spot: storage.Spot(j.At)}); err != nil {
		return err
	}
	if note != nil && a.Writing.Connected() { // that there is no model was said at once
		if err := tx.Enqueue(ctx, j.say(writtenTitle, note.In(j.Topic.Locale))); err != nil {
			return err
		}
	}
	return tx.Redraw(ctx, j.Team, s.Post.ID)
}

// unwritten tells why there is no draft.
func (a *App) unwritten(ctx context.Context, tx *storage.Tx, j writeJob, why string) error {
	fresh, err := tx.Keep(ctx, j.Key)
	if err != nil || !fresh {
		return err
	}
	return tx.Enqueue(ctx, j.say(unwrittenTitle, why))
}

func (j writeJob) say(title i18n.Text, words string) sayJob {
	return sayJob{Key: "say-" + j.Key, Team: j.Team, Member: j.Member, At: j.At, Words: words,
		Title: title.In(j.Topic.Locale, chat.Cut(strings.Join(strings.Fields(j.Topic.Words), " "), topicBegins))}
}

// topicBegins is how much of a topic names a draft, in runes.
const topicBegins = 60

var (
	writtenTitle   = i18n.Text{En: "Your draft about “%s”", Fr: "Votre brouillon sur «\u202f%s\u202f»"}
	unwrittenTitle = i18n.Text{En: "There is no draft about “%s”", Fr: "Il n’y a pas de brouillon sur «\u202f%s\u202f»"}
)

// replies proposes answers to a mention: the card says who wrote them.
func (a *App) replies(ctx context.Context, team string, ask drafting.ReplyAsk) ([]social.Suggestion, error) {
	out, _, err := a.Writing.Replies(ctx, team, ask)
	for i := range out.Suggestions {
		out.Suggestions[i].Model = out.Model
	}
	return out.Suggestions, err
}

// remarks says two sentences about the rows of a digest, when a language model can.
func (a *App) remarks(ctx context.Context, team, brand string, l i18n.Locale, rows []string) (string, error) {
	if !a.Writing.Connected() {
		return "", nil
	}
	b, err := storage.Brand(ctx, a.DB, team, brand)
	if err != nil {
		return "", err
	}
	ask := drafting.RemarkAsk{Brand: b, Locale: l}
	for _, r := range rows {
		label, figure, _ := strings.Cut(r, ": ")
		ask.Rows = append(ask.Rows, drafting.Row{Label: label, Figure: figure})
	}
	out, _, err := a.Writing.Remarks(ctx, team, ask)
	return out.Text, err
}

package discordbot

import (
	"context"
	"maps"
	"time"

	"github.com/bwmarrin/discordgo"

	"griot/bot/discordbot/components"
	"griot/chat"
	"griot/i18n"
)

var (
	done = i18n.Text{
		En: "Done.",
		Fr: "C’est fait.",
	}
	comesHere = i18n.Text{
		En: "Done: it appears in this channel in a moment.",
		Fr: "C’est fait\u202f: cela s’affiche dans ce salon dans un instant.",
	}
	mayNot = i18n.Text{
		En: "That is done, but Griot cannot show it here: it lacks %s in this channel. Somebody who manages the server can give it that under “Edit Channel”, “Permissions”; it appears then, at the latest with the next change.",
		Fr: "C’est fait, mais Griot ne peut pas l’afficher ici\u202f: il lui manque, dans ce salon, %s. Une personne qui gère le serveur peut le lui donner sous «\u202fModifier le salon\u202f», «\u202fPermissions\u202f»\u202f; cela s’affichera ensuite, au plus tard au prochain changement.",
	}
)

// answer is what Discord is answered at once.
func (s *Surface) answer(ctx context.Context, x act, a chat.Answer) reply {
	switch v := a.(type) {
	case chat.Say:
		s.keepLive(x, v)
		return s.say(ctx, x, v)
	case chat.Ask:
		return s.ask(ctx, x, withFiles(v.Form, x.along), x.along)
	case chat.Refresh:
		return s.refresh(ctx, x, v)
	}
	return s.silent(x)
}

// say shows a card to who acted, or to all in the channel.
func (s *Surface) say(ctx context.Context, x act, v chat.Say) reply {
	inPlace := v.Private && s.inPlace(x)
	var there []attachment
	if inPlace {
		there = x.in.Message.Attachments
	}
	look, whole := s.look(there, v.Card)
	if !whole {
		r := deferral(x.in)
		if x.in.Message != nil { // an answer of its own, not the message that was pressed
			r = reply{Type: laterType, Data: map[string]int{"flags": ephemeral}}
		}
		r.after = func(ctx context.Context) { s.original(ctx, x.in, v.Card) }
		return r
	}
	m := components.Card(v.Card, look)
	switch {
	case !v.Private:
		return reply{Type: sayType, Data: m}
	case inPlace:
		return reply{Type: updateType, Data: m}
	}
	return whisper(m)
}

// inPlace reports whether a private answer stands where the question stood.
func (s *Surface) inPlace(x act) bool {
	return x.in.hidden() && (x.step != nil || components.Asks(x.in.Message.Components))
}

// refresh makes the pressed message show its card, and says what there is to say.
func (s *Surface) refresh(ctx context.Context, x act, v chat.Refresh) reply {
	private := func(c chat.Card) reply { return s.say(ctx, x, chat.Say{Card: c, Private: true}) }
	switch {
	case x.in.Message == nil || x.step != nil:
		if v.Tell != nil {
			return private(*v.Tell)
		}
		return private(v.Card)
	case x.in.hidden() && v.Tell != nil:
		return private(*v.Tell)
	}
	r := reply{Type: updateType}
	look, whole := s.look(x.in.Message.Attachments, v.Card)
	if whole {
		r.Data = components.CardOver(x.in.Message.Components, v.Card, look)
	} else {
		r.Type = stillType
	}
	r.after = func(ctx context.Context) {
		if !whole && x.in.hidden() { // no message of the board
			s.original(ctx, x.in, v.Card)
		} else if !whole || s.o.Now().Sub(x.in.Came) >= settled {
			s.stale(ctx, x.in)
		}
		if v.Tell != nil {
			s.tell(ctx, x.in, *v.Tell)
		}
	}
	return r
}

// silent answers when there is nothing to say: Discord shows a failure where nothing is answered.
func (s *Surface) silent(x act) reply {
	l := s.locale(x.in)
	switch {
	case s.inPlace(x):
		return reply{Type: updateType, Data: components.Sentence(l, chat.Good, done.In(l))}
	case x.in.Message != nil:
		return reply{Type: stillType}
	}
	return whisper(s.placed(x.in))
}

// placed says that what was asked for appears in the channel, or what is missing for that.
func (s *Surface) placed(in interaction) components.Message {
	l := s.locale(in)
	if lacks := lacking(in.AppPermissions, in.Channel.Type); len(lacks) > 0 {
		return components.Sentence(l, chat.Bad, mayNot.In(l, listed(lacks, l)))
	}
	return components.Sentence(l, chat.Good, comesHere.In(l))
}

// look knows the pictures that stand in the message which is to show a card, and whether they are just those of the card.
func (s *Surface) look(all []attachment, c chat.Card) (components.Look, bool) {
	there := map[string]bool{}
	for _, a := range all {
		there[a.Name] = true
	}
	wanted := map[string]bool{}
	for _, i := range c.Images {
		if name, ok := fileName(i); ok {
			wanted[name] = true
		}
	}
	return components.Look{Picture: func(i chat.Image) (string, bool) {
		name, ok := fileName(i)
		return name, ok && there[name]
	}}, maps.Equal(there, wanted)
}

// tell says a card to who acted, alone: as a follow-up while the interaction lives, else in their conversation with Griot.
func (s *Surface) tell(ctx context.Context, in interaction, c chat.Card) {
	files, look := s.pictures(c)
	m := body{Message: components.Card(c, look), Attachments: listedFiles(files)}
	m.Flags |= ephemeral
	err := s.open(ctx, in, "POST", "", m, files)
	if err == nil {
		return
	}
	s.o.Log.Debug("follow-up not taken", "surface", Name, "err", err)
	m.Flags &^= ephemeral
	if err := s.direct(ctx, in.who().User, m, files); err != nil {
		s.o.Log.Warn("answer not shown", "surface", Name, "guild", in.Guild, "user", in.who().User, "err", err)
	}
}

// original makes the first answer to an interaction show a card.
func (s *Surface) original(ctx context.Context, in interaction, c chat.Card) {
	files, look := s.pictures(c)
	m := body{Message: components.Card(c, look), Attachments: listedFiles(files)}
	if err := s.open(ctx, in, "PATCH", "/messages/@original", m, files); err != nil {
		s.o.Log.Warn("answer not shown", "surface", Name, "guild", in.Guild, "err", err)
		s.tell(ctx, in, c)
	}
}

// keepLive remembers how to change an answer that may still change.
func (s *Surface) keepLive(x act, v chat.Say) {
	if v.Live && v.Private {
		s.live.put(x.event.ID, x.in)
	}
}

var _ chat.Reviser = (*Surface)(nil)

// Revise makes a live answer show c, for as long as an interaction takes answers. Errors: chat.ErrGone, those of a call.
func (s *Surface) Revise(ctx context.Context, event string, c chat.Card) error {
	in, ok := s.live.get(event)
	if !ok {
		return chat.ErrGone
	}
	m := body{Message: components.Card(c, components.Look{}), Attachments: []attached{}}
	return mended(s.open(ctx, in, "PATCH", "/messages/@original", m, nil))
}

// open uses the right that an interaction gives for a quarter of an hour.
func (s *Surface) open(ctx context.Context, in interaction, method, path string, m any, files []upload) error {
	if !in.answerable(s.o.Now()) {
		return chat.ErrGone
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	for try := 1; ; try++ {
		err := s.rest.do(ctx, call{method: method, path: "/webhooks/" + in.App + "/" + in.Token + path, in: m, files: files, open: true})
		if codeOf(err) != unknownWebhook || try == tries {
			return err
		}
		pause(ctx, beat)
	}
}

// Over HTTP what follows an answer may be there before Discord has read the answer.
const (
	tries = 4
	beat  = 200 * time.Millisecond
)

// late shows what came of an act whose answer was put off.
func (s *Surface) late(ctx context.Context, x act, a chat.Answer) {
	switch v := a.(type) {
	case chat.Say:
		s.keepLive(x, v)
		s.sayLate(ctx, x, v)
	case chat.Ask:
		s.askLate(ctx, x, v.Form)
	case chat.Refresh:
		s.refreshLate(ctx, x, v)
	default:
		if x.in.Message == nil || x.step != nil {
			s.instead(ctx, x, s.placed(x.in))
		}
	}
}

func (s *Surface) sayLate(ctx context.Context, x act, v chat.Say) {
	switch {
	case !v.Private:
		if l := s.locale(x.in); x.in.Message == nil { // what fills the place where Griot was thinking is seen by who acted alone
			s.instead(ctx, x, components.Sentence(l, chat.Good, done.In(l)))
		}
		if err := s.open(ctx, x.in, "POST", "", components.Card(v.Card, components.Look{}), nil); err != nil {
			s.tell(ctx, x.in, v.Card)
		}
	case x.in.Message == nil || s.inPlace(x):
		s.original(ctx, x.in, v.Card)
	default:
		s.tell(ctx, x.in, v.Card)
	}
}

func (s *Surface) refreshLate(ctx context.Context, x act, v chat.Refresh) {
	switch {
	case x.in.Message == nil || x.step != nil:
		c := v.Card
		if v.Tell != nil {
			c = *v.Tell
		}
		s.original(ctx, x.in, c)
		return
	case x.in.shown() != "":
		s.stale(ctx, x.in) // others may have acted meanwhile: the board knows
	case v.Tell == nil:
		s.original(ctx, x.in, v.Card)
	}
	if v.Tell != nil {
		s.tell(ctx, x.in, *v.Tell)
	}
}

// instead puts a sentence where Griot was said to be thinking, or says it to who acted.
func (s *Surface) instead(ctx context.Context, x act, m components.Message) {
	err := s.open(ctx, x.in, "PATCH", "/messages/@original", m, nil)
	if err != nil {
		err = s.direct(ctx, x.in.who().User, body{Message: m}, nil)
	}
	if err != nil {
		s.o.Log.Warn("answer not shown", "surface", Name, "guild", x.in.Guild, "err", err)
	}
}

// rights are what Griot needs in a channel, with what each is called in Discord's own settings.
var rights = []struct {
	bit  int64
	name i18n.Text
}{
	{discordgo.PermissionViewChannel, i18n.Text{En: "View Channel", Fr: "Voir le salon"}},
	{discordgo.PermissionSendMessages, i18n.Text{En: "Send Messages", Fr: "Envoyer des messages"}},
	{discordgo.PermissionSendMessagesInThreads, i18n.Text{En: "Send Messages in Threads", Fr: "Envoyer des messages dans les fils"}},
	{discordgo.PermissionCreatePublicThreads, i18n.Text{En: "Create Public Threads", Fr: "Créer des fils publics"}},
	{discordgo.PermissionEmbedLinks, i18n.Text{En: "Embed Links", Fr: "Intégrer des liens"}},
	{discordgo.PermissionAttachFiles, i18n.Text{En: "Attach Files", Fr: "Joindre des fichiers"}},
	{discordgo.PermissionReadMessageHistory, i18n.Text{En: "Read Message History", Fr: "Voir les anciens messages"}},
}

// Permissions is all that Griot asks for when it is invited.
func Permissions() int64 {
	var all int64
	for _, r := range rights {
		all |= r.bit
	}
	return all
}

// lacking are the rights without which nothing can be shown in a channel of a kind, that set does not have.
func lacking(set string, kind int) []i18n.Text {
	thread := kind >= int(discordgo.ChannelTypeGuildNewsThread) && kind <= int(discordgo.ChannelTypeGuildPrivateThread)
	var out []i18n.Text
	for _, r := range rights {
		needed := r.bit == discordgo.PermissionViewChannel || r.bit == discordgo.PermissionSendMessagesInThreads && thread || r.bit == discordgo.PermissionSendMessages && !thread
		if needed && !may(set, r.bit) {
			out = append(out, r.name)
		}
	}
	return out
}

// listed names rights in a sentence.
func listed(all []i18n.Text, l i18n.Locale) string {
	out := ""
	for i, r := range all {
		if i > 0 {
			out += ", "
		}
		out += quoted.In(l, r.In(l))
	}
	return out
}

var quoted = i18n.Text{En: "“%s”", Fr: "«\u202f%s\u202f»"}

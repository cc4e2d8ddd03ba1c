package discordbot

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"griot/bot/discordbot/components"
	"griot/chat"
	"griot/i18n"
)

// Kinds of interactions. Source: docs.discord.com, interactions/receiving-and-responding.
const (
	pinged    = 1
	commanded = 2
	pressed   = 3
	typing    = 4
	submitted = 5
)

// lifetime is how long an interaction can be answered; a minute less than Discord says.
const lifetime = 14 * time.Minute

// interaction is what Discord sends when somebody does something: the fields that Griot reads, so that what Discord adds to
// the others cannot get in the way.
type interaction struct {
	ID             string   `json:"id"`
	App            string   `json:"application_id"`
	Type           int      `json:"type"`
	Token          string   `json:"token"`
	Guild          string   `json:"guild_id"`
	Channel        channel  `json:"channel"`
	ChannelID      string   `json:"channel_id"`
	Member         *member  `json:"member"`
	User           *user    `json:"user"`
	Locale         string   `json:"locale"`
	AppPermissions string   `json:"app_permissions"`
	Message        *message `json:"message"`
	Data           data     `json:"data"`

	Came time.Time `json:"came,omitzero"` // when it arrived; ours
}

type channel struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Type   int    `json:"type"`
	Parent string `json:"parent_id"`
	Guild  string `json:"guild_id"`
	Owner  string `json:"owner_id"`
}

type user struct {
	ID     string `json:"id"`
	Name   string `json:"username"`
	Global string `json:"global_name"`
}

type member struct {
	User        user     `json:"user"`
	Nick        string   `json:"nick"`
	Roles       []string `json:"roles"`
	Permissions string   `json:"permissions"`
}

// message is one that stands in Discord.
type message struct {
	ID          string                 `json:"id"`
	Channel     string                 `json:"channel_id"`
	Author      user                   `json:"author"`
	Content     string                 `json:"content"`
	Flags       int                    `json:"flags"`
	Attachments []attachment           `json:"attachments"`
	Components  []components.Component `json:"components"`
	Mentions    []user                 `json:"mentions"`
}

// attachment is a file of a message or of a form.
type attachment struct {
	ID    string `json:"id"`
	Name  string `json:"filename"`
	Type  string `json:"content_type"`
	Size  int64  `json:"size"`
	URL   string `json:"url"`
	Input string `json:"input,omitempty"` // name of the field it was attached to; ours
}

type data struct {
	Name       string                 `json:"name"`
	Type       int                    `json:"type"`
	Target     string                 `json:"target_id"`
	Options    []option               `json:"options"`
	CustomID   string                 `json:"custom_id"`
	Values     []string               `json:"values"`
	Components []components.Component `json:"components"`
	Resolved   struct {
		Messages    map[string]message    `json:"messages"`
		Attachments map[string]attachment `json:"attachments"`
	} `json:"resolved"`
}

type option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Options []option        `json:"options"`
	Focused bool            `json:"focused"`
}

// text is the value of an option as it was typed or chosen.
func (o option) text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	return strings.Trim(string(o.Value), `"`)
}

// hidden reports whether the message that was acted on is one that its reader alone sees.
func (in interaction) hidden() bool {
	return in.Message != nil && in.Message.Flags&int(discordgo.MessageFlagsEphemeral) != 0
}

// answerable reports whether the interaction still takes answers.
func (in interaction) answerable(now time.Time) bool { return now.Sub(in.Came) < lifetime }

// starter is the kind of channel whose posts are threads of their own.
func starts(kind int) bool {
	return kind == int(discordgo.ChannelTypeGuildForum) || kind == int(discordgo.ChannelTypeGuildMedia)
}

// place is where it happened. The first message of a forum's post stands in the forum.
func (in interaction) place() chat.Place {
	at := cmp.Or(in.ChannelID, in.Channel.ID)
	if in.Message != nil && in.Message.ID == at && in.Channel.Parent != "" {
		at = in.Channel.Parent
	}
	return place(in.Guild, at)
}

// link is where a message stands that was acted on, as people open it.
// Source: docs.discord.com, reference, message formatting, and what "Copy Message Link" gives, read 2026-11.
func (in interaction) link(m message) string {
	return "https://discord.com/channels/" + in.Guild + "/" + cmp.Or(m.Channel, in.ChannelID, in.Channel.ID) + "/" + m.ID
}

// shown is the message that was pressed, when it is one that others see too.
func (in interaction) shown() string {
	if in.Message == nil || in.hidden() {
		return ""
	}
	return in.Message.ID
}

// may reports whether a set of permissions, as Discord writes it, has one.
func may(set string, one int64) bool {
	n, err := strconv.ParseInt(set, 10, 64)
	return err == nil && (n&discordgo.PermissionAdministrator != 0 || n&one == one)
}

// who is the person as Discord knows them.
func (in interaction) who() chat.Who {
	w := chat.Who{Surface: Name, Workspace: in.Guild, Locale: localeOf(in.Locale)}
	u, nick := in.User, ""
	if in.Member != nil {
		u, nick = &in.Member.User, in.Member.Nick
		w.Manager = may(in.Member.Permissions, discordgo.PermissionManageGuild)
		w.Groups = strings.Join(append(slices.Clone(in.Member.Roles), in.Guild), ",") // everybody is in the one with the server's id
	}
	if u != nil {
		w.User, w.Name = u.ID, cmp.Or(nick, u.Global, u.Name)
	}
	return w
}

// localeOf is Discord's language as ours; empty for one that Griot does not speak.
func localeOf(tag string) i18n.Locale {
	if l, ok := i18n.ParseLocale(tag); ok {
		return l
	}
	return ""
}

// locale is the language to speak to somebody before their team is known.
func (s *Surface) locale(in interaction) i18n.Locale {
	return cmp.Or(localeOf(in.Locale), s.o.Locale)
}

// event is what the handler is told, as far as every act has it.
func (s *Surface) event(in interaction) chat.Event {
	return chat.Event{ID: in.ID, Who: in.who(), Place: in.place(), Message: in.shown()}
}

// reply is what Discord is answered at once, and what is done afterwards.
type reply struct {
	Type  int `json:"type"`
	Data  any `json:"data,omitempty"`
	after func(context.Context)
}

// Kinds of answers.
const (
	pong        = 1
	sayType     = 4
	laterType   = 5 // to a command or a press: "thinking", then a message of its own
	stillType   = 6 // to a press: nothing yet
	updateType  = 7 // the message that was pressed
	offerType   = 8
	modalType   = 9
	ephemeral   = int(discordgo.MessageFlagsEphemeral)
	settled     = time.Second // after which the board may have overtaken an answer
	answerTime  = 5 * time.Second
	patience    = 2300 * time.Millisecond // of the three seconds that Discord waits
	completeFor = 1500 * time.Millisecond
)

// body is a message as an answer carries it.
type body struct {
	components.Message
	Attachments []attached `json:"attachments,omitzero"` // nil: those that are there stay
}

// attached says of a file that goes along.
type attached struct {
	ID          string `json:"id"` // number of the upload
	Name        string `json:"filename,omitempty"`
	Description string `json:"description,omitempty"`
}

// whisper is a message for who acted alone.
func whisper(m components.Message) reply {
	m.Flags |= ephemeral
	return reply{Type: sayType, Data: m}
}

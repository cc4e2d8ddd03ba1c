package discordtest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// App is the application as its owner sees it in the developer portal. Its bot user has the same id.
type App struct {
	ID, Name  string
	PublicKey string // in hex, of the signatures of interactions over HTTP
	Token     string // of the bot, without "Bot "

	key ed25519.PrivateKey
}

func newApp() App {
	seed := sha256.Sum256([]byte("discordtest"))
	key := ed25519.NewKeyFromSeed(seed[:])
	return App{
		ID: "1000000000000000001", Name: "Griot", Token: "MTAwMDAwMDAwMDAwMDAwMDAwMQ.GRIOT0.c0ffee-5ea1-c0ffee-5ea1",
		PublicKey: hex.EncodeToString(key.Public().(ed25519.PublicKey)), key: key,
	}
}

// Sign is the signature of a body sent at a time, for tests that send requests of their own: X-Signature-Timestamp and
// X-Signature-Ed25519. Source: docs.discord.com/developers/interactions/overview, setting up an endpoint.
func (a App) Sign(at time.Time, body []byte) http.Header {
	when := strconv.FormatInt(at.Unix(), 10)
	return http.Header{
		"X-Signature-Timestamp": {when},
		"X-Signature-Ed25519":   {hex.EncodeToString(ed25519.Sign(a.key, append([]byte(when), body...)))},
	}
}

// Intents are what a bot asks to hear of.
type Intents int64

// The intents that matter here; the last three of them are privileged.
const (
	Guilds         Intents = 1 << 0
	GuildMessages  Intents = 1 << 9
	DirectMessages Intents = 1 << 12
	GuildMembers   Intents = 1 << 1
	Presences      Intents = 1 << 8
	MessageContent Intents = 1 << 15

	privileged = GuildMembers | Presences | MessageContent
	allIntents = 1<<27 - 1
)

// user is the bot as a user.
func (a App) user() Object {
	return Object{
		"id": a.ID, "username": "griot", "global_name": nil, "discriminator": "4242", "avatar": nil, "bot": true,
		"public_flags": 524288, "flags": 524288,
	}
}

// flags are those of the application that follow from its privileged intents.
func (s *Server) appFlags() int64 {
	flags := int64(1 << 23)
	for intent, flag := range map[Intents]int64{Presences: 1 << 13, GuildMembers: 1 << 15, MessageContent: 1 << 19} {
		if s.Privileged&intent != 0 {
			flags |= flag
		}
	}
	return flags
}

func getMe(c *call) (any, *refusal) {
	o := c.s.App.user()
	o["verified"], o["mfa_enabled"], o["locale"], o["email"] = true, true, "en-US", nil
	return o, nil
}

func getApp(c *call) (any, *refusal) {
	a := c.s.App
	o := Object{
		"id": a.ID, "name": a.Name, "icon": nil, "description": "", "bot_public": true, "bot_require_code_grant": false,
		"verify_key": a.PublicKey, "flags": c.s.appFlags(), "bot": a.user(), "interactions_endpoint_url": nil,
		"integration_types_config": Object{"0": Object{}}, "approximate_guild_count": len(c.s.installed()),
		"redirect_uris": []any{}, "summary": "", "team": nil,
	}
	if c.s.base != "" {
		o["interactions_endpoint_url"] = c.s.base + interactionsPath
	}
	return o, nil
}

func getGateway(c *call) (any, *refusal) { return Object{"url": c.s.socketURL("/ws")}, nil }

func getGatewayBot(c *call) (any, *refusal) {
	return Object{
		"url": c.s.socketURL("/ws"), "shards": c.s.Shards,
		"session_start_limit": Object{
			"total": 1000, "remaining": max(c.s.gate.starts, 0), "reset_after": 14400000, "max_concurrency": c.s.Concurrency,
		},
	}, nil
}

// installed are the guilds that the bot is in. The mutex is held.
func (s *Server) installed() []*Guild {
	return slices.DeleteFunc(slices.Clone(s.order), func(g *Guild) bool { return !g.in })
}

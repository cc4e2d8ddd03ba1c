package slacktest

import (
	"strconv"
	"time"
)

// authTest is auth.test.
func authTest(c *call) (Object, *refusal) {
	return Object{
		"url": "https://" + c.w.Domain + ".slack.com/", "team": c.w.Name, "user": c.w.Bot.Name, "team_id": c.w.ID,
		"user_id": c.w.Bot.ID, "bot_id": c.w.botID, "is_enterprise_install": false,
	}, nil
}

// authRevoke is auth.revoke. It takes the app out when the bot token goes: nothing else is left of it.
func authRevoke(c *call) (Object, *refusal) {
	if c.flag("test") {
		return Object{"revoked": false}, nil
	}
	c.token.dead = "token_revoked"
	c.s.later(c.s.event(c.w, c.w.revoked()))
	return Object{"revoked": true}, nil
}

// teamInfo is team.info.
func teamInfo(c *call) (Object, *refusal) {
	w := c.w
	if id := c.text("team"); id != "" && id != w.ID {
		return nil, no("team_not_found")
	}
	return Object{"team": Object{"id": w.ID, "name": w.Name, "domain": w.Domain, "email_domain": "", "icon": Object{}}}, nil
}

// emojiList is emoji.list.
func emojiList(c *call) (Object, *refusal) {
	all := Object{}
	for k, v := range c.w.emoji {
		all[k] = v
	}
	return Object{"emoji": all, "cache_ts": strconv.FormatInt(c.s.Now().Unix(), 10)}, nil
}

// token is a bot token.
type token struct {
	value   string
	w       *Workspace
	refresh string    // for the next one; empty: it is not rotated
	ends    time.Time // zero: never
	dead    string    // the error that it gives now; empty: it is alive
}

package storage

import (
	"context"
	"time"

	"griot/social"
)

// Hear stores what a rule may decide about, and nothing else of a mention.
func (t *Tx) Hear(ctx context.Context, m social.Mention, account string, heard time.Time) error {
	return t.put(ctx, `
INSERT INTO mentions (id, team_id, brand_id, account_id, network, key, remote, kind, author, handle, title, text, language, url, said_at, heard_at,
    state, rule_id, rule_name, channel, label, priority, muted, note, answer, suggesting, rev)
VALUES (`+marks(27)+`)`,
		m.ID, m.TeamID, m.BrandID, account, m.Network, m.ID, "{}", "mention", doc[social.Author]{m.Author}, "", m.Title, m.Text, m.Language, m.URL,
		stamp{m.SaidAt}, stamp{heard}, "new", "", "", "{}", "", 0, false, "", "", false, 1)
}

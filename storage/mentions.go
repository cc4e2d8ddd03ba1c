package storage

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"griot/fault"
	"griot/social"
)

const mentionColumns = `id, team_id, brand_id, account_id, network, key, remote, kind, author, title, text, language, url, said_at, heard_at,
state, owner, owned_at, free_at, late_at, rule_id, rule_name, channel, label, priority, muted, gathering, note, answer, suggesting, rev`

type mentionRow struct {
	ID         string             `db:"id"`
	Team       string             `db:"team_id"`
	Brand      string             `db:"brand_id"`
	Account    *string            `db:"account_id"`
	Network    string             `db:"network"`
	Key        string             `db:"key"`
	Remote     doc[social.Remote] `db:"remote"`
	Kind       string             `db:"kind"`
	Author     doc[social.Author] `db:"author"`
	Title      string             `db:"title"`
	Text       string             `db:"text"`
	Language   string             `db:"language"`
	URL        string             `db:"url"`
	Said       stamp              `db:"said_at"`
	Heard      stamp              `db:"heard_at"`
	State      string             `db:"state"`
	Owner      *string            `db:"owner"`
	Owned      stamp              `db:"owned_at"`
	Free       stamp              `db:"free_at"`
	Late       stamp              `db:"late_at"`
	RuleID     string             `db:"rule_id"`
	RuleName   string             `db:"rule_name"`
	Room       doc[social.Room]   `db:"channel"`
	Label      string             `db:"label"`
	Priority   int64              `db:"priority"`
	Muted      bool               `db:"muted"`
	Gathering  *string            `db:"gathering"`
	Note       string             `db:"note"`
	Answer     string             `db:"answer"`
	Suggesting bool               `db:"suggesting"`
	Rev        int64              `db:"rev"`
}

func (r mentionRow) mention() social.Mention {
	return social.Mention{ID: r.ID, TeamID: r.Team, BrandID: r.Brand, AccountID: text(r.Account), Network: r.Network, Key: r.Key,
		Remote: r.Remote.V, Kind: social.MentionKind(r.Kind), Author: r.Author.V, Title: r.Title, Text: r.Text, Language: r.Language,
		URL: r.URL, SaidAt: r.Said.Time, HeardAt: r.Heard.Time, State: social.MentionState(r.State), Owner: text(r.Owner),
		OwnedAt: r.Owned.Time, FreeAt: r.Free.Time, LateAt: r.Late.Time, RuleID: r.RuleID, RuleName: r.RuleName, Room: r.Room.V, Label: r.Label,
		Priority: social.Priority(r.Priority), Muted: r.Muted, Gathering: text(r.Gathering), Note: r.Note, Answer: r.Answer,
		Suggesting: r.Suggesting, Rev: r.Rev}
}

// Mention reads one mention of the team.
func Mention(ctx context.Context, r Reader, team, id string) (social.Mention, error) {
	var row mentionRow
	err := get(ctx, r, &row, `SELECT `+mentionColumns+` FROM mentions WHERE team_id = ? AND id = ?`, team, id)
	return row.mention(), err
}

// MentionOf reads the id of what was heard or brought with this key, or stands at this address (empty: none), in whatever network;
// a fault NotFound when nothing was.
func MentionOf(ctx context.Context, r Reader, team, brand, network, key, url string) (id string, err error) {
	if url != "" {
		err = get(ctx, r, &id, `
SELECT id FROM mentions WHERE team_id = ? AND brand_id = ? AND url = ? AND url <> '' ORDER BY heard_at, id LIMIT 1`, team, brand, url)
		if !fault.Is(err, fault.NotFound) {
			return id, err
		}
	}
	err = get(ctx, r, &id, `SELECT id FROM mentions WHERE team_id = ? AND brand_id = ? AND network = ? AND key = ?`, team, brand, network, key)
	return id, err
}

// remoteOf is where a mention stands in its network; zero for no mention.
func remoteOf(ctx context.Context, r Reader, team, mention string) (social.Remote, error) {
	if mention == "" {
		return social.Remote{}, nil
	}
	var remote doc[social.Remote]
	err := get(ctx, r, &remote, `SELECT remote FROM mentions WHERE team_id = ? AND id = ?`, team, mention)
	return remote.V, err
}

// Hear stores what was said, and reports false when it was heard before.
func (t *Tx) Hear(ctx context.Context, m social.Mention) (bool, error) {
	n, err := t.write(ctx, `
INSERT INTO mentions (`+mentionColumns+`, handle) VALUES (`+marks(32)+`)
ON CONFLICT (brand_id, network, key) DO NOTHING`,
		m.ID, m.TeamID, m.BrandID, null(m.AccountID), m.Network, m.Key, doc[social.Remote]{m.Remote}, m.Kind, doc[social.Author]{m.Author},
		m.Title, m.Text, m.Language, m.URL, stamp{m.SaidAt}, stamp{m.HeardAt}, m.State, null(m.Owner), stamp{m.OwnedAt}, stamp{m.FreeAt}, stamp{m.LateAt},
		m.RuleID, m.RuleName, doc[social.Room]{m.Room}, m.Label, m.Priority, m.Muted, null(m.Gathering), m.Note, m.Answer,
		m.Suggesting, m.Rev, strings.ToLower(m.Author.Handle))
	return n == 1, err
}

// HoldMention makes other decisions about a mention wait for this one. A fault NotFound when it is not the team's.
func (t *Tx) HoldMention(ctx context.Context, team, id string) error {
	return t.hold(ctx, `UPDATE mentions SET rev = rev WHERE team_id = ? AND id = ?`, team, id)
}

// SaveMention writes what was decided about m if nobody wrote it since revision was; a fault Conflict otherwise.
func (t *Tx) SaveMention(ctx context.Context, m social.Mention, was int64) error {
	return t.swap(ctx, `
UPDATE mentions
SET state = ?, owner = ?, owned_at = ?, free_at = ?, late_at = ?, note = ?, answer = ?, rev = ?
WHERE team_id = ? AND id = ? AND rev = ?`,
		m.State, null(m.Owner), stamp{m.OwnedAt}, stamp{m.FreeAt}, stamp{m.LateAt}, m.Note, m.Answer, m.Rev, m.TeamID, m.ID, was)
}

// Answer says that what d brought to its network answers the mention: it no longer waits for anybody.
func (t *Tx) Answer(ctx context.Context, d social.Delivery) error {
	if d.Answers == "" {
		return nil
	}
	return t.put(ctx, `
UPDATE mentions
SET state = 'answered', free_at = NULL, late_at = NULL, rev = rev + 1
WHERE team_id = ? AND id = ? AND answer = ? AND state IN ('new', 'claimed', 'escalated')`, d.TeamID, d.Answers, d.PostID)
}

// MentionFilter narrows MentionsOf. Zero fields do not narrow.
type MentionFilter struct {
	Brands    []string
	States    []social.MentionState
	Owner     string    // who takes care of it now
	LateAt    time.Time // late by then
	Gathering string
	Limit     int // 50 when zero
}

// MentionsOf lists the team's mentions, the newest first; with LateAt those that have been late for longest. Muted ones are not among
// them.
func MentionsOf(ctx context.Context, r Reader, team string, f MentionFilter) ([]social.Mention, error) {
	limit := or(f.Limit, 50)
	var all []social.Mention
	for _, q := range f.queries(team) {
		var rows []mentionRow
		if err := list(ctx, r, &rows, q.text, append(q.args, limit)...); err != nil {
			return nil, err
		}
		all = append(all, each(rows, mentionRow.mention)...)
	}
	slices.SortFunc(all, f.compare)
	return all[:min(len(all), limit)], nil
}

// compare is the order of the list.
func (f MentionFilter) compare(a, b social.Mention) int {
	if !f.LateAt.IsZero() {
		return cmp.Or(a.LateAt.Compare(b.LateAt), strings.Compare(a.ID, b.ID))
	}
	return cmp.Or(b.HeardAt.Compare(a.HeardAt), strings.Compare(b.ID, a.ID))
}

// part is a query and its values, without the limit.
type part struct {
	text string
	args []any
}

// queries are one for each brand and state: each is read from an index in its order, so that a few of them cost as much however many
// there are.
func (f MentionFilter) queries(team string) []part {
	cond, args, order := "", []any(nil), " ORDER BY heard_at DESC, id DESC LIMIT ?"
	add := func(c string, v any) { cond, args = cond+" AND "+c, append(args, v) }
	if f.Owner != "" {
		add("state IN ('claimed', 'escalated') AND owner = ?", f.Owner) // as the index says it, or SQLite would not use it
	}
	if f.Gathering != "" {
		add("gathering = ?", f.Gathering)
	}
	if !f.LateAt.IsZero() {
		add("late_at IS NOT NULL AND late_at <= ?", stamp{f.LateAt})
		order = " ORDER BY late_at, id LIMIT ?"
	}
	var out []part
	for _, b := range f.Brands {
		p := part{`SELECT ` + mentionColumns + ` FROM mentions WHERE team_id = ? AND brand_id = ? AND NOT muted` + cond, append([]any{team, b}, args...)}
		if len(f.States) == 0 {
			out = append(out, part{p.text + order, p.args})
		}
		for _, s := range f.States {
			out = append(out, part{p.text + " AND state = ?" + order, append(slices.Clone(p.args), s)})
		}
	}
	return out
}

// CountMentions counts the open mentions of brands: those that nobody takes care of, those of owner, and those late at an instant.
// It counts to at most most of each, in the order of the list: without an order PostgreSQL would read the table from where it happens to
// stand, through whatever does not fit, when it guesses that enough of it does.
func CountMentions(ctx context.Context, r Reader, team string, brands []string, owner string, at time.Time, most int) (free, mine, late int, err error) {
	count := func(f MentionFilter) (n int) {
		f.Brands = brands
		for _, q := range f.queries(team) {
			if err != nil || n >= most {
				return n
			}
			var rows []int
			err = list(ctx, r, &rows, `SELECT 1 FROM (`+q.text+`) AS first`, append(q.args, most-n)...)
			n += len(rows)
		}
		return n
	}
	free = count(MentionFilter{States: []social.MentionState{social.IsNew}})
	mine = count(MentionFilter{Owner: owner})
	late = count(MentionFilter{LateAt: at})
	return free, mine, late, err
}

// Rushing counts the cards that a rule has brought since an instant, at most most.
func (t *Tx) Rushing(ctx context.Context, brand, rule string, since time.Time, most int) (int, error) {
	var rows []int
	err := list(ctx, t, &rows, `
SELECT 1 FROM mentions
WHERE brand_id = ? AND rule_id = ? AND heard_at > ? AND gathering IS NULL AND NOT muted
LIMIT ?`, brand, rule, stamp{since}, most)
	return len(rows), err
}

const gatheringColumns = `id, team_id, brand_id, rule_id, name, channel, number, began_at, last_at`

type gatheringRow struct {
	ID     string           `db:"id"`
	Team   string           `db:"team_id"`
	Brand  string           `db:"brand_id"`
	RuleID string           `db:"rule_id"`
	Name   string           `db:"name"`
	Room   doc[social.Room] `db:"channel"`
	Number int64            `db:"number"`
	Began  stamp            `db:"began_at"`
	Last   stamp            `db:"last_at"`
}

func (r gatheringRow) gathering() social.Gathering {
	return social.Gathering{ID: r.ID, TeamID: r.Team, BrandID: r.Brand, RuleID: r.RuleID, RuleName: r.Name, Room: r.Room.V, Number: r.Number,
		BeganAt: r.Began.Time, LastAt: r.Last.Time}
}

// Gathering reads one gathering of the team.
func Gathering(ctx context.Context, r Reader, team, id string) (social.Gathering, error) {
	var row gatheringRow
	err := get(ctx, r, &row, `SELECT `+gatheringColumns+` FROM gatherings WHERE team_id = ? AND id = ?`, team, id)
	return row.gathering(), err
}

// Gather is the gathering of a rule that has grown since an instant; one like g is begun when there is none.
func (t *Tx) Gather(ctx context.Context, g social.Gathering, since time.Time) (social.Gathering, error) {
	var rows []gatheringRow
	err := list(ctx, t, &rows, `
SELECT `+gatheringColumns+`
FROM gatherings
WHERE brand_id = ? AND rule_id = ? AND last_at > ? AND channel = ?
ORDER BY last_at DESC
LIMIT 1`, g.BrandID, g.RuleID, stamp{since}, doc[social.Room]{g.Room})
	if err != nil || len(rows) > 0 {
		return append(each(rows, gatheringRow.gathering), g)[0], err
	}
	return g, t.put(ctx, `INSERT INTO gatherings (`+gatheringColumns+`) VALUES (`+marks(9)+`)`,
		g.ID, g.TeamID, g.BrandID, g.RuleID, g.RuleName, doc[social.Room]{g.Room}, g.Number, stamp{g.BeganAt}, stamp{g.LastAt})
}

// Grow counts n more mentions in a gathering.
func (t *Tx) Grow(ctx context.Context, g social.Gathering, n int) error {
	return t.put(ctx, `UPDATE gatherings SET number = number + ?, last_at = ? WHERE team_id = ? AND id = ?`, n, stamp{t.now}, g.TeamID, g.ID)
}

// Suggestions lists what Griot proposes to answer.
func Suggestions(ctx context.Context, r Reader, team, mention string) ([]social.Suggestion, error) {
	var rows []struct {
		Number int64  `db:"number"`
		Text   string `db:"text"`
		Basis  string `db:"basis"`
		Source string `db:"source"`
		Model  string `db:"by_model"`
	}
	err := list(ctx, r, &rows, `
SELECT number, text, basis, source, by_model FROM suggestions WHERE team_id = ? AND mention_id = ? ORDER BY number`, team, mention)
	var out []social.Suggestion
	for _, x := range rows {
		out = append(out, social.Suggestion{Number: x.Number, Text: x.Text, Basis: social.Basis(x.Basis), Source: x.Source, Model: x.Model})
	}
	return out, err
}

// Suggest puts all in the place of what was proposed before. No other suggestions are on their way then.
func (t *Tx) Suggest(ctx context.Context, team, mention string, all []social.Suggestion) error {
	if err := t.put(ctx, `DELETE FROM suggestions WHERE team_id = ? AND mention_id = ?`, team, mention); err != nil {
		return err
	}
	for _, s := range all {
		err := t.put(ctx, `
INSERT INTO suggestions (mention_id, number, team_id, text, basis, source, by_model) VALUES (?,?,?,?,?,?,?)`,
			mention, s.Number, team, s.Text, s.Basis, s.Source, s.Model)
		if err != nil {
			return err
		}
	}
	return t.put(ctx, `UPDATE mentions SET suggesting = FALSE WHERE team_id = ? AND id = ?`, team, mention)
}

// Suggesting says that suggestions are on their way. False: they already are.
func (t *Tx) Suggesting(ctx context.Context, team, mention string) (bool, error) {
	n, err := t.write(ctx, `UPDATE mentions SET suggesting = TRUE WHERE team_id = ? AND id = ? AND NOT suggesting`, team, mention)
	return n == 1, err
}

// PastAnswer is what the brand answered once.
type PastAnswer struct{ Said, Answer, To string }

// PastAnswers lists the latest n answers of a brand that arrived, with what they answered.
func PastAnswers(ctx context.Context, r Reader, team, brand string, n int) ([]PastAnswer, error) {
	var rows []struct {
		Said   string             `db:"said"`
		Answer string             `db:"answer"`
		Author doc[social.Author] `db:"author"`
	}
	err := list(ctx, r, &rows, `
SELECT m.text AS said, v.text AS answer, m.author
FROM mentions m
JOIN posts p ON p.id = m.answer AND p.team_id = m.team_id
JOIN revisions v ON v.post_id = p.id AND v.number = p.words
WHERE m.team_id = ? AND m.brand_id = ? AND m.state IN ('answered', 'done')
ORDER BY m.heard_at DESC, m.id DESC
LIMIT ?`, team, brand, n)
	var out []PastAnswer
	for _, x := range rows {
		out = append(out, PastAnswer{x.Said, x.Answer, x.Author.V.Handle})
	}
	return out, err
}

// HearingOf reads a mention of the team with everything a card or a decision about it needs.
func HearingOf(ctx context.Context, r Reader, team, id string) (social.Hearing, error) {
	m, err := Mention(ctx, r, team, id)
	if err != nil {
		return social.Hearing{}, err
	}
	h := social.Hearing{Mention: m, Names: map[string]string{}}
	if h.Brand, err = Brand(ctx, r, team, m.BrandID); err != nil {
		return h, err
	}
	if m.AccountID != "" {
		if h.Account, err = Account(ctx, r, team, m.AccountID); err != nil {
			return h, err
		}
	}
	if h.Suggestions, err = Suggestions(ctx, r, team, id); err != nil {
		return h, err
	}
	if m.Owner != "" {
		if h.Names, err = Names(ctx, r, team, []string{m.Owner}); err != nil {
			return h, err
		}
	}
	if m.Answer == "" {
		return h, nil
	}
	sheet, err := SheetOf(ctx, r, team, m.Answer)
	if err != nil {
		return h, err
	}
	for id, name := range sheet.Names {
		h.Names[id] = name
	}
	h.Reply = &sheet
	return h, nil
}

package storage

import (
	"cmp"
	"context"
	"time"

	"griot/social"
)

const postColumns = `id, team_id, brand_id, author, editor, state, rev, words, wish, at, local, zone, note, created_at, answers`

type postRow struct {
	ID      string `db:"id"`
	Team    string `db:"team_id"`
	Brand   string `db:"brand_id"`
	Author  string `db:"author"`
	Editor  string `db:"editor"`
	State   string `db:"state"`
	Rev     int64  `db:"rev"`
	Words   int64  `db:"words"`
	Wish    string `db:"wish"`
	At      stamp  `db:"at"`
	Local   string `db:"local"`
	Zone    string `db:"zone"`
	Note    string `db:"note"`
	Created stamp  `db:"created_at"`
	Answers string `db:"answers"`
}

func (r postRow) post() social.Post {
	return social.Post{ID: r.ID, TeamID: r.Team, BrandID: r.Brand, Author: r.Author, Editor: r.Editor,
		State: social.State(r.State), Rev: r.Rev, Words: r.Words, When: social.When(r.Wish),
		Moment: social.Moment{At: r.At.Time, Local: r.Local, Zone: r.Zone}, Note: r.Note, CreatedAt: r.Created.Time, Answers: r.Answers}
}

// Post reads one post of the team.
func Post(ctx context.Context, r Reader, team, id string) (social.Post, error) {
	var row postRow
	err := get(ctx, r, &row, `SELECT `+postColumns+` FROM posts WHERE team_id = ? AND id = ?`, team, id)
	return row.post(), err
}

// HoldPost makes other decisions about a post wait for this one. A fault NotFound when it is not the team's.
func (t *Tx) HoldPost(ctx context.Context, team, id string) error {
	return t.hold(ctx, `UPDATE posts SET rev = rev WHERE team_id = ? AND id = ?`, team, id)
}

// AddPost stores a new post.
func (t *Tx) AddPost(ctx context.Context, p social.Post) error {
	return t.put(ctx, `INSERT INTO posts (`+postColumns+`) VALUES (`+marks(15)+`)`,
		p.ID, p.TeamID, p.BrandID, p.Author, p.Editor, p.State, p.Rev, p.Words, p.When,
		stamp{p.Moment.At}, p.Moment.Local, p.Moment.Zone, p.Note, stamp{p.CreatedAt}, p.Answers)
}

// SavePost writes p if nobody wrote it since revision was; a fault Conflict otherwise.
func (t *Tx) SavePost(ctx context.Context, p social.Post, was int64) error {
	return t.swap(ctx, `
UPDATE posts
SET editor = ?, state = ?, rev = ?, words = ?, wish = ?, at = ?, local = ?, zone = ?, note = ?
WHERE team_id = ? AND id = ? AND rev = ?`,
		p.Editor, p.State, p.Rev, p.Words, p.When, stamp{p.Moment.At}, p.Moment.Local, p.Moment.Zone, p.Note,
		p.TeamID, p.ID, was)
}

// PostFilter narrows Posts. Zero fields do not narrow.
type PostFilter struct {
	Brand, Author string
	States        []social.State
	Text          string // words that the current text or the id contains, as typed
	Limit         int    // 50 when zero
}

// Posts lists the team's posts, newest first, without those that answer a mention.
func Posts(ctx context.Context, r Reader, team string, f PostFilter) ([]social.Post, error) {
	q := `SELECT ` + postColumns + ` FROM posts p WHERE p.team_id = ? AND p.answers = ''`
	args := []any{team}
	add := func(cond string, v any) { q, args = q+" AND "+cond, append(args, v) }
	if f.Brand != "" {
		add("p.brand_id = ?", f.Brand)
	}
	if f.Author != "" {
		add("p.author = ?", f.Author)
	}
	if len(f.States) > 0 {
		add("p.state IN (?)", f.States)
	}
	if f.Text != "" {
		add(`EXISTS (SELECT 1 FROM revisions v WHERE v.post_id = p.id AND v.number = p.words AND LOWER(v.text) LIKE LOWER(?) ESCAPE '\')`, like(f.Text))
	}
	args = append(args, or(f.Limit, 50))
	var rows []postRow
	err := in(ctx, r, &rows, q+` ORDER BY p.created_at DESC, p.id DESC LIMIT ?`, args...)
	return each(rows, postRow.post), err
}

// PostsBetween lists the brand's posts that have a date in [from, to), first to leave first.
func PostsBetween(ctx context.Context, r Reader, team, brand string, from, to time.Time) ([]social.Post, error) {
	var rows []postRow
	err := list(ctx, r, &rows, `
SELECT `+postColumns+`
FROM posts
WHERE team_id = ? AND brand_id = ? AND state <> 'cancelled' AND at >= ? AND at < ?
ORDER BY at, id`, team, brand, stamp{from}, stamp{to})
	return each(rows, postRow.post), err
}

// WaitingPosts lists the ids of posts of which something still waits to leave, among the deliveries w names.
func WaitingPosts(ctx context.Context, r Reader, team string, w StopWhich) ([]string, error) {
	where, args := w.where(team)
	var ids []string
	err := list(ctx, r, &ids, `
SELECT DISTINCT post_id
FROM deliveries
WHERE `+where+` AND state IN ('waiting', 'leased')
ORDER BY post_id`, args...)
	return ids, err
}

type revisionRow struct {
	Post     string                 `db:"post_id"`
	Number   int64                  `db:"number"`
	By       string                 `db:"by_member"`
	At       stamp                  `db:"at"`
	Text     string                 `db:"text"`
	Media    doc[[]social.Media]    `db:"media"`
	Accounts doc[[]string]          `db:"accounts"`
	Texts    doc[map[string]string] `db:"texts"`
}

func (r revisionRow) revision() social.Revision {
	return social.Revision{PostID: r.Post, Number: r.Number, By: r.By, At: r.At.Time, Text: r.Text,
		Media: r.Media.V, Accounts: r.Accounts.V, Texts: r.Texts.V}
}

const revisionColumns = `post_id, number, by_member, at, text, media, accounts, texts`

// Revision reads the words of a post as they were.
func Revision(ctx context.Context, r Reader, team, post string, number int64) (social.Revision, error) {
	var row revisionRow
	err := get(ctx, r, &row, `SELECT `+revisionColumns+` FROM revisions WHERE team_id = ? AND post_id = ? AND number = ?`, team, post, number)
	return row.revision(), err
}

// AddRevision stores new words, and which pictures they need.
func (t *Tx) AddRevision(ctx context.Context, team string, v social.Revision) error {
	err := t.put(ctx, `INSERT INTO revisions (`+revisionColumns+`, team_id) VALUES (`+marks(9)+`)`,
		v.PostID, v.Number, v.By, stamp{v.At}, v.Text, doc[[]social.Media]{v.Media}, doc[[]string]{v.Accounts},
		doc[map[string]string]{v.Texts}, team)
	for _, m := range v.Media {
		if err != nil {
			return err
		}
		err = t.put(ctx, `
INSERT INTO revision_media (post_id, number, team_id, hash) VALUES (?,?,?,?)
ON CONFLICT DO NOTHING`, v.PostID, v.Number, team, m.Hash)
	}
	return err
}

// Approvals lists who said yes to what of a post, as far as it still counts.
func Approvals(ctx context.Context, r Reader, team, post string) ([]social.Approval, error) {
	var rows []struct {
		Post    string `db:"post_id"`
		Account string `db:"account_id"`
		Print   string `db:"fingerprint"`
		By      string `db:"by_member"`
		Fixed   bool   `db:"fixed"`
	}
	err := list(ctx, r, &rows, `
SELECT post_id, account_id, fingerprint, by_member, fixed
FROM approvals
WHERE team_id = ? AND post_id = ?
ORDER BY at, account_id`, team, post)
	var out []social.Approval
	for _, x := range rows {
		out = append(out, social.Approval{PostID: x.Post, AccountID: x.Account, Fingerprint: x.Print, By: x.By, Fixed: x.Fixed})
	}
	return out, err
}

// Votes lists who said yes to which words of a post since it was last sent for approval, the first one first.
func Votes(ctx context.Context, r Reader, team, post string) ([]social.Vote, error) {
	var rows []struct {
		By    string `db:"member_id"`
		Words int64  `db:"words"`
	}
	err := list(ctx, r, &rows, `SELECT member_id, words FROM votes WHERE team_id = ? AND post_id = ? ORDER BY place, member_id`, team, post)
	var out []social.Vote
	for _, x := range rows {
		out = append(out, social.Vote{By: x.By, Words: x.Words})
	}
	return out, err
}

// Vote stores one person's yes to the words of a post. A newer one of theirs takes its place.
func (t *Tx) Vote(ctx context.Context, team, post string, v social.Vote) error {
	return t.put(ctx, `
INSERT INTO votes (post_id, member_id, team_id, words, place, at)
VALUES (?,?,?,?, (SELECT COUNT(*) + 1 FROM votes o WHERE o.post_id = ?), ?)
ON CONFLICT (post_id, member_id) DO UPDATE
SET words = excluded.words, place = excluded.place, at = excluded.at
WHERE votes.team_id = excluded.team_id`, post, v.By, team, v.Words, post, stamp{t.now})
}

// Unvote ends every yes of a post that is sent for approval anew.
func (t *Tx) Unvote(ctx context.Context, team, post string) error {
	return t.put(ctx, `DELETE FROM votes WHERE team_id = ? AND post_id = ?`, team, post)
}

// Approve stores a yes. A newer one for the same account takes its place.
func (t *Tx) Approve(ctx context.Context, team string, a social.Approval) error {
	return t.put(ctx, `
INSERT INTO approvals (post_id, account_id, fingerprint, team_id, by_member, fixed, at)
VALUES (?,?,?,?,?,?,?)
ON CONFLICT (post_id, account_id) DO UPDATE
SET fingerprint = excluded.fingerprint, by_member = excluded.by_member, fixed = excluded.fixed, at = excluded.at
WHERE approvals.team_id = excluded.team_id`,
		a.PostID, a.AccountID, a.Fingerprint, team, a.By, a.Fixed, stamp{t.now})
}

// Disapprove ends a yes.
func (t *Tx) Disapprove(ctx context.Context, team, post, account string) error {
	return t.put(ctx, `DELETE FROM approvals WHERE team_id = ? AND post_id = ? AND account_id = ?`, team, post, account)
}

// AddEntry tells one more line of a subject's story. A zero At means now.
func (t *Tx) AddEntry(ctx context.Context, e social.Entry) error {
	return t.put(ctx, `
INSERT INTO entries (id, subject, team_id, at, by_member, what, account_id, data)
VALUES (?,?,?,?,?,?,?,?)`,
		NewID("ent"), e.Subject, e.TeamID, stamp{cmp.Or(e.At, t.now)}, null(e.By), e.What, null(e.Account), doc[map[string]string]{e.Data})
}

// Entries tells the story of a subject, from its beginning.
func Entries(ctx context.Context, r Reader, team, subject string) ([]social.Entry, error) {
	var rows []struct {
		At      stamp                  `db:"at"`
		By      *string                `db:"by_member"`
		What    string                 `db:"what"`
		Account *string                `db:"account_id"`
		Data    doc[map[string]string] `db:"data"`
	}
	err := list(ctx, r, &rows, `
SELECT at, by_member, what, account_id, data
FROM entries
WHERE team_id = ? AND subject = ?
ORDER BY at, id`, team, subject)
	var out []social.Entry
	for _, x := range rows {
		out = append(out, social.Entry{TeamID: team, Subject: subject, At: x.At.Time, By: text(x.By),
			What: social.What(x.What), Account: text(x.Account), Data: x.Data.V})
	}
	return out, err
}

package storage

import (
	"context"
	"time"

	"griot/social"
)

// What stands here serves the list of what one member has before them: short lists of ids, then what is needed to show
// them. Brands are those of the member's roles, never none.

// datedFirst puts posts with the nearest date first, those without one last.
const datedFirst = ` ORDER BY CASE WHEN at IS NULL THEN 1 ELSE 0 END, at, id LIMIT ?`

// ToApprove lists at most n posts of these brands that wait for a yes which the member may give: not to words of their own
// hand, unless the brand is one person's. The nearest date comes first.
func ToApprove(ctx context.Context, r Reader, team, member string, brands []string, n int) ([]string, error) {
	var ids []string
	err := in(ctx, r, &ids, `
SELECT id
FROM posts
WHERE team_id = ? AND brand_id IN (?) AND state = 'in_review'
  AND (editor <> ? OR EXISTS (SELECT 1 FROM brands b WHERE b.id = brand_id AND b.alone))
  AND NOT EXISTS (SELECT 1 FROM votes v WHERE v.post_id = posts.id AND v.member_id = ? AND v.words = posts.words)`+datedFirst, team, brands, member, member, n)
	return ids, err
}

// SentBack lists at most n of an author's drafts that were sent back with a note, the nearest date first.
func SentBack(ctx context.Context, r Reader, team, author string, brands []string, n int) ([]string, error) {
	var ids []string
	err := in(ctx, r, &ids, `
SELECT id
FROM posts
WHERE team_id = ? AND brand_id IN (?) AND state = 'draft' AND author = ? AND note <> ''`+datedFirst, team, brands, author, n)
	return ids, err
}

// Stuck lists at most n deliveries of an author's posts that a person must look at or decide about, the latest first, without
// their parts.
func Stuck(ctx context.Context, r Reader, team, author string, brands []string, n int) ([]social.Delivery, error) {
	var rows []deliveryRow
	err := in(ctx, r, &rows, `
SELECT `+deliveryColumns+`
FROM deliveries
WHERE team_id = ? AND brand_id IN (?) AND state IN ('unsure', 'refused', 'missed')
  AND EXISTS (SELECT 1 FROM posts p WHERE p.id = post_id AND p.author = ?)
ORDER BY due_at DESC, id
LIMIT ?`, team, brands, author, n)
	return each(rows, deliveryRow.delivery), err
}

// Departure is when the first delivery of a post leaves.
type Departure struct {
	Post, Author string
	At           time.Time
}

// Departures lists at most n posts of these brands of which something leaves at an instant or later, soonest first.
func Departures(ctx context.Context, r Reader, team string, brands []string, from time.Time, n int) ([]Departure, error) {
	var rows []struct {
		Post   string `db:"post_id"`
		Author string `db:"author"`
		At     stamp  `db:"leaves_at"`
	}
	err := in(ctx, r, &rows, `
SELECT d.post_id, p.author, MIN(d.due_at) AS leaves_at
FROM deliveries d
JOIN posts p ON p.id = d.post_id
WHERE d.team_id = ? AND d.brand_id IN (?) AND d.state IN ('waiting', 'leased') AND d.due_at >= ?
GROUP BY d.post_id, p.author
ORDER BY leaves_at, d.post_id
LIMIT ?`, team, brands, stamp{from}, n)
	var out []Departure
	for _, x := range rows {
		out = append(out, Departure{x.Post, x.Author, x.At.Time})
	}
	return out, err
}

// Glances reads posts of the team with their current words and the name of their author, by id. Ids of no post are absent.
func Glances(ctx context.Context, r Reader, team string, ids []string) (map[string]social.Glance, error) {
	out := map[string]social.Glance{}
	if len(ids) == 0 {
		return out, nil
	}
	var posts []postRow
	if err := in(ctx, r, &posts, `SELECT `+postColumns+` FROM posts WHERE team_id = ? AND id IN (?)`, team, ids); err != nil {
		return nil, err
	}
	var words []revisionRow
	err := in(ctx, r, &words, `
SELECT v.post_id, v.number, v.by_member, v.at, v.text, v.media, v.accounts, v.texts
FROM posts p
JOIN revisions v ON v.post_id = p.id AND v.number = p.words
WHERE p.team_id = ? AND p.id IN (?)`, team, ids)
	if err != nil {
		return nil, err
	}
	names, err := Names(ctx, r, team, each(posts, func(p postRow) string { return p.Author }))
	for _, p := range posts {
		out[p.ID] = social.Glance{Post: p.post(), Author: names[p.Author], At: p.At.Time}
	}
	for _, w := range words {
		g := out[w.Post]
		g.Words = w.revision()
		out[w.Post] = g
	}
	return out, err
}

package storage

import (
	"context"
	"time"

	"griot/i18n"
	"griot/social"
)

// Digest is what a channel was told on a date.
type Digest struct {
	ID      string
	Channel social.Channel
	Day     social.Day
	At      time.Time
	Report  social.Report
}

type digestRow struct {
	ID        string             `db:"id"`
	Team      string             `db:"team_id"`
	Brand     string             `db:"brand_id"`
	Surface   string             `db:"surface"`
	Workspace string             `db:"workspace"`
	Channel   string             `db:"channel"`
	Day       string             `db:"day"`
	At        stamp              `db:"at"`
	Report    doc[social.Report] `db:"report"`
}

const digestColumns = `id, team_id, brand_id, surface, workspace, channel, day, at, report`

func (r digestRow) digest() Digest {
	return Digest{ID: r.ID, Day: social.Day(r.Day), At: r.At.Time, Report: r.Report.V, Channel: social.Channel{TeamID: r.Team,
		BrandID: r.Brand, Surface: r.Surface, Workspace: r.Workspace, Channel: r.Channel, Purpose: social.Numbers}}
}

// DigestByID reads what a channel of the team was told.
func DigestByID(ctx context.Context, r Reader, team, id string) (Digest, error) {
	var row digestRow
	err := get(ctx, r, &row, `SELECT `+digestColumns+` FROM digests WHERE team_id = ? AND id = ?`, team, id)
	return row.digest(), err
}

// AddDigest stores what a channel is told. It reports false when it was told on that date already.
func (t *Tx) AddDigest(ctx context.Context, d Digest) (bool, error) {
	c := d.Channel
	n, err := t.write(ctx, `
INSERT INTO digests (`+digestColumns+`)
VALUES (`+marks(9)+`)
ON CONFLICT (surface, workspace, channel, brand_id, day) DO NOTHING`,
		d.ID, c.TeamID, c.BrandID, c.Surface, c.Workspace, c.Channel, string(d.Day), stamp{t.now}, doc[social.Report]{d.Report})
	return n == 1, err
}

type tellingRow struct {
	channelRow
	Off    bool   `db:"off"`
	Minute int    `db:"minute"`
	Days   string `db:"days"`
	Silent bool   `db:"silent"`
}

func (r tellingRow) telling() social.Telling {
	return social.Telling{Channel: r.channel(), Off: r.Off, Minute: r.Minute, Days: social.TellDays(r.Days), Silent: r.Silent}
}

// told is a channel for numbers with what was chosen for it, or what is usual.
const told = `c.team_id, c.brand_id, c.surface, c.workspace, c.channel, c.purpose,
    COALESCE(t.off, FALSE) AS off, COALESCE(t.minute, 540) AS minute, COALESCE(t.days, 'working') AS days, COALESCE(t.silent, FALSE) AS silent`

const toldFrom = `
FROM channels c
LEFT JOIN tellings t ON t.surface = c.surface AND t.workspace = c.workspace AND t.channel = c.channel AND t.brand_id = c.brand_id`

// TellingsOf lists when the channels of a brand are told its numbers.
func TellingsOf(ctx context.Context, r Reader, team, brand string) ([]social.Telling, error) {
	var rows []tellingRow
	err := list(ctx, r, &rows, `
SELECT `+told+toldFrom+`
WHERE c.team_id = ? AND c.brand_id = ? AND c.purpose = 'numbers'
ORDER BY c.surface, c.workspace, c.channel`, team, brand)
	return each(rows, tellingRow.telling), err
}

// PutTelling stores when a channel is told the numbers, instead of what was chosen before.
func (t *Tx) PutTelling(ctx context.Context, x social.Telling) error {
	c := x.Channel
	return t.put(ctx, `
INSERT INTO tellings (surface, workspace, channel, brand_id, team_id, off, minute, days, silent)
VALUES (`+marks(9)+`)
ON CONFLICT (surface, workspace, channel, brand_id) DO UPDATE
SET off = excluded.off, minute = excluded.minute, days = excluded.days, silent = excluded.silent
WHERE tellings.team_id = excluded.team_id`,
		c.Surface, c.Workspace, c.Channel, c.BrandID, c.TeamID, x.Off, x.Minute, string(x.Days), x.Silent)
}

// Listener is a channel that is told numbers, with what decides whether its hour has come.
type Listener struct {
	social.Telling
	Zone   string
	Locale i18n.Locale // the brand's
	Since  time.Time   // when numbers of the brand were first read; zero: not yet
	Last   social.Day  // on which it was told last; empty: never
}

// Listeners lists every channel that is to be told numbers, of all teams.
func Listeners(ctx context.Context, r Reader) ([]Listener, error) {
	var rows []struct {
		tellingRow
		Zone   string  `db:"zone"`
		Locale string  `db:"locale"`
		Since  stamp   `db:"since"`
		Last   *string `db:"last"`
	}
	err := list(ctx, r, &rows, `
SELECT `+told+`, b.zone, b.locale,
    (SELECT MIN(w.since) FROM watched w WHERE w.brand_id = c.brand_id) AS since,
    (SELECT MAX(d.day) FROM digests d
     WHERE d.surface = c.surface AND d.workspace = c.workspace AND d.channel = c.channel AND d.brand_id = c.brand_id) AS last`+toldFrom+`
JOIN brands b ON b.id = c.brand_id
WHERE c.purpose = 'numbers' AND COALESCE(t.off, FALSE) = FALSE
ORDER BY c.brand_id, c.surface, c.workspace, c.channel`)
	var out []Listener
	for _, row := range rows {
		out = append(out, Listener{row.telling(), row.Zone, i18n.Locale(row.Locale), row.Since.Time, social.Day(text(row.Last))})
	}
	return out, err
}

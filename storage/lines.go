package storage

import (
	"context"

	"griot/fault"
	"griot/social"
)

const lineColumns = `brand_id, locale, team_id, tone, address, themes, banned, required, samples, replies, rev`

type lineRow struct {
	Brand    string        `db:"brand_id"`
	Locale   string        `db:"locale"`
	Team     string        `db:"team_id"`
	Tone     string        `db:"tone"`
	Address  string        `db:"address"`
	Themes   doc[[]string] `db:"themes"`
	Banned   doc[[]string] `db:"banned"`
	Required doc[[]string] `db:"required"`
	Samples  doc[[]string] `db:"samples"`
	Replies  doc[[]string] `db:"replies"`
	Rev      int64         `db:"rev"`
}

func (r lineRow) line() social.Line {
	return social.Line{TeamID: r.Team, BrandID: r.Brand, Locale: r.Locale, Tone: r.Tone, Address: social.Address(r.Address),
		Themes: r.Themes.V, Banned: r.Banned.V, Required: r.Required.V, Samples: r.Samples.V, Replies: r.Replies.V, Rev: r.Rev}
}

// Lines lists the editorial lines of a brand: that of its own language first.
func Lines(ctx context.Context, r Reader, team string, b social.Brand) ([]social.Line, error) {
	var rows []lineRow
	err := list(ctx, r, &rows, `
SELECT `+lineColumns+`
FROM lines
WHERE team_id = ? AND brand_id = ?
ORDER BY CASE WHEN locale = ? THEN 0 ELSE 1 END, locale`, team, b.ID, b.Locale)
	return each(rows, lineRow.line), err
}

// SaveLine writes l if nobody wrote it since revision was, 0 for a new one; a fault Conflict otherwise. The caller has seen
// that the brand is the team's.
func (t *Tx) SaveLine(ctx context.Context, l social.Line, was int64) error {
	if was > 0 {
		return t.swap(ctx, `
UPDATE lines
SET tone = ?, address = ?, themes = ?, banned = ?, required = ?, samples = ?, replies = ?, rev = ?
WHERE team_id = ? AND brand_id = ? AND locale = ? AND rev = ?`,
			l.Tone, l.Address, doc[[]string]{l.Themes}, doc[[]string]{l.Banned}, doc[[]string]{l.Required}, doc[[]string]{l.Samples}, doc[[]string]{l.Replies}, l.Rev,
			l.TeamID, l.BrandID, l.Locale, was)
	}
	n, err := t.write(ctx, `
INSERT INTO lines (`+lineColumns+`) VALUES (`+marks(11)+`)
ON CONFLICT (brand_id, locale) DO NOTHING`, l.BrandID, l.Locale, l.TeamID, l.Tone, l.Address,
		doc[[]string]{l.Themes}, doc[[]string]{l.Banned}, doc[[]string]{l.Required}, doc[[]string]{l.Samples}, doc[[]string]{l.Replies}, l.Rev)
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, errRaced)
	}
	return err
}

package storage

import (
	"context"

	"griot/social"
)

type mediaRow struct {
	Hash   string `db:"hash"`
	Name   string `db:"name"`
	Type   string `db:"type"`
	Size   int64  `db:"size"`
	Width  int    `db:"width"`
	Height int    `db:"height"`
}

func (r mediaRow) media() social.Media {
	return social.Media{Hash: r.Hash, Name: r.Name, Type: r.Type, Size: r.Size, Width: r.Width, Height: r.Height}
}

// Media reads what the team knows of a picture: all but its description, which belongs to the post.
func Media(ctx context.Context, r Reader, team, hash string) (social.Media, error) {
	var row mediaRow
	err := get(ctx, r, &row, `
SELECT hash, name, type, size, width, height FROM media WHERE team_id = ? AND hash = ?`, team, hash)
	return row.media(), err
}

// AddMedia remembers a picture of the team, or that it was added once more.
func (t *Tx) AddMedia(ctx context.Context, team string, m social.Media) error {
	return t.put(ctx, `
INSERT INTO media (team_id, hash, name, type, size, width, height, added_at)
VALUES (?,?,?,?,?,?,?,?)
ON CONFLICT (team_id, hash) DO UPDATE SET name = excluded.name, added_at = excluded.added_at`,
		team, m.Hash, m.Name, m.Type, m.Size, m.Width, m.Height, stamp{t.now})
}

package storage

import (
	"context"
	"time"
)

// KeepShelf is how long what lies on the shelf can be taken from it.
const KeepShelf = 24 * time.Hour

// PutOnShelf keeps something sealed for a surface under a new id.
func (t *Tx) PutOnShelf(ctx context.Context, id, surface, sealed string) error {
	return t.put(ctx, `INSERT INTO shelf (id, surface, sealed, at) VALUES (?,?,?,?)`, id, surface, sealed, stamp{t.now})
}

// OnShelf reads what was kept for a surface since an instant. A fault NotFound when nothing was, or for another surface.
func OnShelf(ctx context.Context, r Reader, id, surface string, since time.Time) (sealed string, err error) {
	err = get(ctx, r, &sealed, `SELECT sealed FROM shelf WHERE id = ? AND surface = ? AND at > ?`, id, surface, stamp{since})
	return sealed, err
}

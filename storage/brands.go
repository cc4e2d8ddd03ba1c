package storage

import (
	"context"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/social"
)

const brandColumns = `id, team_id, name, locale, zone, alone, no_fix, no_move, paused, late_within, late_drop, claim_within, second_person, approvals, rev`

type brandRow struct {
	ID     string `db:"id"`
	Team   string `db:"team_id"`
	Name   string `db:"name"`
	Locale string `db:"locale"`
	Zone   string `db:"zone"`
	Alone  bool   `db:"alone"`
	NoFix  bool   `db:"no_fix"`
	NoMove bool   `db:"no_move"`
	Paused bool   `db:"paused"`
	Within int64  `db:"late_within"`
	Drop   bool   `db:"late_drop"`
	Claim  int64  `db:"claim_within"`
	Second bool   `db:"second_person"`
	Yes    int64  `db:"approvals"`
	Rev    int64  `db:"rev"`
}

func (r brandRow) brand() social.Brand {
	return social.Brand{ID: r.ID, TeamID: r.Team, Name: r.Name, Locale: i18n.Locale(r.Locale), Zone: r.Zone,
		Alone: r.Alone, NoFix: r.NoFix, NoMove: r.NoMove, Paused: r.Paused,
		Late:  social.LatenessPolicy{Within: time.Duration(r.Within) * time.Second, Drop: r.Drop},
		Claim: time.Duration(r.Claim) * time.Second, Second: r.Second, Approvals: r.Yes, Rev: r.Rev}
}

// Brand reads one brand of the team.
func Brand(ctx context.Context, r Reader, team, id string) (social.Brand, error) {
	var row brandRow
	err := get(ctx, r, &row, `SELECT `+brandColumns+` FROM brands WHERE team_id = ? AND id = ?`, team, id)
	return row.brand(), err
}

// Brands lists the team's brands by name.
func Brands(ctx context.Context, r Reader, team string) ([]social.Brand, error) {
	var rows []brandRow
	err := list(ctx, r, &rows, `SELECT `+brandColumns+` FROM brands WHERE team_id = ? ORDER BY name, id`, team)
	return each(rows, brandRow.brand), err
}

// BrandAt reads the brand that a channel belongs to; a fault NotFound when it belongs to none of the team's.
func BrandAt(ctx context.Context, r Reader, team, surface, workspace, channel string) (social.Brand, error) {
	var row brandRow
	err := get(ctx, r, &row, `
SELECT `+brandColumns+`
FROM brands
WHERE team_id = ? AND id IN (
    SELECT brand_id FROM channels WHERE team_id = ? AND surface = ? AND workspace = ? AND channel = ?)`,
		team, team, surface, workspace, channel)
	return row.brand(), err
}

// errSameName is what a second brand of one name is told, whoever was first.
var errSameName = i18n.Text{
	En: "Your team already has a brand called “%s”. Please choose another name.",
	Fr: "Votre équipe a déjà une marque nommée «\u202f%s\u202f». Choisissez un autre nom.",
}

func named(b social.Brand, err error) error {
	if taken(err) {
		return fault.In("name", errSameName, b.Name)
	}
	return err
}

// AddBrand stores a new brand, not paused. A fault Invalid when the team has one of that name.
func (t *Tx) AddBrand(ctx context.Context, b social.Brand) error {
	return named(b, t.put(ctx, `INSERT INTO brands (`+brandColumns+`) VALUES (`+marks(15)+`)`,
		b.ID, b.TeamID, b.Name, b.Locale, b.Zone, b.Alone, b.NoFix, b.NoMove, false,
		int64(b.Late.Within/time.Second), b.Late.Drop, int64(b.Claim/time.Second), b.Second, b.Approvals, b.Rev))
}

// SaveBrand writes b, all but its pause, if nobody wrote it since revision was; a fault Conflict otherwise.
func (t *Tx) SaveBrand(ctx context.Context, b social.Brand, was int64) error {
	return named(b, t.swap(ctx, `
UPDATE brands
SET name = ?, locale = ?, zone = ?, alone = ?, no_fix = ?, no_move = ?, late_within = ?, late_drop = ?, claim_within = ?, second_person = ?, approvals = ?, rev = ?
WHERE team_id = ? AND id = ? AND rev = ?`,
		b.Name, b.Locale, b.Zone, b.Alone, b.NoFix, b.NoMove, int64(b.Late.Within/time.Second), b.Late.Drop, int64(b.Claim/time.Second), b.Second, b.Approvals, b.Rev,
		b.TeamID, b.ID, was))
}

// SetPaused stops everything of a brand, or lets it leave again. A fault Conflict when it already was so.
func (t *Tx) SetPaused(ctx context.Context, team, brand string, on bool) error {
	return t.swap(ctx, `
UPDATE brands SET paused = ?, rev = rev + 1 WHERE team_id = ? AND id = ? AND paused = ?`, on, team, brand, !on)
}

// HoldBrand makes other transactions that hold it wait for this one. A fault NotFound when it is not the team's.
func (t *Tx) HoldBrand(ctx context.Context, team, brand string) error {
	return t.hold(ctx, `UPDATE brands SET rev = rev WHERE team_id = ? AND id = ?`, team, brand)
}

type channelRow struct {
	Team      string `db:"team_id"`
	Brand     string `db:"brand_id"`
	Surface   string `db:"surface"`
	Workspace string `db:"workspace"`
	Channel   string `db:"channel"`
	Purpose   string `db:"purpose"`
}

func (r channelRow) channel() social.Channel {
	return social.Channel{TeamID: r.Team, BrandID: r.Brand, Surface: r.Surface, Workspace: r.Workspace, Channel: r.Channel,
		Purpose: social.Purpose(r.Purpose)}
}

const channelColumns = `team_id, brand_id, surface, workspace, channel, purpose`

// Channels lists every channel of a brand.
func Channels(ctx context.Context, r Reader, team, brand string) ([]social.Channel, error) {
	var rows []channelRow
	err := list(ctx, r, &rows, `
SELECT `+channelColumns+`
FROM channels
WHERE team_id = ? AND brand_id = ?
ORDER BY purpose, surface, workspace, channel`, team, brand)
	return each(rows, channelRow.channel), err
}

// ChannelsFor lists the channels of a brand that serve one purpose, one or none per workspace.
func ChannelsFor(ctx context.Context, r Reader, team, brand string, p social.Purpose) ([]social.Channel, error) {
	var rows []channelRow
	err := list(ctx, r, &rows, `
SELECT `+channelColumns+`
FROM channels
WHERE team_id = ? AND brand_id = ? AND purpose = ?
ORDER BY surface, workspace, channel`, team, brand, p)
	return each(rows, channelRow.channel), err
}

// PutChannel makes c the brand's channel for its purpose in that workspace, instead of the one before. The caller holds
// the workspace and has seen that the channel is no other brand's.
func (t *Tx) PutChannel(ctx context.Context, c social.Channel) error {
	if err := t.DropChannel(ctx, c); err != nil {
		return err
	}
	return t.put(ctx, `INSERT INTO channels (`+channelColumns+`) VALUES (?,?,?,?,?,?)`,
		c.TeamID, c.BrandID, c.Surface, c.Workspace, c.Channel, c.Purpose)
}

// DropChannel leaves the brand without a channel for that purpose in that workspace.
func (t *Tx) DropChannel(ctx context.Context, c social.Channel) error {
	return t.put(ctx, `
DELETE FROM channels
WHERE team_id = ? AND brand_id = ? AND surface = ? AND workspace = ? AND purpose = ?`,
		c.TeamID, c.BrandID, c.Surface, c.Workspace, c.Purpose)
}

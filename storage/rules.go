package storage

import (
	"context"
	"slices"

	"griot/fault"
	"griot/i18n"
	"griot/social"
)

const ruleColumns = `id, team_id, brand_id, position, name, conditions, effects, rev`

type ruleRow struct {
	ID       string                `db:"id"`
	Team     string                `db:"team_id"`
	Brand    string                `db:"brand_id"`
	Position int64                 `db:"position"`
	Name     string                `db:"name"`
	If       doc[social.Condition] `db:"conditions"`
	Then     doc[social.Effects]   `db:"effects"`
	Rev      int64                 `db:"rev"`
}

func (r ruleRow) rule() social.Rule {
	return social.Rule{ID: r.ID, TeamID: r.Team, BrandID: r.Brand, Position: r.Position, Name: r.Name, If: r.If.V, Then: r.Then.V, Rev: r.Rev}
}

// Rules lists the rules of a brand of the team, in the order in which they are asked.
func Rules(ctx context.Context, r Reader, team, brand string) ([]social.Rule, error) {
	var rows []ruleRow
	err := list(ctx, r, &rows, `
SELECT `+ruleColumns+`
FROM rules
WHERE team_id = ? AND brand_id = ?
ORDER BY position, id`, team, brand)
	return each(rows, ruleRow.rule), err
}

// Rule reads one rule of the team.
func Rule(ctx context.Context, r Reader, team, id string) (social.Rule, error) {
	var row ruleRow
	err := get(ctx, r, &row, `SELECT `+ruleColumns+` FROM rules WHERE team_id = ? AND id = ?`, team, id)
	return row.rule(), err
}

// RulesInto lists the rules of the team that bring mentions into a channel, of whatever brand: each brand's in its order.
func RulesInto(ctx context.Context, r Reader, team string, room social.Room) ([]social.Rule, error) {
	return rulesThat(ctx, r, team, func(x social.Room) bool { return x == room })
}

// rulesThat lists the rules of all brands of a team whose channel fits. Channels stand inside documents, and a team has few rules.
func rulesThat(ctx context.Context, r Reader, team string, fits func(social.Room) bool) ([]social.Rule, error) {
	var rows []ruleRow
	err := list(ctx, r, &rows, `
SELECT `+ruleColumns+`
FROM rules
WHERE team_id = ? AND brand_id IN (SELECT id FROM brands WHERE team_id = ?)
ORDER BY brand_id, position`, team, team)
	return slices.DeleteFunc(each(rows, ruleRow.rule), func(x social.Rule) bool { return !fits(x.Then.Room) }), err
}

// errSameRule is what a second rule of one name is told: cards name the rule that brought a mention.
var errSameRule = i18n.Text{
	En: "There is already a rule called “%s”. Please choose another name.",
	Fr: "Il existe déjà une règle nommée «\u202f%s\u202f». Choisissez un autre nom.",
}

func ruled(r social.Rule, err error) error {
	if taken(err) {
		return fault.In("name", errSameRule, r.Name)
	}
	return err
}

// AddRule stores a new rule after all others of its brand, and returns it with its position. Errors: faults NotFound when the
// brand is not the team's, Invalid when the brand has a rule of that name.
func (t *Tx) AddRule(ctx context.Context, r social.Rule) (social.Rule, error) {
	n, err := t.holdRules(ctx, r.TeamID, r.BrandID)
	if err != nil {
		return r, err
	}
	r.Position = n + 1
	return r, ruled(r, t.put(ctx, `INSERT INTO rules (`+ruleColumns+`) VALUES (`+marks(8)+`)`,
		r.ID, r.TeamID, r.BrandID, r.Position, r.Name, doc[social.Condition]{r.If}, doc[social.Effects]{r.Then}, r.Rev))
}

// SaveRule writes r, all but its position, if nobody wrote it since revision was; a fault Conflict otherwise, Invalid when
// another rule has its name.
func (t *Tx) SaveRule(ctx context.Context, r social.Rule, was int64) error {
	return ruled(r, t.swap(ctx, `
UPDATE rules
SET name = ?, conditions = ?, effects = ?, rev = ?
WHERE team_id = ? AND id = ? AND rev = ?`,
		r.Name, doc[social.Condition]{r.If}, doc[social.Effects]{r.Then}, r.Rev, r.TeamID, r.ID, was))
}

// unroom lets the rules of a team bring nothing into the channels of a workspace any more: what they decide about goes to the brand's
// channels. What people have seen of a rule stays as new as it was.
func (t *Tx) unroom(ctx context.Context, team, surface, workspace string) error {
	all, err := rulesThat(ctx, t, team, func(x social.Room) bool { return x.Surface == surface && x.Workspace == workspace })
	if err != nil {
		return err
	}
	for _, r := range all {
		r.Then.Room = social.Room{}
		if err := t.put(ctx, `UPDATE rules SET effects = ? WHERE team_id = ? AND id = ?`, doc[social.Effects]{r.Then}, team, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// MoveRule gives a rule of a brand the position to, or the nearest there is, and those between move up or down by one.
// A fault NotFound when it is not of that brand of the team.
func (t *Tx) MoveRule(ctx context.Context, team, brand, id string, to int64) error {
	n, err := t.holdRules(ctx, team, brand)
	if err != nil {
		return err
	}
	from, err := t.position(ctx, team, brand, id)
	if err != nil {
		return err
	}
	to = min(max(to, 1), n)
	if err := t.shift(ctx, team, brand, from, n, -1); err != nil {
		return err
	}
	if err := t.shift(ctx, team, brand, to-1, n, 1); err != nil {
		return err
	}
	return t.put(ctx, `UPDATE rules SET position = ? WHERE team_id = ? AND id = ?`, to, team, id)
}

// DropRule removes a rule of a brand, and those behind it move up. Mentions keep its name. A fault NotFound when it is not of
// that brand of the team.
func (t *Tx) DropRule(ctx context.Context, team, brand, id string) error {
	n, err := t.holdRules(ctx, team, brand)
	if err != nil {
		return err
	}
	from, err := t.position(ctx, team, brand, id)
	if err != nil {
		return err
	}
	if err := t.put(ctx, `DELETE FROM rules WHERE team_id = ? AND id = ?`, team, id); err != nil {
		return err
	}
	return t.shift(ctx, team, brand, from, n, -1)
}

// holdRules makes other changes of a brand's order wait for this one, and counts its rules.
func (t *Tx) holdRules(ctx context.Context, team, brand string) (n int64, err error) {
	if err := t.HoldBrand(ctx, team, brand); err != nil {
		return 0, err
	}
	err = get(ctx, t, &n, `SELECT COUNT(*) FROM rules WHERE team_id = ? AND brand_id = ?`, team, brand)
	return n, err
}

// position is where a rule stands, once nobody else can move it.
func (t *Tx) position(ctx context.Context, team, brand, id string) (at int64, err error) {
	err = get(ctx, t, &at, `SELECT position FROM rules WHERE team_id = ? AND brand_id = ? AND id = ?`, team, brand, id)
	return at, err
}

// shift moves the rules behind a position, up to another one, by so many places.
func (t *Tx) shift(ctx context.Context, team, brand string, behind, last, by int64) error {
	return t.put(ctx, `
UPDATE rules SET position = position + ? WHERE team_id = ? AND brand_id = ? AND position > ? AND position <= ?`, by, team, brand, behind, last)
}

type pastRow struct {
	ID       string             `db:"id"`
	Team     string             `db:"team_id"`
	Brand    string             `db:"brand_id"`
	Network  string             `db:"network"`
	Author   doc[social.Author] `db:"author"`
	Title    string             `db:"title"`
	Text     string             `db:"text"`
	Language string             `db:"language"`
	URL      string             `db:"url"`
	Said     stamp              `db:"said_at"`
}

func (r pastRow) mention() social.Mention {
	return social.Mention{ID: r.ID, TeamID: r.Team, BrandID: r.Brand, Network: r.Network, Author: r.Author.V, Title: r.Title, Text: r.Text,
		Language: r.Language, URL: r.URL, SaidAt: r.Said.Time}
}

// PastMentions reads the last n mentions of a brand of the team, the newest first: what a rule decides by, and what names a
// mention to a person. Where each stands is not read.
func PastMentions(ctx context.Context, r Reader, team, brand string, n int) ([]social.Mention, error) {
	var rows []pastRow
	err := list(ctx, r, &rows, `
SELECT id, team_id, brand_id, network, author, title, text, language, url, said_at
FROM mentions
WHERE team_id = ? AND brand_id = ?
ORDER BY heard_at DESC, id DESC
LIMIT ?`, team, brand, n)
	return each(rows, pastRow.mention), err
}

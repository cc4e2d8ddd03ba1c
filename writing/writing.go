// Package writing is the brand's voice as a feature: people keep its editorial line here, and everything that is written for
// them is asked for here. It chooses who writes, a language model or the offline helper, keeps the day's budget, and says
// in a sentence when it was not the model and why.
package writing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"griot/drafting"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// Service writes, and keeps lines.
type Service struct {
	DB      *storage.DB
	Model   drafting.Drafter // nil: no language model is connected
	Offline drafting.Drafter
	Budget  int64 // tokens that one team may spend on one UTC day; 0: as many as it likes
	Log     *slog.Logger
}

var (
	noModel = i18n.Text{
		En: "No language model is connected: Griot put together what it was told and what the brand has written before. Please read it closely.",
		Fr: "Aucun modèle de langage n’est connecté\u202f: Griot a assemblé ce qu’on lui a dit et ce que la marque a déjà écrit. Relisez bien.",
	}
	spent = i18n.Text{
		En: "Today’s budget for the language model is spent: until midnight UTC Griot puts together what it was told and what the brand has written before.",
		Fr: "Le budget du jour pour le modèle de langage est épuisé\u202f: jusqu’à minuit UTC, Griot assemble ce qu’on lui a dit et ce que la marque a déjà écrit.",
	}
	notWritten = map[drafting.Reason]i18n.Text{
		drafting.Slow: {
			En: "The language model did not answer in time: Griot put this together without it. You can ask again in a moment.",
			Fr: "Le modèle de langage n’a pas répondu à temps\u202f: Griot a fait sans lui. Vous pouvez redemander dans un moment.",
		},
		drafting.Busy: {
			En: "The language model takes no more questions for now: Griot put this together without it. You can ask again later.",
			Fr: "Le modèle de langage ne prend plus de demandes pour l’instant\u202f: Griot a fait sans lui. Vous pouvez redemander plus tard.",
		},
		drafting.Down: {
			En: "The language model cannot be reached: Griot put this together without it. You can ask again in a moment.",
			Fr: "Le modèle de langage est injoignable\u202f: Griot a fait sans lui. Vous pouvez redemander dans un moment.",
		},
		drafting.Key: {
			En: "The language model refuses Griot’s key, so Griot put this together without it. Whoever runs Griot should check OPENAI_API_KEY.",
			Fr: "Le modèle de langage refuse la clé de Griot, qui a donc fait sans lui. La personne qui exploite Griot doit vérifier OPENAI_API_KEY.",
		},
		drafting.Unknown: {
			En: "The language model was not found, so Griot put this together without it. Whoever runs Griot should check OPENAI_MODEL and OPENAI_BASE_URL.",
			Fr: "Le modèle de langage est introuvable\u202f: Griot a fait sans lui. La personne qui exploite Griot doit vérifier OPENAI_MODEL et OPENAI_BASE_URL.",
		},
		drafting.Useless: {
			En: "What the language model wrote did not respect the limits or the editorial line: Griot put this together without it.",
			Fr: "Ce que le modèle de langage a écrit ne respectait pas les limites ou la ligne éditoriale\u202f: Griot a fait sans lui.",
		},
	}
)

// Posts writes one text for each account. The note says why it was not the model; nil: it was.
func (s *Service) Posts(ctx context.Context, team string, a drafting.PostAsk) (drafting.PostDraft, i18n.Localised, error) {
	return written(ctx, s, team, func(d drafting.Drafter) (drafting.PostDraft, int64, error) {
		out, err := d.Posts(ctx, a)
		return out, out.Tokens, err
	})
}

// Replies proposes three replies. The note says why it was not the model; nil: it was.
func (s *Service) Replies(ctx context.Context, team string, a drafting.ReplyAsk) (drafting.ReplyDraft, i18n.Localised, error) {
	return written(ctx, s, team, func(d drafting.Drafter) (drafting.ReplyDraft, int64, error) {
		out, err := d.Replies(ctx, a)
		return out, out.Tokens, err
	})
}

// Remarks says two sentences about a table, or nothing. The note says why it was not the model; nil: it was.
func (s *Service) Remarks(ctx context.Context, team string, a drafting.RemarkAsk) (drafting.Remark, i18n.Localised, error) {
	return written(ctx, s, team, func(d drafting.Drafter) (drafting.Remark, int64, error) {
		out, err := d.Remarks(ctx, a)
		return out, out.Tokens, err
	})
}

// written asks the model where there is one and the team may, else the offline helper. Two who ask at once may go over the
// budget by what they cost. Errors: those of the context and of the database.
func written[T any](ctx context.Context, s *Service, team string, do func(drafting.Drafter) (T, int64, error)) (T, i18n.Localised, error) {
	note, err := s.without(ctx, team)
	if err != nil {
		var none T
		return none, nil, err
	}
	if note == nil {
		out, tokens, err := do(s.Model)
		if e := s.spend(ctx, team, tokens); e != nil {
			return out, nil, e
		}
		if err == nil {
			return out, nil, nil
		}
		if ctx.Err() != nil {
			return out, nil, err
		}
		note = s.failed(ctx, team, err)
	}
	out, _, err := do(s.Offline)
	return out, note, err
}

// without is why the model is not asked; nil: it is.
func (s *Service) without(ctx context.Context, team string) (i18n.Localised, error) {
	if s.Model == nil {
		return noModel, nil
	}
	if s.Budget <= 0 {
		return nil, nil
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return nil, err
	}
	if n, err := storage.Spent(ctx, s.DB, team, now); err != nil || n < s.Budget {
		return nil, err
	}
	return spent, nil
}

// spend counts what was used, also for somebody who no longer waits.
func (s *Service) spend(ctx context.Context, team string, tokens int64) error {
	if tokens <= 0 {
		return nil
	}
	err := s.DB.InTx(context.WithoutCancel(ctx), func(tx *storage.Tx) error { return tx.Spend(ctx, team, tokens) })
	if err != nil {
		return fmt.Errorf("count tokens: %w", err)
	}
	return nil
}

// failed logs a model's failure, and says it to people.
func (s *Service) failed(ctx context.Context, team string, err error) i18n.Localised {
	reason := drafting.Down
	if why, ok := errors.AsType[*drafting.Error](err); ok {
		reason = why.Reason
	}
	s.Log.WarnContext(ctx, "written without the model", "team", team, "reason", string(reason), "err", err)
	return notWritten[reason]
}

// Connected reports whether a language model is.
func (s *Service) Connected() bool { return s.Model != nil }

// language is the one of a line that people mean when they name none.
func language(b social.Brand, named i18n.Locale) i18n.Locale {
	if named == "" {
		return b.Locale
	}
	return named
}

package inbox

import (
	"context"
	"fmt"
	"slices"

	"griot/drafting"
	"griot/fault"
	"griot/social"
	"griot/storage"
)

// past is how many of the latest answers are looked through for similar ones, and alike how many of those are shown to the drafter.
const (
	past  = 200
	alike = 3
)

// Suggest proposes answers to one mention. One that is settled meanwhile needs none.
func (s *Service) Suggest(ctx context.Context, j SuggestJob) error {
	h, err := storage.HearingOf(ctx, s.DB, j.TeamID, j.Mention)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var all []social.Suggestion
	unwritten := false
	if h.Mention.Open() && s.Replies != nil {
		ask, err := s.ask(ctx, h)
		if err != nil {
			return err
		}
		unwritten = ask.Line.Rev == 0
		if all, err = s.Replies(ctx, j.TeamID, ask); err != nil {
			return fmt.Errorf("suggest for %s: %w", j.Mention, err)
		}
	}
	for i := range all {
		if all[i].Number = int64(i + 1); all[i].Basis == social.OnLine && unwritten {
			all[i].Basis = social.OnNone
		}
	}
	return s.DB.InTx(ctx, func(tx *storage.Tx) error {
		if err := tx.Suggest(ctx, j.TeamID, j.Mention, all); err != nil {
			return err
		}
		return tx.Redraw(ctx, j.TeamID, j.Mention)
	})
}

// Again asks for other suggestions, by a person's wish.
func (s *Service) Again(ctx context.Context, by social.Member, mention string) (social.Hearing, error) {
	return s.change(ctx, by, mention, 0, "", func(x *change) error {
		if !by.Has(x.hearing.Mention.BrandID, social.Listeners...) && x.hearing.Mention.Owner != by.ID {
			_, err := x.hearing.Mention.Apply(social.Reply, x.by, social.MentionChange{})
			return err
		}
		isNew, err := x.tx.Suggesting(ctx, by.TeamID, mention)
		if err != nil || !isNew {
			return err
		}
		return x.tx.Enqueue(ctx, SuggestJob{TeamID: by.TeamID, Mention: mention})
	})
}

// ask is what a drafter is told of a mention.
func (s *Service) ask(ctx context.Context, h social.Hearing) (drafting.ReplyAsk, error) {
	a := drafting.ReplyAsk{Brand: h.Brand, Mention: h.Mention, Limits: h.Account.Limits}
	lines, err := storage.Lines(ctx, s.DB, h.Brand.TeamID, h.Brand)
	if err != nil {
		return a, err
	}
	a.Line = social.LineIn(lines, h.Brand, a.Locale())
	all, err := storage.PastAnswers(ctx, s.DB, h.Brand.TeamID, h.Brand.ID, past)
	if err != nil {
		return a, err
	}
	for _, p := range nearest(h.Mention.Text, all) {
		a.Past = append(a.Past, drafting.Answered{Said: p.Said, Answer: p.Answer, To: p.To})
	}
	return a, nil
}

// nearest are the answers to what shares most words with text, at least two.
func nearest(text string, all []storage.PastAnswer) []storage.PastAnswer {
	words := map[string]bool{}
	for _, w := range social.Words(text) {
		if len(w) > 3 {
			words[w] = true
		}
	}
	type near struct {
		storage.PastAnswer
		shared int
	}
	var out []near
	for _, p := range all {
		n := near{PastAnswer: p}
		seen := map[string]bool{}
		for _, w := range social.Words(p.Said) {
			if words[w] && !seen[w] {
				seen[w] = true
				n.shared++
			}
		}
		if n.shared >= 2 {
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b near) int { return b.shared - a.shared })
	var best []storage.PastAnswer
	for _, n := range out[:min(len(out), alike)] {
		best = append(best, n.PastAnswer)
	}
	return best
}

package social

import "slices"

// Sheet is a post with everything a card or a decision about it needs.
type Sheet struct {
	Post       Post
	Revision   Revision // the current words
	Brand      Brand
	Accounts   []Account // those of Revision, and those with a delivery
	Approvals  []Approval
	Votes      []Vote // of people, where the brand wants several; the first one first
	Deliveries []Delivery
	Lines      []Line            // of the brand, that of its own language first
	Names      map[string]string // members named anywhere in it, by id
	To         Remote            // what it answers; zero: nothing
}

// Status is what the post is to the people who follow it.
func (s Sheet) Status() Status { return StatusOf(s.Post, s.Newest()) }

// Newest is the newest delivery to each account, in the order of the first ones.
func (s Sheet) Newest() []Delivery {
	var out []Delivery
	for _, d := range s.Deliveries {
		i := slices.IndexFunc(out, func(o Delivery) bool { return o.AccountID == d.AccountID })
		switch {
		case i < 0:
			out = append(out, d)
		case d.Occurrence > out[i].Occurrence:
			out[i] = d
		}
	}
	return out
}

// Frozen reports whether what an account was given can no longer be changed: it is live or on its way, or a part of it is.
func (s Sheet) Frozen(account string) bool {
	d, ok := s.Delivery(account)
	return ok && (slices.Contains([]DeliveryState{Sending, Pending, Live, Unsure, Removing, Gone}, d.State) || d.LiveParts() > 0)
}

// Settled reports whether nothing of the post can be changed or stopped any more: all of it is live, or taken down, or was
// taken by its network.
func (s Sheet) Settled() bool {
	for _, a := range s.Revision.Accounts {
		if d, _ := s.Delivery(a); d.State == Sending || !s.Frozen(a) {
			return false
		}
	}
	return len(s.Revision.Accounts) > 0
}

// Moves lists what anybody at all may do to the post now: Post.Moves, and nothing once it is settled.
func (s Sheet) Moves() []Move {
	if s.Settled() {
		return nil
	}
	return s.Post.Moves()
}

// Account is the account with that id; zero when the sheet has none.
func (s Sheet) Account(id string) Account {
	for _, a := range s.Accounts {
		if a.ID == id {
			return a
		}
	}
	return Account{}
}

// Variants is what the current words say on each network.
func (s Sheet) Variants() []Variant {
	out := s.Revision.Variants(s.Accounts)
	for i := range out {
		out[i].To = s.To
	}
	return out
}

// Check says everything that keeps v from going out: its account's limits, and the brand's editorial lines. What every post
// must hold is not asked of an answer, which has somebody else's words before it.
func (s Sheet) Check(v Variant) []Problem {
	out := slices.Concat(v.Check(), Banned(v, s.Lines))
	if s.Post.Answers != "" {
		return out
	}
	return append(out, Missing(v, s.Lines)...)
}

// Voters are the members who said yes to the words as they are, the first one first.
func (s Sheet) Voters() []string {
	var out []string
	for _, v := range s.Votes {
		if v.Words == s.Post.Words {
			out = append(out, v.By)
		}
	}
	return out
}

// Approved reports whether somebody said yes to exactly v.
func (s Sheet) Approved(v Variant) bool {
	print := v.Fingerprint()
	for _, a := range s.Approvals {
		if a.AccountID == v.Account.ID && a.Fingerprint == print {
			return true
		}
	}
	return false
}

// Delivery is the newest delivery to an account, and whether there is one.
func (s Sheet) Delivery(account string) (Delivery, bool) {
	ds := s.Newest()
	i := slices.IndexFunc(ds, func(d Delivery) bool { return d.AccountID == account })
	if i < 0 {
		return Delivery{}, false
	}
	return ds[i], true
}

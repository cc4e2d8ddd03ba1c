package social

// Sheet is a post with everything a card or a decision about it needs.
type Sheet struct {
	Post       Post
	Revision   Revision // the current words
	Brand      Brand
	Accounts   []Account // those of Revision, and those with a delivery
	Approvals  []Approval
	Deliveries []Delivery
	Names      map[string]string // members named anywhere in it, by id
}

// Status is what the post is to the people who follow it.
func (s Sheet) Status() Status { return StatusOf(s.Post, s.Deliveries) }

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
func (s Sheet) Variants() []Variant { return s.Revision.Variants(s.Accounts) }

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
	var last Delivery
	ok := false
	for _, d := range s.Deliveries {
		if d.AccountID == account && (!ok || d.Occurrence > last.Occurrence) {
			last, ok = d, true
		}
	}
	return last, ok
}

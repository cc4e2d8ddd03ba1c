package social

import "time"

// Span is a run of dates: from First to Last, both in it.
type Span struct {
	First Day `json:"first"`
	Last  Day `json:"last"`
}

// Days is how many dates there are in the span.
func (s Span) Days() int { return s.First.Days(s.Last) + 1 }

// Plus is the span n days later, or earlier.
func (s Span) Plus(n int) Span { return Span{s.First.Plus(n), s.Last.Plus(n)} }

// Begins and Ends are the instants between which the span lies in a zone.
func (s Span) Begins(in *time.Location) time.Time { return s.First.Begins(in) }

// Ends is the first instant after the span.
func (s Span) Ends(in *time.Location) time.Time { return s.Last.Plus(1).Begins(in) }

// Report is how a brand did in a span of dates, as it was known at an instant. It holds everything that its card shows: it is
// stored, and told the same for ever.
type Report struct {
	BrandID  string               `json:"brand_id"`
	Brand    string               `json:"brand"`
	Zone     string               `json:"zone"`
	Span     Span                 `json:"span"`
	Before   Span                 `json:"before"` // what it is compared with
	At       time.Time            `json:"at"`
	SoFar    bool                 `json:"so_far,omitempty"` // the span is not over
	Usual    bool                 `json:"usual,omitempty"`  // compared with what is usual on such days, too
	Accounts []AccountRow         `json:"accounts,omitempty"`
	Posts    []PostRow            `json:"posts,omitempty"`    // that went live in the span, by when
	Mentions map[MentionState]int `json:"mentions,omitempty"` // heard in the span, by how they stand at At
	Muted    int                  `json:"muted,omitempty"`    // heard too, and kept from people by a rule: not among Mentions
	Remarks  string               `json:"remarks,omitempty"`  // by a model, checked; empty: none
}

// AccountRow is what is known of one account.
type AccountRow struct {
	AccountID string      `json:"account_id"`
	Network   string      `json:"network"` // as people write it
	Handle    string      `json:"handle,omitempty"`
	LostAt    time.Time   `json:"lost_at,omitzero"` // since when the network gives no numbers
	Read      bool        `json:"read,omitempty"`   // it gave numbers once
	Figures   []Figure    `json:"figures,omitempty"`
	Days      []DayFigure `json:"days,omitempty"` // of the first figure's metric, day by day, oldest first; empty: not asked for
}

// Figure is one metric of an account. What is nil is not known, which is not zero.
type Figure struct {
	Metric Metric   `json:"metric"`
	Total  *int64   `json:"total,omitempty"`  // at the end of the span
	Gained *int64   `json:"gained,omitempty"` // in the span; below zero: lost
	Before *int64   `json:"before,omitempty"` // gained in the span before
	Usual  *float64 `json:"usual,omitempty"`  // the median of what was gained in the same days of the last four weeks
	Weeks  int      `json:"weeks,omitempty"`  // of how many of these four weeks something is known
}

// DayFigure is what was gained on a date.
type DayFigure struct {
	Day    Day    `json:"day"`
	Gained *int64 `json:"gained,omitempty"` // nil: not known
}

// PostRow is something that went live, with its numbers so far.
type PostRow struct {
	PostID    string           `json:"post_id"`
	AccountID string           `json:"account_id"`
	Network   string           `json:"network"` // as people write it
	Text      string           `json:"text"`    // its beginning
	URL       string           `json:"url,omitempty"`
	LiveAt    time.Time        `json:"live_at"`
	Counts    map[Metric]int64 `json:"counts,omitempty"` // what was given so far; a metric that was not given is absent
}

// Reactions is how many reactions to the post are known, and whether any number is.
func (p PostRow) Reactions() (n int64, known bool) {
	for _, m := range Reactions {
		if v, ok := p.Counts[m]; ok {
			n, known = n+v, true
		}
	}
	return n, known
}

// Best is the post with the most reactions, the first of equals; false when none has any.
func (r Report) Best() (PostRow, bool) {
	var best PostRow
	var most int64
	for _, p := range r.Posts {
		if n, _ := p.Reactions(); n > most {
			best, most = p, n
		}
	}
	return best, most > 0
}

// Heard is how many mentions people were shown.
func (r Report) Heard() int {
	n := 0
	for _, k := range r.Mentions {
		n += k
	}
	return n
}

// Compares reports whether anything stands beside a figure.
func (r Report) Compares() bool {
	for _, a := range r.Accounts {
		for _, f := range a.Figures {
			if f.Before != nil || f.Usual != nil {
				return true
			}
		}
	}
	return false
}

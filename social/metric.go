package social

import "time"

// Metric names a number in Griot's own terms.
type Metric string

// The metrics. A connector's documentation says what its network means by each.
const (
	Likes     Metric = "likes"
	Shares    Metric = "shares"
	Replies   Metric = "replies"
	Quotes    Metric = "quotes"
	Followers Metric = "followers"
	Following Metric = "following"
	Posts     Metric = "posts"
)

// Headlines are the metrics of an account that people are told, in their order. Whom an account follows is its own doing.
var Headlines = []Metric{Followers, Posts, Likes, Shares, Replies, Quotes}

// Reactions are the metrics of a post that count as somebody's answer to it.
var Reactions = []Metric{Likes, Shares, Replies, Quotes}

// Sample is a total as a network gave it at an instant. It is kept as it was said: a total that goes down, or that the
// network restates, is another sample.
type Sample struct {
	TeamID, BrandID string
	AccountID       string
	Item            string // what was published, by the network's id; empty: the account itself
	Metric          Metric
	Value           int64
	At              time.Time
	Means           string // whose meaning of the metric it is: "mastodon 1"
}

// Watched is something whose numbers are read: an account, or a part of a delivery that is live on it.
type Watched struct {
	TeamID, BrandID string
	AccountID       string
	Item            string    // empty: the account itself
	DeliveryID      string    // that it is of; empty: the account
	Receipt         string    // JSON of the connector
	Since           time.Time // when the account was first read, or the part went live
	NextAt          time.Time
	ReadAt          time.Time // when it last gave numbers; zero: not yet
	LostAt          time.Time // since when it gives none, which is when it last gave some; zero: it gives them
}

// Without reports whether the network was asked and has no numbers for this account: a feed has none.
func (w Watched) Without() bool {
	return w.ReadAt.IsZero() && w.LostAt.IsZero() && w.NextAt.Sub(w.Since) > 2*time.Hour
}

// TellDays are the days on which a channel is told the numbers.
type TellDays string

// The days.
const (
	WorkingDays TellDays = "working" // Monday to Friday; Monday covers the days since Friday
	EveryDay    TellDays = "every"
)

// On reports whether a day is one of them.
func (t TellDays) On(d Day) bool {
	w := d.Date().Weekday()
	return t == EveryDay || (w != time.Saturday && w != time.Sunday)
}

// Before is the latest of them before a day.
func (t TellDays) Before(d Day) Day {
	for d = d.Plus(-1); !t.On(d); d = d.Plus(-1) {
	}
	return d
}

// After is the first of them after a day.
func (t TellDays) After(d Day) Day {
	for d = d.Plus(1); !t.On(d); d = d.Plus(1) {
	}
	return d
}

// Telling says when a channel is told a brand's numbers.
type Telling struct {
	Channel Channel
	Off     bool
	Minute  int // of the day, by the brand's clocks
	Days    TellDays
	Silent  bool // without the sentences that a model writes
}

// Analysts may say when a channel is told the numbers.
var Analysts = []Role{Analyst, Admin}

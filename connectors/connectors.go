// Package connectors is the contract between Griot and a social network: what a network declares about itself,
// what one credential may do there, and the few kinds of answer that decide what happens next.
package connectors

import (
	"context"
	"io"
	"time"

	"griot/i18n"
	"griot/social"
)

// Info is what a network says about itself without being asked: no I/O.
type Info struct {
	ID      string        // lower-case word, stored in rows: "mastodon"
	Name    string        // as people write it: "Mastodon"; empty: it has none, as feeds
	What    i18n.Text     // what is read there when it has no name, after "on": "feeds"
	About   i18n.Text     // one sentence for /connect: what is needed, and where to find it
	Secrets []Secret      // what /connect asks, in this order
	Limits  social.Limits // the usual ones, before the account's own are read
	Repeat  Repeat
	// Granted are the keys of Facts that the secrets alone do not bring back, such as a token given once at sign-up. When
	// everything else is asked anew, they are kept.
	Granted []string
	// ReadOnly: nothing can be published there, such as a feed. It is no network to connect to; see /watch.
	ReadOnly bool
}

// Called is what people call the network.
func (i Info) Called() i18n.Text {
	if i.Name == "" {
		return i.What
	}
	return i18n.Text{En: i.Name, Fr: i.Name}
}

// Secret is one thing to ask when an account is connected.
type Secret struct {
	Key         string // in Credential.Secrets
	Label, Help i18n.Text
	Kind        SecretKind
	Default     string // offered when it is not a Hidden one
}

// SecretKind is how a secret is typed.
type SecretKind string

// The kinds.
const (
	Hidden  SecretKind = "hidden"  // never shown again
	Plain   SecretKind = "plain"   // a handle, an e-mail address
	Address SecretKind = "address" // a server's base URL
)

// Repeat says when the same stored request may be sent again after a lost answer without a human's word.
// The zero value is never.
type Repeat struct {
	For  time.Duration // since the first try; Forever: at any time
	Seen string        // how it was seen to be harmless, for the documentation
}

// Forever is a Repeat.For without end.
const Forever = time.Duration(1<<63 - 1)

// Connector is one network.
type Connector interface {
	Info() Info
	// Open says what one credential may do. With no Facts but Granted ones it asks the network (who is this, what are its limits) and
	// saves what it learnt; afterwards it makes no call. It keeps nothing between calls but what it saves.
	// Errors: *Error with SignIn, Refused, Limited or Temporary.
	Open(ctx context.Context, c Credential) (Account, error)
}

// Credential is one account's secrets and what the connector has learnt with them.
type Credential struct {
	Secrets map[string]string // by Secret.Key, as typed
	Facts   map[string]string // tokens, ids, limits: the connector's own, encrypted like the secrets
	// Save stores new facts before they are used. A refreshed token that was not saved is lost.
	// It fails with an error that wraps ErrRaced when another process saved meanwhile: read again and go on.
	Save func(ctx context.Context, facts map[string]string) error
	Log  func(ctx context.Context, what string) // one short lower-case phrase without secrets; may be nil
}

// Account is what one credential may do. A nil field means: not with this network, plan or scope.
type Account struct {
	RemoteID string // the network's own id, which never changes
	Handle   string // as people write it, with the server when the network has several
	URL      string // public page
	Limits   social.Limits
	Repeat   Repeat

	Probe   func(ctx context.Context) error // one harmless call: is the credential still good? nil never
	Publish Publisher
	Reply   Publisher // Draft.ReplyTo is set
	Metrics MetricsReader
	// Mentions reads what others say to the account.
	Mentions MentionSource
	// Answered is the public address of an answer that the account has already given to an item; empty: none is seen. nil: it
	// cannot be asked. Errors as of a reading.
	Answered func(ctx context.Context, to social.Remote) (url string, err error)
}

// MentionSource reads what is said to an account, or what appears in a feed.
type MentionSource interface {
	// Since returns what came after cursor, oldest first, at most 100. An empty cursor begins now: nothing older is returned, and
	// the cursor stands at the newest item. What was returned once may come again; Key tells. Of each Mention it fills what the
	// network says (Key to SaidAt); the caller does the rest. Errors: *Error with Temporary, Limited, SignIn or Refused.
	Since(ctx context.Context, cursor string) (Heard, error)
}

// Heard is one reading of a source.
type Heard struct {
	Mentions []social.Mention
	Cursor   string        // to pass next; stored in the transaction that stores Mentions
	More     bool          // there is more already: read again at once
	After    time.Duration // how long the source wants to be left alone; zero: as usual
}

// Publisher brings one part of a delivery to the network, in steps that can each be interrupted.
type Publisher interface {
	// Prepare uploads media and returns exactly what Send will send. Nothing visible happens; it may be repeated.
	Prepare(ctx context.Context, d Draft) (Request, error)
	// Send makes the one call that makes the words visible, with the stored bytes of r and nothing else, at most once on
	// the wire: no retry of its own, no redirect followed, no token refreshed on the way (Prepare sees to a fresh token).
	// Errors: Temporary only when the network provably did not take it; Unsure for everything doubtful.
	Send(ctx context.Context, r Request) (Receipt, error)
	// Check asks again about a pending receipt. Once live, it says live for ever.
	Check(ctx context.Context, r Receipt) (Receipt, error)
	// Find looks for what r would have made among the account's own recent items, by key or by stored content, at most
	// a minute older than r.Armed. None, one, or several when it cannot tell them apart.
	Find(ctx context.Context, r Request) ([]Receipt, error)
	// Remove takes the item down. Already gone is success.
	Remove(ctx context.Context, r Receipt) error
}

// Draft is one part before it is prepared.
type Draft struct {
	Key     string    // the same on every try of the same part; 26 characters of a-z0-9, unique
	At      time.Time // the created-at to write, where the network takes one; the same on every try
	Locale  i18n.Locale
	Text    string // NFC
	Media   []Media
	Root    *Receipt // first part of the thread, when this is not it
	ReplyTo *Receipt // the part before, or the item that is answered
}

// Media is a picture with its bytes.
type Media struct {
	social.Media
	Open func() (io.ReadCloser, error) // the stored bytes, verified by the caller
}

// Request is stored before anything visible happens, and sent as it is.
type Request struct {
	Key   string    `json:"key"`
	Armed time.Time `json:"armed"` // just before the first try; set by the caller of Send
	Body  string    `json:"body"`  // the exact bytes of the call
	Note  string    `json:"note"`  // the connector's own: what Find needs
}

// Receipt is the network's answer. It is stored alone, right after the call.
type Receipt struct {
	RemoteID string        `json:"remote_id"`
	Ref      string        `json:"ref,omitempty"` // what a reply or a deletion needs beside the id (a CID)
	URL      string        `json:"url,omitempty"`
	Pending  bool          `json:"pending,omitempty"` // taken, still being processed: ask again after Again
	Again    time.Duration `json:"again,omitempty"`
}

// MetricsReader reads numbers. A metric that the network does not give is absent, never zero.
type MetricsReader interface {
	// OfPosts returns counts by RemoteID; an item that is gone is absent.
	OfPosts(ctx context.Context, items []Receipt) (map[string]Counts, error)
	OfAccount(ctx context.Context) (Counts, error)
}

// Counts are totals since the beginning, by metric.
type Counts map[Metric]int64

// Given are the counts that a network gave: a number that is missing is not zero.
func Given(said map[Metric]*int64) Counts {
	c := Counts{}
	for m, n := range said {
		if n != nil {
			c[m] = *n
		}
	}
	return c
}

// Metric names a number in Griot's own terms.
type Metric = social.Metric

// The metrics of this contract. A connector's documentation says what the network means by each.
const (
	Likes     = social.Likes
	Shares    = social.Shares
	Replies   = social.Replies
	Quotes    = social.Quotes
	Followers = social.Followers
	Following = social.Following
	Posts     = social.Posts
)

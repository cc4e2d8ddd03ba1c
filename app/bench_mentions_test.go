//go:build !race

package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"griot/app"
	"griot/connectors"
	"griot/inbox"
	"griot/social"
	"griot/storage"
)

// What is said to a brand in the measurements of it.
const (
	bookRules  = 100
	ruleWords  = 10 // in each rule
	spoken     = 4000
	million    = 1_000_000
	trays      = 20 // times each list is asked for
	arrivals   = 60
	lookEvery  = time.Millisecond
	perReading = 100
)

// speech is a source that has much to say, in pages.
type speech []social.Mention

// Since has how many were read as its cursor.
func (s speech) Since(_ context.Context, cursor string) (connectors.Heard, error) {
	if cursor == "" {
		return connectors.Heard{Cursor: "0"}, nil
	}
	from, err := strconv.Atoi(cursor)
	to := min(len(s), from+perReading)
	return connectors.Heard{Mentions: s[from:to], Cursor: strconv.Itoa(to), More: to < len(s)}, err
}

// said are n mentions of the length of a usual post; every other one has a word of a rule in it.
func said(n int) speech {
	const about = "Bonjour, j’ai commandé chez vous la semaine dernière et je n’ai toujours pas de nouvelles, pouvez-vous me dire où cela en est ? "
	out := make(speech, n)
	for i := range out {
		out[i] = social.Mention{Key: fmt.Sprint("key ", i), Remote: social.Remote{ID: fmt.Sprint(i)}, Kind: social.Named, Language: "fr",
			Author: social.Author{Name: "Léa", Handle: "@lea@social.example"}, Text: about + bookWord(i*7919%(2*bookRules*ruleWords)), SaidAt: time.Now()}
	}
	return out
}

func bookWord(n int) string { return fmt.Sprint("mot", n) }

// ruled gives the brand n rules of so many words each.
func (m *measured) ruled(n, words int) []social.Rule {
	m.Helper()
	var out []social.Rule
	for i := range n {
		r := social.Rule{BrandID: m.brand.ID, Name: fmt.Sprint("Règle ", i)}
		for w := range words {
			r.If.Words = append(r.If.Words, bookWord(i*words+w))
		}
		r, err := m.app.Inbox.AddRule(m.Context(), m.by, r)
		if err != nil {
			m.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// ears is an inbox on the same database that reads again at once, what open gives it.
func (m *measured) ears(open func(ctx context.Context, team, id string) (connectors.Account, error)) *inbox.Service {
	return inbox.New(inbox.Options{DB: m.app.DB, Log: slog.New(slog.DiscardHandler), Owner: "ears", Open: open, Usual: time.Nanosecond})
}

// listens reads what is due.
func (m *measured) listens(in *inbox.Service) {
	m.Helper()
	if err := in.Collect(m.Context()); err != nil {
		m.Fatal(err)
	}
}

// benchHeard measures how many mentions a second are stored and routed, beside the rules alone.
func benchHeard(b *testing.B, e storage.Engine, r *results) {
	m := install(b, e, app.Off)
	rules, all := m.ruled(bookRules, ruleWords), said(spoken)
	in := m.ears(func(context.Context, string, string) (connectors.Account, error) {
		return connectors.Account{RemoteID: m.account.RemoteID, Mentions: all}, nil
	})
	m.listens(in) // a source begins where it stands
	begun := time.Now()
	for m.number(`SELECT COUNT(*) FROM mentions`) < spoken {
		m.listens(in)
	}
	rate := spoken / time.Since(begun).Seconds()
	book := social.NewBook(rules)
	begun = time.Now()
	found := 0
	const rounds = 20
	for range rounds {
		for _, x := range all {
			if _, ok := book.Decide(x); ok {
				found++
			}
		}
	}
	alone := rounds * spoken / time.Since(begun).Seconds()
	if found != rounds*spoken/2 {
		b.Errorf("%d decided of %d", found, rounds*spoken)
	}
	m.close()
	b.ReportMetric(rate, "mentions/s")
	b.ReportMetric(alone, "decided/s")
	what := fmt.Sprintf("mentions a second, %d rules with %d words", bookRules, bookRules*ruleWords)
	r.put(e, what, "%.0f/s", rate)
	r.put(e, "  the rules alone", "%.0f/s", alone)
}

// close ends what never ran.
func (m *measured) close() {
	m.Helper()
	if err := m.app.DB.Close(); err != nil {
		m.Error(err)
	}
	m.hamlet.close()
}

func (m *measured) number(query string) (n int) {
	m.Helper()
	if err := m.app.DB.Pool().QueryRowContext(m.Context(), query).Scan(&n); err != nil {
		m.Fatal(err)
	}
	return n
}

// benchTray measures what /mentions reads among a million mentions, of which the oldest wait.
func benchTray(b *testing.B, e storage.Engine, r *results) {
	m := install(b, e, app.Off)
	begun := time.Now()
	m.million(e)
	filled := time.Since(begun)
	var took []time.Duration
	for range trays {
		for _, which := range []inbox.Which{inbox.All, inbox.Mine, inbox.Unclaimed, inbox.Late} {
			begun := time.Now()
			t, err := m.app.Inbox.Tray(m.Context(), m.by, "", which)
			if took = append(took, time.Since(begun)); err != nil || t.Free != inbox.Most || which != inbox.Mine && len(t.Mentions) == 0 {
				b.Fatalf("%s: %d free, %d shown, %v", which, t.Free, len(t.Mentions), err)
			}
		}
	}
	m.close()
	s := spreadOf(took)
	s.report(b, "tray-")
	b.ReportMetric(filled.Seconds(), "fill-s")
	r.put(e, "/mentions among 1 000 000, p50 / p99 / max", "%s", s)
	r.aim("/mentions among 1 000 000, p50 / p99 / max", "under 100 ms")
}

// million stores as many mentions, a second apart, straight into the table.
func (m *measured) million(e storage.Engine) {
	m.Helper()
	first := said(1)[0]
	first.ID, first.TeamID, first.BrandID, first.AccountID, first.Network = "men_0", m.by.TeamID, m.brand.ID, m.account.ID, m.account.Network
	first.HeardAt, first.State, first.Rev = first.SaidAt, social.IsDone, 1
	m.tx(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Hear(ctx, first)
		return err
	})
	at := `strftime('%Y-%m-%dT%H:%M:%S.000000Z', heard_at, '-' || i || ' seconds')`
	if e == storage.Postgres {
		at = `heard_at - i * INTERVAL '1 second'`
	}
	_, err := m.app.DB.Pool().ExecContext(m.Context(), fmt.Sprintf(`
INSERT INTO mentions (id, team_id, brand_id, account_id, network, key, remote, kind, author, handle, title, text, language, url, said_at, heard_at,
    state, late_at, rule_id, rule_name, channel, label, priority, muted, note, answer, suggesting, rev)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
SELECT 'men_' || i, team_id, brand_id, account_id, network, 'n' || i, remote, kind, author, handle, title, text, language, url, %[2]s, %[2]s,
    CASE WHEN i > %[3]d THEN 'new' ELSE 'done' END, CASE WHEN i > %[3]d THEN %[2]s END, rule_id, rule_name, channel, label, priority, muted, note, answer,
    suggesting, rev
FROM mentions, n
WHERE id = 'men_0'`, million-1, at, million*9/10))
	_, known := m.app.DB.Pool().ExecContext(m.Context(), `ANALYZE mentions`) // as autovacuum does, and as SQLite is told now and then
	if err := errors.Join(err, known); err != nil {
		m.Fatal(err)
	}
}

// benchArrival measures the way from the reading of a source to the card in the channel.
func benchArrival(b *testing.B, e storage.Engine, r *results) {
	m := install(b, e, app.On)
	m.ruled(bookRules, 1) // one for each, or the rush would be gathered
	v := m.passerby()
	var took []time.Duration
	m.run(func() {
		await(b, "the chat listens", m.app.Playgrounds[0].Ready)
		m.listens(m.app.Inbox)
		for i := range arrivals {
			v.tells(bookWord(i))
			begun := time.Now()
			m.listens(m.app.Inbox)
			m.appears(i + 1)
			took = append(took, time.Since(begun))
		}
	})
	s := spreadOf(took)
	s.report(b, "card-")
	r.put(e, "from the reading to the card, p50 / p99 / max", "%s", s)
	r.aim("from the reading to the card, p50 / p99 / max", "under 2 s")
}

// appears waits until n cards of mentions stand in the channel.
func (m *measured) appears(n int) {
	m.Helper()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for end := time.Now().Add(unreasonable); time.Now().Before(end); <-look.C {
		cards := 0
		for _, x := range m.app.Playgrounds[0].Messages("validations") {
			if x.Card != nil && strings.HasPrefix(x.Card.Subject, "men_") {
				cards++
			}
		}
		if cards == n {
			return
		}
	}
	m.Fatalf("never %d cards", n)
}

// passerby is a visitor of the practice network.
type passerby struct {
	*measured
	browser *http.Client
	page    string
	token   string
}

func (m *measured) passerby() *passerby {
	m.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		m.Fatal(err)
	}
	handle := strings.TrimPrefix(m.account.Handle, "@")
	v := &passerby{measured: m, browser: &http.Client{Jar: jar}, page: m.hamlet.web.URL + "/write/" + handle}
	r, err := v.browser.Get(m.hamlet.web.URL + "/@" + handle)
	if err != nil {
		m.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	token := tokenOfForm.FindSubmatch(body)
	if err != nil || token == nil {
		m.Fatalf("no form to write with: %v", err)
	}
	v.token = string(token[1])
	return v
}

// tells writes to the account.
func (v *passerby) tells(text string) {
	v.Helper()
	r, err := v.browser.PostForm(v.page, url.Values{"token": {v.token}, "text": {text}})
	if err != nil {
		v.Fatal(err)
	}
	if err := r.Body.Close(); err != nil || r.StatusCode != http.StatusOK {
		v.Fatalf("%s: %d, %v", text, r.StatusCode, err)
	}
}

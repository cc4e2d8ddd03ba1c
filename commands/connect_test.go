package commands_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/commands"
	"griot/fault"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

func TestConnectByForm(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		c := card(t, of(d.types(awa, "connecter")))
		f := form(t, of(d.presses(awa, chat.Event{Tag: button(t, c, "Toynet").Tag}, nil)))
		want := []chat.Input{
			{Name: "server", Label: "Server", Kind: chat.Line, Value: []string{"https://toy.example"}},
			{Name: "token", Label: "Token", Kind: chat.Secret, Required: true},
		}
		if diff := cmp.Diff(want, f.Inputs); diff != "" {
			t.Errorf("inputs (-want +got):\n%s", diff)
		}
		typed := chat.Values{"server": {"https://mine.example"}, "token": {wrongToken}}
		_, err := d.sends(awa, f, typed)
		refused(t, err, fault.Invalid, "token")
		refusal, _ := errors.AsType[*fault.Error](err)
		back := commands.Returned(f, typed, refusal, i18n.En)
		want[0].Value = []string{"https://mine.example"}
		want[1].Error = refusal.Say.In(i18n.En)
		if diff := cmp.Diff(want, back.Inputs); diff != "" {
			t.Errorf("returned (-want +got):\n%s", diff)
		}
		d.network.set(func(n *net) { n.away = true })
		_, err = d.sends(awa, f, typed)
		refused(t, err, fault.Invalid, "server")
		d.network.set(func(n *net) { n.away = false })

		c = card(t, of(d.sends(awa, f, chat.Values{"token": {rightToken}})))
		if diff := cmp.Diff([]string{"Brand: Maison", "It takes: text of up to 500 characters · up to 4 pictures"}, fields(c)); diff != "" || c.Title != "Toynet · @awa@toy.example is connected" {
			t.Errorf("%s\n%s", c.Title, diff)
		}
		_, err = d.types(awa, `connect facebook`)
		refused(t, err, fault.Invalid, "network")
		d.silent()
	})
}

// silent checks that no secret stands in an answer, in the log, or in the database.
func (d *desk) silent() {
	d.t.Helper()
	for _, secret := range []string{rightToken, wrongToken} {
		if strings.Contains(d.answers.String(), secret) || strings.Contains(d.log.String(), secret) {
			d.t.Errorf("%s stands in an answer or a log", secret)
		}
	}
}

func TestNoSecretIsStoredReadable(t *testing.T) {
	folder := t.TempDir()
	d := at(t, storagetest.Open(t, storage.Options{Folder: folder, Clock: clock}))
	awa := manager("Awa")
	d.services.ConnectLater = func(ctx context.Context, by social.Member, at chat.Place, sealed string) error {
		return d.db.InTx(ctx, func(tx *storage.Tx) error { return tx.AddSetting(ctx, "later", sealed) })
	}
	d.registry = commands.New(commands.All(d.services)...)
	d.begin(awa, "Maison")
	f := form(t, of(d.types(awa, "connect toy")))
	card(t, of(d.sends(awa, f, chat.Values{"token": {rightToken}})))
	d.network.set(func(n *net) { n.slow = true })
	card(t, of(d.sends(awa, f, chat.Values{"token": {wrongToken}})))
	found := 0
	err := filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		found += strings.Count(string(b), "@awa@toy.example")
		for _, secret := range []string{rightToken, wrongToken} {
			if strings.Contains(string(b), secret) {
				t.Errorf("%s stands in %s", secret, filepath.Base(path))
			}
		}
		return err
	})
	if err != nil || found == 0 {
		t.Errorf("what was stored was not looked at: %v", err)
	}
	d.silent()
}

func TestASlowNetworkIsConnectedLater(t *testing.T) {
	later := func(d *desk) {
		d.services.ConnectLater = func(_ context.Context, by social.Member, at chat.Place, sealed string) error {
			d.later = append(d.later, at.Channel+" "+by.Name, sealed)
			return nil
		}
	}
	each(t, later, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		f := form(t, of(d.types(awa, "connect toynet")))
		d.network.set(func(n *net) { n.slow = true })
		c := card(t, of(d.sends(awa, f, chat.Values{"token": {rightToken}})))
		if diff := cmp.Diff("Connecting to Toynet…", c.Title); diff != "" || len(d.later) != 2 || d.later[0] != "C1 Awa" {
			t.Fatal(diff, d.later)
		}
		by := d.call(chat.Event{Who: awa}, nil).By
		d.network.set(func(n *net) { n.slow, n.bad = false, true })
		c, err := d.services.Finish(t.Context(), by, d.later[1])
		if err != nil || c.Title != "The account could not be connected" {
			t.Errorf("%s %v", c.Title, err)
		}
		d.network.set(func(n *net) { n.bad = false })
		c, err = d.services.Finish(t.Context(), by, d.later[1])
		if err != nil || c.Title != "Toynet · @awa@toy.example is connected" {
			t.Errorf("%s %v", c.Title, err)
		}
		d.silent()
	})
}

func TestConnectByPageWhereThereIsAnAddress(t *testing.T) {
	public := func(d *desk) { d.services.BaseURL = "https://griot.example" }
	each(t, public, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		c := card(t, of(d.types(awa, "connect")))
		c = card(t, of(d.presses(awa, chat.Event{Tag: button(t, c, "Toynet").Tag}, nil)))
		url := button(t, c, "Open the page").URL
		code, ok := strings.CutPrefix(url, "https://griot.example/connect/toy/secret/")
		if !ok {
			t.Fatal(url)
		}
		page, err := d.services.Accounts.OpenSecretPage(t.Context(), code)
		if err != nil || page.Member.Name != "Awa" || page.Brand.Name != "Maison" {
			t.Errorf("%+v %v", page, err)
		}
	})
}

func TestOnlyAdminsConnect(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		d.begin(manager("Awa"), "Maison")
		code := word(card(t, of(d.types(manager("Awa"), "team invite roles:writer,approver"))))
		card(t, of(d.types(user("Bo"), "team join "+code)))
		for _, line := range []string{"connect", "connect toy"} {
			_, err := d.types(user("Bo"), line)
			refused(t, err, fault.Denied, "")
		}
		if d.network.tries != 0 {
			t.Error("the network was asked")
		}
	})
}

func TestAccountsAreCheckedReconnectedAndRemoved(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		c := card(t, of(d.types(awa, "comptes")))
		if diff := cmp.Diff([]string{"Connect an account"}, labels(c.Buttons)); diff != "" {
			t.Error(diff)
		}
		f := form(t, of(d.types(awa, "connect toy")))
		card(t, of(d.sends(awa, f, chat.Values{"token": {rightToken}})))
		c = card(t, of(d.types(awa, "accounts")))
		c = card(t, of(d.presses(awa, chat.Event{Tag: c.Selects[0].Tag}, chat.Values{"value": {c.Selects[0].Options[0].Value}})))
		if diff := cmp.Diff("Remove Toynet · @awa@toy.example? Nothing is scheduled there. What is live stays live.", button(t, c, "Remove").Confirm); diff != "" {
			t.Error(diff)
		}
		press := func(label string) (chat.Card, string) {
			a, err := d.presses(awa, chat.Event{Tag: button(t, c, label).Tag, Message: "m"}, nil)
			if err != nil {
				t.Fatal(err)
			}
			r := a.(chat.Refresh)
			return r.Card, said(r.Tell.Body)
		}
		c, told := press("Check now")
		if diff := cmp.Diff("Toynet · @awa@toy.example answers, and the sign-in is good.", told); diff != "" {
			t.Error(diff)
		}
		d.network.set(func(n *net) { n.away = true })
		if c, told = press("Check now"); !strings.Contains(told, "does not answer right now") {
			t.Error(told)
		}
		d.network.set(func(n *net) { n.away, n.bad = false, true })
		if c, told = press("Check now"); !strings.Contains(told, "Press “Connect again”") || fields(c)[1] != "State: to be connected again: nothing leaves there until then" {
			t.Error(told, fields(c))
		}
		d.network.set(func(n *net) { n.bad = false })
		f = form(t, of(d.presses(awa, chat.Event{Tag: button(t, c, "Connect again").Tag}, nil)))
		card(t, of(d.sends(awa, f, chat.Values{"token": {rightToken}})))
		if c, told = press("Remove"); !strings.Contains(told, "is removed") || fields(c)[1] != "State: removed" {
			t.Error(told, fields(c))
		}
		_, err := d.presses(awa, chat.Event{Tag: chat.Tag{Verb: "account.remove", Subject: c.Subject}}, nil)
		refused(t, err, fault.Conflict, "")
		d.silent()
	})
}

func TestRemovingSaysWhatStops(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		card(t, of(d.types(awa, "setup brand:Maison alone:yes")))
		f := form(t, of(d.types(awa, "connect toy")))
		card(t, of(d.sends(awa, f, chat.Values{"token": {rightToken}})))
		c := d.call(chat.Event{Who: awa}, nil)
		b, err := c.Brand(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		all, err := d.services.Accounts.List(t.Context(), c.By, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		at := clockAt.Add(48 * time.Hour)
		for range 2 {
			sheet, err := d.services.Publishing.Draft(t.Context(), c.By, b.ID, publishing.Content{Text: "Hello", Accounts: []string{all[0].ID},
				When: social.OnDate, Moment: social.Moment{At: at, Local: at.Format("2006-01-02T15:04"), Zone: b.Zone}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.services.Publishing.Move(t.Context(), c.By, sheet.Post.ID, sheet.Post.Rev, social.Approve, social.Change{}); err != nil {
				t.Fatal(err)
			}
		}
		shown := card(t, of(d.presses(awa, chat.Event{Tag: chat.Tag{Verb: "account.open"}}, chat.Values{"value": {all[0].ID}})))
		want := "Remove Toynet · @awa@toy.example? 2 scheduled posts will not leave there. What is live stays live."
		if diff := cmp.Diff(want, button(t, shown, "Remove").Confirm); diff != "" {
			t.Error(diff)
		}
	})
}

package conntest

import (
	"testing"
	"time"

	"griot/connectors"

	"github.com/google/go-cmp/cmp"
)

func text(t *testing.T, h *harness) {
	p := h.open(t).Publish
	d := draft("Bonjour l’été ! #griot https://example.com/a?b=c 👩‍👩‍👧")
	r := h.prepare(t, p, d)
	h.holds(t, d, 0)
	if n := h.Faults.Count(h.is(Visible)); n != 0 {
		t.Errorf("preparing made %d visible calls", n)
	}
	got, err := p.Send(within(t, patience), r)
	if err != nil {
		h.kind(t, err)
		t.Fatalf("send: %v", err)
	}
	got = h.live(t, p, got)
	items := h.holding(t, d)
	if len(items) != 1 || items[0].RemoteID != got.RemoteID {
		t.Fatalf("the network shows %+v, the receipt says %q", items, got.RemoteID)
	}
	if diff := cmp.Diff(d.Text, items[0].Text); diff != "" {
		t.Errorf("words (-sent +shown):\n%s", diff)
	}
	again, err := p.Check(within(t, patience), got)
	if err != nil || again.Pending || again.RemoteID != got.RemoteID {
		t.Errorf("check of a live item: %+v, %v", again, err)
	}
}

func pictures(t *testing.T, h *harness) {
	a := h.open(t)
	if a.Limits.Images == 0 {
		t.Log("this network takes no pictures")
		return
	}
	d := draft("Deux images")
	alts := []string{"Un champ de blé « mûr », avec \"guillemets\" et\ndeux lignes"}
	d.Media = []connectors.Media{picture(t, 10, alts[0])}
	if a.Limits.Images > 1 {
		alts = append(alts, "")
		d.Media = append(d.Media, picture(t, 200, ""))
		d.Media[1].Decorative = true
	}
	r := h.prepare(t, a.Publish, d)
	h.holds(t, d, 0)
	if _, err := a.Publish.Prepare(within(t, patience), d); err != nil {
		t.Errorf("preparing again: %v", err)
	}
	got, err := a.Publish.Send(within(t, patience), r)
	if err != nil {
		h.kind(t, err)
		t.Fatalf("send: %v", err)
	}
	got = h.live(t, a.Publish, got)
	items := h.holding(t, d)
	if len(items) != 1 {
		t.Fatalf("the network shows %+v", items)
	}
	if diff := cmp.Diff(alts, items[0].Alts); diff != "" {
		t.Errorf("descriptions (-sent +shown):\n%s", diff)
	}
	h.findsOne(t, r, got)
}

func thread(t *testing.T, h *harness) {
	a := h.open(t)
	if a.Limits.Parts < 3 {
		t.Logf("this network has threads of %d", a.Limits.Parts)
		return
	}
	var receipts []connectors.Receipt
	var requests []connectors.Request
	var parents []string
	for i, words := range []string{"Un", "Deux", "Trois"} {
		p := h.open(t).Publish // a restart between any two parts
		d := draft(words)
		want := ""
		if i > 0 {
			d.Root, d.ReplyTo = &receipts[0], &receipts[i-1]
			want = receipts[i-1].RemoteID
		}
		r, got := h.publish(t, p, d)
		items := h.holding(t, d)
		if len(items) != 1 {
			t.Fatalf("part %d: the network shows %+v", i+1, items)
		}
		requests, receipts, parents = append(requests, r), append(receipts, got), append(parents, want)
		if diff := cmp.Diff(parents[i], items[0].Parent); diff != "" {
			t.Errorf("part %d answers (-want +got):\n%s", i+1, diff)
		}
	}
	for i := range requests {
		h.findsOne(t, requests[i], receipts[i])
	}
}

func reply(t *testing.T, h *harness) {
	a := h.open(t)
	if a.Reply == nil {
		t.Log("this network has no replies")
		return
	}
	if h.Stranger == nil {
		t.Fatal("the account can reply, and the target has no stranger")
	}
	other := stored(t, h.Stranger(t))
	d := draft("Merci de votre message")
	d.ReplyTo = &other
	r, got := h.publish(t, a.Reply, d)
	items := h.holding(t, d)
	if len(items) != 1 || items[0].Parent != other.RemoteID {
		t.Errorf("the network shows %+v, want one answer to %s", items, other.RemoteID)
	}
	found, err := h.open(t).Reply.Find(within(t, patience), r)
	if err != nil {
		t.Fatalf("find: %v", err)
	}
	if diff := cmp.Diff([]connectors.Receipt{got}, found); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if err := a.Reply.Remove(within(t, patience), got); err != nil {
		t.Errorf("remove: %v", err)
	}
	h.holds(t, d, 0)
}

func repeat(t *testing.T, h *harness) {
	a := h.open(t)
	if a.Repeat.For == 0 {
		t.Log("this network says that a stored request is never sent again without a human: nothing to repeat")
		return
	}
	d := draft("Encore")
	r, got := h.publish(t, a.Publish, d)
	for range 2 {
		again, err := h.open(t).Publish.Send(within(t, patience), r)
		if err != nil {
			t.Fatalf("sending the same request again: %v", err)
		}
		if again = h.live(t, a.Publish, again); again.RemoteID != got.RemoteID {
			t.Errorf("the repeat made %q beside %q", again.RemoteID, got.RemoteID)
		}
	}
	h.holds(t, d, 1)
}

func remove(t *testing.T, h *harness) {
	p := h.open(t).Publish
	d := draft("Adieu")
	r, got := h.publish(t, p, d)
	h.Faults.On(h.is(Removing), Answer(503, `{"error":"x"}`), Always)
	h.want(t, p.Remove(within(t, patience), got), connectors.Temporary)
	h.holds(t, d, 1)
	h.Faults.Clear()
	h.Faults.On(h.is(Removing), HTML(404), Always) // a proxy's word, which says nothing of the item
	h.want(t, p.Remove(within(t, patience), got), connectors.Refused, connectors.Temporary)
	h.holds(t, d, 1)
	h.Faults.Clear()
	h.Faults.On(h.is(Removing), AcceptThen(Reset()), 1)
	h.want(t, p.Remove(within(t, patience), got), connectors.Temporary)
	for _, when := range []string{"first", "second"} {
		if err := h.open(t).Publish.Remove(within(t, patience), got); err != nil {
			t.Errorf("%s removal: %v", when, err)
		}
		h.holds(t, d, 0)
	}
	found, err := p.Find(within(t, patience), r)
	if err != nil || len(found) != 0 {
		t.Errorf("found after removal: %+v, %v", found, err)
	}
}

func metrics(t *testing.T, h *harness) {
	a := h.open(t)
	if a.Metrics == nil {
		t.Log("this network gives no numbers")
		return
	}
	p := a.Publish
	_, kept := h.publish(t, p, draft("Compté"))
	_, removed := h.publish(t, p, draft("Retiré"))
	if err := p.Remove(within(t, patience), removed); err != nil {
		t.Fatalf("remove: %v", err)
	}
	if h.Like != nil {
		h.Like(t, kept)
	}
	counts := h.counts(t, a, []connectors.Receipt{kept, removed}, func(c map[string]connectors.Counts) bool {
		_, there := c[removed.RemoteID] // a network's index forgets a moment later
		return !there && (h.Like == nil || c[kept.RemoteID][connectors.Likes] == 1)
	})
	if _, ok := counts[kept.RemoteID]; !ok {
		t.Errorf("no numbers for %s: %+v", kept.RemoteID, counts)
	}
	if _, ok := counts[removed.RemoteID]; ok {
		t.Errorf("numbers for an item that is gone: %+v", counts)
	}
	if all, err := a.Metrics.OfAccount(within(t, patience)); err != nil || len(all) == 0 {
		t.Errorf("numbers of the account: %+v, %v", all, err)
	}
	if none, err := a.Metrics.OfPosts(within(t, patience), nil); err != nil || len(none) != 0 {
		t.Errorf("numbers of nothing: %+v, %v", none, err)
	}
	h.Faults.On(h.is(Counting), HTML(200), Always)
	_, err := a.Metrics.OfPosts(within(t, patience), []connectors.Receipt{kept})
	h.want(t, err, connectors.Temporary)
}

// counts reads until enough says so: a real network's numbers come a moment later.
func (h *harness) counts(t *testing.T, a connectors.Account, of []connectors.Receipt, enough func(map[string]connectors.Counts) bool) map[string]connectors.Counts {
	t.Helper()
	ctx := within(t, patience)
	for {
		c, err := a.Metrics.OfPosts(ctx, of)
		if err != nil {
			h.kind(t, err)
			t.Fatalf("numbers: %v", err)
		}
		if enough(c) {
			return c
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			t.Errorf("the numbers never came: %+v", c)
			return c
		}
	}
}

package pretend_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/pretend"
	"griot/social"

	"github.com/google/go-cmp/cmp"
)

func TestMisdeeds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault    pretend.Fault
		kind     connectors.Kind // empty: a receipt
		accepted int
	}{
		{pretend.Fault{Do: pretend.Late, Wait: 20 * time.Millisecond}, "", 1},
		{pretend.Fault{Do: pretend.Refuse, Words: "Pas de publicité ici."}, connectors.Refused, 0},
		{pretend.Fault{Do: pretend.Limit, Wait: 90 * time.Second}, connectors.Limited, 0},
		{pretend.Fault{Do: pretend.FailBefore}, connectors.Unsure, 0},
		{pretend.Fault{Do: pretend.FailAfter, Status: 504}, connectors.Unsure, 1},
		{pretend.Fault{Do: pretend.CutBefore}, connectors.Unsure, 0},
		{pretend.Fault{Do: pretend.CutAfter}, connectors.Unsure, 1},
		{pretend.Fault{Do: pretend.Half}, connectors.Unsure, 1},
		{pretend.Fault{Do: pretend.Garble}, connectors.Unsure, 1},
		{pretend.Fault{Do: pretend.HTML}, connectors.Unsure, 0},
		{pretend.Fault{Do: pretend.Stall, Wait: 20 * time.Millisecond}, "", 1},
	} {
		t.Run(string(c.fault.Do), func(t *testing.T) {
			t.Parallel()
			s := village(t, pretend.Options{})
			a := open(t, serve(t, s), "Maison Lune")
			c.fault.Content = "Bonjour"
			s.Misbehave(c.fault)
			if _, err := a.Publish.Send(t.Context(), prepare(t, a, "Autre chose")); err != nil && c.fault.Do != pretend.Stall {
				t.Errorf("a fault for other words: %v", err)
			}
			_, err := a.Publish.Send(t.Context(), prepare(t, a, "Bonjour"))
			if (err != nil || c.kind != "") && connectors.KindOf(err) != c.kind {
				t.Errorf("kind %q, want %q: %v", connectors.KindOf(err), c.kind, err)
			}
			if e, ok := errors.AsType[*connectors.Error](err); ok && (c.fault.Words != "" && e.Words != c.fault.Words || e.After != afterOf(c.fault)) {
				t.Errorf("words %q after %v", e.Words, e.After)
			}
			if got := s.Accepted("Bonjour"); got != c.accepted {
				t.Errorf("%d accepted, want %d", got, c.accepted)
			}
			if _, err := a.Publish.Send(t.Context(), prepare(t, a, "Bonjour")); err != nil {
				t.Errorf("the fault was for one call: %v", err)
			}
		})
	}
}

func afterOf(f pretend.Fault) time.Duration {
	if f.Do == pretend.Limit {
		return f.Wait
	}
	return 0
}

// TestSilence: no answer ever comes, with and without the effect, until the client gives up.
func TestSilence(t *testing.T) {
	t.Parallel()
	for do, accepted := range map[pretend.Misdeed]int{pretend.Silence: 0, pretend.Mute: 1} {
		t.Run(string(do), func(t *testing.T) {
			t.Parallel()
			s := village(t, pretend.Options{})
			a := open(t, serve(t, s), "Maison Lune")
			s.Misbehave(pretend.Fault{Do: do, Times: pretend.Always})
			r := prepare(t, a, "Bonjour")
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			if _, err := a.Publish.Send(ctx, r); connectors.KindOf(err) != connectors.Unsure {
				t.Errorf("kind: %v", err)
			}
			s.Behave()
			found, err := a.Publish.Find(t.Context(), r)
			if err != nil || len(found) != accepted {
				t.Errorf("found %+v, %v, want %d", found, err, accepted)
			}
		})
	}
}

// TestCutDuring: the line is cut first, and the post is there afterwards.
func TestCutDuring(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	a := open(t, serve(t, s), "Maison Lune")
	s.Misbehave(pretend.Fault{Do: pretend.CutDuring, Wait: time.Millisecond})
	h := s.Hold(pretend.Point{Call: pretend.PostCall, Step: pretend.Accepted})
	if _, err := a.Publish.Send(t.Context(), prepare(t, a, "Bonjour")); connectors.KindOf(err) != connectors.Unsure {
		t.Errorf("kind: %v", err)
	}
	wait(t, h.Reached())
	if s.Accepted("Bonjour") != 1 {
		t.Error("not accepted after the line was cut")
	}
	h.Release()
}

func TestProcessingThenLiveForEver(t *testing.T) {
	t.Parallel()
	clock := &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	s := village(t, pretend.Options{Now: clock.Now})
	a := open(t, serve(t, s), "Maison Lune")
	s.Misbehave(pretend.Fault{Do: pretend.Processing, Wait: time.Minute})
	r := prepare(t, a, "Une vidéo")
	r.Armed = clock.Now()
	got, err := a.Publish.Send(t.Context(), r)
	if err != nil || !got.Pending || got.Again != time.Minute {
		t.Fatalf("receipt %+v, %v, want pending for a minute", got, err)
	}
	if found, err := a.Publish.Find(t.Context(), r); err != nil || cmp.Diff([]connectors.Receipt{got}, found) != "" {
		t.Errorf("found %+v, %v while processing", found, err)
	}
	if s.Live("Une vidéo") != 0 {
		t.Error("shown while it is processed")
	}
	clock.Add(time.Minute)
	live, err := a.Publish.Check(t.Context(), got)
	if err != nil || live.Pending || live.RemoteID != got.RemoteID || s.Live("Une vidéo") != 1 {
		t.Errorf("after a minute: %+v, %v", live, err)
	}
	if again, err := a.Publish.Check(t.Context(), live); err != nil || again != live {
		t.Errorf("once live: %+v, %v", again, err)
	}
}

func TestStaleListing(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	a := open(t, serve(t, s), "Maison Lune")
	r := prepare(t, a, "Bonjour")
	if _, err := a.Publish.Send(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	s.Misbehave(pretend.Fault{Do: pretend.Stale, Wait: time.Hour})
	for _, want := range []int{0, 1} {
		if found, err := a.Publish.Find(t.Context(), r); err != nil || len(found) != want {
			t.Errorf("found %+v, %v, want %d", found, err, want)
		}
	}
}

// TestFindGoesBackSeveralPages, and no further than a minute before the first try.
func TestFindGoesBackSeveralPages(t *testing.T) {
	t.Parallel()
	for _, keys := range []pretend.Keys{pretend.Honoured, pretend.Ignored} {
		t.Run(string(keys), func(t *testing.T) {
			t.Parallel()
			clock := &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
			s := village(t, pretend.Options{Now: clock.Now, Keys: keys})
			a := open(t, serve(t, s), "Maison Lune")
			r := prepare(t, a, "Bonjour")
			r.Armed = clock.Now()
			want, err := a.Publish.Send(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 100 { // at the same instant: pages go by id
				if _, err := a.Publish.Send(t.Context(), prepare(t, a, fmt.Sprint("Autre ", i))); err != nil {
					t.Fatal(err)
				}
			}
			found, err := a.Publish.Find(t.Context(), r)
			if diff := cmp.Diff([]connectors.Receipt{want}, found); err != nil || diff != "" {
				t.Errorf("found (-want +got):\n%s%v", diff, err)
			}
			r.Armed = clock.Now().Add(time.Hour)
			if found, err := a.Publish.Find(t.Context(), r); err != nil || len(found) != 0 {
				t.Errorf("found %+v, %v an hour before the first try", found, err)
			}
		})
	}
}

func TestUploadThatStallsOrFailsMakesNothing(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	a := open(t, serve(t, s), "Maison Lune")
	d := connectors.Draft{Key: "k", Text: "Une image", Media: []connectors.Media{onePixel(t)}}
	s.Misbehave(pretend.Fault{Do: pretend.Stall, Call: pretend.MediaCall, Wait: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := a.Publish.Prepare(ctx, d); connectors.KindOf(err) != connectors.Temporary {
		t.Errorf("stalled: %v", err)
	}
	s.Misbehave(pretend.Fault{Do: pretend.CutAfter, Call: pretend.MediaCall})
	if _, err := a.Publish.Prepare(t.Context(), d); connectors.KindOf(err) != connectors.Temporary {
		t.Errorf("cut: %v", err)
	}
	if _, err := a.Publish.Prepare(t.Context(), d); err != nil || s.Accepted("Une image") != 0 {
		t.Errorf("third try: %v", err)
	}
}

func TestRevokedTokenMustSignInAgain(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	base := serve(t, s)
	a := open(t, base, "Maison Lune")
	if err := s.Revoke("maison-lune"); err != nil {
		t.Fatal(err)
	}
	if err := a.Probe(t.Context()); connectors.KindOf(err) != connectors.SignIn {
		t.Errorf("probe: %v", err)
	}
	r, err := a.Publish.Prepare(t.Context(), connectors.Draft{Key: "k", Text: "Bonjour"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Publish.Send(t.Context(), r); connectors.KindOf(err) != connectors.SignIn {
		t.Errorf("send: %v", err)
	}
	again, other := open(t, base, "Maison Lune"), open(t, base, "Maison Lune")
	if again.RemoteID != a.RemoteID || again.Probe(t.Context()) != nil {
		t.Errorf("connected again as %s, was %s", again.RemoteID, a.RemoteID)
	}
	if other.Handle != "@maison-lune-2" || other.RemoteID == a.RemoteID {
		t.Errorf("a second account of this name is %s", other.Handle)
	}
}

func TestFaultsOverTheWireOnlyWhenAllowed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		allowed bool
		body    string
		status  int
	}{
		{false, `{"do":"cut_after"}`, http.StatusNotFound},
		{true, `{"do":"cut_after","content":"Bonjour"}`, http.StatusNoContent},
		{true, `{"do":"dance"}`, http.StatusBadRequest},
		{true, `{"do":"late","until":3}`, http.StatusBadRequest},
	} {
		s := village(t, pretend.Options{Faults: c.allowed})
		base := serve(t, s)
		res, err := http.Post(base+"/_faults", "application/json", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", c.body, res.StatusCode, c.status)
		}
		a := open(t, base, "Maison Lune")
		_, err = a.Publish.Send(t.Context(), prepare(t, a, "Bonjour"))
		if (err != nil) != (c.status == http.StatusNoContent) {
			t.Errorf("%s: send says %v", c.body, err)
		}
	}
}

// onePixel is the smallest picture.
func onePixel(t *testing.T) connectors.Media {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	return connectors.Media{
		Media: social.Media{Name: "a.png", Type: "image/png", Size: int64(b.Len()), Alt: "Un point <noir> & rond"},
		Open:  func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil },
	}
}

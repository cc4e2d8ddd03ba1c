package bluesky_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/i18n"
	"griot/social"
)

// keeper keeps facts as Griot's storage does.
type keeper struct{ facts map[string]string }

func (k *keeper) credential(secrets map[string]string) connectors.Credential {
	return connectors.Credential{Secrets: secrets, Facts: k.facts, Save: func(_ context.Context, f map[string]string) error {
		k.facts = f
		return nil
	}}
}

func (p person) open() connectors.Account {
	p.t.Helper()
	a, err := newConnector(p.t, time.Now, p.net.PDS)().Open(p.t.Context(), new(keeper).credential(secrets(p.net.PDS, p.handle, p.app)))
	if err != nil {
		p.t.Fatal(err)
	}
	return a
}

func draft(text string) connectors.Draft {
	return connectors.Draft{Key: strings.ToLower(rand.Text()), At: time.Now(), Locale: i18n.Fr, Text: text}
}

func publish(t *testing.T, p connectors.Publisher, d connectors.Draft) (connectors.Request, connectors.Receipt) {
	t.Helper()
	req, err := p.Prepare(t.Context(), d)
	if err != nil {
		t.Fatalf("prepare: %v", err)
	}
	req.Armed = time.Now()
	got, err := p.Send(t.Context(), req)
	if err != nil {
		t.Fatalf("send: %v", err)
	}
	return req, got
}

func picture(t *testing.T, alt string) connectors.Media {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 160, 90))); err != nil {
		t.Fatal(err)
	}
	return connectors.Media{
		Media: social.Media{Name: "gris.png", Type: "image/png", Size: int64(b.Len()), Width: 160, Height: 90, Alt: alt},
		Open:  func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil },
	}
}

package mastodon

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"griot/connectors"
	"griot/connectors/rest"
)

// processing is how long a picture may be worked on before Prepare gives up; preparing again is harmless.
const processing = 2 * time.Minute

// attachment is the API's MediaAttachment, as far as it is read.
type attachment struct {
	ID  string `json:"id"`
	URL string `json:"url"` // empty while it is worked on
}

// upload returns the id of a picture that can be attached.
func (p publisher) upload(ctx context.Context, m connectors.Media) (string, error) {
	var fields []rest.Field
	if m.Alt != "" {
		fields = append(fields, rest.Field{Name: "description", Value: m.Alt})
	}
	form, err := rest.Multipart(rest.File{Field: "file", Name: m.Name, Type: m.Type, Size: m.Size, Open: m.Open}, fields...)
	if err != nil {
		return "", err
	}
	call := rest.Call{Method: http.MethodPost, Path: "/api/v2/media", Body: form}
	at, a, err := fetch[attachment](ctx, p.client, call)
	if absent(err) {
		call.Path = "/api/v1/media"
		at, a, err = fetch[attachment](ctx, p.client, call)
	}
	if err != nil {
		return "", err
	}
	if at.ID == "" {
		return "", a.Unreadable("a picture without an id")
	}
	if a.Status == http.StatusOK && at.URL != "" {
		return at.ID, nil
	}
	return at.ID, p.ready(ctx, at.ID)
}

// ready waits until the server has worked on a picture.
func (p publisher) ready(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, processing)
	defer cancel()
	tick := time.NewTicker(p.poll)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return &connectors.Error{Kind: connectors.Temporary, Network: network, Err: errors.Join(errInWork, ctx.Err())}
		}
		_, a, err := fetch[attachment](ctx, p.client, rest.Call{Path: "/api/v1/media/" + url.PathEscape(id)})
		if err != nil || a.Status == http.StatusOK {
			return err
		}
	}
}

var errInWork = errors.New("the server is still working on a picture")

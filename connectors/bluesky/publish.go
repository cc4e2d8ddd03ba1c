package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"

	"griot/connectors"
	"griot/connectors/rest"
)

// Send puts the stored record at its stored key. Any 200 means that it stands there, made now or by an earlier try.
//
// InvalidSwap means that another record stands at the key. It can hardly be a stranger: the key is our own millisecond with twenty bits
// of our own hash. More likely an earlier try of this part arrived with other bytes, or somebody has edited the post since. So it
// is Unsure, not Refused: something may be live, and Find tells what.
func (p publisher) Send(ctx context.Context, r connectors.Request) (connectors.Receipt, error) {
	var body put
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
		return connectors.Receipt{}, refused("the stored call cannot be read")
	}
	call := procedure("com.atproto.repo.putRecord", []byte(r.Body))
	call.Effect = rest.Visible
	a, err := p.s.once(ctx, p.s.current(), call)
	if err != nil {
		return connectors.Receipt{}, judge(a, err)
	}
	made, err := rest.Decode[ref](a)
	if err != nil {
		return connectors.Receipt{}, err
	}
	if made.URI != body.uri() || made.CID == "" {
		return connectors.Receipt{}, a.Unreadable("another record than the one that was sent")
	}
	return receipt(made), nil
}

func receipt(r ref) connectors.Receipt {
	at, _ := parse(r.URI) // ours, or checked by who read it
	return connectors.Receipt{RemoteID: r.URI, Ref: r.CID, URL: postURL(at)}
}

// Check has nothing to ask: what the server took is live.
func (publisher) Check(_ context.Context, r connectors.Receipt) (connectors.Receipt, error) {
	r.Pending, r.Again = false, 0
	return r, nil
}

// stored is a record as the server gives it back.
type stored struct {
	URI   string `json:"uri"`
	CID   string `json:"cid"`
	Value struct {
		Reply *reply `json:"reply"`
	} `json:"value"`
	raw json.RawMessage // the record
}

// get reads a record; found is false when nothing stands there.
func (p publisher) get(ctx context.Context, at place) (got stored, found bool, err error) {
	a, err := p.s.do(ctx, query("com.atproto.repo.getRecord", url.Values{
		"repo": {at.Repo}, "collection": {at.Collection}, "rkey": {at.Key},
	}))
	if err != nil {
		if code(a) == "RecordNotFound" {
			return stored{}, false, nil
		}
		return stored{}, false, err
	}
	if got, err = rest.Decode[stored](a); err != nil {
		return stored{}, false, err
	}
	whole, err := rest.Decode[struct {
		Value json.RawMessage `json:"value"`
	}](a)
	got.raw = whole.Value
	if _, ok := parse(got.URI); err == nil && (!ok || got.CID == "" || len(got.raw) == 0) {
		err = a.Unreadable("a record without its address or its content")
	}
	return got, err == nil, err
}

// Find reads the key of the stored request. It fails with Unsure when a record stands there that is not the stored one: then a person must look.
func (p publisher) Find(ctx context.Context, r connectors.Request) ([]connectors.Receipt, error) {
	var body put
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
		return nil, refused("the stored call cannot be read")
	}
	got, found, err := p.get(ctx, place{body.Repo, body.Collection, body.Key})
	if err != nil || !found {
		return nil, err
	}
	same, err := alike(body.Record, got.raw)
	if err != nil {
		return nil, fmt.Errorf("compare records: %w", err)
	}
	if !same {
		return nil, &connectors.Error{Kind: connectors.Unsure, Network: network, Err: errors.New("another text stands where this post would be")}
	}
	return []connectors.Receipt{receipt(ref{got.URI, got.CID})}, nil
}

// alike compares two records whatever the order of their fields.
func alike(a, b json.RawMessage) (bool, error) {
	var x, y map[string]any
	if err := json.Unmarshal(a, &x); err != nil {
		return false, err
	}
	if err := json.Unmarshal(b, &y); err != nil {
		return false, err
	}
	return reflect.DeepEqual(x, y), nil
}

// Remove deletes the record, also when it was edited since. The server says yes to a second time.
func (p publisher) Remove(ctx context.Context, r connectors.Receipt) error {
	at, ok := parse(r.RemoteID)
	if !ok || at.Repo != p.s.current().DID {
		return refused("%q is not a post of this account", r.RemoteID)
	}
	body, err := json.Marshal(map[string]string{"repo": at.Repo, "collection": at.Collection, "rkey": at.Key})
	if err != nil {
		return fmt.Errorf("write the deletion: %w", err)
	}
	_, err = p.s.do(ctx, procedure("com.atproto.repo.deleteRecord", body))
	return err
}

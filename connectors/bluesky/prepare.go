package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"griot/connectors"
	"griot/connectors/rest"
	"griot/social"

	"golang.org/x/text/unicode/norm"
)

// publisher makes posts and answers of one account.
type publisher struct{ s *session }

// Prepare uploads the pictures, finds whom the text mentions, and fixes the record and its key. It always asks the server
// something with the token that Send will use, so that a token which is no longer good is renewed here.
func (p publisher) Prepare(ctx context.Context, d connectors.Draft) (connectors.Request, error) {
	if err := fits(d); err != nil {
		return connectors.Request{}, err
	}
	if len(d.Media) == 0 { // an upload asks with the token too
		if err := p.s.probe(ctx); err != nil {
			return connectors.Request{}, err
		}
	}
	rec := record{Type: collection, Text: norm.NFC.String(d.Text), CreatedAt: stamp(d.At)}
	if d.Locale != "" {
		rec.Langs = []string{string(d.Locale)}
	}
	var err error
	if rec.Reply, err = p.reply(ctx, d); err != nil {
		return connectors.Request{}, err
	}
	if rec.Facets, err = p.facets(ctx, rec.Text); err != nil {
		return connectors.Request{}, err
	}
	if rec.Embed, err = p.images(ctx, d.Media); err != nil {
		return connectors.Request{}, err
	}
	raw, err := json.Marshal(rec)
	if err != nil {
		return connectors.Request{}, fmt.Errorf("write the record: %w", err)
	}
	body, err := json.Marshal(put{Repo: p.s.current().DID, Collection: collection, Key: recordKey(d.At, d.Key), Record: raw})
	if err != nil {
		return connectors.Request{}, fmt.Errorf("write the call: %w", err)
	}
	return connectors.Request{Key: d.Key, Body: string(body)}, nil
}

// fits refuses before any upload what the server would refuse at the very end.
func fits(d connectors.Draft) error {
	text := norm.NFC.String(d.Text)
	if n := usual.Count(text); n > usual.Length {
		return refused("%d characters, %d at most", n, usual.Length)
	}
	if len(text) > usual.Bytes {
		return refused("%d bytes of text, %d at most", len(text), usual.Bytes)
	}
	if len(d.Media) > usual.Images {
		return refused("%d pictures, %d at most", len(d.Media), usual.Images)
	}
	for _, m := range d.Media {
		if m.Size > usual.ImageBytes {
			return refused("a picture of %d bytes, %d at most", m.Size, usual.ImageBytes)
		}
	}
	return nil
}

func refused(why string, args ...any) error {
	return &connectors.Error{Kind: connectors.Refused, Network: network, Err: fmt.Errorf(why, args...)}
}

// facets marks links, hashtags, and mentions of accounts that exist. Others stay plain text.
func (p publisher) facets(ctx context.Context, text string) ([]facet, error) {
	var out []facet
	known := map[string]string{}
	for _, s := range spans(text) {
		did := ""
		if s.Feature == mention {
			var asked bool
			if did, asked = known[s.Value]; !asked {
				var err error
				if did, err = p.resolve(ctx, s.Value); err != nil {
					return nil, err
				}
				known[s.Value] = did
			}
			if did == "" {
				continue
			}
		}
		out = append(out, facet{index{s.Start, s.End}, []mark{s.mark(did)}})
	}
	return out, nil
}

// resolve is the id behind a handle, empty when nobody has it.
func (p publisher) resolve(ctx context.Context, handle string) (string, error) {
	a, err := p.s.do(ctx, query("com.atproto.identity.resolveHandle", url.Values{"handle": {handle}}))
	if err != nil {
		if connectors.KindOf(err) == connectors.Refused {
			return "", nil
		}
		return "", err
	}
	found, err := rest.Decode[struct {
		DID string `json:"did"`
	}](a)
	if err == nil && found.DID == "" {
		err = a.Unreadable("a handle without its account")
	}
	return found.DID, err
}

// images uploads each picture. The server keeps one copy of the same bytes, and forgets it when no post uses it.
func (p publisher) images(ctx context.Context, media []connectors.Media) (*images, error) {
	if len(media) == 0 {
		return nil, nil
	}
	embed := &images{Type: "app.bsky.embed.images"}
	for _, m := range media {
		blob, err := p.upload(ctx, m)
		if err != nil {
			return nil, err
		}
		embed.Images = append(embed.Images, image{Alt: norm.NFC.String(m.Alt), Image: blob, Ratio: ratioOf(m.Media)})
	}
	return embed, nil
}

func (p publisher) upload(ctx context.Context, m connectors.Media) (json.RawMessage, error) {
	a, err := p.s.do(ctx, rest.Call{
		Method: http.MethodPost, Path: path("com.atproto.repo.uploadBlob"), Body: rest.Stream(m.Type, m.Size, m.Open),
	})
	if err != nil {
		return nil, err
	}
	up, err := rest.Decode[struct {
		Blob json.RawMessage `json:"blob"`
	}](a)
	if err == nil && (len(up.Blob) == 0 || string(up.Blob) == "null") {
		err = a.Unreadable("an upload without its blob")
	}
	return up.Blob, err
}

func ratioOf(m social.Media) *ratio {
	if m.Width <= 0 || m.Height <= 0 {
		return nil
	}
	return &ratio{m.Width, m.Height}
}

// reply says where d stands in a conversation, nil when it begins one.
func (p publisher) reply(ctx context.Context, d connectors.Draft) (*reply, error) {
	if d.ReplyTo == nil {
		return nil, nil
	}
	if d.Root != nil && d.Root.Ref != "" && d.ReplyTo.Ref != "" {
		return &reply{Root: ref{d.Root.RemoteID, d.Root.Ref}, Parent: ref{d.ReplyTo.RemoteID, d.ReplyTo.Ref}}, nil
	}
	parent, err := p.answered(ctx, *d.ReplyTo)
	if err != nil {
		return nil, err
	}
	here := ref{parent.URI, parent.CID}
	if parent.Value.Reply != nil { // in the middle of a conversation: its beginning is named there
		return &reply{Root: parent.Value.Reply.Root, Parent: here}, nil
	}
	return &reply{Root: here, Parent: here}, nil
}

// answered reads the post that is answered.
func (p publisher) answered(ctx context.Context, r connectors.Receipt) (stored, error) {
	at, ok := parse(r.RemoteID)
	if !ok {
		return stored{}, refused("%q is not a post of Bluesky", r.RemoteID)
	}
	got, found, err := p.get(ctx, at)
	switch {
	case err != nil:
		return stored{}, err
	case !found:
		return stored{}, &connectors.Error{Kind: connectors.Refused, Network: network, Err: errors.New("the post that is answered is gone")}
	}
	return got, nil
}

package blueskytest

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"

	"griot/social"
)

// record is a post with every field that Griot may write, and no other.
type record struct {
	Type      string   `json:"$type"`
	Text      string   `json:"text"`
	CreatedAt string   `json:"createdAt"`
	Langs     []string `json:"langs"`
	Facets    []struct {
		Index struct {
			Start *int `json:"byteStart"`
			End   *int `json:"byteEnd"`
		} `json:"index"`
		Features []map[string]string `json:"features"`
	} `json:"facets"`
	Reply *struct {
		Root   ref `json:"root"`
		Parent ref `json:"parent"`
	} `json:"reply"`
	Embed *struct {
		Type   string  `json:"$type"`
		Images []image `json:"images"`
	} `json:"embed"`
}

type ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

type image struct {
	Alt   *string `json:"alt"`
	Image struct {
		Type string            `json:"$type"`
		Ref  map[string]string `json:"ref"`
		Mime string            `json:"mimeType"`
		Size int               `json:"size"`
	} `json:"image"`
	Ratio *struct {
		Width  int `json:"width"`
		Height int `json:"height"`
	} `json:"aspectRatio"`
}

var (
	tid     = regexp.MustCompile(`^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$`)
	instant = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$`)
)

// checkRecord refuses in the words of the reference server.
func (s *Server) checkRecord(in putInput) *refusal {
	bad := func(what string, args ...any) *refusal {
		return no(400, "InvalidRequest", "Invalid "+collection+" record: "+what, args...)
	}
	var rec record
	d := json.NewDecoder(bytes.NewReader(in.Record))
	d.DisallowUnknownFields()
	if err := d.Decode(&rec); err != nil {
		return bad("%v", err)
	}
	switch {
	case in.Collection != collection || rec.Type != collection:
		return bad("type %q in %q", rec.Type, in.Collection)
	case !tid.MatchString(in.Key):
		return no(400, "InvalidRequest", "Invalid TID string")
	case social.Graphemes.Count(rec.Text) > 300:
		return bad("Record/text must not be longer than 300 graphemes (grapheme too big)")
	case len(rec.Text) > 3000:
		return bad("Record/text must not be longer than 3000 characters (string too big)")
	case !instant.MatchString(rec.CreatedAt):
		return bad("Record/createdAt must be an valid datetime")
	case len(rec.Langs) > 3:
		return bad("Record/langs must not have more than 3 elements")
	}
	if what := badFacets(rec); what != "" {
		return bad("%s", what)
	}
	if what := s.badReply(rec); what != "" {
		return bad("%s", what)
	}
	return s.checkImages(rec)
}

// badFacets is stricter than the reference server, which takes marks that overlap or cut a character and lets apps stumble.
func badFacets(rec record) string {
	last := 0
	for _, f := range rec.Facets {
		if f.Index.Start == nil || f.Index.End == nil || len(f.Features) != 1 {
			return "facet without index or feature"
		}
		from, to := *f.Index.Start, *f.Index.End
		if from < last || to <= from || to > len(rec.Text) || !utf8.ValidString(rec.Text[from:to]) {
			return "facet out of place"
		}
		last = to
		m := f.Features[0]
		kind, ok := strings.CutPrefix(m["$type"], "app.bsky.richtext.facet#")
		field := map[string]string{"link": "uri", "mention": "did", "tag": "tag"}[kind]
		if !ok || field == "" || m[field] == "" || len(m) != 2 || kind == "mention" && !strings.HasPrefix(m["did"], "did:") {
			return "feature that is none"
		}
	}
	return ""
}

func (s *Server) badReply(rec record) string {
	if rec.Reply == nil {
		return ""
	}
	for _, r := range []ref{rec.Reply.Root, rec.Reply.Parent} {
		if p, ok := s.records[r.URI]; !ok || p.cid != r.CID {
			return "reply to what is not there: " + r.URI
		}
	}
	return ""
}

func (s *Server) checkImages(rec record) *refusal {
	if rec.Embed == nil {
		return nil
	}
	if rec.Embed.Type != "app.bsky.embed.images" || len(rec.Embed.Images) == 0 || len(rec.Embed.Images) > 4 {
		return no(400, "InvalidRequest", "Record/embed/images must have 1 to 4 elements")
	}
	for _, i := range rec.Embed.Images {
		b, ok := s.blobs[i.Image.Ref["$link"]]
		switch {
		case i.Alt == nil:
			return no(400, "InvalidRequest", `Record/embed/images must have the property "alt"`)
		case i.Ratio != nil && (i.Ratio.Width < 1 || i.Ratio.Height < 1):
			return no(400, "InvalidRequest", "Record/embed/images/aspectRatio can not be less than 1")
		case !ok || i.Image.Type != "blob" || b.mime != i.Image.Mime || b.size != i.Image.Size:
			return no(400, "BlobNotFound", "Could not find blob: %s", i.Image.Ref["$link"])
		case !strings.HasPrefix(b.mime, "image/"):
			return no(400, "InvalidMimeType", "Wrong mimetype: %s", b.mime)
		case b.size > 2_000_000:
			return no(400, "BlobTooLarge", "This file is too large. It is %d bytes", b.size)
		}
	}
	return nil
}

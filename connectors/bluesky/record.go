package bluesky

import (
	"encoding/json"
	"strings"
	"time"
)

// collection holds the posts of an account.
const collection = "app.bsky.feed.post"

// record is a post as it is stored for ever. Source: lexicon app.bsky.feed.post.
type record struct {
	Type      string   `json:"$type"`
	Text      string   `json:"text"`
	CreatedAt string   `json:"createdAt"`
	Langs     []string `json:"langs,omitempty"`
	Facets    []facet  `json:"facets,omitempty"`
	Reply     *reply   `json:"reply,omitempty"`
	Embed     *images  `json:"embed,omitempty"`
}

type facet struct {
	Index    index  `json:"index"`
	Features []mark `json:"features"`
}

// index counts bytes of the text.
type index struct {
	Start int `json:"byteStart"`
	End   int `json:"byteEnd"`
}

// mark is one of three; the others' fields are left out.
type mark struct {
	Type string `json:"$type"`
	URI  string `json:"uri,omitempty"`
	DID  string `json:"did,omitempty"`
	Tag  string `json:"tag,omitempty"`
}

// mark is how the lexicon writes s; did is whom a mention names.
func (s span) mark(did string) mark {
	m := mark{Type: "app.bsky.richtext.facet#" + string(s.Feature)}
	switch s.Feature {
	case link:
		m.URI = s.Value
	case tag:
		m.Tag = s.Value
	case mention:
		m.DID = did
	}
	return m
}

type reply struct {
	Root   ref `json:"root"`
	Parent ref `json:"parent"`
}

// ref names a record and its very content.
type ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

type images struct {
	Type   string  `json:"$type"`
	Images []image `json:"images"`
}

type image struct {
	Alt   string          `json:"alt"`
	Image json.RawMessage `json:"image"` // the blob as the server gave it
	Ratio *ratio          `json:"aspectRatio,omitempty"`
}

type ratio struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// put is the body of com.atproto.repo.putRecord. Swap is always null: only where nothing stands. Left out it would mean
// "whatever stands there".
type put struct {
	Repo       string          `json:"repo"`
	Collection string          `json:"collection"`
	Key        string          `json:"rkey"`
	Record     json.RawMessage `json:"record"`
	Swap       *string         `json:"swapRecord"`
}

// uri is where the record will stand.
func (p put) uri() string { return "at://" + p.Repo + "/" + p.Collection + "/" + p.Key }

// stamp is a time as records write it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// place is an at:// address taken apart.
type place struct{ Repo, Collection, Key string }

// parse reads "at://did/collection/key" and reports whether it is one.
func parse(uri string) (place, bool) {
	parts := strings.Split(strings.TrimPrefix(uri, "at://"), "/")
	if !strings.HasPrefix(uri, "at://did:") || len(parts) != 3 || parts[1] == "" || parts[2] == "" {
		return place{}, false
	}
	return place{parts[0], parts[1], parts[2]}, true
}

// Pages are on Bluesky's own site, which shows accounts of every server.
const site = "https://bsky.app/profile/"

func profileURL(name string) string { return site + name }

// postURL names the account by its id, so that the address outlives a change of handle.
func postURL(p place) string { return site + p.Repo + "/post/" + p.Key }

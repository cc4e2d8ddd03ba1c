package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"griot/connectors"
	"griot/connectors/rest"
	"griot/i18n"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// maxBytes is the longest feed that is read.
const maxBytes = 5 << 20

// accepted says what Griot reads. Some servers choose between a page and a feed by it.
const accepted = "application/feed+json, application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"

// document is a feed as it was read.
type document struct {
	feed     *gofeed.Feed // nil: it did not change
	tag      string       // ETag
	modified string       // Last-Modified
	rest     time.Duration
}

var (
	errPage = i18n.Text{
		En: "This address is a web page, not a feed. Its feed is at %s: use that address.",
		Fr: "Cette adresse est une page web, pas un flux. Son flux se trouve à l’adresse %s\u202f: utilisez celle-là.",
	}
	errNoFeed = i18n.Text{
		En: "There is no feed at this address: RSS, Atom or JSON Feed. Look for the feed’s address on the site, often at the bottom of the page or behind the word RSS.",
		Fr: "Il n’y a pas de flux RSS, Atom ou JSON Feed à cette adresse. Cherchez celle du flux sur le site, souvent en bas de page ou derrière le mot RSS.",
	}
)

// read asks for the feed, unless it is as it was.
func (s source) read(ctx context.Context, was reading) (document, error) {
	h := http.Header{"Accept": {accepted}}
	if was.Tag != "" {
		h.Set("If-None-Match", was.Tag)
	}
	if was.Modified != "" {
		h.Set("If-Modified-Since", was.Modified)
	}
	a, err := s.client.Do(ctx, rest.Call{Path: s.at, Header: h})
	if a.Status == http.StatusNotModified && (was.Tag != "" || was.Modified != "") {
		return document{tag: was.Tag, modified: was.Modified}, nil
	}
	if err != nil {
		return document{}, err
	}
	feed, err := parse(a)
	if err != nil {
		return document{}, s.noFeed(a, err)
	}
	return document{feed: feed, tag: a.Header.Get("ETag"), modified: a.Header.Get("Last-Modified"), rest: pause(a.Body)}, nil
}

// parse reads the bytes of a feed in whatever format and letters it comes.
func parse(a rest.Answer) (*gofeed.Feed, error) {
	body := letters(a)
	if gofeed.DetectFeedType(bytes.NewReader(body)) == gofeed.FeedTypeJSON {
		// Any JSON object would do for the library.
		var head struct {
			Version string            `json:"version"`
			Items   []json.RawMessage `json:"items"`
		}
		if json.Unmarshal(body, &head) != nil || !strings.Contains(head.Version, "jsonfeed.org") || head.Items == nil {
			return nil, errors.New("JSON that is no feed")
		}
	}
	return gofeed.NewParser().Parse(bytes.NewReader(body))
}

var (
	declared = regexp.MustCompile(`^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']+)["'][^>]*\?>`)
	prolog   = regexp.MustCompile(`^\s*<\?xml[^>]*\?>`)
)

// letters is a feed in UTF-8. The library reads what the XML says of itself; the rest is for feeds that say nothing, say it in
// the answer's head only, or say UTF-8 and are something else.
func letters(a rest.Answer) []byte {
	body := bytes.TrimPrefix(a.Body, []byte("\xef\xbb\xbf"))
	says := ""
	if m := declared.FindSubmatch(body[:min(len(body), 1024)]); m != nil {
		says = strings.ToLower(string(m[1]))
	}
	if says != "" && says != "utf-8" || utf8.Valid(body) {
		return body
	}
	_, params, _ := mime.ParseMediaType(a.Header.Get("Content-Type")) // one that cannot be read says nothing
	enc, name := charset.Lookup(params["charset"])
	if enc == nil || name == "utf-8" {
		enc, _ = charset.Lookup("windows-1252") // what is not UTF-8 and says nothing is old and western
	}
	plain, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return prolog.ReplaceAll(plain, nil)
}

// noFeed says where the feed of a page is.
func (s source) noFeed(a rest.Answer, cause error) error {
	e := &connectors.Error{Kind: connectors.Refused, Network: ID, Status: a.Status, Err: cause, Tell: errNoFeed}
	if t, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type")); t == "text/html" || t == "application/xhtml+xml" {
		if at := absolute(s.at, alternate(a.Body)); at != "" {
			e.Tell = errPage.With(at)
		}
	}
	return e
}

// feedTypes are the types of <link> that lead to a feed.
var feedTypes = []string{"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"}

// alternate is the first feed that a page names; empty: none.
func alternate(page []byte) string {
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data == "body" {
				return ""
			}
			if t.Data != "link" {
				continue
			}
			of := map[string]string{}
			for _, x := range t.Attr {
				of[x.Key] = strings.TrimSpace(x.Val)
			}
			for _, f := range feedTypes {
				if strings.EqualFold(of["type"], f) && strings.Contains(" "+strings.ToLower(of["rel"])+" ", " alternate ") {
					return of["href"]
				}
			}
		}
	}
}

// How long a feed is left alone. The usual pause keeps articles fresh without weight on anybody: most readings are a 304.
const (
	usually = 5 * time.Minute
	longest = time.Hour
)

var ttl = regexp.MustCompile(`<ttl>\s*(\d{1,6})\s*</ttl>`)

// pause is how long the feed asks to be left alone, within limits: RSS says it in minutes.
func pause(body []byte) time.Duration {
	m := ttl.FindSubmatch(body[:min(len(body), 64<<10)])
	if m == nil {
		return usually
	}
	minutes, _ := strconv.Atoi(string(m[1])) // up to six figures
	return min(max(time.Duration(minutes)*time.Minute, usually), longest)
}

package blueskytest

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const collection = "app.bsky.feed.post"

// maxBlob is the longest upload. Measured: 5 MiB.
const maxBlob = 5 << 20

// uploadBlob takes anything; what a record may hold is judged with the record.
func (s *Server) uploadBlob(r *http.Request) (any, *refusal) {
	if r.ContentLength < 0 {
		return nil, no(411, "InvalidRequest", "the length is missing")
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, maxBlob+1))
	if err != nil {
		return nil, no(400, "InvalidRequest", "the upload was cut")
	}
	if len(b) > maxBlob {
		return nil, no(413, "PayloadTooLarge", "request entity too large")
	}
	sum := sha256.Sum256(b)
	cid := "bafkrei" + hex.EncodeToString(sum[:])
	s.blobs[cid] = blob{r.Header.Get("Content-Type"), len(b)}
	return map[string]any{"blob": map[string]any{
		"$type": "blob", "ref": map[string]string{"$link": cid}, "mimeType": r.Header.Get("Content-Type"), "size": len(b),
	}}, nil
}

type putInput struct {
	Repo       string          `json:"repo"`
	Collection string          `json:"collection"`
	Key        string          `json:"rkey"`
	Record     json.RawMessage `json:"record"`
	Swap       json.RawMessage `json:"swapRecord"`
}

func (s *Server) putRecord(r *http.Request) (any, *refusal) {
	var in putInput
	if refused := read(r, &in); refused != nil {
		return nil, refused
	}
	switch {
	case in.Repo != s.account.did:
		return nil, no(401, "AuthenticationRequired", "Invalid repo")
	case !bytes.Equal(in.Swap, []byte("null")):
		return nil, no(400, "InvalidRequest", "swapRecord must be null here: without it a post would be overwritten")
	}
	if refused := s.checkRecord(in); refused != nil {
		return nil, refused
	}
	uri, cid := "at://"+in.Repo+"/"+in.Collection+"/"+in.Key, cidOf(in.Record)
	there, exists := s.records[uri]
	switch {
	case exists && there.cid != cid:
		return nil, no(400, "InvalidSwap", "Record was at %s", there.cid)
	case exists:
		return map[string]any{"uri": uri, "cid": cid, "validationStatus": "valid"}, nil
	}
	s.records[uri] = post{s.now(), cid, in.Record}
	s.events++
	return map[string]any{
		"uri": uri, "cid": cid, "validationStatus": "valid", "commit": map[string]string{"cid": "bafyreicommit", "rev": in.Key},
	}, nil
}

func (s *Server) getRecord(r *http.Request) (any, *refusal) {
	q := r.URL.Query()
	uri := "at://" + q.Get("repo") + "/" + q.Get("collection") + "/" + q.Get("rkey")
	p, ok := s.records[uri]
	if !ok {
		return nil, no(400, "RecordNotFound", "Could not locate record: %s", uri)
	}
	return map[string]any{"uri": uri, "cid": p.cid, "value": p.record}, nil
}

// listRecords gives the newest first, by their keys.
func (s *Server) listRecords(r *http.Request) (any, *refusal) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(cmp.Or(q.Get("limit"), "50"))
	if err != nil || limit < 1 || limit > 100 {
		return nil, no(400, "InvalidRequest", "Error: limit can not be greater than 100")
	}
	if q.Get("repo") != s.account.did {
		return nil, no(400, "InvalidRequest", "Could not find repo: %s", q.Get("repo"))
	}
	inside := "at://" + q.Get("repo") + "/" + q.Get("collection") + "/"
	list := []map[string]any{}
	for _, uri := range slices.Backward(slices.Sorted(maps.Keys(s.records))) {
		if strings.HasPrefix(uri, inside) && len(list) < limit {
			list = append(list, map[string]any{"uri": uri, "cid": s.records[uri].cid, "value": s.records[uri].record})
		}
	}
	return map[string]any{"records": list}, nil
}

func (s *Server) deleteRecord(r *http.Request) (any, *refusal) {
	var in struct{ Repo, Collection, Rkey string }
	if refused := read(r, &in); refused != nil {
		return nil, refused
	}
	if in.Repo != s.account.did {
		return nil, no(401, "AuthenticationRequired", "Invalid repo")
	}
	uri := "at://" + in.Repo + "/" + in.Collection + "/" + in.Rkey
	if _, ok := s.records[uri]; !ok {
		return map[string]any{}, nil
	}
	delete(s.records, uri)
	s.events++
	return map[string]any{"commit": map[string]string{"cid": "bafyreicommit", "rev": in.Rkey}}, nil
}

func (s *Server) getPosts(r *http.Request) (any, *refusal) {
	uris := r.URL.Query()["uris"]
	if len(uris) == 0 || len(uris) > 25 {
		return nil, no(400, "InvalidRequest", "Error: Params must have 1 to 25 uris")
	}
	posts := []map[string]any{}
	for _, uri := range uris {
		if p, ok := s.records[uri]; ok {
			posts = append(posts, map[string]any{
				"uri": uri, "cid": p.cid, "likeCount": s.likes[uri], "repostCount": 0, "replyCount": s.answers(uri), "quoteCount": 0,
			})
		}
	}
	return map[string]any{"posts": posts}, nil
}

func (s *Server) answers(uri string) int {
	n := 0
	for _, p := range s.records {
		var rec record
		if json.Unmarshal(p.record, &rec) == nil && rec.Reply != nil && rec.Reply.Parent.URI == uri {
			n++
		}
	}
	return n
}

func (s *Server) getProfile(r *http.Request) (any, *refusal) {
	if r.URL.Query().Get("actor") != s.account.did {
		return nil, no(400, "InvalidRequest", "Profile not found")
	}
	n := 0
	for uri := range s.records {
		if owner(uri) == s.account.did {
			n++
		}
	}
	return map[string]any{"did": s.account.did, "handle": s.account.handle, "followersCount": 3, "followsCount": 2, "postsCount": n}, nil
}

func owner(uri string) string {
	did, _, _ := strings.Cut(strings.TrimPrefix(uri, "at://"), "/")
	return did
}

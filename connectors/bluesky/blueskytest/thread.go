package blueskytest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

// getPostThread is a post with the answers below it, as deep as was asked.
func (s *Server) getPostThread(r *http.Request) (any, *refusal) {
	q := r.URL.Query()
	depth, err := strconv.Atoi(cmp.Or(q.Get("depth"), "6"))
	if err != nil || depth < 0 || depth > 1000 {
		return nil, no(400, "InvalidRequest", "Error: depth can not be greater than 1000")
	}
	if h, err := strconv.Atoi(cmp.Or(q.Get("parentHeight"), "80")); err != nil || h < 0 || h > 1000 {
		return nil, no(400, "InvalidRequest", "Error: parentHeight can not be greater than 1000")
	}
	if _, ok := s.records[q.Get("uri")]; !ok {
		return nil, no(400, "NotFound", "Post not found: %s", q.Get("uri"))
	}
	return map[string]any{"thread": s.thread(q.Get("uri"), depth)}, nil
}

func (s *Server) thread(uri string, depth int) map[string]any {
	p := s.records[uri]
	out := map[string]any{"$type": "app.bsky.feed.defs#threadViewPost", "post": map[string]any{
		"uri": uri, "cid": p.cid, "record": p.record, "author": map[string]string{"did": owner(uri)},
		"indexedAt": p.at.UTC().Format("2006-01-02T15:04:05.000Z"),
	}}
	if depth == 0 {
		return out
	}
	below := []any{}
	for _, answer := range s.below(uri) {
		if s.blind && owner(answer) == s.account.did {
			continue
		}
		below = append(below, s.thread(answer, depth-1))
	}
	out["replies"] = below
	return out
}

// below are the addresses of the answers to a post, oldest first.
func (s *Server) below(uri string) []string {
	var out []string
	for at, p := range s.records {
		var rec record
		if json.Unmarshal(p.record, &rec) == nil && rec.Reply != nil && rec.Reply.Parent.URI == uri {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(s.records[a].at.Compare(s.records[b].at), cmp.Compare(a, b)) })
	return out
}

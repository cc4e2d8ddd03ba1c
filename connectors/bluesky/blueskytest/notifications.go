package blueskytest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// notice is why a post is told to the account.
type notice struct {
	uri, reason string
	at          time.Time
}

// reasons are those that a client may ask for and that this server knows.
var reasons = []string{"mention", "reply", "quote", "like", "follow", "repost"}

// listNotifications gives the newest first, and the cursor of what is older while there may be more.
func (s *Server) listNotifications(r *http.Request) (any, *refusal) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(cmp.Or(q.Get("limit"), "50"))
	if err != nil || limit < 1 || limit > 100 {
		return nil, no(400, "InvalidRequest", "Error: limit can not be greater than 100")
	}
	for _, asked := range q["reasons"] {
		if !slices.Contains(reasons, asked) {
			return nil, no(400, "InvalidRequest", "Error: reasons must be known here: %s", asked)
		}
	}
	from, err := strconv.Atoi(cmp.Or(q.Get("cursor"), "0"))
	if err != nil {
		return nil, no(400, "InvalidRequest", "Malformed cursor")
	}
	all := s.notices(q["reasons"])
	out := map[string]any{"seenAt": s.now().UTC().Format(time.RFC3339)}
	list := []map[string]any{}
	for _, n := range all[min(from, len(all)):min(from+limit, len(all))] {
		list = append(list, map[string]any{
			"uri": n.uri, "cid": s.records[n.uri].cid, "reason": n.reason, "record": s.records[n.uri].record, "isRead": false,
			"indexedAt": n.at.UTC().Format("2006-01-02T15:04:05.000Z"),
			"author":    map[string]string{"did": Bob, "handle": "bob.test", "displayName": "Bob"},
		})
	}
	if out["notifications"] = list; len(list) == limit {
		out["cursor"] = strconv.Itoa(from + limit)
	}
	return out, nil
}

// notices are what others said to the account, newest first.
func (s *Server) notices(asked []string) []notice {
	var out []notice
	for uri, p := range s.records {
		why := s.reason(p.record)
		if owner(uri) != s.account.did && why != "" && (len(asked) == 0 || slices.Contains(asked, why)) {
			out = append(out, notice{uri, why, p.at})
		}
	}
	slices.SortFunc(out, func(a, b notice) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.uri, a.uri)) })
	return out
}

// reason is why a post of somebody else's is told to the account; empty: it is not.
func (s *Server) reason(raw json.RawMessage) string {
	var rec struct {
		Facets []struct{ Features []struct{ DID string } }
		Reply  struct{ Parent struct{ URI string } }
		Embed  struct{ Record struct{ URI string } }
	}
	if json.Unmarshal(raw, &rec) != nil {
		return ""
	}
	switch {
	case owner(rec.Reply.Parent.URI) == s.account.did:
		return "reply"
	case owner(rec.Embed.Record.URI) == s.account.did:
		return "quote"
	}
	for _, f := range rec.Facets {
		if len(f.Features) == 1 && f.Features[0].DID == s.account.did {
			return "mention"
		}
	}
	return ""
}

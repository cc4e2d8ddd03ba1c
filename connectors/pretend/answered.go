package pretend

import (
	"context"
	"net/http"
	"net/url"

	"griot/connectors/rest"
	"griot/social"
)

// apiAnswers gives the account's own replies to a post that everybody can see, oldest first, not those further down.
func apiAnswers(x *exchange) func() reply {
	return func() reply {
		x.s.mu.RLock()
		defer x.s.mu.RUnlock()
		me, no := x.member()
		if no != nil {
			return *no
		}
		now := x.s.opt.Now()
		p := x.s.town.posts[x.r.PathValue("id")]
		if p == nil || !p.visible(now) {
			return noPost()
		}
		out := postsJSON{Posts: []postJSON{}}
		for _, r := range p.answers(now) {
			if r.by == me && len(out.Posts) < maxListed {
				out.Posts = append(out.Posts, x.postJSON(r, me, now))
			}
		}
		return reply{status: http.StatusOK, body: out}
	}
}

// answered is connectors.Account.Answered.
func answered(client *rest.Client) func(context.Context, social.Remote) (string, error) {
	return func(ctx context.Context, to social.Remote) (string, error) {
		got, answer, err := rest.Fetch[postsJSON](ctx, client, rest.Call{Path: "/api/posts/" + url.PathEscape(to.ID) + "/answers"})
		switch {
		case err != nil:
			return "", err
		case got.Posts == nil:
			return "", answer.Unreadable("no list of answers")
		case len(got.Posts) == 0:
			return "", nil
		case got.Posts[0].URL == "":
			return "", answer.Unreadable("an answer without its address")
		}
		return got.Posts[0].URL, nil
	}
}

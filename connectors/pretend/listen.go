package pretend

import (
	"cmp"
	"context"
	"net/url"
	"strconv"

	"griot/connectors"
	"griot/connectors/markup"
	"griot/connectors/rest"
	"griot/social"
)

// listener reads what visitors and other accounts say to one account.
type listener struct{ client *rest.Client }

// passerBy names a visitor who gave no name.
const passerBy = "visiteur"

// Since reads on in the village's own order.
func (l listener) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	q := url.Values{"limit": {strconv.Itoa(maxListed)}}
	if cursor != "" {
		q.Set("after", cursor)
	}
	got, answer, err := rest.Fetch[mentionsJSON](ctx, l.client, rest.Call{Path: "/api/mentions", Query: q})
	if err != nil {
		return connectors.Heard{}, err
	}
	if got.Mentions == nil || got.Cursor == "" {
		return connectors.Heard{}, answer.Unreadable("no list of mentions")
	}
	out := connectors.Heard{Cursor: got.Cursor, More: got.More}
	for _, m := range got.Mentions {
		if m.ID == "" {
			return connectors.Heard{}, answer.Unreadable("a mention without its id")
		}
		out.Mentions = append(out.Mentions, m.social())
	}
	return out, nil
}

func (m mentionJSON) social() social.Mention {
	out := social.Mention{
		Key: m.ID, Remote: social.Remote{ID: m.ID, Root: m.Root}, Kind: social.Named,
		Text: markup.Clean(m.Text), URL: m.URL, SaidAt: m.At,
		Author: social.Author{Handle: cmp.Or(markup.Line(m.Author.Name), passerBy)},
	}
	if m.Kind == kindReply {
		out.Kind = social.Replied
	}
	if m.Author.Handle != "" {
		out.Author = social.Author{Name: markup.Line(m.Author.Name), Handle: "@" + m.Author.Handle, URL: m.Author.URL}
	}
	return out
}

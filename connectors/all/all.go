// Package all lists every network. It is the table of contents: one line each.
package all

import (
	"time"

	"griot/connectors"
	"griot/connectors/bluesky"
	"griot/connectors/feed"
	"griot/connectors/mastodon"
	"griot/connectors/pretend"
	"griot/connectors/rest"
)

// Connectors are the networks, by their id. Village is the base URL of the pretend network.
func Connectors(guard *rest.Guard, now func() time.Time, village string) map[string]connectors.Connector {
	out := map[string]connectors.Connector{}
	for _, c := range []connectors.Connector{
		mastodon.New(guard),
		bluesky.New(guard, now),
		pretend.New(village, guard),
		feed.New(guard, now),
	} {
		out[c.Info().ID] = c
	}
	return out
}

package slackbot

import (
	"encoding/json"

	"github.com/slack-go/slack"
)

// view is a modal or a home tab as it comes back with what was typed in it.
type view struct{ slack.View }

// UnmarshalJSON reads a view. Blocks that cannot be read are left out: what Slack makes of them must not get in the way of
// what was typed.
func (v *view) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &v.View) == nil {
		return nil
	}
	var all map[string]json.RawMessage
	var blocks []json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	if err := json.Unmarshal(all["blocks"], &blocks); err != nil {
		return err
	}
	delete(all, "blocks")
	rest, err := json.Marshal(all)
	if err != nil {
		return err
	}
	v.View = slack.View{}
	if err := json.Unmarshal(rest, &v.View); err != nil {
		return err
	}
	for _, raw := range blocks {
		var one slack.Blocks
		if json.Unmarshal(append(append([]byte{'['}, raw...), ']'), &one) == nil {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, one.BlockSet...)
		}
	}
	return nil
}

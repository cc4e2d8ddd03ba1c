package rest_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/rest"
)

// TestClassify is the table of what an outcome means: platforms' documented answers, and the rule that doubt is doubt.
func TestClassify(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	forbidden := fmt.Errorf("dial: %w", rest.ErrForbidden)
	for _, c := range []struct {
		status        int
		reach         rest.Reach
		err           error
		safe, visible connectors.Kind // empty: a yes
	}{
		{status: 200},
		{status: 204},
		{status: 299},
		{status: 200, err: broken, safe: connectors.Temporary, visible: connectors.Unsure},
		{status: 301, safe: connectors.Refused, visible: connectors.Refused},
		{status: 307, safe: connectors.Refused, visible: connectors.Refused},
		{status: 400, safe: connectors.Refused, visible: connectors.Refused},
		{status: 401, safe: connectors.SignIn, visible: connectors.SignIn},
		{status: 403, safe: connectors.Refused, visible: connectors.Refused},
		{status: 404, safe: connectors.Refused, visible: connectors.Refused},
		{status: 408, safe: connectors.Temporary, visible: connectors.Unsure},
		{status: 409, safe: connectors.Refused, visible: connectors.Refused},
		{status: 413, safe: connectors.Refused, visible: connectors.Refused},
		{status: 422, safe: connectors.Refused, visible: connectors.Refused},
		{status: 425, safe: connectors.Temporary, visible: connectors.Unsure},
		{status: 429, safe: connectors.Limited, visible: connectors.Limited},
		{status: 500, safe: connectors.Temporary, visible: connectors.Unsure},
		{status: 503, safe: connectors.Temporary, visible: connectors.Unsure},
		{status: 599, safe: connectors.Temporary, visible: connectors.Unsure},
		{reach: rest.Unsent, err: broken, safe: connectors.Temporary, visible: connectors.Temporary},
		{reach: rest.MaybeSent, err: broken, safe: connectors.Temporary, visible: connectors.Unsure},
		{reach: rest.Unsent, err: forbidden, safe: connectors.Refused, visible: connectors.Refused},
		{err: broken, safe: connectors.Temporary, visible: connectors.Unsure}, // nobody said how far it came
	} {
		for effect, want := range map[rest.Effect]connectors.Kind{rest.Safe: c.safe, rest.Visible: c.visible} {
			got := rest.Classify(rest.Outcome{Network: "n", Effect: effect, Reach: c.reach, Status: c.status, After: time.Second, Err: c.err})
			if got == nil {
				if want != "" {
					t.Errorf("%d %s %s: a yes, want %s", c.status, c.reach, effect, want)
				}
				continue
			}
			if got.Kind != want {
				t.Errorf("%d %s %s: %s, want %q", c.status, c.reach, effect, got.Kind, want)
			}
			if (got.After != 0) != (got.Kind == connectors.Limited) {
				t.Errorf("%d: a wait of %v with %s", c.status, got.After, got.Kind)
			}
		}
	}
}

package slackbot

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"griot/chat"
)

// What Slack's error codes mean for a card. Source: the method reference of chat.postMessage, chat.update, chat.postEphemeral
// and conversations.*, read 2026-08.
var (
	goneCodes    = []string{"message_not_found", "channel_not_found", "is_archived", "is_inactive", "thread_not_found", "cant_update_message", "edit_window_closed", "user_not_found", "cannot_dm_bot", "user_disabled"}
	outsideCodes = []string{"not_in_channel", "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "no_permission", "team_access_not_granted", "user_not_in_channel"}
	revokedCodes = []string{"token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired", "app_uninstalled"}
	endedCodes   = []string{"token_revoked", "account_inactive", "app_uninstalled"}
	closedCodes  = []string{"channel_not_found", "is_archived", "is_inactive"}                   // of a channel, not of what stands in it
	lostCodes    = []string{"file_not_found", "file_deleted", "file_not_visible", "not_visible"} // a file that Griot may not read
	lateCodes    = []string{"expired_trigger_id", "exchanged_trigger_id", "trigger_expired"}     // of opening a window
	slowCodes    = []string{"rate_limited", "ratelimited"}
	spentCode    = "invalid_refresh_token" // of a refresh token that renews nothing any more
	uglyCodes    = []string{"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "block_mismatch", "invalid_slack_file"}
)

// codeOf is Slack's word for what went wrong; empty for what is not Slack's.
func codeOf(err error) string {
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return e.Err
	}
	return ""
}

func is(err error, codes []string) bool { return slices.Contains(codes, codeOf(err)) }

func revoked(err error) bool { return is(err, revokedCodes) }

func ends(err error) bool { return is(err, endedCodes) }

// ugly reports whether Slack does not take the look of a message.
func ugly(err error) bool { return is(err, uglyCodes) }

// closed is err, unless the channel itself takes nothing any more, or Griot no longer sees it: what it showed there is not gone.
func closed(err error) error {
	if is(err, closedCodes) {
		return fmt.Errorf("%w: %s", chat.ErrOutside, codeOf(err))
	}
	return err
}

// mended is err in chat's words. Channel is the only one that a limit is about; empty: the workspace's.
func mended(err error, channel string) error {
	if slow, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return &chat.Wait{After: slow.RetryAfter, Channel: channel}
	}
	switch {
	case err == nil:
		return nil
	case is(err, slowCodes):
		return &chat.Wait{After: time.Second, Channel: channel}
	case is(err, goneCodes):
		return errors.Join(chat.ErrGone, err)
	case is(err, outsideCodes):
		return errors.Join(chat.ErrOutside, err)
	case revoked(err):
		return errors.Join(chat.ErrRemoved, err)
	}
	return err
}

package discordbot

import (
	"errors"
	"slices"

	"griot/chat"
)

// What Discord's error codes mean for a card. Source: docs.discord.com, topics/opcodes-and-status-codes, JSON error codes, read
// 2026-11.
var (
	goneCodes    = []int{10003, 10008, 10013}                      // unknown channel, message, user
	outsideCodes = []int{50001, 50013, 50007, 50278, 50083, 50024} // no access, no permission, no conversation with somebody, an archived thread, a channel of another kind
	uglyCodes    = []int{50035, 40005}                             // a form that is not taken, files that are too large
	lateCodes    = []int{10062, 10015, 50027, 40060}               // an interaction that is over, or answered already
)

const (
	unknownChannel = 10003
	unknownGuild   = 10004
	unknownWebhook = 10015 // of an interaction: it was not answered yet
	missingAccess  = 50001
	archived       = 50083
)

func codeOf(err error) int {
	if e, ok := errors.AsType[*apiError](err); ok {
		return e.Code
	}
	return 0
}

func is(err error, codes []int) bool { return slices.Contains(codes, codeOf(err)) }

// mended is err in chat's words.
func mended(err error) error {
	switch {
	case err == nil, errors.Is(err, chat.ErrRemoved), errors.Is(err, chat.ErrOutside):
		return err
	case is(err, goneCodes):
		return errors.Join(chat.ErrGone, err)
	case is(err, outsideCodes):
		return errors.Join(chat.ErrOutside, err)
	case codeOf(err) == unknownGuild:
		return errors.Join(chat.ErrRemoved, err)
	}
	return err
}

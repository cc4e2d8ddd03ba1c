package discordtest

import (
	"fmt"
	"strings"
)

// refusal is how a call is refused: the HTTP status, Discord's own code and sentence, and what is wrong where.
type refusal struct {
	status, code int
	message      string
	wrong        []wrong
	after        string // seconds to wait, of a 429
}

// wrong is one thing that is wrong in a body, at a path like "components.0.label".
type wrong struct{ at, code, told string }

// The refusals. Source: docs.discord.com/developers/topics/opcodes-and-status-codes, read 2026-11.
var (
	unauthorized     = &refusal{status: 401, message: "401: Unauthorized"}
	noRoute          = &refusal{status: 404, message: "404: Not Found"}
	unknownChannel   = &refusal{status: 404, code: 10003, message: "Unknown Channel"}
	unknownGuild     = &refusal{status: 404, code: 10004, message: "Unknown Guild"}
	unknownMember    = &refusal{status: 404, code: 10007, message: "Unknown Member"}
	unknownMessage   = &refusal{status: 404, code: 10008, message: "Unknown Message"}
	unknownWebhook   = &refusal{status: 404, code: 10015, message: "Unknown Webhook"}
	unknownTalk      = &refusal{status: 404, code: 10062, message: "Unknown interaction"}
	entityTooLarge   = &refusal{status: 413, code: 40005, message: "Request entity too large"}
	alreadyAnswered  = &refusal{status: 400, code: 40060, message: "Interaction has already been acknowledged."}
	missingAccess    = &refusal{status: 403, code: 50001, message: "Missing Access"}
	notTheAuthor     = &refusal{status: 403, code: 50005, message: "Cannot edit a message authored by another user"}
	emptyMessage     = &refusal{status: 400, code: 50006, message: "Cannot send an empty message"}
	cannotDirect     = &refusal{status: 403, code: 50007, message: "Cannot send messages to this user"}
	notATextChannel  = &refusal{status: 400, code: 50008, message: "Cannot send messages in a non-text channel"}
	missingRights    = &refusal{status: 403, code: 50013, message: "Missing Permissions"}
	badChannelKind   = &refusal{status: 400, code: 50024, message: "Cannot execute action on this channel type"}
	badWebhookToken  = &refusal{status: 401, code: 50027, message: "Invalid Webhook Token"}
	badRecipient     = &refusal{status: 400, code: 50033, message: "Invalid Recipient(s)"}
	threadIsArchived = &refusal{status: 400, code: 50083, message: "Thread is archived"}
	badJSON          = &refusal{status: 400, code: 50109, message: "The request body contains invalid JSON."}
	threadExists     = &refusal{status: 400, code: 160004, message: "A thread has already been created for this message"}
)

// told is the refusal in words.
func (r *refusal) told() []string {
	all := []string{r.message}
	for _, w := range r.wrong {
		all = append(all, w.at+": "+w.told)
	}
	return all
}

// json is the body of the refusal.
func (r *refusal) json() Object {
	o := Object{"message": r.message, "code": r.code}
	if len(r.wrong) == 0 {
		return o
	}
	errors := Object{}
	for _, w := range r.wrong {
		here := errors
		for k := range strings.SplitSeq(w.at, ".") {
			if k == "" {
				continue
			}
			next, ok := here[k].(Object)
			if !ok {
				next = Object{}
				here[k] = next
			}
			here = next
		}
		all, _ := here["_errors"].([]any)
		here["_errors"] = append(all, Object{"code": w.code, "message": w.told})
	}
	o["errors"] = errors
	return o
}

// judge collects what is wrong with a body, in the form of Discord's own answers, and what Discord would ignore in it.
type judge struct {
	wrong   []wrong
	broken  []wrong // by Discord's description, which says it in worse words than ours: told when there are none of ours
	ignored []string
}

// no notes what is wrong at a path.
func (j *judge) no(at, code, format string, args ...any) {
	j.wrong = append(j.wrong, wrong{at, code, fmt.Sprintf(format, args...)})
}

// length wants a text of so many characters at a key of an object.
func (j *judge) length(o Object, at, key string, least, most int) {
	v, there := o[key]
	if !there || v == nil {
		if least > 0 {
			j.no(under(at, key), "BASE_TYPE_REQUIRED", "This field is required")
		}
		return
	}
	text, ok := v.(string)
	switch n := runes(text); {
	case !ok:
		j.no(under(at, key), "STRING_TYPE_CONVERT", "Could not interpret as string.")
	case n < least || n > most:
		j.no(under(at, key), "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	}
}

// within wants a whole number at a key of an object, when there is one.
func (j *judge) within(o Object, at, key string, least, most int64) {
	v, there := o[key]
	if !there || v == nil {
		return
	}
	if n, ok := number(v); !ok || n < least || n > most {
		j.no(under(at, key), "NUMBER_TYPE_BETWEEN", "int value should be between %d and %d.", least, most)
	}
}

// refusal is what follows from what was noted; nil when nothing is wrong.
func (j *judge) refusal() *refusal {
	all := j.wrong
	if len(all) == 0 {
		all = j.broken
	}
	if len(all) == 0 {
		return nil
	}
	return &refusal{status: 400, code: 50035, message: "Invalid Form Body", wrong: all}
}

// invalid is a body with one thing wrong.
func invalid(at, code, told string) *refusal {
	j := &judge{}
	j.no(at, code, "%s", told)
	return j.refusal()
}

// under is the path of a key below a path.
func under(at string, key any) string { return strings.TrimPrefix(fmt.Sprint(at, ".", key), ".") }

// runes is the length of a text in Discord's sense.
func runes(text string) int { return len([]rune(text)) }

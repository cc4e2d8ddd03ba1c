package slacktest

import "math"

// style is how a part of rich text looks.
var style = fields(map[string]check{
	"bold": flagged, "italic": flagged, "strike": flagged, "code": flagged, "underline": flagged,
	"highlight": flagged, "client_highlight": flagged, "unlink": flagged,
}).check

// inlineKinds are the parts of a line of rich text. Source: docs.slack.dev, rich text section element, read 2026-11; the kinds that
// only Slack's own products write are left out.
var inlineKinds = map[string]shape{
	"text":      fields(map[string]check{"!text": length(1, 12000), "style": style}),
	"link":      fields(map[string]check{"!url": link(3000), "text": length(0, 12000), "unsafe": flagged, "style": style}),
	"user":      fields(map[string]check{"!user_id": length(1, 255), "style": style}),
	"channel":   fields(map[string]check{"!channel_id": length(1, 255), "style": style}),
	"usergroup": fields(map[string]check{"!usergroup_id": length(1, 255), "style": style}),
	"team":      fields(map[string]check{"!team_id": length(1, 255), "style": style}),
	"emoji":     fields(map[string]check{"!name": length(1, 255), "unicode": length(1, 255), "skin_tone": between(1, 6), "url": link(3000), "style": style}),
	"broadcast": fields(map[string]check{"!range": word("here", "channel", "everyone"), "style": style}),
	"color":     fields(map[string]check{"!value": length(1, 255), "style": style}),
	"date": fields(map[string]check{
		"!timestamp": between(0, math.MaxInt64), "!format": length(1, 255), "url": link(3000), "fallback": length(1, 255), "style": style,
	}),
}

// line is a row of parts.
var line = fields(map[string]check{"!elements": items(0, 3000, oneOfKinds(inlineKinds))})

// richKinds are what rich text is made of.
var richKinds = map[string]shape{
	"rich_text_section": line,
	"rich_text_quote":   line.with(map[string]check{"border": between(0, 1)}),
	"rich_text_preformatted": fields(map[string]check{
		"!elements": items(0, 3000, oneOfKinds(map[string]shape{"text": inlineKinds["text"], "link": inlineKinds["link"]})),
		"border":    between(0, 1), "language": length(1, 255),
	}),
	"rich_text_list": fields(map[string]check{
		"!style": word("bullet", "ordered"), "!elements": items(1, 3000, oneOfKinds(map[string]shape{"rich_text_section": line})),
		"indent": between(0, 8), "offset": between(0, 100000), "border": between(0, 1),
	}),
}

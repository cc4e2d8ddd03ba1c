package blockkit

import "griot/chat"

// What Slack takes. Lengths are in runes where nothing else is said. Sources, all read 2026-11: [ref] docs.slack.dev,
// reference/block-kit and reference/views; [types] the limits in the doc comments of @slack/types; [seen] measured by others
// against the real service and written down in public, for want of a word in the reference.
const (
	messageBlocks   = 50      // [ref] blocks of a message
	messageUnits    = 12_000  // [seen] all blocks of a message as JSON, UTF-16 units: msg_blocks_too_long begins at about 13 200
	textBytes       = 3000    // [seen] text of a message, escaped: chat.update refuses 4000 bytes (not runes) with msg_too_long
	viewBlocks      = 100     // [ref] blocks of a modal or a home tab
	viewUnits       = 60_000  // ours: what a card may fill of viewBytes, as JSON in UTF-16 units of at most 3 bytes
	viewBytes       = 240_000 // [ref] a whole view is at most 250 KB; the rest is for what Slack adds
	metaBytes       = 3000    // [ref] private_metadata
	callbackBytes   = 255     // [ref] callback_id
	runRunes        = 12_000  // ours: one run of text in a card
	titleRunes      = 24      // [ref] title, submit and close of a modal
	headerRunes     = 150     // [ref] text of a header
	contextElements = 10      // [ref] elements of a context
	contextRunes    = 2000    // [seen] one text in a context
	smallRunes      = 1000    // ours: small print
	rowButtons      = 5       // ours: a longer row breaks anywhere; Slack takes 25 elements
	buttonRunes     = 75      // [ref] text of a button
	urlBytes        = 3000    // [ref] url of a button; links are held to the same
	blockIDBytes    = 255     // [ref] block_id, and action_id
	confirmTitle    = 100     // [ref] title of a confirmation
	confirmRunes    = 300     // [ref] text of a confirmation
	confirmButton   = 30      // [ref] its two buttons
	placeholder     = 150     // [ref] placeholder of a select
	selectOptions   = 100     // [ref] options of a select
	optionRunes     = 75      // [ref] text of an option
	optionBytes     = 75      // [types] value of an option: 75 there, 150 in newer texts
	tickOptions     = 10      // [ref] options of a group of checkboxes
	altRunes        = 2000    // [ref] alt_text of an image
	labelRunes      = 2000    // [ref] label of an input
	hintRunes       = 2000    // [ref] hint of an input
	inputRunes      = 3000    // [ref] max_length and initial_value of a text input
	pieceRunes      = 2400    // ours: what one of several fields for a long text begins with, so that each has room to grow
	mostFiles       = 10      // [ref] max_files of a file input
	introRunes      = 3000    // ours: words above the fields of a modal
	nudgeRunes      = 2000    // ours: a nudge is one line
)

// frame is what a surface takes of one card.
type frame struct{ blocks, units int }

var (
	inMessage = frame{messageBlocks, messageUnits}
	inView    = frame{viewBlocks, viewUnits}
)

// rooms are what is tried. The last one holds no more than Slack takes, whatever the card.
var rooms = []chat.Space{
	{Runes: 300, Parts: 50, Buttons: 25, Options: selectOptions},
	{Runes: 200, Parts: 25, Buttons: 25, Options: 50},
	{Runes: 150, Parts: 12, Buttons: 20, Options: 25},
	{Runes: 100, Parts: 6, Buttons: 10, Options: 10},
	{Runes: 40, Parts: 3, Buttons: 5, Options: 5},
	{Runes: 10, Parts: 0, Buttons: 0, Options: 0},
}

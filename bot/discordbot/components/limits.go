package components

import "griot/chat"

// What Discord takes. Lengths are in UTF-16 units where nothing else is said, as its own programs count. Sources, all read
// 2026-11: [docs] docs.discord.com, components/reference and resources/message; [spec] its OpenAPI file.
const (
	messageParts  = 40   // [docs] components of a message, nested ones too
	messageUnits  = 3900 // [docs] 4000 for all text of a message; the rest is left for what is not counted here
	tagBytes      = 100  // [docs] custom_id
	rowButtons    = 5    // [docs] buttons of a row
	buttonRunes   = 80   // [docs] label of a button
	urlBytes      = 512  // [docs] url of a button; links are held to the same
	selectOptions = 25   // [docs] options of a select
	optionRunes   = 100  // [docs] label and value of an option
	placeholder   = 150  // [docs] placeholder of a select
	galleryItems  = 10   // [docs] items of a gallery
	altRunes      = 1024 // [docs] description of an item and of an attachment
	titleRunes    = 45   // [docs] title of a modal
	modalParts    = 5    // [docs] parts of a modal
	labelRunes    = 45   // [docs] label of a part
	helpRunes     = 100  // [docs] description of a part
	inputUnits    = 4000 // [docs] value of a text input
	mostFiles     = 10   // [docs] files of an upload
	introRunes    = 1500 // ours: words above the fields of a modal
	nudgeRunes    = 1500 // ours: a nudge is one line
	runRunes      = 3900 // ours: one run of text in a card
)

// spaces are what is tried. The last one holds no more than Discord takes, whatever the card.
var spaces = []chat.Space{
	{Runes: 600, Parts: 12, Buttons: 10, Options: selectOptions},
	{Runes: 250, Parts: 12, Buttons: 10, Options: selectOptions},
	{Runes: 120, Parts: 8, Buttons: 10, Options: selectOptions},
	{Runes: 60, Parts: 5, Buttons: 10, Options: selectOptions},
	{Runes: 10, Parts: 2, Buttons: 5, Options: 5},
	{Runes: 4, Parts: 0, Buttons: 0, Options: 0},
}

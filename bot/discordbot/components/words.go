package components

import (
	"griot/chat"
	"griot/i18n"
)

// icons stand before a title or a sentence and say its tone before it is read. Neutral has none.
var icons = map[chat.Tone]string{chat.Good: "✅ ", chat.Waiting: "🟡 ", chat.Bad: "🔴 "}

// accents are the colours at the side of a card, as numbers.
var accents = map[chat.Tone]int{chat.Neutral: 0x6B7280, chat.Good: 0x2E7D32, chat.Waiting: 0xD99A00, chat.Bad: 0xC62828}

// The few words of our own.
var (
	aPicture = i18n.Text{En: "Picture", Fr: "Image"}
	labelled = i18n.Text{En: "%s:", Fr: "%s\u202f:"}
	partOf   = i18n.Text{En: "%s (%d/%d)", Fr: "%s (%d/%d)"}
)

package social

// Rule decides what happens to a mention. The rules of a brand are ordered: the first one that fits decides alone.
type Rule struct {
	ID, TeamID, BrandID string
	Position            int64 // from 1
	Name                string
	If                  Condition
	Then                Effects
	Rev                 int64
}

// Condition says which mentions a rule is for. Every list that is not empty must have one that fits; an empty Condition fits all.
type Condition struct {
	Words     []string `json:"words,omitempty"`     // whole words or phrases, whatever case and accents
	Networks  []string `json:"networks,omitempty"`  // connectors' ids
	Authors   []string `json:"authors,omitempty"`   // handles, with or without @
	Languages []string `json:"languages,omitempty"` // two letters
}

// Effects are what a rule does with a mention.
type Effects struct {
	Room     Room     `json:"room,omitzero"` // zero: the brand's channels for mentions
	Label    string   `json:"label,omitempty"`
	Priority Priority `json:"priority,omitempty"`
	Mute     bool     `json:"mute,omitempty"`  // keep it, show it in no channel
	Quiet    bool     `json:"quiet,omitempty"` // no suggestions
}

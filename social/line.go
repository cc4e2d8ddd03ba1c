package social

// Line is a brand's editorial line in one language: what a model is told, and what is checked without one.
type Line struct {
	TeamID, BrandID string
	Locale          string // "fr", "en"
	Tone            string
	Address         Address
	Themes          []string
	Banned          []string // words that no draft and no reply may hold, whatever case and accents
	Required        []string // words that every post must hold
	Samples         []string // posts as the brand writes them
	Replies         []string // saved replies
	Rev             int64
}

// Address is how the brand speaks to people in languages that know two ways.
type Address string

// The forms of address.
const (
	NoAddress Address = ""
	Tu        Address = "tu"
	Vous      Address = "vous"
)

package social

import "strings"

// Media is one picture of a post. Its bytes are kept by Hash.
type Media struct {
	Hash       string // lower-case hex SHA-256 of the stored bytes
	Name       string // as the person called it; from outside
	Type       string // MIME type by its bytes
	Size       int64  // bytes
	Width      int    // pixels
	Height     int    // pixels
	Alt        string // description for people who do not see it
	Decorative bool   // somebody said that it carries no meaning, so that no description is needed
}

// Described reports whether everybody will know what the picture shows.
func (m Media) Described() bool { return m.Decorative || strings.TrimSpace(m.Alt) != "" }

// Package inbox is what is said to a brand elsewhere: what Griot hears, which rule brings it where, who takes care of it and what
// is answered.
package inbox

import "griot/storage"

// Service is the inbox of all brands.
type Service struct {
	DB *storage.DB
}

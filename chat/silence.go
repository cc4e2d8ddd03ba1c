package chat

import "time"

// Silence says since when nothing that people do in a chat arrives, and why.
type Silence struct {
	From time.Time
	Err  error // nil: the chat says nothing at all
}

// Error is for logs and for whoever runs Griot.
func (s *Silence) Error() string {
	if s.Err == nil {
		return "silent since " + s.From.UTC().Format(time.RFC3339)
	}
	return "not connected since " + s.From.UTC().Format(time.RFC3339) + ": " + s.Err.Error()
}

// Unwrap gives the cause.
func (s *Silence) Unwrap() error { return s.Err }

// Since is the instant from which on the chat was not heard.
func (s *Silence) Since() time.Time { return s.From }

package drafting

// Reason is why a helper wrote nothing that is of use.
type Reason string

// The reasons.
const (
	Slow    Reason = "slow"    // no whole answer in time
	Busy    Reason = "busy"    // too many requests, or more than was paid for
	Down    Reason = "down"    // not reached, or broken on its side
	Key     Reason = "key"     // the key is refused
	Unknown Reason = "unknown" // there is no model of that name, or the address is no such server
	Useless Reason = "useless" // it answered, and nothing of it can be used
)

// Error is a helper's failure. It holds no key and no words of anybody.
type Error struct {
	Reason Reason
	Tokens int64 // what was spent all the same
	Err    error // cause for the log; may be nil
}

// Error is for logs.
func (e *Error) Error() string {
	if e.Err == nil {
		return "draft: " + string(e.Reason)
	}
	return "draft: " + string(e.Reason) + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

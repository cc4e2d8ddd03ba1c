// Package pretend is a small social network of its own, for practice and for tests: an HTTP server with pages
// (Server) and the connector that reaches it over a socket like any other network (New). It knows its own formats
// and nothing of posts, approvals or deliveries.
//
// # Practice
//
// `griot serve` mounts a Server on a loopback port, with a Folder so that the timeline outlives a restart. Visitors
// like, share, reply, follow and write on its pages; the numbers are counts of what they did.
//
// # Tests
//
// A test that kills Griot keeps the Server in the parent process and gives the child its address. The Server is an
// http.Handler, so httptest.NewServer starts it:
//
//	village, err := pretend.NewServer(pretend.Options{Now: time.Now, Keys: pretend.Ignored})
//	web := httptest.NewServer(village)
//	defer func() { village.Close(); web.Close() }() // Close first: it lets go of every call that is held
//
// It counts what it took, by content:
//
//	village.Accepted("Bonjour")      // calls that made a post with exactly this text, whatever became of the answer
//	village.Live("Bonjour")          // posts with this text that everybody can see now
//	village.Log()                    // every accepted call, with its key, its account, and whether it was a repeat
//
// It stops a call at a step, says when one stands there, and goes on when told:
//
//	h := village.Hold(pretend.Point{Call: pretend.PostCall, Step: pretend.Accepted, Content: "Bonjour"})
//	<-h.Reached()                    // taken, not yet answered: the moment to kill the child
//	h.Release()                      // or h.Drop(): the line is cut
//
// The steps of a call are Begun (headers read), Arrived (whole request read, nothing done), Accepted (done and
// stored, not answered) and Answered (answer on the wire). A call that is held at Arrived and released after its
// client died is accepted late.
//
// And it misbehaves on demand, for the next calls that match:
//
//	village.Misbehave(pretend.Fault{Do: pretend.CutAfter, Content: "Bonjour"})
//
// From another process the same Fault goes as JSON to POST /_faults, when Options.Faults allows it; DELETE /_faults
// forgets what has not happened yet.
package pretend

// Package bluesky speaks the AT Protocol of Bluesky and of any other server that hosts its accounts.
//
// A post is a record in the account's repository, and publishing is com.atproto.repo.putRecord with a key and a record that are
// both chosen and stored before the first try, and swapRecord sent as JSON null: "only if nothing stands there". The
// same stored bytes can therefore be sent at any time, again and again, and make one post: the server answers 200 each time,
// and 400 InvalidSwap when something else stands at the key. createRecord, the usual call, answers a second try with HTTP
// 500, which nobody can tell from an outage. All of this was measured on the reference server, which the tests run.
//
// Answers are told apart by their field error, not by their status: the server says 400 to an expired token, to a record that
// is not there and to a text that is too long.
//
// It is written on rest and not on bluesky-social/indigo, because that client writes the body of a call itself from Go
// structs, where Griot sends the very bytes that it stored; sends through http.Client, which may send a call twice and follows
// redirects with it; does not say whether a call that failed can have arrived; and keeps a server that a person typed from
// nothing on this machine. What is needed of the protocol here is nine calls with JSON.
package bluesky

// Package rest is the only way Griot speaks HTTP to the outside. A Guard decides which addresses may be dialled, a Client
// makes the calls of one credential on one network, and Classify says what an answer, or its absence, means.
//
// What a connector gets without asking: a time-out on every call, a cap on every body, no proxy, no cookie, no redirect on
// a write, no call sent twice by Go's transport, and errors of type *connectors.Error in which no secret stands.
package rest

// Package door is where reporters come in: a listener behind which nobody has
// an address, and a server that keeps nothing of a request.
//
// Behind the door there is one remote address for everybody, and of a
// request's headers only those that a page needs to be rendered or a form to
// be read. How often one network asks is counted at the door itself, under a
// key that is drawn anew every ten minutes and never leaves memory.
//
// The package must never log a request, a connection or a time of either,
// never hand an address on, and never write one into an error.
package door

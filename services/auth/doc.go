// Package auth says who asks: it turns a token, a session or a one-time link
// into a ledger.Actor, and keeps requests from other sites away from people's
// sessions.
//
// It never decides what an actor may do (commands and the graph do), never
// writes a name or an account anywhere but into a token or a session, and never
// gives an anonymous reader a cookie. It is the only package that imports the
// JWT library, whose defaults accept far too much. Sessions and links live in
// memory and end with the process.
package auth

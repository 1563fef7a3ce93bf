// Package unit holds the bodies that can be held to account: governments,
// departments, villages. It names them, ranks them, lists their duties and
// what they are able to do. It never names a person.
package unit

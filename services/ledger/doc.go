// Package ledger is the vocabulary everything else is written in: what an
// event is and how it is declared, what a command is and how it decides, what
// a log promises, who acts, what time it is and how a refusal is worded.
//
// It depends on the standard library only, does no I/O and knows no subject:
// a mandate or a unit is as foreign to it as a page or a database.
package ledger

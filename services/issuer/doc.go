// Package issuer gives the people on a county's roster blind tokens: one under
// each of the county's eight keys of a quarter, signed without being seen. It
// runs as a process of its own, with a data folder and keys of its own, away
// from the ledger and from where reports arrive.
//
// Kept are the keys, the hash of every enrolment code and, where one was used,
// a code by which the same request is known again. That code cannot be made
// from a blinded message without the enrolment code, which is not kept; no
// name, no address, no time and no order of anything is. The package must
// never log, count or store more, and none of its errors may carry a byte of a
// code, of a blinded message or of a signature.
//
// On disk, below the folder that Open is given:
//
//	hold                             held by the one process that has it open
//	keys/990101-2026Q4-1.pem         a private key, PKCS #8, readable by its owner only
//	rosters/990101-2026Q4-1.roster   codes that were handed out together, by hash (see roster.go)
package issuer

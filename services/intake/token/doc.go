// Package token is what shows that a reporter is on a roster and not who: a
// Privacy Pass token of RFC 9578, type 0x0002 (RSABSSA-SHA384-PSS, 2048 bits),
// or, for people without scripts, the code of a paper card. Whoever checks one
// learns the issuer key it was made under, which a whole county shares, and
// its nullifier, by which a second use of it is noticed.
//
// The package signs nothing, knows no roster and reads no clock. None of its
// errors may carry a byte of a token, a code or a nullifier. A Code shows
// itself to nobody who does not ask for its Text.
//
// The twin in the browser is portal/static/src/intake/token.js, held to the
// same vectors in test/cases/tokens.json.
package token

// Package e2e looks at the portal as a person does: in a browser, on the
// binary that make build makes, with the ledger that --demo plays.
//
// It needs chromium and a font with Chinese, which make test sees to. Where
// SUYUAN_SHOTS names a folder, a picture of every page seen is left there.
// SUYUAN_CHROMIUM names another browser, SUYUAN_BIN a binary built already.
//
// Findings wait for days: their server is built with the tag movedclock, whose
// clock the tests move.
package e2e

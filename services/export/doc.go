// Package export writes out what one reader may see: a file for every kind of
// row, as JSON lines and as CSV, with a description of every column, and a
// manifest last of all. It only asks the questions a page or a program could
// ask, page by page, of a graph that stands still, so that what a role may see
// is decided in one place, and that is not here.
//
// The package must never look past the answers it is given, never put a file
// under its final name before it is whole, and never go on with an export that
// was begun of another ledger, moment or reader.
package export

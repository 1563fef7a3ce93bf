// Package intake takes in what reporters send, keeps it until the cut, enters
// it in the ledger at the cut, and shows a reporter what became of it.
//
// Two ways lead in. A browser with scripts seals the report itself and sends
// the envelope (Accept), and asks for news by the box's id (Poll). Without
// scripts the server does both in memory (Compose, Open). Nothing that comes
// from either, and no error of this package, carries a word of a report, a
// digit of a receipt or an address.
//
// The package must never write a time or an order of arrival anywhere, never
// write plain text anywhere, never log or count anything about one sender, and
// never answer a right receipt and a wrong one at different costs.
package intake

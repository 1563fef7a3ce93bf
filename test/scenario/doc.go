// Package scenario plays the embedded scenarios into a real ledger and holds
// what the graph answers against what each of them expects. It has tests
// only.
package scenario

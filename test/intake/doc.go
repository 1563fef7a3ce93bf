// Package intake holds the promises of anonymous reporting as tests, over real
// files and over the real binary: who reported cannot be found in what is
// stored, written or answered, nothing that was acknowledged is lost, nothing
// is recorded twice.
package intake

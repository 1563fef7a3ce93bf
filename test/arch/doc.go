// Package arch holds tests of the source itself: who may import whom, and what
// services may not contain. It tests nothing at run time and is imported by
// nobody.
package arch

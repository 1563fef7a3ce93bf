// Package script holds tests of the real binary, from outside: what a person
// types and what is answered (the .txtar files, which can be read as a
// manual), and what only a program can try: damage to every part of a ledger,
// hostile requests, a server killed while 64 clients write. Servers listen on
// the loopback address alone, and every process a test starts it ends. It is
// imported by nobody.
package script

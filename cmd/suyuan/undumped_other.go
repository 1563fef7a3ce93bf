//go:build !linux

package main

import "golang.org/x/sys/unix"

// undumped keeps this process's memory, in which receipts and texts are for a
// moment, out of core files.
func undumped() error { return unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) }

//go:build movedclock

package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// wallClock is the clock on the wall, moved by what the file named by
// MOVED_CLOCK says, such as -720h. It is for tests that wait for days, and is
// in no binary that make build makes.
func wallClock() time.Time {
	text, err := os.ReadFile(os.Getenv("MOVED_CLOCK"))
	if err != nil {
		panic(fmt.Errorf("a clock that is moved needs MOVED_CLOCK: %w", err))
	}
	by, err := time.ParseDuration(strings.TrimSpace(string(text)))
	if err != nil {
		panic(fmt.Errorf("MOVED_CLOCK: %w", err))
	}
	return time.Now().Add(by)
}

// minutely is how often reactors look whether something is due: a test that
// moves the clock does not wait for minutes.
const minutely = 100 * time.Millisecond

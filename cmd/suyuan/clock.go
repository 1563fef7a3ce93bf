//go:build !movedclock

package main

import "time"

// wallClock is the one place where the program looks at the clock on the wall.
func wallClock() time.Time { return time.Now() }

// minutely is how often reactors look whether something is due.
const minutely = time.Minute

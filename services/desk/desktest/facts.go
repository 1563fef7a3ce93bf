// Package desktest gives desks of tests a fold that nothing hurries. A desk
// waits for its fold for a moment and then answers without it, which on a busy
// machine would leave a test to decide on, and to read, what was true before.
// It must never be imported outside tests.
package desktest

import (
	"context"
	"time"

	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// patience ends a test whose fold has stopped; no machine is so busy.
const patience = 2 * time.Minute

// Patient are the facts of a fold that follows the log by itself: who has
// written sees what he wrote, however late the fold is.
func Patient(f desk.Facts) desk.Facts { return patient{f} }

type patient struct{ desk.Facts }

func (p patient) Wait(ctx context.Context, at ledger.Position) error {
	long, cancel := unhurried(ctx)
	defer cancel()
	return p.Facts.Wait(long, at)
}

// Catcher is a fold that follows when it is told to, as *view.View does.
type Catcher interface {
	desk.Facts
	Catch(ctx context.Context, log ledger.Log) error
}

// Caught are the facts of a fold that is caught up with the log after every
// command.
func Caught(f Catcher, log ledger.Log) desk.Facts { return caught{f, log} }

type caught struct {
	Catcher
	log ledger.Log
}

func (c caught) Wait(ctx context.Context, _ ledger.Position) error {
	long, cancel := unhurried(ctx)
	defer cancel()
	return c.Catch(long, c.log)
}

// unhurried is a context with the test's patience instead of the desk's.
func unhurried(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), patience)
}

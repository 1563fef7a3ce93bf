package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress tells on standard error how far something long has come: a bar with
// a count where that is a terminal, else a plain line now and then, so that a
// log of it stays short. It is safe for concurrent use.
type progress struct {
	mu          sync.Mutex
	to          io.Writer
	bar         *progressbar.ProgressBar // nil where there is no terminal
	what        string
	n, of, said int
}

// untold is how many there are between two plain lines where nobody knows how
// many there will be.
const untold = 100_000

// worthwhile is how many are so few that a plain line about them says nothing.
const worthwhile = 1000

// newProgress begins to count up to of; 0 where that is not known.
func newProgress(io streams, what string, of int) *progress {
	p := &progress{to: io.err, what: what, of: of}
	if f, ok := io.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		total := of
		if total == 0 {
			total = -1
		}
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("it"), progressbar.OptionThrottle(100_000_000))
	}
	return p
}

// add counts n more.
func (p *progress) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n += n
	if p.bar != nil {
		_ = p.bar.Add(n) // a bar that cannot be drawn is no reason to stop
		return
	}
	step := untold
	if p.of > 0 {
		step = max((p.of+9)/10, worthwhile) // rounded up: the tenth line is the last
	}
	if p.n/step > p.said/step && p.n != p.of {
		p.say()
	}
}

// done says where it ended, whole or interrupted.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Exit() // leaves the count as it stands
		fmt.Fprintln(p.to)
		return
	}
	if p.n != p.said && max(p.n, p.of) >= worthwhile {
		p.say()
	}
}

func (p *progress) say() {
	p.said = p.n
	if p.of > 0 {
		fmt.Fprintf(p.to, "%s %d/%d\n", p.what, p.n, p.of)
		return
	}
	fmt.Fprintf(p.to, "%s %d\n", p.what, p.n)
}

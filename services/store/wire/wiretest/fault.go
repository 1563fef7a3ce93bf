package wiretest

import (
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// faults are what a test has ordered; each happens once.
type faults struct {
	mu      sync.Mutex
	halfway int // number of the event, from 1, before which the next append that has it breaks off; 0: none
	after   bool
	next    *refusal
}

// refusal is an answer with its trailers.
type refusal struct {
	status  *status.Status
	trailer metadata.MD
}

// PersistButFail lets the next append that writes be persisted and answered as
// Unavailable.
func (s *Server) PersistButFail() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.after = true
}

// FailHalfway lets the next append of more than n events break off, as
// Unavailable, when its event n arrives, counted from 0. Nothing of it is
// written.
func (s *Server) FailHalfway(n int) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.halfway = n + 1
}

// NextError lets the next append be answered with this status, and with
// trailers given as key, value, key, value. Nothing of it is written.
func (s *Server) NextError(code codes.Code, message string, trailers ...string) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.next = &refusal{status.New(code, message), metadata.Pairs(trailers...)}
}

func (f *faults) breaksAt(event int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.halfway == 0 || f.halfway != event+1 {
		return false
	}
	f.halfway = 0
	return true
}

func (f *faults) afterwards() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.after
	f.after = false
	return now
}

func (f *faults) instead() *refusal {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.next
	f.next = nil
	return now
}

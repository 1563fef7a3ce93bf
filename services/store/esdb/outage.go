package esdb

import "errors"

// errOut is what Outage says; the log says why, once.
var errOut = errors.New("the cluster cannot be reached; calls wait or are tried again until it can")

// Outage tells whether the last call that was answered or given up found the
// cluster out of reach, nil where it did not.
func (s *Store) Outage() error {
	if s.out.Load() {
		return errOut
	}
	return nil
}

package postgres

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// A server that was started keeps commits durable, answers, and leaves nothing
// behind: no process, no folder. Where PostgreSQL is not installed, that is said.
func TestServer(t *testing.T) {
	s, err := Start(t.Context(), t.TempDir())
	if !Installed() {
		if !errors.Is(err, ErrMissing) {
			t.Fatalf("without PostgreSQL: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for setting, want := range map[string]string{"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "listen_addresses": "127.0.0.1"} {
		if got := asked(t, s, "SHOW "+setting); got != want {
			t.Errorf("%s is %s, want %s", setting, got, want)
		}
	}
	pid := s.process.Process.Pid
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there: %v", s.dir, err)
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d is still there: %v", pid, err)
	}
}

// What keeps a server from starting is said, and leaves nothing behind either.
func TestServerThatDoesNotStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := Start(ctx, t.TempDir())
	if err == nil {
		t.Errorf("it started all the same: %v", s.Stop())
	}
}

func asked(t *testing.T, s *Server, query string) (answer string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.QueryRow(t.Context(), query).Scan(&answer), c.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	return answer
}

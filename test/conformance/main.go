// Command conformance runs the official Go client's own tests of streams,
// unpatched and from the module cache, against three nodes of the wire face in
// its test harness, and holds the outcome of each against a list. It is what
// says that the wire face is EventStoreDB's protocol and not our reading of
// it, so it must never change the tests or run another version than go.mod's.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"suyuan/services/store/wire/wiretest"
)

// Where the suite looks for its cluster; it has no setting for it.
var nodes = []string{"localhost:2111", "localhost:2112", "localhost:2113"}

const (
	fetchWithin = 10 * time.Minute
	testWithin  = 10 * time.Minute // with the suite's own dependencies still to be fetched and built
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := conform(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func conform(ctx context.Context) (err error) {
	dir, version, err := fetch(ctx)
	if err != nil {
		return err
	}
	if err := present(dir); err != nil {
		return err
	}
	server, err := wiretest.Start(wiretest.Config{Listen: nodes, TLS: true})
	if err != nil {
		return fmt.Errorf("%w\nThe suite dictates %s: end what listens there (ss -ltnp shows it) and run this again", err, strings.Join(nodes, ", "))
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	fmt.Printf("conformance: %s of %s %s, unpatched, on %s (TLS, the first leads)\n", top, module, version, strings.Join(nodes, ", "))
	begun := time.Now()
	r, failed := test(ctx, dir)
	if r == nil {
		return failed
	}
	if err := errors.Join(r.compare(suite), failed); err != nil {
		return fmt.Errorf("%s\n%w", r.said.String(), err)
	}
	for _, e := range suite {
		fmt.Println(strings.TrimRight(fmt.Sprintf("  %-9s %s  %s", e.outcome, e.name, e.why), " "))
	}
	passed, own, left := count(suite, passes), count(suite, skipped), count(suite, leftOut)
	fmt.Printf("conformance: %d run, %d passed, 0 failed; %d skipped by the suite itself, %d left out; all as listed (%.0f s)\n",
		passed, passed, own, left, time.Since(begun).Seconds())
	return nil
}

// fetch sees to it that the module is in the cache and says where.
func fetch(ctx context.Context) (dir, version string, err error) {
	limit, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	c := exec.CommandContext(limit, "go", "mod", "download", "-json", module)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return "", "", fmt.Errorf("go mod download %s: %w\n%s", module, err, out)
	}
	var m struct{ Dir, Version string }
	if err := json.Unmarshal(out, &m); err != nil {
		return "", "", err
	}
	return m.Dir, m.Version, nil
}

// present holds the list against the suite's source: a test that is left out
// is one that is there.
func present(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "esdb", "*_test.go"))
	if err != nil {
		return err
	}
	var source strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		source.Write(text)
	}
	for _, e := range suite {
		for name := range strings.SplitSeq(e.name, "/") {
			if !strings.Contains(source.String(), `t.Run("`+name+`"`) {
				return fmt.Errorf("the suite has no test %s: correct test/conformance/suite.go", e.name)
			}
		}
	}
	return nil
}

// test runs the suite where it lies, as a module of its own: what it needs
// besides the client is no dependency of ours.
func test(ctx context.Context, dir string) (*run, error) {
	limit, cancel := context.WithTimeout(ctx, testWithin)
	defer cancel()
	c := exec.CommandContext(limit, "go", "test", "-mod=readonly", "-count=1", "-json", "-timeout=5m", "-run=^"+top+"$", "-skip="+without(suite), "./esdb")
	c.Dir = dir
	c.Env = append(os.Environ(), "GOWORK=off", "CLUSTER=true", "EVENTSTORE_INSECURE=false", "NO_PROXY=localhost,127.0.0.1", "no_proxy=localhost,127.0.0.1")
	c.Stderr = os.Stderr
	// go test and the tests it starts end together.
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	r, unread := listen(out)
	if err := c.Wait(); err != nil {
		return r, errors.Join(fmt.Errorf("go test: %w", err), unread, context.Cause(limit))
	}
	return r, unread
}

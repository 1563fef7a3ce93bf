// Package postgres runs a PostgreSQL 15 of its own beside the benchmark, on
// the same disk and a spare loopback port, and takes it away again. It must
// never touch a server that it did not start.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Debian keeps the programs of each version apart.
const programs = "/usr/lib/postgresql/15/bin"

// ErrMissing says that PostgreSQL 15 is not installed.
var ErrMissing = errors.New("PostgreSQL 15 is not installed: 'make bench' installs it, or install postgresql-15")

// Installed reports whether there is a PostgreSQL 15 to start.
func Installed() bool {
	_, err := os.Stat(filepath.Join(programs, "initdb"))
	return err == nil
}

// Server is one that runs.
type Server struct {
	URL     string
	Version string
	dir     string
	process *exec.Cmd
	ended   chan error
}

// settings that anybody would make on a machine of this size; everything that
// keeps commits durable stays as it is.
var settings = []string{
	"listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=1GB", "effective_cache_size=4GB", "work_mem=64MB",
	"maintenance_work_mem=512MB", "max_wal_size=4GB", "max_connections=200", "fsync=on", "synchronous_commit=on", "full_page_writes=on", "jit=off", "logging_collector=off",
}

// Start makes an empty cluster in a folder of its own, below dir or at least on
// the same disk, and starts it.
func Start(ctx context.Context, dir string) (*Server, error) {
	if !Installed() {
		return nil, ErrMissing
	}
	dir, err := enterable(dir)
	if err != nil {
		return nil, err
	}
	own, err := os.MkdirTemp(dir, "suyuan-bench-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: own, ended: make(chan error, 1)}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Server) start(ctx context.Context) error {
	as, err := unprivileged(s.dir)
	if err != nil {
		return err
	}
	data := filepath.Join(s.dir, "data")
	make := exec.CommandContext(ctx, filepath.Join(programs, "initdb"), "--pgdata", data, "--username", "bench", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
	make.SysProcAttr, make.Dir = as, s.dir
	if out, err := make.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := spare()
	if err != nil {
		return err
	}
	args := []string{"-D", data, "-p", port}
	for _, v := range settings {
		args = append(args, "-c", v)
	}
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the server has its own
	p := exec.Command(filepath.Join(programs, "postgres"), args...)
	p.SysProcAttr, p.Dir, p.Stdout, p.Stderr = as, s.dir, log, log
	if err := p.Start(); err != nil {
		return err
	}
	s.process = p
	go func() { s.ended <- p.Wait() }()
	s.URL = "postgres://bench@127.0.0.1:" + port + "/postgres?sslmode=disable"
	return s.ready(ctx)
}

// enterable is a folder on the disk of dir that the server's account may come
// to: dir itself, unless root runs this in a folder of its own.
func enterable(dir string) (string, error) {
	disk, err := device(dir)
	if err != nil {
		return "", err
	}
	for _, d := range []string{dir, os.TempDir(), "/var/tmp"} {
		at, err := device(d)
		if err == nil && at == disk && (os.Getuid() != 0 || open(d)) {
			return d, nil
		}
	}
	return "", fmt.Errorf("root does not run PostgreSQL, and nobody else may enter %s or a temporary folder on its disk: open it (chmod o+x), or give -cache another", dir)
}

func device(dir string) (uint64, error) {
	var st syscall.Stat_t
	if err := syscall.Stat(dir, &st); err != nil {
		return 0, fmt.Errorf("look at %s: %w", dir, err)
	}
	return uint64(st.Dev), nil
}

// open reports whether everybody may pass through to a folder.
func open(dir string) bool {
	dir, err := filepath.Abs(dir)
	for ; err == nil; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || info.Mode()&0o001 == 0 {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
	return false
}

// unprivileged gives the folder to the account that runs the server: root may
// not.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true} // the terminal's interrupt is for us to pass on
	if os.Getuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("run PostgreSQL as somebody else than root: %w", err)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, int(uid), int(gid))
}

// spare is a port that nobody listens on at this moment.
func spare() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// ready waits until the server answers.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, s.URL)
		if err == nil {
			err = c.QueryRow(ctx, "SHOW server_version").Scan(&s.Version)
			return errors.Join(err, c.Close(ctx))
		}
		select {
		case ended := <-s.ended:
			s.ended <- ended
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("PostgreSQL ended as it started: %w: %s", ended, log)
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Stop ends the server and removes what it wrote.
func (s *Server) Stop() error {
	var errs []error
	if s.process != nil {
		errs = append(errs, s.process.Process.Signal(syscall.SIGINT)) // fast: open connections are ended
		select {
		case err := <-s.ended:
			errs = append(errs, err)
		case <-time.After(time.Minute):
			errs = append(errs, errors.New("PostgreSQL did not stop in a minute"), s.process.Process.Signal(syscall.SIGQUIT), <-s.ended)
		}
	}
	return errors.Join(append(errs, os.RemoveAll(s.dir))...)
}

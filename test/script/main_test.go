package script

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var binary string // the program under test

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "suyuan-script-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := build(filepath.Join(dir, "bin", "suyuan")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	folders = filepath.Join(dir, "data")
	name, value, _ := strings.Cut(noReports, "=")
	if err := os.Setenv(name, value); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// build makes the program once for all tests; SUYUAN_BIN names one that is
// there already.
func build(path string) (err error) {
	binary = path
	if there := os.Getenv("SUYUAN_BIN"); there != "" {
		if there, err = filepath.Abs(there); err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o700)
		}
		if err == nil {
			err = os.Symlink(there, path) // the scripts know it as suyuan
		}
		return err
	}
	c := exec.Command("go", "build", "-trimpath", "-o", binary, "./cmd/suyuan")
	c.Dir = filepath.Join("..", "..")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("go build ./cmd/suyuan: %w\n%s", err, out)
	}
	return nil
}

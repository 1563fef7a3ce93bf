package scenario

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// builds is where the test server's program is put.
var builds string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	if builds, err = os.MkdirTemp("", "suyuan-scenario-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(builds) }()
	return m.Run()
}

// program is the test server, built once for all tests.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(builds, "esdbserver")
	c := exec.Command("go", "build", "-trimpath", "-o", path, "./test/esdbserver")
	c.Dir = filepath.Join("..", "..")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./test/esdbserver: %w\n%s", err, out)
	}
	return path, nil
})

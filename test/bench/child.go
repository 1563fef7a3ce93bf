package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"suyuan/services/view"
	"suyuan/test/bench/nation"
)

// What a process of the benchmark's own does: fold a log and say what it came
// to, or answer by the GraphQL library alone.
const (
	refolds   = "refold"
	libraries = "library"
)

// child is such a process's part.
func child(ctx context.Context, o options) error {
	switch o.child {
	case refolds:
		return refolded(ctx, o.data, os.Stdin)
	case libraries:
		return answerByLibrary(ctx, o.data)
	}
	return fmt.Errorf("-child %s: there is no such process", o.child)
}

// came is what a fold came to.
type came struct {
	Root    string `json:"root"`
	Answers string `json:"answers"` // hash over the traces of the villages that were named
}

// refolded folds the log in a folder; the villages are lines on its input.
func refolded(ctx context.Context, data string, in *os.File) error {
	var codes []string
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		codes = append(codes, lines.Text())
	}
	h, err := nation.OpenReadOnly(ctx, data)
	if err := errors.Join(err, lines.Err()); err != nil {
		return err
	}
	var c came
	_, root, _, _ := h.View.State()
	c.Root = root.String()
	if c.Answers, err = digest(h.View, codes); err != nil {
		return errors.Join(err, h.Close())
	}
	return errors.Join(json.NewEncoder(os.Stdout).Encode(c), h.Close())
}

// refold runs such a process.
func (b *bench) refold(ctx context.Context, data string, codes []string) (c came, err error) {
	self, err := os.Executable()
	if err != nil {
		return c, err
	}
	p := exec.CommandContext(ctx, self, "-child", refolds, "-data", data)
	p.Stdin, p.Stderr = strings.NewReader(strings.Join(codes, "\n")), os.Stderr
	out, err := p.Output()
	if err != nil {
		return c, fmt.Errorf("fold in a second process: %w", err)
	}
	return c, json.Unmarshal(out, &c)
}

// sampled are the villages whose answers are compared between processes.
func (b *bench) sampled() []string {
	everywhere := b.nation.Villages(0)
	codes := make([]string, min(1000, len(everywhere)))
	for i := range codes {
		codes[i] = b.village(everywhere, i)
	}
	return codes
}

// digest hashes what the national task asks of villages, and who added what.
func digest(v *view.View, codes []string) (string, error) {
	sum := sha256.New()
	for _, code := range codes {
		var traces []view.Trace
		var err error
		v.Read(func(r *view.Rows) { traces, err = r.Traces("nation", code, nation.Key, view.Now) })
		if err := errors.Join(traced(traces, err), json.NewEncoder(sum).Encode(traces)); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// resident is a process's VmRSS in bytes.
func resident(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("the system does not tell a process's memory")
}

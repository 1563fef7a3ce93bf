package intakejs

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"suyuan/services/ledger"
)

// A twin is what a browser has, under Node.
type twin struct {
	to   io.WriteCloser
	from *bufio.Reader
}

// start begins one, with WebCrypto "on" or "off"; it ends with the test.
func start(t *testing.T, webcrypto string) twin {
	t.Helper()
	limit, cancel := context.WithTimeout(context.Background(), 5*time.Minute) // t's own ends before it is told to
	t.Cleanup(cancel)
	c := exec.CommandContext(limit, "node", "twin.mjs")
	c.Env = append(os.Environ(), "WEBCRYPTO="+webcrypto)
	var problems bytes.Buffer
	c.Stderr = &problems
	to, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	from, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatalf("node twin.mjs: %v", err)
	}
	t.Cleanup(func() {
		_ = to.Close()
		if err := c.Wait(); err != nil && !t.Failed() {
			t.Errorf("node twin.mjs: %v\n%s", err, problems.String())
		}
		if problems.Len() > 0 {
			t.Errorf("it wrote to its console: %s", problems.String())
		}
	})
	return twin{to, bufio.NewReaderSize(from, 1<<20)}
}

type answer struct {
	Value   json.RawMessage
	Refused *struct{ Rule, Zh, En, Field string }
	Message string
	Failed  string
}

type members map[string]any

func (w twin) ask(t *testing.T, do string, with members) answer {
	t.Helper()
	asked := members{"do": do}
	for name, value := range with {
		asked[name] = value
	}
	line, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.to.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	said, err := w.from.ReadBytes('\n')
	if err != nil {
		t.Fatalf("%s: no answer: %v", do, err)
	}
	var got answer
	if err := json.Unmarshal(said, &got); err != nil {
		t.Fatalf("%s: %.200s: %v", do, said, err)
	}
	return got
}

// value asks for what must succeed.
func value[T any](t *testing.T, w twin, do string, with members) (v T) {
	t.Helper()
	got := w.ask(t, do, with)
	if got.Value == nil {
		t.Fatalf("%s: refused %+v, failed %q", do, got.Refused, got.Failed)
	}
	if err := json.Unmarshal(got.Value, &v); err != nil {
		t.Fatalf("%s: %.200s: %v", do, got.Value, err)
	}
	return v
}

// refusedAs checks that the twin refuses with the rule and the words of the
// server, which has no other text of its own.
func refusedAs(t *testing.T, what string, got answer, err error) {
	t.Helper()
	want := ledger.AsError(err)
	if got.Refused == nil || got.Refused.Rule != want.Rule || got.Refused.Zh != want.Text.Zh || got.Refused.En != want.Text.En || got.Message != want.Rule {
		t.Errorf("%s: the browser says %+v %q, the server %v", what, got.Refused, got.Failed, err)
	}
}

func cases[T any](t *testing.T, name string) (c T) {
	t.Helper()
	text, err := os.ReadFile("../cases/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

package script

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"
)

// The scripts use, besides what testscript knows:
//
//	start NAME ARG…                         suyuan serve on a free port; $NAME is its address, NAME.out and NAME.err what it printed
//	[!] finish NAME                         SIGTERM; the server must end with status 0
//	slay NAME                               kill -9
//	slay-while-playing DIR                  kill -9 a demonstration that is half played into DIR
//	http STATUS METHOD URL [HEADER…] [<FILE] a request; the answer's body is its stdout, the headers are its stderr
//	                                        (@FILE takes a header from a file)
//	status N PROGRAM ARG…                   exec that wants an exit status, and one line on stderr if that is not 0
//	sql FILE STATEMENT [TO]                 one statement on a database file; its rows are the stdout, or go to a file
//	same-trace JSON JSON PAGE URL           the command line's, the API's and the portal's trace agree
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: ".", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+e.Getenv("PATH"))
			e.Values[servers{}] = map[string]*server{}
			repository, err := filepath.Abs(filepath.Join("..", ".."))
			e.Setenv("REPOSITORY", repository)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"start": start, "finish": finish, "slay": slay, "slay-while-playing": slayWhilePlaying,
			"http": httpCommand, "status": status, "sql": sqlCommand, "same-trace": sameTrace,
			"county": county, "slay-while-importing": slayWhileImporting, "cell": writeCell,
		},
	})
}

// servers is the key under which a script's servers are kept.
type servers struct{}

func started(ts *testscript.TestScript, name string) *server {
	s := ts.Value(servers{}).(map[string]*server)[name]
	if s == nil {
		ts.Fatalf("no server named %s was started", name)
	}
	return s
}

func launched(ts *testscript.TestScript, args []string) *server {
	env := append(environment(), "HOME="+ts.Getenv("HOME"))
	s, err := launch(env, ts.Getenv("WORK"), args...)
	ts.Check(err)
	ts.Defer(func() { _ = s.end(syscall.SIGKILL) })
	return s
}

func start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: start NAME ARG…")
	}
	s := launched(ts, args[1:])
	ts.Check(s.ready())
	ts.Value(servers{}).(map[string]*server)[args[0]] = s
	ts.Setenv(args[0], s.url)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".out"), []byte(s.out.String()), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".err"), []byte(s.err.String()), 0o600))
}

func finish(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] finish NAME")
	}
	s := started(ts, args[0])
	ts.Check(s.end(syscall.SIGTERM))
	if (s.code != 0) != neg {
		ts.Fatalf("it ended with status %d: %s", s.code, s.err.String())
	}
}

func slay(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: slay NAME")
	}
	ts.Check(started(ts, args[0]).end(syscall.SIGKILL))
}

// slayWhilePlaying tries again where the play was over before the signal came.
func slayWhilePlaying(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: slay-while-playing DIR")
	}
	dir := ts.MkAbs(args[0])
	for range 20 {
		s := launched(ts, []string{"--demo", "--data", dir})
		for !strings.Contains(s.err.String(), "[2/") && !s.ended() {
			time.Sleep(time.Millisecond)
		}
		ts.Check(s.end(syscall.SIGKILL))
		if !strings.Contains(s.out.String(), "portal") {
			return
		}
		ts.Check(os.RemoveAll(dir))
	}
	ts.Fatalf("the demonstration was always over before it could be killed")
}

func httpCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: http STATUS METHOD URL [HEADER…] [<FILE]")
	}
	a := asked{method: args[1], url: args[2]}
	for _, arg := range args[3:] {
		if file, ok := strings.CutPrefix(arg, "<"); ok {
			a.body = ts.ReadFile(file)
			continue
		}
		if file, ok := strings.CutPrefix(arg, "@"); ok {
			arg = strings.TrimSpace(ts.ReadFile(file))
		}
		a.headers = append(a.headers, arg)
	}
	w, err := do(a)
	ts.Check(err)
	ts.Check(w.header.Write(ts.Stderr()))
	fmt.Fprint(ts.Stdout(), w.body)
	if want, err := strconv.Atoi(args[0]); err != nil || w.status != want {
		ts.Fatalf("%s %s: status %d, want %s\n%s", a.method, a.url, w.status, args[0], w.body)
	}
}

func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N PROGRAM ARG…")
	}
	var out, problem bytes.Buffer
	limit, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c := exec.CommandContext(limit, filepath.Join(filepath.Dir(binary), args[1]), args[2:]...)
	c.Dir, c.Stdout, c.Stderr = ts.Getenv("WORK"), &out, &problem
	c.Env = append(environment(), "LC_ALL="+ts.Getenv("LC_ALL"))
	if err := c.Run(); err != nil && c.ProcessState == nil {
		ts.Fatalf("%v", err)
	}
	ts.Check(errors.Join(second(ts.Stdout().Write(out.Bytes())), second(ts.Stderr().Write(problem.Bytes()))))
	code, lines := c.ProcessState.ExitCode(), strings.Count(problem.String(), "\n")
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit status %d, want %s: %s", code, args[0], problem.String())
	}
	if code != 0 && (lines != 1 || !strings.HasPrefix(problem.String(), "suyuan: ")) {
		ts.Fatalf("an error is one line on stderr that begins with the program's name: %q", problem.String())
	}
}

func second(_ int, err error) error { return err }

func sqlCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: sql FILE STATEMENT [TO]")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { _ = db.Close() }()
	rows, err := db.Query(args[1])
	ts.Check(err)
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	ts.Check(err)
	values, at := make([]string, len(names)), make([]any, len(names))
	for i := range values {
		at[i] = &values[i]
	}
	var out strings.Builder
	for rows.Next() {
		ts.Check(rows.Scan(at...))
		fmt.Fprintln(&out, strings.Join(values, " "))
	}
	ts.Check(rows.Err())
	if len(args) == 3 {
		ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(out.String()), 0o600))
		return
	}
	fmt.Fprint(ts.Stdout(), out.String())
}

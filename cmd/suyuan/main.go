// Command suyuan is the whole of Suyuan 溯源 in one binary: it serves the
// ledger and its portal, and does by hand what the server does.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"suyuan/services/ledger"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Exit statuses.
const (
	exitOK    = 0
	exitNo    = 1 // refused, not verified, failed
	exitUsage = 2
)

// usage marks an error of the command line itself.
type usage struct{ error }

func (u usage) Unwrap() error { return u.error }

func run(ctx context.Context, args []string, io streams) int {
	out := &printed{to: io.out}
	io.out = out
	root := command(io)
	root.SetArgs(args)
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	c, err := root.ExecuteContextC(ctx)
	if err == nil {
		err = out.lost()
	}
	if err == nil {
		return exitOK
	}
	_, wrong := errors.AsType[usage](err)
	if !wrong {
		err = plain(err, ledger.Text{})
	}
	fmt.Fprintln(io.err, "suyuan:", named(c, oneLine(err, language(asked(c)))))
	if wrong {
		return exitUsage
	}
	return exitNo
}

func command(io streams) *cobra.Command {
	root := &cobra.Command{
		Use:           "suyuan",
		Short:         "Suyuan 溯源: who added what on the way down, on record",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_ = c.Help()
			return usage{errors.New("say what to do: a command from the list above")}
		},
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage{err} })
	root.AddCommand(
		serveCommand(io), seedCommand(io), importCommand(io), exportCommand(io), backupCommand(io), restoreCommand(io), migrateCommand(io), traceCommand(io), attributeCommand(io), liabilityCommand(io), verifyCommand(io), whatifCommand(io), paperCommand(io), issuerCommand(io), tokenCommand(io), keygenCommand(io), openCommand(io),
	)
	readEnvironment(root, os.LookupEnv)
	return root
}

func noArgs(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage{said("", fmt.Sprintf("这里不需要 %q；用法见 %s --help", args[0], c.CommandPath()), fmt.Sprintf("%q is not expected here; see %s --help", args[0], c.CommandPath()))}
}

func oneLine(err error, lang string) string {
	if errors.Is(err, context.Canceled) {
		return "interrupted; what was done is kept"
	}
	text := err.Error()
	if e, ok := errors.AsType[*ledger.Error](err); ok {
		text = fmt.Sprintf("%s (%s)", e.Text.In(lang), e.Rule)
		if e.Field != "" && !strings.Contains(text, e.Field) {
			text = e.Field + ": " + text
		}
		if cause := e.Unwrap(); e.Code == ledger.Internal && cause != nil {
			text = cause.Error()
		}
	}
	return strings.ReplaceAll(strings.TrimSpace(text), "\n", " ")
}

// asked is what a command was told with --lang, empty where it has no such
// flag: its errors are in the language of its output.
func asked(c *cobra.Command) string {
	if f := c.Flags().Lookup("lang"); f != nil {
		return f.Value.String()
	}
	return ""
}

// language is "en" or "zh-CN": what was asked for, else what the terminal is
// set to.
func language(asked string) string {
	if asked == "" {
		for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
			if v := os.Getenv(name); v != "" {
				asked = v
				break
			}
		}
	}
	if strings.HasPrefix(strings.ToLower(asked), "zh") {
		return "zh-CN"
	}
	return "en"
}

// random is where keys, links and tokens come from.
var random = rand.Reader

// languageFlag takes zh or en, as a locale too (zh_CN, zh-CN, en_GB).
func languageFlag(c *cobra.Command, at *string) {
	c.Flags().StringVar(at, "lang", "", "zh or en for what is printed here (default: the terminal's)")
	c.PreRunE = func(*cobra.Command, []string) error {
		if word, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(*at), "_", "-"), "-"); word != "" && word != "zh" && word != "en" {
			return usage{fmt.Errorf("--lang %q: choose zh or en", *at)}
		}
		return nil
	}
}

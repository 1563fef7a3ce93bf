package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"suyuan/portal/observe"
)

// logging is how a server keeps its log, on standard error.
type logging struct{ format, level string }

func (l *logging) flags(c *cobra.Command) {
	c.Flags().StringVar(&l.format, "log-format", "", "json or text (default: text on a terminal, else json)")
	c.Flags().StringVar(&l.level, "log-level", "info", "debug, info, warn or error; at info every request has a line")
}

// logger makes the log. Every line of a request carries its number. close
// writes what is still kept.
func (l logging) logger(to io.Writer) (log *slog.Logger, close func(), err error) {
	var level slog.Level
	switch l.level {
	case "debug", "info", "warn", "error":
		if err := level.UnmarshalText([]byte(l.level)); err != nil {
			return nil, nil, err
		}
	default:
		return nil, nil, usage{fmt.Errorf("--log-level %q: choose debug, info, warn or error", l.level)}
	}
	format := l.format
	if f, ok := to.(*os.File); format == "" && ok && term.IsTerminal(int(f.Fd())) {
		format = "text"
	}
	options := &slog.HandlerOptions{Level: level}
	switch format {
	case "text":
		return slog.New(observe.Logs(slog.NewTextHandler(to, options))), func() {}, nil
	case "json", "":
		kept := newLines(to)
		return slog.New(observe.Logs(prompt{slog.NewJSONHandler(kept, options), kept})), kept.close, nil
	}
	return nil, nil, usage{fmt.Errorf("--log-format %q: choose json or text", l.format)}
}

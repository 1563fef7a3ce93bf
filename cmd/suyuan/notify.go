package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"
)

// manager is the service manager that started us, told how far we are by
// datagrams of the sd_notify protocol. There is none where socket is "".
type manager struct {
	socket string
	every  time.Duration // how often it wants to hear that we live; 0: not at all
	log    *slog.Logger
}

func newManager(log *slog.Logger) manager {
	m := manager{socket: os.Getenv("NOTIFY_SOCKET"), log: log}
	if pid := os.Getenv("WATCHDOG_PID"); pid == "" || pid == strconv.Itoa(os.Getpid()) {
		if microseconds, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64); err == nil && microseconds > 0 {
			m.every = time.Duration(microseconds) * time.Microsecond / 2
		}
	}
	return m
}

// tell sends a state: READY=1, STOPPING=1. Nothing depends on its arrival.
func (m manager) tell(state string) {
	if m.socket == "" {
		return
	}
	err := func() error {
		c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: m.socket, Net: "unixgram"}) // "@…" is an abstract one
		if err != nil {
			return err
		}
		_, err = c.Write([]byte(state))
		if closed := c.Close(); err == nil {
			err = closed
		}
		return err
	}()
	if err != nil {
		m.log.Warn("the service manager was not told", "state", state, "error", fmt.Sprint(err))
	}
}

// live tells the manager that we live until ctx ends. alive returns when the
// read model can be looked at: one that hangs is as good as dead.
func (m manager) live(ctx context.Context, alive func()) {
	if m.socket == "" || m.every == 0 {
		return
	}
	tick := time.NewTicker(m.every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			alive()
			m.tell("WATCHDOG=1")
		case <-ctx.Done():
			return
		}
	}
}

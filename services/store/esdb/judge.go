package esdb

import (
	"errors"
	"fmt"
	"strings"

	es "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
)

// What this side of the client ends a call with.
var (
	errStale    = errors.New("the connection was given up while the call was under way")
	errNoAnswer = errors.New("the cluster did not answer in time")
	errPanicked = errors.New("the client library panicked")
	errDropped  = errors.New("the cluster ended the subscription")
	errBehind   = errors.New("the node of the cluster holds less of the log than the one before it")
	errHollow   = errors.New("the cluster sent an event without an event")
	errEnough   = errors.New("the reader has had enough")
)

// fate is what follows from an error.
type fate uint8

const (
	final fate = iota // whoever called is told
	again             // the same client will do: it has gone to the leader, or the server asked for time
	renew             // another client is needed
)

// judge says what follows from an error of the client. The error it gives is
// the one to tell where nothing else helps.
func judge(err error) (fate, error) {
	if e, ok := errors.AsType[*es.Error](err); ok {
		switch e.Code() {
		case es.ErrorCodeNotLeader:
			return again, errUnreachable(err)
		case es.ErrorCodeWrongExpectedVersion:
			return final, fmt.Errorf("%w: %w", ledger.ErrWrongRevision, err)
		case es.ErrorCodeStreamDeleted:
			return final, &ledger.Damage{Why: "a stream of the ledger was deleted on the cluster: " + err.Error()}
		case es.ErrorCodeConnectionClosed:
			return renew, errUnreachable(err)
		}
	}
	if errors.Is(err, errStale) || errors.Is(err, errNoAnswer) || errors.Is(err, errDropped) || errors.Is(err, errBehind) || errors.Is(err, errPanicked) {
		return renew, errUnreachable(err)
	}
	if _, ok := errors.AsType[*ledger.Error](err); ok || errors.Is(err, ledger.ErrDamaged) { // of our own making
		return final, err
	}
	code, text := said(err)
	switch code {
	case codes.Unauthenticated, codes.PermissionDenied:
		return final, errDenied(err)
	case codes.DataLoss:
		return final, &ledger.Damage{Why: "the cluster says that it is damaged: " + text}
	case codes.FailedPrecondition:
		if holds(text, "wrongexpectedversion", "wrong expected version", "wrong-expected-version") {
			return final, fmt.Errorf("%w: %w", ledger.ErrWrongRevision, err)
		}
		return final, errRefused(err)
	case codes.InvalidArgument, codes.OutOfRange, codes.Unimplemented, codes.AlreadyExists:
		return final, errRefused(err)
	case codes.Aborted, codes.ResourceExhausted:
		// The leader waited too long for the others, or has too much to do.
		return again, errUnreachable(err)
	case codes.Canceled:
		// Nobody here cancelled it: the client has closed the connection under
		// the call because another call was sent to the leader.
		return again, errUnreachable(err)
	case codes.Unavailable:
		if holds(text, "authentication handshake failed", "x509:", "tls:") {
			return renew, errUnproven(err)
		}
	}
	// NotFound is a follower that does not know its leader's address, Unknown
	// one that knows no leader; and whatever else there may be.
	return renew, errUnreachable(err)
}

// said is the server's status below an error, and its words.
func said(err error) (codes.Code, string) {
	var s interface{ GRPCStatus() *status.Status }
	if errors.As(err, &s) && s.GRPCStatus() != nil {
		return s.GRPCStatus().Code(), s.GRPCStatus().Message()
	}
	return codes.Unknown, err.Error()
}

// holds reports whether a text holds one of the parts, in whatever case.
func holds(text string, parts ...string) bool {
	text = strings.ToLower(text)
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

package wire

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
)

// internal is all that is said of a fault of ours.
var internal = ledger.AsError(errors.New("a fault")).Text

// refusal is an error of the log or of whoever admits, as a client is told.
// A context that ended is the caller's own doing.
func refusal(err error) *status.Status {
	if s, ok := status.FromError(err); ok {
		return s
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return status.New(codes.DeadlineExceeded, "The deadline of the call passed.")
	case errors.Is(err, context.Canceled):
		return status.New(codes.Canceled, "The call was cancelled.")
	}
	if d, ok := errors.AsType[*ledger.Damage](err); ok {
		return status.Newf(codes.DataLoss, "账本从第 %d 条起与当初记录的不符，读取到此为止；请告知管理员。 / The ledger is damaged from ordinal %d on and is not read beyond it; tell the administrator.", d.Ordinal, d.Ordinal)
	}
	e, ok := errors.AsType[*ledger.Error](err)
	if !ok {
		return status.New(codes.Internal, both(internal))
	}
	return status.New(codeOf(e.Code), both(e.Text))
}

// both is a sentence for a client whose language is not known.
func both(t ledger.Text) string { return t.Zh + " / " + t.En }

func codeOf(c ledger.Code) codes.Code {
	switch c {
	case ledger.Invalid:
		return codes.InvalidArgument
	case ledger.Unauthenticated:
		return codes.Unauthenticated
	case ledger.Forbidden:
		return codes.PermissionDenied
	case ledger.NotFound:
		return codes.NotFound
	case ledger.Conflict, ledger.Refused:
		return codes.FailedPrecondition
	case ledger.Unavailable:
		return codes.Unavailable
	}
	return codes.Internal
}

// say makes a status in both languages.
func say(c codes.Code, zh, en string, args ...any) error {
	return status.Error(c, both(ledger.Errorf(ledger.Invalid, "", zh, en, args...).Text))
}

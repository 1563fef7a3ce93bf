package sqlite

import (
	"errors"
	"fmt"

	sq "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"suyuan/services/ledger"
)

func errInUse(dir string) error {
	return ledger.Errorf(ledger.Unavailable, "store.in_use",
		"账本 %s 正由另一个程序写入。请先停掉它，或改用只读的命令（verify、trace）。",
		"Another process is writing the ledger in %s. Stop it first, or use a command that only reads (verify, trace).", dir)
}

func errAbsent(dir string) error {
	return ledger.Errorf(ledger.NotFound, "store.absent",
		"%s 里没有账本。请核对 --data 与 --store。", "There is no ledger in %s. Check --data and --store.", dir)
}

func errClosed() error {
	return ledger.Errorf(ledger.Unavailable, "store.closed",
		"账本已经关闭，服务正在停止；请稍后重试。", "The ledger has been closed because the server is stopping; try again later.")
}

func errReadOnly(reason error) error {
	return ledger.Errorf(ledger.Unavailable, "store.read_only",
		"账本目前只读，这次没有记录任何内容。请联系管理员。",
		"The ledger takes no more events at present; nothing was recorded. Tell the administrator.").
		Because(fmt.Errorf("%w: %w", ledger.ErrReadOnly, reason))
}

// errNotWritten: the group failed before its commit and was taken back.
func errNotWritten(cause error) error {
	return ledger.Errorf(ledger.Unavailable, "store.not_written",
		"这次没有写成，账本没有变化；请重试。",
		"This was not written and the ledger is unchanged; try again.").Because(cause)
}

// errUnknown: the commit or its sync failed, so the disk may hold it or not.
func errUnknown(cause error) error {
	return ledger.Errorf(ledger.Unavailable, "store.outcome_unknown",
		"写盘时出错，不能确定这次是否已经记录。账本恢复后请原样重发一次，不会重复记录。",
		"The disk failed while this was being recorded, so it is not known whether it was. Send the same request again once the ledger is back; it will not be recorded twice.").Because(cause)
}

// errLeft: the caller went away while its events were on their way to disk.
func errLeft(cause error) error {
	return ledger.Errorf(ledger.Unavailable, "store.outcome_unknown",
		"请求在写盘期间被取消，不能确定是否已经记录；请原样重发一次，不会重复记录。",
		"The request was cancelled while it was being recorded, so it may have been. Send the same request again; it will not be recorded twice.").Because(cause)
}

// unreadable reports whether SQLite's error means that the file cannot be
// read as it was written, rather than that we asked wrongly or too early.
func unreadable(err error) bool {
	e, ok := errors.AsType[*sq.Error](err)
	if !ok {
		return false
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_IOERR, lib.SQLITE_FORMAT, lib.SQLITE_TOOBIG:
		return true
	}
	return false
}

package spool

import (
	"fmt"

	"suyuan/services/ledger"
)

func errInUse() error {
	return ledger.Errorf(ledger.Unavailable, "spool.in_use",
		"暂存区正由另一个程序使用，请先停掉它。",
		"Another process holds the spool; stop it first.")
}

func errKey(name string) error {
	return ledger.Errorf(ledger.Unavailable, "spool.other_key",
		"暂存区文件 %s 不是用现有的 keys/spool.key 建立的，或者已经损坏。请放回原来的密钥；确认其中没有待转的信件之后，才可以移走这个文件。",
		"The spool's file %s was not made with the keys/spool.key that is there, or is damaged. Put the old key back; move the file away only if nothing in it waits.", name)
}

func errShort(name string) error {
	return ledger.Errorf(ledger.Unavailable, "spool.cut_short",
		"暂存区文件 %s 的长度与它记载的不符，可能被截断。请从磁盘故障前的状态恢复，或在确认后移走这个文件。",
		"The spool's file %s is not as long as it says and may have been cut short. Restore it, or move it away once you know what is lost.", name)
}

func errSizes(zh, en string, most int) error {
	return ledger.Errorf(ledger.Invalid, "spool.sizes",
		"暂存区的"+zh+"位数应在 1 到 %d 之间。", "The spool takes from 1 to %d slots for "+en+".", most)
}

func errLength() error {
	return ledger.Errorf(ledger.Invalid, "spool.length",
		"信件长度不符，应为 16,384 或 4,194,304 字节。", "An envelope has 16,384 or 4,194,304 bytes.")
}

func errSpent() error {
	return ledger.Errorf(ledger.Conflict, "spool.spent",
		"这张凭证已经用于另一份反映，不能再用。请换一张凭证，或不用凭证提交。",
		"This token was used for another report. Use another token, or report without one.").Because(ErrSpent)
}

func errTaken() error {
	return ledger.Errorf(ledger.Conflict, "spool.taken",
		"这张回执已经有一份反映。要补充内容，请凭回执进入后补充；要另外反映，请重新开始，另取一张回执。",
		"This receipt already has a report. To add to it, open it with the receipt; to report something else, start again with a new receipt.").Because(ErrTaken)
}

func errFollowUps() error {
	return ledger.Errorf(ledger.Conflict, "spool.follow_ups",
		"这张回执的补充已经积满，下次汇总之后才能再补充，请改日再来。",
		"This receipt has as many additions waiting as it may; come back after the next daily collection.").Because(ErrFollowUps)
}

func errFull() error {
	return ledger.Errorf(ledger.Unavailable, "spool.full",
		"现在收到的反映太多，暂存区已满，这一份没有收下。请下次汇总之后再提交。",
		"More reports have come than there is room for; this one was not taken. Send it again after the next daily collection.").Because(ErrFull)
}

func errClosed() error {
	return ledger.Errorf(ledger.Unavailable, "spool.closed",
		"服务正在停止，请稍后再提交。", "The server is stopping; try again later.").Because(ErrClosed)
}

// errStopped: whoever waited may be on disk or not. The cause names no entry:
// it is an error of the operating system about a file of many.
func errStopped(cause error) error {
	return ledger.Errorf(ledger.Unavailable, "spool.stopped",
		"写盘时出错，不能确定是否已经收下。请在服务恢复后原样再提交一次，不会重复。",
		"The disk failed, so it is not known whether this was taken. Send the same again once the server is back; it will not be taken twice.").
		Because(fmt.Errorf("%w: %w", ErrStopped, cause))
}

// errLeft: the caller went away while its entry was on the way to disk.
func errLeft(cause error) error {
	return ledger.Errorf(ledger.Unavailable, "spool.outcome_unknown",
		"提交在写盘期间中断，不能确定是否已经收下。请原样再提交一次，不会重复。",
		"The submission was interrupted while it was being written, so it may have been taken. Send the same again; it will not be taken twice.").Because(cause)
}

func errUnreadable(cause error) error {
	return ledger.Errorf(ledger.Internal, "spool.unreadable",
		"暂存区里有一份信件读不出来，磁盘可能有故障。请检查磁盘；其余信件不受影响。",
		"An envelope in the spool can no longer be read; the disk may be failing. Check the disk; the others are not affected.").Because(cause)
}

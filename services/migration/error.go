package migration

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
)

// side is one of the two logs.
type side int

const (
	atSource side = iota
	atTarget
)

// fault says which of the two logs could not be read, and why.
func (s side) fault(err error) error {
	damaged, why := errors.Is(err, ledger.ErrDamaged), words(err)
	e := (*ledger.Error)(nil)
	switch {
	case damaged && s == atSource:
		e = ledger.Errorf(ledger.Refused, "migrate.source_damaged",
			"源账本已损坏：%[1]s。请先恢复它的一份备份。", "The source is damaged: %[2]s. Restore a backup of it first.", why.Zh, why.En)
	case damaged:
		e = ledger.Errorf(ledger.Refused, "migrate.target_damaged",
			"目标已损坏：%[1]s。请换一个空的目标。", "The target is damaged: %[2]s. Choose an empty target instead.", why.Zh, why.En)
	case s == atSource:
		e = ledger.Errorf(ledger.Unavailable, "migrate.source_unreadable",
			"源账本读不下去：%[1]s。", "The source could not be read to its end: %[2]s.", why.Zh, why.En)
	default:
		e = ledger.Errorf(ledger.Unavailable, "migrate.target_unreadable",
			"目标读不下去：%[1]s。", "The target could not be read to its end: %[2]s.", why.Zh, why.En)
	}
	return e.Because(err)
}

// other: the target holds an event that is not the source's at this place.
func other(must, is ledger.Recorded) error {
	if must.Stream == is.Stream && must.Revision == is.Revision && must.Type == is.Type {
		return ledger.Errorf(ledger.Conflict, "migrate.target_other",
			"目标里有别的内容：第 %[1]d 个事件（%[2]s 的第 %[3]d 版，%[4]s）的编号、数据或元数据与源账本的不同。请换一个空的目标。",
			"The target holds something else: its event %[1]d, %[2]s %[3]d (%[4]s), has another id, data or metadata than the source's. Choose an empty target.",
			must.Position.Ordinal, is.Stream, is.Revision, is.Type)
	}
	return ledger.Errorf(ledger.Conflict, "migrate.target_other",
		"目标里有别的内容：第 %[1]d 个事件是 %[2]s 的第 %[3]d 版（%[4]s），源账本在此处是 %[5]s 的第 %[6]d 版（%[7]s），两者不是同一事件。请换一个空的目标。",
		"The target holds something else: its event %[1]d, %[2]s %[3]d (%[4]s), is not the one the source has there, %[5]s %[6]d (%[7]s). Choose an empty target.",
		must.Position.Ordinal, is.Stream, is.Revision, is.Type, must.Stream, must.Revision, must.Type)
}

// longer: the target holds all of the source and more.
func longer(events uint64) error {
	return ledger.Errorf(ledger.Conflict, "migrate.target_longer",
		"目标比源账本长：源账本只有 %[1]d 个事件，目标在其后还有别的事件。请换一个空的目标；若目标已启用，就无须再迁移。",
		"The target is longer than the source: the source ends after event %[1]d, the target goes on. Choose an empty target; if the target is in service already there is nothing left to copy.", events)
}

// refused says why a run could not be appended.
func (r *run) refused(err error) error {
	why := words(err)
	e := (*ledger.Error)(nil)
	switch {
	case errors.Is(err, ledger.ErrDamaged):
		return atTarget.fault(err)
	case errors.Is(err, ledger.ErrWrongRevision):
		e = ledger.Errorf(ledger.Conflict, "migrate.target_moved",
			"目标中的流 %[1]s 与读到的不一致：或有别的程序正在写入，或该流曾在那里被删改。请停掉写入者，或换一个空的目标。",
			"In the target the stream %[1]s does not end where it reads as ending: another process writes to it, or the stream was deleted or shortened there. Stop who writes, or choose an empty target.", r.stream)
	case errors.Is(err, ledger.ErrTooLarge):
		e = ledger.Errorf(ledger.Refused, "migrate.too_large",
			"目标不接受从第 %[1]d 个事件起的 %[2]d 个事件（共 %[3]d 字节）：太大。请放宽它的追加上限（至少 1 MiB）。",
			"The target does not take the %[2]d events from %[1]d on (%[3]d bytes): too large. Raise its limit for one append to 1 MiB at least.", r.first, len(r.records), r.bytes)
	case errors.Is(err, ledger.ErrReadOnly):
		e = ledger.Errorf(ledger.Unavailable, "migrate.target_read_only",
			"目标只读，不再接受事件。请排除原因。", "The target is read-only and takes no events. See to that first.")
	case ledger.IsCode(err, ledger.Forbidden), ledger.IsCode(err, ledger.Unauthenticated):
		return err // says itself which right is missing
	default:
		e = ledger.Errorf(ledger.Unavailable, "migrate.target_unwritten",
			"写入目标失败：%[1]s。", "The target did not take what was written to it: %[2]s.", why.Zh, why.En)
	}
	return e.Because(err)
}

// unequal: everything was copied, and the target reads otherwise.
func unequal(want, got checkpoint.Report) error {
	return ledger.Errorf(ledger.Conflict, "migrate.unequal",
		"目标与源账本不符：源账本有 %[1]d 个事件，根为 %[2]s，而目标读出 %[3]d 个，根为 %[4]s。或有别的程序写入了目标；请勿启用，换一个空的目标。",
		"The target is not what was copied: the source has %[1]d events with root %[2]s, the target reads as %[3]d with %[4]s. Another process may have written to it; do not serve it, choose an empty target.",
		want.Events, want.Root.String(), got.Events, got.Root.String())
}

// told adds to an error what it left in the target.
func (c *copier) told(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err() // a cancelled append says that its outcome is open; the next run settles that
	}
	e := ledger.AsError(err)
	left := c.left()
	if e.Code == ledger.Unavailable {
		left.Zh += "重新运行同一命令即可接着进行。"
		left.En += " Run the same command again and it goes on from there."
	}
	full := *e
	full.Text = ledger.Text{Zh: e.Text.Zh + left.Zh, En: e.Text.En + left.En}
	return &full
}

// left is what the target holds of the copy, as far as that is known.
func (c *copier) left() ledger.Text {
	var t ledger.Text
	if c.Written > 0 {
		t.Zh = fmt.Sprintf("此前已写入源账本的第 %d 至 %d 个事件。", c.Found+1, c.Found+c.Written)
		t.En = fmt.Sprintf(" The source's events %d to %d were written before that.", c.Found+1, c.Found+c.Written)
	}
	if c.open != nil {
		last := c.open.first + uint64(len(c.open.records)) - 1
		t.Zh += fmt.Sprintf("源账本的第 %d 至 %d 个事件可能已经写入，无法确定。", c.open.first, last)
		t.En += fmt.Sprintf(" The source's events %d to %d may have been written; that is not known.", c.open.first, last)
	}
	if t == (ledger.Text{}) {
		return ledger.Text{Zh: "没有写入任何内容。", En: " Nothing was written."}
	}
	return t
}

// words is what an error says, in both languages where it can, without its
// full stop. A fault that is kept from the public is said here: who copies a
// ledger has it to see to.
func words(err error) ledger.Text {
	text := ledger.Text{Zh: err.Error(), En: err.Error()}
	if e, ok := errors.AsType[*ledger.Error](err); ok {
		text = e.Text
		if cause := e.Unwrap(); e.Code == ledger.Internal && cause != nil {
			text = ledger.Text{Zh: cause.Error(), En: cause.Error()}
		}
	}
	return ledger.Text{Zh: strings.TrimRight(text.Zh, "。."), En: strings.TrimRight(text.En, ".。")}
}

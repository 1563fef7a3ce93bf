package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"suyuan/services/ledger"
)

// said is an error of a command's own, in the language of the terminal or of
// --lang; where it wraps nothing it is the whole of what is known.
func said(lang, zh, en string) error { return errors.New(inLang(language(lang), zh, en)) }

// plain says for a person what the system said of a file: which file, what
// became of the work, kept, and what to do.
func plain(err error, kept ledger.Text) error {
	path, ok := pathOf(err)
	if _, own := errors.AsType[*ledger.Error](err); own || !ok || errors.Is(err, context.Canceled) || errors.Is(err, ledger.ErrDamaged) {
		return err
	}
	zh, en := "%[1]s：%[3]s", "%[1]s: %[3]s"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		zh, en = "找不到 %[1]s；请核对名称。", "%[1]s is not there; check the name."
	case errors.Is(err, fs.ErrPermission):
		zh, en = "没有 %[1]s 的读写权限；请改用有权限的用户运行，或先改权限。", "This user may not read or write %[1]s; run the command as one who may, or change its mode."
	case errors.Is(err, unix.EISDIR):
		zh, en = "%[1]s 是文件夹；请写明文件的名称。", "%[1]s is a folder; name a file."
	case errors.Is(err, unix.ENOTDIR):
		zh, en = "%[1]s 的路径上有一个不是文件夹；请另写一个位置。", "Something on the way to %[1]s is no folder; name another place."
	case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EDQUOT):
		zh, en = "写 %[1]s 时空间已满；请腾出空间后再运行同一命令。", "There is no room left for %[1]s; make room and run the same command again."
	case errors.Is(err, unix.EROFS):
		zh, en = "%[1]s 所在的盘只读；请另选一个位置。", "%[1]s is on a disk that is read-only; choose another place."
	default:
		zh, en = "%[1]s 读写失败（%[2]v）；请检查该盘后再运行同一命令。", "%[1]s could not be read or written (%[2]v); look after the disk and run the same command again."
	}
	var number unix.Errno
	errors.As(err, &number)
	e := ledger.Errorf(ledger.Unavailable, "file.unusable", kept.Zh+zh, kept.En+en, path, number)
	return e.Because(err)
}

// pathOf is the file that an error of the system is about.
func pathOf(err error) (string, bool) {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Path, true
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.New, true
	}
	return "", false
}

// nothingKept is what to say of the work where none of it is left.
var nothingKept = ledger.Text{Zh: "没有写出任何内容。", En: "Nothing was written. "}

// nothingDone tells an interruption that leaves nothing from one that does.
func nothingDone(lang string, err error) error {
	if errors.Is(err, context.Canceled) {
		return said(lang, "已中断；没有写出任何内容", "interrupted; nothing was written")
	}
	if _, ok := errors.AsType[*ledger.Error](err); ok { // says itself what to do
		return err
	}
	return plain(notVerified(err), nothingKept)
}

// given wants a file that was named on the command line to be there.
func given(lang, name string) error {
	_, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return usage{said(lang, name+" 不存在；请核对名称", name+" is not there; check the name")}
	}
	return nil
}

// printed is where a command prints; it remembers what could not be written, so
// that a command whose answer nobody can read does not end as if it had told.
type printed struct {
	to     io.Writer
	failed error
}

func (p *printed) Write(text []byte) (int, error) {
	n, err := p.to.Write(text)
	if err != nil && p.failed == nil {
		p.failed = err
	}
	return n, err
}

// lost is the error of what was printed in vain.
func (p *printed) lost() error {
	if p.failed == nil {
		return nil
	}
	return fmt.Errorf("%s: %v", inLang(language(""), "结果写不出去，命令本身已做完；请换一个输出位置", "what it had to say could not be printed, though the command itself was done; print it elsewhere"), p.failed) // not wrapped: it is about no file that was named
}

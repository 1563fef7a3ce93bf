package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"suyuan/services/backup"
)

func backupCommand(io streams) *cobra.Command {
	var at place
	var withoutKeys bool
	var lang string
	c := &cobra.Command{
		Use:   "backup FILE|DIR",
		Short: "Copy the ledger, its files and keys into one archive, also while it is served",
		Long: "Copy the ledger, its files and keys into one archive, also while it is served, and check the archive.\n" +
			"A name that ends in .gz or .tgz is compressed; in a folder the archive is called after its last event.\n" +
			"The intake spool is never in it: reports that were not cut yet. Nor are sessions, nor what is made anew.",
		Args: oneArg("backup: say which file to write, or in which folder", "backup：请写明备份文件的名称或所在文件夹"),
	}
	at.flags(c)
	c.Flags().BoolVar(&withoutKeys, "without-keys", false, "leave out private keys and the keys of documents' files, which must then be kept elsewhere")
	languageFlag(c, &lang)
	c.RunE = func(c *cobra.Command, args []string) error {
		lang = language(lang)
		dir, err := at.dir()
		if err != nil {
			return err
		}
		bars := &stages{io: io, lang: lang}
		name, m, err := backup.Write(c.Context(), backup.Source{Data: at.data, Store: dir, Keys: !withoutKeys}, args[0], staged(io, lang), bars.bytes)
		bars.end()
		if err != nil {
			return nothingDone(lang, err)
		}
		sayParts(io, lang, m)
		fmt.Fprintln(io.out, inLang(lang, fmt.Sprintf("备份完成：%d 个事件，Merkle 根 %s", m.Ordinal, m.Root), fmt.Sprintf("backed up: %d events, Merkle root %s", m.Ordinal, m.Root)))
		fmt.Fprintln(io.out, inLang(lang, "备份文件："+name, "archive: "+name))
		return nil
	}
	return c
}

func restoreCommand(io streams) *cobra.Command {
	var data, lang string
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup into a folder that is empty or not there, once all of it is checked",
		Args:  oneArg("restore: say which archive", "restore：请写明备份文件"),
	}
	c.Flags().StringVar(&data, "data", "./.suyuan", "folder for the ledger, its keys and files")
	languageFlag(c, &lang)
	c.RunE = func(c *cobra.Command, args []string) error {
		lang = language(lang)
		if err := given(lang, args[0]); err != nil {
			return err
		}
		bars := &stages{io: io, lang: lang}
		m, err := backup.Restore(c.Context(), args[0], data, staged(io, lang), bars.bytes)
		bars.end()
		if err != nil {
			return nothingDone(lang, err)
		}
		sayParts(io, lang, m)
		fmt.Fprintln(io.out, inLang(lang, fmt.Sprintf("恢复完成：%d 个事件，Merkle 根 %s", m.Ordinal, m.Root), fmt.Sprintf("restored: %d events, Merkle root %s", m.Ordinal, m.Root)))
		fmt.Fprintln(io.out, inLang(lang, "文件夹："+data, "folder: "+data))
		return nil
	}
	return c
}

// staged says where a run that is killed leaves what it had copied so far, keys
// too, and that one did.
func staged(io streams, lang string) backup.Staged {
	return func(dir string, left bool) {
		fmt.Fprintln(io.out, inLang(lang, "准备于："+dir+"（若进程被强行终止或断电，此文件夹会留下账本和密钥的副本，请删除）",
			"made ready in: "+dir+" (killed or without power, it leaves a copy of ledger and keys there: remove it)"))
		if left {
			fmt.Fprintln(io.err, inLang(lang, "注意：上次运行被强行终止，"+dir+" 里留有账本和密钥的副本，现已清除",
				"note: an earlier run was killed and had left a copy of ledger and keys in "+dir+"; it is gone now"))
		}
	}
}

// sayParts says what an archive does not hold; of keys first, for that is what
// somebody has to act on.
func sayParts(io streams, lang string, m backup.Manifest) {
	if m.Keys {
		fmt.Fprintln(io.out, inLang(lang, "密钥：已包含；拿到备份的人可以冒用本账本签名，也能读其中的文件，请妥善保管",
			"keys: in it; whoever has the archive can sign as this ledger and read its files"))
	} else {
		fmt.Fprintln(io.out, inLang(lang, "密钥：未包含，只有公钥。启用前请从保管处放回 keys/ 和 blobkeys.db：",
			"keys: not in it, but for public halves. Put keys/ and blobkeys.db back from where you keep them before you serve:"))
		fmt.Fprintln(io.out, inLang(lang, "  没有 keys/checkpoint.key 就不能再签检查点，没有 blobkeys.db 就永远读不出任何附件",
			"  without keys/checkpoint.key no checkpoint can be signed, without blobkeys.db no document's file can be read, for good"))
	}
	fmt.Fprintln(io.out, inLang(lang, "未包含：收件暂存区（尚未裁切的匿名举报）、登录会话和登录链接、快照和索引（会重新生成）",
		"not in it: the intake spool (anonymous reports not cut yet), sessions and sign-in links, snapshots and indexes (made anew)"))
}

// oneArg wants exactly one argument; missing says which, in English and, where
// there is a second text, in Chinese.
func oneArg(missing string, zh ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage{said("", append(zh, missing)[0], missing)}
		}
		return noArgs(c, args[1:])
	}
}

// bytes is at for counts that may not fit.
func (s *stages) bytes(what string, done, of uint64) { s.at(what, int(done), int(of)) }

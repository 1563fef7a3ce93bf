package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"suyuan/services/backup"
	"suyuan/services/ledger"
)

func backupCommand(io streams) *cobra.Command {
	var at place
	var withoutKeys bool
	c := &cobra.Command{
		Use:   "backup FILE|DIR",
		Short: "Copy the ledger, its files and keys into one archive, also while it is served",
		Long: "Copy the ledger, its files and keys into one archive, also while it is served, and check the archive.\n" +
			"A name that ends in .gz or .tgz is compressed; in a folder the archive is called after its last event.\n" +
			"The intake spool is never in it: reports that were not cut yet. Nor are sessions, nor what is made anew.",
		Args: oneArg("backup: say which file to write, or in which folder"),
	}
	at.flags(c)
	c.Flags().BoolVar(&withoutKeys, "without-keys", false, "leave out private keys and the keys of documents' files, which must then be kept elsewhere")
	c.RunE = func(c *cobra.Command, args []string) error {
		dir, err := at.dir()
		if err != nil {
			return err
		}
		bars := &stages{io: io}
		name, m, err := backup.Write(c.Context(), backup.Source{Data: at.data, Store: dir, Keys: !withoutKeys}, args[0], bars.bytes)
		bars.end()
		if err != nil {
			return nothingDone(err)
		}
		fmt.Fprintf(io.out, "backed up: %d events, Merkle root %s\n", m.Ordinal, m.Root)
		fmt.Fprintf(io.out, "archive: %s\n", name)
		sayParts(io, m)
		return nil
	}
	return c
}

func restoreCommand(io streams) *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup into a folder that is empty or not there, once all of it is checked",
		Args:  oneArg("restore: say which archive"),
	}
	c.Flags().StringVar(&data, "data", "./.suyuan", "folder for the ledger, its keys and files")
	c.RunE = func(c *cobra.Command, args []string) error {
		bars := &stages{io: io}
		m, err := backup.Restore(c.Context(), args[0], data, bars.bytes)
		bars.end()
		if err != nil {
			return nothingDone(err)
		}
		fmt.Fprintf(io.out, "restored: %d events, Merkle root %s\n", m.Ordinal, m.Root)
		fmt.Fprintf(io.out, "folder: %s\n", data)
		sayParts(io, m)
		return nil
	}
	return c
}

// sayParts says what an archive does not hold.
func sayParts(io streams, m backup.Manifest) {
	fmt.Fprintln(io.out, "not in it: the intake spool (anonymous reports not cut yet), sessions and sign-in links, snapshots and indexes (made anew)")
	if m.Keys {
		fmt.Fprintln(io.out, "keys: in it; whoever has the archive can sign as this ledger and read its files")
		return
	}
	fmt.Fprintln(io.out, "keys: not in it, but for public halves. Put keys/ and blobkeys.db back from where you keep them before you serve:")
	fmt.Fprintln(io.out, "  without keys/checkpoint.key no checkpoint can be signed, without blobkeys.db no document's file can be read, for good")
}

// nothingDone tells an interruption that leaves nothing from one that does.
func nothingDone(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; nothing was written")
	}
	if _, ok := errors.AsType[*ledger.Error](err); ok { // says itself what to do
		return err
	}
	return notVerified(err)
}

// oneArg wants exactly one argument.
func oneArg(missing string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage{errors.New(missing)}
		}
		return noArgs(c, args[1:])
	}
}

// bytes is at for counts that may not fit.
func (s *stages) bytes(what string, done, of uint64) { s.at(what, int(done), int(of)) }

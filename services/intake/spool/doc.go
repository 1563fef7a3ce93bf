// Package spool is where sealed envelopes wait for the cut: durable, and
// without any trace of when or in which order they came. They lie in slots of
// equal size, one file for each of the two sizes, made in full beforehand. A
// new one takes a slot drawn among the free ones; many that arrive together
// share one sync. What is taken, by token and by box, is found again at Open
// from the slots alone.
//
// # What a slot is
//
// A slot is the envelope's size and 4 KiB more: a random salt, a sealed head
// (the envelope's hash, its box, its nullifier, whether it follows up) and the
// sealed envelope, both AES-256-GCM under a key derived from the spool's key,
// the salt and the slot's place: made for one write, good at one place. A free
// slot is random bytes, and so is one that was cleared, before its clearing is
// answered. A slot of which a power cut left a part opens no more than random
// bytes do: it is free, and no error, because nobody was told that it was
// written. Bytes that go bad on the disk look the same at the next Open; while
// the process lives, Ordered reports them.
//
// # What the key protects
//
// Without keys/spool.key a slot in use cannot be told from a free one, or from
// one that was used before. So a copy of the spool's files alone (a snapshot,
// a disk that was thrown away, blocks that a filesystem or a flash drive kept
// after they were overwritten) tells neither how many reports wait nor what
// they are. It does not protect from whoever has the key as well: he can count
// what waits, and see which boxes and nullifiers, at the moment of the copy.
// What the envelopes themselves hide stays sealed under keys that are not
// here. With two copies taken at different times he sees what came between
// them; Stir blurs the number of changed slots for those without the key,
// nothing does for those with it.
//
// # After a crash
//
// What was acknowledged is there, once. What was on its way is there or not;
// sent again it is acknowledged and there once. What was being cleared may be
// there again: the ledger, which has it, refuses it the second time. A failed
// write or sync stops the spool, until a process opens it again and reads what
// is truly on disk.
//
// # What a filesystem may still keep
//
// Times of access and modification are set to a constant with every sync. The
// time of the last change of the inode (ctime) cannot be set: it is that of
// the last write, whatever it was; Stir, called at a fixed pace, keeps it from
// being the last arrival's. Where file data is journalled (ext4 with
// data=journal) or never overwritten in place (btrfs, ZFS, snapshots below the
// filesystem, the flash of any SSD), older versions of slots stay readable, in
// an order, until they are reclaimed: only the key stands before them. Keep
// the spool on a filesystem that overwrites in place, leave it out of backups
// and snapshots.
//
// The package must never acknowledge what is not on disk, never try again
// after a failed write or sync (the kernel forgets pages that it failed to
// write, so that the second sync succeeds), never make a file, a name or a
// record for one envelope, never log, and never say in an error what an entry
// holds.
package spool

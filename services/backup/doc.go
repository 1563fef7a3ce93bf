// Package backup copies a ledger into one archive while a server goes on
// writing it, and puts an archive back. An archive is a tar file, compressed
// where its name ends in .gz or .tgz: first manifest.json, which says how many
// events it holds, their Merkle root and the SHA-256 of every part, then the
// parts in that order:
//
//	ledger.db             the events
//	blobs.db, blobkeys.db documents' files, encrypted, and their keys
//	keys/…                the keys that sign checkpoints and tokens
//
// What can be made anew (snapshots, indexes) is not in it, nor are sessions,
// which live in memory, nor ever the intake spool: a report that has not been
// cut must not lie about in copies.
//
// The package must never give an archive or a folder its final name before
// everything in it was read back and checked, and must never write a name that
// an archive brings along without knowing it for one of the above.
package backup

package view

import (
	"suyuan/services/document"
	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// File is the stored copy of a document as its event names it, for a reader
// whose unit it concerns: its issuer's territory holds the unit, or the unit's
// holds the issuer. Staff read every file.
func (v *View) File(id string, by ledger.Actor) (document.Blob, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	h := v.rows.documentAt.of(id)
	if h == none {
		return document.Blob{}, document.Unknown(id)
	}
	d := &v.rows.documents[h]
	switch {
	case !mayReadFile(by, v.rows.code(d.issuer)):
		return document.Blob{}, ledger.Errorf(ledger.Forbidden, "document.other_unit", "这份文件与本单位无关，原件不供查阅；要素是公开的。", "This document does not concern your unit; its file is not open to you, its particulars are public.")
	case d.redacted:
		return document.Blob{}, ledger.Errorf(ledger.NotFound, "document.file_destroyed", "该文件的原件已经销毁，要素仍可查阅。", "The document's file was destroyed; its particulars remain.")
	case d.blob.ID == "":
		return document.Blob{}, ledger.Errorf(ledger.NotFound, "document.no_file", "登记该文件时没有上传原件。", "No file was stored with this document.")
	}
	return d.blob, nil
}

func mayReadFile(by ledger.Actor, issuer string) bool {
	if by.Is(ledger.Investigator, ledger.Reviewer, ledger.Auditor, ledger.Admin) {
		return true
	}
	return by.Is(ledger.Clerk) && (unit.Contains(unit.Territory(by.Unit), issuer) || unit.Contains(unit.Territory(issuer), by.Unit))
}

// RedactedFiles lists the stored copies of redacted documents, in the order
// of their redaction.
func (v *View) RedactedFiles() []string {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.rows.redacted[:len(v.rows.redacted):len(v.rows.redacted)] // only ever appended to
}

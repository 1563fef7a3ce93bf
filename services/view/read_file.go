package view

import (
	"suyuan/services/document"
	"suyuan/services/ledger"
)

// File is the stored copy of a document as its event names it.
func (v *View) File(id string) (document.Blob, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	h := find(v.rows.documentAt, id)
	if h == none {
		return document.Blob{}, document.Unknown(id)
	}
	d := &v.rows.documents[h]
	switch {
	case d.redacted:
		return document.Blob{}, ledger.Errorf(ledger.NotFound, "document.file_destroyed", "该文件的原件已经销毁，要素仍可查阅。", "The document's file was destroyed; its particulars remain.")
	case d.blob.ID == "":
		return document.Blob{}, ledger.Errorf(ledger.NotFound, "document.no_file", "登记该文件时没有上传原件。", "No file was stored with this document.")
	}
	return d.blob, nil
}

// RedactedFiles lists the stored copies of redacted documents.
func (v *View) RedactedFiles() []string {
	v.mu.RLock()
	defer v.mu.RUnlock()
	var ids []string
	for i := range v.rows.documents {
		if d := &v.rows.documents[i]; d.redacted && d.blob.ID != "" {
			ids = append(ids, d.blob.ID)
		}
	}
	return ids
}

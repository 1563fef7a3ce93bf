package unit

import "suyuan/services/ledger"

// Documents is the one thing most decisions ask about papers.
type Documents interface {
	HasDocument(id string) bool
}

// CheckDocument refuses a document that is not on record, and a missing one
// where it is required. It stands here because every subject that names a
// document names a unit too.
func CheckDocument(f Documents, field, id string, required bool) error {
	switch {
	case id == "" && required:
		return ledger.Errorf(ledger.Invalid, "document.required", "请写明所依据的文件。", "Name the document that this rests on.").At("%s", field)
	case id == "" || f.HasDocument(id):
		return nil
	}
	return ledger.Refuse("document.unknown", "没有编号为“%s”的文件，请先登记文件。", "There is no document %q; register it first.", id).At("%s", field)
}

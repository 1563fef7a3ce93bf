package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/gorilla/mux"

	"suyuan/services/ledger"
)

// MaxFile bounds a document's file, bytes.
const MaxFile = 8 << 20

// File is a stored copy as an event names it.
type File struct {
	ID   string `json:"id"`
	Hash string `json:"hash"`
}

// Files keeps documents' files apart from the ledger, where they can be
// destroyed.
type Files interface {
	Put(ctx context.Context, content []byte) (File, error)
	Has(ctx context.Context, id string) (bool, error)
	// OfDocument gives a document's file to those it concerns; its errors are
	// *ledger.Error.
	OfDocument(ctx context.Context, by ledger.Actor, document string) ([]byte, error)
}

// upload stores a file and answers with what document.register wants to know
// of it. A copy that no document names is kept, but found by nobody.
func (a API) upload(w http.ResponseWriter, r *http.Request) {
	by, err := a.Actor(r)
	if err == nil && !by.Is(ledger.Clerk, ledger.Investigator) {
		err = ledger.Errorf(ledger.Forbidden, "file.clerks_upload", "文件由经办人或核查员上传，请先登录。", "Files are uploaded by clerks and investigators; sign in first.")
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxFile))
	if _, large := errors.AsType[*http.MaxBytesError](err); large || len(content) == 0 {
		a.fail(w, r, ledger.Errorf(ledger.Invalid, "file.size", "文件应为 1 至 %d 字节，没有保存。", "A file has 1 to %d bytes; nothing was saved.", MaxFile).At("body"))
		return
	}
	if err != nil {
		a.fail(w, r, ledger.Errorf(ledger.Invalid, "request.broken", "请求体没有收全，没有保存任何内容；请重试。", "The body did not arrive whole and nothing was saved; send it again.").At("body").Because(err))
		return
	}
	file, err := a.Files.Put(r.Context(), content)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	sum := sha256.Sum256(content)
	a.write(w, http.StatusCreated, struct {
		SHA256 string `json:"sha256"`
		Blob   File   `json:"blob"`
	}{hex.EncodeToString(sum[:]), file})
}

// stored refuses a document.register that names a file nobody uploaded: a
// file is durable before an event may name it.
func (a API) stored(ctx context.Context, name string, input []byte) error {
	if name != "document.register" {
		return nil
	}
	var doc struct{ Blob *File }
	if json.Unmarshal(input, &doc) != nil || doc.Blob == nil {
		return nil // what cannot be read is refused by the desk, with the field
	}
	if ok, err := a.Files.Has(ctx, doc.Blob.ID); err != nil || ok {
		return err
	}
	return ledger.Errorf(ledger.Invalid, "file.not_stored", "没有收到这份原件，请先上传再登记。", "This file was never stored; upload it before you register the document.").At("blob.id")
}

// download gives a document's file to those who are signed in. It is always a
// download: what somebody uploaded is never shown as a page of ours.
func (a API) download(w http.ResponseWriter, r *http.Request) {
	by, err := a.Actor(r)
	if err == nil && by.Anonymous() {
		err = ledger.Errorf(ledger.Unauthenticated, "file.sign_in", "文件原件只供登录的工作人员查阅。", "A document's file is for signed-in staff.")
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	content, err := a.Files.OfDocument(r.Context(), by, mux.Vars(r)["id"])
	if err != nil {
		a.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="document"`)
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = w.Write(content)
}

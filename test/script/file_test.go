package script

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A document's file is uploaded, named by one document, read by those it
// concerns, and gone once the document is redacted.
func TestFiles(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir)
	defer s.stop(t)
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	village := token(t, dir, "--role", "clerk", "--unit", "990101001002")
	stranger := token(t, dir, "--role", "clerk", "--unit", "990202001")
	auditor := token(t, dir, "--role", "auditor")
	admin := token(t, dir, "--role", "admin")
	const content = "CANARY-PAPER 关于分解任务的通知"
	upload := func(token, body string) answered {
		return request(t, asked{http.MethodPost, s.url + "/api/files", body, []string{"Authorization: Bearer " + token, "Content-Type: application/pdf"}})
	}
	file := func(token string) answered {
		return get(t, s.url+"/api/documents/with-file/file", "Authorization: Bearer "+token)
	}
	register := func(id string, blob json.RawMessage) answered {
		doc, err := json.Marshal(map[string]any{"id": id, "issuer": "990101001", "date": "2022-03-04", "title": "通知", "blob": blob})
		if err != nil {
			t.Fatal(err)
		}
		return submit(t, s, clerk, "document.register", id, string(doc))
	}
	if w := upload(auditor, content); w.status != http.StatusForbidden || refused(t, w).Rule != "file.clerks_upload" {
		t.Errorf("an auditor's upload: %d %s", w.status, w.body)
	}
	if w := upload(clerk, ""); w.status != http.StatusBadRequest || refused(t, w).Rule != "file.size" {
		t.Errorf("an empty file: %d %s", w.status, w.body)
	}
	if w := upload(clerk, strings.Repeat("x", 8<<20+1)); w.status != http.StatusBadRequest || refused(t, w).Rule != "file.size" {
		t.Errorf("a file of over 8 MiB: %d %s", w.status, w.body)
	}
	w := upload(clerk, content)
	if w.status != http.StatusCreated {
		t.Fatalf("upload: %d %s", w.status, w.body)
	}
	blob := read[struct{ Blob json.RawMessage }](t, w.body).Blob
	if w := register("made-up", json.RawMessage(`{"id":"00ff","hash":"abc"}`)); w.status != http.StatusBadRequest || refused(t, w).Rule != "file.not_stored" {
		t.Errorf("a file nobody uploaded: %d %s", w.status, w.body)
	}
	if w := register("with-file", blob); w.status != http.StatusCreated {
		t.Fatalf("register: %d %s", w.status, w.body)
	}
	if w := register("taken", blob); w.status != http.StatusConflict || refused(t, w).Rule != "document.file_taken" {
		t.Errorf("another document's file: %d %s", w.status, w.body)
	}
	for name, reader := range map[string]string{"its clerk": clerk, "a village below": village, "an auditor": auditor} {
		if w := file(reader); w.status != http.StatusOK || w.body != content || !strings.HasPrefix(w.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s reads: %d %q", name, w.status, w.body)
		}
	}
	if w := file(stranger); w.status != http.StatusForbidden || refused(t, w).Rule != "document.other_unit" {
		t.Errorf("another county's clerk reads: %d %s", w.status, w.body)
	}
	if w := get(t, s.url+"/api/documents/with-file/file"); w.status != http.StatusUnauthorized {
		t.Errorf("nobody reads: %d %s", w.status, w.body)
	}
	if w := submit(t, s, admin, "document.redact", "redact", `{"id":"with-file","reason":"含个人信息"}`); w.status != http.StatusCreated {
		t.Fatalf("redact: %d %s", w.status, w.body)
	}
	if w := file(auditor); w.status != http.StatusNotFound || refused(t, w).Rule != "document.file_destroyed" {
		t.Errorf("a redacted file: %d %s", w.status, w.body)
	}
	id := read[struct{ ID string }](t, string(blob)).ID
	for end := time.Now().Add(patience); register("again", blob).status != http.StatusBadRequest; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the file %s is still stored long after its document was redacted", id)
		}
	}
}

// A first start that was interrupted between the two halves of the key pair is
// made good by the next: nothing had been signed.
func TestServeInterruptedKeys(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "keys", "checkpoint.pub"), []byte("suyuan+0+left\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--data", dir)
	s.stop(t)
	if _, stderr, code := command(t, nil, "verify", "--data", dir); code != 0 {
		t.Errorf("verify: status %d, %s", code, stderr)
	}
}

// What is not there under /static/ is not there, and no fault of ours.
func TestStatic(t *testing.T) {
	s := serve(t, "--data", t.TempDir())
	for _, path := range []string{"/static/", "/static/dist/", "/static/nope.css"} {
		if w := get(t, s.url+path); w.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.status)
		}
	}
	s.stop(t)
	if strings.Contains(s.err.String(), "ERROR") {
		t.Errorf("the log complains: %s", s.err.String())
	}
}

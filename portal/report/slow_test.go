package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"suyuan/services/intake/envelope"
)

// told of every time that more is asked for than came at first.
type overheard struct {
	io.ReadCloser
	reads int
	more  chan<- struct{}
}

func (o *overheard) Read(p []byte) (int, error) {
	if o.reads++; o.reads == 2 {
		select {
		case o.more <- struct{}{}:
		default: // whoever is not waited for
		}
	}
	return o.ReadCloser.Read(p)
}

// However many are in the middle of sending pictures over slow lines, whoever
// has a faster one is served.
func TestSlowLinesHoldNobodyUp(t *testing.T) {
	f := &fake{choices: listed()}
	site, err := New(f, f, time.Now, Options{})
	if err != nil {
		t.Fatal(err)
	}
	more := make(chan struct{}, uploadsAtOnce+sealedAtOnce)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = &overheard{ReadCloser: r.Body, more: more}
		site.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close) // after the slow ones are gone
	slow := func(kind string, length int, begin string) {
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if _, err := fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", kind, length, begin); err != nil {
			t.Fatal(err)
		}
	}
	for range uploadsAtOnce {
		slow("multipart/form-data; boundary=x", 1<<20, "--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.jpg\"\r\n\r\n\xff\xd8\xff")
	}
	for range sealedAtOnce {
		slow("application/octet-stream", envelope.PicturesSize, "x")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for range uploadsAtOnce + sealedAtOnce {
		select {
		case <-more:
		case <-ctx.Done():
			t.Fatal("the slow ones do not arrive")
		}
	}
	send := func(what, kind string, body []byte) {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return
		}
		_ = w.Body.Close()
		if w.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", what, w.StatusCode)
		}
	}
	kind, form := withPicture([]byte("\xff\xd8\xff"))
	send("a form with a picture", kind, form)
	send("an envelope with pictures", "application/octet-stream", make([]byte, envelope.PicturesSize))
	if len(f.drafts) != 1 || len(f.sealed) != 1 {
		t.Errorf("%d and %d were taken", len(f.drafts), len(f.sealed))
	}
}

// withPicture is the last step's form with a picture in it.
func withPicture(file []byte) (kind string, body []byte) {
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	for i := 0; i < len(complete); i += 2 {
		_ = form.WriteField(complete[i], complete[i+1])
	}
	_ = form.WriteField("receipt", given)
	_ = form.WriteField("go", "send")
	part, _ := form.CreateFormFile("picture", "a.jpg")
	_, _ = part.Write(file)
	_ = form.Close()
	return form.FormDataContentType(), out.Bytes()
}

// What is no picture is read for as long as all fields together may be, be it
// in a part, in its headers or around it.
func TestPartsAreBounded(t *testing.T) {
	headers := strings.Repeat("A: "+strings.Repeat("b", 4000)+"\r\n", 2300)
	picture := "--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.jpg\"\r\n\r\n\xff\xd8" + strings.Repeat("a", 1<<20) + "\r\n"
	for name, body := range map[string]string{
		"headers":              "--x\r\n" + headers + "\r\n\r\n--x--",
		"headers of a picture": "--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.jpg\"\r\n" + headers + "\r\n\r\n--x--",
		"after a picture":      picture + "--x\r\n" + headers + "\r\n\r\n--x--",
		"before the first":     strings.Repeat("\r\n", 4<<20),
		"behind the boundary":  "--x" + strings.Repeat(" ", 9<<20),
		"a field":              "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n" + strings.Repeat("a", 9<<20) + "\r\n--x--",
		"a nameless file":      "--x\r\nContent-Disposition: form-data; name=\"picture\"\r\n\r\n" + strings.Repeat("a", 9<<20) + "\r\n--x--",
	} {
		read := strings.NewReader(body)
		r := httptest.NewRequest(http.MethodPost, "http://report.example/", io.NopCloser(read))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		w := httptest.NewRecorder()
		f := &fake{choices: listed()}
		siteFor(t, f, Options{}).ServeHTTP(w, r)
		most := mostForm + mostParts<<10 + 32<<10
		if strings.HasPrefix(body, picture) {
			most += len(picture)
		}
		if n := len(body) - read.Len(); w.Code != http.StatusBadRequest || n > most {
			t.Errorf("%s: status %d after %d bytes, of which %d may be read", name, w.Code, n, most)
		}
	}
}

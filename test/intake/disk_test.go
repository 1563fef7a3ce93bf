package intake

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"math/big"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"suyuan/services/complaint"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/receipt"
	"suyuan/services/view/docket"
)

// openAll opens a folder that a server with larger spools has used.
func openAll(t *testing.T, dir string) *world {
	t.Helper()
	return open(t, dir, options{text: 256})
}

func complaintOf(n int) string { return complaint.IDOf(newSender(n).stored.Box) }

// shapes are the ways in which a text may lie on a disk.
func shapes(word string) (list [][]byte) {
	list = append(list, []byte(word), []byte(hex.EncodeToString([]byte(word))), []byte(url.QueryEscape(word)))
	for i := range 3 { // wherever it begins in base64
		text := base64.StdEncoding.EncodeToString(append(make([]byte, i), word...))
		list = append(list, []byte(strings.TrimRight(text[4:len(text)-4], "=")))
	}
	var wide []byte
	for _, u := range utf16.Encode([]rune(word)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	return append(list, wide)
}

// search looks for words in every file below the folders.
func search(t *testing.T, words []string, folders ...string) {
	t.Helper()
	files := 0
	for _, folder := range folders {
		must(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			files++
			data, err := os.ReadFile(path)
			for _, word := range words {
				for _, shape := range shapes(word) {
					if bytes.Contains(data, shape) || strings.Contains(path, string(shape)) {
						t.Errorf("%s holds %q", path, word)
					}
				}
			}
			return err
		}))
	}
	if files < 8 {
		t.Errorf("only %d files were searched", files)
	}
}

func selfSigned(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	as := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, as, as, private.Public(), private)
	must(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	must(t, err)
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	must(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	return cert, key
}

var shownReceipt = regexp.MustCompile(`\b(\d{4} ){6}\d{4}\b`)

// Driven from 127.0.0.77 by an agent of its own, with bad handshakes, requests
// that break off, a page without scripts and an envelope from a browser with:
// neither the address nor the agent, nor a word of what was written, nor the
// receipt is in any file of the data folder, of the temporary folder or of what
// the program prints, before the cut and after it.
func TestNothingOnDisk(t *testing.T) {
	dir, temp, outside := house(t), t.TempDir(), t.TempDir()
	cert, key := selfSigned(t, outside)
	s := serve(t, dir, temp, "--report-tls-cert", cert, "--report-tls-key", key)
	client := from77()
	at, err := url.Parse(s.report)
	must(t, err)
	const written = "CANARY-TEXT 加码到六百九十亩"
	secrets := []string{"127.0.0.77", "198.51.100.77", "CANARY-UA", "CANARY-COOKIE", "CANARY-TEXT", "加码到六百九十亩", "CANARY-SEALED", "CANARY-HALF", "CANARY-EXIF"}

	// Without scripts.
	form := url.Values{"lang": {"en"}, "at": {"2"}, "go": {"3"}, "task": {"farmland-600"}, "who": {"unit:990101"}, "dimension": {"quantity"}, "asked": {"690"}, "text": {written}}
	status, page, err := send(t, client, s.report, "application/x-www-form-urlencoded", []byte(form.Encode()))
	must(t, err)
	digits := shownReceipt.FindString(string(page))
	if status != http.StatusOK || digits == "" {
		t.Fatalf("the review page: %d %s", status, html.UnescapeString(string(page)))
	}
	r, err := receipt.Parse(digits)
	must(t, err)
	secrets = append(secrets, digits, strings.ReplaceAll(digits, " ", ""))
	form.Set("at", "3")
	form.Set("go", "send")
	form.Set("receipt", digits)
	kind, body := multi(t, form)
	status, page, err = send(t, client, s.report, kind, body)
	must(t, err)
	if status != http.StatusOK {
		t.Fatalf("sending: %d %s", status, page)
	}
	// With scripts.
	sealed := newSender(600).letter(t, envelope.Letter{Facts: facts(1), Narrative: envelope.Narrative{Text: "CANARY-SEALED"}})
	status, page, err = send(t, client, s.report, octets, sealed)
	must(t, err)
	if status != http.StatusOK {
		t.Fatalf("an envelope: %d %s", status, page)
	}
	// Faults.
	for _, rough := range []string{"GET /CANARY-HALF HTTP/1.1\r\nHost: " + at.Host + "\r\n\r\n", "\x16\x03\x01\x00\x05CANARY-HALF"} {
		c, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 77)}}).Dial("tcp", at.Host)
		must(t, err)
		_, _ = io.WriteString(c, rough)
		_ = c.SetReadDeadline(time.Now().Add(time.Minute))
		_, _ = io.Copy(io.Discard, c)
		_ = c.Close()
	}
	c, err := tls.Dial("tcp", at.Host, &tls.Config{InsecureSkipVerify: true})
	must(t, err)
	_, _ = fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: %s\r\nUser-Agent: CANARY-UA\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\ntext=CANARY-HALF", at.Host)
	_ = c.Close()
	for _, q := range []url.Values{{"at": {"open"}, "go": {"look"}, "receipt": {digits}}, {"at": {"open"}, "go": {"look"}, "receipt": {"1"}}} {
		_, _, err = send(t, client, s.report, "application/x-www-form-urlencoded", []byte(q.Encode()))
		must(t, err)
	}
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", s.cmd.Process.Pid))
	must(t, err)
	if !regexp.MustCompile(`Max core file size +0 +0 `).Match(limits) {
		t.Error("the process may write a core file")
	}
	search(t, secrets, dir, temp)
	s.kill()
	search(t, secrets, dir, temp)

	// After a cut, and killed again.
	must(t, os.Remove(filepath.Join(dir, "cut-done")))
	s = serve(t, dir, temp, "--cut-every", "100ms")
	k, err := r.Derive(keys().service)
	must(t, err)
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		box := k.Box()
		_, news, err := send(t, &http.Client{Timeout: patience}, s.report, octets, box[:])
		must(t, err)
		if bytes.Contains(news, []byte(`"state":"registered"`)) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("never entered: %s", bytes.TrimSpace(news))
		}
	}
	s.kill()
	search(t, secrets, dir, temp)
	w := openAll(t, dir)
	defer w.close()
	w.view.Docket(func(d *docket.Docket) {
		c, ok := d.Box(k.Stored().Box)
		if !ok || c.Claim.Asked != "690" || d.Size() != 2 {
			t.Errorf("what is on record: %+v", c)
			return
		}
	})
	canOpen(t, w, k.Stored().Box, written)
}

// multi is a form with a picture that says where it was taken.
func multi(t *testing.T, form url.Values) (kind string, body []byte) {
	t.Helper()
	var out bytes.Buffer
	m := multipart.NewWriter(&out)
	for name, values := range form {
		for _, v := range values {
			must(t, m.WriteField(name, v))
		}
	}
	file, err := m.CreateFormFile("picture", "CANARY-EXIF.jpg")
	must(t, err)
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	img.Set(3, 3, color.White)
	must(t, jpeg.Encode(file, img, nil))
	_, err = io.WriteString(file, "CANARY-EXIF trailing")
	must(t, err)
	must(t, m.Close())
	return m.FormDataContentType(), out.Bytes()
}

// canOpen checks that an investigator reads what was written, and that no key
// of the server does.
func canOpen(t *testing.T, w *world, box [32]byte, want string) {
	t.Helper()
	var at complaint.Blob
	w.view.Docket(func(d *docket.Docket) {
		if c, ok := d.Box(box); ok {
			at = c.Letters[0].Blob
		}
	})
	sealed, err := w.vault.Get(t.Context(), refOf(at))
	must(t, err)
	n, err := envelope.OpenNarrative(sealed, keys().investigators[0])
	if err != nil || n.Text != want {
		t.Errorf("an investigator reads %q, %v", n.Text, err)
	}
	if _, err := envelope.OpenNarrative(sealed, keys().engine); err == nil {
		t.Error("the server's key opens the narrative")
	}
}

package report

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"

	"suyuan/services/intake/envelope"
	"suyuan/services/intake/picture"
	"suyuan/services/ledger"
)

// The bounds of what may be posted, in bytes.
const (
	mostForm  = 64 << 10 // all fields together
	mostParts = 64       // and what stands around each of them
	mostBody  = envelope.MaxPictures*picture.MaxInput + mostForm + mostParts<<10
)

var (
	errNoPage = ledger.Errorf(ledger.NotFound, "page.not_found", "这里没有内容。请回到开头。", "There is nothing here. Please go back to the beginning.")
	errHost   = ledger.Errorf(ledger.NotFound, "page.host", "请用公布的网址打开本页。", "Please open this page at the address that was published.")
	errMethod = ledger.Errorf(ledger.Invalid, "page.method_not_allowed", "这个网址不接受这样的操作。", "This address does not take this kind of request.")
	errBroken = ledger.Errorf(ledger.Internal, "page.broken", "本页出了故障。可以退回上一页再试一次。", "This page failed. You can go back and try once more.")
	errBusy   = ledger.Errorf(ledger.Unavailable, "page.busy", "这个网络来得太勤。请十分钟后再试，或者换成手机流量。", "Too many requests from this network. Try again in ten minutes, or use mobile data.")
	errForm   = ledger.Errorf(ledger.Invalid, "form.unreadable", "收到的内容不完整。请退回上一页再发一次。", "What arrived is not complete. Please go back and send it once more.")
	errLarge  = ledger.Errorf(ledger.Invalid, "form.too_large", "发来的内容太大。图片最多 3 张，每张不超过 12 MB。", "That is too large. At most 3 pictures of 12 MB each.")
)

func mediaType(r *http.Request) string {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}

// posted reads a form. Pictures are handed to each one after the other, as they
// arrive, and never lie anywhere but in memory: net/http's own reader of such
// forms writes what is large to the temporary folder.
func posted(w http.ResponseWriter, r *http.Request, each func(io.Reader) error) (url.Values, error) {
	if mediaType(r) != "multipart/form-data" {
		raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostForm))
		if err != nil {
			return nil, tooLarge(err)
		}
		values, err := url.ParseQuery(string(raw))
		if err != nil {
			return nil, errForm
		}
		return values, nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	lean := &lean{ReadCloser: r.Body, room: mostForm + mostParts<<10}
	r.Body = lean
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, errForm
	}
	values, room := url.Values{}, int64(mostForm)
	for range mostParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return values, tooLarge(err)
		}
		if part.FormName() == "picture" {
			if part.FileName() == "" {
				continue // nothing was chosen
			}
			lean.free = true
			err := each(part)
			if lean.free = false; err != nil {
				return values, err
			}
			continue
		}
		raw, err := io.ReadAll(io.LimitReader(part, room+1))
		if room -= int64(len(raw)); err != nil || room < 0 {
			return values, tooLarge(err)
		}
		values.Add(part.FormName(), string(raw))
	}
	return values, errForm
}

// lean reads a form for as long as all that is no picture may be, and pictures
// for as long as the whole: a part's headers, of which the standard library
// takes ten megabytes, are no picture.
type lean struct {
	io.ReadCloser
	room int
	free bool // in a picture
}

func (l *lean) Read(p []byte) (int, error) {
	if l.free {
		return l.ReadCloser.Read(p)
	}
	if l.room == 0 {
		return 0, errLarge
	}
	n, err := l.ReadCloser.Read(p[:min(len(p), l.room)])
	l.room -= n
	return n, err
}

// tooLarge is what is said of a form that could not be read.
func tooLarge(err error) error {
	if said, ok := errors.AsType[*ledger.Error](err); ok {
		return said
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large || err == nil {
		return errLarge
	}
	return errForm
}

package intakejs

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"suyuan/services/intake/envelope"
	"suyuan/services/intake/picture"
)

// The policy of the reporting pages.
var policy = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
		"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"Cache-Control":                "no-store",
}

const patience = 2 * time.Minute

// A tab shows a page under the policy, with the bundle as window.intake.
type tab struct {
	ctx context.Context

	mu   sync.Mutex
	said []string // on its console
}

// open begins a browser on a page of a host's; the host is not localhost, so
// that without TLS it is what an onion page is: a place without crypto.subtle.
// files are to be had at /file/<name>.
func open(t *testing.T, files map[string][]byte) *tab {
	t.Helper()
	bundle := filepath.Join(t.TempDir(), "intake.js")
	if out, err := exec.Command("node", "twin.mjs", bundle).CombinedOutput(); err != nil {
		t.Fatalf("node twin.mjs: %v\n%s", err, out)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range policy {
			w.Header().Set(name, value)
		}
		switch name, file := strings.CutPrefix(r.URL.Path, "/file/"); {
		case file && files[name] != nil:
			_, _ = w.Write(files[name])
		case r.URL.Path == "/intake.js":
			http.ServeFile(w, r, bundle)
		case r.URL.Path == "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, `<!doctype html><html lang="zh-CN"><title>举报</title><script src="/intake.js"></script><main></main></html>`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	path, err := chromium()
	if err != nil {
		t.Fatal(err)
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("no-sandbox", os.Getuid() == 0), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("host-resolver-rules", "MAP report.test 127.0.0.1"))
	t.Cleanup(stopAllocator)
	ctx, stop := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		defer stop()
		limited, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		_ = chromedp.Cancel(limited)
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	page := &tab{ctx: ctx}
	err = chromedp.Listen(ctx, func(event any) {
		page.mu.Lock()
		defer page.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			page.said = append(page.said, fmt.Sprint(e.Type))
		case *runtime.EventExceptionThrown:
			page.said = append(page.said, e.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.RunResponse(ctx, chromedp.Navigate("http://report.test:"+address.Port()+"/")); err != nil {
		t.Fatal(err)
	}
	do[bool](t, page, `window.broken = []; document.addEventListener("securitypolicyviolation", (e) => broken.push(e.violatedDirective + " " + e.blockedURI)); return true`)
	return page
}

func chromium() (string, error) {
	if path := os.Getenv("SUYUAN_CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no chromium here: 'make test' installs it, or says what to install")
}

// do runs the body of an async function in the page.
func do[T any](t *testing.T, page *tab, body string) T {
	t.Helper()
	limited, cancel := context.WithTimeout(page.ctx, patience)
	defer cancel()
	got, err := chromedp.Run(limited, chromedp.Evaluate[T]("(async () => {"+body+"})()", chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%v in %.200s", err, body)
	}
	return got
}

// quiet checks that nothing was forbidden and nothing said.
func (page *tab) quiet(t *testing.T) {
	t.Helper()
	if broken := do[[]string](t, page, `return broken`); len(broken) > 0 {
		t.Errorf("the policy forbids what it does: %v", broken)
	}
	page.mu.Lock()
	defer page.mu.Unlock()
	if len(page.said) > 0 {
		t.Errorf("on the console: %v", page.said)
	}
}

const helpers = `
	const base64 = (bytes) => { let s = ""; for (const b of bytes) s += String.fromCharCode(b); return btoa(s) };
	const file = async (name) => (await fetch("/file/" + name)).blob();
	const unhex = (text) => new Uint8Array(text.match(/../g).map((b) => parseInt(b, 16)));
`

// A whole report, in a real browser, under the policy, on a page without TLS.
func TestReportInChromium(t *testing.T) {
	c := cases[envelopeCases](t, "envelopes.json")
	reporter := cases[receiptCases](t, "receipts.json").Derive[0]
	page := open(t, map[string][]byte{"photo": photograph(t, corners(1200, 900), 6), "message": c.Messages[0].Sealed})
	letter, err := json.Marshal(c.letter(t, members{"text": "县里把 600 改成了 690。"}))
	if err != nil {
		t.Fatal(err)
	}
	got := do[struct {
		Subtle           bool
		Supported        bool
		Text, Large      []byte
		Message, Replies string
		Turns            int
		Gap, Deriving    float64
		Derive           float64
		Sealing          float64
	}](t, page, helpers+fmt.Sprintf(`
		const letter = %s;
		let turns = 0, gap = 0, last = performance.now();
		const look = () => { const now = performance.now(); gap = Math.max(gap, now - last); last = now; turns++ };
		let awake = true, deriving = 0;
		const frame = () => { look(); if (awake) requestAnimationFrame(frame) };
		requestAnimationFrame(frame);
		const begun = performance.now();
		const keys = await intake.deriveKeys(intake.parseReceipt(%q), unhex(%q));
		look();
		[deriving, gap] = [gap, 0];
		const derived = performance.now();
		const { jpeg } = await intake.cleanPicture(await file("photo"));
		const before = performance.now();
		[gap, last] = [0, before];
		const large = await intake.sealLetter({ ...letter, keys, pictures: [jpeg, jpeg, jpeg] });
		look();
		awake = false;
		const sealing = performance.now() - before;
		return {
			subtle: crypto.subtle !== undefined, supported: intake.supported(), turns, gap, deriving, derive: derived - begun, sealing,
			text: base64(await intake.sealLetter({ ...letter, keys })), large: base64(large),
			message: await intake.openMessage(new Uint8Array(await (await file("message")).arrayBuffer()), keys.identity),
			replies: keys.replies,
		};`, letter, reporter.Receipt, reporter.Service))
	if got.Subtle || !got.Supported {
		t.Errorf("crypto.subtle is there: %t; supported: %t", got.Subtle, got.Supported)
	}
	if got.Message != c.Messages[0].Opens || got.Replies != reporter.Stored.Replies {
		t.Error("other keys, or another message")
	}
	for _, sealed := range [][]byte{got.Text, got.Large} {
		e, err := envelope.Read(sealed)
		if err != nil {
			t.Fatal(err)
		}
		n, err := envelope.OpenNarrative(e.Narrative, parsed(t, c.Keys.Investigators[0]))
		if err != nil || n.Text != "县里把 600 改成了 690。" {
			t.Fatalf("%q, %v", n.Text, err)
		}
		for _, p := range n.Pictures {
			if _, err := jpeg.Decode(bytes.NewReader(p)); err != nil || bytes.Contains(p, []byte("CANARY")) {
				t.Errorf("a picture of %d bytes: %v", len(p), err)
			}
		}
	}
	if got.Turns < 2 {
		t.Errorf("the page had %d turns while keys were derived", got.Turns)
	}
	t.Logf("keys in %.0f ms, the page asleep for %.0f ms at most; 4 MiB sealed in %.0f ms, asleep for %.0f ms", got.Derive, got.Deriving, got.Sealing, got.Gap)
	page.quiet(t)
}

// Pictures come out of a canvas as they come out of the server: upright, of
// the same size, with nothing but pixels.
func TestPicturesInChromium(t *testing.T) {
	files := map[string][]byte{
		"large": photograph(t, corners(3000, 1800), 1), "noise": jpegOf(t, noise(1600, 1600)), "noise-png": pngOf(t, noise(1100, 900)),
		"clear": pngOf(t, image.NewNRGBA(image.Rect(0, 0, 50, 40))), "thin": pngOf(t, corners(2, 4000)), "one": jpegOf(t, corners(2, 2)),
		"bad": append(bytes.Clone(jpegOf(t, corners(64, 64))[:300]), "nothing"...), "pdf": []byte("%PDF-1.7"), "heavy": append(jpegOf(t, corners(8, 8)), make([]byte, picture.MaxInput)...),
	}
	for orientation := 1; orientation <= 8; orientation++ {
		files[fmt.Sprint("lies-", orientation)] = photograph(t, corners(1700, 1000), orientation)
		files[fmt.Sprint("png-", orientation)] = behind(pngOf(t, corners(300, 200)), 33, chunk("eXIf", tiff(binary.BigEndian, orientation)))
	}
	page := open(t, files)
	for name, file := range files {
		got := do[struct {
			JPEG          []byte
			Width, Height int
			Rule, Zh      string
		}](t, page, helpers+fmt.Sprintf(`
			try {
				const { jpeg, width, height } = await intake.cleanPicture(await file(%q));
				return { jpeg: base64(jpeg), width, height };
			} catch (e) { return { rule: e.rule ?? String(e), zh: e.zh } }`, name))
		want, err := picture.Clean(t.Context(), bytes.NewReader(file))
		if err != nil {
			refused := answer{Message: got.Rule, Refused: &struct{ Rule, Zh, En, Field string }{got.Rule, got.Zh, "", ""}}
			if got.JPEG != nil || !strings.Contains(err.Error(), refused.Refused.Rule) {
				t.Errorf("%s: %s, on the server %v", name, got.Rule, err)
			}
			continue
		}
		if got.Rule != "" {
			t.Errorf("%s: refused: %s", name, got.Rule)
			continue
		}
		m, err := jpeg.Decode(bytes.NewReader(got.JPEG))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if size := m.Bounds().Size(); size != image.Pt(got.Width, got.Height) || math.Abs(float64(size.X-want.Width)) > 1 || math.Abs(float64(size.Y-want.Height)) > 1 {
			if !strings.HasPrefix(name, "noise") { // what does not fit is reduced, each in its own way
				t.Errorf("%s: %v, on the server %d × %d", name, size, want.Width, want.Height)
			}
		}
		if len(got.JPEG) > picture.MaxOutput || bytes.Contains(got.JPEG, []byte("CANARY")) || hasAside(got.JPEG) {
			t.Errorf("%s: %d bytes, with more than pixels in them", name, len(got.JPEG))
		}
		theirs, err := jpeg.Decode(bytes.NewReader(want.JPEG))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "noise") || name == "one" {
			continue
		}
		for _, at := range [][2]int{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
			if !alike(m, theirs, at) {
				t.Errorf("%s: another colour at %v quarters", name, at)
			}
		}
	}
	page.quiet(t)
}

// hasAside reports whether a JPEG has application segments or comments.
func hasAside(file []byte) bool {
	for at := 2; at+4 <= len(file) && file[at+1] != 0xDA; at += 2 + int(file[at+2])<<8 + int(file[at+3]) {
		if m := file[at+1]; m >= 0xE0 && m <= 0xEF || m == 0xFE {
			return true
		}
	}
	return false
}

func alike(a, b image.Image, quarters [2]int) bool {
	at := func(m image.Image) (r, g, b int) {
		s := m.Bounds().Size()
		x, y, z, _ := m.At(s.X*quarters[0]/4, s.Y*quarters[1]/4).RGBA()
		return int(x >> 8), int(y >> 8), int(z >> 8)
	}
	r1, g1, b1 := at(a)
	r2, g2, b2 := at(b)
	near := func(x, y int) bool { return x-y < 25 && y-x < 25 }
	return near(r1, r2) && near(g1, g2) && near(b1, b2)
}

// A browser that gives white for what was drawn would have people send
// pictures of nothing.
func TestCanvasThatLies(t *testing.T) {
	page := open(t, map[string][]byte{"photo": jpegOf(t, corners(40, 30))})
	got := do[string](t, page, helpers+`
		const kept = CanvasRenderingContext2D.prototype.getImageData;
		CanvasRenderingContext2D.prototype.getImageData = function (...a) { const d = kept.apply(this, a); d.data.fill(255); return d };
		try { await intake.cleanPicture(await file("photo")); return "" } catch (e) { return e.rule } finally { CanvasRenderingContext2D.prototype.getImageData = kept }`)
	if got != "picture.not_here" {
		t.Errorf("%q", got)
	}
}

// What is painted over is black in what is sent, and undo takes it back.
func TestBrush(t *testing.T) {
	page := open(t, map[string][]byte{"photo": jpegOf(t, corners(800, 600))})
	got := do[struct {
		Black, Undone []byte
		Strokes       int
	}](t, page, helpers+`
		const canvas = await intake.openPicture(await file("photo"));
		document.querySelector("main").append(canvas);
		const b = intake.brush(canvas), box = canvas.getBoundingClientRect();
		canvas.setPointerCapture = () => {};
		const point = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: box.left + x * box.width, clientY: box.top + y * box.height, bubbles: true, cancelable: true }));
		point("pointerdown", 0.1, 0.25); point("pointermove", 0.25, 0.25); point("pointermove", 0.3, 0.25); point("pointerup", 0.3, 0.25);
		point("pointermove", 0.9, 0.9);
		const black = base64((await intake.finishPicture(canvas)).jpeg), strokes = b.strokes();
		b.undo();
		return { black, strokes, undone: base64((await intake.finishPicture(canvas)).jpeg) };`)
	painted, err := jpeg.Decode(bytes.NewReader(got.Black))
	if err != nil {
		t.Fatal(err)
	}
	undone, err := jpeg.Decode(bytes.NewReader(got.Undone))
	if err != nil {
		t.Fatal(err)
	}
	black := func(m image.Image, x, y int) bool {
		r, g, b, _ := m.At(x, y).RGBA()
		return r+g+b < 3*40<<8
	}
	if got.Strokes != 1 || !black(painted, 200, 150) || !black(painted, 100, 150) || black(painted, 480, 345) || black(undone, 200, 150) {
		t.Errorf("%d strokes; black where painted: %t", got.Strokes, black(painted, 200, 150))
	}
	page.quiet(t)
}

package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"suyuan/services/intake/envelope"
)

// toThird fills in what is needed to come to the third step.
func (p reporter) toThird(t *testing.T) {
	t.Helper()
	p.task(t, "farmland-600")
	p.tap(t, "who", "level:COUNTY")
	p.tap(t, "place", "990101")
	p.tap(t, "dimension", "quantity")
	p.click(t, "2")
	p.click(t, "3")
}

// photo is a white picture as a file.
func photo(t *testing.T) string {
	t.Helper()
	white := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	var out bytes.Buffer
	if err := png.Encode(&out, white); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "photo.png")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A picture is painted over and leaves the browser sealed, in the large size;
// what was painted over is not in it.
func TestReportPicture(t *testing.T) {
	h := reportHost(t)
	v := view{360, "zh-CN", true}
	p := reporter{page: visitFor(t, h.url+"/", v, 5*patience), name: "picture"}
	p.toThird(t)
	bad := filepath.Join(t.TempDir(), "note.pdf")
	if err := os.WriteFile(bad, []byte("%PDF-1.4"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.must(t, chromedp.SetUploadFiles(chromedp.CSS("#picture-file"), []string{bad}))
	p.until(t, `document.querySelector("[data-pictures] .fault").textContent !== ""`)
	p.must(t, chromedp.SetUploadFiles(chromedp.CSS("#picture-file"), []string{photo(t)}))
	p.until(t, `!!document.querySelector(".drawing canvas")`)
	p.must(t, chromedp.ScrollIntoView(chromedp.CSS(".drawing canvas")))
	corner := eval[[]float64](t, p.page, `(() => { const b = document.querySelector(".drawing canvas").getBoundingClientRect(); return [b.left + b.width / 4, b.top + b.height / 2, b.left + b.width / 2] })()`)
	p.must(t,
		chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, corner[0], corner[1], chromedp.ButtonLeft),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, corner[2], corner[1], chromedp.ButtonLeft),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, corner[2], corner[1], chromedp.ButtonLeft),
	)
	p.sound(t, v.lang)
	p.click(t, "send")
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.sizes) != 1 || !h.sizes[envelope.PicturesSize] {
		t.Fatalf("sent %v", h.sizes)
	}
	for _, raw := range h.sealed {
		e, err := envelope.Read(raw)
		if err != nil {
			t.Fatal(err)
		}
		n, err := envelope.OpenNarrative(e.Narrative, h.investigators[1])
		if err != nil || len(n.Pictures) != 1 {
			t.Fatalf("%d pictures, %v", len(n.Pictures), err)
		}
		got, err := jpeg.Decode(bytes.NewReader(n.Pictures[0]))
		if err != nil {
			t.Fatal(err)
		}
		for at, dark := range map[image.Point]bool{{100, 100}: true, {140, 100}: true, {250, 100}: false, {100, 20}: false} {
			if y := color.GrayModel.Convert(got.At(at.X, at.Y)).(color.Gray).Y; (y < 64) != dark {
				t.Errorf("at %v it is %d bright", at, y)
			}
		}
	}
}

// Without scripts the form carries the pictures, chosen at the last step.
func TestReportPictureWithoutScripts(t *testing.T) {
	h := reportHost(t)
	p := reporter{page: visitFor(t, h.url+"/", view{360, "en", false}, 5*patience), name: "picture"}
	p.toThird(t)
	p.must(t, chromedp.SetUploadFiles(chromedp.CSS("#picture2"), []string{photo(t)}))
	p.click(t, "send")
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.drafts) != 1 || len(h.drafts[0].Pictures) != 1 || len(h.drafts[0].Pictures[0].JPEG) == 0 {
		t.Errorf("%d drafts", len(h.drafts))
	}
}

// Somebody who looks in the dark finds every word readable too.
func TestReportInTheDark(t *testing.T) {
	h := reportHost(t)
	p := reporter{page: visitFor(t, h.url+"/", view{360, "zh-CN", true}, 5*patience), name: "dark"}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
	}); err != nil {
		t.Fatal(err)
	}
	p.click(t, "2")
	p.sound(t, "zh-CN")
	p.clearFaults(t)
	p.toThird(t)
	p.sound(t, "zh-CN")
}

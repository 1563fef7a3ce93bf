package picture

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"image"
	"image/color/palette"
	"image/gif"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

func zipOf(t testing.TB, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte("content of " + name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, image.NewPaletted(image.Rect(0, 0, 8, 8), palette.Plan9), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarOf(t testing.TB, zipped bool) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "a", Size: 0, Mode: 0o600}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !zipped {
		return b.Bytes()
	}
	var z bytes.Buffer
	g := gzip.NewWriter(&z)
	if _, err := g.Write(b.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	return z.Bytes()
}

func media(brands ...string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(12+4*len(brands)))
	b = append(append(append(b, "ftyp"...), brands[0]...), 0, 0, 0, 0)
	return append(append(b, strings.Join(brands[1:], "")...), make([]byte, 100)...)
}

func TestOtherFilesAreNamed(t *testing.T) {
	for _, test := range []struct {
		name, rule, says string
		file             []byte
	}{
		{"nothing", "picture.empty", "空文件", nil},
		{"a byte", "picture.unknown", "认不出", []byte{0xff}},
		{"text", "picture.unknown", "认不出", []byte("县里把600加到690")},
		{"PDF", "picture.pdf", "PDF", []byte("%PDF-1.7\n")},
		{"PDF with a mark", "picture.pdf", "PDF", []byte("\uFEFF\r\n%PDF-1.4\n")},
		{"docx", "picture.office", "办公文档", zipOf(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml")},
		{"xlsx of WPS", "picture.office", "办公文档", zipOf(t, "docProps/app.xml", "xl/workbook.xml")},
		{"pptx", "picture.office", "办公文档", zipOf(t, "_rels/.rels", "ppt/presentation.xml")},
		{"OFD", "picture.office", "办公文档", zipOf(t, "OFD.xml", "Doc_0/Document.xml")},
		{"odt", "picture.office", "办公文档", []byte("PK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00mimetypeapplication/vnd.oasis.opendocument.text")},
		{"doc", "picture.office", "办公文档", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
		{"rtf", "picture.office", "办公文档", []byte(`{\rtf1\ansi`)},
		{"zip", "picture.archive", "压缩包", zipOf(t, "a.jpg")},
		{"empty zip", "picture.archive", "压缩包", zipOf(t)},
		{"rar", "picture.archive", "压缩包", []byte("Rar!\x1a\x07\x01\x00")},
		{"7z", "picture.archive", "压缩包", []byte("7z\xbc\xaf\x27\x1c\x00\x04")},
		{"tar", "picture.archive", "压缩包", tarOf(t, false)},
		{"tar.gz", "picture.archive", "压缩包", tarOf(t, true)},
		{"xz", "picture.archive", "压缩包", []byte("\xfd7zXZ\x00\x00")},
		{"HEIC", "picture.heic", "HEIC", media("heic", "mif1", "heic")},
		{"HEIC by its second brand", "picture.heic", "HEIC", media("mif1", "mif1", "heic")},
		{"HEIF", "picture.heic", "HEIC", media("msf1", "msf1")},
		{"AVIF", "picture.avif", "AVIF", media("avif", "mif1", "miaf")},
		{"AVIF by its second brand", "picture.avif", "AVIF", media("mif1", "avif")},
		{"MP4", "picture.video", "视频", media("mp42", "isom")},
		{"MOV", "picture.video", "视频", media("qt  ")},
		{"old MOV", "picture.video", "视频", []byte("\x00\x00\x10\x00moov")},
		{"3GP", "picture.video", "视频", media("3gp5")},
		{"a brand cut off", "picture.video", "视频", []byte("\x00\x00\x00\x18ftyp")},
		{"WebM", "picture.video", "视频", []byte("\x1a\x45\xdf\xa3")},
		{"AVI", "picture.video", "视频", []byte("RIFF\x00\x00\x00\x00AVI LIST")},
		{"M4A", "picture.sound", "录音", media("M4A ", "mp42")},
		{"MP3", "picture.sound", "录音", []byte("ID3\x04\x00")},
		{"MP3 without a tag", "picture.sound", "录音", []byte("\xff\xfb\x90\x64")},
		{"WAV", "picture.sound", "录音", []byte("RIFF\x00\x00\x00\x00WAVEfmt ")},
		{"AMR", "picture.sound", "录音", []byte("#!AMR\n")},
		{"a WeChat voice message", "picture.sound", "录音", []byte("\x02#!SILK_V3")},
		{"GIF", "picture.gif", "GIF", gifOf(t)},
		{"GIFAR", "picture.gif", "GIF", append(gifOf(t), zipOf(t, "META-INF/MANIFEST.MF")...)},
		{"WebP", "picture.webp", "WebP", []byte("RIFF\x00\x00\x00\x00WEBPVP8 ")},
		{"BMP", "picture.bmp", "BMP", []byte("BM\x36\x00\x00\x00")},
		{"TIFF", "picture.tiff", "TIFF", []byte("II*\x00\x08\x00\x00\x00")},
		{"DNG", "picture.tiff", "TIFF", []byte("MM\x00*\x00\x00\x00\x08")},
		{"JPEG XL", "picture.other_format", "JPEG XL", []byte("\xff\x0a\x00")},
		{"PSD", "picture.other_format", "Photoshop", []byte("8BPS\x00\x01")},
		{"SVG", "picture.svg", "SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg">`)},
		{"SVG as XML", "picture.svg", "SVG", []byte("\uFEFF<?xml version=\"1.0\"?>\n<!-- a -->\n<svg width=\"1\">")},
		{"HTML", "picture.page", "网页", []byte("\n<!DOCTYPE html><title>")},
		{"a page that opens by a JPEG's mark", "picture.page", "网页", []byte("\xff\xd8<html>")},
		{"PHP", "picture.page", "网页", []byte("<?php system(1);")},
		{"a script", "picture.page", "网页", []byte("#!/bin/sh\n")},
		{"exe", "picture.program", "程序", []byte("MZ\x90\x00")},
		{"PNG, spoilt by a text transfer", "picture.unknown", "认不出", []byte("\x89PNG\n\x1a\n")},
	} {
		t.Run(test.name, func(t *testing.T) {
			refused(t, test.file, test.rule)
			_, err := Clean(context.Background(), bytes.NewReader(test.file))
			if says := ledger.AsError(err).Text.Zh; !strings.Contains(says, test.says) {
				t.Errorf("%q does not name %s", says, test.says)
			}
		})
	}
}

func TestEveryRefusalSpeaks(t *testing.T) {
	all := []*ledger.Error{alsoAnother(isZip), animated(), tooManyBytes(), tooManyPixels(), tooLong(), tooHeavy(), damaged(), interrupted(nil), isUnknown.refusal(), isEmpty.refusal()}
	for _, b := range beginnings {
		if b.is.rule != "" {
			all = append(all, b.is.refusal())
		}
	}
	for _, e := range all {
		if both := e.Text.Zh + e.Text.En; !strings.HasPrefix(e.Rule, "picture.") || strings.Contains(both, "%!") || !strings.Contains(e.Text.Zh, "请") {
			t.Errorf("%s: %s", e.Rule, both)
		}
	}
}

// TestTwoFilesInOne: refused where the second is of a kind that opens, and
// only left behind where a camera puts it there.
func TestTwoFilesInOne(t *testing.T) {
	j, p := jpegOf(t, scene(64, 48, 1)), pngOf(t, scene(64, 48, 1))
	archive := zipOf(t, "evil.class")
	behind := func(file []byte, more ...string) []byte { return append(bytes.Clone(file), strings.Join(more, "")...) }
	for name, file := range map[string][]byte{
		"JPEG and ZIP":              behind(j, string(archive)),
		"JPEG and ZIP, with a gap":  behind(j, canary, string(archive), "\x00\x00"),
		"PNG and ZIP":               behind(p, string(archive)),
		"a ZIP in a comment":        with(j, segment(markCOM, string(archive))),
		"a ZIP in a chunk":          withChunks(p, chunk("prVt", string(archive))),
		"an empty ZIP":              behind(j, string(zipOf(t))),
		"JPEG and RAR":              behind(j, "Rar!\x1a\x07\x00"),
		"RAR in a comment":          with(j, segment(markCOM, "..Rar!\x1a\x07\x00")),
		"JPEG and 7z":               behind(j, "...7z\xbc\xaf\x27\x1c\x00\x04"),
		"JPEG and HTML":             behind(j, "\n<html><body>"),
		"HTML in a comment":         with(j, segment(markCOM, "*/<script src=x>")),
		"script in EXIF":            with(j, segment(markAPP1, exifHead+"<SCRIPT>")),
		"PNG and PHP":               behind(p, "<?php passthru($_GET[0]);"),
		"PHP in a PNG's text":       withChunks(p, chunk("tEXt", "Comment\x00<?PHP system(1);")),
		"PHP in a PNG's EXIF":       withChunks(p, chunk("eXIf", "MM\x00*<?php ")),
		"PDF in a comment":          with(j, segment(markCOM, "%PDF-1.4 1 0 obj")),
		"PDF behind":                behind(j, "%PDF-1.4 1 0 obj"),
		"PDF in a PNG's first text": withChunks(p, chunk("tEXt", "a\x00%PDF-1.4")),
		"SVG behind":                behind(p, "<svg onload=alert(1)>"),
		"a program behind":          behind(j, "MZ\x90\x00"),
		"Office behind":             behind(j, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
	} {
		t.Run(name, func(t *testing.T) { refused(t, file, "picture.two_files_in_one") })
	}
	for name, file := range map[string][]byte{
		"a film behind":       behind(j, string(media("mp42", "isom"))),
		"a picture behind":    behind(j, string(j)),
		"what a phone adds":   behind(j, "\x00\x00\x30\x0aMotionPhoto_Data", string(media("mp42")), "SEFHe\x00\x00\x00SEFT"),
		"noughts behind":      behind(j, strings.Repeat("\x00", 5000)),
		"a gain map's XMP":    with(j, segment(markAPP1, "http://ns.adobe.com/xap/1.0/\x00<?xpacket begin='' id=''?><x:xmpmeta><rdf:RDF>")),
		"the ZIP mark, alone": behind(j, "..PK\x05\x06"),
	} {
		t.Run(name, func(t *testing.T) {
			if !bytes.Equal(clean(t, file).JPEG, clean(t, j).JPEG) {
				t.Error("another picture")
			}
		})
	}
}

// What is written where pixels are stored does not come through as bytes.
func TestAPayloadInThePixelsIsGone(t *testing.T) {
	const payload = "<?php system($_GET[0]);/*"
	file := rawPNG(t, 64, 16, 8, 0, 0, "", func(x, _, _ int) int { return int(payload[x%len(payload)]) })
	if bytes.Contains(clean(t, file).JPEG, []byte("<?php")) {
		t.Error("it came through")
	}
	j := jpegOf(t, scene(64, 48, 1))
	at := len(j) - 30
	spoilt := bytes.Clone(j)
	copy(spoilt[at:], payload)
	if p, err := Clean(context.Background(), bytes.NewReader(spoilt)); err == nil && bytes.Contains(p.JPEG, []byte("<?php")) {
		t.Error("it came through")
	}
}

package picture

import (
	"bytes"
	"regexp"
)

// sniffed is how many bytes tell what a file is: an Office file's first names
// are among them, and a tar archive's mark.
const sniffed = 4096

// A kind is what a file is by how it begins. JPEG and PNG have no rule.
type kind struct {
	rule   string
	zh, en string // what it is called, after 这是 and "This is"
	advice advice
	jpeg   bool
	second bool // a file that can hide behind a picture and still be opened
}

// Kinds that are told by more than one beginning.
var (
	isJPEG    = kind{jpeg: true}
	isPNG     = kind{}
	isPDF     = kind{rule: "picture.pdf", zh: "PDF 文件", en: "a PDF", advice: screenshotPage, second: true}
	isOffice  = kind{rule: "picture.office", zh: "办公文档（Word、Excel、PPT、WPS、OFD 等）", en: "an office document", advice: screenshotPage, second: true}
	isZip     = kind{rule: "picture.archive", zh: "压缩包或安装包", en: "an archive", advice: unpack, second: true}
	isHEIC    = kind{rule: "picture.heic", zh: "HEIC 图片（苹果手机的格式）", en: "a HEIC picture (an iPhone's format)", advice: screenshot}
	isAVIF    = kind{rule: "picture.avif", zh: "AVIF 图片", en: "an AVIF picture", advice: screenshot}
	isVideo   = kind{rule: "picture.video", zh: "视频", en: "a video", advice: frame}
	isSound   = kind{rule: "picture.sound", zh: "录音或音乐", en: "a sound recording", advice: words}
	isSVG     = kind{rule: "picture.svg", zh: "SVG 图形", en: "an SVG drawing", advice: screenshot, second: true}
	isPage    = kind{rule: "picture.page", zh: "网页或程序文件", en: "a web page or a script", advice: screenshotPage, second: true}
	isProgram = kind{rule: "picture.program", zh: "程序", en: "a program", advice: screenshot, second: true}
	isTIFF    = kind{rule: "picture.tiff", zh: "TIFF 或相机原始图片", en: "a TIFF or a camera's raw picture", advice: screenshot}
	isJPEGX   = kind{rule: "picture.other_format", zh: "JPEG 2000 或 JPEG XL 图片", en: "a JPEG 2000 or JPEG XL picture", advice: screenshot}
	isUnknown = kind{rule: "picture.unknown", zh: "认不出的文件", en: "a file of a kind that is not known here", advice: screenshot}
	isEmpty   = kind{rule: "picture.empty", zh: "空文件", en: "an empty file", advice: again}
)

// beginnings, at a place in the file; the first that fits decides.
var beginnings = []struct {
	at   int
	mark string
	is   kind
}{
	{0, "\xff\xd8\xff", isJPEG},
	{0, pngHead, isPNG},
	{0, "%PDF-", isPDF},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", isOffice}, // doc, xls, ppt, wps, et
	{0, `{\rtf`, isOffice},
	{0, "PK\x03\x04", isZip}, // unless zipped says better
	{0, "PK\x05\x06", isZip},
	{0, "PK\x07\x08", isZip},
	{0, "Rar!\x1a\x07", isZip},
	{0, "7z\xbc\xaf\x27\x1c", isZip},
	{0, "\x1f\x8b\x08", isZip},
	{0, "BZh", isZip},
	{0, "\xfd7zXZ\x00", isZip},
	{0, "\x28\xb5\x2f\xfd", isZip},
	{257, "ustar", isZip},
	{0, "GIF8", kind{rule: "picture.gif", zh: "GIF 图片", en: "a GIF picture", advice: screenshot}},
	{8, "WEBP", kind{rule: "picture.webp", zh: "WebP 图片", en: "a WebP picture", advice: screenshot}},
	{8, "AVI ", isVideo},
	{8, "WAVE", isSound},
	{0, "II*\x00", isTIFF},
	{0, "MM\x00*", isTIFF},
	{0, "II+\x00", isTIFF},
	{0, "MM\x00+", isTIFF},
	{0, "BM", kind{rule: "picture.bmp", zh: "BMP 图片", en: "a BMP picture", advice: screenshot}},
	{0, "8BPS", kind{rule: "picture.other_format", zh: "Photoshop 文件", en: "a Photoshop file", advice: screenshot}},
	{0, "\x00\x00\x01\x00", kind{rule: "picture.other_format", zh: "图标文件", en: "an icon", advice: screenshot}},
	{0, "\x00\x00\x00\x0cjP  \r\n\x87\n", isJPEGX},
	{0, "\xff\x4f\xff\x51", isJPEGX},
	{0, "\x00\x00\x00\x0cJXL \r\n\x87\n", isJPEGX},
	{0, "\xff\x0a", isJPEGX},
	{4, "ftyp", isVideo}, // unless branded says better
	{4, "moov", isVideo},
	{4, "mdat", isVideo},
	{0, "\x1a\x45\xdf\xa3", isVideo},         // Matroska, WebM
	{0, "\x30\x26\xb2\x75\x8e\x66", isVideo}, // WMV, WMA
	{0, "FLV\x01", isVideo},
	{0, "\x00\x00\x01\xba", isVideo}, // MPEG
	{0, "ID3", isSound},
	{0, "\xff\xfb", isSound}, // MP3 without a tag
	{0, "\xff\xf3", isSound},
	{0, "\xff\xf2", isSound},
	{0, "\xff\xf1", isSound}, // AAC
	{0, "#!AMR", isSound},
	{0, "#!SILK", isSound},
	{1, "#!SILK", isSound}, // WeChat's voice messages
	{0, "OggS", isSound},
	{0, "fLaC", isSound},
	{0, "MZ", isProgram},
	{0, "\x7fELF", isProgram},
}

var (
	svgMark = regexp.MustCompile(`(?is)^(<\?xml.*|<!--.*|<!doctype svg.*)?<svg\b`)
	webMark = regexp.MustCompile(`(?i)<(\?php|script\b|html\b|!doctype html)`)
)

// sniff is the kind of a file that begins with head.
func sniff(head []byte) kind {
	for _, b := range beginnings {
		if len(head) < b.at || !bytes.HasPrefix(head[b.at:], []byte(b.mark)) {
			continue
		}
		switch b.mark {
		case "PK\x03\x04":
			return zipped(head)
		case "ftyp":
			return branded(head)
		}
		return b.is
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\uFEFF")), " \t\r\n\x00")
	switch {
	case len(head) == 0:
		return isEmpty
	case bytes.HasPrefix(text, []byte("%PDF-")):
		return isPDF
	case svgMark.Match(text):
		return isSVG
	case bytes.HasPrefix(text, []byte("#!")) || webMark.Match(text):
		return isPage
	}
	return isUnknown
}

// zipped tells the documents that are ZIP files by the names they begin with.
func zipped(head []byte) kind {
	for _, name := range []string{"[Content_Types].xml", "docProps/", "word/", "xl/", "ppt/", "OFD.xml", "mimetypeapplication/vnd.oasis"} {
		if bytes.Contains(head, []byte(name)) {
			return isOffice
		}
	}
	return isZip
}

// branded tells what an ISO media file is by its brands.
func branded(head []byte) kind {
	if len(head) < 12 {
		return isVideo
	}
	size := min(len(head), max(12, int(head[2])<<8|int(head[3])))
	brands := string(head[8:size])
	switch brands[:4] {
	case "M4A ", "M4B ":
		return isSound
	}
	for i := 0; i+4 <= len(brands); i += 4 {
		switch brands[i : i+4] {
		case "avif", "avis":
			return isAVIF
		case "heic", "heix", "heim", "heis", "hevc", "hevx":
			return isHEIC
		}
	}
	if brands[:4] == "mif1" || brands[:4] == "msf1" {
		return isHEIC
	}
	return isVideo
}

// second is what else the file is: a picture that is also an archive, a
// document, a page or a program was made to pass for what it is not. Other
// pictures and a film behind the picture are a camera's doing, and only left
// behind.
func second(data []byte, asides [][]byte) (kind, bool) {
	if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return isPDF, true
	}
	if archived(data) {
		return isZip, true
	}
	for _, aside := range asides {
		begins := bytes.TrimLeft(aside, " \t\r\n\x00")
		if is := sniff(begins[:min(len(begins), sniffed)]); is.second {
			return is, true
		}
		if bytes.Contains(aside, []byte("Rar!\x1a\x07")) || bytes.Contains(aside, []byte("7z\xbc\xaf\x27\x1c")) {
			return isZip, true
		}
		if webMark.Match(aside) {
			return isPage, true
		}
	}
	return kind{}, false
}

// archived reports whether a program that opens ZIP files, which looks for the
// directory from the end, would open this one.
func archived(data []byte) bool {
	const least, comment = 22, 65535
	tail := data[max(0, len(data)-least-comment):]
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || at+least > len(tail) {
		return false
	}
	entries := int(tail[at+10]) | int(tail[at+11])<<8
	return entries == 0 || bytes.Contains(data, []byte("PK\x01\x02"))
}

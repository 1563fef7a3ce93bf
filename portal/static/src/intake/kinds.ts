// What a file is by how it begins, and what to send instead. The same as services/intake/picture/kind.go; a test holds
// both to the same answers.

import { Refusal } from "./refusal";

interface Kind {
  rule: string;
  zh: string;
  en: string;
  advice: readonly [zh: string, en: string];
}

const screenshot = ["请打开它，截屏后传截图。", "Open it, take a screenshot and send that."] as const;
const screenshotPage = [
  "文件里常带有作者姓名，所以不收；请打开它，把要紧的一页截屏后传截图。",
  "Such files often carry their author's name; open it, take a screenshot of the page that matters and send that.",
] as const;
const unpack = ["请解开它，只传里面的图片。", "Unpack it and send the pictures in it."] as const;
const frame = ["请在要紧的画面暂停，截屏后传截图。", "Pause it where it matters, take a screenshot and send that."] as const;
const words = [
  "声音会暴露说话的人，所以不收；请用文字写下要紧的话。",
  "A voice tells who speaks; write down in words what matters.",
] as const;
const again = ["请重新选择图片。", "Choose the picture again."] as const;

const kind = (rule: string, zh: string, en: string, advice: Kind["advice"]): Kind => ({
  rule: "picture." + rule,
  zh,
  en,
  advice,
});

const pdf = kind("pdf", "PDF 文件", "a PDF", screenshotPage);
const office = kind("office", "办公文档（Word、Excel、PPT、WPS、OFD 等）", "an office document", screenshotPage);
const zip = kind("archive", "压缩包或安装包", "an archive", unpack);
const heic = kind("heic", "HEIC 图片（苹果手机的格式）", "a HEIC picture (an iPhone's format)", screenshot);
const avif = kind("avif", "AVIF 图片", "an AVIF picture", screenshot);
const video = kind("video", "视频", "a video", frame);
const sound = kind("sound", "录音或音乐", "a sound recording", words);
const svg = kind("svg", "SVG 图形", "an SVG drawing", screenshot);
const page = kind("page", "网页或程序文件", "a web page or a script", screenshotPage);
const program = kind("program", "程序", "a program", screenshot);
const tiff = kind("tiff", "TIFF 或相机原始图片", "a TIFF or a camera's raw picture", screenshot);
const jpegX = kind("other_format", "JPEG 2000 或 JPEG XL 图片", "a JPEG 2000 or JPEG XL picture", screenshot);
const unknown = kind("unknown", "认不出的文件", "a file of a kind that is not known here", screenshot);
const empty = kind("empty", "空文件", "an empty file", again);

// At a place in the file, one character a byte; the first that fits decides.
const beginnings: [at: number, mark: string, is: Kind | "jpeg" | "png"][] = [
  [0, "\xff\xd8\xff", "jpeg"],
  [0, "\x89PNG\r\n\x1a\n", "png"],
  [0, "%PDF-", pdf],
  [0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", office],
  [0, "{\\rtf", office],
  [0, "PK\x03\x04", zip],
  [0, "PK\x05\x06", zip],
  [0, "PK\x07\x08", zip],
  [0, "Rar!\x1a\x07", zip],
  [0, "7z\xbc\xaf\x27\x1c", zip],
  [0, "\x1f\x8b\x08", zip],
  [0, "BZh", zip],
  [0, "\xfd7zXZ\x00", zip],
  [0, "\x28\xb5\x2f\xfd", zip],
  [257, "ustar", zip],
  [0, "GIF8", kind("gif", "GIF 图片", "a GIF picture", screenshot)],
  [8, "WEBP", kind("webp", "WebP 图片", "a WebP picture", screenshot)],
  [8, "AVI ", video],
  [8, "WAVE", sound],
  [0, "II*\x00", tiff],
  [0, "MM\x00*", tiff],
  [0, "II+\x00", tiff],
  [0, "MM\x00+", tiff],
  [0, "BM", kind("bmp", "BMP 图片", "a BMP picture", screenshot)],
  [0, "8BPS", kind("other_format", "Photoshop 文件", "a Photoshop file", screenshot)],
  [0, "\x00\x00\x01\x00", kind("other_format", "图标文件", "an icon", screenshot)],
  [0, "\x00\x00\x00\x0cjP  \r\n\x87\n", jpegX],
  [0, "\xff\x4f\xff\x51", jpegX],
  [0, "\x00\x00\x00\x0cJXL \r\n\x87\n", jpegX],
  [0, "\xff\x0a", jpegX],
  [4, "ftyp", video],
  [4, "moov", video],
  [4, "mdat", video],
  [0, "\x1a\x45\xdf\xa3", video],
  [0, "\x30\x26\xb2\x75\x8e\x66", video],
  [0, "FLV\x01", video],
  [0, "\x00\x00\x01\xba", video],
  [0, "ID3", sound],
  [0, "\xff\xfb", sound],
  [0, "\xff\xf3", sound],
  [0, "\xff\xf2", sound],
  [0, "\xff\xf1", sound],
  [0, "#!AMR", sound],
  [0, "#!SILK", sound],
  [1, "#!SILK", sound],
  [0, "OggS", sound],
  [0, "fLaC", sound],
  [0, "MZ", program],
  [0, "\x7fELF", program],
];

// formOf tells JPEG from PNG and refuses all else, by the first 4,096 bytes.
export function formOf(file: Uint8Array): "jpeg" | "png" {
  const is = sniff(latin(file.subarray(0, 4096)));
  if (is === "jpeg" || is === "png") return is;
  throw new Refusal(
    is.rule,
    `这是${is.zh}，这里只收 JPEG 和 PNG 图片。${is.advice[0]}`,
    `This is ${is.en}; only JPEG and PNG pictures are taken here. ${is.advice[1]}`,
    "pictures",
  );
}

export function latin(bytes: Uint8Array): string {
  let text = "";
  for (const b of bytes) text += String.fromCharCode(b);
  return text;
}

function sniff(head: string): Kind | "jpeg" | "png" {
  for (const [at, mark, is] of beginnings) {
    if (!head.startsWith(mark, at)) continue;
    if (mark === "PK\x03\x04") return zipped(head);
    if (mark === "ftyp") return branded(head);
    return is;
  }
  const text = head.replace(/^\xef\xbb\xbf/, "").replace(/^[ \t\r\n\0]+/, "");
  if (head === "") return empty;
  if (text.startsWith("%PDF-")) return pdf;
  if (/^(<\?xml[^]*|<!--[^]*|<!doctype svg[^]*)?<svg\b/i.test(text)) return svg;
  if (text.startsWith("#!") || /<(\?php|script\b|html\b|!doctype html)/i.test(text)) return page;
  return unknown;
}

// zipped tells the documents that are ZIP files by the names they begin with.
function zipped(head: string): Kind {
  const names = ["[Content_Types].xml", "docProps/", "word/", "xl/", "ppt/", "OFD.xml", "mimetypeapplication/vnd.oasis"];
  return names.some((name) => head.includes(name)) ? office : zip;
}

// branded tells what an ISO media file is by its brands.
function branded(head: string): Kind {
  if (head.length < 12) return video;
  const size = Math.min(head.length, Math.max(12, head.charCodeAt(2) * 256 + head.charCodeAt(3)));
  const first = head.slice(8, 12);
  if (first === "M4A " || first === "M4B ") return sound;
  for (let i = 8; i + 4 <= size; i += 4) {
    const brand = head.slice(i, i + 4);
    if (brand === "avif" || brand === "avis") return avif;
    if (["heic", "heix", "heim", "heis", "hevc", "hevx"].includes(brand)) return heic;
  }
  return first === "mif1" || first === "msf1" ? heic : video;
}

package picture

import "suyuan/services/ledger"

// advice is what to do instead, in both languages.
type advice struct{ zh, en string }

var (
	screenshot     = advice{"请打开它，截屏后传截图。", "Open it, take a screenshot and send that."}
	screenshotPage = advice{"文件里常带有作者姓名，所以不收；请打开它，把要紧的一页截屏后传截图。", "Such files often carry their author's name; open it, take a screenshot of the page that matters and send that."}
	unpack         = advice{"请解开它，只传里面的图片。", "Unpack it and send the pictures in it."}
	frame          = advice{"请在要紧的画面暂停，截屏后传截图。", "Pause it where it matters, take a screenshot and send that."}
	words          = advice{"声音会暴露说话的人，所以不收；请用文字写下要紧的话。", "A voice tells who speaks; write down in words what matters."}
	again          = advice{"请重新选择图片。", "Choose the picture again."}
)

// refusal says what the file is and what to send instead.
func (k kind) refusal() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, k.rule,
		"这是%[1]s，这里只收 JPEG 和 PNG 图片。%[3]s",
		"This is %[2]s; only JPEG and PNG pictures are taken here. %[4]s",
		k.zh, k.en, k.advice.zh, k.advice.en)
}

func alsoAnother(also kind) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "picture.two_files_in_one",
		"这个文件既是图片，又藏着%[1]s，不能收。请打开图片，截屏后传截图。",
		"This file is a picture and hides %[2]s as well, and is not taken. Open the picture, take a screenshot and send that.",
		also.zh, also.en)
}

func animated() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "picture.animated",
		"这是会动的 PNG 图片，只能收静止的图片。请把要紧的一幅截屏后传截图。",
		"This is an animated PNG and only still pictures are taken. Take a screenshot of the frame that matters and send that.")
}

func tooManyBytes() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "picture.too_many_bytes",
		"图片文件超过 %d MB。请打开它，截屏后传截图。",
		"The picture's file is larger than %d MB. Open it, take a screenshot and send that.", MaxInput>>20)
}

func tooManyPixels() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "picture.too_many_pixels",
		"图片超过 %[1]d 万像素。请打开它，截屏后传截图。",
		"The picture has more than %[2]d million pixels. Open it, take a screenshot and send that.", MaxPixels/10_000, MaxPixels/1_000_000)
}

func tooLong() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "picture.too_long",
		"图片有一边超过 %d 像素（多半是长截图），缩小后文字会看不清。请分段截屏，传要紧的几段。",
		"One side of the picture is longer than %d pixels (a long screenshot, perhaps), and its writing could not be read once reduced. Take screenshots of parts and send those that matter.", MaxLength)
}

func tooHeavy() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "picture.too_heavy",
		"这张图片的编码方式太占内存，无法处理。请打开它，截屏后传截图。",
		"The way this picture is stored takes too much memory to open. Open it, take a screenshot and send that.")
}

func damaged() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "picture.damaged",
		"图片不完整、已损坏，或编码方式少见，无法打开。请重新选择；仍不行，请截屏后传截图。",
		"The picture is incomplete, damaged or stored in a rare way, and cannot be opened. Choose it again; if that does not help, take a screenshot of it and send that.")
}

func interrupted(cause error) *ledger.Error {
	return ledger.Errorf(ledger.Unavailable, "picture.interrupted",
		"处理图片的时间太长，已停止。请稍后再传，或先截屏再传截图。",
		"Opening the picture took too long and was stopped. Send it again later, or take a screenshot of it and send that.").Because(cause)
}

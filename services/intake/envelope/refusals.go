package envelope

import "suyuan/services/ledger"

func invalid(rule, zh, en string) error {
	return ledger.Errorf(ledger.Invalid, "envelope."+rule, zh, en)
}

func badSize() error {
	return invalid("size",
		"送来的内容大小不对：密封后的信封只有 16 KiB 和 4 MiB 两种。网络可能中断了，请再发一次；没有保存任何内容。",
		"What arrived has a wrong size: sealed envelopes have 16 KiB or 4 MiB. The connection may have broken; send it again. Nothing was kept.")
}

func malformed() error {
	return invalid("malformed",
		"送来的信封格式不对，没有保存任何内容；请重新打开本页再试，或者关闭脚本后再提交。",
		"The envelope that arrived is not made as one, and nothing was kept; open the page anew and try again, or send without scripts.")
}

func badSignature() error {
	return invalid("signature",
		"信封的签名不对：内容在路上被改动过，或者没有送完整。没有保存任何内容，请再发一次。",
		"The envelope's signature does not fit: it was changed or cut on its way. Nothing was kept; send it again.")
}

func badText() error {
	return ledger.Errorf(ledger.Invalid, "envelope.text",
		"说明里有无法识别的字符，请删去粘贴来的符号后再试。",
		"The description has signs that cannot be read; take out what was pasted and try again.").At("text")
}

func longText() error {
	return ledger.Errorf(ledger.Invalid, "envelope.text_too_long",
		"说明最多 300 个字，请缩短后再提交。",
		"The description has at most 300 characters; make it shorter.").At("text")
}

func manyPictures() error {
	return ledger.Errorf(ledger.Invalid, "envelope.too_many_pictures",
		"最多可以附 3 张图片，请去掉多余的。",
		"At most 3 pictures can be sent; take out the others.").At("pictures")
}

func badPicture() error {
	return ledger.Errorf(ledger.Invalid, "envelope.picture",
		"图片没有处理好：应当是不超过 960 KiB 的 JPEG。请重新选择图片。",
		"A picture was not made ready: it has to be a JPEG of at most 960 KiB. Choose it again.").At("pictures")
}

func longFacts() error {
	return invalid("facts",
		"填写的事实缺失，或者太多、放不下；请少选几项，说明写短一些。",
		"The facts are missing, or too many to fit; choose fewer and put them shortly.")
}

func badMessage() error {
	return ledger.Errorf(ledger.Invalid, "envelope.message",
		"留言不能为空，最长 2048 字节（约 680 个汉字），请缩短后再发送。",
		"A message is not empty and has at most 2,048 bytes; make it shorter.").At("text")
}

func unopened() error {
	return ledger.Errorf(ledger.Refused, "envelope.unopened",
		"打不开：不是封给这把钥匙的，或者内容被改动过。请核对钥匙和文件。",
		"It cannot be opened: it was not sealed to this key, or was changed. Compare the key and the file.")
}

package receipt

import "suyuan/services/ledger"

// maxText bounds what Parse looks at, in bytes: a receipt in full width with
// every digit set apart, and a line of a chat around it.
const maxText = 1024

// Parse reads a receipt as people type and paste it: digits in half or full
// width, with spaces, dashes, dots, commas and line breaks of any script
// between them, and words before the first digit or after the last. Every
// digit of the text counts. A refusal says what to do and no more than which
// kind of fault it is: nothing of the text is in it.
func Parse(text string) (Receipt, error) {
	if len(text) > maxText {
		return Receipt{}, tooMuchText()
	}
	digits, err := read(text)
	if err != nil {
		clear(digits[:])
		return Receipt{}, err
	}
	// Not only the rest modulo 97: 00, 01 and 99 leave the same as 97, 98 and
	// 02, and are another receipt that nobody was given.
	if tens, ones := check(digits[:random]); digits[random] != tens || digits[random+1] != ones {
		clear(digits[:])
		return Receipt{}, badCheck()
	}
	return Receipt{digits: hide(digits)}, nil
}

func read(text string) (*[length]byte, error) {
	digits := new([length]byte)
	n, strange := 0, false
	for _, sign := range text {
		d, ok := digit(sign)
		switch {
		case !ok:
			strange = strange || n > 0 && !separates(sign)
		case strange:
			return digits, badSign()
		case n == length:
			return digits, tooMany()
		default:
			digits[n] = d
			n++
		}
	}
	switch n {
	case 0:
		return digits, missing()
	case length:
		return digits, nil
	}
	return digits, tooFew()
}

func digit(sign rune) (byte, bool) {
	switch {
	case sign >= '0' && sign <= '9':
		return byte(sign), true
	case sign >= '０' && sign <= '９':
		return '0' + byte(sign-'０'), true
	}
	return 0, false
}

// separators are the signs that may stand between digits, from each first to
// each last. The twin has the same; test/cases/receipts.json tries each.
var separators = [][2]rune{
	{'\t', '\r'}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, // spaces
	{0x85, 0x85}, {0x2028, 0x2029}, // ends of lines
	{0xAD, 0xAD}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2060}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}, // unseen: width nil, direction
	{'-', '-'}, {0x2010, 0x2015}, {0x2212, 0x2212}, {0xFE58, 0xFE58}, {0xFE63, 0xFE63}, {0xFF0D, 0xFF0D}, // dashes
	{',', ','}, {'.', '/'}, {'_', '_'}, {'|', '|'}, {0xB7, 0xB7}, {0x2022, 0x2022}, {0x2026, 0x2027}, {0x30FB, 0x30FB}, // dots, commas, strokes
	{0x3001, 0x3002}, {0xFF0C, 0xFF0C}, {0xFF0E, 0xFF0F}, {0xFF3F, 0xFF3F}, {0xFF5C, 0xFF5C}, // and in full width
}

func separates(sign rune) bool {
	for _, s := range separators {
		if sign >= s[0] && sign <= s[1] {
			return true
		}
	}
	return false
}

func invalid(rule, zh, en string) error {
	return ledger.Errorf(ledger.Invalid, "receipt."+rule, zh, en).At("receipt")
}

func missing() error {
	return invalid("missing",
		"请输入回执：28 个数字，每 4 个一组，共 7 组。",
		"Enter the receipt: 28 digits, seven groups of four.")
}

func tooMuchText() error {
	return invalid("too_much_text",
		"粘贴的文字太长；请只输入回执的 28 个数字。",
		"The text pasted is too long; enter the 28 digits of the receipt only.")
}

func tooFew() error {
	return invalid("too_few",
		"数字不够：回执有 28 个数字，每 4 个一组，共 7 组；请对照回执逐组核对，看漏了哪些。",
		"Digits are missing: a receipt has 28, seven groups of four. Compare group by group and see which were left out.")
}

func tooMany() error {
	return invalid("too_many",
		"数字太多：回执只有 28 个数字，每 4 个一组，共 7 组；请对照回执逐组核对，去掉多余的。",
		"There are too many digits: a receipt has 28, seven groups of four. Compare group by group and take out what does not belong.")
}

func badSign() error {
	return invalid("sign",
		"数字之间有别的字符，例如把 0 打成了字母 O、把 1 打成了字母 l；请只输入回执的 28 个数字，中间可以有空格或横线。",
		"Between the digits stands something else, a letter O for 0 or l for 1 perhaps. Enter the 28 digits of the receipt only; spaces and dashes between them do no harm.")
}

func badCheck() error {
	return invalid("check",
		"最后两位校验数字与前面的数字不相符：可能打错了一个数字，或者有两个数字换了位置；请对照回执逐组核对。",
		"The two check digits at the end do not fit the others: a digit is mistyped, or two have changed places. Compare group by group with the receipt.")
}

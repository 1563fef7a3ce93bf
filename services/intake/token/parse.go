package token

import (
	"encoding/base64"
	"math/big"
)

// textSize is the length of a token as text, textLine that of its lines.
const (
	textSize = Size * 4 / 3 // 354 is a multiple of 3: no padding
	textLine = textSize / 8
)

// maxText bounds what Parse and ParseCode look at, in bytes: eight tokens with
// every letter on a line of its own.
const maxText = 16 << 10

// Text is the token for a file or for pasting: base64url in eight lines.
func (t Token) Text() string {
	flat := base64.RawURLEncoding.EncodeToString(t.Encode())
	var out []byte
	for at := 0; at < len(flat); at += textLine {
		out = append(append(out, flat[at:at+textLine]...), '\n')
	}
	return string(out)
}

// Parse reads one token from text, however its lines are broken: spaces and
// line breaks of any script are passed over, + and / taken for - and _.
// More than one token is refused: sent together they would tell that they
// belong together.
func Parse(text string) (Token, error) {
	flat, err := letters(text)
	switch {
	case err != nil:
		return Token{}, err
	case len(flat) == 0:
		return Token{}, noToken()
	case len(flat) > textSize && len(flat)%textSize == 0:
		return Token{}, manyTokens()
	case len(flat) != textSize:
		return Token{}, badToken()
	}
	data := make([]byte, Size)
	if _, err := base64.RawURLEncoding.Strict().Decode(data, flat); err != nil {
		return Token{}, badToken()
	}
	return Decode(data)
}

// ParseAll reads up to eight tokens that stand one behind the other, as a file
// of a quarter's holds them.
func ParseAll(text string) ([]Token, error) {
	flat, err := letters(text)
	if err != nil {
		return nil, err
	}
	if len(flat) == 0 {
		return nil, noToken()
	}
	if len(flat)%textSize != 0 || len(flat) > PerQuarter*textSize {
		return nil, badToken()
	}
	var all []Token
	for at := 0; at < len(flat); at += textSize {
		t, err := Parse(string(flat[at : at+textSize]))
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// letters are those of base64url in a text, the blanks between them left out.
func letters(text string) ([]byte, error) {
	if len(text) > maxText {
		return nil, tooMuchText()
	}
	var flat []byte
	for _, sign := range text {
		switch {
		case blank(sign) || sign == '=':
		case sign == '+':
			flat = append(flat, '-')
		case sign == '/':
			flat = append(flat, '_')
		case sign >= 'A' && sign <= 'Z', sign >= 'a' && sign <= 'z', sign >= '0' && sign <= '9', sign == '-', sign == '_':
			flat = append(flat, byte(sign))
		default:
			return nil, badToken()
		}
	}
	return flat, nil
}

// ParseCode reads a code of a kind as people type it: digits in half or full
// width, blanks, dashes, dots and commas between them. A refusal says which
// group is wrong, or that the code is of the other kind, and shows no digit.
func ParseCode(kind Kind, text string) (Code, error) {
	if len(text) > maxText {
		return Code{}, tooMuchText()
	}
	var digits []byte
	for _, sign := range text {
		if sign >= '０' && sign <= '９' {
			sign -= '０' - '0'
		}
		switch {
		case sign >= '0' && sign <= '9':
			digits = append(digits, byte(sign))
		case blank(sign) || between(sign):
		default:
			return Code{}, badSign()
		}
	}
	switch {
	case len(digits) == 0:
		return Code{}, noCode()
	case len(digits) != CodeDigits:
		return Code{}, wrongLength()
	}
	if wrong := wrongGroup(kind, digits); wrong >= 0 {
		if wrongGroup(Card+Enrolment-kind, digits) < 0 {
			return Code{}, otherKind(kind)
		}
		return Code{}, badGroup(wrong + 1)
	}
	return number(digits)
}

// wrongGroup is the first group whose check digit does not fit, -1 for none.
func wrongGroup(kind Kind, digits []byte) int {
	for g := range groups {
		group := digits[g*groupSize : (g+1)*groupSize]
		if '0'+check(kind, g, group[:groupSize-1]) != group[groupSize-1] {
			return g
		}
	}
	return -1
}

func number(digits []byte) (Code, error) {
	n, digit := new(big.Int), new(big.Int)
	for i, d := range digits {
		if i%groupSize != groupSize-1 {
			n.Add(n.Mul(n, big.NewInt(10)), digit.SetInt64(int64(d-'0')))
		}
	}
	var c Code
	if n.BitLen() > 8*CodeSize {
		return c, badGroup(1)
	}
	n.FillBytes(c.bits[:])
	return c, nil
}

// blanks are the signs that may stand anywhere, from each first to each last:
// what there is no ink for.
var blanks = [][2]rune{
	{'\t', '\r'}, {' ', ' '}, {0x85, 0x85}, {0xA0, 0xA0}, {0xAD, 0xAD}, {0x1680, 0x1680}, {0x2000, 0x200F}, {0x2028, 0x202F},
	{0x205F, 0x2060}, {0x2066, 0x2069}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF},
}

// separators are those that may stand between digits as well.
var separators = [][2]rune{
	{',', '.'}, {'_', '_'}, {'/', '/'}, {0xB7, 0xB7}, {0x2010, 0x2015}, {0x2022, 0x2022}, {0x2212, 0x2212}, {0x3001, 0x3002}, {0x30FB, 0x30FB},
	{0xFE58, 0xFE58}, {0xFE63, 0xFE63}, {0xFF0C, 0xFF0F},
}

func blank(sign rune) bool   { return in(blanks, sign) }
func between(sign rune) bool { return in(separators, sign) }

func in(ranges [][2]rune, sign rune) bool {
	for _, r := range ranges {
		if sign >= r[0] && sign <= r[1] {
			return true
		}
	}
	return false
}

package envelope

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How a narrative lies in its room: lengths, the text, the pictures, zeros.
const (
	atPictureCount = 2
	atPictureSizes = 3
	atText         = atPictureSizes + 4*MaxPictures
	maxTextBytes   = MaxText * utf8.UTFMax
)

// lines makes the ends of lines one sign, which browsers send as two.
func lines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// class is the one the narrative needs.
func (n Narrative) class() Class {
	if len(n.Pictures) > 0 {
		return Pictures
	}
	return Text
}

func (n Narrative) check() error {
	switch {
	case !utf8.ValidString(n.Text):
		return badText()
	case utf8.RuneCountInString(n.Text) > MaxText:
		return longText()
	case len(n.Pictures) > MaxPictures:
		return manyPictures()
	}
	for _, p := range n.Pictures {
		if !isJPEG(p) || len(p) > MaxPicture {
			return badPicture()
		}
	}
	return nil
}

func isJPEG(p []byte) bool { return bytes.HasPrefix(p, []byte{0xFF, 0xD8, 0xFF}) }

// plain writes a narrative that was checked into the room of its class.
func (n Narrative) plain() []byte {
	room := make([]byte, narrativeRoom(n.class()))
	binary.BigEndian.PutUint16(room, uint16(len(n.Text)))
	room[atPictureCount] = byte(len(n.Pictures))
	at := atText + copy(room[atText:], n.Text)
	for i, p := range n.Pictures {
		binary.BigEndian.PutUint32(room[atPictureSizes+4*i:], uint32(len(p)))
		at += copy(room[at:], p)
	}
	return room
}

// readNarrative is plain backwards. Whoever sealed it may have written
// anything: nothing is taken that plain would not have written.
func readNarrative(room []byte) (Narrative, bool) {
	var n Narrative
	size, count := int(binary.BigEndian.Uint16(room)), int(room[atPictureCount])
	if size > maxTextBytes || count > MaxPictures {
		return Narrative{}, false
	}
	rest := room[atText:]
	n.Text, rest = string(rest[:size]), rest[size:]
	for i := range MaxPictures {
		size := binary.BigEndian.Uint32(room[atPictureSizes+4*i:])
		if i >= count && size != 0 || size > MaxPicture || int(size) > len(rest) {
			return Narrative{}, false
		}
		if i < count {
			n.Pictures, rest = append(n.Pictures, rest[:size:size]), rest[size:]
		}
	}
	if !zero(rest) || n.check() != nil {
		return Narrative{}, false
	}
	n.Text = shown(n.Text)
	return n, true
}

// shown is text from a stranger without what would do something to a terminal
// it is printed on.
func shown(text string) string {
	return strings.Map(func(sign rune) rune {
		if unicode.IsControl(sign) && sign != '\n' && sign != '\t' {
			return utf8.RuneError
		}
		return sign
	}, text)
}

// prefixed writes text with its length before it into so much room.
func prefixed(text []byte, room int) []byte {
	out := make([]byte, room)
	binary.BigEndian.PutUint16(out, uint16(len(text)))
	copy(out[2:], text)
	return out
}

// unprefixed is prefixed backwards, of at most limit bytes.
func unprefixed(room []byte, limit int) ([]byte, bool) {
	size := int(binary.BigEndian.Uint16(room))
	if size > limit || !zero(room[2+size:]) {
		return nil, false
	}
	return room[2 : 2+size : 2+size], true
}

func zero(room []byte) bool {
	for len(room) >= 8 {
		if binary.NativeEndian.Uint64(room) != 0 {
			return false
		}
		room = room[8:]
	}
	for _, b := range room {
		if b != 0 {
			return false
		}
	}
	return true
}

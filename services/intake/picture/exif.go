package picture

import "encoding/binary"

const (
	exifHead        = "Exif\x00\x00"
	orientationTag  = 0x0112
	typeShort       = 3
	directoryEntry  = 12 // bytes: tag, type, count, value
	tiffHeaderBytes = 8
)

// orientation is how the picture lies in its file, 1 to 8, by EXIF's first
// directory (a TIFF file); 1, upright, where that does not say it exactly as
// the standard has it. It reads nothing else.
func orientation(tiff []byte) int {
	if len(tiff) < tiffHeaderBytes {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at < tiffHeaderBytes || at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < directoryEntry {
			return 1
		}
		if order.Uint16(entries) == orientationTag {
			return oriented(order, entries)
		}
		entries = entries[directoryEntry:]
	}
	return 1
}

func oriented(order binary.ByteOrder, entry []byte) int {
	value := order.Uint16(entry[8:])
	if order.Uint16(entry[2:]) != typeShort || order.Uint32(entry[4:]) != 1 || value < 1 || value > 8 {
		return 1
	}
	return int(value)
}

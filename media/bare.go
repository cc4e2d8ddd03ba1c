package media

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// Pictures lose what they tell beside themselves (EXIF with the place and the camera, XMP, comments, thumbnails, films
// hidden behind the end) without being encoded again. Each format has its list of what stays.

var errCut = errors.New("media: ends too early, or is not what it says")

// bareJPEG keeps frames, tables, scans, the colour profile and the two segments decoders need, up to the end of the first
// picture. Source: ITU T.81 annex B; ICC.1 annex B.4.
func bareJPEG(b []byte) ([]byte, error) {
	if len(b) < 4 || b[0] != 0xFF || b[1] != 0xD8 {
		return nil, errCut
	}
	out := append(make([]byte, 0, len(b)), b[:2]...)
	for i := 2; ; {
		marker, body, next, err := segment(b, i)
		switch {
		case err != nil:
			return nil, err
		case marker == 0xD9:
			return append(out, 0xFF, 0xD9), nil
		case marker == 0xE0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 14:
			out = append(out, 0xFF, 0xE0, 0, 16)
			out = append(append(out, body[:12]...), 0, 0) // without its thumbnail
		case marker >= 0xE0 && marker <= 0xEF && !profile(marker, body), marker == 0xFE:
		default:
			out = append(out, 0xFF, marker, byte((len(body)+2)>>8), byte(len(body)+2))
			out = append(out, body...)
		}
		i = next
		if marker == 0xDA {
			end := scanEnd(b, i)
			out = append(out, b[i:end]...)
			i = end
		}
	}
}

// profile reports whether an application segment is part of how the picture looks.
func profile(marker byte, body []byte) bool {
	return marker == 0xE2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")) ||
		marker == 0xEE && bytes.HasPrefix(body, []byte("Adobe"))
}

// segment reads the marker at i, after any fill bytes, with its body, and says where the next one starts.
func segment(b []byte, i int) (marker byte, body []byte, next int, err error) {
	if i >= len(b) || b[i] != 0xFF {
		return 0, nil, 0, errCut
	}
	for i < len(b) && b[i] == 0xFF {
		i++
	}
	if i >= len(b) {
		return 0, nil, 0, errCut
	}
	marker, i = b[i], i+1
	if marker == 0xD9 {
		return marker, nil, i, nil
	}
	if i+2 > len(b) {
		return 0, nil, 0, errCut
	}
	n := int(binary.BigEndian.Uint16(b[i:]))
	if n < 2 || i+n > len(b) {
		return 0, nil, 0, errCut
	}
	return marker, b[i+2 : i+n], i + n, nil
}

// scanEnd is where the entropy-coded data that starts at i ends: at a marker that is no restart.
func scanEnd(b []byte, i int) int {
	for ; i+1 < len(b); i++ {
		if m := b[i+1]; b[i] == 0xFF && m != 0 && m != 0xFF && (m < 0xD0 || m > 0xD7) {
			return i
		}
	}
	return len(b)
}

var pngHead = []byte("\x89PNG\r\n\x1a\n")

// pngKept are the chunks that make the picture. Source: PNG third edition, §11; APNG is part of it.
var pngKept = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "gAMA": true, "cHRM": true, "sRGB": true,
	"iCCP": true, "sBIT": true, "bKGD": true, "pHYs": true, "cICP": true, "mDCV": true, "cLLI": true,
	"acTL": true, "fcTL": true, "fdAT": true,
}

func barePNG(b []byte) ([]byte, error) {
	if !bytes.HasPrefix(b, pngHead) {
		return nil, errCut
	}
	out := append(make([]byte, 0, len(b)), pngHead...)
	for i := len(pngHead); ; {
		if i+12 > len(b) {
			return nil, errCut
		}
		n := int(binary.BigEndian.Uint32(b[i:]))
		kind := string(b[i+4 : i+8])
		if n > len(b)-i-12 {
			return nil, errCut
		}
		if pngKept[kind] {
			out = append(out, b[i:i+12+n]...)
		}
		if i += 12 + n; kind == "IEND" {
			return out, nil
		}
	}
}

// webpKept are the chunks that make the picture. Source: RFC 9649 §2.7.
var webpKept = map[string]bool{"VP8 ": true, "VP8L": true, "VP8X": true, "ALPH": true, "ANIM": true, "ANMF": true, "ICCP": true}

func bareWebP(b []byte) ([]byte, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return nil, errCut
	}
	out := append(make([]byte, 0, len(b)), b[:12]...)
	err := riff(b, func(kind string, chunk []byte) {
		if !webpKept[kind] {
			return
		}
		at := len(out)
		out = append(out, chunk...)
		if kind == "VP8X" && len(chunk) > 8 {
			const exif, xmp = 0x08, 0x04
			out[at+8] &^= exif | xmp
		}
	})
	if err != nil {
		return nil, err
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}

// riff gives f each chunk of a RIFF file, whole with its head and its padding, as far as the file says that it goes.
func riff(b []byte, f func(kind string, chunk []byte)) error {
	end := 8 + int(binary.LittleEndian.Uint32(b[4:]))
	if end > len(b) {
		return errCut
	}
	for i := 12; i+8 <= end; {
		n := int(binary.LittleEndian.Uint32(b[i+4:]))
		n += n % 2
		if n > end-i-8 {
			return errCut
		}
		f(string(b[i:i+4]), b[i:i+8+n])
		i += 8 + n
	}
	return nil
}

// bareGIF keeps pictures, their control blocks and the loop, up to the trailer. Source: GIF89a; XMP part 3 §1.1.2.
func bareGIF(b []byte) ([]byte, error) {
	if len(b) < 13 || !bytes.HasPrefix(b, []byte("GIF8")) {
		return nil, errCut
	}
	i := 13 + palette(b[10])
	if i > len(b) {
		return nil, errCut
	}
	out := append(make([]byte, 0, len(b)), b[:i]...)
	for {
		next, keep, err := block(b, i)
		if err != nil {
			return nil, err
		}
		if keep {
			out = append(out, b[i:next]...)
		}
		if b[i] == 0x3B {
			return out, nil
		}
		i = next
	}
}

// palette is the length in bytes of the colour table that a packed field announces.
func palette(packed byte) int {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (packed&7 + 1)
}

// block says where the block at i ends and whether it is part of the picture.
func block(b []byte, i int) (next int, keep bool, err error) {
	switch {
	case i >= len(b):
		return 0, false, errCut
	case b[i] == 0x3B:
		return i + 1, true, nil
	case b[i] == 0x2C && i+10 < len(b):
		next, err = subBlocks(b, i+10+palette(b[i+9])+1)
		return next, true, err
	case b[i] == 0x21 && i+2 < len(b):
		next, err = subBlocks(b, i+2)
		return next, picture(b[i+1], b[i+2:]), err
	}
	return 0, false, errCut
}

// picture reports whether an extension changes how the picture looks.
func picture(label byte, body []byte) bool {
	const control, text, application = 0xF9, 0x01, 0xFF
	if label != application {
		return label == control || label == text
	}
	return bytes.HasPrefix(body, []byte("\x0bNETSCAPE2.0")) || bytes.HasPrefix(body, []byte("\x0bANIMEXTS1.0"))
}

// subBlocks is where the data that starts at i ends, after its empty block.
func subBlocks(b []byte, i int) (int, error) {
	for i < len(b) {
		n := int(b[i])
		i += 1 + n
		if n == 0 {
			return i, nil
		}
	}
	return 0, errCut
}

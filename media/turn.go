package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// upright is the orientation that asks for nothing. Source: EXIF 2.32, tag 0x0112; 1 to 8.
const upright = 1

// quality of a JPEG that had to be turned.
const quality = 92

// orientation reads how a picture asks to be turned; upright when it does not say.
func orientation(kind string, b []byte) int {
	switch kind {
	case "image/jpeg":
		return jpegOrientation(b)
	case "image/png":
		return pngOrientation(b)
	case "image/webp":
		turn := upright
		if len(b) >= 12 {
			_ = riff(b, func(kind string, chunk []byte) { // damaged: the next step says so
				if kind == "EXIF" {
					turn = tiffOrientation(bytes.TrimPrefix(chunk[8:], []byte("Exif\x00\x00")))
				}
			})
		}
		return turn
	}
	return upright
}

func jpegOrientation(b []byte) int {
	for i := 2; ; {
		marker, body, next, err := segment(b, i)
		if err != nil || marker == 0xDA || marker == 0xD9 {
			return upright
		}
		if tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && marker == 0xE1 {
			return tiffOrientation(tiff)
		}
		i = next
	}
}

func pngOrientation(b []byte) int {
	for i := len(pngHead); i+12 <= len(b); {
		n := int(binary.BigEndian.Uint32(b[i:]))
		if n > len(b)-i-12 {
			return upright
		}
		if string(b[i+4:i+8]) == "eXIf" {
			return tiffOrientation(b[i+8 : i+8+n])
		}
		i += 12 + n
	}
	return upright
}

// tiffOrientation reads the tag from the first directory of a TIFF head.
func tiffOrientation(b []byte) int {
	if len(b) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return upright
	}
	entries := b[at+2:]
	for n := int(order.Uint16(b[at:])); n > 0 && len(entries) >= 12; n-- {
		const tag = 0x0112
		if order.Uint16(entries) == tag {
			if turn := int(order.Uint16(entries[8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return upright
		}
		entries = entries[12:]
	}
	return upright
}

// turned is the picture as it asked to be seen, encoded again: a JPEG as a JPEG with its colour profile, what may be
// transparent as a PNG. An animation is left as it is: nothing here decodes one.
func turned(kind string, b []byte, turn int) ([]byte, string, error) {
	if animated(kind, b) {
		return b, kind, nil
	}
	src, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, kind, err
	}
	dst := rotate(src, turn)
	var out bytes.Buffer
	if kind == "image/jpeg" {
		if err := jpeg.Encode(&out, dst, &jpeg.Options{Quality: quality}); err != nil {
			return nil, kind, err
		}
		return withProfile(out.Bytes(), b, src), kind, nil
	}
	err = png.Encode(&out, dst)
	return out.Bytes(), "image/png", err
}

func animated(kind string, b []byte) bool {
	switch kind {
	case "image/webp":
		return bytes.Contains(b, []byte("ANMF"))
	case "image/png":
		return bytes.Contains(b, []byte("acTL"))
	}
	return false
}

// withProfile puts the colour profile of a JPEG into its turned copy. One for inks does not fit what is now light.
func withProfile(turned, original []byte, src image.Image) []byte {
	if _, inks := src.(*image.CMYK); inks {
		return turned
	}
	out := append(make([]byte, 0, len(turned)), turned[:2]...)
	for i := 2; ; {
		marker, body, next, err := segment(original, i)
		if err != nil || marker == 0xDA || marker == 0xD9 {
			return append(out, turned[2:]...)
		}
		if marker == 0xE2 && profile(marker, body) {
			out = append(append(out, 0xFF, marker, byte((len(body)+2)>>8), byte(len(body)+2)), body...)
		}
		i = next
	}
}

// rotate draws src as orientation turn asks.
func rotate(src image.Image, turn int) image.Image {
	from := image.NewNRGBA(image.Rect(0, 0, src.Bounds().Dx(), src.Bounds().Dy()))
	draw.Draw(from, from.Bounds(), src, src.Bounds().Min, draw.Src)
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if turn >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	to := image.NewNRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			sx, sy := source(turn, x, y, w, h)
			copy(to.Pix[to.PixOffset(x, y):][:4], from.Pix[from.PixOffset(sx, sy):][:4])
		}
	}
	return to
}

// source says which pixel of a w × h picture stands at x, y once it is turned.
func source(turn, x, y, w, h int) (int, int) {
	switch turn {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}

package media_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/media"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

const secret = "N48.8584-E2.2945"

type nowhere struct{}

func (nowhere) InsertTx(context.Context, *sql.Tx, storage.Job, time.Time) error { return nil }

type world struct {
	*testing.T
	s      *media.Store
	db     *storage.DB
	folder string
	now    *time.Time
}

func each(t *testing.T, f func(world)) {
	t.Helper()
	now := time.Now().UTC()
	storagetest.Each(t, func() time.Time { return now }, func(t *testing.T, db *storage.DB) {
		db.Use(nowhere{})
		w := world{T: t, db: db, folder: filepath.Join(t.TempDir(), "media"), now: &now}
		w.s = media.New(w.folder, db)
		w.ok(db.InTx(t.Context(), func(tx *storage.Tx) error {
			if err := tx.AddTeam(t.Context(), social.Team{ID: "tem_1", Name: "one"}); err != nil {
				return err
			}
			return tx.AddTeam(t.Context(), social.Team{ID: "tem_2", Name: "two"})
		}))
		f(w)
	})
}

func (w world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w world) add(team, name string, b []byte) social.Media {
	w.Helper()
	m, err := w.s.Add(w.Context(), team, name, bytes.NewReader(b))
	w.ok(err)
	return m
}

func (w world) bytes(hash string) []byte {
	w.Helper()
	f, err := w.s.Open(hash)
	w.ok(err)
	defer f.Close()
	b, err := io.ReadAll(f)
	w.ok(err)
	return b
}

// flag is a picture whose left half is red and whose right half is blue.
func flag(width, height int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.Set(x, y, color.NRGBA{R: 255, A: 255})
			if x >= width/2 {
				m.Set(x, y, color.NRGBA{B: 255, A: 255})
			}
		}
	}
	return m
}

func jpegOf(t *testing.T, m image.Image, segments ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	b := append([]byte{}, out.Bytes()[:2]...)
	for _, s := range segments {
		b = append(b, s...)
	}
	return append(b, out.Bytes()[2:]...)
}

func segment(marker byte, body string) []byte {
	return append([]byte{0xFF, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
}

// exif is an EXIF body with an orientation and a place.
func exif(turn uint16) string {
	var b bytes.Buffer
	b.WriteString("MM\x00\x2a\x00\x00\x00\x08\x00\x01")
	_ = binary.Write(&b, binary.BigEndian, []uint16{0x0112, 3, 0, 1, turn, 0}) // a buffer takes everything
	b.WriteString("\x00\x00\x00\x00" + secret)
	return b.String()
}

func pngOf(t *testing.T, m image.Image, chunks ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	const head = 8 + 25 // signature and IHDR
	b := append([]byte{}, out.Bytes()[:head]...)
	for _, c := range chunks {
		b = append(b, c...)
	}
	return append(b, out.Bytes()[head:]...)
}

func chunk(kind, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	return append(append(append(b, kind...), body...), 0, 0, 0, 0) // readers of what is left out check no sum
}

// webp is a picture of one pixel, lossless.
const webp = "524946461a000000574542505650384c0d0000002f00000010071011118888fe0700"

func webpOf(t *testing.T, chunks ...string) []byte {
	t.Helper()
	b, err := hex.DecodeString(webp)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range chunks {
		b = append(b, c...)
	}
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	return b
}

func TestPicturesLoseWhatTheyTellAndNothingElse(t *testing.T) {
	icc := "ICC_PROFILE\x00\x01\x01a profile"
	riff := func(kind, body string) string {
		return kind + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
	}
	plain := flag(20, 10)
	var g bytes.Buffer
	if err := gif.Encode(&g, plain, nil); err != nil {
		t.Fatal(err)
	}
	comment := "\x21\xfe" + string(rune(len(secret))) + secret + "\x00"
	gifBody := append(append(append([]byte{}, g.Bytes()[:g.Len()-1]...), comment...), 0x3B)
	for name, c := range map[string]struct {
		file, want []byte
		kind       string
	}{
		"jpeg": {
			append(jpegOf(t, plain, segment(0xE1, "Exif\x00\x00"+exif(1)), segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+secret),
				segment(0xE2, icc), segment(0xE2, "MPF\x00"+secret), segment(0xED, "Photoshop 3.0\x00"+secret), segment(0xFE, secret)), "a film of "+secret...),
			jpegOf(t, plain, segment(0xE2, icc)), "image/jpeg",
		},
		"png": {
			append(pngOf(t, plain, chunk("eXIf", exif(1)), chunk("tEXt", "where\x00"+secret), chunk("iTXt", "XML:com.adobe.xmp"+secret)), secret...),
			pngOf(t, plain), "image/png",
		},
		"webp": {webpOf(t, riff("EXIF", exif(1)), riff("XMP ", secret)), webpOf(t), "image/webp"},
		"gif":  {append(gifBody, secret...), g.Bytes(), "image/gif"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(w world) {
				m := w.add("tem_1", "photo."+name, c.file)
				got := w.bytes(m.Hash)
				if bytes.Contains(got, []byte(secret)) {
					w.Error("the place is still in it")
				}
				if !bytes.Equal(got, c.want) {
					w.Errorf("stored %d bytes, want the %d that make the picture", len(got), len(c.want))
				}
				if m.Type != c.kind || m.Size != int64(len(got)) || m.Name != "photo."+name {
					w.Errorf("media %+v", m)
				}
			})
		})
	}
}

func TestATelephonePictureIsTurnedUpright(t *testing.T) {
	icc := segment(0xE2, "ICC_PROFILE\x00\x01\x01a profile")
	each(t, func(w world) {
		m := w.add("tem_1", "p.jpg", jpegOf(t, flag(40, 20), segment(0xE1, "Exif\x00\x00"+exif(6)), icc))
		b := w.bytes(m.Hash)
		got, err := jpeg.Decode(bytes.NewReader(b))
		w.ok(err)
		top, _, _, _ := got.At(10, 3).RGBA()
		_, _, bottom, _ := got.At(10, 36).RGBA()
		if m.Width != 20 || m.Height != 40 || top < 0xd000 || bottom < 0xd000 {
			w.Errorf("%d × %d, red on top %x, blue below %x", m.Width, m.Height, top, bottom)
		}
		if !bytes.Contains(b, icc) || bytes.Contains(b, []byte(secret)) {
			w.Error("the profile is lost, or the place is not")
		}
		p := w.add("tem_1", "p.png", pngOf(t, flag(40, 20), chunk("eXIf", exif(8))))
		if p.Width != 20 || p.Height != 40 || p.Type != "image/png" {
			w.Errorf("png %+v", p)
		}
	})
}

func TestWhatIsNoPictureIsRefusedInWords(t *testing.T) {
	bomb := pngOf(t, flag(2, 2))
	binary.BigEndian.PutUint32(bomb[16:], 60000)
	binary.BigEndian.PutUint32(bomb[20:], 60000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	cut := jpegOf(t, flag(40, 20))
	each(t, func(w world) {
		for name, c := range map[string]struct {
			r    io.Reader
			want string
		}{
			"cv.png":    {strings.NewReader("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"), "“cv.png” is not a picture, whatever its name says: its content is application/pdf."},
			"big.jpg":   {io.LimitReader(zero{}, 60_000_000), "“big.jpg” weighs 60\u00a0MB; 20\u00a0MB is the most."},
			"huge.jpg":  {io.LimitReader(zero{}, 5_000_000_000), "“huge.jpg” weighs more than 220\u00a0MB; 20\u00a0MB is the most."},
			"none.png":  {strings.NewReader(""), "“none.png” is empty."},
			"bomb.png":  {bytes.NewReader(bomb), "“bomb.png” is too large: 60000 × 60000 pixels, when 64 million in all is the most."},
			"cut.jpg":   {bytes.NewReader(cut[:len(cut)-20]), "“cut.jpg” is damaged"},
			"scan.tiff": {strings.NewReader("II*\x00\x08\x00\x00\x00\x00\x00"), "“scan.tiff” is a picture of a kind (image/tiff)"},
		} {
			_, err := w.s.Add(w.Context(), "tem_1", name, c.r)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.For(err, i18n.En), c.want) {
				w.Errorf("%s: %v, want %q", name, err, c.want)
			}
		}
		if left, err := filepath.Glob(filepath.Join(w.folder, "*", "*")); err != nil || len(left) != 0 {
			w.Errorf("left behind %v, %v", left, err)
		}
	})
}

type zero struct{}

func (zero) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func TestCutFilesAreRefusedAtEveryByte(t *testing.T) {
	each(t, func(w world) {
		for name, whole := range map[string][]byte{"a.jpg": jpegOf(t, flag(8, 8)), "a.png": pngOf(t, flag(8, 8)), "a.webp": webpOf(t)} {
			for n := range len(whole) - 1 {
				if _, err := w.s.Add(w.Context(), "tem_1", name, bytes.NewReader(whole[:n])); !fault.Is(err, fault.Invalid) {
					w.Errorf("%s cut at %d: %v", name, n, err)
				}
			}
		}
	})
}

func TestNamesComeToOneLineWithoutFolders(t *testing.T) {
	each(t, func(w world) {
		b := pngOf(t, flag(4, 4))
		for given, want := range map[string]string{`C:\photos\été.png`: "été.png", "../../etc/a\nb.png": "ab.png", "": "image", strings.Repeat("é", 200): strings.Repeat("é", 99) + "…"} {
			if m := w.add("tem_1", given, b); m.Name != want {
				w.Errorf("%q became %q", given, m.Name)
			}
		}
	})
}

func TestVerifySeesWhatChangedAndOpenOnlyHashes(t *testing.T) {
	each(t, func(w world) {
		m := w.add("tem_1", "a.png", pngOf(t, flag(4, 4)))
		w.ok(w.s.Verify(w.Context(), m.Hash))
		file := filepath.Join(w.folder, m.Hash[:2], m.Hash)
		w.ok(os.WriteFile(file, []byte("other"), 0o600))
		if err := w.s.Verify(w.Context(), m.Hash); !fault.Is(err, fault.Conflict) {
			w.Errorf("changed: %v", err)
		}
		w.add("tem_1", "a.png", pngOf(t, flag(4, 4)))
		w.ok(w.s.Verify(w.Context(), m.Hash)) // attached again, it is whole again
		for _, bad := range []string{"", "ab", "../../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("0", 64)} {
			if _, err := w.s.Open(bad); !fault.Is(err, fault.NotFound) {
				w.Errorf("open %q: %v", bad, err)
			}
		}
	})
}

func TestATeamFindsItsOwnPicturesOnly(t *testing.T) {
	each(t, func(w world) {
		b := pngOf(t, flag(4, 4))
		m := w.add("tem_1", "a.png", b)
		if _, err := w.s.Find(w.Context(), "tem_2", m.Hash); !fault.Is(err, fault.NotFound) {
			w.Errorf("the other team: %v", err)
		}
		w.add("tem_2", "theirs.png", b)
		got, err := w.s.Find(w.Context(), "tem_1", m.Hash)
		w.ok(err)
		if got != m {
			w.Errorf("found %+v, want %+v", got, m)
		}
	})
}

func TestSweepTakesOrphansAfterSevenDays(t *testing.T) {
	each(t, func(w world) {
		shared := w.add("tem_1", "a.png", pngOf(t, flag(4, 4)))
		lone := w.add("tem_1", "b.png", pngOf(t, flag(6, 4)))
		stray := filepath.Join(w.folder, "00", strings.Repeat("0", 64))
		part := filepath.Join(w.folder, "00", ".part-123")
		w.ok(os.MkdirAll(filepath.Dir(stray), 0o700))
		w.ok(os.WriteFile(stray, nil, 0o600))
		w.ok(os.WriteFile(part, nil, 0o600))
		if n, err := w.s.Sweep(w.Context()); n != 0 || err != nil {
			w.Errorf("swept %d at once, %v", n, err)
		}
		before := *w.now
		*w.now = w.now.Add(8 * 24 * time.Hour)
		defer func() { *w.now = before }()
		w.add("tem_2", "a.png", pngOf(t, flag(4, 4)))
		n, err := w.s.Sweep(w.Context())
		w.ok(err)
		if n != 2 {
			w.Errorf("swept %d files, want 2", n)
		}
		w.ok(w.s.Verify(w.Context(), shared.Hash))
		for _, gone := range []string{filepath.Join(w.folder, lone.Hash[:2], lone.Hash), stray, part} {
			if _, err := os.Stat(gone); !os.IsNotExist(err) {
				w.Errorf("%s is still there", gone)
			}
		}
		if _, err := w.s.Find(w.Context(), "tem_1", shared.Hash); !fault.Is(err, fault.NotFound) {
			w.Errorf("the first team's orphan: %v", err)
		}
	})
}

func TestSweepLeavesWhatAPostUses(t *testing.T) {
	each(t, func(w world) {
		m := w.add("tem_1", "a.png", pngOf(t, flag(4, 4)))
		w.ok(w.db.InTx(w.Context(), func(tx *storage.Tx) error { return use(w.Context(), tx, m) }))
		before := *w.now
		*w.now = w.now.Add(30 * 24 * time.Hour)
		defer func() { *w.now = before }()
		if n, err := w.s.Sweep(w.Context()); n != 0 || err != nil {
			w.Errorf("swept %d, %v", n, err)
		}
		w.ok(w.s.Verify(w.Context(), m.Hash))
	})
}

func use(ctx context.Context, tx *storage.Tx, m social.Media) error {
	for _, do := range []func() error{
		func() error { return tx.AddBrand(ctx, social.Brand{ID: "brd", TeamID: "tem_1", Name: "b", Rev: 1}) },
		func() error { return tx.AddMember(ctx, social.Member{ID: "mbr", TeamID: "tem_1", Name: "m", Rev: 1}) },
		func() error {
			return tx.AddPost(ctx, social.Post{ID: "pst", TeamID: "tem_1", BrandID: "brd", Author: "mbr", Editor: "mbr",
				State: social.Draft, When: social.Later, CreatedAt: tx.Now()})
		},
		func() error {
			return tx.AddRevision(ctx, "tem_1", social.Revision{PostID: "pst", Number: 1, By: "mbr", At: tx.Now(), Media: []social.Media{m}})
		},
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

func TestAddAndSweepAtOnceLoseNothing(t *testing.T) {
	each(t, func(w world) {
		before := *w.now
		defer func() { *w.now = before }()
		b := pngOf(t, flag(4, 4))
		m := w.add("tem_1", "a.png", b)
		for i := range 30 {
			*w.now = w.now.Add(8 * 24 * time.Hour) // what stands is an orphan now
			var wg sync.WaitGroup
			wg.Go(func() { w.add("tem_1", fmt.Sprintf("%d.png", i), b) })
			wg.Go(func() {
				if _, err := w.s.Sweep(w.Context()); err != nil {
					w.Error(err)
				}
			})
			wg.Wait()
			w.ok(w.s.Verify(w.Context(), m.Hash))
		}
	})
}

func TestProbeSaysWhatFails(t *testing.T) {
	each(t, func(w world) {
		w.ok(w.s.Probe(w.Context()))
		blocked := filepath.Join(w.TempDir(), "file")
		w.ok(os.WriteFile(blocked, nil, 0o600))
		if err := media.New(filepath.Join(blocked, "media"), w.db).Probe(w.Context()); err == nil {
			w.Error("a folder that cannot be is said to be well")
		}
	})
}

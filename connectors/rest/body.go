package rest

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"strings"
)

// Body is what a call sends. The zero value is nothing.
type Body struct {
	kind string
	size int64
	open func() (io.ReadCloser, error)
}

// Bytes sends b as it is, labelled with a MIME type.
func Bytes(mime string, b []byte) Body {
	return Body{kind: mime, size: int64(len(b)), open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(b)), nil
	}}
}

// JSON sends stored JSON as it is.
func JSON(b []byte) Body { return Bytes("application/json", b) }

// Stream sends size bytes of what open gives, labelled with a MIME type.
func Stream(mime string, size int64, open func() (io.ReadCloser, error)) Body {
	return Body{kind: mime, size: size, open: open}
}

// File is the one file of a Multipart.
type File struct {
	Field string // of the form
	Name  string // file name; from outside
	Type  string // MIME type, written on the part
	Size  int64  // bytes
	Open  func() (io.ReadCloser, error)
}

// Field is one text field of a Multipart.
type Field struct{ Name, Value string }

// Multipart sends form fields, then one file, with its type on the part and the length of the whole announced.
func Multipart(f File, fields ...Field) (Body, error) {
	var frame bytes.Buffer
	w := multipart.NewWriter(&frame)
	for _, v := range fields {
		if err := w.WriteField(v.Name, v.Value); err != nil {
			return Body{}, err
		}
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="%s"; filename="%s"`, quote.Replace(f.Field), quote.Replace(f.Name)))
	h.Set("Content-Type", f.Type)
	if _, err := w.CreatePart(h); err != nil {
		return Body{}, err
	}
	head := frame.Len()
	if err := w.Close(); err != nil {
		return Body{}, err
	}
	before, after := frame.Bytes()[:head], frame.Bytes()[head:]
	return Body{kind: w.FormDataContentType(), size: int64(frame.Len()) + f.Size, open: func() (io.ReadCloser, error) {
		file, err := f.Open()
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(before), file, bytes.NewReader(after)), file}, nil
	}}, nil
}

// quote keeps a name from outside inside its quotes and its line.
var quote = strings.NewReplacer(`\`, `_`, `"`, `_`, "\r", "_", "\n", "_", "\x00", "_")

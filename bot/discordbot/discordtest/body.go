package discordtest

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// upload is a file that came with a call.
type upload struct {
	n    int // of "files[n]"
	name string
	kind string
	raw  []byte
}

// maxBody is what Discord takes at once. Source: docs.discord.com/developers/reference, uploading files.
const maxBody = 25 << 20

// read takes the body of a call.
func (c *call) read() *refusal {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, c.r.Body, maxBody))
	if err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return entityTooLarge
		}
		return badJSON
	}
	if len(raw) == 0 {
		return nil
	}
	c.body, c.uploads, err = parsed(c.r.Header.Get("Content-Type"), raw)
	if err != nil {
		return badJSON
	}
	return nil
}

// filePart is the name of a part that is a file.
var filePart = regexp.MustCompile(`^files\[(\d+)\]$`)

// parsed is a body in JSON, or with files and its JSON in payload_json.
func parsed(contentType string, raw []byte) (body any, uploads []upload, err error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, nil, err
	}
	if kind != "multipart/form-data" {
		body, err = decode(raw)
		return body, nil, err
	}
	parts := multipart.NewReader(strings.NewReader(string(raw)), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return body, uploads, nil
		}
		if err != nil {
			return nil, nil, err
		}
		inside, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, err
		}
		if part.FormName() == "payload_json" {
			if body, err = decode(inside); err != nil {
				return nil, nil, err
			}
		} else if n := filePart.FindStringSubmatch(part.FormName()); n != nil {
			i, _ := strconv.Atoi(n[1]) // digits only
			uploads = append(uploads, upload{n: i, name: fileName(part.FileName()), kind: part.Header.Get("Content-Type"), raw: inside})
		}
	}
}

package slacktest

import (
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// read decodes a call and returns the token it shows.
func (c *call) read(r *http.Request) (string, *refusal) {
	c.args = Object{}
	if user, pass, ok := r.BasicAuth(); ok {
		c.basic = [2]string{user, pass}
	}
	for k, v := range r.URL.Query() {
		c.args[k] = v[0]
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // a bad one is none
	switch {
	case r.Method == http.MethodGet:
	case kind == "application/json":
		raw, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
		if err != nil {
			return "", no("request_timeout")
		}
		if len(raw) == 0 {
			break // a method without arguments
		}
		v, err := decode(raw)
		o, isObject := v.(Object)
		if err != nil || !isObject {
			return "", no("invalid_json")
		}
		maps.Copy(c.args, o)
	case kind == "application/x-www-form-urlencoded" || kind == "multipart/form-data":
		parse := r.ParseForm
		if kind == "multipart/form-data" {
			parse = func() error { return r.ParseMultipartForm(4 << 20) }
		}
		if err := parse(); err != nil {
			return "", no("invalid_form_data")
		}
		for k, v := range r.PostForm {
			c.args[k] = v[0]
		}
	case r.ContentLength == 0:
	case kind == "":
		return "", no("missing_post_type")
	default:
		return "", no("invalid_post_type")
	}
	shown := c.text("token")
	delete(c.args, "token")
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		shown = bearer
	}
	return shown, nil
}

// text is an argument as text, whatever the body's form.
func (c *call) text(name string) string {
	switch v := c.args[name].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// flag is a yes-or-no argument.
func (c *call) flag(name string) bool {
	v := c.text(name)
	return v == "true" || v == "1"
}

// value is an argument that is JSON: itself in a JSON body, or text that holds it. There is none when it is absent or empty.
func (c *call) value(name string) (v any, given bool, err error) {
	switch x := c.args[name].(type) {
	case nil:
		return nil, false, nil
	case string:
		if x == "" {
			return nil, false, nil
		}
		v, err = decode([]byte(x))
		return v, true, err
	default:
		return x, true, nil
	}
}

// number is an argument that is a whole number, or usual when it is absent.
func (c *call) number(name string, usual int) int {
	if n, err := strconv.Atoi(c.text(name)); err == nil {
		return n
	}
	return usual
}

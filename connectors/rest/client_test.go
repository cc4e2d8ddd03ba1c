package rest_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/rest"

	"github.com/google/go-cmp/cmp"
)

const token = "open-sesame+42/=é"

// serve answers with h on a socket, and returns a client that may reach it.
func serve(t *testing.T, h http.HandlerFunc, opts ...rest.Option) (*rest.Client, *httptest.Server) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return client(t, s.URL, []string{s.Listener.Addr().String()}, opts...), s
}

func client(t *testing.T, base string, allow []string, opts ...rest.Option) *rest.Client {
	t.Helper()
	g, err := rest.NewGuard(allow)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	c, err := rest.New("testnet", g, append([]rest.Option{rest.Base(base), rest.Bearer(token)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func answerJSON(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, body)
}

func wantKind(t *testing.T, err error, want connectors.Kind) *connectors.Error {
	t.Helper()
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok || e.Kind != want {
		t.Fatalf("error %v, want %s", err, want)
	}
	if strings.Contains(err.Error(), token) {
		t.Errorf("the token stands in %q", strings.ReplaceAll(err.Error(), token, "<token>"))
	}
	return e
}

func TestFetchDecodes(t *testing.T) {
	t.Parallel()
	type said struct{ Query, Auth, Type, Body string }
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answerJSON(w, `{"query":"`+r.URL.RawQuery+`","auth":"`+r.Header.Get("Authorization")+`","type":"`+r.Header.Get("Content-Type")+`","body":"`+string(body)+`"}`)
	})
	got, a, err := rest.Fetch[said](t.Context(), c, rest.Call{
		Method: http.MethodPost, Path: "/a/b?c=d", Body: rest.JSON([]byte(`[1]`)), Effect: rest.Visible,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := said{"c=d", "Bearer " + token, "application/json", "[1]"}
	if diff := cmp.Diff(want, got); diff != "" || a.Status != 200 {
		t.Errorf("%d (-want +got):\n%s", a.Status, diff)
	}
}

func TestUnreadableAnswers(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.HandlerFunc{
		"html": func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<title>Hello</title>")) },
		"no type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			w.Write([]byte(`{}`))
		},
		"cut JSON":     func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, `{"a":`) },
		"another JSON": func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, `[]`) },
		"too large":    func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, `{"a":"`+strings.Repeat("x", 5000)+`"}`) },
		"gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", "application/json")
			z := gzip.NewWriter(w)
			io.WriteString(z, strings.Repeat(" ", 10<<20))
			z.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, h, rest.BodyLimit(1000))
			for effect, kind := range map[rest.Effect]connectors.Kind{rest.Safe: connectors.Temporary, rest.Visible: connectors.Unsure} {
				_, a, err := rest.Fetch[struct{ A string }](t.Context(), c, rest.Call{Path: "/", Effect: effect})
				wantKind(t, err, kind)
				if len(a.Body) > 1000 {
					t.Errorf("%d bytes were kept", len(a.Body))
				}
				large := name == "too large" || name == "gzip bomb"
				if !errors.Is(err, rest.ErrTooLarge) == large || errors.Is(err, rest.ErrUnreadable) == large {
					t.Errorf("wrong cause: %v", err)
				}
			}
		})
	}
}

func TestSlowAnswerEndsAtItsTimeout(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.HandlerFunc{
		"nothing": func(_ http.ResponseWriter, r *http.Request) { io.ReadAll(r.Body); <-r.Context().Done() },
		"half": func(w http.ResponseWriter, r *http.Request) {
			io.ReadAll(r.Body)
			answerJSON(w, `{`)
			http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, h, rest.Timeout(rest.Visible, time.Second))
			_, err := c.Do(t.Context(), rest.Call{Method: http.MethodPost, Path: "/", Body: rest.JSON([]byte("1")), Effect: rest.Visible})
			wantKind(t, err, connectors.Unsure)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the cause is not the deadline: %v", err)
			}
		})
	}
}

func TestMultipart(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil || r.ContentLength <= 0 || len(r.TransferEncoding) > 0 {
			t.Errorf("form: %v, length %d", err, r.ContentLength)
			return
		}
		f := r.MultipartForm.File["file"][0]
		kind, _, _ := mime.ParseMediaType(f.Header.Get("Content-Type"))
		file, err := f.Open()
		if err != nil {
			t.Error(err)
			return
		}
		b, _ := io.ReadAll(file)
		got := []string{f.Filename, kind, string(b), r.FormValue("description")}
		if diff := cmp.Diff([]string{`a_b__c.png`, "image/png", "bytes", "é \"x\"\r\ny"}, got); diff != "" {
			t.Errorf("form (-want +got):\n%s", diff)
		}
		answerJSON(w, `{}`)
	})
	body, err := rest.Multipart(rest.File{Field: "file", Name: "a\"b\r\nc.png", Type: "image/png", Size: 5, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("bytes")), nil
	}}, rest.Field{Name: "description", Value: "é \"x\"\r\ny"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a body can be sent again by who decides to
		if _, err := c.Do(t.Context(), rest.Call{Method: http.MethodPost, Path: "/", Body: body}); err != nil {
			t.Error(err)
		}
	}
}

func TestFileThatCannotBeReadIsNotSent(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a call came") })
	body := rest.Stream("image/png", 5, func() (io.ReadCloser, error) { return nil, errors.New("disk") })
	_, err := c.Do(t.Context(), rest.Call{Method: http.MethodPost, Path: "/", Body: body, Effect: rest.Visible})
	wantKind(t, err, connectors.Temporary)
}

func TestNormaliseBase(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"social.example": "https://social.example", " https://Social.Example/ ": "https://social.example",
		"https://social.example:443": "https://social.example", "http://127.0.0.1:3000/": "http://127.0.0.1:3000",
		"http://social.example:80": "http://social.example", "https://social.example:8443/a/b//": "https://social.example:8443/a/b",
		"@me@social.example": "https://social.example", "me@social.example": "https://social.example",
		"https://social.example/?a=b#c": "https://social.example", "social.example.": "https://social.example",
		"https://[2606:4700::1]:443/": "https://[2606:4700::1]", "https://été.example": "https://été.example",
		"": "", "https://": "", "ftp://social.example": "", "https://me:secret@social.example": "", "two words": "",
		"https://a\nb": "", "javascript:alert(1)": "", "//social.example": "", "https://a,b": "", "https://[fe80::1%25lo]": "",
	} {
		got, err := rest.NormaliseBase(typed)
		if got != want || (want == "") != errors.Is(err, rest.ErrAddress) {
			t.Errorf("NormaliseBase(%q) = %q, %v; want %q", typed, got, err, want)
		}
	}
}

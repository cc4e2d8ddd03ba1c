package slacktest_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"griot/bot/slackbot/slacktest"
)

const png = "\x89PNG\r\n\x1a\nrest"

// fetch reads an address with a token.
func fetch(t *testing.T, address, token string) (string, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got.Header.Get("Content-Type"), string(body)
}

func TestBotUploadsAPictureAndShowsIt(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{Pace: -1})
	v.s.SlowFiles(1)
	v.fails(v.token, "files.getUploadURLExternal", object{"filename": "a.png"}, "invalid_arguments")
	where := v.ok("files.getUploadURLExternal", object{"filename": "a.png", "length": len(png), "alt_txt": "A dot"})
	id := where["file_id"].(string)
	upload := func(body string) int {
		t.Helper()
		r, err := http.Post(where["upload_url"].(string), "image/png", bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r.StatusCode
	}
	v.fails(v.token, "files.completeUploadExternal", object{"files": list(object{"id": id})}, "file_not_found")
	if upload(png+"x") != http.StatusBadRequest || upload(png) != http.StatusOK {
		t.Error("the length of an upload is not looked at")
	}
	show := func() object {
		image := object{"type": "image", "alt_text": "A dot", "slack_file": object{"id": id}}
		return v.call(v.token, "chat.postMessage", object{"channel": v.c.ID, "text": "x", "blocks": list(image)})
	}
	refusedWith(t, show(), "invalid_blocks", "invalid slack file [json-pointer:/blocks/0/slack_file]")
	v.ok("files.completeUploadExternal", object{"files": list(object{"id": id, "title": "Dot"})})
	refusedWith(t, show(), "invalid_blocks", "invalid slack file [json-pointer:/blocks/0/slack_file]") // it is still being worked on
	if got := show(); got["ok"] != true {
		t.Error(got)
	}
	other := v.s.Workspace("Other")
	token := other.Install()
	v.fails(token, "files.info", object{"file": id}, "file_not_found")
	private := v.ok("files.info", object{"file": id})["file"].(object)["url_private"].(string)
	for token, want := range map[string]string{v.token: "image/png", "": "text/html; charset=utf-8", "xoxb-guess": "text/html; charset=utf-8", token: "text/html; charset=utf-8"} {
		if kind, body := fetch(t, private, token); kind != want || (kind == "image/png") != (body == png) {
			t.Errorf("with %q: %s, %q", token, kind, body)
		}
	}
	if got := v.w.Files(); len(got) != 1 || got[0].Alt != "A dot" || got[0].Title != "Dot" {
		t.Errorf("files: %+v", got)
	}
}

func TestGivenFilesCanBeRead(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{Lenient: true})
	file := v.awa.Upload("a b.png", []byte(png))
	v.fails(v.token, "files.info", object{"file": file}, "file_not_found") // hers, and nobody showed it to the bot
	opened(v, object{"type": "modal", "title": plain("x"), "submit": plain("x"), "blocks": list(
		named("files", "Files", object{"type": "file_input", "filetypes": list("png"), "max_files": 1}),
	)})
	text := v.awa.Upload("a.txt", []byte("text"))
	for _, wrong := range [][]string{{text}, {"F1"}, {file, file}} {
		if ack := v.awa.Submit(slacktest.Values{"Files": wrong}); !ack.Refused {
			t.Errorf("%q: %+v", wrong, ack)
		}
	}
	if ack := v.awa.Submit(slacktest.Values{"Files": {file}}); !ack.OK() {
		t.Errorf("%+v", ack)
	}
	private := v.ok("files.info", object{"file": file})["file"].(object)["url_private"].(string)
	if _, body := fetch(t, private, v.token); body != png || strings.Contains(private, " ") {
		t.Errorf("%s: %q", private, body)
	}
	v.awa.Say(v.awa.Direct(), "look", v.awa.Upload("c.png", []byte(png)))
	events := v.seen("events_api")
	e := events[len(events)-1]["payload"].(object)["event"].(object)
	if e["subtype"] != "file_share" || len(e["files"].([]any)) != 1 {
		t.Errorf("a message with a file: %v", e)
	}
}

package playground_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"griot/bot/playground"
	"griot/chat"
	"griot/i18n"
)

// TestKeyboardAlone writes, corrects and approves a post without a mouse.
func TestKeyboardAlone(t *testing.T) {
	s, y := open(t, playground.Options{})
	server, tab := serve(t, s), browser(t)
	ctrlEnter := chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl))
	do(t, tab, chromedp.Navigate(server.URL+"/?as=paul#approvals"), ready("paul"),
		keys(kb.Tab), is(`document.activeElement.classList.contains("skip")`), enter(), is(`document.activeElement.id === "say"`),
		keys("/red"), is(`document.querySelector("#say").value === "/red"`), wait(`document.querySelector("#complete [aria-selected=true] b")?.textContent === "/post draft"`),
		is(`document.querySelector("#say").getAttribute("aria-activedescendant") === "hit0"`),
		keys(kb.Tab), is(`document.querySelector("#say").value === "/post draft "`),
		wait(`document.querySelector("#complete b")?.textContent === "text:"`), enter(),
		wait(`document.querySelector("#form").open && document.activeElement.id === "in-text"`),
		ctrlEnter, wait(`document.querySelector("#in-text-err").textContent === "Please fill this in." && document.activeElement.id === "in-text"`),
		keys("A cheap jar"), is(`document.querySelector("#in-text").closest(".in-field").querySelector(".number").textContent === "11 of 500"`),
		keys(kb.Tab), keys(" "), keys(kb.Tab+kb.Tab+kb.Tab), is(`document.activeElement.id === "in-when"`), keys("tomorrow 9am"), ctrlEnter,
		wait(`document.querySelector("#in-text-err").textContent.includes("never") && document.activeElement.id === "in-text"`),
		is(`document.activeElement.ariaInvalid === "true" && document.activeElement.value === "A cheap jar" && document.querySelector("#in-when").value === "tomorrow 9am"`),
		is(`document.querySelector("[name=to][value=bluesky]").checked`),
		js(`document.activeElement.select()`), keys("A fair jar"), ctrlEnter,
		wait(`!document.querySelector("#form").open && document.querySelector("#list .card h3")?.textContent === "To approve"`),
		is(`document.activeElement.id === "say" && document.activeElement.value === ""`),
		js(`document.querySelector("[data-key='post.approve']").focus()`), keys(kb.Enter),
		wait(`document.querySelector("#list .card h3").textContent === "Scheduled"`),
		is(`document.activeElement.closest(".msg")?.querySelector("h3").textContent === "Scheduled"`),
		is(`document.querySelector("#live").textContent.includes("Card updated: Scheduled")`),
	)
	send(t, s, "approvals", "k", waiting(""))
	move := `document.querySelector("[data-key='s:post.move']")`
	do(t, tab, wait(move), js(move+`.focus()`), keys(kb.ArrowDown), is(move+`.value === ""`), keys(kb.Escape), // an arrow chooses nothing yet
		js(move+`.value = "monday"; `+move+`.dispatchEvent(new Event("change"))`), wait(`document.querySelector("#list").textContent.includes("Moved to monday")`))
	last := y.seen()[2]
	want := chat.Values{"text": {"A fair jar"}, "to": {"bluesky", "pretend"}, "when": {"tomorrow 9am"}, "reply": {"all"}}
	if diff := cmp.Diff(want, last.Values); diff != "" || !last.Form {
		t.Errorf("values of the form (-want +got):\n%s", diff)
	}
}

// TestLiveChangesLeaveTheReaderAlone redraws and adds while somebody reads far up and types.
func TestLiveChangesLeaveTheReaderAlone(t *testing.T) {
	s, _ := open(t, playground.Options{})
	server, tab := serve(t, s), browser(t)
	first := send(t, s, "approvals", "first", waiting(""))
	middle := send(t, s, "approvals", "middle", waiting(""))
	send(t, s, "approvals", "last", waiting(""))
	do(t, tab, chromedp.Navigate(server.URL+"/?as=paul#approvals"), ready("paul"),
		click("#say"), keys("half a sen"), js(`document.querySelector("#say").setSelectionRange(2, 4)`),
		js(`const l = document.querySelector("#list"); l.scrollTop = document.querySelectorAll(".msg")[1].offsetTop - l.offsetTop + 20`),
		wait(`(window.frames_ = (window.frames_ || 0) + 1) > 3`), // the page has seen the scroll
		js(`window.was = document.querySelectorAll(".msg")[1].getBoundingClientRect().top`))
	small := chat.Card{Title: "Scheduled", Tone: chat.Good}
	if err := s.Edit(t.Context(), first, small); err != nil { // much shorter, above what is read
		t.Fatal(err)
	}
	send(t, s, "approvals", "new", waiting("new words"))
	do(t, tab, wait(`document.querySelectorAll(".msg").length === 4 && document.querySelector("h3").textContent === "Scheduled"`),
		is(`document.activeElement.id === "say" && document.activeElement.value === "half a sen" && document.activeElement.selectionStart === 2 && document.activeElement.selectionEnd === 4`),
		is(`!document.querySelector("#fresh").hidden`), is(`document.querySelector("#live").textContent.includes("Card updated: Scheduled")`),
		is(`document.querySelector("#live").textContent.includes("Griot: To approve")`),
		is(`Math.abs(document.querySelectorAll(".msg")[1].getBoundingClientRect().top - window.was) <= 2`),
		click("#fresh"), wait(`document.querySelector("#fresh").hidden`))
	focused := `document.querySelectorAll(".msg")[1].querySelector("[data-key='post.cancel']")`
	do(t, tab, js(focused+`.focus()`))
	if err := s.Edit(t.Context(), middle, waiting("other words")); err != nil {
		t.Fatal(err)
	}
	do(t, tab, wait(`document.querySelectorAll(".msg")[1].textContent.includes("other words")`), is(`document.activeElement === `+focused))
}

func TestPressOnceAndConfirm(t *testing.T) {
	s, y := open(t, playground.Options{})
	server, tab := serve(t, s), browser(t)
	send(t, s, "approvals", "k", waiting(""))
	y.hold = make(chan struct{})
	approve := `document.querySelector("[data-key='post.approve']")`
	do(t, tab, chromedp.Navigate(server.URL+"/?as=paul#approvals"), ready("paul"),
		click(`[data-key="post.cancel"]`), wait(`document.querySelector("#sure").open`), is(`document.querySelector("#sureTitle").textContent === "Cancel this post for good?"`),
		keys(kb.Escape), wait(`!document.querySelector("#sure").open`),
		js(approve+`.click(); `+approve+`.click(); document.querySelector("[data-key='post.edit']").click()`),
		wait(approve+`.classList.contains("busy")`), is(approve+`.ariaDisabled === "true"`))
	until(t, func() bool { return len(y.seen()) > 0 })
	close(y.hold)
	do(t, tab, wait(`document.querySelector("h3").textContent === "Scheduled"`), wait(`document.querySelector(".only")`))
	if n := len(y.seen()); n != 1 {
		t.Errorf("the handler was asked %d times", n)
	}
	send(t, s, "approvals", "k2", waiting(""))
	do(t, tab, wait(`document.querySelector("[data-key='post.cancel']")`), click(`[data-key="post.cancel"]`), wait(`document.querySelector("#sure").open`),
		click(`#sure .risky`), wait(`[...document.querySelectorAll("h3")].some((h) => h.textContent === "Not sent")`))
}

func TestWhatWasNotStoredIsSaid(t *testing.T) {
	s, y := open(t, playground.Options{})
	server, tab := serve(t, s), browser(t)
	send(t, s, "approvals", "k", waiting(""))
	y.broken = 2
	do(t, tab, chromedp.Navigate(server.URL+"/?as=paul#approvals"), ready("paul"),
		chromedp.SendKeys(chromedp.CSS("#say"), "/help"), enter(),
		wait(`document.querySelector("#alert").textContent.includes("This was not stored. Please press again.")`), is(`document.querySelector("#say").value === "/help"`),
		click("#alert .quiet"), is(`!document.querySelector("#alert").textContent`),
		click(`[data-key="post.approve"]`), wait(`document.querySelector("#alert").textContent.includes("not stored")`), wait(`!document.querySelector("[data-key='post.approve']").ariaDisabled`),
		click(`[data-key="post.approve"]`), wait(`document.querySelector("h3").textContent === "Scheduled"`), is(`!document.querySelector("#alert").textContent`))
}

func TestEachPersonSeesTheirOwn(t *testing.T) {
	s, _ := open(t, playground.Options{})
	server, tab := serve(t, s), browser(t)
	story(t, s)
	do(t, tab, chromedp.Navigate(server.URL+"/?as=paul#general"), ready("paul"), is(`document.title === "(2) Griot · #general"`),
		is(`document.querySelector("[data-room=approvals] .count").textContent.startsWith("1")`), is(`document.querySelector("[data-room=mentions] .dot")`),
		chromedp.SendKeys(chromedp.CSS("#say"), "/help"), enter(), wait(`document.querySelector(".only")?.textContent.includes("Only you can see this")`),
		chromedp.SendKeys(chromedp.CSS("#say"), "a draft of Paul"),
		js(`const a = document.querySelector("#as"); a.value = "nora"; a.dispatchEvent(new Event("change"))`), ready("nora"),
		is(`document.documentElement.lang === "fr" && document.querySelector(".rooms h2").textContent === "Canaux"`),
		is(`!document.querySelector(".only") && document.querySelector("#say").value === ""`), is(`location.search === "?as=nora"`),
		is(`document.querySelector("[data-room^=dm]").dataset.room === "dm:nora"`),
		js(`const b = document.querySelector("#as"); b.value = "paul"; b.dispatchEvent(new Event("change"))`), ready("paul"),
		wait(`document.querySelector("#say").value === "a draft of Paul"`),
		click(`.only .quiet`), wait(`!document.querySelector(".only")`),
		click(`[data-room="dm:paul"]`), wait(`document.querySelector(".line.mine")?.textContent === "@Paul Keïta Mastodon asks you to sign in again."`), is(`document.title === "(1) Griot · Griot"`))
	if err := s.AddPerson(playground.Person{User: "zoe", Name: "Zoé Bah"}); err != nil {
		t.Fatal(err)
	}
	do(t, tab, wait(`[...document.querySelector("#as").options].some((o) => o.text === "Zoé Bah")`), click("#say"), keys("still here"))
	if err := s.AddPerson(playground.Person{User: "paul", Name: "Paul Keïta", Locale: i18n.Fr}); err != nil {
		t.Fatal(err)
	}
	do(t, tab, wait(`document.documentElement.lang === "fr" && document.querySelector(".rooms h2").textContent === "Canaux"`), is(`document.activeElement.value === "still here"`))
}

func TestFilesOfAFormAndOfAMessage(t *testing.T) {
	s, y := open(t, playground.Options{MaxUpload: 400_000})
	server, tab := serve(t, s), browser(t)
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	image, big := file("soir.png", evening(64, 40)), file("big.png", make([]byte, 500_000))
	pick := chromedp.CSS("#form input[type=file]")
	hidden := chromedp.NodeReady
	do(t, tab, chromedp.Navigate(server.URL+"/?as=paul#general"), ready("paul"),
		chromedp.SendKeys(chromedp.CSS("#say"), "/post draft"), enter(), wait(`document.querySelector("#form").open`),
		chromedp.SetUploadFiles(pick, []string{image, big}, hidden), wait(`document.querySelectorAll("#form .chip").length === 1`),
		is(`document.querySelector("#in-media-err").textContent.includes("“big.png” is larger than")`), is(`document.querySelector("#form .chip img").src.startsWith("blob:")`),
		js(`const c = document.querySelector("#form [type=datetime-local]"); c.value = "2026-11-24T09:00"; c.dispatchEvent(new Event("change"))`),
		is(`document.querySelector("#in-when").value === "2026-11-24 09:00"`),
		chromedp.SendKeys(chromedp.CSS("#in-text"), "cheap"), chromedp.SendKeys(chromedp.CSS("#in-token"), "hunter2"), click("#form .primary"),
		wait(`document.querySelector("#in-text-err").textContent`), is(`document.querySelectorAll("#form .chip").length === 1 && !document.querySelector("#in-token").value`),
		js(`document.querySelector("#in-text").value = "fair"`), click("#form .primary"), wait(`!document.querySelector("#form").open`),
		chromedp.SetUploadFiles(chromedp.CSS("#pick"), []string{image}, hidden), wait(`document.querySelector("#attached img")`),
		chromedp.SendKeys(chromedp.CSS("#say"), "Voilà"), enter(), wait(`document.querySelector(".files img")?.naturalWidth === 64`), is(`!document.querySelector("#attached").children.length`))
	if len(y.files) != 2 || y.files[0] != y.files[1] || !strings.HasPrefix(y.files[0], "media soir.png ") {
		t.Errorf("files of the two tries: %q", y.files)
	}
}

// TestARoomIsChosenOrTyped: a channel is chosen in a menu, however few there are, and typed where nobody lists them.
func TestARoomIsChosenOrTyped(t *testing.T) {
	s, y := open(t, playground.Options{})
	server, tab := serve(t, s), browser(t)
	do(t, tab, chromedp.Navigate(server.URL+"/?as=paul#general"), ready("paul"),
		chromedp.SendKeys(chromedp.CSS("#say"), "/post draft"), enter(), wait(`document.querySelector("#form").open`),
		is(`document.querySelector("select#in-room").value === "" && document.querySelector("input#in-elsewhere").type === "text"`),
		chromedp.SendKeys(chromedp.CSS("#in-text"), "fair"), js(`document.querySelector("#in-room").value = "C2"`),
		chromedp.SendKeys(chromedp.CSS("#in-elsewhere"), "#relecture"), click("#form .primary"), wait(`!document.querySelector("#form").open`))
	all := y.seen()
	want := chat.Values{"text": {"fair"}, "to": {"pretend"}, "reply": {"all"}, "room": {"C2"}, "elsewhere": {"#relecture"}}
	if diff := cmp.Diff(want, all[len(all)-1].Values); diff != "" {
		t.Errorf("values of the form (-want +got):\n%s", diff)
	}
}

// TestAFormKeepsItsWords closes a form by mistake, loads the page again in the middle of it, and lets somebody else open it.
func TestAFormKeepsItsWords(t *testing.T) {
	s, _ := open(t, playground.Options{})
	server, tab := serve(t, s), browser(t)
	draft := func(user string) {
		t.Helper()
		do(t, tab, ready(user), chromedp.SendKeys(chromedp.CSS("#say"), "/post draft"), enter(), wait(`document.querySelector("#form").open`))
	}
	do(t, tab, chromedp.Navigate(server.URL+"/?as=paul#general"))
	draft("paul")
	do(t, tab, chromedp.SendKeys(chromedp.CSS("#in-text"), "half a word"), chromedp.SendKeys(chromedp.CSS("#in-token"), "hunter2"),
		chromedp.Navigate(server.URL+"/?as=paul"))
	draft("paul")
	do(t, tab, is(`document.querySelector("#in-text").value === "half a word" && !document.querySelector("#in-token").value`),
		is(`!Object.values(sessionStorage).join().includes("hunter2")`), click("#form footer .btn"), wait(`!document.querySelector("#form").open`),
		chromedp.Navigate(server.URL+"/?as=nora"))
	draft("nora")
	do(t, tab, is(`document.querySelector("#in-text").value === ""`))
}

func TestOutsideWordsStayWords(t *testing.T) {
	s, _ := open(t, playground.Options{})
	server, tab := serve(t, s), browser(t)
	evil := `<img src=x onerror="document.title='owned'"><script>alert(1)</script>`
	c := waiting(evil)
	c.Title, c.Foot = evil, []chat.Span{chat.Bold(evil), chat.Code(evil), chat.Person{Name: evil}, chat.Link{Label: "x", URL: "javascript:alert(1)"}}
	c.Buttons = append(c.Buttons, chat.Button{Label: evil, URL: "javascript:alert(1)"})
	send(t, s, "general", "k", c)
	if _, err := s.Type(t.Context(), "nora", "general", evil); err != nil {
		t.Fatal(err)
	}
	do(t, tab, chromedp.Navigate(server.URL+"/?as=paul#general"), ready("paul"), wait(`document.querySelectorAll(".msg").length === 2`),
		is(`!document.querySelector("#list script, #list [onerror], #list a[href^=javascript]")`), is(`document.querySelector(".msg:last-child p.words").textContent.startsWith("<img")`),
		is(`!document.title.includes("owned")`))
}

// TestBrokenLine takes the server away and gives it back on the same address.
func TestBrokenLine(t *testing.T) {
	s, _ := open(t, playground.Options{})
	tab := browser(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: s.Handler()}}
	server.Start()
	do(t, tab, chromedp.Navigate("http://"+address+"/?as=paul#general"), ready("paul"), click("#say"), keys("not lost"))
	server.CloseClientConnections()
	server.Close()
	send(t, s, "general", "meanwhile", scheduled("Paul"))
	do(t, tab, wait(`!document.querySelector("#banner").hidden`), enter(), wait(`document.querySelector("#alert").textContent.includes("nothing was sent")`), is(`document.querySelector("#say").value === "not lost"`))
	if l, err = net.Listen("tcp", address); err != nil {
		t.Fatal(err)
	}
	server = &httptest.Server{Listener: l, Config: &http.Server{Handler: s.Handler()}}
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	do(t, tab, wait(`document.querySelector("#banner").hidden && document.querySelector("h3")?.textContent === "Scheduled"`), is(`document.querySelector("#say").value === "not lost"`))
}

// TestOneDecisionEveryChat shows the second chat beside the first, and both follow.
func TestOneDecisionEveryChat(t *testing.T) {
	one, _ := open(t, playground.Options{Second: "/two/"})
	two, _ := open(t, playground.Options{Name: "playground2", Prefix: "/two"})
	mux := http.NewServeMux()
	mux.Handle("/", one.Handler())
	mux.Handle("/two/", two.Handler())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	tab := browser(t)
	a, b := send(t, one, "general", "k", waiting("")), send(t, two, "general", "k", waiting(""))
	inside := `document.querySelector("#beside iframe")?.contentDocument`
	do(t, tab, chromedp.Navigate(server.URL+"/?as=paul#general"), ready("paul"), click(`[data-side="second"]`),
		wait(inside+`?.querySelector("h3")?.textContent === "To approve"`), is(inside+`.body.classList.contains("framed")`))
	for _, x := range []struct {
		s   *playground.Surface
		ref chat.MessageRef
	}{{one, a}, {two, b}} {
		if err := x.s.Edit(t.Context(), x.ref, scheduled("Paul")); err != nil {
			t.Fatal(err)
		}
	}
	do(t, tab, wait(`document.querySelector("h3").textContent === "Scheduled"`), wait(inside+`.querySelector("h3").textContent === "Scheduled"`), shot(t, "beside"),
		click(`[data-side="second"]`), wait(`document.querySelector("#beside").hidden`),
		click("#theme"), is(`document.documentElement.dataset.theme === "dark"`), is(`getComputedStyle(document.body).color === "rgb(236, 231, 223)"`))
}

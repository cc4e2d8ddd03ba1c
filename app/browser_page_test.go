package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"griot/needs"
)

// page is one tab of a real Chromium, as somebody sits before it: it finds things by the words on them.
type page struct {
	*testing.T
	tab  context.Context
	base string // where its chat is, without a slash at the end
	user string // who speaks

	forgive atomic.Value // a string: what the console may say from now on
}

// step is one thing done in a tab.
type step = chromedp.Action[chromedp.Void]

// chromium is a browser that reaches nothing but this machine.
func chromium(t *testing.T) context.Context {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(needs.Chromium(t)),
		chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("lang", "fr-FR"), chromedp.Flag("accept-lang", "fr-FR"), chromedp.WindowSize(1280, 900), chromedp.UserDataDir(t.TempDir()),
	)
	all, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	return all
}

// newPage opens a tab: in a new browser, or beside another tab when within is one.
func newPage(t *testing.T, within context.Context, base string) *page {
	t.Helper()
	tab, shut := chromedp.NewContext(within)
	t.Cleanup(shut)
	if err := chromedp.Do(tab); err != nil {
		t.Fatal(err)
	}
	first := tab
	tab, end := context.WithTimeout(tab, 5*time.Minute)
	t.Cleanup(end)
	p := &page{T: t, tab: tab, base: base}
	p.quiet(first)
	p.size(1280, 900)
	p.colours("light")
	p.do(chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		_, err := cdp.Call(ctx, on, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Europe/Paris"})
		return err
	}))
	return p
}

// quiet fails the test when the page throws, or when its own policy stops something.
func (p *page) quiet(tab context.Context) {
	said := chromedp.Console(p.tab)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for m, err := range said {
			if err != nil {
				return
			}
			away := strings.Contains(m.Text, "net::ERR_") || strings.Contains(m.Text, "status of 503") // Griot restarts
			if words, ok := p.forgive.Load().(string); ok && strings.Contains(m.Text, words) {
				continue
			}
			if m.Type == "error" && !away || m.IsException() {
				p.Errorf("the page complains: %s", m)
			}
		}
	}()
	p.Cleanup(func() {
		_ = chromedp.Cancel(tab) // ends the console with the tab
		<-over
	})
}

// do takes steps in the tab; a step that fails ends the test, with what stood on the page.
func (p *page) do(steps ...step) {
	p.Helper()
	for _, s := range steps {
		if err := chromedp.Do(p.tab, s); err != nil {
			p.look("failed")
			p.Fatalf("%v\nthe page of %s:\n%s", err, p.user, p.text("document.body"))
		}
	}
}

func (p *page) size(w, h int64) { p.do(chromedp.EmulateViewport(w, h)) }

// colours chooses the system's light or dark.
func (p *page) colours(name string) {
	p.do(chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		_, err := cdp.Call(ctx, on, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	}))
}

// lib is what every question to the page may use: plain makes typographic spaces ordinary ones.
const lib = `
const plain = (s) => (s || '').replace(/[\s\u00a0\u202f]+/g, ' ');
const has = (e, ...all) => all.every((w) => plain(e.innerText).includes(plain(w)));
const messages = (...all) => [...document.querySelectorAll('#list .msg')].filter((e) => has(e, ...all));
const alone = (e) => [...e.querySelectorAll('.card')].map((c) => plain(c.innerText)).join(' ');
const cards = (...all) => messages(...all).filter((e) => all.every((w) => alone(e).includes(plain(w))));
const shown = (e) => e && e.checkVisibility();
`

// quoted are words as JavaScript's arguments.
func quoted(words []string) string {
	var out []string
	for _, w := range words {
		b, _ := json.Marshal(w) // a string always has a JSON form
		out = append(out, string(b))
	}
	return strings.Join(out, ", ")
}

// until waits for what JavaScript says of the page; a page that goes elsewhere meanwhile is asked again.
func (p *page) until(what, expression string) {
	p.Helper()
	limit := time.Now().Add(patience)
	poll := chromedp.Poll[bool]("(() => {"+lib+"return !!("+expression+")})()", chromedp.WithPollingTimeout(patience))
	p.do(chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		_, err := poll(ctx, on)
		for err != nil && elsewhere(err) && time.Now().Before(limit) {
			_, err = poll(ctx, on)
		}
		if err != nil {
			return fmt.Errorf("wait for %s: %w", what, err)
		}
		return nil
	}))
}

// elsewhere reports that a page was left while it was asked something.
func elsewhere(err error) bool {
	return strings.Contains(err.Error(), "navigated") || strings.Contains(err.Error(), "Cannot find context")
}

// text is what stands in an element, without failing.
func (p *page) text(expression string) string {
	s, err := chromedp.Run(p.tab, chromedp.Evaluate[string]("(() => {"+lib+"return plain(("+expression+")?.innerText)})()"))
	if err != nil {
		return err.Error()
	}
	return s
}

// sees waits for a message with all these words.
func (p *page) sees(words ...string) {
	p.Helper()
	p.until(strings.Join(words, " + "), "messages("+quoted(words)+").length")
}

// card waits for a card with all these words, lines below it aside.
func (p *page) card(words ...string) {
	p.Helper()
	p.until("a card: "+strings.Join(words, " + "), "cards("+quoted(words)+").length")
}

// misses waits until no message has all these words.
func (p *page) misses(words ...string) {
	p.Helper()
	p.until("no "+strings.Join(words, " + "), "!messages("+quoted(words)+").length")
}

// visit opens the chat as somebody, at a channel.
func (p *page) visit(user, channel string) {
	p.Helper()
	p.user = user
	p.do(chromedp.Navigate(p.base + "/?as=" + user + "#" + channel))
	p.until("the chat", `document.body.dataset.ready === "`+user+`"`)
}

// speaks changes who one speaks as.
func (p *page) speaks(user string) {
	p.Helper()
	p.user = user
	p.do(chromedp.Evaluate[chromedp.Void](`(() => { const s = document.querySelector('#as'); s.value = "` + user + `"; s.dispatchEvent(new Event('change')); })()`))
	p.until("speaking as "+user, `document.body.dataset.ready === "`+user+`" && document.querySelector('#as').value === "`+user+`"`)
}

// enters opens a channel.
func (p *page) enters(channel string) {
	p.Helper()
	p.hit("#"+channel, `document.querySelector('[data-room="`+channel+`"]')`)
	p.until("channel "+channel, `document.querySelector('[aria-current]')?.dataset.room === "`+channel+`"`)
}

// says types a line and sends it.
func (p *page) says(line string) {
	p.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS("#say"), line), enterKey())
	p.until("the line to be sent", `!document.querySelector('#say').value && !document.querySelector('#composer').ariaBusy`)
}

// enterKey presses Enter without the character of it, which a real keyboard withholds when the key moved the focus.
func enterKey() step {
	return chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			key := input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13}
			if _, err := cdp.Call(ctx, on, input.DispatchKeyEvent, key); err != nil {
				return err
			}
		}
		return nil
	})
}

// hit clicks, with the mouse, what JavaScript finds, once it can be pressed.
func (p *page) hit(what, expression string) {
	p.Helper()
	for range 20 {
		p.until(what, "shown("+expression+") && !("+expression+").ariaDisabled")
		at, err := chromedp.Run(p.tab, chromedp.Evaluate[[]float64]("(() => {"+lib+`
			const aim = () => `+expression+`;
			window.struck = undefined;
			document.addEventListener('click', (c) => {
				window.struck = !!aim()?.contains(c.target);
				if (!window.struck) { c.preventDefault(); c.stopImmediatePropagation(); }
			}, {capture: true, once: true});
			const e = aim(); e.scrollIntoView({block: 'center'});
			const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()`))
		if err != nil {
			p.Fatalf("%s: %v", what, err)
		}
		p.do(chromedp.MouseClickXY(at[0], at[1]))
		struck, err := chromedp.Run(p.tab, chromedp.Evaluate[bool](`window.struck !== false`))
		if err != nil || struck {
			return // an error: the click has opened another page
		}
	}
	p.Fatalf("%s: it moves away under every click", what)
}

// presses clicks a button of the newest card with these words.
func (p *page) presses(button string, card ...string) {
	p.Helper()
	p.hit(button, `[...cards(`+quoted(card)+`).at(-1)?.querySelectorAll('.acts .btn') || []].find((b) => plain(b.innerText) === plain(`+quoted([]string{button})+`))`)
}

// link is where the newest card with these words leads to on the network.
func (p *page) link(card ...string) string {
	p.Helper()
	at := "cards(" + quoted(card) + ").at(-1)?.querySelector('.note a')?.href"
	p.until("a link", at)
	link, err := chromedp.Run(p.tab, chromedp.Evaluate[string]("(() => {"+lib+"return "+at+"})()"))
	if err != nil {
		p.Fatal(err)
	}
	return link
}

// hides puts away what only this person sees.
func (p *page) hides(words ...string) {
	p.Helper()
	p.hit("hide", `messages(`+quoted(words)+`).at(-1)?.querySelector('.quiet')`)
}

// sure says yes to "are you sure".
func (p *page) sure() {
	p.Helper()
	p.hit("yes", `document.querySelector('#sure[open] .btn.risky')`)
}

// keep writes a picture for the README where GRIOT_SHOTS points.
func (p *page) keep(name string) { p.picture(os.Getenv("GRIOT_SHOTS"), name) }

// look writes a picture for whoever works on the pages where GRIOT_LOOKS points.
func (p *page) look(name string) { p.picture(os.Getenv("GRIOT_LOOKS"), name) }

func (p *page) picture(folder, name string) {
	p.Helper()
	if folder == "" {
		return
	}
	b, err := chromedp.Run(p.tab, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), b, 0o644)
	}
	if err != nil {
		p.Error(err)
	}
}

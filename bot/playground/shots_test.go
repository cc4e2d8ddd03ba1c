package playground_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"griot/bot/playground"
)

// contrast lists the texts of the page that stand out too little: less than 4.5 to 1, or 3 to 1 when large (WCAG 2.2 AA, 1.4.3).
const contrast = `(() => {
  const rgb = (c) => { const n = c.match(/[\d.]+/g).map(Number); return {r: n[0], g: n[1], b: n[2], a: n[3] ?? 1}; };
  const over = (top, under) => ({r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1});
  const light = ({r, g, b}) => [r, g, b].map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const ground = (e) => {
    const layers = [];
    for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.a) layers.push(c); if (c.a === 1) break; if (e.tagName === 'DIALOG') break; }
    return layers.reverse().reduce((under, top) => over(top, under), {r: 255, g: 255, b: 255, a: 1});
  };
  const weak = [];
  for (const e of document.querySelectorAll('body *')) {
    const words = e.matches('textarea, input, select') ? e.value || e.placeholder : [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join('');
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!words || box.width < 2 || box.height < 2 || style.visibility !== 'visible' || e.closest('option, .sr, [aria-disabled]') || !e.checkVisibility()) continue;
    const back = ground(e), front = over(rgb(style.color), back), [hi, lo] = [light(front), light(back)].sort((a, b) => b - a);
    const ratio = (hi + .05) / (lo + .05), size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) weak.push(ratio.toFixed(2) + ' ' + e.tagName + '.' + e.className + ' ' + String(words).slice(0, 30));
  }
  return weak;
})()`

// readable is a step that fails when some text stands out too little, or when the page is wider than the screen.
func readable(where string) step {
	look := chromedp.Evaluate[[]string](contrast)
	wide := chromedp.Evaluate[[]string](`document.documentElement.scrollWidth <= innerWidth ? [] :
		[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.tagName + "#" + e.id + "." + e.className)`)
	return chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		weak, err := look(ctx, on)
		if err != nil {
			return err
		}
		if len(weak) > 0 {
			return fmt.Errorf("%s: too little contrast: %q", where, weak)
		}
		over, err := wide(ctx, on)
		if err == nil && len(over) > 0 {
			err = fmt.Errorf("%s: wider than the screen: %q", where, over)
		}
		return err
	})
}

// TestShots keeps pictures of the page as people meet it, and reads each of them for contrast and width.
func TestShots(t *testing.T) {
	s, _ := open(t, playground.Options{Beside: "https://pretend.example/", Second: "/two/"})
	server := serve(t, s)
	story(t, s)
	if _, err := s.Type(t.Context(), "paul", "general", "/help"); err != nil {
		t.Fatal(err)
	}
	send(t, s, "general", "done", scheduled("Paul Keïta"))
	send(t, s, "general", "not", cancelled())
	tab := browser(t)
	for _, size := range []struct {
		name string
		w, h int64
	}{{"desktop", 1280, 900}, {"telephone", 390, 844}} {
		for _, colours := range []string{"light", "dark"} {
			name := size.name + "-" + colours
			keep := func(what string) step {
				return chromedp.Steps(readable(what+" on "+name), shot(t, what+"-"+name))
			}
			do(t, tab, chromedp.EmulateViewport(size.w, size.h), theme(colours),
				chromedp.Navigate(server.URL+"/?as=paul#approvals"), ready("paul"), wait(`document.querySelector("img.pic")?.complete`), keep("chat"),
				js(`document.querySelector("#list").scrollTop = 0`), keep("top"),
				chromedp.SendKeys(chromedp.CSS("#say"), "/po"), wait(`document.querySelectorAll("#complete li").length >= 2`), keep("complete"),
				js(`document.querySelector("#say").value = ""`), chromedp.SendKeys(chromedp.CSS("#say"), "/post draft"), enter(), wait(`document.querySelector("#form").open`), keep("form"),
				click("#form .primary"), wait(`document.querySelector("#in-text-err").textContent`), keep("refused"),
				keys(kb.Escape), wait(`!document.querySelector("#form").open`),
				chromedp.Navigate(server.URL+"/?as=paul#general"), ready("paul"), keep("answers"),
				chromedp.Navigate(server.URL+"/?as=nora#dm:nora"), ready("nora"), keep("empty"),
				chromedp.Navigate(server.URL+"/gallery?as=paul"), ready("gallery"), keep("gallery"))
		}
	}
}

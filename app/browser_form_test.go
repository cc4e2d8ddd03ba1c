package app

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// asked waits for a form of that title.
func (p *page) asked(title string) {
	p.Helper()
	p.until("form "+title, `has(document.querySelector('#form[open] h2') || document.createElement('i'), `+quoted([]string{title})+`)`)
}

// input is the id of the input with that label.
func (p *page) input(label string) string {
	p.Helper()
	of := `[...document.querySelectorAll('#form label[for]')].find((l) => plain(l.innerText).trim().startsWith(plain(` + quoted([]string{label}) + `)))`
	p.until("field "+label, of)
	id, err := chromedp.Run(p.tab, chromedp.Evaluate[string]("(() => {"+lib+"return "+of+".htmlFor})()"))
	if err != nil {
		p.Fatal(err)
	}
	return id
}

// fills types into a field in place of what is there.
func (p *page) fills(label, value string) {
	p.Helper()
	id := p.input(label)
	p.do(chromedp.Evaluate[chromedp.Void](`(() => { const e = document.getElementById("`+id+`"); e.focus(); e.select(); })()`),
		insert(value))
}

// insert puts words where the focus is, as a paste does.
func insert(words string) step {
	return chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		_, err := cdp.Call(ctx, on, input.InsertText, input.InsertTextParams{Text: words})
		return err
	})
}

// goesTo ticks these accounts of a form, by how they begin, and no others.
func (p *page) goesTo(accounts ...string) {
	p.Helper()
	p.until("the accounts", `document.querySelector('#form [name="to"]')`)
	p.do(chromedp.Evaluate[chromedp.Void](`(() => {` + lib + `
		for (const box of document.querySelectorAll('#form [name="to"]'))
			if (box.checked !== [` + quoted(accounts) + `].some((a) => plain(box.parentElement.innerText).trim().startsWith(a))) box.click();
	})()`))
}

// connects adds an account of a network with what its form asks for, and waits until it is told that it is there.
func (p *page) connects(network string, answers map[string]string) {
	p.Helper()
	p.speaks("awa")
	p.enters("general")
	p.says("/connecter " + network)
	p.asked("Connecter")
	for label, value := range answers {
		p.fills(label, value)
	}
	p.sends()
	p.until("an answer", `messages('est connecté').length || messages('Connexion à').length`)
	if p.text("messages('est connecté').at(-1)") == "" { // the network took its time
		p.enters("dm:awa")
		p.sees("est connecté")
	}
}

// attaches chooses files in a field.
func (p *page) attaches(files ...string) {
	p.Helper()
	p.do(chromedp.SetUploadFiles(chromedp.CSS(`#form input[type=file]`), files, chromedp.NodeReady))
}

// sends presses the form's own button and waits until the form is gone.
func (p *page) sends() {
	p.Helper()
	p.hit("send", `document.querySelector('#form[open] footer .primary')`)
	p.until("the form to close", `!document.querySelector('#form').open`)
}

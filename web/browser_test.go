package web_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"griot/needs"
)

// step is one thing done in the tab.
type step = chromedp.Action[chromedp.Void]

// wait is a step that ends when an expression of the page holds, be it of the page that comes next: looking at one that is
// leaving fails, and is done again.
func wait(expression string) step {
	poll := chromedp.Poll[bool]("!!("+expression+")", chromedp.WithPollingTimeout(5*time.Second))
	return chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		var err error
		for range 10 {
			if _, err = poll(ctx, on); err == nil {
				return nil
			}
		}
		return fmt.Errorf("never so: %s: %w", expression, err)
	})
}

// kept stores what the tab shows in the folder that GRIOT_SHOTS names; unset, nothing is kept.
func kept(name string) step {
	return chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		b, err := chromedp.CaptureScreenshot()(ctx, on)
		if folder := os.Getenv("GRIOT_SHOTS"); err == nil && folder != "" {
			err = os.WriteFile(filepath.Join(folder, name+".png"), b, 0o644)
		}
		return err
	})
}

// TestTheSecretPageInARealBrowser: its own policy lets its style and its form through, and the keyboard is enough.
func TestTheSecretPageInARealBrowser(t *testing.T) {
	t.Parallel()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(needs.Chromium(t)),
		chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.WindowSize(500, 900), chromedp.UserDataDir(t.TempDir()))
	all, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	tab, shut := chromedp.NewContext(all)
	t.Cleanup(shut)
	tab, end := context.WithTimeout(tab, time.Minute)
	t.Cleanup(end)

	h := open(t)
	for i, s := range []step{
		chromedp.Navigate(h.page()),
		wait(`getComputedStyle(document.querySelector("main")).maxWidth !== "none"`),
		wait(`document.activeElement.id === "k_server"`),
		kept("secret-1-form"),
		chromedp.SendKeys(chromedp.CSS("#k_token"), wrongToken+"\r"),
		wait(`document.querySelector("#k_token[aria-invalid]") || document.querySelector("[role=alert]")`),
		wait(`document.querySelector("#k_token").value === "" && document.activeElement.id === "k_token"`),
		kept("secret-2-refused"),
		chromedp.SendKeys(chromedp.CSS("#k_token"), rightToken+"\r"),
		wait(`document.querySelector("dd")?.textContent.includes("@awa@toy.example")`),
		wait(`document.activeElement.tagName === "BUTTON"`),
		kept("secret-3-sure"),
		chromedp.Click(chromedp.CSS("button")),
		wait(`document.querySelector("h1").textContent.includes("est connecté")`),
		kept("secret-4-done"),
	} {
		if err := chromedp.Do(tab, s); err != nil {
			t.Fatalf("step %d: %v", i+1, err)
		}
	}
}

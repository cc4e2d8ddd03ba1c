package playground_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"griot/bot/playground"
	"griot/chat"
	"griot/needs"
)

// browser is one tab of a real Chromium that reaches nothing but the test's own server.
func browser(t *testing.T) context.Context {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(needs.Chromium(t)),
		chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("lang", "en-GB"), chromedp.WindowSize(1280, 900), chromedp.UserDataDir(t.TempDir()),
	)
	all, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	tab, shut := chromedp.NewContext(all)
	t.Cleanup(shut)
	if err := chromedp.Do(tab); err != nil {
		t.Fatal(err)
	}
	tab, end := context.WithTimeout(tab, 3*time.Minute)
	t.Cleanup(end)
	quiet(t, tab)
	return tab
}

// quiet fails the test when the page throws, or when its own policy stops something.
func quiet(t *testing.T, tab context.Context) {
	t.Helper()
	said := chromedp.Console(tab)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for m, err := range said {
			if err != nil {
				return
			}
			if m.Type == "error" && !strings.Contains(m.Text, "net::ERR_") && !strings.Contains(m.Text, "status of 503") || m.IsException() {
				t.Errorf("the page complains: %s", m)
			}
		}
	}()
	t.Cleanup(func() {
		_ = chromedp.Cancel(tab) // ends the console with the tab
		<-over
	})
}

// is is a step that checks an expression once.
func is(expression string) step {
	ask := chromedp.Evaluate[bool]("!!(" + expression + ")")
	return chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		ok, err := ask(ctx, on)
		if err == nil && !ok {
			err = fmt.Errorf("not so: %s", expression)
		}
		return err
	})
}

// js runs a script in the page.
func js(script string) step { return chromedp.Evaluate[chromedp.Void](script) }

// keys presses keys wherever the focus is.
func keys(all string) step { return chromedp.KeyEvent(all) }

// enter presses Enter without the character of it, which a real keyboard withholds when the key moved the focus.
func enter() step {
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

func click(css string) step { return chromedp.Click(chromedp.CSS(css)) }

// step is one thing done in the tab.
type step = chromedp.Action[chromedp.Void]

func do(t *testing.T, tab context.Context, steps ...step) {
	t.Helper()
	for i, s := range steps {
		if err := chromedp.Do(tab, s); err != nil {
			t.Fatalf("step %d: %v", i+1, err)
		}
	}
}

// wait is a step that ends when the page says that expression is true.
func wait(expression string) step {
	poll := chromedp.Poll[bool]("!!("+expression+")", chromedp.WithPollingTimeout(20*time.Second))
	return chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		if _, err := poll(ctx, on); err != nil {
			return fmt.Errorf("wait for %s: %w", expression, err)
		}
		return nil
	})
}

func ready(user string) step { return wait(`document.body?.dataset.ready === "` + user + `"`) }

func theme(name string) step {
	return chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		_, err := cdp.Call(ctx, on, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	})
}

// shot keeps a picture of what the tab shows.
func shot(t *testing.T, name string) step {
	dir := os.Getenv("GRIOT_SHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	return chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		b, err := chromedp.CaptureScreenshot()(ctx, on)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name+".png"), b, 0o600)
	})
}

// story is a channel on an ordinary morning.
func story(t *testing.T, s *playground.Surface) chat.MessageRef {
	t.Helper()
	say := func(user, channel, line string) {
		if _, err := s.Type(t.Context(), user, channel, line); err != nil {
			t.Fatal(err)
		}
	}
	say("paul", "approvals", "Good morning! The jars are in the shop window, it looks lovely.")
	say("nora", "approvals", "Merci Paul. Je prépare la publication pour mardi.")
	say("nora", "approvals", "Photo prise hier soir depuis l’atelier.")
	ref := send(t, s, "approvals", "post:p1", waiting(""))
	paul, _ := s.Who("paul")
	if err := s.Nudge(t.Context(), chat.Nudge{Key: "n1", To: paul, Thread: ref, Words: []chat.Span{chat.Plain("this post waits for your approval.")}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Nudge(t.Context(), chat.Nudge{Key: "n2", To: paul, Words: []chat.Span{chat.Plain("Mastodon asks you to sign in again.")}}); err != nil {
		t.Fatal(err)
	}
	say("nora", "mentions", "Une question d’un client sur Mastodon ce matin.")
	return ref
}

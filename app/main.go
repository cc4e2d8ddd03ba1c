package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/alecthomas/kong"

	"griot/fault"
	"griot/i18n"
)

// Command is one call of the program.
type Command struct {
	Version  string
	Args     []string
	Getenv   func(string) string
	Out, Err io.Writer
	// Step is told each named step of a delivery, so that a test can end the process there; nil outside tests.
	Step func(name string)
}

// commandLine is what can be typed after griot.
type commandLine struct {
	Serve   struct{} `cmd:"" default:"1" help:"Run Griot (with no configuration: SQLite in ./data and the playground in your browser)."`
	Doctor  struct{} `cmd:"" help:"Look at everything Griot stands on and say what to mend."`
	Migrate struct{} `cmd:"" help:"Bring the database to this version without starting."`
	Backup  struct {
		File string `arg:"" help:"Where to write; must not exist."`
	} `cmd:"" help:"Write everything to one file, while Griot runs or not."`
	Restore struct {
		File string `arg:"" help:"A file that griot backup wrote." type:"existingfile"`
	} `cmd:"" help:"Fill an empty GRIOT_DATA or database from a backup. What fell due since is never sent: people decide."`
	Manifest struct {
		Slack   slackManifest `cmd:"" help:"Print what creates Griot's app in Slack."`
		Discord struct{}      `cmd:"" help:"Print the link that invites Griot to a Discord server, and the commands it registers there."`
	} `cmd:"" help:"Print what a chat needs to know of Griot."`
	Version struct{} `cmd:"" help:"Print the version."`
}

// Main runs the program and returns its exit code: 0, 1 for a failure, 2 for a wrong call.
func Main(ctx context.Context, c Command) int {
	var line commandLine
	helped := false // --help has printed what it had to; whatever is missing then is no mistake
	parser, err := kong.New(&line, kong.Name("griot"), kong.Writers(c.Out, c.Err), kong.UsageOnError(), kong.Exit(func(int) { helped = true }),
		kong.Description("The assistant of the people who speak for a brand, in their chat."))
	if err != nil {
		panic(err) // a mistake in commandLine
	}
	parsed, err := parser.Parse(c.Args)
	if helped {
		return 0
	}
	if err != nil {
		fmt.Fprintln(c.Err, "griot:", err)
		return 2
	}
	err = c.run(ctx, parsed.Command(), line)
	if err == nil || errors.Is(err, context.Canceled) {
		return 0
	}
	fmt.Fprintln(c.Err, "griot:", c.sentence(err))
	return 1
}

func (c Command) run(ctx context.Context, what string, line commandLine) error {
	if what == "version" {
		_, err := fmt.Fprintln(c.Out, c.Version)
		return err
	}
	cfg, err := Read(c.Getenv)
	if err != nil {
		return err
	}
	switch what {
	case "doctor":
		return c.doctor(ctx, cfg)
	case "migrate":
		return c.migrate(ctx, cfg)
	case "backup <file>":
		return c.backup(ctx, cfg, line.Backup.File)
	case "restore <file>":
		return c.restore(ctx, cfg, line.Restore.File)
	case "manifest slack":
		return c.manifestSlack(cfg, line.Manifest.Slack)
	case "manifest discord":
		return c.manifestDiscord(cfg)
	}
	return c.serve(ctx, cfg)
}

// sentence is err as the person at the terminal reads it: a refusal in their language, anything else as it is.
func (c Command) sentence(err error) string {
	if fault.KindOf(err) != fault.Internal {
		return fault.For(err, c.locale())
	}
	return err.Error()
}

// locale is the language of the terminal: GRIOT_LOCALE, else the machine's.
func (c Command) locale() i18n.Locale {
	for _, name := range []string{"GRIOT_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := c.Getenv(name); v != "" {
			l, _ := i18n.ParseLocale(v)
			return l
		}
	}
	return i18n.En
}

func (c Command) logger(cfg Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogJSON {
		return slog.New(slog.NewJSONHandler(c.Err, o))
	}
	return slog.New(slog.NewTextHandler(c.Err, o))
}

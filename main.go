// Command griot is the assistant that lives in a team's chat and does the community manager's day there.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones stand in the binary, whatever the machine has

	"griot/app"
)

// version is set when a release is built.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(app.Main(ctx, app.Command{Version: version, Args: os.Args[1:], Getenv: os.Getenv, Out: os.Stdout, Err: os.Stderr}))
}

// Command detlint reviews detection rules. The work is done in the packages
// beside it; here are the commands and their flags, one file each.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() { os.Exit(run()) }

// run lets deferred work finish before the process exits.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, today: time.Now}
	return a.execute(ctx, os.Args[1:])
}

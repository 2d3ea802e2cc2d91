package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
)

// progress shows how far a long run has come, on a terminal only. Short runs
// show nothing.
type progress struct {
	w     io.Writer // nil for no display
	start time.Time

	mu    sync.Mutex
	last  time.Time
	shown bool
}

// quietFor is how long a run may take before it shows its progress.
const quietFor = 500 * time.Millisecond

func (a *app) progress() *progress {
	p := &progress{start: time.Now()}
	if f, ok := a.stderr.(*os.File); ok && !a.quiet && isatty.IsTerminal(f.Fd()) && a.getenv("TERM") != "dumb" {
		p.w = f
	}
	return p
}

func (p *progress) update(done, total int) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Sub(p.start) < quietFor || now.Sub(p.last) < 100*time.Millisecond {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.w, "\rlooking at rules … %d of %d files", done, total)
}

// done clears the line.
func (p *progress) done() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

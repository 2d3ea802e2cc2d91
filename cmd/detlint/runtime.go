package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"runtime/debug"
)

// version is set when a release is built.
var version = ""

// versionName is the version for people and reports.
func versionName() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

// buildID tells this build of the program from others, so that a cache which
// another build wrote is not believed.
func buildID() string {
	id := versionName()
	if path, err := os.Executable(); err == nil {
		if info, err := os.Stat(path); err == nil {
			id += fmt.Sprintf(" %d %d", info.Size(), info.ModTime().UnixNano())
		}
	}
	return id
}

// cacheName names the cache folder of a repository.
func cacheName(path string) string {
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:8])
}

// tuneGC trades memory for time: a run is short, and its memory is bounded by
// what it reads. GOGC and GOMEMLIMIT still decide where they are set.
func tuneGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

// memoryLimit is where the collector begins to work harder, in bytes.
const memoryLimit = 200 << 20

package scan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/rule"
)

const ruleText = `title: Ünïcode
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a051
status: test
tags:
    - attack.execution
    - attack.t1059.001
logsource:
    category: process_creation
    product: windows
detection:
    s:
        Image|endswith: '\x.exe'
    condition: s
level: high
---
title: Counted
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a052
correlation:
    type: event_count
    rules:
        - 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a051
    timespan: 5m
    condition:
        gte: 5
level: low
`

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestSnapshot(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "b/two.yml", ruleText)
	write(t, dir, "a/broken.yml", strings.Replace(ruleText, "condition: s", "condition: s adn", 1))
	write(t, dir, "c/other.yml", "jobs:\n  - detection\n")
	write(t, dir, "d/pointer.yml", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
	tree, err := changes.Dir(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{1, 4} {
		done := make(chan int, 10)
		s := Scanner{Workers: workers, Progress: func(_, total int) { done <- total }}
		snapshot, err := s.Snapshot(t.Context(), tree)
		if err != nil {
			t.Fatal(err)
		}
		if len(done) != 4 || <-done != 4 {
			t.Error("progress is not reported for every file")
		}
		var got []string
		for _, f := range snapshot.Files {
			line := f.Path
			if f.Recognized {
				line += " recognized"
			}
			if f.Broken > 0 {
				line += " broken"
			}
			if f.Unreadable != "" {
				line += " unreadable"
			}
			got = append(got, line)
		}
		want := []string{"a/broken.yml recognized broken", "b/two.yml recognized", "c/other.yml", "d/pointer.yml unreadable"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if n := len(snapshot.Rules()); n != 4 {
			t.Errorf("%d rules", n)
		}
	}
}

// summaries are what the rules of ruleText sum up to.
func summaries(t testing.TB) File {
	t.Helper()
	f := File{Path: "two.yml", Hash: changes.Hash{1}, Recognized: true, Broken: 2}
	parsed, err := Read(memory(ruleText), changes.Entry{Path: "two.yml", Mode: changes.Regular}, nil)
	if err != nil {
		t.Fatal(err)
	}
	f.Definitions = []rule.Definition{{
		Use: rule.Use{Kind: rule.Macro, Name: "between(2)"}, Arguments: []string{"a", "b"}, Text: "x>$a$ x<$b$",
		Columns: []string{"c"}, Path: "two.yml", Line: 3, Files: []string{"x.csv"},
	}}
	for _, r := range parsed.Rules {
		r.Uses = []rule.Use{{Kind: rule.Lookup, Name: "known"}}
		f.Rules = append(f.Rules, r.Summary())
		f.Rules[len(f.Rules)-1].Context = "0123"
	}
	if len(f.Rules) != 2 || len(f.Rules[0].Events) == 0 || len(f.Rules[1].RuleReferences) != 1 {
		t.Fatalf("the rules lack what the test is about: %+v", f.Rules)
	}
	return f
}

// memory is a tree with one file.
type memory string

func (m memory) Name() string                       { return "memory" }
func (m memory) Entries() []changes.Entry           { return nil }
func (m memory) Read(changes.Entry) ([]byte, error) { return []byte(m), nil }

func TestCacheKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "cache.bin")
	want := summaries(t)
	c := OpenCache(path, "build 1")
	c.put(&want)
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, build string
		hash        changes.Hash
		known       bool
	}{
		{"the same", "build 1", want.Hash, true},
		{"another content", "build 1", changes.Hash{2}, false},
		{"another build", "build 2", want.Hash, false},
		{"no hash", "build 1", changes.Hash{}, false},
	} {
		got := File{Path: want.Path, Hash: tt.hash}
		if known := OpenCache(path, tt.build).get(&got); known != tt.known {
			t.Errorf("%s: known %t", tt.name, known)
		} else if known {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
	}
	// The path belongs to the tree, not to the content.
	moved := File{Path: "elsewhere.yml", Hash: want.Hash}
	if !OpenCache(path, "build 1").get(&moved) || moved.Rules[0].Path != "elsewhere.yml" {
		t.Errorf("got %+v", moved)
	}
	retired := File{Path: "deprecated/two.yml", Hash: want.Hash}
	if !OpenCache(path, "build 1").get(&retired) || !retired.Rules[0].Retired || moved.Rules[0].Retired {
		t.Error("whether a rule is retired depends on its folder")
	}
}

func TestCacheForgetsWhatIsNotUsed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.bin")
	entry := func(n byte) File { return File{Path: "x.yml", Hash: changes.Hash{n}, Recognized: true} }
	c := OpenCache(path, "b")
	for n := byte(1); n <= 20; n++ {
		f := entry(n)
		c.put(&f)
	}
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	c = OpenCache(path, "b")
	f := entry(1)
	if !c.get(&f) {
		t.Fatal("not kept")
	}
	g := entry(30)
	c.put(&g)
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	c = OpenCache(path, "b")
	if len(c.index) != 2 {
		t.Errorf("%d entries are kept", len(c.index))
	}
}

func FuzzDecode(f *testing.F) {
	file := summaries(f)
	f.Add(encode(&file))
	f.Add([]byte{1, 0, 255, 255, 255, 255, 15})
	f.Fuzz(func(t *testing.T, entry []byte) {
		got := File{Path: "x.yml"}
		if decode(string(entry), &got) {
			again := File{Path: "x.yml"}
			if !decode(string(encode(&got)), &again) {
				t.Fatal("what was decoded cannot be encoded")
			}
		}
	})
}

func FuzzOpenCache(f *testing.F) {
	f.Add([]byte(cacheFormat + "b\n0123456789012345678901234567890"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "cache.bin")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		c := OpenCache(path, "b")
		for h := range c.index {
			c.get(&File{Hash: h})
		}
	})
}

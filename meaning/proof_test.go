package meaning

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/proof"
)

// TestProofsAgreeWithEvents changes rules at random until they have faults, and
// holds each fault against events: what is said to be dead, needless or idle
// makes no difference to any of them.
func TestProofsAgreeWithEvents(t *testing.T) {
	t.Run("testdata", func(t *testing.T) { provedOf(t, rulesBelow(t, filepath.Join("testdata", "rules")), 80, 40) })
	corpora := filepath.Join("..", "..", "shared", "corpora")
	entries, err := os.ReadDir(corpora)
	if err != nil {
		t.Skip("no real rules at hand: proofs not held against events of them")
	}
	for _, e := range entries {
		if e.IsDir() {
			t.Run(e.Name(), func(t *testing.T) {
				rules := rulesBelow(t, filepath.Join(corpora, e.Name()))
				if len(rules) == 0 {
					t.Skip("no rules that detlint reads")
				}
				provedOf(t, thinned(rules), 2, 16)
			})
		}
	}
}

func provedOf(t *testing.T, rules []*normalize.Rule, changes, events int) {
	random := rand.New(rand.NewSource(2))
	count := map[proof.Kind]int{}
	hold := func(r *normalize.Rule) {
		for _, f := range proof.Examine(r) {
			count[f.Kind]++
			if problem := refuted(random, r, f, events); problem != "" {
				t.Errorf("%s: fault %d at %s %s %q: %s", r.Path(), f.Kind, f.At[0].Field.Value, f.At[0].Operator, f.At[0].Value, problem)
			}
		}
	}
	for _, r := range rules {
		if r.Condition == nil || r.Broken {
			continue
		}
		hold(r)
		for range changes {
			_, condition := mutated(random, r.Condition, rules[random.Intn(len(rules))].Condition)
			copied := *r.Rule
			copied.Condition = condition
			hold(normalize.Normalize(&copied))
		}
	}
	t.Logf("%d rules, faults by kind: %v", len(rules), count)
	if len(count) < 3 {
		t.Error("hardly any fault was put to the test")
	}
}

// refuted returns what contradicts a fault, empty where nothing does.
func refuted(random *rand.Rand, r *normalize.Rule, f proof.Fault, events int) string {
	as := evaluator(r)
	without := evaluatorWith(r, func(n *normalize.Node) normalize.Truth {
		for i, l := range f.At {
			if n.Written != l.Predicate || r.Predicates[n.Predicate].Negated != l.Negated {
				continue
			}
			switch f.Kind {
			case proof.Never, proof.Dead, proof.Swallowed:
				if i == 0 || f.Kind == proof.Never || f.Whole {
					return normalize.False
				}
			case proof.Contained, proof.Within:
				return normalize.False
			case proof.Repeated:
				if l.Negated {
					return normalize.True
				}
				return normalize.False
			default:
				return normalize.True
			}
		}
		return normalize.Unknown
	})
	for range events {
		sample := made(random, r, r, r)
		a, b := as(sample), without(sample)
		if f.Whole && a == normalize.True {
			return fmt.Sprintf("it holds for %v", sample)
		}
		if !f.Whole && (a == normalize.True && b == normalize.False || a == normalize.False && b == normalize.True) {
			return fmt.Sprintf("it makes a difference for %v: %d, without %d", sample, a, b)
		}
	}
	return ""
}

// FuzzProof examines any rule and holds what is proved against events.
func FuzzProof(f *testing.F) {
	frame := "title: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a005\nlogsource: {product: windows, category: process_creation}\ndetection:\n"
	f.Add("  s: {Image: [a, b]}\n  t: {Image|startswith: [b, c]}\n  condition: s and t")
	f.Add("  s: {Image|endswith: ['\\a.exe', '\\b.exe']}\n  f: {Image|contains: a, User: x}\n  condition: s and not f")
	f.Add("  s: {CommandLine|contains: [foo, foobar]}\n  f: {Image: [x, y]}\n  condition: s and not f or s and f")
	f.Add("  s: {Image|cased: A, Image|re: 'a+'}\n  f: {Image: a}\n  condition: s and (not f or not s)")
	f.Add("  s: {User|windash|contains: ' -a', User|exists: true}\n  f: {User: null}\n  condition: 1 of them and not all of them")
	f.Add("  s: {Image: [a, b], CommandLine|contains: xyz}\n  t: {Image: [a, b, c], CommandLine|contains: [x, w]}\n  condition: s or t")
	f.Add("  s: {Image|startswith: 'C:\\a\\', Image|endswith: '\\b.exe'}\n  f: {Image: '?:\\a\\\\*.exe'}\n  condition: s and not f")
	f.Add("  s: {DestinationIp|cidr: 10.0.0.0/8, ProcessId|gt: 5}\n  f: {DestinationIp|cidr: 192.168.0.0/16}\n  g: {ProcessId|lt: 4}\n  condition: s and not f or g and not f")
	f.Fuzz(func(t *testing.T, detection string) {
		file := parsers.Parse("r.yml", []byte(frame+detection), nil)
		if len(file.Rules) == 0 || len(detection) > 2000 {
			return
		}
		r := normalize.Normalize(file.Rules[0])
		for _, fault := range proof.Examine(r) {
			if len(fault.At) == 0 || len(fault.By) == 0 {
				t.Fatalf("a fault without a part: %+v", fault)
			}
			if problem := refuted(rand.New(rand.NewSource(1)), r, fault, 40); problem != "" {
				t.Errorf("fault %d at %q: %s", fault.Kind, fault.At[0].Value, problem)
			}
		}
	})
}

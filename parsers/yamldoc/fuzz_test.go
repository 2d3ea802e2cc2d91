package yamldoc

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

func FuzzParse(f *testing.F) {
	for _, s := range agreeing {
		f.Add([]byte(s))
	}
	for _, c := range broken {
		f.Add([]byte(c.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := checkAll(data); err != nil {
			t.Fatal(err)
		}
	})
}

// checkAll checks what has to hold for every input.
func checkAll(data []byte) error {
	for _, d := range Parse(data) {
		if err := checkDocument(d, data); err != nil {
			return err
		}
	}
	return agree(data)
}

func checkDocument(d Document, data []byte) error {
	whole := rule.Span{End: int32(len(data))}
	if d.Err != nil {
		return checkSpans(&tree.Node{Kind: tree.Mapping, Span: d.Err.Span}, whole, data)
	}
	if d.Root == nil {
		return nil
	}
	d.Root.Duplicates()
	return checkSpans(d.Root, whole, data)
}

// agree compares the documents that the scanner reads with what yaml.v3 makes
// of each of them.
func agree(data []byte) error {
	text := string(data)
	src := rule.NewSource("", data)
	sc := newScanner(text)
	defer sc.release()
	for _, c := range joinDirectives(text, survey(data, nil)) {
		if c.odd || c.err != nil {
			continue
		}
		root, ok := sc.scan(&c, false)
		if !ok || root == nil {
			continue
		}
		doc, err := decode(data[c.mark:c.end])
		if err != nil {
			return err
		}
		// The same, read the slow way, has the same spans.
		slow, ferr := fallback(data, text, &c)
		if ferr != nil {
			return ferr.plain()
		}
		if err := sameSpans(root, slow, "$"); err != nil {
			return err
		}
		shift(doc, src, int32(c.mark))
		if err := compare(src, root, doc.Content[0], "$", true); err != nil {
			return err
		}
	}
	return nil
}

// TestShuffled puts the signs that mean something in YAML behind each other,
// which finds more than changing bytes does.
func TestShuffled(t *testing.T) {
	words := strings.Split("a|b c|:|: |: |:\n|- |- |-\n|\n|\n|\n|\n  |\n  |\n  |\n    |\n    |\n   |\n |\n\n| |  |\t|PIPE|PIPE\n|PIPE-\n|PIPE+\n|PIPE2\n|>|>\n  |>-\n  |>+\n|'|'|''|\"|\"|\\|\\n|#| # c\n| #|[|]|, |,|{|}|é|😀|1|~|\r\n|\r\n  |&x |*x|!t |? |---\n|\n---\n|\n...\n|%|<<: |<<|a: b|a: b\n|c:\n|- d\n|'e'|\"f\"", "|")
	most := rounds(20_000)
	rng := rand.New(rand.NewPCG(1, uint64(most)))
	fast := 0
	for range most {
		var b strings.Builder
		for range 1 + rng.IntN(14) {
			b.WriteString(strings.ReplaceAll(words[rng.IntN(len(words))], "PIPE", "|"))
		}
		if err := checkAll([]byte(b.String())); err != nil {
			t.Fatalf("%q: %v", b.String(), err)
		}
		if n, _ := fastPath([]byte(b.String())); n > 0 {
			fast++
		}
	}
	t.Logf("%d of %d texts on the fast path", fast, most)
}

// TestMutated changes a few characters of real rules.
func TestMutated(t *testing.T) {
	signs := []string{" ", "  ", "\n", "\n  ", "\t", ":", ": ", "'", "\"", "\\", "- ", "#", " #", "[", "]", "{", "}", ",", "|", ">", "*", "&", "!", "?", "%", "é", "\r\n", "---\n", "<<"}
	rng := rand.New(rand.NewPCG(3, 4))
	every := max(20_000/rounds(200), 1)
	for _, dir := range []string{"sigma", "splunk", "kusto"} {
		for i, data := range corpusFiles(t, dir) {
			if i%every != 0 {
				continue
			}
			for range 8 {
				b := append([]byte(nil), data...)
				for range 1 + rng.IntN(3) {
					at := rng.IntN(len(b))
					cut := min(at+rng.IntN(3), len(b))
					b = append(append(append([]byte(nil), b[:at]...), signs[rng.IntN(len(signs))]...), b[cut:]...)
				}
				if err := checkAll(b); err != nil {
					t.Fatalf("%s %d: %v\n%s", dir, i, err, b)
				}
			}
		}
	}
}

// rounds returns how often to try something random.
func rounds(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("YAMLDOC_ROUNDS")); err == nil {
		return n
	}
	return usual
}

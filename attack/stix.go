package attack

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// What a bundle may cost. Those that MITRE publishes have 50 million bytes,
// 25,000 objects and 900 techniques.
const (
	maxBundle     = 256 << 20 // bytes
	maxObjects    = 500_000
	maxTechniques = 20_000
	maxTactics    = 64 // of all matrices
	maxTelemetry  = 200_000
)

// BundleError says what is wrong with a bundle, and where.
type BundleError struct {
	Line    int    // from 1; 0 when it is about the bundle as a whole
	Message string // lower case, says what was expected
}

func (e *BundleError) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Message)
}

// OpenFile reads a bundle from a file. The errors are *BundleError, and those
// of the file system.
func OpenFile(path string) (*Tables, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, &BundleError{Message: "is no regular file"})
	}
	return Read(f)
}

// Read makes tables of a STIX 2.1 bundle as MITRE publishes it for each matrix
// (enterprise-attack.json of mitre-attack/attack-stix-data). It reads
// techniques and tactics, revocations and what replaced them, and the detection
// strategies with their analytics. The matrices that the bundle does not have
// stay as they are embedded. Objects of other types are passed over.
//
// What is used of the format: https://github.com/mitre-attack/attack-stix-data,
// USAGE.md.
func Read(r io.ReadSeeker) (*Tables, error) {
	hash := sha256.New()
	limited := &limitedReader{r: r, left: maxBundle}
	dec := json.NewDecoder(io.TeeReader(limited, hash))
	b := &bundle{byRef: map[string]*stixObject{}}
	err := b.read(dec)
	if err == nil {
		// What stands behind the bundle belongs to the digest too.
		_, err = io.Copy(io.Discard, io.TeeReader(limited, hash))
	}
	if err != nil {
		return nil, located(r, dec, b, err)
	}
	t, err := b.tables()
	if err != nil {
		return nil, err
	}
	t.Digest = hex.EncodeToString(hash.Sum(nil)[:12])
	return t, nil
}

var errTooLarge = fmt.Errorf("expected a bundle of at most %d MiB", maxBundle>>20)

// limitedReader fails where io.LimitReader would end.
type limitedReader struct {
	r    io.Reader
	left int
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLarge
	}
	n, err := l.r.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

// located makes an error that says in which line of the bundle it is.
func located(r io.ReadSeeker, dec *json.Decoder, b *bundle, err error) error {
	var known *BundleError
	var syntax *json.SyntaxError
	var form *json.UnmarshalTypeError
	at := dec.InputOffset()
	switch {
	case errors.Is(err, errTooLarge):
		return &BundleError{Message: err.Error()}
	case errors.As(err, &syntax):
		known = &BundleError{Message: "not JSON: " + syntax.Error()}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		known = &BundleError{Message: "the file ends within the bundle, expected all of a STIX 2.1 bundle"}
		at = maxBundle
	case errors.As(err, &form):
		at = b.start
		known = &BundleError{Message: fmt.Sprintf("object %d: expected a %s for %q, found a %s", len(b.objects)+1, kindOf(form), form.Field, form.Value)}
	case errors.As(err, &known):
	default:
		return err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return known
	}
	in := bufio.NewReader(r)
	known.Line = 1 + lines(io.LimitReader(in, at))
	for form != nil { // an object begins behind what separates it from the last one
		c, err := in.ReadByte()
		if err != nil || !bytes.ContainsRune([]byte(" \t\r\n,"), rune(c)) {
			break
		}
		if c == '\n' {
			known.Line++
		}
	}
	return known
}

// kindOf is what JSON calls the type that was expected.
func kindOf(e *json.UnmarshalTypeError) string {
	switch e.Type.Kind().String() {
	case "slice":
		return "list"
	case "bool":
		return "true or false"
	case "struct":
		return "mapping"
	}
	return e.Type.Kind().String()
}

// lines counts the ends of lines.
func lines(r io.Reader) int {
	n := 0
	in := bufio.NewReader(r)
	for {
		part, err := in.ReadSlice('\n')
		n += bytes.Count(part, []byte{'\n'})
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return n
		}
	}
}

// stixObject has what is read of an object of any type.
type stixObject struct {
	Type       string `json:"type"`
	ID         string `json:"id"`
	Name       string `json:"name"`
	Revoked    bool   `json:"revoked"`
	Deprecated bool   `json:"x_mitre_deprecated"`

	Domains    []string `json:"x_mitre_domains"`
	References []struct {
		Source string `json:"source_name"`
		ID     string `json:"external_id"`
	} `json:"external_references"`

	Version   string   `json:"x_mitre_version"`   // x-mitre-collection
	ShortName string   `json:"x_mitre_shortname"` // x-mitre-tactic
	Tactics   []string `json:"tactic_refs"`       // x-mitre-matrix, in its order

	Platforms []string `json:"x_mitre_platforms"` // attack-pattern, x-mitre-analytic
	Phases    []struct {
		Chain string `json:"kill_chain_name"`
		Phase string `json:"phase_name"`
	} `json:"kill_chain_phases"`

	Relationship string `json:"relationship_type"`
	Source       string `json:"source_ref"`
	Target       string `json:"target_ref"`

	Analytics  []string `json:"x_mitre_analytic_refs"` // x-mitre-detection-strategy
	LogSources []struct {
		Component string `json:"x_mitre_data_component_ref"`
		Name      string `json:"name"`
		Channel   string `json:"channel"`
	} `json:"x_mitre_log_source_references"` // x-mitre-analytic
}

// read are the types of object that tables are made of.
var readTypes = map[string]bool{
	"attack-pattern": true, "x-mitre-tactic": true, "x-mitre-matrix": true, "x-mitre-collection": true, "relationship": true,
	"x-mitre-detection-strategy": true, "x-mitre-analytic": true, "x-mitre-data-component": true,
}

// bundle is what was read of a file.
type bundle struct {
	objects []*stixObject // of the types that matter, in the order of the file
	byRef   map[string]*stixObject
	seen    int   // objects of any type
	start   int64 // where the object that is being read begins
}

// read goes through the file, object by object.
func (b *bundle) read(dec *json.Decoder) error {
	if err := expect(dec, '{', "a STIX 2.1 bundle, a mapping with \"objects\""); err != nil {
		return err
	}
	found := false
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if key != "objects" {
			var skipped json.RawMessage
			if err := dec.Decode(&skipped); err != nil {
				return err
			}
			if key == "type" && string(skipped) != `"bundle"` {
				return &BundleError{Message: fmt.Sprintf("expected an object of the type %q, found %.40s", "bundle", skipped)}
			}
			continue
		}
		found = true
		if err := b.readObjects(dec); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return err
	}
	if !found {
		return &BundleError{Message: `expected a STIX 2.1 bundle, found no "objects"`}
	}
	return nil
}

func (b *bundle) readObjects(dec *json.Decoder) error {
	if err := expect(dec, '[', "a list of objects"); err != nil {
		return err
	}
	for dec.More() {
		if b.seen++; b.seen > maxObjects {
			return &BundleError{Message: fmt.Sprintf("expected at most %d objects", maxObjects)}
		}
		b.start = dec.InputOffset()
		o := &stixObject{}
		if err := dec.Decode(o); err != nil {
			return err
		}
		if readTypes[o.Type] {
			b.objects = append(b.objects, o)
			if o.Type != "relationship" {
				b.byRef[o.ID] = o
			}
		}
	}
	_, err := dec.Token()
	return err
}

// expect reads the beginning of a mapping or of a list.
func expect(dec *json.Decoder, open json.Delim, what string) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	if token != open {
		return &BundleError{Message: fmt.Sprintf("expected %s, found %.40v", what, token)}
	}
	return nil
}

package checks

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/internal/atomicfile"
)

// Baseline has the findings that a project started with. A finding is known by
// its file, its rule and its line's text, or, where that was edited, by its
// message, and not by the line's number. It is as often known as it was there.
type Baseline struct {
	path   string
	byFile map[string][]known
}

// known are findings that a baseline doesn't tell apart.
type known struct {
	File    string `json:"file"` // with slashes, relative to the baseline's folder
	Code    string `json:"code"`
	Text    string `json:"text"` // of the line
	Message string `json:"message"`
	Count   int    `json:"count"`
}

// baselineFile is the form of a baseline on disk.
type baselineFile struct {
	Version  int     `json:"version"`
	Findings []known `json:"findings"`
}

const baselineVersion = 1

// NewBaseline is an empty baseline that is written to a path.
func NewBaseline(path string) (*Baseline, error) {
	full, err := filepath.Abs(path)
	return &Baseline{path: full, byFile: map[string][]known{}}, err
}

// ReadBaseline reads a baseline. The error says what to do.
func ReadBaseline(path string) (*Baseline, error) {
	b, err := NewBaseline(path)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no baseline %s: make it with --write-baseline: %w", path, err)
	} else if err != nil {
		return nil, fmt.Errorf("read the baseline: %w", err)
	}
	var file baselineFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s is no baseline: %w: make it anew with --write-baseline", path, err)
	}
	if file.Version != baselineVersion {
		return nil, fmt.Errorf("%s is no baseline of version %d: make it anew with --write-baseline", path, baselineVersion)
	}
	for _, one := range file.Findings {
		b.byFile[one.File] = append(b.byFile[one.File], one)
	}
	return b, nil
}

// name is how the baseline calls a file.
func (b *Baseline) name(path string) string {
	if relative, err := filepath.Rel(filepath.Dir(b.path), path); err == nil {
		path = relative
	}
	return filepath.ToSlash(path)
}

// match compares the findings of a file with the baseline's: left are those
// that it doesn't have, gone counts those that only it has.
func (b *Baseline) match(file Checked) (left []Finding, gone int) {
	entries := slices.Clone(b.byFile[b.name(file.Path)])
	left = file.Findings
	for _, same := range []func(known, Finding) bool{
		func(k known, f Finding) bool { return k.Text == f.text && k.Message == f.Message },
		func(k known, f Finding) bool { return k.Text == f.text },
		func(k known, f Finding) bool { return k.Message == f.Message },
	} {
		var unmatched []Finding
		for _, found := range left {
			i := slices.IndexFunc(entries, func(k known) bool { return k.Count > 0 && k.Code == found.Code && same(k, found) })
			if i < 0 {
				unmatched = append(unmatched, found)
				continue
			}
			entries[i].Count--
		}
		left = unmatched
	}
	for _, entry := range entries {
		gone += entry.Count
	}
	return left, gone
}

// Set makes the files' findings those of the baseline. What it has of other
// files stays, unless they are gone.
func (b *Baseline) Set(files []Checked) {
	for name := range b.byFile {
		if _, err := os.Stat(filepath.Join(filepath.Dir(b.path), filepath.FromSlash(name))); err != nil {
			delete(b.byFile, name)
		}
	}
	for _, file := range files {
		if file.Err != nil {
			continue
		}
		name := b.name(file.Path)
		counts := map[known]int{}
		for _, found := range file.Findings {
			counts[known{File: name, Code: found.Code, Text: found.text, Message: found.Message}]++
		}
		delete(b.byFile, name)
		for one, count := range counts {
			one.Count = count
			b.byFile[name] = append(b.byFile[name], one)
		}
	}
}

// Write writes the baseline to its path, in an order that changes little when
// findings go.
func (b *Baseline) Write() error {
	file := baselineFile{Version: baselineVersion, Findings: []known{}}
	for _, entries := range b.byFile {
		file.Findings = append(file.Findings, entries...)
	}
	slices.SortFunc(file.Findings, func(a, b known) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Message, b.Message))
	})
	var text bytes.Buffer
	if err := encode(&text, file); err != nil {
		return fmt.Errorf("write the baseline: %w", err)
	}
	if err := atomicfile.Write(b.path, text.Bytes()); err != nil {
		return fmt.Errorf("write the baseline: %w", err)
	}
	return nil
}

package navigate_test

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
)

// TestEachPlace: at each place of a text, whole or cut off there, and outside of it,
// there is an answer, and what is named at a place has it among its references.
func TestEachPlace(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p := newProject(t, archive)
		for _, file := range archive.Files {
			if strings.HasSuffix(file.Name, ".py") {
				checkEachPlace(t, &p.Search, filepath.Join(p.root, file.Name), file.Data)
			}
		}
	}
}

func checkEachPlace(t *testing.T, whole *navigate.Search, path string, text []byte) {
	for offset := -1; offset <= len(text)+1; offset++ {
		thing, at, err := whole.At(t.Context(), path, offset)
		if err != nil {
			t.Fatal(err)
		}
		if thing != nil && at.Kind != navigate.Text && !at.Span.Contains(offset) {
			t.Errorf("%s: %s is named at %v, asked for %d", path, thing.Name, at.Span, offset)
		}
		if offset < 0 || offset > len(text) || offset%7 != 0 {
			continue
		}
		cut := &navigate.Search{Snapshot: whole.Snapshot.With(path, text[:offset])}
		for _, general := range []bool{false, true} {
			if _, err := cut.Definition(t.Context(), path, offset, general); err != nil {
				t.Error(err)
			}
			if _, err := cut.TypeDefinition(t.Context(), path, offset, general); err != nil {
				t.Error(err)
			}
		}
		if _, err := cut.Implementation(t.Context(), path, offset); err != nil {
			t.Error(err)
		}
		if _, err := cut.Highlights(t.Context(), path, offset, true); err != nil {
			t.Error(err)
		}
		symbols, err := navigate.DocumentSymbols(t.Context(), cut.Snapshot, path)
		if err != nil {
			t.Error(err)
		}
		for _, symbol := range symbols {
			if symbol.Span.Start > symbol.NameSpan.Start || symbol.Span.End < symbol.NameSpan.End || symbol.Span.End > offset {
				t.Errorf("%s cut at %d: %s at %v has its name at %v", path, offset, symbol.Name, symbol.Span, symbol.NameSpan)
			}
		}
	}
	checkReferences(t, whole, path, text)
}

// checkReferences: each place in a file that means something is found again, once.
func checkReferences(t *testing.T, search *navigate.Search, path string, text []byte) {
	seen := map[string]bool{}
	for offset := range text {
		thing, at, err := search.At(t.Context(), path, offset)
		if err != nil || thing == nil || seen[thing.Key] {
			continue
		}
		seen[thing.Key] = true
		places, err := search.References(t.Context(), thing)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, place := range places {
			if place.Span == at.Span && place.Path == path {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%s: %s at %v is found %d times", path, thing.Name, at.Span, found)
		}
	}
}

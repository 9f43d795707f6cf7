package model_test

import (
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/model"
)

// A module that many goroutines ask for at once is the same for all, with its
// types and bodies. The race detector watches.
func TestConcurrentReaders(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/entities/names.txtar")
	if err != nil {
		t.Fatal(err)
	}
	p := newProject(t, archive)
	texts := make([]string, 8)
	var all sync.WaitGroup
	for i := range texts {
		all.Go(func() {
			for _, name := range []string{"pkg.nested.deep", "pkg", "pkg.steps"} {
				m := model.Of(p.program, &p.engine, p.sources[name])
				texts[i] += written(m)
				for _, e := range m.Entities {
					m.Body(e)
				}
			}
		})
	}
	all.Wait()
	for _, text := range texts[1:] {
		if text != texts[0] {
			t.Errorf("one reader sees\n%s\nanother\n%s", texts[0], text)
		}
	}
}

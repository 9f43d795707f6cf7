package navigate

import (
	"cmp"
	"context"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/sync/errgroup"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Listed is an entity of the workspace.
type Listed struct {
	Name string
	Kind model.Kind
	// Module is the name of the module that defines it.
	Module string
	Path   string
	Source *parser.Source
	Span   parser.Span // of its name
}

// Listing lists the entities of a workspace. It keeps what files define, as long
// as neither they nor what they import change, so that a query costs no evaluation.
// It is safe for concurrent use; the zero value is ready.
type Listing struct {
	mu    sync.Mutex
	files map[string]*listedFile
}

// listedFile is what a file with a stamp defines.
type listedFile struct {
	stamp    stamp
	entities []Listed // without Source
}

// stamp tells the states of a file apart: the version of an open document, and
// size and time of change of one on disk.
type stamp struct {
	version int32
	size    int64
	changed time.Time
}

// Find are the entities whose names, or full names, have the letters of a query in
// their order, the best matches first: at most so many as the limit says. Those of
// an empty query are all, by name. Entities are those of the files that
// Workspace.Index found and of open documents. The error is the context's.
func (l *Listing) Find(ctx context.Context, snapshot *workspace.Snapshot, query string, limit int) ([]Listed, error) {
	files, err := l.refresh(ctx, snapshot)
	if err != nil {
		return nil, err
	}
	type match struct {
		Listed
		score int
	}
	var matches []match
	for _, file := range files {
		for _, e := range file.entities {
			score := max(2*matchScore(e.Name, query), matchScore(e.Module+"."+e.Name, query))
			if score > 0 {
				matches = append(matches, match{e, score})
			}
		}
	}
	slices.SortFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	var found []Listed
	sources := map[string]*parser.Source{}
	for _, file := range snapshot.OpenFiles() {
		sources[file.Path] = file.Source
	}
	for _, m := range matches[:min(limit, len(matches))] {
		source := sources[m.Path]
		if source == nil {
			if source = readSource(snapshot, m.Path); source == nil {
				continue // it went away meanwhile
			}
			sources[m.Path] = source
		}
		m.Source = source
		found = append(found, m.Listed)
	}
	return found, ctx.Err()
}

// readSource is the text of a file on disk, nil if it can't be read. That of a
// notebook is the one of its cells.
func readSource(snapshot *workspace.Snapshot, path string) *parser.Source {
	if parser.IsNotebook(path) {
		file, err := snapshot.File(path)
		if err != nil {
			return nil
		}
		return file.Source
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return parser.NewSource(text)
}

// refresh evaluates the files that changed, and those that import them.
func (l *Listing) refresh(ctx context.Context, snapshot *workspace.Snapshot) ([]*listedFile, error) {
	stamps := map[string]stamp{}
	for _, path := range snapshot.WorkflowFiles() {
		if info, err := os.Stat(path); err == nil {
			stamps[path] = stamp{size: info.Size(), changed: info.ModTime()}
		}
	}
	for _, file := range snapshot.OpenFiles() {
		stamps[file.Path] = stamp{version: file.Version}
	}
	l.mu.Lock()
	known := l.files
	l.mu.Unlock()
	stale := map[string]bool{}
	for path, now := range stamps {
		if file := known[path]; file == nil || file.stamp != now {
			markStale(snapshot, path, known != nil, stale)
		}
	}
	next := map[string]*listedFile{}
	var mu sync.Mutex
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for path, now := range stamps {
		if file := known[path]; file != nil && !stale[path] {
			mu.Lock()
			next[path] = file
			mu.Unlock()
			continue
		}
		group.Go(func() error {
			file, err := list(each, snapshot, path)
			if err != nil && each.Err() != nil {
				return err
			}
			if err == nil {
				file.stamp = now
				mu.Lock()
				next[path] = file
				mu.Unlock()
			}
			return nil // a file that can't be read defines nothing
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.files = next
	l.mu.Unlock()
	files := make([]*listedFile, 0, len(next))
	for _, file := range next {
		files = append(files, file)
	}
	return files, nil
}

// markStale marks a file and, if others may be known already, those that import
// it, directly or through others.
func markStale(snapshot *workspace.Snapshot, path string, dependents bool, stale map[string]bool) {
	for next := []string{path}; len(next) > 0; {
		one := next[len(next)-1]
		next = next[:len(next)-1]
		if stale[one] {
			continue
		}
		stale[one] = true
		if dependents {
			next = append(next, snapshot.Dependents(one)...)
		}
	}
}

// list evaluates a file.
func list(ctx context.Context, snapshot *workspace.Snapshot, path string) (*listedFile, error) {
	module, err := snapshot.Module(ctx, path)
	if err != nil {
		return nil, err
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	listed := &listedFile{}
	for _, e := range module.Entities {
		if !e.Shadowed && title(e) != "" && e.Path == path {
			listed.entities = append(listed.entities, Listed{Name: title(e), Kind: e.Kind, Module: file.ModuleName, Path: path, Span: e.NameSpan})
		}
	}
	return listed, nil
}

// matchScore tells how well a name matches a query: 0 if the letters of the query
// aren't in it in their order, whatever their case; more for letters at the start of
// a word, for letters that follow each other, and for a name with fewer letters.
func matchScore(name, query string) int {
	const start, follows, exactCase, whole, most = 8, 5, 1, 64, 64
	letters := []rune(name)
	// ending has the best score of the letters so far whose last is at each letter.
	var ending []int
	for _, want := range query {
		if unicode.IsSpace(want) {
			continue
		}
		next := make([]int, len(letters))
		before := 0 // the best that ends before the letter
		if ending == nil {
			before = 1
		}
		for i, letter := range letters {
			if ending != nil && i > 0 {
				before = max(before, ending[i-1])
			}
			if unicode.ToLower(letter) != unicode.ToLower(want) || before == 0 {
				continue
			}
			score := before
			if ending != nil && i > 0 && ending[i-1] > 0 {
				score = max(score, ending[i-1]+follows)
			}
			if i == 0 || letters[i-1] == '_' || letters[i-1] == '.' {
				score += start
			}
			if letter == want {
				score += exactCase
			}
			next[i] = score
		}
		ending = next
	}
	best := 1
	if ending != nil {
		if best = slices.Max(append(ending, 0)); best == 0 {
			return 0
		}
	}
	if strings.EqualFold(name, query) {
		best += whole
	}
	return best*most + max(0, most-len(letters))
}

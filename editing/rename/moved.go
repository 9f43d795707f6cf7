package rename

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// ErrNotIndexed says that the files of the workspace aren't known yet.
var ErrNotIndexed = errors.New("the workspace's files are still being looked for: try again in a moment")

// Moved is what changes when files or folders get other paths: the imports of the
// modules, and in them, the full names of their entities, and their inputs
// documents. The files themselves aren't among the Moves. Errors are the
// context's, or say what of the workspace isn't known.
func Moved(ctx context.Context, search *navigate.Search, moves []Move) (*Result, error) {
	snapshot := search.Snapshot
	m := &mover{search: search, snapshot: snapshot, moves: map[string]string{}, result: &Result{}}
	m.expand(moves)
	if len(m.moves) == 0 {
		return m.result, nil
	}
	if snapshot.WorkflowFiles() == nil {
		return nil, ErrNotIndexed
	}
	m.after = snapshot.Moved(m.moves)
	look := map[string]bool{}
	for from := range m.moves {
		look[from] = true
		for _, importer := range snapshot.Dependents(from) {
			look[importer] = true
		}
	}
	for _, path := range slices.Sorted(maps.Keys(look)) {
		if err := m.imports(ctx, path); err != nil {
			return nil, err
		}
	}
	if err := m.texts(ctx); err != nil {
		return nil, err
	}
	return m.result, m.moveDocuments()
}

// mover collects what changes when files move.
type mover struct {
	search   *navigate.Search
	snapshot *workspace.Snapshot
	after    *workspace.Moved
	// moves are the workflow files that move, by where they lie.
	moves  map[string]string
	result *Result
}

// expand finds the workflow files that move: those below folders too.
func (m *mover) expand(moves []Move) {
	files := slices.Clone(m.snapshot.WorkflowFiles())
	for _, file := range m.snapshot.OpenFiles() {
		files = append(files, file.Path)
	}
	for _, move := range moves {
		from, to := filepath.Clean(move.From), filepath.Clean(move.To)
		if from == to {
			continue
		}
		if _, ok := parser.LanguageOf(from); ok {
			if _, still := parser.LanguageOf(to); still {
				m.moves[from] = to
			}
			continue
		}
		for _, file := range files {
			below, ok := strings.CutPrefix(file, from+string(filepath.Separator))
			if _, isWorkflow := parser.LanguageOf(file); ok && isWorkflow {
				m.moves[file] = filepath.Join(to, below)
			}
		}
	}
}

// place is where a file lies afterwards.
func (m *mover) place(path string) string {
	if to, ok := m.moves[path]; ok {
		return to
	}
	return path
}

// name is how the module at path, which is called dotted by the module at from, is
// called afterwards. It is false where it can't be imported any more.
func (m *mover) name(from, dotted, path string) (string, bool) {
	newFrom, newPath := m.place(from), m.place(path)
	candidates := []string{m.unmoved(dotted, path), m.relativeToRoot(dotted, path), m.ownName(newPath)}
	for _, folder := range m.search.Folders {
		// Folders that are no packages may have names all the same.
		if below, err := filepath.Rel(folder, modulePath(newPath)); err == nil {
			candidates = append(candidates, dots(below))
		}
	}
	for _, name := range candidates {
		if name != "" && m.after.ModulePath(newFrom, name) == newPath {
			return name, true
		}
	}
	return "", false
}

// unmoved is the name of a module that doesn't move.
func (m *mover) unmoved(dotted, path string) string {
	if _, moves := m.moves[path]; moves {
		return ""
	}
	return dotted
}

// relativeToRoot is a module's name relative to the folder that its old one is
// relative to; "" if it leaves it.
func (m *mover) relativeToRoot(dotted, path string) string {
	root := modulePath(path)
	for range strings.Count(dotted, ".") + 1 {
		root = filepath.Dir(root)
	}
	below, err := filepath.Rel(root, modulePath(m.place(path)))
	if err != nil || below == "." || strings.HasPrefix(below, "..") {
		return ""
	}
	return dots(below)
}

// ownName is the name that flytekit gives the module in a file.
func (m *mover) ownName(path string) string {
	_, name := m.after.ModuleName(path)
	return strings.TrimSuffix(name, ".__init__")
}

// dots is the name of a module from its relative path without extension; "" if
// that is none that can be imported.
func dots(path string) string {
	parts := strings.Split(filepath.ToSlash(path), "/")
	if slices.ContainsFunc(parts, func(part string) bool { return !isIdentifier(part) }) {
		return ""
	}
	return strings.Join(parts, ".")
}

// modulePath is a module's path without extension: of a package its folder.
func modulePath(path string) string {
	without := strings.TrimSuffix(path, filepath.Ext(path))
	if filepath.Base(without) == "__init__" {
		return filepath.Dir(without)
	}
	return without
}

func (m *mover) edit(path string, source *parser.Source, span parser.Span, text, confirm string) {
	if source.Slice(span) != text {
		m.result.Edits = append(m.result.Edits, Edit{Path: path, Source: source, Span: span, Text: text, Confirm: confirm})
	}
}

// left notes a place that can't be changed as it would have to be.
func (m *mover) left(file *workspace.File, offset int, format string, args ...any) {
	line := file.Source.Position(offset).Line + 1
	m.result.Left = append(m.result.Left, fmt.Sprintf("%s:%d: ", filepath.Base(file.Path), line)+fmt.Sprintf(format, args...))
}

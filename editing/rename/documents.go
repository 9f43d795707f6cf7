package rename

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

// moveDocuments changes the inputs documents of the workflow files that move: their
// first line names the file, and their own names the module.
func (m *mover) moveDocuments() error {
	folders := slices.Clone(m.search.Folders)
	slices.Sort(folders)
	for _, folder := range slices.Compact(folders) {
		dir := filepath.Join(folder, runs.InputsFolder)
		entries, _ := os.ReadDir(dir) // a folder without documents has none
		for _, entry := range entries {
			if path := filepath.Join(dir, entry.Name()); runs.IsInputsPath(path) {
				if err := m.moveDocument(path); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (m *mover) moveDocument(path string) error {
	text, err := m.search.Document(path)
	if err != nil {
		return fmt.Errorf("an inputs document can't be read: %w", err)
	}
	document, _ := runs.ReadInputsDocument(path, text) // the header is enough
	to, moves := m.moves[document.File]
	file, err := m.snapshot.File(document.File)
	if !moves || err != nil {
		return nil
	}
	name := file.ModuleName
	if file.Language == parser.Python {
		_, name = m.after.ModuleName(to)
	}
	renamed := path
	if filepath.Base(path) == file.ModuleName+"."+document.Entity+".yaml" {
		renamed = filepath.Join(m.folder(to, filepath.Dir(path)), name+"."+document.Entity+".yaml")
	}
	relative, err := filepath.Rel(filepath.Dir(renamed), to)
	if err != nil {
		return fmt.Errorf("inputs document %s: %w", path, err)
	}
	m.edit(path, parser.NewSource(text), headerPath(text), filepath.ToSlash(relative), "")
	if renamed != path {
		m.result.Moves = append(m.result.Moves, Move{path, renamed})
	}
	return nil
}

// folder is where the inputs documents of a workflow file lie: below the innermost
// of the folders that it lies in, else where they are.
func (m *mover) folder(path, otherwise string) string {
	best := ""
	for _, folder := range m.search.Folders {
		if strings.HasPrefix(path, folder+string(filepath.Separator)) && len(folder) > len(best) {
			best = folder
		}
	}
	if best == "" {
		return otherwise
	}
	return filepath.Join(best, runs.InputsFolder)
}

// headerPath is where the first line of an inputs document names the workflow file.
func headerPath(text []byte) parser.Span {
	line, _, _ := strings.Cut(string(text), "\n")
	start := strings.Index(line, " in ") + len(" in ")
	return parser.Span{Start: start, End: start + len(strings.TrimRight(line[start:], "\r \t"))}
}

// yamlWords are the names that YAML 1.1, which pyflyte reads, takes for other than
// strings (yaml.org/type/bool.html, null.html).
var yamlWords = regexp.MustCompile(`^(?i:y|yes|n|no|true|false|on|off|null)$`)

// key is how the new name is written as a key of an inputs document.
func (r *renamer) key(place navigate.Place) string {
	quoted := place.Span.Start > 0 && strings.ContainsRune(`"'`, rune(place.Source.Text()[place.Span.Start-1]))
	if yamlWords.MatchString(r.name) && !quoted {
		return `"` + r.name + `"`
	}
	return r.name
}

// documents makes the edits of the inputs documents. An entity's own document is
// named like it.
func (r *renamer) documents(ctx context.Context) error {
	for path, file := range r.files {
		if !runs.IsInputsPath(path) {
			continue
		}
		for _, place := range file.places {
			switch place.Kind {
			case navigate.DocumentKey:
				if regexp.MustCompile(`(?m)^["']?` + regexp.QuoteMeta(r.name) + `["']?[ \t]*:`).Match(file.source.Text()) {
					return r.refuse("the inputs document %s has a key %s already", filepath.Base(path), r.name)
				}
			case navigate.DocumentHeader:
				if err := r.moveDocument(path); err != nil {
					return err
				}
			}
			r.edit(place)
		}
	}
	return ctx.Err()
}

func (r *renamer) moveDocument(path string) error {
	e := r.thing.Entity
	name, ok := strings.CutSuffix(filepath.Base(path), "."+e.Name+".yaml")
	if !ok {
		return nil
	}
	renamed := strings.TrimSuffix(e.Name, r.thing.Name) + r.name
	to := filepath.Join(filepath.Dir(path), name+"."+renamed+".yaml")
	if text, err := r.search.Document(to); err != nil || text != nil {
		return r.refuse("there is an inputs document %s already", filepath.Base(to))
	}
	r.result.Moves = append(r.result.Moves, Move{path, to})
	return nil
}

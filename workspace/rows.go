package workspace

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Row is the place of an entity's lenses. While the text has syntax errors, an
// entity that was read before and was lost since keeps its row, so that lenses
// don't jump while one types.
type Row struct {
	// Entity is the entity as last read.
	Entity *model.Entity
	// Offset is the start of the line above which the lenses stand.
	Offset int
	// Stale: the text doesn't parse and the entity is of an older text, to
	// which all its spans belong.
	Stale bool
}

// Rows are the rows of a workflow file in the order of its text, with errors
// as Module has them. Those of an open document hang on which rows of its
// earlier texts were asked for: what nobody has seen can't jump.
func (s *Snapshot) Rows(ctx context.Context, path string) ([]Row, error) {
	path = filepath.Clean(path)
	module, err := s.Module(ctx, path)
	if err != nil {
		return nil, err
	}
	file, err := s.file(path)
	if err != nil {
		return nil, err
	}
	rows := rowsOf(module, file.Source)
	if len(file.Errors) > 0 {
		rows = keepSeen(rows, file.kept)
	}
	file.seen.Store(&rows)
	return rows, nil
}

// rowsOf are the rows of a module on its own. Of a name that is defined more
// than once only the last has a row: the others can't be run, and neither can
// what has no name. Of Flyte's decorators of one function the row stands above
// the last: a decorator that is typed above an entity may become another one's.
func rowsOf(module *model.Module, source *parser.Source) []Row {
	anchors := make(map[int]int, len(module.Entities))
	for _, entity := range module.Entities {
		anchors[entity.Definition] = max(anchors[entity.Definition], entity.Anchor)
	}
	var rows []Row
	for _, entity := range module.Entities {
		if !entity.Shadowed && entity.Name != "" {
			rows = append(rows, Row{Entity: entity, Offset: source.LineStart(anchors[entity.Definition])})
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(a.Offset, b.Offset) })
	return rows
}

// keepSeen adds to the rows of a broken text those that were seen before, as
// they stand in this text.
func keepSeen(rows, seen []Row) []Row {
	older := make(map[string]Row, len(seen))
	for _, row := range seen {
		older[row.Entity.Name] = row
	}
	taken := make(map[int]bool, len(rows))
	for _, row := range rows {
		taken[row.Offset] = true
	}
	for i, row := range rows {
		// What the error hides (a decorator, say) doesn't move the row.
		if old, ok := older[row.Entity.Name]; ok {
			if !taken[old.Offset] {
				rows[i].Offset, taken[old.Offset] = old.Offset, true
			}
			delete(older, row.Entity.Name)
		}
	}
	for _, row := range seen {
		if _, lost := older[row.Entity.Name]; lost && !taken[row.Offset] {
			row.Stale = true
			taken[row.Offset] = true
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(a.Offset, b.Offset) })
	return rows
}

// lastSeen are the rows of the newest text up to this one whose rows were asked
// for, as they stand in this text.
func (f *File) lastSeen() []Row {
	if seen := f.seen.Load(); seen != nil {
		return *seen
	}
	return f.kept
}

// shiftSeen moves rows along with an edit, and drops those whose line it
// deleted.
func shiftSeen(rows []Row, before, after *parser.Source) []Row {
	offsets := make([]int, len(rows))
	for i, row := range rows {
		offsets[i] = row.Offset
	}
	var shifted []Row
	for i, offset := range shiftLines(offsets, before, after) {
		if offset >= 0 {
			row := rows[i]
			row.Offset = offset
			shifted = append(shifted, row)
		}
	}
	return shifted
}

package workspace

import (
	"cmp"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// LensRow is the place of an entity's lenses. While the text has syntax
// errors, an entity that the last good text had and that was lost since keeps
// its row, so that lenses don't jump while one types.
type LensRow struct {
	// Entity is the entity as last read.
	Entity *parser.Entity
	// Offset is the start of the line above which the lenses stand.
	Offset int
	// Stale: the text doesn't parse and the entity is of an older text, to
	// which all its spans belong.
	Stale bool
}

// rows are the rows of a module on its own. Of a name that is defined more
// than once only the last has a row: the others can't be run.
func rows(module *parser.Module) []LensRow {
	var rows []LensRow
	for _, entity := range module.Entities {
		if !entity.Shadowed {
			rows = append(rows, LensRow{Entity: entity, Offset: module.Source.LineStart(entity.Anchor)})
		}
	}
	return rows
}

// keepRows are the rows of a module whose older text had the rows kept,
// shifted to this one.
func keepRows(kept []LensRow, module *parser.Module) []LensRow {
	current := rows(module)
	if len(module.Errors) == 0 {
		return current
	}
	older := make(map[string]LensRow, len(kept))
	for _, row := range kept {
		older[row.Entity.Name] = row
	}
	taken := make(map[int]bool, len(current))
	for _, row := range current {
		taken[row.Offset] = true
	}
	for i, row := range current {
		// What the error hides (a decorator, say) doesn't move the row.
		if old, ok := older[row.Entity.Name]; ok {
			if !taken[old.Offset] {
				current[i].Offset, taken[old.Offset] = old.Offset, true
			}
			delete(older, row.Entity.Name)
		}
	}
	for _, row := range kept {
		if _, lost := older[row.Entity.Name]; lost && !taken[row.Offset] {
			row.Stale = true
			taken[row.Offset] = true
			current = append(current, row)
		}
	}
	slices.SortStableFunc(current, func(a, b LensRow) int { return cmp.Compare(a.Offset, b.Offset) })
	return current
}

// shiftRows moves rows along with an edit, and drops those whose line it
// deleted.
func shiftRows(rows []LensRow, before, after *parser.Source) []LensRow {
	offsets := make([]int, len(rows))
	for i, row := range rows {
		offsets[i] = row.Offset
	}
	var shifted []LensRow
	for i, offset := range shiftLines(offsets, before, after) {
		if offset >= 0 {
			row := rows[i]
			row.Offset = offset
			shifted = append(shifted, row)
		}
	}
	return shifted
}

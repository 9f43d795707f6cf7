package workspace

import (
	"bytes"
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
	for i, row := range current {
		// What the error hides (a decorator, say) doesn't move the row.
		if old, ok := older[row.Entity.Name]; ok {
			current[i].Offset = old.Offset
			delete(older, row.Entity.Name)
		}
		taken[current[i].Offset] = true
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
	old, next := before.Text(), after.Text()
	start := 0
	for start < len(old) && start < len(next) && old[start] == next[start] {
		start++
	}
	tail := 0
	for tail < len(old)-start && tail < len(next)-start && old[len(old)-1-tail] == next[len(next)-1-tail] {
		tail++
	}
	oldEnd, newEnd := len(old)-tail, len(next)-tail

	shifted := make([]LensRow, 0, len(rows))
	for _, row := range rows {
		lineEnd := row.Offset + lineLength(old[row.Offset:])
		switch {
		case row.Offset >= oldEnd:
			row.Offset = after.LineStart(row.Offset + newEnd - oldEnd)
		case row.Offset < start:
			// The edit is below.
		case lineEnd > oldEnd:
			// The rest of the line stands behind what was put in.
			row.Offset = after.LineStart(newEnd)
		case row.Offset == start && lineEnd == oldEnd && len(bytes.TrimSpace(next[start:newEnd])) > 0:
			// The line was written anew.
			row.Offset = after.LineStart(start)
		default:
			moved := findLine(next[start:newEnd], old[row.Offset:lineEnd])
			if moved < 0 {
				continue
			}
			row.Offset = after.LineStart(start + moved)
		}
		shifted = append(shifted, row)
	}
	return shifted
}

// findLine is the offset of a line in a text, -1 if it isn't there.
func findLine(text, line []byte) int {
	for offset := 0; offset < len(text); {
		length := lineLength(text[offset:])
		if bytes.Equal(text[offset:offset+length], line) {
			return offset
		}
		offset += length + 1
	}
	return -1
}

// lineLength is the length of the first line, without its end.
func lineLength(text []byte) int {
	if end := bytes.IndexAny(text, "\r\n"); end >= 0 {
		return end
	}
	return len(text)
}

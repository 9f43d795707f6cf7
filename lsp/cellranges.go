package lsp

import (
	"encoding/json"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// isPosition tells whether an object is a Position of the protocol.
func isPosition(object map[string]any) bool {
	_, hasLine := number(object["line"])
	_, hasCharacter := number(object["character"])
	return hasLine && hasCharacter
}

// isRange tells whether an object is a Range of the protocol.
func isRange(object map[string]any) bool {
	start, hasStart := object["start"].(map[string]any)
	end, hasEnd := object["end"].(map[string]any)
	return hasStart && hasEnd && isPosition(start) && isPosition(end)
}

// number is a whole number of JSON, or one of ours.
func number(value any) (int, bool) {
	switch value := value.(type) {
	case json.Number:
		whole, err := value.Int64()
		return int(whole), err == nil
	case int:
		return value, true
	}
	return 0, false
}

// shiftOut moves a position of the text into the cell, false if it isn't there.
// The start of the line behind the cell is its end if behind says so, or if no
// cell follows.
func (p *place) shiftOut(position map[string]any, behind bool) bool {
	line, _ := number(position["line"])
	character, _ := number(position["character"])
	_, followed := p.file.Cells.At(p.Line + p.Lines)
	if line == p.Line+p.Lines && character == 0 && (behind || !followed) {
		end := p.end()
		position["line"], position["character"] = end.Line-p.Line, end.Character
		return true
	}
	position["line"] = line - p.Line
	return line >= p.Line && line < p.Line+p.Lines
}

// rangeOut is shiftOut for a range.
func (p *place) rangeOut(of map[string]any) bool {
	return p.shiftOut(of["start"].(map[string]any), false) && p.shiftOut(of["end"].(map[string]any), true)
}

// end is the position in the text at which the cell ends.
func (p *place) end() parser.Position {
	source := p.file.Source
	start := parser.UTF16.Offset(source, parser.Position{Line: p.Line + p.Lines - 1})
	text := source.Text()[start:]
	end := 0
	for end < len(text) && text[end] != '\n' && text[end] != '\r' {
		end++
	}
	return p.encoding.Position(source, start+end)
}

// cut ends a range in the text at the cell's end, if it goes beyond.
func (p *place) cut(value any) {
	of, ok := value.(map[string]any)
	if !ok || !isRange(of) {
		return
	}
	end := of["end"].(map[string]any)
	if line, _ := number(end["line"]); line >= p.Line+p.Lines {
		at := p.end()
		end["line"], end["character"] = at.Line, at.Character
	}
}

// edit mends an edit of the text, which each cell ends with a line end in, for the
// cell, which has none: where the edit would go behind or take that away, it
// leaves it.
func (p *place) edit(edit map[string]any) {
	of, ok := edit["range"].(map[string]any)
	if !ok || !isRange(of) {
		return
	}
	start, end, text := of["start"].(map[string]any), of["end"].(map[string]any), edit["newText"].(string)
	from, _ := number(start["line"])
	to, _ := number(end["line"])
	behind := p.Line + p.Lines
	if to == behind {
		text = strings.TrimSuffix(text, "\n")
	}
	if from == behind && text != "" {
		text = "\n" + text
	}
	edit["newText"] = text
	// What stands first in a cell of a magic is the magic.
	first, _ := number(start["character"])
	last, _ := number(end["character"])
	if from == p.Line && to == from && first == 0 && last == 0 && p.Lines > 1 && p.lineStartsWith(from, "#%") {
		start["line"], end["line"] = from+1, from+1
	}
}

func (p *place) lineStartsWith(line int, prefix string) bool {
	source := p.file.Source
	start := parser.UTF16.Offset(source, parser.Position{Line: line})
	return strings.HasPrefix(string(source.Text()[start:min(start+len(prefix), len(source.Text()))]), prefix)
}

// beside moves the imports that come with a completion to the start of the cell:
// editors make such edits only where the completion is.
func (p *place) beside(value any) {
	edits, _ := value.([]any)
	for _, edit := range edits {
		of, ok := field(edit, "range").(map[string]any)
		if !ok || !isRange(of) {
			continue
		}
		start, end := of["start"].(map[string]any), of["end"].(map[string]any)
		line, _ := number(start["line"])
		text, _ := field(edit, "newText").(string)
		text = strings.TrimSpace(text)
		isImport := strings.HasPrefix(text, "from ") || strings.HasPrefix(text, "import ")
		if isImport && start["line"] == end["line"] && start["character"] == end["character"] && (line < p.Line || line >= p.Line+p.Lines) {
			start["line"], start["character"] = p.Line, 0
			end["line"], end["character"] = p.Line, 0
			edit.(map[string]any)["newText"] = text + "\n"
		}
	}
}

package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.lsp.dev/jsonrpc2"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/notebook"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// cells stand between the client, for which each cell of a notebook is a
// document, and the features, for which a notebook is one Python file. They
// translate what goes through as JSON, so that no feature knows of notebooks:
// the URI of a cell becomes that of its notebook and a position in the cell one in
// the notebook's text, and back. They are those of one snapshot.
type cells struct {
	notebooks map[string]*workspace.File // open ones, by URI
	encoding  parser.Encoding
	// related: the client takes reports of other documents with that of one.
	related bool
	// off: the user wants to hear nothing of notebooks.
	off bool
}

// place is a cell of a notebook's text.
type place struct {
	file *workspace.File
	notebook.Cell
	encoding parser.Encoding
}

// errAcrossCells: the protocol has no way to write such an edit.
var errAcrossCells = errors.New("the edit would go from one cell of the notebook into another: join the cells, or edit by hand")

// cellsOf are the cells of the notebooks that are open in a snapshot, nil if none is.
func (s *Server) cellsOf(snapshot *workspace.Snapshot) *cells {
	var made *cells
	for _, file := range snapshot.OpenFiles() {
		if !parser.IsNotebook(file.Path) {
			continue
		}
		if made == nil {
			made = &cells{notebooks: map[string]*workspace.File{}, encoding: s.encoding, related: s.capabilities.pullsRelated()}
			made.off = !s.settings.Load().Notebooks.Enabled
		}
		made.notebooks[string(uriOf(file.Path))] = file
	}
	return made
}

// throughCells answers a request that may be about cells of notebooks. As a text, the
// file of a notebook is no document of ours.
func (s *Server) throughCells(ctx context.Context, m method, snapshot *workspace.Snapshot, req jsonrpc2.Request) (any, error) {
	translation := s.cellsOf(snapshot)
	if translation == nil {
		if !bytes.Contains(req.Params(), []byte(".ipynb")) {
			return m.handle(s, ctx, snapshot, req.Params())
		}
		translation = &cells{}
	}
	params, about := translation.request(req.Params())
	result, err := m.handle(s, ctx, snapshot, params)
	if err != nil {
		return nil, err
	}
	return translation.response(req.Method(), result, about)
}

// named is the cell that has a URI, nil if none has.
func (c *cells) named(uri any) *place {
	id, ok := uri.(string)
	if !ok || c.off {
		return nil
	}
	for _, file := range c.notebooks {
		if cell, ok := file.Cells.Named(id); ok {
			return &place{file, cell, c.encoding}
		}
	}
	return nil
}

// at is the cell at the start of a range in a notebook's text. The end of the text
// belongs to the last cell. nil if the range is none.
func (c *cells) at(file *workspace.File, of any) *place {
	start, ok := field(of, "start").(map[string]any)
	if !ok || c.off {
		return nil
	}
	line, ok := number(start["line"])
	if !ok {
		return nil
	}
	cell, ok := file.Cells.At(line)
	if !ok && len(file.Cells) > 0 {
		cell = file.Cells[len(file.Cells)-1]
		ok = line == cell.Line+cell.Lines
	}
	if !ok {
		return nil
	}
	return &place{file, cell, c.encoding}
}

// request translates the parameters of a request, and returns the cell that they
// are about, nil if they are about none.
func (c *cells) request(raw json.RawMessage) (json.RawMessage, *place) {
	params, ok := decodeAny(raw).(map[string]any)
	if !ok {
		return raw, nil
	}
	about := c.about(params)
	c.in(params, about)
	if document, ok := params["textDocument"].(map[string]any); ok && about == nil {
		if uri, _ := document["uri"].(string); isNotebookURI(uri) {
			document["uri"] = ""
		}
	}
	encoded, err := json.Marshal(params)
	if err != nil {
		return raw, nil
	}
	return encoded, about
}

func isNotebookURI(uri string) bool {
	path, ok := pathOf(uri)
	return ok && parser.IsNotebook(path)
}

// about is the cell that an object from the client is about: it names the cell,
// or was made for it (see out).
func (c *cells) about(object map[string]any) *place {
	for _, of := range []any{object["uri"], field(object["textDocument"], "uri"), field(object["item"], "uri"), field(object["data"], "cell")} {
		if cell := c.named(of); cell != nil {
			return cell
		}
	}
	return nil
}

// in translates what comes from the client, where positions are in a cell, or in
// no notebook if it is nil.
func (c *cells) in(value any, within *place) {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			c.in(element, within)
		}
	case map[string]any:
		if isPosition(value) {
			if within != nil {
				within.shiftIn(value)
			}
			return
		}
		if own := c.about(value); own != nil {
			within = own
		}
		for key, child := range value {
			switch key {
			case "uri":
				if cell := c.named(child); cell != nil {
					value[key] = string(uriOf(cell.file.Path))
				}
			case "data":
				if field(child, "cell") != nil {
					value[key] = field(child, "data")
				}
			case "previousResultId":
				if within != nil {
					value[key] = within.previousResult(child)
				}
			default:
				c.in(child, within)
			}
		}
	}
}

// shiftIn moves a position of the cell into the text. Behind the cell's end is
// its end.
func (p *place) shiftIn(position map[string]any) {
	line, _ := number(position["line"])
	if line >= p.Lines {
		line = p.Lines - 1
		position["character"] = 1 << 30
	}
	position["line"] = line + p.Line
}

// response translates the result of a request that was about a cell, or about none if
// that is nil.
func (c *cells) response(method string, result any, about *place) (any, error) {
	encoded, err := json.Marshal(result)
	if err != nil {
		return nil, fmt.Errorf("write the result: %w", err)
	}
	value := decodeAny(encoded)
	if method == "textDocument/diagnostic" {
		return c.diagnosticReport(value, about), nil
	}
	translated, ok := c.out(value, about)
	if !ok {
		if strings.Contains(string(encoded), `"newText"`) {
			return nil, errAcrossCells
		}
		return nil, nil
	}
	return translated, nil
}

// out translates what goes to the client, where positions without a URI are in the
// text of a cell's notebook, or in no notebook if it is nil. It is false for what
// can't be told there; in a list that is left out.
//
// What the client may give back is wrapped with the cell, so that it is known
// again what it is about.
func (c *cells) out(value any, within *place) (any, bool) {
	switch value := value.(type) {
	case []any:
		kept := []any{}
		for _, element := range value {
			if translated, ok := c.out(element, within); ok {
				kept = append(kept, translated)
			}
		}
		return kept, true
	case map[string]any:
		if isPosition(value) {
			return value, within == nil || within.shiftOut(value, false)
		}
		if isRange(value) {
			return value, within == nil || within.rangeOut(value)
		}
		return c.object(value, within)
	}
	return value, true
}

// object is out for an object that is no position and no range.
func (c *cells) object(object map[string]any, within *place) (any, bool) {
	if _, isEdit := object["newText"].(string); isEdit && within != nil {
		within.edit(object)
	}
	origin := within
	for _, key := range []string{"uri", "targetUri"} {
		uri, ok := object[key].(string)
		if !ok {
			continue
		}
		within = nil
		if file := c.notebooks[uri]; file != nil {
			for _, at := range []string{"selectionRange", "targetSelectionRange", "targetRange", "range"} {
				if within == nil {
					within = c.at(file, object[at])
				}
			}
			if within == nil {
				return nil, false
			}
			object[key] = within.ID
		}
	}
	for key, child := range object {
		inside, ok := within, true
		switch key {
		case "originSelectionRange":
			inside = origin
		case "fromRanges":
			if from, is := object["from"].(map[string]any); is {
				inside = c.named(from["uri"])
				if file := c.notebooks[fmt.Sprint(from["uri"])]; file != nil {
					inside = c.at(file, from["selectionRange"])
				}
			}
		case "data":
			if origin != nil {
				object[key] = map[string]any{"cell": origin.ID, "data": child}
			}
			continue
		case "arguments":
			continue
		case "changes":
			object[key], ok = c.changes(child)
			if !ok {
				return nil, false
			}
			continue
		case "documentChanges":
			object[key], ok = c.documentChanges(child)
			if !ok {
				return nil, false
			}
			continue
		case "additionalTextEdits":
			if within != nil {
				within.beside(child)
			}
		}
		if object[key], ok = c.out(child, inside); !ok {
			return nil, false
		}
	}
	return object, true
}

// changes are WorkspaceEdit.changes, where the edits of a notebook are those of its
// cells.
func (c *cells) changes(value any) (any, bool) {
	byURI, ok := value.(map[string]any)
	if !ok {
		return value, true
	}
	translated := map[string]any{}
	for uri, edits := range byURI {
		file := c.notebooks[uri]
		switch {
		case file == nil:
			translated[uri] = edits
			continue
		case c.off:
			continue
		}
		byCell, ok := c.byCell(file, edits)
		if !ok {
			return nil, false
		}
		for _, cell := range byCell {
			translated[cell.ID] = cell.edits
		}
	}
	return translated, true
}

// documentChanges are WorkspaceEdit.documentChanges, where those of a notebook are
// those of its cells, with their versions.
func (c *cells) documentChanges(value any) (any, bool) {
	all, ok := value.([]any)
	if !ok {
		return value, true
	}
	translated := []any{}
	for _, change := range all {
		uri, _ := field(field(change, "textDocument"), "uri").(string)
		file := c.notebooks[uri]
		switch {
		case file == nil:
			translated = append(translated, change)
			continue
		case c.off:
			continue
		}
		byCell, ok := c.byCell(file, field(change, "edits"))
		if !ok {
			return nil, false
		}
		for _, cell := range byCell {
			translated = append(translated, map[string]any{
				"textDocument": map[string]any{"uri": cell.ID, "version": cell.Version}, "edits": cell.edits,
			})
		}
	}
	return translated, true
}

// cellEdits are edits of a cell.
type cellEdits struct {
	*place
	edits []any
}

// byCell are edits of a notebook by the cells that they are in, false if one isn't
// in one cell.
func (c *cells) byCell(file *workspace.File, value any) ([]*cellEdits, bool) {
	edits, _ := value.([]any)
	var all []*cellEdits
	for _, edit := range edits {
		at := c.at(file, field(edit, "range"))
		if at == nil {
			return nil, false
		}
		translated, ok := c.out(edit, at)
		if !ok {
			return nil, false
		}
		var of *cellEdits
		for _, known := range all {
			if known.ID == at.ID {
				of = known
			}
		}
		if of == nil {
			of = &cellEdits{place: at}
			all = append(all, of)
		}
		of.edits = append(of.edits, translated)
	}
	return all, true
}

// decodeAny is JSON as Go's maps and lists, with numbers as they are written.
func decodeAny(raw []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil
	}
	return value
}

// field is a member of an object, nil if it isn't there, or is none.
func field(value any, key string) any {
	object, _ := value.(map[string]any)
	return object[key]
}

package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"strconv"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// diagnosticReport is the report of a cell: of the notebook's diagnostics those in
// it. Those of the other cells come with it as related documents.
func (c *cells) diagnosticReport(value any, about *place) any {
	report, ok := value.(map[string]any)
	if !ok {
		return value
	}
	documents, _ := report["relatedDocuments"].(map[string]any)
	related := map[string]any{}
	for uri, other := range documents {
		if file := c.notebooks[uri]; file != nil {
			c.reports(file, other, related)
		} else {
			related[uri], _ = c.out(other, nil)
		}
	}
	delete(report, "relatedDocuments")
	if about != nil {
		own := map[string]any{}
		c.reports(about.file, report, own)
		report = own[about.ID].(map[string]any)
		if c.related && report["kind"] == "full" {
			delete(own, about.ID)
			maps.Copy(related, own)
		}
	}
	if len(related) > 0 {
		report["relatedDocuments"] = related
	}
	return report
}

// reports adds the reports of a notebook's cells to those by URI.
func (c *cells) reports(file *workspace.File, value any, to map[string]any) {
	report, _ := value.(map[string]any)
	items, full := report["items"].([]any)
	byCell := c.diagnostics(file, items)
	for _, cell := range file.Cells {
		one := map[string]any{"kind": report["kind"], "resultId": fmt.Sprintf("%v@%s", report["resultId"], arrangement(file))}
		if full {
			one["items"] = append([]any{}, byCell[cell.ID]...)
		}
		to[cell.ID] = one
	}
}

// diagnostics are those of a notebook by the cells that they start in.
func (c *cells) diagnostics(file *workspace.File, items []any) map[string][]any {
	byCell := map[string][]any{}
	for _, item := range items {
		at := c.at(file, field(item, "range"))
		if at == nil {
			continue
		}
		at.cut(field(item, "range"))
		if translated, ok := c.out(item, at); ok {
			byCell[at.ID] = append(byCell[at.ID], translated)
		}
	}
	return byCell
}

// arrangement tells which cells a notebook has, and where they start: reports of
// the same findings are others if it is another.
func arrangement(file *workspace.File) string {
	hash := fnv.New64a()
	for _, cell := range file.Cells {
		fmt.Fprintln(hash, cell.ID, cell.Line)
	}
	return strconv.FormatUint(hash.Sum64(), 36)
}

// previousResult is the id of the notebook's report that the client has of a cell, ""
// if the cells were arranged otherwise then.
func (p *place) previousResult(value any) string {
	id, _ := value.(string)
	if id, ok := strings.CutSuffix(id, "@"+arrangement(p.file)); ok {
		return id
	}
	return ""
}

// cellReport is what the client was pushed of a cell.
type cellReport struct {
	id      string
	version int32
}

// pushCells sends the diagnostics of a notebook by its cells, of each if they, or
// its version, are new to the client. A notebook that isn't open has no cells.
func (p *publisher) pushCells(ctx context.Context, snapshot *workspace.Snapshot, path string, items []protocol.Diagnostic) {
	translation := p.server.cellsOf(snapshot)
	now := map[string]cellReport{}
	var all []protocol.PublishDiagnosticsParams
	if file, err := snapshot.File(path); err == nil && file.Open && translation != nil && !translation.off {
		byCell := translation.diagnosticsOf(file, items)
		for _, cell := range file.Cells {
			params := protocol.PublishDiagnosticsParams{URI: protocol.DocumentURI(cell.ID), Version: uint32(cell.Version), Diagnostics: byCell[cell.ID]}
			now[cell.ID] = cellReport{idOf(params.Diagnostics), cell.Version}
			all = append(all, params)
		}
	}
	p.mu.Lock()
	before := p.cells[path]
	if p.cells[path] = now; len(now) == 0 {
		delete(p.cells, path)
	}
	p.mu.Unlock()
	for cell, report := range before {
		if _, still := now[cell]; !still && report.id != nothingFound {
			all = append(all, protocol.PublishDiagnosticsParams{URI: protocol.DocumentURI(cell), Diagnostics: []protocol.Diagnostic{}})
		}
	}
	for _, params := range all {
		if known, ok := before[string(params.URI)]; !ok || known != now[string(params.URI)] {
			p.server.client.notify(ctx, protocol.MethodTextDocumentPublishDiagnostics, params)
		}
	}
}

// diagnosticsOf are diagnostics of a notebook by the cells that they start in, an
// empty list of a cell that has none.
func (c *cells) diagnosticsOf(file *workspace.File, items []protocol.Diagnostic) map[string][]protocol.Diagnostic {
	encoded, err := json.Marshal(items)
	if err != nil {
		return nil
	}
	list, _ := decodeAny(encoded).([]any)
	byCell := map[string][]protocol.Diagnostic{}
	for _, cell := range file.Cells {
		byCell[cell.ID] = []protocol.Diagnostic{}
	}
	for cell, found := range c.diagnostics(file, list) {
		encoded, err := json.Marshal(found)
		if err != nil {
			continue
		}
		var diagnostics []protocol.Diagnostic
		if json.Unmarshal(encoded, &diagnostics) == nil {
			byCell[cell] = diagnostics
		}
	}
	return byCell
}

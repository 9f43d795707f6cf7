package lsp_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// checkLocations compares the locations that a method answers at the first text of
// a marker with its other texts, each "file:line text".
func checkLocations(method string) func(f *markedFile, at string, m marker) {
	return func(f *markedFile, at string, m marker) {
		var found []protocol.Location
		f.must(f.Call(f.ctx, method, map[string]any{
			"textDocument": map[string]any{"uri": lspclient.URI(f.path)},
			"position":     f.find(m.line, m.args[0]).Start,
			"context":      map[string]any{"includeDeclaration": true},
		}, &found))
		got := []string{}
		for _, location := range found {
			got = append(got, f.located(string(location.URI), location.Range))
		}
		if !slices.Equal(got, append([]string{}, m.args[1:]...)) {
			f.t.Errorf("%s: %s of %s is %q, want %q", at, method, m.args[0], got, m.args[1:])
		}
	}
}

// located is "file:line text" of a range in a file of the workspace.
func (f *markedFile) located(uri string, at protocol.Range) string {
	root := strings.TrimSuffix(f.path, filepath.FromSlash(strings.Split(f.name, "#")[0]))
	name, _ := strings.CutPrefix(uri, lspclient.URI(root))
	name = strings.TrimPrefix(name, "/")
	lines := f.lines
	if path := filepath.Join(root, filepath.FromSlash(name)); path != f.path {
		text, err := os.ReadFile(path)
		f.must(err)
		lines = strings.Split(string(text), "\n")
	}
	text := lines[at.Start.Line][at.Start.Character:]
	if at.End.Line == at.Start.Line {
		text = text[:at.End.Character-at.Start.Character]
	}
	return fmt.Sprintf("%s:%d %s", name, at.Start.Line+1, text)
}

// checkHighlights compares the highlights of the first text of a marker with its
// other texts, each "line text", with "=" before it where the name is bound.
func (f *markedFile) checkHighlights(at string, m marker) {
	var found []protocol.DocumentHighlight
	f.must(f.Call(f.ctx, "textDocument/documentHighlight", map[string]any{
		"textDocument": map[string]any{"uri": lspclient.URI(f.path)},
		"position":     f.find(m.line, m.args[0]).Start,
	}, &found))
	got := []string{}
	for _, highlight := range found {
		binds := map[bool]string{true: "="}[highlight.Kind == protocol.DocumentHighlightKindWrite]
		text := f.lines[highlight.Range.Start.Line][highlight.Range.Start.Character:highlight.Range.End.Character]
		got = append(got, fmt.Sprintf("%s%d %s", binds, highlight.Range.Start.Line+1, text))
	}
	if !slices.Equal(got, append([]string{}, m.args[1:]...)) {
		f.t.Errorf("%s: highlights of %s are %q, want %q", at, m.args[0], got, m.args[1:])
	}
}

// checkCalls compares what calls the entity at the first text of a marker, or what
// it calls, with its other texts: the other entity, and what is written where it is
// called.
func checkCalls(direction string) func(f *markedFile, at string, m marker) {
	return func(f *markedFile, at string, m marker) {
		var items []protocol.CallHierarchyItem
		f.must(f.Call(f.ctx, "textDocument/prepareCallHierarchy", map[string]any{
			"textDocument": map[string]any{"uri": lspclient.URI(f.path)},
			"position":     f.find(m.line, m.args[0]).Start,
		}, &items))
		got := []string{}
		for _, item := range items {
			var calls []struct {
				From, To   protocol.CallHierarchyItem
				FromRanges []protocol.Range
			}
			f.must(f.Call(f.ctx, "callHierarchy/"+direction, map[string]any{"item": item}, &calls))
			for _, call := range calls {
				other, caller := call.From, call.From
				if direction == "outgoingCalls" {
					other, caller = call.To, item
				}
				var text strings.Builder
				text.WriteString(other.Name)
				for _, at := range call.FromRanges {
					text.WriteString(", " + f.located(string(caller.URI), at))
				}
				got = append(got, text.String())
			}
		}
		if !slices.Equal(got, append([]string{}, m.args[1:]...)) {
			f.t.Errorf("%s: %s of %s are %q, want %q", at, direction, m.args[0], got, m.args[1:])
		}
	}
}

// checkSymbols compares the symbols whose names stand in a line: each as its name
// and its detail, with the names around it before.
func (f *markedFile) checkSymbols(at string, m marker) {
	var symbols []protocol.DocumentSymbol
	f.must(f.Call(f.ctx, "textDocument/documentSymbol", map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(f.path)}}, &symbols))
	got := []string{}
	var visit func(symbols []protocol.DocumentSymbol, around string)
	visit = func(symbols []protocol.DocumentSymbol, around string) {
		for _, symbol := range symbols {
			if symbol.SelectionRange.Start.Line == uint32(m.line) {
				got = append(got, around+symbol.Name+" "+symbol.Detail)
			}
			visit(symbol.Children, around+symbol.Name+" > ")
		}
	}
	visit(symbols, "")
	if !slices.Equal(got, append([]string{}, m.args...)) {
		f.t.Errorf("%s: symbols %q, want %q", at, got, m.args)
	}
}

// checkListed compares the symbols of the workspace for a query with the other texts
// of a marker, each the container and the place.
func (f *markedFile) checkListed(at string, m marker) {
	var symbols []protocol.SymbolInformation
	f.must(f.Call(f.ctx, "workspace/symbol", map[string]any{"query": m.args[0]}, &symbols))
	got := []string{}
	for _, symbol := range symbols {
		got = append(got, symbol.ContainerName+", "+f.located(string(symbol.Location.URI), symbol.Location.Range))
	}
	if !slices.Equal(got, append([]string{}, m.args[1:]...)) {
		f.t.Errorf("%s: symbols for %q are %q, want %q", at, m.args[0], got, m.args[1:])
	}
}

// checkLinks compares the links of a line: each as its text and its target.
func (f *markedFile) checkLinks(at string, m marker) {
	var links []protocol.DocumentLink
	f.must(f.Call(f.ctx, "textDocument/documentLink", map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(f.path)}}, &links))
	got := []string{}
	for _, link := range links {
		if link.Range.Start.Line == uint32(m.line) {
			got = append(got, f.lines[m.line][link.Range.Start.Character:link.Range.End.Character]+" "+string(link.Target))
		}
	}
	if !slices.Equal(got, append([]string{}, m.args...)) {
		f.t.Errorf("%s: links %q, want %q", at, got, m.args)
	}
}

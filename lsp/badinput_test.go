package lsp_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/lsp"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// badTexts are documents in which editors are now and then, by their names.
var badTexts = map[string]string{
	"flow.py": `from typing import List, NamedTuple

from flytekit import LaunchPlan, Resources, CronSchedule, dynamic, map_task, task, workflow

Paar = NamedTuple("Paar", größe=int, text=str)


@task(cache=True, cache_version="é😀", requests=Resources(cpu="1", mem="1Gi"))
def größe(länge: int, text: str = "€😀") -> Paar:
    return Paar(länge, text)


@workflow
def fluß(n: int, viele: List[int]) -> int:
    "é😀"; paar = größe(länge=n, text="😀")
    "é😀"; größe(n).with_overrides(limits=Resources(cpu="2"))
    return paar.größe


plan = LaunchPlan.get_or_create(fluß, "😀plan", default_inputs={"n": 1}, schedule=CronSchedule(schedule="0 * * * *"))
`,
	"half.py": `from flytekit import task, workflow, Resources, 
from flow import größe, 

@task(
def f(a: int, b: "
@task(requests=Resources(cpu="1
def g(a: Li) -> : ...
@workflow
def w(n: int
    x = größe(länge=
    y = größe(😀, länge=n).
    "é😀" größe(text="
    größe(länge=n, 
    lambda: (
`,
	"crlf.py":  "from flytekit import task\r\n\r\n@task\r\ndef é😀(ä: str = '😀') -> str:\r\n    '''😀\r\n    é'''\r\n    return ä\r\n\r\n@",
	"cr.py":    "from flytekit import task\r@task\rdef f(a: int) -> int: return a\r\rf(a='😀",
	"empty.py": "",
	"blank.py": "\n\n    \n\t",
	"zero.py":  "from flytekit import task\n\x00\n@task\ndef f(a: int): ...\n",
	"native.go": `package flows

//flyte:task
func Double(x int) int { return 2 * x /* 😀
`,
	".flyte/inputs/flow.fluß.yaml": "# Inputs of fluß in flow.py\nn: 1\nviele: [1, 😀\n é: \"\n",
	"notes.txt":                    "größe 😀\n",
	"pyproject.toml":               "[tool.flyte-lsp.rules]\n\"no-such\" = 1\n",
	"cells.ipynb":                  `{"cells": [{"cell_type": "code", "source": ["from flytekit import task\n", "@task\n", "def 😀("]}], "nbformat": 4`,
}

// badCells are the cells of a notebook.
var badCells = []string{
	"%matplotlib inline\n# 😀\nfiles = !ls 😀", badTexts["flow.py"], "%%time\nfluß(n=1, viele=[größe(länge='😀').größe])\r", badTexts["crlf.py"],
	badTexts["cr.py"], "", "😀?", "%%bash\né (", badTexts["half.py"], "# end\n",
}

// badInput is a session whose workspace has the badTexts, all open but one that
// is no UTF-8.
type badInput struct {
	*session
	texts map[string]string // by URI
}

func openBad(t *testing.T, encoding string) *badInput {
	t.Helper()
	root := t.TempDir()
	for name, text := range badTexts {
		write(t, root, name, text)
	}
	write(t, root, "latin.py", "# \xe9\xff\nfrom flytekit import task\n@task\ndef f(a: int = 1) -> str:\n    return '\xe9'\n")
	b := &badInput{connect(t, root, t.TempDir(), ""), map[string]string{}}
	b.PositionEncodings = []string{encoding}
	b.must(b.Initialize(b.ctx, root, nil))
	t.Cleanup(b.close)
	for _, name := range slices.Sorted(maps.Keys(badTexts)) {
		path := filepath.Join(root, filepath.FromSlash(name))
		b.texts[lspclient.URI(path)] = badTexts[name]
		b.must(b.OpenText(b.ctx, path, cmp.Or(language(name), "plaintext"), badTexts[name]))
	}
	book := b.openNotebook(filepath.Join(root, "book.ipynb"), badCells...)
	for number, text := range badCells {
		b.texts[book.uri(number)] = text
	}
	return b
}

func (b *badInput) uri(name string) string { return lspclient.URI(filepath.Join(b.root, name)) }

// nothingBroke checks that no method has panicked.
func (b *badInput) nothingBroke() {
	b.t.Helper()
	for _, message := range b.Received(0) {
		if message.Method == protocol.MethodWindowLogMessage && strings.Contains(string(message.Params), "panic") {
			b.t.Fatalf("%s", strings.ReplaceAll(string(message.Params), `\n`, "\n"))
		}
	}
}

// expect checks that an error is one that the protocol has for what a client
// asked for.
func (b *badInput) expect(err error, what string) {
	b.t.Helper()
	var coded *jsonrpc2.Error
	switch {
	case err == nil:
	case !errors.As(err, &coded):
		b.t.Fatalf("%s: %v", what, err)
	case coded.Code == jsonrpc2.InternalError || coded.Message == "":
		b.t.Errorf("%s: %v", what, err)
	}
}

// requests are those that a test may send with any parameters: the first two
// are the connection's, the next answers when there is something new, the last
// starts what has a test of its own.
func requests() []string {
	return slices.DeleteFunc(lsp.Methods(false), func(name string) bool {
		return slices.Contains([]string{"initialize", "shutdown", "workspace/diagnostic", "workspace/executeCommand"}, name)
	})
}

// paramsAt are parameters in which each method finds what it takes.
func paramsAt(uri string, start, end protocol.Position) map[string]any {
	at := protocol.Range{Start: start, End: end}
	return map[string]any{
		"textDocument": map[string]any{"uri": uri, "version": 1}, "uri": uri, "label": "label", "title": "title",
		"position": start, "positions": []any{start, end}, "range": at,
		"context": map[string]any{"diagnostics": []any{}, "triggerKind": 1, "includeDeclaration": true, "frameId": 1, "stoppedLocation": at},
		"newName": "anders", "query": "g", "options": map[string]any{"tabSize": 4, "insertSpaces": true},
		"files": []any{map[string]any{"oldUri": uri, "newUri": strings.TrimSuffix(uri, ".py") + "_neu.py"}},
		"item":  map[string]any{"name": "größe", "kind": 12, "uri": uri, "range": at, "selectionRange": at},
	}
}

// Whatever place of whatever document a client names, each method answers, with
// ranges that lie in the documents, or with an error of the protocol.
func TestBadPlaces(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"utf-8", "utf-16", "utf-32"} {
		t.Run(encoding, func(t *testing.T) {
			t.Parallel()
			b := openBad(t, encoding)
			uris := slices.Concat(slices.Sorted(maps.Keys(b.texts)), []string{
				b.uri("latin.py"), b.uri("missing.py"), b.uri("missing.yaml"), b.root, "untitled:Untitled-1", "file:///", "", "%zz", "vscode-notebook-cell:/a.ipynb#W0",
			})
			turn := 0
			for _, uri := range uris {
				places := b.places(b.texts[uri])
				for _, method := range requests() {
					// Each method gets a part of the places in the document, another one in
					// each encoding, and all of those outside.
					turn++
					for i, at := range places {
						if i >= outside && (i+turn)%7 != 0 {
							continue
						}
						end := places[(i*5+turn)%len(places)]
						var result any
						err := b.Call(b.ctx, method, paramsAt(uri, at, end), &result)
						what := fmt.Sprintf("%s of %s at %v to %v", method, filepath.Base(uri), at, end)
						b.expect(err, what)
						if echo, ok := result.(map[string]any); ok && strings.HasSuffix(method, "/resolve") {
							result = []any{echo["edit"], echo["textEdit"]} // the rest is the client's own
						}
						b.check(what, uri, result)
					}
				}
			}
			b.nothingBroke()
		})
	}
}

// outside is how many of the places of a text come first and lie outside of it.
const outside = 4

// places are positions outside a text, and all of its own, with those between
// the halves of a surrogate pair.
func (b *badInput) places(text string) []protocol.Position {
	source := parser.NewSource([]byte(text))
	found := []protocol.Position{
		{Line: math.MaxUint32, Character: math.MaxUint32}, {Line: 0, Character: math.MaxInt32},
		{Line: uint32(source.Lines())}, {Line: uint32(source.Lines() - 1), Character: 1000},
	}
	for line := range source.Lines() {
		end := source.Offset(parser.Position{Line: line, Character: math.MaxInt32})
		last := encodings[b.PositionEncoding].Position(source, end).Character
		for character := range last + 1 {
			found = append(found, protocol.Position{Line: uint32(line), Character: uint32(character)})
		}
	}
	return found
}

// check checks the ranges and edits in an answer about a document.
func (b *badInput) check(what, uri string, result any) {
	b.t.Helper()
	switch result := result.(type) {
	case []any:
		for _, element := range result {
			b.check(what, uri, element)
		}
	case map[string]any:
		if _, isRange := result["start"].(map[string]any); isRange {
			start, end := b.inside(what, uri, result["start"]), b.inside(what, uri, result["end"])
			if end < start {
				b.t.Errorf("%s: the range %v ends before it starts", what, result)
			}
			return
		}
		if edits, ok := result["edits"].([]any); ok {
			document := result["textDocument"].(map[string]any)
			b.checkEdits(what, document["uri"].(string), edits)
			_, open := b.texts[document["uri"].(string)]
			if open && document["version"] != 1.0 || !open && document["version"] != nil {
				b.t.Errorf("%s: an edit of another version: %v", what, document)
			}
			return
		}
		here := uri
		for _, key := range []string{"uri", "targetUri"} {
			if named, ok := result[key].(string); ok {
				here = named
			}
		}
		if from, ok := result["from"].(map[string]any); ok {
			here = from["uri"].(string) // incoming calls: fromRanges are there
		}
		for key, value := range result {
			switch key {
			case "originSelectionRange":
				b.check(what, uri, value)
			case "position":
				b.inside(what, here, value)
			case "changes":
				for changed, edits := range value.(map[string]any) {
					b.checkEdits(what, changed, edits.([]any))
				}
			case "data", "arguments", "item": // the client's own, or for the server
			default:
				b.check(what, here, value)
			}
		}
	}
}

// inside checks that a position is one of the document's, and returns its offset.
func (b *badInput) inside(what, uri string, position any) int {
	b.t.Helper()
	at := position.(map[string]any)
	place := parser.Position{Line: int(at["line"].(float64)), Character: int(at["character"].(float64))}
	source, encoding := parser.NewSource([]byte(b.text(uri))), encodings[b.PositionEncoding]
	offset := encoding.Offset(source, place)
	if got := encoding.Position(source, offset); got != place {
		b.t.Errorf("%s: %v isn't in %s: nearest is %v", what, place, filepath.Base(uri), got)
	}
	return offset
}

func (b *badInput) text(uri string) string {
	text, open := b.texts[uri]
	if named, err := url.Parse(uri); !open && err == nil {
		read, _ := os.ReadFile(named.Path) // of what can't be read no range fits
		text = string(read)
	}
	return text
}

// checkEdits checks that the edits of a document fit and don't overlap.
func (b *badInput) checkEdits(what, uri string, edits []any) {
	b.t.Helper()
	var spans []parser.Span
	for _, edit := range edits {
		at := edit.(map[string]any)["range"].(map[string]any)
		spans = append(spans, parser.Span{Start: b.inside(what, uri, at["start"]), End: b.inside(what, uri, at["end"])})
	}
	slices.SortFunc(spans, func(a, b parser.Span) int { return cmp.Compare(a.Start, b.Start) })
	for i := 1; i < len(spans); i++ {
		if spans[i].Start < spans[i-1].End {
			b.t.Errorf("%s: edits overlap: %v", what, spans)
		}
	}
}

// nonsense are parameters that no method takes.
func nonsense(uri string) []json.RawMessage {
	var all []json.RawMessage
	for _, text := range []string{
		`null`, `[]`, `{}`, `[null]`, `{"textDocument": null}`, `{"textDocument": 5}`, `{"textDocument": {"uri": 5}}`,
		`{"textDocument": {"uri": "file:///\ud800"}, "position": {"line": 0, "character": 0}}`,
		`{"textDocument": {"uri": URI}}`,
		`{"textDocument": {"uri": URI}, "position": {"line": -1, "character": -1}, "range": {"start": {"line": -1, "character": 0}, "end": {"line": 0, "character": 0}}}`,
		`{"textDocument": {"uri": URI}, "position": {"line": 1e99, "character": 0.5}, "range": {}}`,
		`{"textDocument": {"uri": URI}, "position": "start", "range": [], "context": {"only": 5, "diagnostics": [{"range": null}]}}`,
		`{"textDocument": {"uri": URI, "version": 7}, "contentChanges": [{"range": {"start": {"line": -1, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "x"}]}`,
		`{"textDocument": {"uri": URI, "version": 7}, "contentChanges": {"text": "x"}}`,
		`{"data": {"uri": URI, "version": 99}, "item": {"uri": URI, "data": 5}, "uri": "", "label": 5, "title": []}`,
		`{"data": {"uri": URI, "code": "no-such"}, "item": null, "query": null, "files": [{}], "newName": ""}`,
		`{"item": {"uri": URI, "name": "none", "kind": 12, "range": null}, "files": [{"oldUri": URI, "newUri": ""}], "newName": "a b"}`,
		`{"changes": [{"uri": "x", "type": 9}], "event": {"added": [{}], "removed": [{"uri": "%zz"}]}, "settings": 5, "token": []}`,
		`{"notebookDocument": {"uri": URI, "version": 1, "cells": null}, "change": {"cells": {"structure": {"array": {"start": 9, "deleteCount": 9}}}}}`,
	} {
		quoted, _ := json.Marshal(uri) // a string can be written
		all = append(all, json.RawMessage(strings.ReplaceAll(text, "URI", string(quoted))))
	}
	return all
}

// Parameters that make no sense cost one answer, and change nothing of what is
// answered afterwards.
func TestNonsense(t *testing.T) {
	t.Parallel()
	b := openBad(t, "utf-16")
	flow := filepath.Join(b.root, "flow.py")
	before := b.titles(flow)
	if len(before) == 0 {
		t.Fatal("no lenses")
	}
	for _, uri := range []string{b.uri("flow.py"), b.uri("half.py"), b.uri("missing.py")} {
		for _, params := range nonsense(uri) {
			for _, method := range requests() {
				b.expect(b.Call(b.ctx, method, params, nil), fmt.Sprintf("%s with %s", method, params))
			}
			for _, method := range lsp.Methods(true) {
				if method != "initialized" && !strings.HasSuffix(method, "/didClose") && !strings.HasSuffix(method, "/didOpen") {
					b.must(b.Notify(b.ctx, method, params))
				}
			}
		}
	}
	for _, params := range nonsense(b.uri("missing.py")) {
		b.must(b.Notify(b.ctx, "textDocument/didClose", params))
		b.must(b.Notify(b.ctx, "textDocument/didOpen", params))
		b.must(b.Notify(b.ctx, "$/cancelRequest", params))
		for _, command := range []string{"flyte.run", "flyte.cancel", "flyte.openLog", "flyte.openExecution", "flyte.openInputs", "flyte.none"} {
			call := map[string]any{"command": command, "arguments": []any{params}}
			b.expect(b.Call(b.ctx, "workspace/executeCommand", call, nil), fmt.Sprintf("%s with %s", command, params))
		}
	}
	if after := b.titles(flow); !slices.Equal(before, after) {
		t.Errorf("lenses %q, want %q as before", after, before)
	}
	b.nothingBroke()
}

// A change of an older version isn't made, one without a version is, and one
// whose range ends before it starts, or lies outside, is made where editors make
// it.
func TestChangesThatDoNotFit(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), nil)
	path := write(t, s.root, "flow.py", "")
	s.must(s.OpenText(s.ctx, path, "python", "from flytekit import nothing\n"))
	change := func(version any, at protocol.Range, text string) {
		t.Helper()
		s.must(s.Notify(s.ctx, "textDocument/didChange", map[string]any{
			"textDocument":   map[string]any{"uri": lspclient.URI(path), "version": version},
			"contentChanges": []any{map[string]any{"range": at, "text": text}},
		}))
	}
	at := func(from, to uint32) protocol.Range {
		return protocol.Range{Start: protocol.Position{Character: from}, End: protocol.Position{Character: to}}
	}
	change(5, at(28, 21), "task")
	beyond := protocol.Position{Line: 1000, Character: 1000}
	change(6, protocol.Range{Start: beyond, End: beyond}, "\n\n@task\ndef known(): ...\n")
	s.wantTitles(path, "▶ Run locally", "▶ Run remote")
	mark := s.Mark()
	change(4, at(0, 1000), "")
	s.wait(mark, protocol.MethodWindowLogMessage, "close it and open it again")
	s.wantTitles(path, "▶ Run locally", "▶ Run remote")
	change(nil, at(0, 1000), "")
	s.wantTitles(path)
}

// The edits of an open inputs document are those of its version.
func TestEditsOfInputsDocuments(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), nil)
	path := write(t, s.root, "flow.py", double)
	document := write(t, s.root, ".flyte/inputs/flow.double.yaml", "")
	s.must(s.Open(s.ctx, path, "python"))
	at := protocol.Position{Line: 4, Character: uint32(len("def double("))}
	renamed := func() *int32 {
		t.Helper()
		edit, err := s.renameOnceIndexed(path, at)
		s.must(err)
		for _, change := range edit.DocumentChanges {
			if string(change.TextDocument.URI) == lspclient.URI(document) {
				return change.TextDocument.Version
			}
		}
		t.Fatalf("the inputs document isn't changed: %v", edit.DocumentChanges)
		return nil
	}
	text := "# Inputs of double in ../../flow.py\nx: 1\n"
	s.must(os.WriteFile(document, []byte(text), 0o644))
	if version := renamed(); version != nil {
		t.Errorf("the version of a document on disk is %d", *version)
	}
	s.must(s.OpenText(s.ctx, document, "yaml", text))
	s.must(s.Replace(s.ctx, document, 7, wholeText(text), text+"\n"))
	s.must(s.Replace(s.ctx, document, 5, wholeText(text), "")) // of an older version
	if version := renamed(); version == nil || *version != 7 {
		t.Errorf("the version of the open document is %v, want 7", version)
	}
}

// While the workspace is being indexed each method answers with what is known, or
// refuses, and once it is, the client is asked to ask again for what it shows.
func TestRequestsBeforeTheIndex(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	const flows = 300
	for i := range flows {
		write(t, root, fmt.Sprintf("flows/flow_%d.py", i), fmt.Sprintf("from flytekit import workflow\nfrom tasks import double\n\n@workflow\ndef flow_%d(x: int) -> int:\n    return double(x=x)\n", i))
	}
	text := strings.Replace(double, "x: int = 2", "x: int", 1) + "\n\nfrom flytekit import workflow\n\n@workflow\ndef flow(y: int) -> int:\n    z = double(x=y)\n    return z\n"
	path := write(t, root, "tasks.py", text)
	s := connect(t, root, t.TempDir(), "")
	s.Adjust = func(textDocument, workspace map[string]any) {
		textDocument["diagnostic"] = map[string]any{}
		for _, shown := range []string{"diagnostics", "inlayHint"} {
			workspace[shown] = map[string]any{"refreshSupport": true}
		}
	}
	s.must(s.Initialize(s.ctx, root, nil))
	t.Cleanup(s.close)
	s.must(s.Open(s.ctx, path, "python"))
	b := &badInput{s, map[string]string{lspclient.URI(path): text}}
	at := protocol.Position{Line: 4, Character: uint32(len("def double("))}
	for _, method := range requests() {
		b.expect(s.Call(s.ctx, method, paramsAt(lspclient.URI(path), at, at), nil), method)
	}
	// An edit of only those files that are known would break the others.
	if edit, err := s.renameOnceIndexed(path, at); err != nil || len(edit.DocumentChanges) != flows+1 {
		t.Errorf("the input is renamed in %d files, want %d: %v", len(edit.DocumentChanges), flows+1, err)
	}
	for _, refresh := range []string{protocol.MethodCodeLensRefresh, "workspace/inlayHint/refresh"} {
		s.wait(0, refresh, "")
	}
	b.nothingBroke()
}

// renameOnceIndexed asks for a rename until the server doesn't refuse any more
// because it still looks for the workspace's files.
func (s *session) renameOnceIndexed(path string, at protocol.Position) (edit protocol.WorkspaceEdit, err error) {
	s.t.Helper()
	for {
		err = s.Call(s.ctx, "textDocument/rename", paramsAt(lspclient.URI(path), at, at), &edit)
		if err == nil || !strings.Contains(err.Error(), "try again in a moment") {
			return edit, err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

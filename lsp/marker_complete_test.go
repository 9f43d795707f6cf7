package lsp_test

import (
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// completed is an item of a completion as a client reads it.
type completed struct {
	Label         string `json:"label"`
	Detail        string `json:"detail"`
	Documentation *struct {
		Value string `json:"value"`
	} `json:"documentation"`
	TextEdit struct {
		NewText string         `json:"newText"`
		Insert  protocol.Range `json:"insert"`
	} `json:"textEdit"`
	AdditionalTextEdits []protocol.TextEdit `json:"additionalTextEdits"`
	Data                any                 `json:"data,omitempty"`
}

// completion asks for the items behind a text in a line.
func (f *markedFile) completion(m marker) []completed {
	var list *struct{ Items []completed }
	f.must(f.Call(f.ctx, "textDocument/completion", map[string]any{
		"textDocument": map[string]any{"uri": lspclient.URI(f.path)}, "position": f.find(m.line, m.args[0]).End,
	}, &list))
	if list == nil {
		return nil
	}
	return list.Items
}

func completedLabels(items []completed) []string {
	labels := []string{}
	for _, item := range items {
		labels = append(labels, item.Label)
	}
	return labels
}

func (f *markedFile) checkComplete(at string, m marker) {
	labels := completedLabels(f.completion(m))
	var want []string
	further := false
	for _, arg := range m.args[1:] {
		switch unwanted, not := strings.CutPrefix(arg, "!"); {
		case not && slices.Contains(labels, unwanted):
			f.t.Errorf("%s: there is %q among %q", at, unwanted, labels)
		case not:
		case arg == "...":
			further = true
		default:
			want = append(want, arg)
		}
	}
	if len(labels) < len(want) || !slices.Equal(labels[:len(want)], want) || !further && len(labels) > len(want) {
		f.t.Errorf("%s: completion %q, want %q", at, labels, m.args[1:])
	}
}

// itemOf is the item with a marker's label; false if there is none.
func (f *markedFile) itemOf(at string, m marker) (completed, bool) {
	items := f.completion(m)
	i := slices.Index(completedLabels(items), m.args[1])
	if i < 0 {
		f.t.Errorf("%s: no %q among %q", at, m.args[1], completedLabels(items))
		return completed{}, false
	}
	return items[i], true
}

func (f *markedFile) checkCompletes(at string, m marker) {
	item, ok := f.itemOf(at, m)
	if !ok {
		return
	}
	edits := append([]protocol.TextEdit{{Range: item.TextEdit.Insert, NewText: item.TextEdit.NewText}}, item.AdditionalTextEdits...)
	before := strings.Join(f.lines, "\n")
	text := applied(f.t, before, f.path, &protocol.WorkspaceEdit{Changes: map[protocol.DocumentURI][]protocol.TextEdit{
		protocol.DocumentURI(lspclient.URI(f.path)): edits,
	}})
	lines := strings.Split(markerComments.ReplaceAllString(text, ""), "\n")
	for _, want := range m.args[2:] {
		if !slices.Contains(lines, want) {
			f.t.Errorf("%s: there is no line %q in\n%s", at, want, strings.Join(lines, "\n"))
		}
	}
}

func (f *markedFile) checkItem(at string, m marker) {
	item, ok := f.itemOf(at, m)
	if !ok {
		return
	}
	var resolved completed
	f.must(f.Call(f.ctx, "completionItem/resolve", item, &resolved))
	text := resolved.Detail
	if resolved.Documentation != nil {
		text += "\n" + resolved.Documentation.Value
	}
	for _, part := range m.args[2:] {
		if !strings.Contains(text, part) {
			f.t.Errorf("%s: %s is explained by %q, want it to have %q", at, item.Label, text, part)
		}
	}
}

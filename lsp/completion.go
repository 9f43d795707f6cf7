package lsp

import (
	"context"
	"fmt"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/complete"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// completionTriggers are the characters behind which editors ask by themselves.
var completionTriggers = []string{"(", ",", "=", ".", "\"", "'", " "}

// completionItem is protocol.CompletionItem with an edit that may be an
// InsertReplaceEdit, and data that we can read.
type completionItem struct {
	Label               string                      `json:"label"`
	Kind                protocol.CompletionItemKind `json:"kind"`
	Detail              string                      `json:"detail,omitempty"`
	Documentation       *protocol.MarkupContent     `json:"documentation,omitempty"`
	Preselect           bool                        `json:"preselect,omitempty"`
	SortText            string                      `json:"sortText"`
	FilterText          string                      `json:"filterText,omitempty"`
	InsertTextFormat    protocol.InsertTextFormat   `json:"insertTextFormat,omitempty"`
	TextEdit            any                         `json:"textEdit"`
	AdditionalTextEdits []protocol.TextEdit         `json:"additionalTextEdits,omitempty"`
	Data                *completionData             `json:"data,omitempty"`
}

// completionData names what the documentation of an item is about.
type completionData struct {
	URI   protocol.DocumentURI `json:"uri"`
	Topic complete.Topic       `json:"topic"`
}

type completionList struct {
	IsIncomplete bool             `json:"isIncomplete"`
	Items        []completionItem `json:"items"`
}

var completionKinds = map[complete.Kind]protocol.CompletionItemKind{
	complete.Input:    protocol.CompletionItemKindProperty,
	complete.Variable: protocol.CompletionItemKindVariable,
	complete.Field:    protocol.CompletionItemKindField,
	complete.Method:   protocol.CompletionItemKindMethod,
	complete.Constant: protocol.CompletionItemKindConstant,
	complete.Member:   protocol.CompletionItemKindEnumMember,
	complete.Class:    protocol.CompletionItemKindClass,
	complete.Value:    protocol.CompletionItemKindValue,
	complete.Snippet:  protocol.CompletionItemKindSnippet,
}

// completion answers textDocument/completion in Python files and inputs documents.
func (s *Server) completion(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.CompletionParams) (*completionList, error) {
	path, ok := pathOf(string(params.TextDocument.URI))
	if !ok || !s.settings.Load().Completion.Enabled {
		return nil, nil
	}
	if runs.IsInputsPath(path) {
		return s.inputsCompletion(ctx, snapshot, path, params.Position)
	}
	if language, _ := parser.LanguageOf(path); language != parser.Python {
		return nil, nil
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	options := complete.Options{
		Space: params.Context != nil && params.Context.TriggerCharacter == " ",
		Words: &s.words,
		Registered: func(kind complete.Registered, project, domain string) ([]string, bool) {
			return s.registeredNames(path, kind, project, domain)
		},
	}
	found, err := complete.At(ctx, snapshot, path, s.offsetOf(file.Source, params.Position), options)
	if err != nil {
		return nil, err
	}
	list := &completionList{IsIncomplete: found.Incomplete, Items: make([]completionItem, len(found.Items))}
	for i := range found.Items {
		item := &found.Items[i]
		list.Items[i] = s.completionItem(file.Source, item, i)
		if item.Topic != nil {
			list.Items[i].Data = &completionData{URI: params.TextDocument.URI, Topic: *item.Topic}
		}
	}
	return list, nil
}

// completionItem is an item for the client, at a place in the order of all.
func (s *Server) completionItem(source *parser.Source, item *complete.Item, place int) completionItem {
	can := &s.capabilities.TextDocument.Completion.CompletionItem
	made := completionItem{
		Label: item.Label, Kind: completionKinds[item.Kind], Detail: item.Detail, Preselect: item.Preselect,
		SortText: fmt.Sprintf("%04d", place), FilterText: item.Filter, Documentation: markdown(item.Doc),
	}
	text := item.Text
	if item.Snippet != "" && can.SnippetSupport {
		text, made.InsertTextFormat = item.Snippet, protocol.InsertTextFormatSnippet
	}
	if can.InsertReplaceSupport {
		made.TextEdit = protocol.InsertReplaceEdit{
			NewText: text, Insert: s.rangeOf(source, item.Insert), Replace: s.rangeOf(source, item.Replace),
		}
	} else {
		made.TextEdit = protocol.TextEdit{NewText: text, Range: s.rangeOf(source, item.Replace)}
	}
	for _, edit := range item.Edits {
		made.AdditionalTextEdits = append(made.AdditionalTextEdits, protocol.TextEdit{
			Range: s.rangeOf(edit.File.Source, edit.Span), NewText: edit.Replacement(),
		})
	}
	return made
}

// resolveCompletionItem answers completionItem/resolve: with the documentation.
func (s *Server) resolveCompletionItem(_ context.Context, snapshot *workspace.Snapshot, item *completionItem) (*completionItem, error) {
	if item.Data == nil || item.Documentation != nil {
		return item, nil
	}
	path, ok := pathOf(string(item.Data.URI))
	if !ok {
		return item, nil
	}
	item.Documentation = markdown(complete.Documentation(snapshot, path, item.Data.Topic, time.Now()))
	return item, nil
}

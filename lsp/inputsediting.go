package lsp

import (
	"context"
	"errors"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/inputs"
	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// inputsDocument is an inputs document with its entity: the subject is nil, and
// wrong says why, where there is none. The document is nil if it isn't there.
func (s *Server) inputsDocument(ctx context.Context, snapshot *workspace.Snapshot, path string) (document *inputs.Document, subject *inputs.Subject, wrong *inputs.SubjectError, err error) {
	text, err := s.inputs.text(path)
	if text == nil || err != nil {
		return nil, nil, nil, err
	}
	document = inputs.Read(path, parser.NewSource(text))
	subject, err = inputs.SubjectOf(ctx, snapshot, document, s.folders.of)
	if errors.As(err, &wrong) {
		err = nil
	}
	return document, subject, wrong, err
}

// inputsCompletion answers textDocument/completion in an inputs document.
func (s *Server) inputsCompletion(ctx context.Context, snapshot *workspace.Snapshot, path string, position protocol.Position) (*completionList, error) {
	document, subject, _, err := s.inputsDocument(ctx, snapshot, path)
	if subject == nil || err != nil {
		return nil, err
	}
	list := &completionList{Items: []completionItem{}}
	items := inputs.Complete(document, subject, s.offsetOf(document.Source, position))
	for i := range items {
		list.Items = append(list.Items, s.completionItem(document.Source, &items[i], i))
	}
	return list, nil
}

// inputsHover answers textDocument/hover in an inputs document.
func (s *Server) inputsHover(ctx context.Context, snapshot *workspace.Snapshot, path string, position protocol.Position) (*protocol.Hover, error) {
	document, subject, _, err := s.inputsDocument(ctx, snapshot, path)
	if subject == nil || err != nil {
		return nil, err
	}
	text, span := inputs.Hover(document, subject, s.offsetOf(document.Source, position))
	if text == "" {
		return nil, nil
	}
	at := s.rangeOf(document.Source, span)
	return &protocol.Hover{Contents: protocol.MarkupContent{Kind: protocol.Markdown, Value: text}, Range: &at}, nil
}

// fieldDefinition is where the input, or the field of a dataclass, is defined that an
// inputs document names at an offset; nil if it names none.
func (s *Server) fieldDefinition(ctx context.Context, snapshot *workspace.Snapshot, path string, offset int) ([]navigate.Location, error) {
	document, subject, _, err := s.inputsDocument(ctx, snapshot, path)
	if subject == nil || err != nil {
		return nil, err
	}
	_, to, ok := inputs.Definition(document, subject, offset)
	if !ok || to.Span == (parser.Span{}) {
		return nil, nil
	}
	file, err := snapshot.File(to.Path)
	if err != nil {
		return nil, err
	}
	return []navigate.Location{{Path: to.Path, Source: file.Source, Span: to.Span}}, nil
}

// inputsDiagnostics are what is wrong in an inputs document, with its version.
func (s *Server) inputsDiagnostics(ctx context.Context, snapshot *workspace.Snapshot, path string) ([]protocol.Diagnostic, []inputs.Problem, *inputs.Document, error) {
	document, subject, wrong, err := s.inputsDocument(ctx, snapshot, path)
	if document == nil || err != nil {
		return nil, nil, nil, err
	}
	problems := inputs.Check(document, subject, wrong)
	items := make([]protocol.Diagnostic, len(problems))
	for i, problem := range problems {
		items[i] = protocol.Diagnostic{
			Range: s.rangeOf(document.Source, problem.Span), Severity: protocol.DiagnosticSeverity(problem.Severity),
			Code: problem.Code, Source: diagnosticSource, Message: problem.Message,
		}
	}
	return items, problems, document, nil
}

// publishInputs tells the client what is wrong in an open inputs document, and
// takes it back of one that is closed.
func (p *publisher) publishInputs(ctx context.Context, snapshot *workspace.Snapshot, path string) {
	version, open := p.server.inputs.openVersions()[path]
	items := []protocol.Diagnostic{}
	if open {
		found, _, _, err := p.server.inputsDiagnostics(ctx, snapshot, path)
		if err != nil {
			if ctx.Err() == nil {
				p.server.log.Warn("an inputs document isn't checked: " + err.Error())
			}
			return
		}
		items = append(items, found...)
	}
	id := idOf(items)
	p.mu.Lock()
	before := p.told[path]
	if open {
		p.told[path] = told{pushed: id, version: version}
	} else {
		delete(p.told, path)
	}
	p.mu.Unlock()
	if before.pushed == id && before.version == version || before.pushed == "" && id == nothingFound && !open {
		return
	}
	params := protocol.PublishDiagnosticsParams{URI: uriOf(path), Diagnostics: items}
	if open {
		params.Version = uint32(version)
	}
	p.server.client.notify(ctx, protocol.MethodTextDocumentPublishDiagnostics, params)
}

// inputsFixes are the quick fixes of what is wrong in an inputs document at a range,
// and the one that brings all of it up to date with its entity.
func (s *Server) inputsFixes(ctx context.Context, snapshot *workspace.Snapshot, path string, params *protocol.CodeActionParams) ([]protocol.CodeAction, error) {
	if !wanted(params.Context.Only, protocol.QuickFix) {
		return nil, nil
	}
	diagnostics, problems, document, err := s.inputsDiagnostics(ctx, snapshot, path)
	if document == nil || err != nil {
		return nil, err
	}
	version, open := s.inputs.openVersions()[path]
	var actions []protocol.CodeAction
	action := func(title string, edits []inputs.Edit, of ...protocol.Diagnostic) {
		changes := make([]protocol.TextEdit, len(edits))
		for i, edit := range edits {
			changes[i] = protocol.TextEdit{Range: s.rangeOf(document.Source, edit.Span), NewText: edit.Text}
		}
		edit := &protocol.WorkspaceEdit{}
		if s.capabilities.Workspace.WorkspaceEdit.DocumentChanges {
			document := protocol.TextDocumentEdit{Edits: changes}
			document.TextDocument.URI = uriOf(path)
			if open {
				document.TextDocument.Version = &version
			}
			edit.DocumentChanges = []protocol.TextDocumentEdit{document}
		} else {
			edit.Changes = map[protocol.DocumentURI][]protocol.TextEdit{uriOf(path): changes}
		}
		actions = append(actions, protocol.CodeAction{Title: title, Kind: protocol.QuickFix, Diagnostics: of, Edit: edit})
	}
	updates := 0
	for i, problem := range problems {
		at := diagnostics[i].Range
		touched := !before(at.End, params.Range.Start) && !before(params.Range.End, at.Start)
		for _, fix := range problem.Fixes {
			if touched {
				action(fix.Title, fix.Edits, diagnostics[i])
			}
			if fix.Updates {
				updates++
			}
		}
	}
	if edits := inputs.Update(problems); updates > 1 && len(edits) > 0 {
		action("Bring the inputs up to date", edits)
	}
	return actions, nil
}

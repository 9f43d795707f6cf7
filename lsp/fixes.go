package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// codeActionFixAll is the kind of the action that makes all safe fixes of a
// file. Clients make it on save if the user says so.
const codeActionFixAll protocol.CodeActionKind = "source.fixAll.flyte"

// fixActions are the code actions for what the rules find at a range, or for the
// diagnostics that the client names.
func (s *Server) fixActions(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File, params *protocol.CodeActionParams) []protocol.CodeAction {
	quick, all := wanted(params.Context.Only, protocol.QuickFix), slices.ContainsFunc(params.Context.Only, asksFixAll)
	if !quick && !all {
		return nil
	}
	findings := s.findings(ctx, snapshot, file)
	names := findingNames(findings)
	var actions []protocol.CodeAction
	var kinds []int // the first finding of each kind that the request is about
	for i, found := range findings {
		diagnostic := s.diagnostic(file, found, names[i])
		if !quick || !concerns(params, diagnostic, names[i]) {
			continue
		}
		for j, fix := range found.Fixes {
			actions = append(actions, protocol.CodeAction{
				Title: fix.Title, Kind: protocol.QuickFix, IsPreferred: j == 0,
				Diagnostics: []protocol.Diagnostic{diagnostic}, Edit: s.workspaceEdit(fix.Edits),
			})
		}
		if !slices.ContainsFunc(kinds, func(k int) bool { return findings[k].Rule == found.Rule }) {
			kinds = append(kinds, i)
		}
	}
	for _, i := range kinds {
		found, code := findings[i], findings[i].Rule.Code
		if count := countFixes(findings, ofCode(code)); count > 1 {
			title := fmt.Sprintf("Fix all %d of %s in this file", count, code)
			actions = append(actions, s.fixAllAction(ctx, snapshot, file, title, protocol.QuickFix, fixAllData{Code: code})...)
		}
		if edit, ok := analysis.IgnoreComment(file, found); ok && hideable(found) {
			actions = append(actions, protocol.CodeAction{
				Title: fmt.Sprintf("Ignore %s in this line", code), Kind: protocol.QuickFix,
				Diagnostics: []protocol.Diagnostic{s.diagnostic(file, found, names[i])}, Edit: s.workspaceEdit([]analysis.Edit{edit}),
			})
		}
	}
	if all && countFixes(findings, isSafe) > 0 {
		actions = append(actions, s.fixAllAction(ctx, snapshot, file, "Make all safe fixes of flyte-lsp", codeActionFixAll, fixAllData{})...)
	}
	return actions
}

// asksFixAll tells whether a client that asks for a kind asks for source.fixAll:
// it is no action for a place, and isn't offered unasked.
func asksFixAll(only protocol.CodeActionKind) bool {
	return only != "" && wanted([]protocol.CodeActionKind{only}, codeActionFixAll)
}

// hideable: a comment says that a finding is to be accepted. A syntax error
// can't be, and a comment that hides nothing is to go.
func hideable(found *analysis.Diagnostic) bool {
	return found.Rule.Code != "syntax-error" && found.Rule.Code != "ignore-unused"
}

// concerns tells whether a request for code actions is about a diagnostic: it
// touches the range, or the client has it there.
func concerns(params *protocol.CodeActionParams, diagnostic protocol.Diagnostic, name string) bool {
	if !before(diagnostic.Range.End, params.Range.Start) && !before(params.Range.End, diagnostic.Range.Start) {
		return true
	}
	return slices.ContainsFunc(params.Context.Diagnostics, func(theirs protocol.Diagnostic) bool {
		if data, ok := theirs.Data.(map[string]any); ok {
			return data["finding"] == name
		}
		return theirs.Code == diagnostic.Code && theirs.Range == diagnostic.Range
	})
}

func before(a, b protocol.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Character < b.Character
}

func ofCode(code string) func(*analysis.Diagnostic) bool {
	return func(found *analysis.Diagnostic) bool { return found.Rule.Code == code }
}

// isSafe tells whether the first fix of a finding may be made without a look.
func isSafe(found *analysis.Diagnostic) bool { return len(found.Fixes) > 0 && found.Fixes[0].Safe }

func countFixes(findings []*analysis.Diagnostic, wanted func(*analysis.Diagnostic) bool) int {
	count := 0
	for _, found := range findings {
		if len(found.Fixes) > 0 && wanted(found) {
			count++
		}
	}
	return count
}

// fixAllData says what a code action without an edit fixes: the findings with a
// code, or, without, those with safe fixes.
type fixAllData struct {
	URI     protocol.DocumentURI `json:"uri"`
	Version int32                `json:"version"`
	Code    string               `json:"code,omitempty"`
}

// fixAllAction makes many fixes at once. As that takes some looks at the file,
// the edit is left to codeAction/resolve if the client can. Fixes that can't be
// made at once are no action, and cost no other.
func (s *Server) fixAllAction(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File, title string, kind protocol.CodeActionKind, of fixAllData) []protocol.CodeAction {
	action := protocol.CodeAction{Title: title, Kind: kind}
	of.URI, of.Version = uriOf(file.Path), file.Version
	if s.capabilities.resolvesEdits() {
		action.Data = of
		return []protocol.CodeAction{action}
	}
	var err error
	if action.Edit, err = s.fixAll(ctx, snapshot, file, of); err != nil {
		if ctx.Err() == nil {
			s.log.Warn(fmt.Sprintf("%s: %q isn't offered: %v", file.ModuleName, title, err))
		}
		return nil
	}
	return []protocol.CodeAction{action}
}

func (s *Server) fixAll(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File, of fixAllData) (*protocol.WorkspaceEdit, error) {
	wanted := isSafe
	if of.Code != "" {
		wanted = ofCode(of.Code)
	}
	edits, err := analysis.FixAll(ctx, snapshot, file, s.analysisOptions(snapshot, file), wanted)
	if err != nil {
		return nil, err
	}
	return s.workspaceEdit(edits), nil
}

// resolveParams is a code action that the client gives back. Only its data is
// read, what else it has is returned as it came.
type resolveParams map[string]json.RawMessage

// resolveCodeAction answers codeAction/resolve.
func (s *Server) resolveCodeAction(ctx context.Context, snapshot *workspace.Snapshot, action *resolveParams) (resolveParams, error) {
	data, err := decode[fixAllData]((*action)["data"])
	if err != nil {
		return nil, err
	}
	path, ok := pathOf(string(data.URI))
	if !ok {
		return *action, nil // it has its edit, or its command
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	if file.Version != data.Version {
		return nil, jsonrpc2.Errorf(protocol.CodeContentModified, "%s was edited since the code action was offered: ask for code actions again", file.ModuleName)
	}
	edit, err := s.fixAll(ctx, snapshot, file, *data)
	if err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(edit)
	if err != nil {
		return nil, fmt.Errorf("write the edit: %w", err)
	}
	(*action)["edit"] = encoded
	return *action, nil
}

// workspaceEdit is edits of files, by their versions if the client takes them.
func (s *Server) workspaceEdit(edits []analysis.Edit) *protocol.WorkspaceEdit {
	made := &protocol.WorkspaceEdit{}
	versioned := s.capabilities.Workspace.WorkspaceEdit.DocumentChanges
	for _, edit := range edits {
		uri := uriOf(edit.File.Path)
		change := protocol.TextEdit{Range: s.rangeOf(edit.File.Source, edit.Span), NewText: edit.Replacement()}
		if !versioned {
			if made.Changes == nil {
				made.Changes = map[protocol.DocumentURI][]protocol.TextEdit{}
			}
			made.Changes[uri] = append(made.Changes[uri], change)
			continue
		}
		i := slices.IndexFunc(made.DocumentChanges, func(of protocol.TextDocumentEdit) bool { return of.TextDocument.URI == uri })
		if i < 0 {
			i = len(made.DocumentChanges)
			document := protocol.TextDocumentEdit{}
			document.TextDocument.URI = uri
			if edit.File.Open {
				document.TextDocument.Version = &edit.File.Version
			}
			made.DocumentChanges = append(made.DocumentChanges, document)
		}
		made.DocumentChanges[i].Edits = append(made.DocumentChanges[i].Edits, change)
	}
	return made
}

// workflowFile is the file that a request is about, nil if it is none that the
// rules look at.
func workflowFile(snapshot *workspace.Snapshot, path string) *workspace.File {
	if _, ok := parser.LanguageOf(path); !ok {
		return nil
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil
	}
	return file
}

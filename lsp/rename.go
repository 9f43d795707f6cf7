package lsp

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/rename"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// prepareRenameResult is the form of PrepareRenameResult that protocol lacks.
type prepareRenameResult struct {
	Range       protocol.Range `json:"range"`
	Placeholder string         `json:"placeholder"`
}

// renameProvider is the capability, in the form that the client takes.
func (s *Server) renameProvider() any {
	if s.capabilities.TextDocument.Rename.PrepareSupport {
		return protocol.RenameOptions{PrepareProvider: true}
	}
	return true
}

// prepareRename answers textDocument/prepareRename: nothing where no entity, input
// or output has its name, so that the editor asks another server.
func (s *Server) prepareRename(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.TextDocumentPositionParams) (*prepareRenameResult, error) {
	path, offset, err := s.positioned(snapshot, params)
	if err != nil || path == "" || !s.settings.Load().Rename.Enabled {
		return nil, err
	}
	target, err := rename.Prepare(ctx, s.search(snapshot, path), path, offset)
	if err != nil || target == nil {
		return nil, err
	}
	return &prepareRenameResult{s.rangeOf(target.Source, target.Span), target.Name}, nil
}

// rename answers textDocument/rename.
func (s *Server) rename(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.RenameParams) (*workspaceEdit, error) {
	inputs := s.inputs.openVersions()
	path, offset, err := s.positioned(snapshot, &params.TextDocumentPositionParams)
	if err != nil || path == "" || !s.settings.Load().Rename.Enabled {
		return nil, err
	}
	result, err := rename.Rename(ctx, s.search(snapshot, path), path, offset, params.NewName)
	if err != nil {
		return nil, err
	}
	return s.renameEdit(ctx, snapshot, inputs, result), nil
}

// workspaceEdit is protocol.WorkspaceEdit with operations on files and edits that
// are to be confirmed.
type workspaceEdit struct {
	Changes           map[protocol.DocumentURI][]protocol.TextEdit `json:"changes,omitempty"`
	DocumentChanges   []any                                        `json:"documentChanges,omitempty"`
	ChangeAnnotations map[string]protocol.ChangeAnnotation         `json:"changeAnnotations,omitempty"`
}

// documentEdits are protocol.TextDocumentEdit with edits that may have an
// annotation.
type documentEdits struct {
	TextDocument protocol.OptionalVersionedTextDocumentIdentifier `json:"textDocument"`
	Edits        []annotatedEdit                                  `json:"edits"`
}

type annotatedEdit struct {
	protocol.TextEdit
	AnnotationID string `json:"annotationId,omitempty"`
}

type renameFile struct {
	Kind   string               `json:"kind"`
	OldURI protocol.DocumentURI `json:"oldUri"`
	NewURI protocol.DocumentURI `json:"newUri"`
}

// renameEdit is what a rename changes, as far as the client can: it is told what
// is left to do by hand. The inputs documents have had these versions before they
// were read.
func (s *Server) renameEdit(ctx context.Context, snapshot *workspace.Snapshot, inputs map[string]int32, result *rename.Result) *workspaceEdit {
	can := &s.capabilities.Workspace.WorkspaceEdit
	confirms := can.ChangeAnnotationSupport != nil && can.DocumentChanges
	made := &workspaceEdit{}
	left := slices.Clone(result.Left)
	documents := map[string]*documentEdits{}
	for _, edit := range result.Edits {
		change := annotatedEdit{TextEdit: protocol.TextEdit{Range: s.rangeOf(edit.Source, edit.Span), NewText: edit.Text}}
		switch {
		case edit.Confirm == "":
		case confirms:
			change.AnnotationID = edit.Confirm
			if made.ChangeAnnotations == nil {
				made.ChangeAnnotations = map[string]protocol.ChangeAnnotation{}
			}
			made.ChangeAnnotations[edit.Confirm] = protocol.ChangeAnnotation{Label: edit.Confirm, NeedsConfirmation: true}
		case edit.Guess:
			left = append(left, fmt.Sprintf("%s:%d may mean it: %s", filepath.Base(edit.Path), change.Range.Start.Line+1, edit.Source.Slice(edit.Span)))
			continue
		}
		uri := uriOf(edit.Path)
		if !can.DocumentChanges {
			if made.Changes == nil {
				made.Changes = map[protocol.DocumentURI][]protocol.TextEdit{}
			}
			made.Changes[uri] = append(made.Changes[uri], change.TextEdit)
			continue
		}
		if documents[edit.Path] == nil {
			documents[edit.Path] = editsOf(snapshot, inputs, edit.Path)
			made.DocumentChanges = append(made.DocumentChanges, documents[edit.Path])
		}
		documents[edit.Path].Edits = append(documents[edit.Path].Edits, change)
	}
	for _, move := range result.Moves {
		if can.DocumentChanges && slices.Contains(can.ResourceOperations, "rename") {
			made.DocumentChanges = append(made.DocumentChanges, renameFile{"rename", uriOf(move.From), uriOf(move.To)})
		} else {
			left = append(left, fmt.Sprintf("call %s %s", filepath.Base(move.From), filepath.Base(move.To)))
		}
	}
	s.tellLeft(ctx, left)
	return made
}

// editsOf are edits of a document, by its version if it is open.
func editsOf(snapshot *workspace.Snapshot, inputs map[string]int32, path string) *documentEdits {
	edits := &documentEdits{}
	edits.TextDocument.URI = uriOf(path)
	version, open := inputs[path]
	if file := snapshot.Version(path); file >= 0 {
		version, open = file, true
	}
	if open {
		edits.TextDocument.Version = &version
	}
	return edits
}

// tellLeft tells the user what is left to do by hand.
func (s *Server) tellLeft(ctx context.Context, left []string) {
	const shown = 5
	if len(left) == 0 {
		return
	}
	for _, one := range left {
		s.log.Warn("a rename leaves: " + one)
	}
	text := strings.Join(left[:min(len(left), shown)], "; ")
	if len(left) > shown {
		text += fmt.Sprintf("; and %d more, which are in the log", len(left)-shown)
	}
	s.client.show(ctx, protocol.MessageTypeWarning, "The rename leaves something to do: "+text)
}

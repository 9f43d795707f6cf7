package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/rename"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// renamedFiles are the files and folders of whose new names the client tells before
// it gives them.
var renamedFiles = &protocol.FileOperationRegistrationOptions{Filters: []protocol.FileOperationFilter{
	{Scheme: "file", Pattern: protocol.FileOperationPattern{Glob: "**/*.{py,go}", Matches: protocol.FileOperationPatternKindFile}},
	{Scheme: "file", Pattern: protocol.FileOperationPattern{Glob: "**", Matches: protocol.FileOperationPatternKindFolder}},
}}

// willRenameFiles answers workspace/willRenameFiles: what else changes when modules
// get other names.
func (s *Server) willRenameFiles(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.RenameFilesParams) (*workspaceEdit, error) {
	settings := s.settings.Load().Rename
	if !settings.Enabled || !settings.Files {
		return nil, nil
	}
	var moves []rename.Move
	for _, file := range params.Files {
		from, known := pathOf(file.OldURI)
		to, ok := pathOf(file.NewURI)
		if known && ok {
			moves = append(moves, rename.Move{From: from, To: to})
		}
	}
	if len(moves) == 0 {
		return nil, nil
	}
	inputs := s.inputs.openVersions()
	result, err := rename.Moved(ctx, s.search(snapshot, moves[0].From), moves)
	if err != nil {
		return nil, err
	}
	return s.renameEdit(ctx, snapshot, inputs, result), nil
}

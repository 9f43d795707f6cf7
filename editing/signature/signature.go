// Package signature tells the signature of the entity for whose call arguments are
// being typed, and which input the cursor is at. Of functions that are no entity,
// flytekit's too, it says nothing: servers for Python do.
package signature

import (
	"context"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Help is the signature of an entity.
type Help struct {
	// Label is the entity as codelens.Signature writes it.
	Label string
	// Doc is its documentation, Markdown.
	Doc    string
	Inputs []Input
	// Active is the index of the input that is being typed; that of none, the
	// number of Inputs, where it isn't known.
	Active int
}

// Input is an input of the entity.
type Input struct {
	// Span is where the Label has it, in bytes.
	Span ast.Span
	// Doc is what the docstring says of it.
	Doc string
}

// At is the signature of the entity that the innermost call around an offset calls;
// nil if that is no entity. Errors are as Snapshot.Module has them.
func At(ctx context.Context, snapshot *workspace.Snapshot, path string, offset int) (*Help, error) {
	c, err := cursor.Typing(ctx, snapshot, path, offset)
	if err != nil || c == nil {
		return nil, err
	}
	call := c.Call()
	if call == nil {
		return nil, nil
	}
	named, others := c.Takes(call)
	if named == nil {
		return nil, nil
	}
	file, entity, err := snapshot.Current(ctx, named)
	if err != nil {
		return nil, err
	}
	help := &Help{Label: codelens.Signature(file, entity), Doc: entity.Doc}
	from := strings.IndexByte(help.Label, '(')
	for _, input := range entity.Inputs {
		span := inputSpan(help.Label, input, from)
		from = span.End
		help.Inputs = append(help.Inputs, Input{Span: span, Doc: input.Doc})
	}
	help.Active = active(call, entity, others, c.Offset)
	return help, nil
}

// inputSpan is where a label has an input, behind an offset.
func inputSpan(label string, input *model.Variable, from int) ast.Span {
	text := input.Name
	if input.Type != "" {
		text += ": " + input.Type
	}
	if input.Default != "" {
		text += " = " + input.Default
	}
	at := strings.Index(label[from:], text)
	if at < 0 {
		return ast.Span{Start: from, End: from}
	}
	return ast.Span{Start: from + at, End: from + at + len(text)}
}

// active is the index of the input that the cursor is at: the one whose keyword is
// being typed if that is clear, else the first that isn't given yet.
func active(call *cursor.Call, entity *model.Entity, others, offset int) int {
	if input := call.Input(entity, others); input != nil && (call.Keyword != "" || len(call.Keywords) == 0) {
		return slices.Index(entity.Inputs, input)
	}
	if call.Keyword != "" {
		return len(entity.Inputs)
	}
	given := -others
	for _, arg := range call.Args {
		if arg.Span().End < offset {
			given++
		}
	}
	for i, input := range entity.Inputs {
		if i >= given && !call.Given(input.Name) {
			return i
		}
	}
	return len(entity.Inputs)
}

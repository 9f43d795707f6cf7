// Package hover says what stands at a place of a workflow file, as Markdown: an
// entity; an input, where it is declared, given and used; a promise, by the name it
// is assigned to and the output that is taken of it; a keyword of a decorator or a
// class of flytekit's or a plugin's; and a value in words: a cron expression, a
// quantity, an image. Of Python's own names, which a Python server knows, it says
// nothing.
package hover

import (
	"context"
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Hover is a text about a span of the file.
type Hover struct {
	// Text is Markdown.
	Text string
	Span ast.Span
}

// Known is what is known besides the source.
type Known struct {
	// Latest are the last runs of the entities of the file at a path, the newest
	// first.
	Latest func(path string) []*runs.Run
	// Now is the moment that times are told from, in the user's time zone.
	Now time.Time
}

// At is what there is to say about an offset of a file; nil if there is nothing.
// Errors are as Snapshot.Module has them.
func At(ctx context.Context, snapshot *workspace.Snapshot, path string, offset int, known Known) (*Hover, error) {
	module, err := snapshot.Module(ctx, path)
	if err != nil {
		return nil, err
	}
	for _, e := range module.Entities {
		if e.NameSpan.Contains(offset) && e.Path == path {
			return entity(ctx, snapshot, e, e.NameSpan, known)
		}
	}
	c, err := cursor.At(ctx, snapshot, path, offset)
	if c == nil || err != nil {
		return nil, err
	}
	h := &hoverer{ctx: ctx, Cursor: c, Known: known}
	if span, e := h.named(); e != nil {
		return entity(ctx, snapshot, e, span, known)
	}
	text, span := h.text()
	if text = strings.TrimSpace(text); text == "" {
		return nil, ctx.Err()
	}
	return &Hover{Text: text + "\n", Span: span}, nil
}

// entity is what is told of an entity that is named.
func entity(ctx context.Context, snapshot *workspace.Snapshot, named *model.Entity, span ast.Span, known Known) (*Hover, error) {
	owner, current, err := snapshot.Current(ctx, named)
	if err != nil {
		return nil, err
	}
	return &Hover{Text: codelens.Hover(owner, current, known.Latest(owner.Path)), Span: span}, nil
}

// hoverer looks at a place.
type hoverer struct {
	*cursor.Cursor
	Known
	ctx context.Context
}

// named is the entity that the name at the cursor stands for, with the name's span;
// nil if it stands for none.
func (h *hoverer) named() (ast.Span, *model.Entity) {
	if statement, ok := h.Node().(*ast.ImportFrom); ok {
		return h.imported(statement)
	}
	expr, span := h.nameAt()
	if expr == nil {
		return span, nil
	}
	e, _ := model.EntityOf(h.Value(expr))
	return span, e
}

// imported is the entity whose name in an import the cursor stands in.
func (h *hoverer) imported(statement *ast.ImportFrom) (ast.Span, *model.Entity) {
	for _, alias := range statement.Names {
		name, span := alias.Name, alias.NameSpan
		if alias.AsName != "" {
			name = alias.AsName
			if alias.AsNameSpan.Contains(h.Offset) {
				span = alias.AsNameSpan
			}
		}
		bound, ok := h.Module.Scope.Get(name)
		if !ok || !span.Contains(h.Offset) {
			continue
		}
		e, _ := model.EntityOf(h.Module.Resolve(bound.Value))
		return span, e
	}
	return ast.Span{}, nil
}

// nameAt is the name, or the attribute, that the cursor stands in, and the span of
// its last part; nil if it stands in none.
func (h *hoverer) nameAt() (ast.Expr, ast.Span) {
	switch n := h.Node().(type) {
	case *ast.Name:
		return n, n.Span()
	case *ast.Attribute:
		if n.AttrSpan.Contains(h.Offset) {
			return n, n.AttrSpan
		}
	}
	return nil, ast.Span{}
}

// text is what there is to say of something else than an entity, and of which span.
func (h *hoverer) text() (string, ast.Span) {
	if input, e, span := h.declared(); input != nil {
		return h.input(input, e), span
	}
	call := h.Call()
	if call != nil && call.InKeyword {
		for _, keyword := range call.Keywords {
			if keyword.Arg == call.Keyword && keyword.ArgSpan.Contains(h.Offset) {
				return h.keyword(call, keyword), keyword.ArgSpan
			}
		}
		return "", ast.Span{}
	}
	if constant, ok := h.Node().(*ast.Constant); ok {
		return h.constant(call, constant), constant.Span()
	}
	expr, span := h.nameAt()
	if expr == nil {
		return "", span
	}
	switch value := h.Value(expr).(type) {
	case *model.Promise:
		return h.promise(value), span
	case *model.Outputs:
		return h.outputs(value), span
	case *pyeval.Instance:
		return h.object(value), span
	case *pyeval.Native:
		if said := h.accelerator(value); said != "" {
			return said, span
		}
		if outer, ok := h.Outer(1).(*ast.Call); ok && outer.Func == expr {
			if made, ok := h.Value(outer).(*pyeval.Instance); ok && isNative(made.Class, imageSpec) {
				return h.object(made), span
			}
		}
	}
	return "", span
}

// isNative tells whether a value is the object of flytekit's of a canonical name.
func isNative(value pyeval.Value, name string) bool {
	native, ok := value.(*pyeval.Native)
	return ok && native.Name == name
}

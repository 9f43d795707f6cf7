package navigate

import (
	"context"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Symbol is an entity of a document, or a node of its workflow.
type Symbol struct {
	Name string
	// Detail is an entity's interface, "(url: str) -> int", or a node's id and kind,
	// "n0, task".
	Detail string
	// Kind is the entity's; that of a node is what it runs, "" of a conditional and
	// a gate. IsNode tells which it is.
	Kind   model.Kind
	IsNode bool
	// Span is all of it, with what is in it; NameSpan its name, or what the node
	// calls.
	Span, NameSpan parser.Span
	Children       []Symbol
}

// DocumentSymbols are the entities that a Python file defines, in the order of the
// text, with the nodes of workflows as children, those of conditionals in them.
// Errors are as Snapshot.Module has them.
func DocumentSymbols(ctx context.Context, snapshot *workspace.Snapshot, path string) ([]Symbol, error) {
	module, err := snapshot.Module(ctx, path)
	if err != nil || module.Module == nil {
		return nil, err
	}
	var symbols []Symbol
	for _, e := range module.Entities {
		if e.Shadowed || title(e) == "" || e.Path != module.Path {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		symbol := Symbol{Name: title(e), Detail: Interface(e), Kind: e.Kind, Span: e.Span, NameSpan: e.NameSpan}
		switch e.Kind {
		case model.Workflow, model.Dynamic, model.Eager, model.ImperativeWorkflow:
			body := module.Body(e)
			symbol.Children = nodeSymbols(module, body.Nodes)
			if failure := body.Failure; failure != nil && failure.Entity != nil {
				symbol.Children = append(symbol.Children, Symbol{
					Name: title(failure.Entity), Detail: nodeDetail(failure), Kind: failure.Entity.Kind, IsNode: true, Span: e.NameSpan, NameSpan: e.NameSpan,
				})
			}
		}
		symbol.Span = around(symbol)
		symbols = append(symbols, symbol)
	}
	return symbols, nil
}

// nodeSymbols are the nodes whose calls stand in the module's file.
func nodeSymbols(module *model.Module, nodes []*model.Node) []Symbol {
	var symbols []Symbol
	for _, node := range nodes {
		if node.Call == nil || node.Module == nil || node.Module.Path != module.Path {
			continue
		}
		symbol := Symbol{Name: nodeTitle(node), Detail: nodeDetail(node), IsNode: true, Span: node.Call.Span(), NameSpan: node.Call.Func.Span()}
		if node.Entity != nil {
			symbol.Kind = node.Entity.Kind
		}
		if node.Branch != nil {
			symbol.Children = nodeSymbols(module, node.Branch.Nodes)
		}
		symbol.Span = around(symbol)
		symbols = append(symbols, symbol)
	}
	return symbols
}

// around is the span of a symbol with all that is in it.
func around(s Symbol) parser.Span {
	span := s.Span
	for _, inner := range append([]Symbol{{Span: s.NameSpan}}, s.Children...) {
		span.Start, span.End = min(span.Start, inner.Span.Start), max(span.End, inner.Span.End)
	}
	return span
}

func nodeTitle(node *model.Node) string {
	switch {
	case node.Branch != nil:
		return "conditional"
	case node.Gate != nil:
		return node.Gate.Waits
	case node.Entity == nil:
		return string(node.Kind)
	case node.Entity.Kind == model.MapTask && node.Entity.Name == "" && node.Entity.Of != nil:
		return "map_task(" + title(node.Entity.Of) + ")"
	case title(node.Entity) == "":
		return string(node.Entity.Kind)
	}
	return title(node.Entity)
}

func nodeDetail(node *model.Node) string {
	parts := []string{node.ID, string(node.Kind)}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// Interface is an entity's interface on one line: "(url: str, limit: int = 3) ->
// int". What isn't known is "…".
func Interface(e *model.Entity) string {
	var inputs []string
	for _, input := range e.Inputs {
		text := typed(input)
		if input.Default != "" {
			text += " = " + oneLine(input.Default)
		}
		inputs = append(inputs, text)
	}
	if e.InputsUnknown != "" {
		inputs = append(inputs, "…")
	}
	text := "(" + strings.Join(inputs, ", ") + ")"
	var outputs []string
	for _, output := range e.Outputs {
		if e.OutputTuple != "" || e.Kind == model.ImperativeWorkflow {
			outputs = append(outputs, typed(output))
		} else {
			outputs = append(outputs, oneLine(output.Type))
		}
	}
	switch {
	case e.OutputsUnknown != "":
		return text + " -> …"
	case len(outputs) == 1:
		return text + " -> " + outputs[0]
	case len(outputs) > 1:
		return text + " -> (" + strings.Join(outputs, ", ") + ")"
	}
	return text
}

func typed(v *model.Variable) string {
	if v.Type == "" {
		return v.Name
	}
	return v.Name + ": " + oneLine(v.Type)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

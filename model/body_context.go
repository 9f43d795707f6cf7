package model

import (
	"math/big"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// compiling is the FlyteContext while a workflow is compiled, and its
// CompilationState: decorators that add nodes around those of a workflow ask
// for it (core/context_manager.py).
type (
	compiling        struct{ builder *builder }
	compilationState struct{ builder *builder }
)

// Describe says what the value is.
func (compiling) Describe() string { return "flytekit's context" }

// Describe says what the value is.
func (compilationState) Describe() string { return "the state of the compilation" }

// currentContext is FlyteContextManager.current_context().
func currentContext(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	if b, ok := f.Context.(*builder); ok && b.compiles {
		return compiling{b}
	}
	return &pyeval.Unknown{Reason: "flytekit's context is only known when it runs", Expr: callExpr(c)}
}

// Attr is the compilation state, and unknown else.
func (c compiling) Attr(_ *pyeval.Frame, name string) pyeval.Value {
	if name == "compilation_state" {
		return compilationState(c)
	}
	return &pyeval.Unknown{Reason: name + " of flytekit's context is only known when the workflow is compiled"}
}

// Attr is the nodes that are made so far, the prefix of their ids, or the mode.
func (s compilationState) Attr(f *pyeval.Frame, name string) pyeval.Value {
	level := s.builder.level()
	switch name {
	case "mode":
		return pyeval.Int{Int: big.NewInt(1)}
	case "prefix":
		return pyeval.Str(level.prefix)
	case "nodes":
		nodes := f.NewList(nil)
		nodes.Open = level.unsure
		if !level.unsure {
			for _, node := range level.nodes {
				nodes.Elems = append(nodes.Elems, &nodeHandle{node: node})
			}
		}
		return nodes
	}
	return &pyeval.Unknown{Reason: name + " of flytekit's compilation state is only known when the workflow is compiled"}
}

package model

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Attr is an output, or a method of the node.
func (h *nodeHandle) Attr(f *pyeval.Frame, name string) pyeval.Value {
	for _, promise := range h.outputs {
		if promise.Var == name {
			return promise
		}
	}
	switch name {
	case "outputs":
		h.takeOutputs(f)
		outputs := &pyeval.Dict{}
		for _, promise := range h.outputs {
			outputs.Items = append(outputs.Items, pyeval.Item{Key: pyeval.Str(promise.Var), Value: promise})
		}
		if _, compiles := f.Context.(*builder); compiles || !h.node.certain() || h.node.Entity.OutputsUnknown != "" {
			return outputs
		}
		return &keyed{dict: outputs, of: h.node.describe(), what: "output"}
	case "with_overrides":
		return overriding(h.node, h)
	case "runs_before":
		return &method{name, func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
			other := c.Value(0, "other", pyeval.None{})
			if next, ok := other.(*nodeHandle); ok {
				link(f, callExpr(c), h.node, next.node)
			} else {
				unlinked(f, callExpr(c), other, "runs_before takes a node that create_node made")
			}
			return pyeval.None{}
		}}
	case "id", "name":
		if h.node.ID != "" {
			return pyeval.Str(h.node.ID)
		}
	case "flyte_entity":
		if h.node.Entity != nil {
			return h.node.Entity
		}
	}
	if nodeNames[name] || strings.HasPrefix(name, "_") || name == "" {
		return &pyeval.Unknown{Reason: fmt.Sprintf("%s of a node isn't known", name)}
	}
	at := f.Asked()
	if attribute, ok := at.(*ast.Attribute); ok {
		at = &ast.Name{Range: ast.Range(attribute.AttrSpan), ID: name}
	}
	has := "it has none"
	if len(h.outputs) > 0 {
		has = "its outputs are " + strings.Join((&Outputs{h.outputs}).names(), ", ")
	}
	return h.rejected(f, at, fmt.Sprintf("%s has no output %s: %s", h.Describe(), name, has))
}

// nodeNames are the attributes of a node besides its outputs
// (core/node.py:Node).
var nodeNames = map[string]bool{"id": true, "name": true, "bindings": true, "upstream_nodes": true, "flyte_entity": true, "run_entity": true, "metadata": true}

// takeOutputs tells that a node of a workflow has a dict of its outputs only
// when the workflow is compiled: in a local run it stands for what the task has
// given (core/node_creation.py:create_node).
func (h *nodeHandle) takeOutputs(f *pyeval.Frame) {
	b, ok := f.Context.(*builder)
	attribute, written := f.Asked().(*ast.Attribute)
	if ok && b.compiles && written && b.module == nil {
		b.remark(f, Remark{
			Span: attribute.AttrSpan, Code: "node-outputs-local", Related: h.origin(),
			Message: fmt.Sprintf("%s has no outputs in a local run: write .%s in place of .outputs[%q]", h.Describe(), h.first(), h.first()),
		})
	}
}

// first is the name of the first output, "o0" where it has none.
func (h *nodeHandle) first() string {
	if len(h.outputs) == 0 {
		return "o0"
	}
	return h.outputs[0].Var
}

func (h *nodeHandle) origin() []Place { return (&Promise{Node: h.node}).origin() }

// rejected is what Python raises for a node that is used as its output.
func (h *nodeHandle) rejected(f *pyeval.Frame, at ast.Expr, message string) pyeval.Value {
	if !h.node.certain() || at == nil {
		return &pyeval.Unknown{Reason: message, Expr: at}
	}
	if b, ok := f.Context.(*builder); ok && b.compiles {
		remark := Remark{Code: "node-passed", Span: span(at), Message: message, Related: h.origin()}
		if _, name := at.(*ast.Name); name {
			remark.Candidates = (&Outputs{h.outputs}).names()
		}
		b.reject(f, remark)
	}
	return &pyeval.Unknown{Reason: message, Expr: at}
}

// Index is what Python rejects.
func (h *nodeHandle) Index(f *pyeval.Frame, _ pyeval.Value) pyeval.Value {
	return h.rejected(f, f.Asked(), h.Describe()+" has no parts: they are those of its outputs")
}

// Iterate is what Python rejects.
func (h *nodeHandle) Iterate(f *pyeval.Frame) ([]pyeval.Value, bool) {
	h.rejected(f, f.Asked(), h.Describe()+" can't be iterated over or unpacked: its outputs are its attributes")
	return nil, false
}

// Operate is `node >> other`.
func (h *nodeHandle) Operate(f *pyeval.Frame, op string, other pyeval.Value, reversed bool, at ast.Expr) pyeval.Value {
	if op != ">>" || reversed {
		if op == "<<" || op == ">>" {
			return unordered(f, op, h, other, reversed, at)
		}
		return nil
	}
	if next, ok := other.(*nodeHandle); ok {
		link(f, at, h.node, next.node)
		return other
	}
	return unlinked(f, at, other, "a node of create_node can only run before another one: give create_node the other entity too")
}

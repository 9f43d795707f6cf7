package model

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// NativeCall is a call of a function or class that isn't read from source: of
// flytekit, of Python's library, of another library.
type NativeCall struct {
	// Name is the callee's canonical name: "flytekit.core.resources.Resources",
	// "builtins.len".
	Name string
	*pyeval.Call
	// Gives is the result.
	Gives  pyeval.Value
	Module *pyeval.Module // that the call stands in
	// Entity is the one whose body makes the call; nil of one that importing the
	// module makes.
	Entity *Entity
	// Statement is the one that the call stands in.
	Statement ast.Stmt
	// Certain: the call is made whenever the module is imported, or the body
	// compiled or run, and nothing may catch an exception of it.
	Certain bool
}

// Return is a return statement of an entity's own function.
type Return struct {
	Stmt  *ast.Return
	Value pyeval.Value
	// Bindings give the outputs of a workflow or a dynamic workflow their values;
	// nil where they don't fit, and of other entities.
	Bindings []Binding
	// Certain: it is reached whenever the function is called.
	Certain bool
}

// Exception is one that Python raises.
type Exception struct {
	// Class is the name of a builtin exception: "NameError".
	Class, Reason string
	Module        *pyeval.Module
	Span          ast.Span
	// Entity, Certain as of a NativeCall.
	Entity  *Entity
	Certain bool
}

// maxNoted bounds what is kept of one body or module.
const maxNoted = 20_000

// observer keeps what happens in modules and bodies: pyeval.Observer.
type observer struct{}

// Called is part of pyeval.Observer.
func (observer) Called(f *pyeval.Frame, native *pyeval.Native, c *pyeval.Call, gives pyeval.Value) {
	call := &NativeCall{Name: native.Name, Call: c, Gives: gives, Module: f.Module(), Statement: f.Statement()}
	if b, ok := f.Context.(*builder); ok {
		call.Entity, call.Certain = b.body.Entity, b.certainly(f)
		if len(b.body.NativeCalls) < maxNoted {
			b.body.NativeCalls = append(b.body.NativeCalls, call)
		}
		return
	}
	if f.Unfinished() {
		call.Certain = certainly(f)
		f.Note(call)
	}
}

// Returned is part of pyeval.Observer.
func (observer) Returned(f *pyeval.Frame, s *ast.Return, value pyeval.Value) {
	b, ok := f.Context.(*builder)
	if !ok || f.Function() == nil || b.body.Entity.Function == nil || f.Function().Def != b.body.Entity.Function.Def {
		return
	}
	b.body.Returns = append(b.body.Returns, &Return{Stmt: s, Value: f.Resolve(value), Certain: b.certainly(f)})
}

// Raised is part of pyeval.Observer.
func (observer) Raised(f *pyeval.Frame, exception, reason string, at ast.Expr) {
	if a, ok := f.Context.(*annotating); ok && a.raised(f, exception, reason, at) {
		return
	}
	raised := &Exception{Class: exception, Reason: reason, Module: f.Module(), Span: span(at)}
	if stmt := f.Statement(); at == nil && stmt != nil {
		raised.Span = stmt.Span()
	}
	if b, ok := f.Context.(*builder); ok {
		raised.Entity, raised.Certain = b.body.Entity, b.certainly(f)
		if len(b.body.Exceptions) < maxNoted {
			b.body.Exceptions = append(b.body.Exceptions, raised)
		}
		return
	}
	if f.Unfinished() {
		raised.Certain = certainly(f)
		f.Note(raised)
	}
}

// NativeCalls are the calls that importing the module makes, and those in the
// bodies of its entities.
func (m *Module) NativeCalls() []*NativeCall {
	return happened(m, func(b *Body) []*NativeCall { return b.NativeCalls })
}

// Exceptions are those that Python raises when it imports the module, and in
// the bodies of its entities.
func (m *Module) Exceptions() []*Exception {
	return happened(m, func(b *Body) []*Exception { return b.Exceptions })
}

func happened[T any](m *Module, in func(*Body) []*T) []*T {
	var all []*T
	if m.Module != nil {
		for _, noted := range m.Noted {
			if one, ok := noted.(*T); ok {
				all = append(all, one)
			}
		}
	}
	for _, e := range m.Entities {
		all = append(all, in(m.Body(e))...)
	}
	return all
}

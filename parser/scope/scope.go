// Package scope tells which names of a Python text mean the same variable, by
// Python's rules of scopes (Python's reference, 4.2 "Naming and binding").
package scope

import (
	"slices"
	"sort"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Kind says what a scope belongs to.
type Kind uint8

// The kinds of scopes. Types has the type parameters of a function, a class or
// an alias.
const (
	Module Kind = iota
	Class
	Function
	Comprehension
	Types
)

// Scope is where names are bound.
type Scope struct {
	Kind Kind
	// Parent is the scope around, nil of a module.
	Parent *Scope
	// Node is what the scope belongs to, nil of a module.
	Node ast.Node

	variables map[string]*Variable
	// elsewhere are the names that `global` and `nonlocal` say to be another
	// scope's; true of global.
	elsewhere map[string]bool
}

// Variable is a name of a scope.
type Variable struct {
	Name string
	// Scope is that of the bindings: the module's, where there is none.
	Scope *Scope
	// Uses are all places that mean it, in the order of the text.
	Uses []Use
}

// Use is a place where a variable is bound or read.
type Use struct {
	// Span is the name itself. Of `import a.b` it is `a`.
	Span ast.Span
	// Scope is the innermost one that the place stands in.
	Scope *Scope
	// Binds: the place binds the name, or deletes it. Declares: it is a name in
	// a `global` or `nonlocal` statement.
	Binds, Declares bool
	// Alias is the clause of an import that binds the name, and From its
	// statement where that is `from module import name`.
	Alias *ast.Alias
	From  *ast.ImportFrom
	// Quoted: the name stands in a quoted annotation.
	Quoted bool
}

// Bound tells whether the text binds the variable: if not, the name is one of
// Python's builtins or comes from `from module import *`.
func (v *Variable) Bound() bool {
	return slices.ContainsFunc(v.Uses, func(u Use) bool { return u.Binds })
}

// Table has the variables of a text. It is immutable.
type Table struct {
	// Module is the outermost scope.
	Module *Scope
	// Scopes are all scopes, each before those in it.
	Scopes []*Scope

	names  map[*ast.Name]*Variable
	places []place // in the order of the text
}

type place struct {
	span     ast.Span
	variable *Variable
}

// Of makes the table of a module, whose function bodies are all read. text is
// the module's.
func Of(module *ast.Module, text []byte) *Table {
	t := &Table{names: map[*ast.Name]*Variable{}}
	r := &reader{table: t, text: text}
	t.Module = r.open(Module, nil, nil)
	r.block(t.Module, module.Body)
	r.resolve()
	return t
}

// Names is the variable that a name means; nil of a name that isn't of the text,
// or that stands in a quoted annotation.
func (t *Table) Names(name *ast.Name) *Variable { return t.names[name] }

// At is the variable that the name at an offset means, nil if none stands there.
// A name ends where its last letter does: the offset behind it counts.
func (t *Table) At(offset int) *Variable {
	i := sort.Search(len(t.places), func(i int) bool { return t.places[i].span.End >= offset })
	for ; i < len(t.places) && t.places[i].span.Start <= offset; i++ {
		// Of two names that meet at the offset the second counts.
		if i+1 == len(t.places) || t.places[i+1].span.Start > offset {
			return t.places[i].variable
		}
	}
	return nil
}

// All are the variables of the scope that are bound in it, in no order.
func (s *Scope) All() map[string]*Variable { return s.variables }

// Lookup is the variable that a name means in a scope, nil if none is bound.
func (s *Scope) Lookup(name string) *Variable {
	if global, ok := s.elsewhere[name]; ok {
		if global {
			return s.module().variables[name]
		}
		return s.outer(name, true)
	}
	if v := s.variables[name]; v != nil {
		return v
	}
	return s.outer(name, false)
}

// outer looks for a name in the scopes around.
func (s *Scope) outer(name string, onlyFunctions bool) *Variable {
	// The names of a class body can't be seen from functions in it, but from
	// the type parameters of such.
	visible := s.Kind == Types
	for around := s.Parent; around != nil; around = around.Parent {
		if around.Kind == Class && !visible || onlyFunctions && around.Kind != Function {
			continue
		}
		visible = visible && around.Kind == Types
		if global, ok := around.elsewhere[name]; ok && around.Kind != Class {
			if global {
				return around.module().variables[name]
			}
			continue
		}
		if v := around.variables[name]; v != nil {
			return v
		}
	}
	return nil
}

func (s *Scope) module() *Scope {
	for s.Parent != nil {
		s = s.Parent
	}
	return s
}

// Within tells whether a scope is another one, or lies in it.
func (s *Scope) Within(other *Scope) bool {
	for ; s != nil; s = s.Parent {
		if s == other {
			return true
		}
	}
	return false
}

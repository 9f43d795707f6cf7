package pyeval

import (
	"iter"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Watch has seen be told of the value of each expression that is evaluated from
// now on in the look into a finished module that the frame belongs to, and of
// what each name is bound to by an assignment. An expression that is evaluated
// more than once, in a loop for example, is told of as often.
func (f *Frame) Watch(seen func(f *Frame, at ast.Expr, value Value)) { f.ev.watch = seen }

// Exec evaluates a statement of the module once more: it finds the names as they
// are at the module's end. What it binds isn't seen by others.
func (f *Frame) Exec(stmt ast.Stmt) { f.exec(stmt) }

// Names are the names that can be used where the frame is, those of inner scopes
// first, each with what it stands for. Builtins aren't among them.
func (f *Frame) Names() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		told := map[string]bool{}
		for s := f.scope; s != nil; s = s.Parent {
			if s.kind == classScope && s != f.scope {
				continue
			}
			for _, binding := range s.list {
				if told[binding.Name] {
					continue
				}
				value, ok := f.find(s, binding.Name)
				if !ok {
					continue
				}
				told[binding.Name] = true
				if !yield(binding.Name, value) {
					return
				}
			}
		}
	}
}

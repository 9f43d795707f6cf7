package pyeval

import (
	"iter"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Scope has the names of a module, a class body or a function call.
type Scope struct {
	// Module is the module in which the code stands.
	Module *Module
	// Parent is the scope around it; nil of a module.
	Parent *Scope

	kind  scopeKind
	list  []Binding // in the order of first binding
	index map[string]int
	by    *evaluation
	// elsewhere has the names that are declared global or nonlocal.
	elsewhere map[string]*Scope
	// annotations are those of a class body.
	annotations []Annotation
	function    *Function // whose call it is; nil of others
	class       *Class    // whose body it is; nil of others, and until it is made
	qualname    string    // of the class
}

type scopeKind uint8

const (
	moduleScope scopeKind = iota
	classScope
	functionScope
	innerScope // of a comprehension or of type parameters
)

// Binding is a name and what it stands for.
type Binding struct {
	Name string
	// Value may be an *Import, which Frame.Resolve resolves.
	Value Value
	// Span is the statement, or the clause of an import, that bound the name
	// last, and NameSpan the name in it.
	Span, NameSpan ast.Span
	// Maybe: the name may be unbound, as a condition decides over the binding.
	Maybe bool
	// TypeCheckingOnly: it is bound below `if TYPE_CHECKING` only, so that
	// there is no such name when the module runs.
	TypeCheckingOnly bool
	// earlier is what earlier cells of a notebook bound, nil if none did: a function
	// may be called between them.
	earlier Value
}

// smallScope is the number of names up to which no index is kept.
const smallScope = 8

func (s *Scope) slot(name string) int {
	if s.index != nil {
		if i, ok := s.index[name]; ok {
			return i
		}
		return -1
	}
	for i := range s.list {
		if s.list[i].Name == name {
			return i
		}
	}
	return -1
}

// Get is the binding of a name in this scope itself. False if it has none.
func (s *Scope) Get(name string) (Binding, bool) {
	if i := s.slot(name); i >= 0 && s.list[i].Value != nil {
		return s.list[i], true
	}
	return Binding{}, false
}

// All are the bindings in the order in which the names were bound first.
func (s *Scope) All() iter.Seq[Binding] {
	return func(yield func(Binding) bool) {
		for _, binding := range s.list {
			if binding.Value != nil && !yield(binding) {
				return
			}
		}
	}
}

// Annotations are the annotated names of a class body, in order.
func (s *Scope) Annotations() []Annotation { return s.annotations }

// global is the module's scope that the scope lies in.
func (s *Scope) global() *Scope {
	for s.Parent != nil {
		s = s.Parent
	}
	return s
}

// put sets a slot, and keeps what was there in the journal.
func (s *Scope) put(f *Frame, slot int, b Binding) {
	f.ev.journal = append(f.ev.journal, change{s, slot, s.list[slot]})
	s.list[slot] = b
}

// bind binds a name in this scope.
func (s *Scope) bind(f *Frame, b Binding) {
	if s.by != f.ev && (s.by == nil || s.by.done) {
		if f.ev.globals == nil {
			f.ev.globals = map[scopeName]Value{}
		}
		value := b.Value
		if value == nil {
			value = &Unknown{Reason: b.Name + " is deleted"}
		}
		key := scopeName{s, b.Name}
		if was, ok := f.ev.globals[key]; ok && f.Conditional() {
			value = Join(was, value)
		} else if was, ok := s.Get(b.Name); ok && f.Conditional() {
			value = Join(f.Resolve(was.Value), value)
		}
		f.ev.globals[key] = value
		return
	}
	i := s.slot(b.Name)
	if i < 0 {
		if b.Value == nil {
			return
		}
		i = len(s.list)
		s.list = append(s.list, Binding{Name: b.Name})
		if s.index != nil {
			s.index[b.Name] = i
		} else if len(s.list) > smallScope {
			s.index = make(map[string]int, 4*smallScope)
			for i := range s.list {
				s.index[s.list[i].Name] = i
			}
		}
	}
	if was := s.list[i]; s.kind == moduleScope && s.Module.Notebook && was.Value != nil && s.Module.cell(was.Span) != s.Module.cell(b.Span) {
		if b.earlier = was.Value; was.earlier != nil {
			b.earlier = Join(was.earlier, was.Value)
		}
	}
	s.put(f, i, b)
}

// cell is the number of the cell that a statement of a notebook stands in.
func (m *Source) cell(statement ast.Span) int {
	i, found := slices.BinarySearch(m.Cells, statement.Start)
	if !found {
		i--
	}
	return i
}

// seen is the value of a name that a scope has, for code in another one.
func (s *Scope) seen(f *Frame, name string, value Value, within *Scope) Value {
	if i := s.slot(name); s != within && i >= 0 && s.list[i].earlier != nil {
		return Join(f.Resolve(s.list[i].earlier), value)
	}
	return value
}

// Bind binds a name in the frame's scope, as an assignment in the statement
// that is being evaluated would.
func (f *Frame) Bind(name string, value Value, nameSpan ast.Span) {
	scope := f.scope
	if other, ok := scope.elsewhere[name]; ok {
		scope = other
	}
	b := Binding{Name: name, Value: value, NameSpan: nameSpan, TypeCheckingOnly: f.typeChecking}
	if f.stmt != nil {
		b.Span = f.stmt.Span()
	}
	f.bind(scope, b)
}

func (f *Frame) bind(scope *Scope, b Binding) {
	if b.TypeCheckingOnly {
		if was, ok := scope.Get(b.Name); ok && !was.TypeCheckingOnly {
			return
		}
	}
	scope.bind(f, b)
}

// Lookup is what a name stands for where the frame is, with an Unknown that
// says why if it stands for nothing there.
func (f *Frame) Lookup(name string) Value { return f.lookup(f.scope, name, nil) }

// lookup finds a name from a scope on: the scopes of classes around it aren't
// seen, as in Python.
func (f *Frame) lookup(scope *Scope, name string, at ast.Expr) Value {
	typeChecking := false
	for s := scope; s != nil; s = s.Parent {
		if s.kind == classScope && s != scope {
			continue
		}
		if other, ok := s.elsewhere[name]; ok {
			s = other
		}
		if value, ok := f.find(s, name); ok {
			return s.seen(f, name, value, scope)
		}
		if binding, _ := s.Get(name); binding.TypeCheckingOnly {
			typeChecking = true
		}
		if s.kind == functionScope && f.ev.isLocal(s.function, name) {
			return f.fail("UnboundLocalError", "the name "+name+" isn't bound yet where it is used", at)
		}
	}
	if value, ok := builtinNames[name]; ok {
		return value
	}
	if name == "__name__" || name == "__file__" || name == "__doc__" || name == "__package__" {
		return f.moduleAttr(scope.Module, name)
	}
	if given(scope.Module, name) {
		return &Unknown{Reason: "what the name " + name + " stands for is only known when it runs", Expr: at}
	}
	if sub := f.submodule(scope.Module, name); sub != nil {
		return sub
	}
	why := scope.Module.UnknownNames()
	if further := scope.Module.furtherStars; why == "" && len(further) > 0 {
		why = further[0]
	}
	if why == "" {
		why = scope.Module.Further
	}
	if why != "" {
		f.ev.mayRaise = true
		return &Unknown{Reason: "the name " + name + " isn't defined here, and " + why, Expr: at}
	}
	undefined := " isn't defined"
	if typeChecking {
		undefined = " is bound for type checkers only, below `if TYPE_CHECKING`"
	}
	return f.fail("NameError", "the name "+name+undefined, at)
}

// submodule is the module of a package that a name may stand for in the package
// itself, as soon as something imports it; nil if there is none.
func (f *Frame) submodule(m *Module, name string) Value {
	if !m.Package {
		return nil
	}
	sub := f.findModule(m.Source, m.Name+"."+name)
	if sub.why() != "" {
		return nil
	}
	f.ev.mayRaise = true
	return sub
}

// given tells whether Python gives a module the name without a statement of its
// own: when it is loaded, for its annotations, or as one of the builtins that
// module site adds. IPython gives more (core/interactiveshell.py:init_user_ns,
// core/builtin_trap.py).
func given(m *Module, name string) bool {
	switch name {
	case "In", "Out", "_", "__", "___", "_dh", "_i", "_ih", "_ii", "_iii", "_oh", "display", "exit", "get_ipython", "quit":
		return m.Notebook
	case "__path__":
		return m.Package
	case "__annotations__", "__build_class__", "copyright", "credits", "license":
		return true
	}
	return slices.Contains(moduleNames, name)
}

// find is the value of a name that the scope itself has.
func (f *Frame) find(s *Scope, name string) (Value, bool) {
	if f.ev.globals != nil {
		if value, ok := f.ev.globals[scopeName{s, name}]; ok {
			return value, true
		}
	}
	i := s.slot(name)
	if i < 0 {
		return nil, false
	}
	binding := &s.list[i]
	if binding.Value == nil {
		return nil, false
	}
	if binding.TypeCheckingOnly {
		return nil, false
	}
	if binding.Maybe {
		f.ev.mayRaise = true
	}
	if imported, ok := binding.Value.(*Import); ok {
		value := f.Resolve(imported)
		if s.by == f.ev && !f.ev.done && s.list[i].Value == Value(imported) {
			s.list[i].Value = value
		}
		return value, true
	}
	return binding.Value, true
}

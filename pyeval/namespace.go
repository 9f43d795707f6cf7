package pyeval

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// namespace is the dict of the names of a module or of a class body, which
// globals(), vars() and locals() give there: what is set in it is bound.
type namespace struct{ scope *Scope }

// Describe says whose names they are.
func (n *namespace) Describe() string { return "the dict of names of " + n.scope.Module.Name }

// callLocals is locals(), or vars() without an argument. In a function it is a
// copy of its names.
func callLocals(f *Frame, _ *Call) Value {
	n := &namespace{f.scope}
	if f.scope.kind == moduleScope || f.scope.kind == classScope {
		return n
	}
	return n.copy(f)
}

func callVars(f *Frame, c *Call) Value {
	if len(c.Args) == 0 {
		return callLocals(f, c)
	}
	if ref, ok := c.Args[0].Value.(*ModuleRef); ok {
		return f.moduleDict(ref)
	}
	return nil
}

// moduleDict is the __dict__ of a module; nil if the module isn't read from
// source.
func (f *Frame) moduleDict(ref *ModuleRef) Value {
	if ref.Source == nil {
		return nil
	}
	module, _ := f.load(ref.Source)
	if module == nil {
		return nil
	}
	return &namespace{module.Scope}
}

// callDir is dir(), or dir(module).
func callDir(f *Frame, c *Call) Value {
	of := callVars(f, c)
	if of == nil {
		return nil
	}
	names, known := f.Iterate(of)
	names = slices.Clone(names)
	slices.SortFunc(names, func(a, b Value) int {
		order, _ := f.order(a, b)
		return order
	})
	return &List{Elems: names, Open: !known, owned: f.own()}
}

// moduleNames are the names that Python gives a module before its first
// statement (importlib/_bootstrap.py:_init_module_attrs), in order.
var moduleNames = []string{"__name__", "__doc__", "__package__", "__loader__", "__spec__", "__file__", "__cached__", "__builtins__"}

// copy is a dict with what is in the namespace.
func (n *namespace) copy(f *Frame) *Dict {
	dict := &Dict{owned: f.own()}
	if n.scope.kind == moduleScope {
		for _, name := range moduleNames {
			f.setItem(dict, Str(name), f.moduleAttr(n.scope.Module, name))
		}
		dict.Open = n.scope.Module.UnknownNames() != "" || n.annotated()
	}
	for binding := range n.scope.All() {
		if binding.TypeCheckingOnly {
			continue
		}
		if binding.Maybe {
			dict.Open = true
			continue
		}
		if value, ok := f.find(n.scope, binding.Name); ok {
			f.setItem(dict, Str(binding.Name), value)
		}
	}
	return dict
}

// annotated tells whether the module has the name __annotations__, too.
func (n *namespace) annotated() bool {
	module := n.scope.Module.AST
	return module != nil && slices.ContainsFunc(module.Body, func(stmt ast.Stmt) bool {
		_, is := stmt.(*ast.AnnAssign)
		return is
	})
}

// Index is the value of a name.
func (n *namespace) Index(f *Frame, index Value) Value {
	name, ok := text(index)
	if !ok {
		return nil
	}
	if value, ok := f.find(n.scope, name); ok {
		return value
	}
	if n.scope.kind == moduleScope && slices.Contains(moduleNames, name) {
		return f.moduleAttr(n.scope.Module, name)
	}
	if n.scope.Module.UnknownNames() != "" {
		return nil
	}
	return f.fail("KeyError", "the name "+name+" isn't defined", nil)
}

// SetIndex binds a name.
func (n *namespace) SetIndex(f *Frame, index, to Value) {
	if several, ok := index.(*Uncertain); ok {
		f.eitherPart(len(several.Values), func(i int) { n.SetIndex(f, several.Values[i], to) })
		return
	}
	name, ok := text(index)
	if !ok {
		n.open(f)
		return
	}
	b := Binding{Name: name, Value: to}
	if f.stmt != nil {
		b.Span = f.stmt.Span()
	}
	f.bind(n.scope, b)
}

// open says that names are bound which the source doesn't tell.
func (n *namespace) open(f *Frame) {
	if module := n.scope.Module; n.scope.by == f.ev && !f.ev.done {
		module.opaqueStars = append(module.opaqueStars, "names are set in "+n.Describe()+" that the source doesn't tell")
	}
}

// Iterate are the names.
func (n *namespace) Iterate(f *Frame) ([]Value, bool) { return f.unordered(n.copy(f)) }

// Truth is true: a module has names from its start.
func (n *namespace) Truth(f *Frame) (truth, known bool) { return constTruth(n.copy(f)) }

// Attr is a method of a dict.
func (n *namespace) Attr(f *Frame, name string) Value {
	switch name {
	case "update", "setdefault", "pop", "__setitem__":
		return &boundMethod{"namespace." + name, n}
	}
	return f.attr(n.copy(f), name, nil)
}

// namespaceMethods are the methods of the dict that bind or unbind names.
var namespaceMethods = map[string]func(f *Frame, self Value, c *Call) Value{
	"namespace.update": func(f *Frame, self Value, c *Call) Value {
		n, from := self.(*namespace), callDict(f, c).(*Dict)
		for _, item := range from.Items {
			n.SetIndex(f, item.Key, item.Value)
		}
		if from.Open {
			n.open(f)
		}
		return None{}
	},
	"namespace.setdefault": func(f *Frame, self Value, c *Call) Value {
		n, key := self.(*namespace), c.Value(0, "", None{})
		value, found, known := f.item(n.copy(f), key)
		switch {
		case found:
			return value
		case !known:
			n.open(f)
			return nil
		}
		value = c.Value(1, "", None{})
		n.SetIndex(f, key, value)
		return value
	},
	"namespace.pop": func(f *Frame, self Value, c *Call) Value {
		n, key := self.(*namespace), c.Value(0, "", None{})
		value, found, known := f.item(n.copy(f), key)
		switch {
		case found:
			f.deleteIndex(n, key)
			return value
		case known && len(c.Args) > 1:
			return c.Args[1].Value
		case known:
			return f.fail("KeyError", "the name isn't defined", c.at())
		}
		return nil
	},
	"namespace.__setitem__": func(f *Frame, self Value, c *Call) Value {
		if len(c.Args) == 2 {
			self.(*namespace).SetIndex(f, c.Args[0].Value, c.Args[1].Value)
		}
		return None{}
	},
}

// remove unbinds a name.
func (n *namespace) remove(f *Frame, index Value) {
	if several, ok := index.(*Uncertain); ok {
		f.eitherPart(len(several.Values), func(i int) { n.remove(f, several.Values[i]) })
		return
	}
	name, ok := text(index)
	if !ok {
		f.ev.mayRaise = true
		n.open(f)
		return
	}
	if _, ok := n.scope.Get(name); !ok {
		f.fail("KeyError", "the name "+name+" isn't defined", nil)
		return
	}
	n.scope.bind(f, Binding{Name: name})
}

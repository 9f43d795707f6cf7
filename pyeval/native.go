package pyeval

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

// Behaviour is what a native does. All parts are optional.
type Behaviour struct {
	// Value is what the name stands for, where it isn't an object of its own:
	// flytekit.types.file.PDFFile is FlyteFile["pdf"]. The rest is empty then.
	Value Value
	// Call is what calling it gives, as a function or as a class. Without, an
	// Instance of it, if it is a Class, else Unknown.
	Call func(*Frame, *Call) Value
	// Attr is its attribute of that name, nil if it doesn't know; the Native
	// "name.attr" then.
	Attr func(f *Frame, name string) Value
	// Index is what `native[index]` gives; an Alias without.
	Index func(f *Frame, index Value) Value
	// Init is its `__init__`: it is told of objects of the class, and of those
	// of classes that source derives from it, when they are made or when their
	// own __init__ calls super().__init__. Call.Func is the class it belongs to.
	Init func(f *Frame, self *Instance, c *Call)
	// Apply is what calling an object of the class gives, and Member what an
	// attribute of an object is that wasn't set (nil: it doesn't know).
	Apply  func(f *Frame, self *Instance, c *Call) Value
	Member func(f *Frame, self *Instance, name string) Value
	// Annotated: its __init__ sets what a class that derives from it annotates,
	// whatever the class says that it is; Member tells what an object holds.
	Annotated bool
	// Class: it is a class.
	Class bool
	// Bases are the canonical names of a class's bases, where they matter.
	Bases []string
}

// Natives are the behaviours by canonical name.
type Natives map[string]Behaviour

// Caller is a value that can be called.
type Caller interface {
	Call(*Frame, *Call) Value
}

// Attributer is a value that has attributes of its own.
type Attributer interface {
	Attr(f *Frame, name string) Value
}

// AttrSetter is a value whose attributes can be set.
type AttrSetter interface {
	SetAttr(f *Frame, name string, value Value)
}

// Indexer is a value that can be subscripted.
type Indexer interface {
	Index(f *Frame, index Value) Value
}

// Operator is a value that gives operators a meaning of its own: `a op b`,
// with reversed where the value is b. Nil: it has none.
type Operator interface {
	Operate(f *Frame, op string, other Value, reversed bool, at ast.Expr) Value
}

// Iterable is a value that can be iterated over: its elements, false where they
// aren't known.
type Iterable interface {
	Iterate(f *Frame) ([]Value, bool)
}

// Instancer is a value that says itself of which classes it is an object; known
// is false where that isn't known.
type Instancer interface {
	IsInstance(class Value) (is, known bool)
}

// Truther is a value that says itself whether it is true; known is false where
// that isn't known.
type Truther interface {
	Truth(f *Frame) (truth, known bool)
}

// Watcher is a Frame.Context that is told of calls of which the source doesn't
// tell what they do.
type Watcher interface {
	UnknownCall(f *Frame, c *Call)
	// OutOfOrder runs what evaluates the elements of an iterator all at once,
	// though Python evaluates one whenever it is asked for, and what takes them
	// in between.
	OutOfOrder(f *Frame, run func())
}

// Call is one call while it is evaluated.
type Call struct {
	Func Value
	// Args are the positional arguments; what `*x` unpacks is among them,
	// where it is known.
	Args []Named
	// Keywords are the keyword arguments, with those that `**x` unpacks, where
	// they are known.
	Keywords []Named
	// Open: `*x` or `**x` give arguments that aren't known.
	Open bool
	// Expr is the call; nil where there is none in the source, e.g. a
	// decorator without parentheses (Decorator is then that expression).
	Expr *ast.Call
	// Decorator is the decorator expression, where the call is the application
	// of a decorator.
	Decorator ast.Expr
	// Decorated is the function as its `def` made it, where the call is the
	// application of a decorator: Args[0] is then what the decorators below
	// made of it.
	Decorated *Function
}

// Arg is the argument for a parameter that may be given at a position, from 0
// (-1: by keyword only), or by name. False if it isn't given.
func (c *Call) Arg(position int, name string) (Named, bool) {
	if position >= 0 && position < len(c.Args) {
		return c.Args[position], true
	}
	for _, keyword := range c.Keywords {
		if keyword.Name == name {
			return keyword, true
		}
	}
	return Named{}, false
}

// Value is the value of Arg, or otherwise, where it isn't given.
func (c *Call) Value(position int, name string, otherwise Value) Value {
	if arg, ok := c.Arg(position, name); ok {
		return arg.Value
	}
	return otherwise
}

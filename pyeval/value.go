// Package pyeval tells what the names of a Python module stand for, as far as
// its source and the sources that it imports tell, without running anything:
// it goes through the statements as Python would, with values that may be
// unknown. It knows Python, its builtins, typing, dataclasses, enum and
// functools; what other libraries' functions give is told by natives, which
// the packages above register.
package pyeval

import (
	"math/big"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Value is what is known of a Python object. Packages above add their own
// (entities, promises); a value that can be called, has attributes or takes
// part in operators implements Caller, Attributer, Indexer, Operator.
//
// A value that a finished module holds is never changed again.
type Value interface {
	// Describe says what the value is, for messages and reasons: "an int",
	// "the class Rating", "task fetch".
	Describe() string
}

// The constants.
type (
	// None is None.
	None struct{}
	// Bool is True or False.
	Bool bool
	// Int is an integer, of any size.
	Int struct{ *big.Int }
	// Float is a float.
	Float float64
	// Str is a string.
	Str string
	// Bytes are bytes.
	Bytes string
	// Ellipsis is `...`.
	Ellipsis struct{}
)

// Unknown is an object of which the source tells nothing more. It is taken not
// to be an object that another name is known to stand for: a change of it
// changes nothing that is known.
type Unknown struct {
	// Reason says why, in words for the user, e.g. "torch isn't installed" or
	// "the result of load_config() is only known when it runs".
	Reason string
	// Expr is the expression that isn't known; nil if there is none.
	Expr ast.Expr
}

// Uncertain is one of several objects, and the source doesn't tell which: they
// come from different branches. It has at least two, none of them Uncertain.
type Uncertain struct{ Values []Value }

// The containers. They are pointers: two names may stand for the same one.
type (
	// List is a list. Open: it has further elements that aren't known.
	// Elems are then those that are certain to be its first.
	List struct {
		Elems []Value
		Open  bool
		owned
	}
	// Tuple is a tuple.
	Tuple struct{ Elems []Value }
	// Set is a set or, with Frozen, a frozenset, in the order it was written.
	Set struct {
		Elems  []Value
		Frozen bool
		Open   bool
		index  map[Value]int // as in a Dict
		odd    bool
		owned
	}
	// Dict is a dict in the order of its insertion. Open: it has further
	// entries that aren't known; the items are certain.
	Dict struct {
		Items []Item
		Open  bool
		// Factory makes what is missing (collections.defaultdict); nil of others.
		Factory Value
		index   map[Value]int // of constant keys, once there are many
		odd     bool          // there are other keys
		owned
	}
	// Item is an entry of a Dict.
	Item struct{ Key, Value Value }
)

// Native is an object that isn't read from source: of Python's own modules, of
// flytekit, of a library that the packages above know, or of a module that
// can't be found. Name is its canonical full name: of flytekit's objects the
// module that defines it, `flytekit.core.task.task`; of others the public one,
// `pandas.DataFrame`.
type Native struct {
	Name string
	// Missing says why its module couldn't be found, "" if it could, or if it
	// is one that natives describe.
	Missing string
}

// ModuleRef is a module that was imported: reading an attribute of it reads
// the module, or its submodule.
type ModuleRef struct {
	Name string
	// Source is the module's source; nil of a native and of a namespace package.
	Source  *Source
	native  bool
	missing string // why there is no such module
	// absent says why the module can't be found that Source stands in for.
	absent string
	from   *Source // the module that imported it
}

// Import is what an import statement binds a name to. Scopes hold it until the
// name's value is asked for: Frame.Resolve gives it.
type Import struct {
	// Module is the absolute name of the module, Name the attribute of it;
	// "" where the name stands for the module.
	Module, Name string
	from         *Source
}

// Class is a class that source defines.
type Class struct {
	Name, Qualname string
	Module         *Module
	Def            *ast.ClassDef
	// Bases are the values of the base classes, Keywords those of the class
	// statement (metaclass=..., total=False).
	Bases    []Value
	Keywords map[string]Value
	// Decorators are the values of the decorators, from the first written.
	Decorators []Value
	// Scope has the names that the body binds. Fields that are only annotated
	// are in Annotations alone.
	Scope *Scope
	// Annotations are the annotated names of the body in order.
	Annotations []Annotation
	// TypeParams are the type parameters of `class C[T]`, in order.
	TypeParams []Value

	mro  []Value
	enum bool // it derives from enum.Enum
	owned
}

// Annotation is an annotated name of a class body, or a parameter.
type Annotation struct {
	Name string
	// Expr is the annotation, nil where it isn't written as one.
	// Frame.FieldType evaluates it.
	Expr ast.Expr
	// Type is the type of a field that a call declares, as in
	// NamedTuple("X", [("x", int)]); nil of others.
	Type Value
	// Default is the assigned value, nil if there is none.
	Default     Value
	DefaultExpr ast.Expr
	// In is the scope that the annotation's names are looked up in.
	In *Scope
}

// Function is a function that source defines, or a lambda.
type Function struct {
	Name, Qualname string
	// Module is the one that __module__ names: the one that defines it, or, of
	// a wrapper, the wrapped function's.
	Module *Module
	Def    *ast.FunctionDef // nil of a lambda
	Lambda *ast.Lambda      // nil of a def
	// Decorators are the values of the decorators, from the first written.
	Decorators []Value
	// In is the scope that the function was defined in.
	In *Scope
	// Defaults are the values of the parameters' defaults by name.
	Defaults map[string]Value
	// Wraps is the function whose name, docstring and signature this one took
	// over (functools.wraps, functools.update_wrapper); nil if there is none.
	Wraps Value
	// Bound is the object of a bound method; nil of a plain function.
	Bound Value
	// Binds says how a method is bound: "staticmethod", "classmethod",
	// "property" or "".
	Binds string
	// Attrs are attributes that were set on the function.
	Attrs map[string]Value
	owned
}

// Partial is functools.partial(Func, *Args, **Keywords).
type Partial struct {
	Func     Value
	Args     []Value
	Keywords []Named
}

// Named is a value with a name.
type Named struct {
	Name  string
	Value Value
	Expr  ast.Expr // where it was written; nil if nowhere
}

// Instance is an object of a class: Class is a *Class, or a *Native.
type Instance struct {
	Class Value
	// Args and Keywords are what it was made with.
	Args     []Value
	Keywords []Named
	// Open: there were further arguments that aren't known.
	Open bool
	// Attrs are the attributes that were set, by its __init__ too.
	Attrs map[string]Value
	Call  *ast.Call // that made it
	// Extra is what natives keep with the object (Behaviour.Init).
	Extra any
	owned
}

// The types, as annotations write them.
type (
	// Alias is `Origin[Args]`: List[int], Annotated[int, "x"], Box[str],
	// FlyteFile["csv"]. Origin of `List` and of `list` is the Native
	// "builtins.list", and so for all that typing repeats, but Args are kept as
	// written. Spelled has the Native that was written ("typing.List").
	Alias struct {
		Origin  Value
		Args    []Value
		Spelled Value
	}
	// Union is Optional[X], Union[X, Y] or X | Y, flattened and without
	// doubles, in order, with None as the Value None{}.
	Union struct {
		Args []Value
		// Pipe: it was written `X | Y` (types.UnionType).
		Pipe bool
	}
	// NewType is NewType(Name, Of).
	NewType struct {
		Name string
		Of   Value
		// Module is the one in which it is made.
		Module *Module
	}
	// TypeVar is a type variable, also one of PEP 695.
	TypeVar struct {
		Name        string
		Bound       Value // nil if there is none
		Constraints []Value
		// Kind is "TypeVar", "ParamSpec" or "TypeVarTuple".
		Kind string
	}
	// TypeAliasValue is `type Name = ...` (typing.TypeAliasType). Of may hold
	// the alias itself.
	TypeAliasValue struct {
		Name string
		// Params are the type parameters of `type Name[T] = ...`.
		Params []Value
		Of     Value
	}
	// ForwardRef is a quoted type within another, that isn't looked up yet:
	// Frame.Annotation does it.
	ForwardRef struct {
		Text string
		// Reason says why it isn't known as long as it isn't looked up.
		Reason string
		at     *ast.Constant
	}
	// NamedTuple is a class of NamedTuple("X", ...) or of
	// collections.namedtuple, whose fields have no types. (A class that derives
	// from NamedTuple is a *Class.)
	NamedTuple struct {
		Name   string
		Fields []Annotation
		// Types are the values of the fields' types, nil where there is none.
		Types []Value
		// Module is the one in which it is made.
		Module *Module
	}
	// EnumMember is a member of an enum class.
	EnumMember struct {
		Class *Class
		Name  string
		Value Value
	}
)

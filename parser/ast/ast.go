// Package ast has the syntax tree of a Python module, as Python's own module
// ast describes one: what a statement or an expression is, without the tokens
// it is written with. Nodes are immutable once the tree is built, and hold no
// memory outside of Go.
package ast

// Span is a half-open range of byte offsets in the module's text.
type Span struct{ Start, End int }

// Contains tells whether the offset lies in the span or at its end, as a
// cursor behind a word still stands at the word.
func (s Span) Contains(offset int) bool { return s.Start <= offset && offset <= s.End }

// Shift is the span, moved by a distance.
func (s Span) Shift(by int) Span { return Span{Start: s.Start + by, End: s.End + by} }

// Range is the place of a node. It is embedded in each.
type Range struct{ Start, End int }

// Span is where the node stands in the text.
func (r Range) Span() Span { return Span(r) }

// Module is a Python module.
type Module struct {
	// Doc is the module's docstring without its indentation.
	Doc  string
	Body []Stmt
	// Fingerprint is the same for two texts of the module if other modules see
	// the same in both: comments, layout, offsets and the bodies of functions
	// with a decorator of flytekit's don't count, the bodies of others do. It
	// is the same in each process.
	Fingerprint uint64
}

// Node is a statement or an expression.
type Node interface{ Span() Span }

// Stmt is a statement.
type Stmt interface {
	Node
	stmt()
}

// Expr is an expression.
type Expr interface {
	Node
	expr()
}

// The statements. A block that is missing or empty, because it isn't typed
// yet, is nil.
type (
	// FunctionDef is a function, with its decorators from the first written.
	FunctionDef struct {
		Range             // from the first decorator to the end of the body
		Name       *Name  // never nil; its ID may be "", where it isn't typed yet
		Decorators []Expr // without the @; an element's span starts behind it
		TypeParams []TypeParam
		Params     Params
		Returns    Expr   // nil if there is none
		Doc        string // the docstring, dedented
		Async      bool
		DefStart   int // offset of `def` or `async`
		// Broken: something in its first line couldn't be read, a parameter
		// may be missing.
		Broken bool
		body   body
	}
	// ClassDef is a class, with its decorators from the first written.
	ClassDef struct {
		Range
		Name       *Name
		Decorators []Expr
		TypeParams []TypeParam
		Bases      []Expr // *Starred among them
		Keywords   []Keyword
		Body       []Stmt
		Doc        string
		DefStart   int // offset of `class`
	}
	// Return is `return value`; Value may be nil.
	Return struct {
		Range
		Value Expr
	}
	// Delete is `del targets`.
	Delete struct {
		Range
		Targets []Expr
	}
	// Assign is `a = b = value`, with Targets from the left.
	Assign struct {
		Range
		Targets []Expr
		Value   Expr
	}
	// AnnAssign is `target: annotation = value`; Value may be nil.
	AnnAssign struct {
		Range
		Target, Annotation, Value Expr
	}
	// AugAssign is `target op= value`; Op is without the `=`.
	AugAssign struct {
		Range
		Target Expr
		Op     string
		Value  Expr
	}
	// TypeAlias is `type Name[params] = value`.
	TypeAlias struct {
		Range
		Name       *Name
		TypeParams []TypeParam
		Value      Expr
	}
	// For is a for loop.
	For struct {
		Range
		Target, Iter Expr
		Body, Else   []Stmt
		Async        bool
	}
	// While is a while loop.
	While struct {
		Range
		Test       Expr
		Body, Else []Stmt
	}
	// If is one `if` with what follows: an elif is an If in Else.
	If struct {
		Range
		Test       Expr
		Body, Else []Stmt
	}
	// With is a with statement.
	With struct {
		Range
		Items []WithItem
		Body  []Stmt
		Async bool
	}
	// Match is a match statement: the first case that matches is run.
	Match struct {
		Range
		Subject Expr
		Cases   []MatchCase
	}
	// Raise is `raise exception from cause`; both may be nil.
	Raise struct {
		Range
		Exc, Cause Expr
	}
	// Try is a try statement.
	Try struct {
		Range
		Body     []Stmt
		Handlers []ExceptHandler
		Else     []Stmt
		Finally  []Stmt
	}
	// Assert is `assert test, msg`; Msg may be nil.
	Assert struct {
		Range
		Test, Msg Expr
	}
	// Import is `import a.b as c, d`.
	Import struct {
		Range
		Names []Alias
	}
	// ImportFrom is `from ..module import a as b` or `from m import *`, then
	// with one Alias of the name "*".
	ImportFrom struct {
		Range
		Module     string // "" in `from . import a`
		ModuleSpan Span
		Level      int // leading dots
		Names      []Alias
	}
	// Global is `global names` or `nonlocal names`.
	Global struct {
		Range
		Names    []string
		Nonlocal bool
	}
	// ExprStmt is an expression that stands alone.
	ExprStmt struct {
		Range
		Value Expr
	}
	// Pass is `pass`, Break `break`, Continue `continue`.
	Pass struct{ Range }
	// Break leaves a loop.
	Break struct{ Range }
	// Continue goes on with a loop's next element.
	Continue struct{ Range }
	// BadStmt is text that can't be understood as a statement.
	BadStmt struct{ Range }
)

// The expressions.
type (
	// Name is an identifier.
	Name struct {
		Range
		ID string
	}
	// Constant is a literal: None, True, False, a number, a string or bytes,
	// an ellipsis. See Constant.Kind.
	Constant struct {
		Range
		Kind ConstantKind
		// Text is the value of a string or of bytes, escapes resolved and
		// adjacent literals joined, and the text of a number as written.
		Text string
		// Inner is the expression in the only piece of a string literal that
		// is written as it reads, with offsets of the module: a quoted
		// annotation. It is parsed by need: see Unquote.
		Inner Span
	}
	// JoinedStr is an f-string: Values are its text parts as *Constant and the
	// expressions between, those with a conversion or a format as
	// *FormattedValue.
	JoinedStr struct {
		Range
		Values []Expr
	}
	// FormattedValue is `{value!r:spec}` in an f-string. Conversion is 'r', 's'
	// or 'a', 0 if there is none; Spec may be nil.
	FormattedValue struct {
		Range
		Value      Expr
		Conversion byte
		Spec       *JoinedStr
	}
	// List is `[a, b]`, Tuple `a, b` or `(a, b)`, Set `{a, b}`.
	List struct {
		Range
		Elts []Expr
	}
	// Tuple is `a, b`, in parentheses or not.
	Tuple struct {
		Range
		Elts []Expr
	}
	// Set is `{a, b}`.
	Set struct {
		Range
		Elts []Expr
	}
	// Dict is `{k: v, **d}`; a nil key stands before what is unpacked.
	Dict struct {
		Range
		Keys, Values []Expr
	}
	// Call is `func(args, keywords)`.
	Call struct {
		Range
		Func Expr
		// Args are the positional arguments, *Starred among them.
		Args []Expr
		// Keywords has an empty Arg where `**value` stands.
		Keywords []Keyword
	}
	// Attribute is `value.Attr`; Attr may be "", where it isn't typed yet.
	Attribute struct {
		Range
		Value    Expr
		Attr     string
		AttrSpan Span
	}
	// Subscript is `value[index]`; more than one index is a *Tuple.
	Subscript struct {
		Range
		Value, Index Expr
	}
	// Slice is `lower:upper:step` in a subscript; each may be nil.
	Slice struct {
		Range
		Lower, Upper, Step Expr
	}
	// Starred is `*value`.
	Starred struct {
		Range
		Value Expr
	}
	// BinOp is `left op right`, with Op as written: `+`, `//`, `|`, `>>`.
	BinOp struct {
		Range
		Left   Expr
		Op     string
		OpSpan Span
		Right  Expr
	}
	// UnaryOp is `not x`, `-x`, `+x`, `~x`.
	UnaryOp struct {
		Range
		Op      string
		Operand Expr
	}
	// BoolOp is `a and b and c`; Op is "and" or "or".
	BoolOp struct {
		Range
		Op     string
		Values []Expr
	}
	// Compare is `left op a op b`: Ops and Comparators have the same length.
	// Ops are as written, with one space in `not in` and `is not`.
	Compare struct {
		Range
		Left        Expr
		Ops         []string
		Comparators []Expr
	}
	// IfExp is `body if test else orelse`.
	IfExp struct {
		Range
		Test, Body, Orelse Expr
	}
	// Lambda is `lambda params: body`.
	Lambda struct {
		Range
		Params Params
		Body   Expr
	}
	// Comprehension is a list, set or dict comprehension or a generator.
	Comprehension struct {
		Range
		Kind       ComprehensionKind
		Key        Expr // of a dict, else nil
		Elt        Expr
		Generators []Generator
	}
	// NamedExpr is `name := value`.
	NamedExpr struct {
		Range
		Target *Name
		Value  Expr
	}
	// Await is `await value`, Yield `yield value` or `yield from value`.
	Await struct {
		Range
		Value Expr
	}
	// Yield is `yield value` or, with From, `yield from value`; Value may be nil.
	Yield struct {
		Range
		Value Expr
		From  bool
	}
	// BadExpr is text that can't be understood as an expression, or an
	// expression that is missing (an empty span).
	BadExpr struct{ Range }
)

// ConstantKind says what a Constant is.
type ConstantKind uint8

// The kinds of constants.
const (
	NoneConst ConstantKind = iota
	TrueConst
	FalseConst
	IntConst
	FloatConst
	ImaginaryConst
	StringConst
	BytesConst
	EllipsisConst
)

// ComprehensionKind says what a Comprehension makes.
type ComprehensionKind uint8

// The kinds of comprehensions.
const (
	ListComp ComprehensionKind = iota
	SetComp
	DictComp
	GeneratorExp
)

// Params are the parameters of a function, in order.
type Params struct {
	List []Param
}

// ParamKind says how an argument reaches a parameter.
type ParamKind uint8

// The kinds of parameters, as Python's inspect.Parameter has them.
const (
	PositionalOrKeyword ParamKind = iota
	PositionalOnly
	VarPositional
	KeywordOnly
	VarKeyword
)

// Param is one parameter. Annotation and Default may be nil.
type Param struct {
	Range
	Name       *Name
	Kind       ParamKind
	Annotation Expr
	Default    Expr
}

// TypeParam is one of `[T: bound = default, *Ts, **P]`.
type TypeParam struct {
	Range
	Name  *Name
	Bound Expr // nil if there is none
}

// Keyword is `arg=value` of a call; Arg is "" where `**value` stands.
type Keyword struct {
	Range
	Arg     string
	ArgSpan Span
	Value   Expr
}

// Alias is `name as asname` of an import; AsName is "" if it isn't renamed.
type Alias struct {
	Range
	Name, AsName         string
	NameSpan, AsNameSpan Span
}

// WithItem is `expr as target`; Target may be nil.
type WithItem struct {
	Context, Target Expr
}

// MatchCase is one case of a match statement.
type MatchCase struct {
	Pattern *Pattern
	Binds   []*Name // the names that its pattern binds
	Guard   Expr    // nil if there is none
	Body    []Stmt
}

// Pattern is a pattern of a case, or a part of one.
type Pattern struct {
	Kind PatternKind
	// Value is what a ValuePattern compares with, the class of a ClassPattern;
	// nil of others.
	Value Expr
	// Name is what an AnyPattern, a StarPattern or the `**name` of a
	// MappingPattern binds; nil of `_`.
	Name *Name
	// Parts are the patterns in it: the alternatives, the elements, the values
	// of Keys, the arguments of a class; of `pattern as name` the pattern.
	Parts []*Pattern
	// Keys are the keys of a MappingPattern.
	Keys []Expr
	// Keywords are the attributes that the last of a ClassPattern's Parts are
	// matched with.
	Keywords []string
}

// PatternKind says what a pattern matches.
type PatternKind uint8

// The kinds of patterns.
const (
	OtherPattern    PatternKind = iota // it isn't understood
	AnyPattern                         // `_`, `name`, `pattern as name`
	ValuePattern                       // `1`, `None`, `Color.RED`
	OrPattern                          // `a | b`
	SequencePattern                    // `[a, *b]`
	StarPattern                        // `*name` in a sequence
	MappingPattern                     // `{"key": value, **rest}`
	ClassPattern                       // `Point(x, y=0)`
)

// ExceptHandler is `except type as name: body`.
type ExceptHandler struct {
	Range
	Type Expr // nil if all are caught
	Name *Name
	Body []Stmt
}

// Generator is `for target in iter if a if b` of a comprehension.
type Generator struct {
	Target, Iter Expr
	Ifs          []Expr
	Async        bool
}

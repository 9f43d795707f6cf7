package pyeval

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

// Frame is where an evaluation stands: in a module, a class body or a call of
// a function.
type Frame struct {
	// Context is what natives keep for the calls below, e.g. the workflow whose
	// body is evaluated. A call inherits it from the frame that it is made in.
	Context any

	ev       *evaluation
	module   *Module
	scope    *Scope
	function *Function // nil outside of functions
	stmt     ast.Stmt
	// typeChecking: the statements stand below `if TYPE_CHECKING`.
	typeChecking bool

	// pending are the ways out that may have been taken, with the marks at
	// which they are joined: the function's start, the loop's, the turn's.
	pending                       []pending
	startMark, loopMark, turnMark int
	caught                        Value // the exception that a handler handles
	// generator: the function has come to a yield.
	generator bool
}

// Module is the module in which the code stands that is evaluated.
func (f *Frame) Module() *Module { return f.module }

// Importing is the module that is being imported, or looked into: the one whose
// statement is evaluated, maybe through calls of other modules' functions. It is
// the one that flytekit's tracker says an object was made in.
func (f *Frame) Importing() *Module { return f.ev.module }

// Program is the program that evaluates.
func (f *Frame) Program() *Program { return f.ev.session.program }

// Scope is the scope in which names are looked up.
func (f *Frame) Scope() *Scope { return f.scope }

// Function is the function whose body is evaluated; nil outside of functions.
func (f *Frame) Function() *Function { return f.function }

// Statement is the statement that is evaluated; nil if there is none.
func (f *Frame) Statement() ast.Stmt { return f.stmt }

// ModuleStatement is the statement of the module being imported, or of a class
// in it, that is evaluated, the innermost of those that stand in each other;
// nil if a finished module is looked into.
func (f *Frame) ModuleStatement() ast.Stmt { return f.ev.topStmt }

// InModule tells whether the frame is that of the module's own statements, as
// opposed to that of a class body or a function.
func (f *Frame) InModule() bool { return f.scope.kind == moduleScope }

// Record keeps what a native made, an entity for example, for Module.Made of the
// module that is being imported. Where a finished module is looked into, Made
// gives it. Below `if TYPE_CHECKING` nothing is made.
func (f *Frame) Record(made any) {
	if !f.typeChecking {
		f.ev.made = append(f.ev.made, made)
	}
}

// Unfinished tells whether the module of Importing isn't finished: its own
// objects may still change.
func (f *Frame) Unfinished() bool { return !f.ev.done && f.ev.module.Scope.by == f.ev }

// Made is what natives recorded so far.
func (f *Frame) Made() []any { return f.ev.made }

// Uses are the modules that were looked into so far, as Module.Uses has them.
func (f *Frame) Uses() []Use {
	uses := make([]Use, 0, len(f.ev.uses))
	for use := range f.ev.uses {
		uses = append(uses, use)
	}
	return uses
}

// MayRaise says that what is evaluated isn't known not to raise an exception.
func (f *Frame) MayRaise() { f.ev.mayRaise = true }

// fail is an Unknown where Python raises an exception. Within a try statement,
// its handlers get it.
func (f *Frame) fail(exception, reason string, at ast.Expr) Value {
	f.raised(exception, reason, at)
	if f.ev.tries > 0 && f.ev.raised == nil {
		f.ev.raised = &Instance{Class: &Native{Name: "builtins." + exception}, Args: []Value{Str(reason)}, owned: f.own()}
	}
	return &Unknown{Reason: reason, Expr: at}
}

// step counts an expression. False: the statement has to be given up.
func (f *Frame) step() bool {
	f.ev.steps--
	return f.ev.steps > 0
}

// descend begins to look into what is in a value, and counts it as an
// expression: containers may hold themselves. False: it is too deep. ascend
// ends it.
func (f *Frame) descend() bool {
	s := f.ev.session
	s.nesting += 10
	if f.step() && s.nesting <= maxNesting {
		return true
	}
	s.nesting -= 10
	return false
}

func (f *Frame) ascend() { f.ev.session.nesting -= 10 }

func gaveUp(at ast.Expr) Value {
	return &Unknown{Reason: "it takes too long to evaluate", Expr: at}
}

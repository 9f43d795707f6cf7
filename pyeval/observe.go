package pyeval

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

// Observer is told of what happens while modules are evaluated. It may keep
// what it is told with Frame.Note.
type Observer interface {
	// Called is told of a call of a native and of what it gives, behind the
	// calls of its arguments.
	Called(f *Frame, native *Native, c *Call, gives Value)
	// Returned is told of what a return statement gives.
	Returned(f *Frame, s *ast.Return, value Value)
	// Raised is told of an exception that Python raises at an expression (nil
	// where it isn't one), by the name of its class.
	Raised(f *Frame, exception, reason string, at ast.Expr)
}

// Note keeps what an Observer wants to know later of the module that is being
// imported, for Module.Noted. Below `if TYPE_CHECKING` nothing is noted.
func (f *Frame) Note(noted any) {
	if f.ev.typeChecking == 0 {
		f.ev.noted = append(f.ev.noted, noted)
	}
}

// Guarded tells that a try or a with statement around may catch an exception of
// what is evaluated now, or that it stands below `if TYPE_CHECKING`, which never
// runs.
func (f *Frame) Guarded() bool { return f.ev.tries > 0 || f.ev.withs > 0 || f.ev.typeChecking > 0 }

func (f *Frame) returned(s *ast.Return, value Value) {
	if observer := f.ev.session.program.options.Observer; observer != nil {
		observer.Returned(f, s, value)
	}
}

func (f *Frame) called(native *Native, c *Call, gives Value) {
	if observer := f.ev.session.program.options.Observer; observer != nil {
		observer.Called(f, native, c, gives)
	}
}

func (f *Frame) raised(exception, reason string, at ast.Expr) {
	if observer := f.ev.session.program.options.Observer; observer != nil {
		observer.Raised(f, exception, reason, at)
	}
}

package pyeval

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

// Party is a value that is told of what is done with it where it has no say in
// what that gives.
type Party interface {
	Used(f *Frame, use Usage)
}

// Usage is something that is done with a value.
type Usage struct {
	// How is the name of the function or of the builtin type's method that is
	// given the value, "builtins.len" or "str.join", one of the constants, or an
	// operator that has no meaning for it on its left.
	How string
	// At is the value's expression; nil where that isn't known. Of a comparison
	// by identity it is the comparison.
	At ast.Expr
	// Within: the function is given a list or another container that has the
	// value as an element. Call is the call.
	Within bool
	Call   *Call
}

// What is done with a value without a call.
const (
	AsIdentity  = "is"      // it is compared by `is`, or by the pattern None, True or False
	AsElement   = "in"      // it is looked for among values that are compared
	AsText      = "text"    // its text is taken
	AsFormatted = "format"  // it is formatted with more than its text
	AsIndex     = "index"   // it is an index of a sequence, or a key that is looked for
	AsMapping   = "mapping" // it is unpacked by **
)

// Asked is the expression of the value that is asked for its truth, its elements,
// an attribute or a part; nil where a native asks, or where it isn't known.
func (f *Frame) Asked() ast.Expr { return f.ev.asked }

// asking says whose value is asked, and whose was.
func (f *Frame) asking(at ast.Expr) (was ast.Expr) {
	was, f.ev.asked = f.ev.asked, at
	return was
}

// unasked says that what is asked for may not be asked at all, until end is
// called: the value is one of several.
func (f *Frame) unasked() (end func()) {
	was := f.asking(nil)
	return func() { f.ev.asked = was }
}

// IsSlice tells whether an index is `lower:upper:step`.
func IsSlice(index Value) bool {
	_, is := index.(*slice)
	return is
}

// truthOf is the truth of an expression's value, and that.
func (f *Frame) truthOf(expr ast.Expr) (truth, known bool, value Value) {
	value = f.Eval(expr)
	truth, known = f.truthAt(value, expr)
	return truth, known, value
}

// truthAt is the truth of a value that stands at an expression.
func (f *Frame) truthAt(value Value, at ast.Expr) (truth, known bool) {
	was := f.asking(at)
	truth, known = f.Truth(value)
	f.ev.asked = was
	return truth, known
}

// iterateAt is Iterate of a value that stands at an expression.
func (f *Frame) iterateAt(value Value, at ast.Expr) (values []Value, known bool) {
	was := f.asking(at)
	values, known = f.Iterate(value)
	f.ev.asked = was
	return values, known
}

// used tells a value what is done with it.
func (f *Frame) used(value Value, how string, at ast.Expr) {
	if party, ok := value.(Party); ok && f.Context != nil {
		party.Used(f, Usage{How: how, At: at})
	}
}

// passed tells the arguments of a call which function they are given to.
func (f *Frame) passed(to string, c *Call) {
	if f.Context == nil {
		return
	}
	for _, args := range [2][]Named{c.Args, c.Keywords} {
		for _, arg := range args {
			use := Usage{How: to, At: arg.Expr, Call: c}
			switch value := arg.Value.(type) {
			case Party:
				value.Used(f, use)
			case *List:
				f.within(value.Elems, use)
			case *Tuple:
				f.within(value.Elems, use)
			case *Dict:
				for _, item := range value.Items {
					f.within([]Value{item.Value}, use)
				}
			}
		}
	}
}

func (f *Frame) within(values []Value, use Usage) {
	use.Within = true
	for _, value := range values {
		if party, ok := value.(Party); ok {
			party.Used(f, use)
		}
	}
}

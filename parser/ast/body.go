package ast

import "sync"

// body is the body of a function, read at once or when it is first asked for:
// of the thousands of functions in a workspace's files, few are looked into.
type body struct {
	once       sync.Once
	statements []Stmt
	read       func() []Stmt // nil once it was called
}

// Body is the function's statements. It is safe for concurrent use.
func (f *FunctionDef) Body() []Stmt {
	f.body.once.Do(func() {
		if f.body.read != nil {
			f.body.statements, f.body.read = f.body.read(), nil
		}
	})
	return f.body.statements
}

// SetBody gives a function that is being built its statements.
func (f *FunctionDef) SetBody(statements []Stmt) { f.body.statements = statements }

// SetBodyReader gives a function that is being built what reads its statements
// when they are asked for. read must be safe to call at any later time.
func (f *FunctionDef) SetBodyReader(read func() []Stmt) { f.body.read = read }

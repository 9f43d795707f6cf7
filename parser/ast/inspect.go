package ast

// Inspect calls visit for each statement and expression of a module, a node
// before what is in it, in the order of the text; not for what is in a node of
// which visit says false. It reads the bodies of all functions that visit
// doesn't turn down.
func Inspect(module *Module, visit func(Node) bool) {
	v := visitor{visit}
	v.block(module.Body)
}

// InspectNode is Inspect for one statement or expression.
func InspectNode(node Node, visit func(Node) bool) {
	v := visitor{visit}
	switch n := node.(type) {
	case Stmt:
		v.stmt(n)
	case Expr:
		v.expr(n)
	}
}

type visitor struct{ visit func(Node) bool }

func (v visitor) block(statements []Stmt) {
	for _, statement := range statements {
		v.stmt(statement)
	}
}

func (v visitor) exprs(list []Expr) {
	for _, e := range list {
		v.expr(e)
	}
}

// names visits names that aren't nil.
func (v visitor) names(list ...*Name) {
	for _, name := range list {
		if name != nil {
			v.visit(name)
		}
	}
}

// pattern visits the expressions of a pattern.
func (v visitor) pattern(p *Pattern) {
	if p == nil {
		return
	}
	v.expr(p.Value)
	v.exprs(p.Keys)
	for _, part := range p.Parts {
		v.pattern(part)
	}
}

func (v visitor) typeParams(list []TypeParam) {
	for _, param := range list {
		v.names(param.Name)
		v.expr(param.Bound)
	}
}

func (v visitor) params(params Params) {
	for _, param := range params.List {
		v.names(param.Name)
		v.expr(param.Annotation)
		v.expr(param.Default)
	}
}

func (v visitor) keywords(list []Keyword) {
	for _, keyword := range list {
		v.expr(keyword.Value)
	}
}

func (v visitor) stmt(statement Stmt) {
	if !v.visit(statement) {
		return
	}
	switch s := statement.(type) {
	case *FunctionDef:
		v.exprs(s.Decorators)
		v.names(s.Name)
		v.typeParams(s.TypeParams)
		v.params(s.Params)
		v.expr(s.Returns)
		v.block(s.Body())
	case *ClassDef:
		v.exprs(s.Decorators)
		v.names(s.Name)
		v.typeParams(s.TypeParams)
		v.exprs(s.Bases)
		v.keywords(s.Keywords)
		v.block(s.Body)
	case *Return:
		v.expr(s.Value)
	case *Delete:
		v.exprs(s.Targets)
	case *Assign:
		v.exprs(s.Targets)
		v.expr(s.Value)
	case *AnnAssign:
		v.exprs([]Expr{s.Target, s.Annotation, s.Value})
	case *AugAssign:
		v.exprs([]Expr{s.Target, s.Value})
	case *TypeAlias:
		v.names(s.Name)
		v.typeParams(s.TypeParams)
		v.expr(s.Value)
	case *For:
		v.exprs([]Expr{s.Target, s.Iter})
		v.block(s.Body)
		v.block(s.Else)
	case *While:
		v.expr(s.Test)
		v.block(s.Body)
		v.block(s.Else)
	case *If:
		v.expr(s.Test)
		v.block(s.Body)
		v.block(s.Else)
	case *With:
		for _, item := range s.Items {
			v.exprs([]Expr{item.Context, item.Target})
		}
		v.block(s.Body)
	case *Match:
		v.expr(s.Subject)
		for _, c := range s.Cases {
			v.pattern(c.Pattern)
			v.names(c.Binds...)
			v.expr(c.Guard)
			v.block(c.Body)
		}
	case *Raise:
		v.exprs([]Expr{s.Exc, s.Cause})
	case *Try:
		v.block(s.Body)
		for _, handler := range s.Handlers {
			v.expr(handler.Type)
			v.names(handler.Name)
			v.block(handler.Body)
		}
		v.block(s.Else)
		v.block(s.Finally)
	case *Assert:
		v.exprs([]Expr{s.Test, s.Msg})
	case *ExprStmt:
		v.expr(s.Value)
	}
}

func (v visitor) expr(expression Expr) {
	if expression == nil || !v.visit(expression) {
		return
	}
	switch e := expression.(type) {
	case *JoinedStr:
		v.exprs(e.Values)
	case *FormattedValue:
		v.expr(e.Value)
		if e.Spec != nil {
			v.expr(e.Spec)
		}
	case *List:
		v.exprs(e.Elts)
	case *Tuple:
		v.exprs(e.Elts)
	case *Set:
		v.exprs(e.Elts)
	case *Dict:
		for i, key := range e.Keys {
			v.expr(key)
			v.expr(e.Values[i])
		}
	case *Call:
		v.expr(e.Func)
		v.exprs(e.Args)
		v.keywords(e.Keywords)
	case *Attribute:
		v.expr(e.Value)
	case *Subscript:
		v.exprs([]Expr{e.Value, e.Index})
	case *Slice:
		v.exprs([]Expr{e.Lower, e.Upper, e.Step})
	case *Starred:
		v.expr(e.Value)
	case *BinOp:
		v.exprs([]Expr{e.Left, e.Right})
	case *UnaryOp:
		v.expr(e.Operand)
	case *BoolOp:
		v.exprs(e.Values)
	case *Compare:
		v.expr(e.Left)
		v.exprs(e.Comparators)
	case *IfExp:
		v.exprs([]Expr{e.Body, e.Test, e.Orelse})
	case *Lambda:
		v.params(e.Params)
		v.expr(e.Body)
	case *Comprehension:
		v.exprs([]Expr{e.Key, e.Elt})
		for _, g := range e.Generators {
			v.exprs([]Expr{g.Target, g.Iter})
			v.exprs(g.Ifs)
		}
	case *NamedExpr:
		v.names(e.Target)
		v.expr(e.Value)
	case *Await:
		v.expr(e.Value)
	case *Yield:
		v.expr(e.Value)
	}
}

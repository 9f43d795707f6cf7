package scope

import (
	"cmp"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// reader goes through a text, makes its scopes, and keeps the uses of names until
// all bindings are known.
type reader struct {
	table *Table
	text  []byte
	found []found
	// quoted: what is read stands in a quoted annotation.
	quoted bool
}

// found is a use whose variable isn't known yet.
type found struct {
	Use
	id   string
	name *ast.Name // nil where there is none in the tree
}

func (r *reader) open(kind Kind, parent *Scope, node ast.Node) *Scope {
	s := &Scope{Kind: kind, Parent: parent, Node: node, variables: map[string]*Variable{}, elsewhere: map[string]bool{}}
	r.table.Scopes = append(r.table.Scopes, s)
	return s
}

// use keeps a use of a name. One that binds it makes the variable.
func (r *reader) use(s *Scope, id string, name *ast.Name, use Use) {
	if id == "" {
		return
	}
	use.Scope, use.Quoted = s, r.quoted
	r.found = append(r.found, found{use, id, name})
	if _, elsewhere := s.elsewhere[id]; use.Binds && !elsewhere && s.variables[id] == nil {
		s.variables[id] = &Variable{Name: id, Scope: s}
	}
}

func (r *reader) bind(s *Scope, name *ast.Name) {
	if name != nil {
		r.use(s, name.ID, name, Use{Span: name.Span(), Binds: true})
	}
}

// resolve finds the variables of all uses.
func (r *reader) resolve() {
	module := r.table.Module
	for _, f := range r.found {
		v := f.Scope.Lookup(f.id)
		if v == nil {
			v = module.variables[f.id]
		}
		if v == nil {
			v = &Variable{Name: f.id, Scope: module}
			module.variables[f.id] = v
		}
		v.Uses = append(v.Uses, f.Use)
		if f.name != nil && !f.Quoted {
			r.table.names[f.name] = v
		}
		r.table.places = append(r.table.places, place{f.Span, v})
	}
	slices.SortFunc(r.table.places, func(a, b place) int { return cmp.Compare(a.span.Start, b.span.Start) })
	for _, s := range r.table.Scopes {
		for _, v := range s.variables {
			slices.SortFunc(v.Uses, func(a, b Use) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
		}
	}
}

func (r *reader) block(s *Scope, statements []ast.Stmt) {
	r.declarations(s, statements)
	for _, statement := range statements {
		r.stmt(s, statement)
	}
}

// declarations takes the `global` and `nonlocal` statements of a scope before all
// else: they count for the whole of it.
func (r *reader) declarations(s *Scope, statements []ast.Stmt) {
	for _, statement := range statements {
		ast.InspectNode(statement, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FunctionDef, *ast.ClassDef, ast.Expr:
				return false
			case *ast.Global:
				for _, name := range n.Names {
					s.elsewhere[name] = !n.Nonlocal
				}
			}
			return true
		})
	}
	if s.Kind == Module {
		clear(s.elsewhere) // `global` says nothing there
	}
}

func (r *reader) stmt(s *Scope, statement ast.Stmt) {
	switch n := statement.(type) {
	case *ast.FunctionDef:
		r.function(s, n)
	case *ast.ClassDef:
		r.class(s, n)
	case *ast.Return:
		r.expr(s, n.Value)
	case *ast.Delete:
		r.targets(s, n.Targets...)
	case *ast.Assign:
		r.expr(s, n.Value)
		r.targets(s, n.Targets...)
	case *ast.AnnAssign:
		r.annotation(s, n.Annotation)
		r.expr(s, n.Value)
		r.targets(s, n.Target)
	case *ast.AugAssign:
		r.expr(s, n.Value)
		r.targets(s, n.Target)
	case *ast.TypeAlias:
		r.bind(s, n.Name)
		r.expr(r.typeParams(s, n, n.TypeParams), n.Value)
	case *ast.For:
		r.expr(s, n.Iter)
		r.targets(s, n.Target)
		r.stmts(s, n.Body, n.Else)
	case *ast.While:
		r.expr(s, n.Test)
		r.stmts(s, n.Body, n.Else)
	case *ast.If:
		r.expr(s, n.Test)
		r.stmts(s, n.Body, n.Else)
	case *ast.With:
		for _, item := range n.Items {
			r.expr(s, item.Context)
			r.targets(s, item.Target)
		}
		r.stmts(s, n.Body)
	case *ast.Match:
		r.expr(s, n.Subject)
		for _, c := range n.Cases {
			r.pattern(s, c.Pattern)
			for _, name := range c.Binds {
				r.bind(s, name)
			}
			r.expr(s, c.Guard)
			r.stmts(s, c.Body)
		}
	case *ast.Raise:
		r.exprs(s, n.Exc, n.Cause)
	case *ast.Try:
		r.stmts(s, n.Body)
		for _, handler := range n.Handlers {
			r.expr(s, handler.Type)
			r.bind(s, handler.Name)
			r.stmts(s, handler.Body)
		}
		r.stmts(s, n.Else, n.Finally)
	case *ast.Assert:
		r.exprs(s, n.Test, n.Msg)
	case *ast.ExprStmt:
		r.expr(s, n.Value)
	case *ast.Import:
		for i := range n.Names {
			r.alias(s, &n.Names[i], nil)
		}
	case *ast.ImportFrom:
		for i := range n.Names {
			r.alias(s, &n.Names[i], n)
		}
	case *ast.Global:
		r.global(s, n)
	}
}

func (r *reader) stmts(s *Scope, blocks ...[]ast.Stmt) {
	for _, block := range blocks {
		for _, statement := range block {
			r.stmt(s, statement)
		}
	}
}

func (r *reader) alias(s *Scope, alias *ast.Alias, from *ast.ImportFrom) {
	use := Use{Span: alias.NameSpan, Binds: true, Alias: alias, From: from}
	id := alias.Name
	switch {
	case alias.AsName != "":
		use.Span, id = alias.AsNameSpan, alias.AsName
	case id == "*":
		return
	case from == nil:
		id, _, _ = strings.Cut(alias.Name, ".")
		use.Span.End = use.Span.Start + len(id)
	}
	r.use(s, id, nil, use)
}

// global finds the names of the statement in its text: the tree hasn't their
// places.
func (r *reader) global(s *Scope, n *ast.Global) {
	end := min(n.End, len(r.text))
	offset := n.Start + len("global")
	if n.Nonlocal {
		offset = n.Start + len("nonlocal")
	}
	for _, name := range n.Names {
		if offset > end {
			return
		}
		i := strings.Index(string(r.text[offset:end]), name)
		if i < 0 {
			return
		}
		start := offset + i
		offset = start + len(name)
		r.use(s, name, nil, Use{Span: ast.Span{Start: start, End: offset}, Declares: true})
	}
}

// typeParams opens the scope of type parameters, if there are any.
func (r *reader) typeParams(s *Scope, node ast.Node, params []ast.TypeParam) *Scope {
	if len(params) == 0 {
		return s
	}
	types := r.open(Types, s, node)
	for _, param := range params {
		r.bind(types, param.Name)
		r.expr(types, param.Bound)
	}
	return types
}

func (r *reader) function(s *Scope, n *ast.FunctionDef) {
	r.exprs(s, n.Decorators...)
	r.bind(s, n.Name)
	types := r.typeParams(s, n, n.TypeParams)
	body := r.params(s, types, n, n.Params)
	r.annotation(types, n.Returns)
	r.block(body, n.Body())
}

// params reads what stands in a function's head, and opens the function's scope.
func (r *reader) params(s, types *Scope, node ast.Node, params ast.Params) *Scope {
	body := r.open(Function, types, node)
	for _, param := range params.List {
		r.expr(s, param.Default)
		r.annotation(types, param.Annotation)
		r.bind(body, param.Name)
	}
	return body
}

func (r *reader) class(s *Scope, n *ast.ClassDef) {
	r.exprs(s, n.Decorators...)
	r.bind(s, n.Name)
	types := r.typeParams(s, n, n.TypeParams)
	r.exprs(types, n.Bases...)
	for _, keyword := range n.Keywords {
		r.expr(types, keyword.Value)
	}
	r.block(r.open(Class, types, n), n.Body)
}

// targets are what is assigned to, or deleted.
func (r *reader) targets(s *Scope, targets ...ast.Expr) {
	for _, target := range targets {
		switch n := target.(type) {
		case *ast.Name:
			r.bind(s, n)
		case *ast.Tuple:
			r.targets(s, n.Elts...)
		case *ast.List:
			r.targets(s, n.Elts...)
		case *ast.Starred:
			r.targets(s, n.Value)
		case nil:
		default:
			r.expr(s, n)
		}
	}
}

func (r *reader) pattern(s *Scope, p *ast.Pattern) {
	if p == nil {
		return
	}
	r.exprs(s, p.Value)
	r.exprs(s, p.Keys...)
	for _, part := range p.Parts {
		r.pattern(s, part)
	}
}

func (r *reader) exprs(s *Scope, list ...ast.Expr) {
	for _, e := range list {
		r.expr(s, e)
	}
}

// expr reads an expression: what opens a scope in it is read by itself.
func (r *reader) expr(s *Scope, expression ast.Expr) {
	if expression == nil {
		return
	}
	ast.InspectNode(expression, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.Name:
			r.use(s, n.ID, n, Use{Span: n.Span()})
		case *ast.Lambda:
			r.expr(r.params(s, s, n, n.Params), n.Body)
			return false
		case *ast.Comprehension:
			r.comprehension(s, n)
			return false
		case *ast.NamedExpr:
			around := s
			for around.Kind == Comprehension {
				around = around.Parent
			}
			r.bind(around, n.Target)
			r.expr(s, n.Value)
			return false
		}
		return true
	})
}

// comprehension reads the first iterable in the scope around, as Python does.
func (r *reader) comprehension(s *Scope, n *ast.Comprehension) {
	inner := r.open(Comprehension, s, n)
	for i, g := range n.Generators {
		if i == 0 {
			r.expr(s, g.Iter)
		} else {
			r.expr(inner, g.Iter)
		}
		r.targets(inner, g.Target)
		r.exprs(inner, g.Ifs...)
	}
	r.exprs(inner, n.Key, n.Elt)
}

// annotation reads a type, with the quoted ones in it.
func (r *reader) annotation(s *Scope, expression ast.Expr) {
	if expression == nil {
		return
	}
	r.expr(s, expression)
	if r.quoted {
		return // a quoted type in a quoted one names none of the text's names
	}
	r.quotedIn(s, expression)
}

// quotedIn reads the quoted types in a type: what stands in Literal, and behind
// the first argument of Annotated, is none.
func (r *reader) quotedIn(s *Scope, expression ast.Expr) {
	switch n := expression.(type) {
	case *ast.Constant:
		if n.Kind != ast.StringConst || n.Inner.Start >= n.Inner.End || n.Inner.End > len(r.text) {
			return
		}
		if quoted, ok := parser.Expression(string(r.text[n.Inner.Start:n.Inner.End]), n.Inner.Start); ok {
			r.quoted = true
			r.expr(s, quoted)
			r.quoted = false
		}
	case *ast.BinOp:
		r.quotedIn(s, n.Left)
		r.quotedIn(s, n.Right)
	case *ast.List:
		for _, e := range n.Elts {
			r.quotedIn(s, e)
		}
	case *ast.Subscript:
		name := ""
		switch of := n.Value.(type) {
		case *ast.Name:
			name = of.ID
		case *ast.Attribute:
			name = of.Attr
		}
		index := n.Index
		if several, ok := index.(*ast.Tuple); ok && name != "Annotated" {
			for _, e := range several.Elts {
				r.quotedIn(s, e)
			}
			return
		} else if ok && len(several.Elts) > 0 {
			index = several.Elts[0]
		}
		if name != "Literal" {
			r.quotedIn(s, index)
		}
	}
}

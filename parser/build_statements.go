package parser

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// statement is the statement that a node is.
func (b *builder) statement(n syntax.Node) ast.Stmt {
	switch b.kindOf(n) {
	case nodeExpressionStatement:
		return b.expressionStatement(n)
	case nodeReturnStatement:
		return &ast.Return{Range: b.at(n), Value: b.expr(n.First())}
	case nodeFunctionDefinition:
		return b.function(n, n, nil)
	case nodeClassDefinition:
		return b.class(n, n, nil)
	case nodeDecoratedDefinition:
		return b.decorated(n)
	case nodeIfStatement:
		return b.ifStatement(n)
	case nodeForStatement:
		return &ast.For{
			Range: b.upTo(n, b.end(n)), Async: b.has(n, "async"),
			Target: b.required(n.ChildByID(b.role.left), n), Iter: b.required(n.ChildByID(b.role.right), n),
			Body: b.block(n.ChildByID(b.role.body)), Else: b.elseBlock(n),
		}
	case nodeWhileStatement:
		return &ast.While{
			Range: b.upTo(n, b.end(n)), Test: b.required(n.ChildByID(b.role.condition), n),
			Body: b.block(n.ChildByID(b.role.body)), Else: b.elseBlock(n),
		}
	case nodeWithStatement:
		return b.withStatement(n)
	case nodeTryStatement:
		return b.tryStatement(n)
	case nodeMatchStatement:
		return b.matchStatement(n)
	case nodeImportStatement:
		return &ast.Import{Range: b.at(n), Names: b.aliases(n)}
	case nodeImportFromStatement, nodeFutureImportStatement:
		return b.importFrom(n)
	case nodeRaiseStatement:
		raised, cause := n.First(), n.ChildByID(b.role.cause)
		if raised == cause {
			raised = syntax.Node{}
		}
		return &ast.Raise{Range: b.at(n), Exc: b.expr(raised), Cause: b.expr(cause)}
	case nodeAssertStatement:
		parts := b.listed(n)
		switch len(parts) {
		case 1:
			return &ast.Assert{Range: b.at(n), Test: parts[0]}
		case 2:
			return &ast.Assert{Range: b.at(n), Test: parts[0], Msg: parts[1]}
		}
	case nodeDeleteStatement:
		targets := n.First()
		if b.kindOf(targets) != nodeExpressionList {
			targets = n
		}
		return &ast.Delete{Range: b.at(n), Targets: b.listed(targets)}
	case nodeGlobalStatement, nodeNonlocalStatement:
		global := &ast.Global{Range: b.at(n), Nonlocal: b.kindOf(n) == nodeNonlocalStatement}
		for child := range n.Children() {
			if name := b.identifier(child); name != "" {
				global.Names = append(global.Names, name)
			}
		}
		return global
	case nodeTypeAliasStatement:
		if left := b.kindOf(n.ChildByID(b.role.left).First()); left == nodeIdentifier || left == nodeGenericType {
			return b.typeAlias(n)
		}
		return b.renamed(n)
	case nodePrintStatement, nodeExecStatement:
		return b.renamed(n)
	case nodePassStatement:
		return &ast.Pass{Range: b.at(n)}
	case nodeBreakStatement:
		return &ast.Break{Range: b.at(n)}
	case nodeContinueStatement:
		return &ast.Continue{Range: b.at(n)}
	}
	return &ast.BadStmt{Range: b.at(n)}
}

// renamed is a statement that the grammar takes for one of Python 2, or for a
// type alias, on account of the name that it begins with: `print -1`,
// `type(a).b = 1`. With any other name it is what it is to Python.
func (b *builder) renamed(n syntax.Node) ast.Stmt {
	text := []byte(b.slice(n))
	if len(text) > 0 && !n.HasError() {
		text[0] = '_'
		if parsed := syntax.ParseValid(syntax.PythonGrammar(), text, nil); parsed != nil {
			root := parsed.Tree().Root()
			parsed.Close()
			if first := root.First(); b.kindOf(first) == nodeExpressionStatement && b.countChildren(root) == 1 {
				whole := newBuilder(b.source, []byte(b.slice(n)), b.base+n.Start())
				return whole.statement(first)
			}
		}
	}
	return &ast.BadStmt{Range: b.at(n)}
}

func (b *builder) expressionStatement(n syntax.Node) ast.Stmt {
	first := n.First()
	switch b.kindOf(first) {
	case nodeAssignment:
		return b.assignmentStatement(first)
	case nodeAugmentedAssignment:
		return &ast.AugAssign{
			Range: b.at(first), Target: b.required(first.ChildByID(b.role.left), first),
			Op:    strings.TrimSuffix(first.ChildByID(b.role.operator).Kind(), "="),
			Value: b.required(first.ChildByID(b.role.right), first),
		}
	}
	var value ast.Expr
	if b.has(n, ",") {
		value = &ast.Tuple{Range: b.at(n), Elts: b.listed(n)}
	} else {
		value = b.required(first, n)
	}
	return b.exprStmts.put(ast.ExprStmt{Range: b.at(n), Value: value})
}

func (b *builder) assignmentStatement(n syntax.Node) ast.Stmt {
	left, right := n.ChildByID(b.role.left), n.ChildByID(b.role.right)
	if annotation := b.annotation(n, b.role.typ); annotation != nil {
		return &ast.AnnAssign{
			Range: b.at(n), Target: b.required(left, n), Annotation: annotation, Value: b.assigned(right),
		}
	}
	targets := append(b.slabs.exprs.take(1), b.required(left, n))
	for b.kindOf(right) == nodeAssignment && !right.ChildByID(b.role.typ).OK() {
		targets = append(targets, b.required(right.ChildByID(b.role.left), right))
		right = right.ChildByID(b.role.right)
	}
	value := b.assigned(right)
	switch {
	case value == nil:
		value = b.missing(n)
	case n.HasError() && b.isTorn(n):
		value = b.bad(right)
	}
	return b.assigns.put(ast.Assign{Range: b.at(n), Targets: targets, Value: value})
}

// assigned is the value of an assignment, nil if there is none.
func (b *builder) assigned(n syntax.Node) ast.Expr {
	switch b.kindOf(n) {
	case nodeAssignment, nodeAugmentedAssignment: // `a = b: int = c`
		return b.bad(n)
	}
	return b.expr(n)
}

// decorated is a function or class with its decorators.
func (b *builder) decorated(n syntax.Node) ast.Stmt {
	var decorators []ast.Expr
	for child := range n.Children() {
		if b.kindOf(child) == nodeDecorator {
			decorators = append(decorators, b.required(child.First(), child))
		}
	}
	definition := n.ChildByID(b.role.definition)
	switch b.kindOf(definition) {
	case nodeFunctionDefinition:
		return b.function(n, definition, decorators)
	case nodeClassDefinition:
		return b.class(n, definition, decorators)
	}
	return &ast.BadStmt{Range: b.at(n)}
}

// function is the function that n defines; whole is n with its decorators.
func (b *builder) function(whole, n syntax.Node, decorators []ast.Expr) *ast.FunctionDef {
	parameters, body := n.ChildByID(b.role.parameters), n.ChildByID(b.role.body)
	f := &ast.FunctionDef{
		Range:      b.upTo(whole, b.end(n)),
		Name:       b.name(n.ChildByID(b.role.name), n),
		Decorators: decorators,
		TypeParams: b.typeParams(n.ChildByID(b.role.typeParameters)),
		Params:     b.params(parameters),
		Returns:    b.annotation(n, b.role.returnType),
		Doc:        b.docstring(body),
		Async:      b.has(n, "async"),
		DefStart:   b.base + n.Start(),
	}
	for child := range n.All() {
		f.Broken = f.Broken || child != body && (child.HasError() || child.Missing())
	}
	if b.readBody != nil && !n.HasError() {
		read := b.readBody
		definition := Span{Start: f.DefStart, End: f.End}
		f.SetBodyReader(func() []ast.Stmt { return read(definition) })
	} else {
		f.SetBody(b.block(body))
	}
	return f
}

// class is the class that n defines; whole is n with its decorators.
func (b *builder) class(whole, n syntax.Node, decorators []ast.Expr) *ast.ClassDef {
	body := n.ChildByID(b.role.body)
	c := &ast.ClassDef{
		Range:      b.upTo(whole, b.end(n)),
		Name:       b.name(n.ChildByID(b.role.name), n),
		Decorators: decorators,
		TypeParams: b.typeParams(n.ChildByID(b.role.typeParameters)),
		Doc:        b.docstring(body),
		DefStart:   b.base + n.Start(),
	}
	c.Bases, c.Keywords = b.callArguments(n.ChildByID(b.role.superclasses))
	c.Body = b.block(body)
	return c
}

// ifStatement has each elif as an If in the Else of the one before.
func (b *builder) ifStatement(n syntax.Node) ast.Stmt {
	end := b.end(n)
	first := &ast.If{Range: b.upTo(n, end), Test: b.required(n.ChildByID(b.role.condition), n), Body: b.block(n.ChildByID(b.role.consequence))}
	last := first
	depth := b.depth
	for child := range n.Children() {
		switch b.kindOf(child) {
		case nodeElifClause:
			if b.depth == maxNesting {
				last.Else = []ast.Stmt{&ast.BadStmt{Range: b.upTo(child, end)}}
				b.depth = depth
				return first
			}
			b.depth++
			next := &ast.If{
				Range: b.upTo(child, end),
				Test:  b.required(child.ChildByID(b.role.condition), child),
				Body:  b.block(child.ChildByID(b.role.consequence)),
			}
			last.Else = []ast.Stmt{next}
			last = next
		case nodeElseClause:
			last.Else = b.block(child.ChildByID(b.role.body))
		}
	}
	b.depth = depth
	return first
}

// elseBlock is the else branch of a loop or a try statement.
func (b *builder) elseBlock(n syntax.Node) []ast.Stmt {
	for child := range n.Children() {
		if b.kindOf(child) == nodeElseClause {
			return b.block(child.ChildByID(b.role.body))
		}
	}
	return nil
}

func (b *builder) withStatement(n syntax.Node) ast.Stmt {
	with := &ast.With{Range: b.upTo(n, b.end(n)), Async: b.has(n, "async"), Body: b.block(n.ChildByID(b.role.body))}
	for clause := range n.Children() {
		if b.kindOf(clause) != nodeWithClause {
			continue
		}
		items := clause
		if only := clause.First(); b.countChildren(clause) == 1 && b.kindOf(only.ChildByID(b.role.value)) == nodeTuple {
			// `with (a, b):` has two items, and no tuple.
			items = only.ChildByID(b.role.value)
		}
		for item := range items.Children() {
			if b.kindOf(item) == nodeWithItem {
				item = item.ChildByID(b.role.value)
			}
			context, target := b.asPattern(item)
			with.Items = append(with.Items, ast.WithItem{Context: b.required(context, item), Target: b.expr(target)})
		}
	}
	return with
}

// asPattern splits `value as target`; of another expression target is no node.
func (b *builder) asPattern(n syntax.Node) (value, target syntax.Node) {
	if b.kindOf(n) != nodeAsPattern {
		return n, syntax.Node{}
	}
	return n.First(), n.ChildByID(b.role.alias).First()
}

func (b *builder) tryStatement(n syntax.Node) ast.Stmt {
	try := &ast.Try{Range: b.upTo(n, b.end(n)), Body: b.block(n.ChildByID(b.role.body)), Else: b.elseBlock(n)}
	for child := range n.Children() {
		switch b.kindOf(child) {
		case nodeExceptClause:
			handler := ast.ExceptHandler{Range: b.upTo(child, b.end(child))}
			caught, name := b.asPattern(child.ChildByID(b.role.value))
			if alias := child.ChildByID(b.role.alias); alias.OK() {
				name = alias
			}
			handler.Type = b.expr(caught)
			if b.kindOf(name) == nodeIdentifier {
				handler.Name = b.name(name, name)
			}
			handler.Body = b.block(b.lastBlock(child))
			try.Handlers = append(try.Handlers, handler)
		case nodeFinallyClause:
			try.Finally = b.block(b.lastBlock(child))
		}
	}
	return try
}

func (b *builder) lastBlock(n syntax.Node) (last syntax.Node) {
	for child := range n.Children() {
		if b.kindOf(child) == nodeBlock {
			last = child
		}
	}
	return last
}

func (b *builder) matchStatement(n syntax.Node) ast.Stmt {
	match := &ast.Match{Range: b.upTo(n, b.end(n))}
	var subjects []ast.Expr
	body := n.ChildByID(b.role.body)
	for child := range n.All() {
		if child == body {
			break
		}
		switch {
		case child.FieldID() == b.role.subject && child.Named():
			subjects = append(subjects, b.expr(child))
		case child.Kind() == "," && len(subjects) > 0:
			match.Subject = &ast.Tuple{Range: ast.Range{Start: subjects[0].Span().Start, End: b.base + child.End()}}
		}
	}
	switch tuple, ok := match.Subject.(*ast.Tuple); {
	case ok:
		tuple.Elts, tuple.End = subjects, max(tuple.End, subjects[len(subjects)-1].Span().End)
	case len(subjects) == 1:
		match.Subject = subjects[0]
	default:
		match.Subject = b.missing(n)
	}
	for clause := range body.Children() {
		if b.kindOf(clause) == nodeCaseClause {
			match.Cases = append(match.Cases, ast.MatchCase{
				Pattern: b.casePattern(clause),
				Binds:   b.bound(nil, clause),
				Guard:   b.expr(clause.ChildByID(b.role.guard).First()),
				Body:    b.block(clause.ChildByID(b.role.consequence)),
			})
		}
	}
	return match
}

// bound appends the names that the patterns in a node bind.
func (b *builder) bound(names []*ast.Name, n syntax.Node) []*ast.Name {
	if b.depth == maxNesting {
		return names
	}
	b.depth++
	defer func() { b.depth-- }()
	first := true
	for child := range n.Children() {
		switch kind := b.kindOf(child); {
		case kind == nodeIfClause || kind == nodeBlock || child.FieldID() == b.role.key:
		case kind == nodeDottedName:
			// A dotted name is a value, the first of A(b) a class.
			if b.kindOf(n) != nodeClassPattern || !first {
				if single := child.First(); b.countChildren(child) == 1 && b.slice(single) != "_" {
					names = append(names, b.name(single, single))
				}
			}
		case kind == nodeIdentifier:
			// `p as name`, `*name`; in `A(key=p)` it is the key.
			if b.kindOf(n) != nodeKeywordPattern && b.slice(child) != "_" {
				names = append(names, b.name(child, child))
			}
		default:
			names = b.bound(names, child)
		}
		first = false
	}
	return names
}

func (b *builder) importFrom(n syntax.Node) ast.Stmt {
	from := &ast.ImportFrom{Range: b.at(n), Names: b.aliases(n)}
	if b.kindOf(n) == nodeFutureImportStatement {
		for child := range n.All() {
			if child.Kind() == "__future__" {
				from.Module, from.ModuleSpan = "__future__", b.span(child)
			}
		}
		return from
	}
	module := n.ChildByID(b.role.moduleName)
	from.ModuleSpan = b.span(module)
	if b.kindOf(module) == nodeRelativeImport {
		for child := range module.Children() {
			if b.kindOf(child) == nodeDottedName {
				from.Module = b.dotted(child)
			} else {
				from.Level = strings.Count(b.slice(child), ".")
			}
		}
		return from
	}
	from.Module = b.dotted(module)
	return from
}

// aliases are the names of an import statement.
func (b *builder) aliases(n syntax.Node) []ast.Alias {
	var aliases []ast.Alias
	for child := range n.Children() {
		alias := ast.Alias{Range: b.at(child)}
		switch kind := b.kindOf(child); {
		case kind == nodeWildcardImport:
			alias.Name, alias.NameSpan = "*", b.span(child)
		case child.FieldID() != b.role.name:
			continue
		case kind == nodeAliasedImport:
			name, as := child.ChildByID(b.role.name), child.ChildByID(b.role.alias)
			alias.Name, alias.NameSpan = b.dotted(name), b.span(name)
			alias.AsName, alias.AsNameSpan = b.identifier(as), b.span(as)
		default:
			alias.Name, alias.NameSpan = b.dotted(child), b.span(child)
		}
		if alias.Name != "" {
			aliases = append(aliases, alias)
		}
	}
	return aliases
}

// dotted is the text of a dotted name, without spaces in it.
func (b *builder) dotted(n syntax.Node) string {
	text := b.slice(n)
	if !strings.ContainsAny(text, " \t\\\r\n\f#") && isASCII(text) {
		return text
	}
	var parts []string
	for child := range n.Children() {
		parts = append(parts, b.identifier(child))
	}
	return strings.Join(parts, ".")
}

func (b *builder) typeAlias(n syntax.Node) ast.Stmt {
	left, right := n.ChildByID(b.role.left), n.ChildByID(b.role.right)
	alias := &ast.TypeAlias{Range: b.at(n), Value: b.required(right, n)}
	name := left.First()
	if b.kindOf(name) == nodeGenericType {
		for child := range name.Children() {
			if b.kindOf(child) == nodeTypeParameter {
				alias.TypeParams = b.typeParams(child)
			}
		}
		name = name.First()
	}
	alias.Name = b.name(name, left)
	return alias
}

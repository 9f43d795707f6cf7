package parser

import (
	"unsafe"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// maxNesting is how deep statements and expressions may nest: what is deeper is
// bad. Python's own compiler gives up before that.
const maxNesting = 3000

// builder makes the module's tree of what the grammar tells. Offsets of nodes
// are those of the module's text also where a repaired text was parsed.
type builder struct {
	role   *pythonNames
	source *Source // of the module; nil for an expression that stands alone
	text   string  // of the tree
	base   int     // where that text starts in the module's
	depth  int
	anyBad bool // there is a BadExpr
	// star is the offset of a star that isn't part of the nodes which start
	// there (-1 if there is none): they start at behindStar. See starred.
	star, behindStar int
	// readBody, if not nil, reads the body of a function later: see
	// ast.FunctionDef.SetBodyReader.
	readBody bodyReader
	// mendedSpans are places that the grammar couldn't read, and that are right.
	mendedSpans []ast.Span
	// hoisted are statements found within another that is broken, and that
	// start at a line's beginning: they are the module's.
	hoisted []ast.Stmt
	slabs
}

// newBuilder makes a builder for the tree of a text, which starts at an offset
// of the module's text and isn't changed any more.
func newBuilder(source *Source, text []byte, base int) *builder {
	return &builder{
		role:   python(),
		source: source,
		text:   unsafe.String(unsafe.SliceData(text), len(text)),
		base:   base,
		star:   -1,
	}
}

// bodyReader reads the body of the function whose definition, without its
// decorators, stands there.
type bodyReader func(definition Span) []ast.Stmt

// readModule makes the tree of a module, whose root has offsets of its text.
// mended are the places of the tree that couldn't be read by the grammar, and
// have no mistake; mistakes are what Python refuses though the grammar doesn't.
func readModule(source *Source, root syntax.Node, readBody bodyReader) (module *ast.Module, mended []Span, mistakes []mistake) {
	b := newBuilder(source, source.Text(), 0)
	b.readBody = readBody
	module = b.module(root)
	module.Fingerprint = b.fingerprint(root)
	return module, b.mendedSpans, b.validity(root)
}

func (b *builder) module(root syntax.Node) *ast.Module {
	module := &ast.Module{Doc: b.docstring(root)}
	if b.kindOf(root) == nodeError {
		module.Body = b.appendBroken(nil, root, 0)
		return module
	}
	module.Body = make([]ast.Stmt, 0, b.countChildren(root))
	for child := range root.Children() {
		module.Body = b.appendStatement(module.Body, child, 0)
		module.Body = append(module.Body, b.hoisted...)
		b.hoisted = b.hoisted[:0]
	}
	return module
}

// block is the statements of a block, which starts after an offset.
func (b *builder) block(n syntax.Node) []ast.Stmt {
	count := b.countChildren(n)
	if count == 0 {
		return nil
	}
	statements := b.stmts.take(count)
	indent := 0
	if n.HasError() {
		indent = b.column(n.First())
	}
	for child := range n.Children() {
		if n.HasError() && b.isHoisted(child) {
			b.hoisted = b.appendStatement(b.hoisted, child, 0)
			continue
		}
		statements = b.appendStatement(statements, child, indent)
	}
	return statements
}

// isHoisted tells whether a node in a block is a statement of the module: it
// starts at a line's beginning.
func (b *builder) isHoisted(n syntax.Node) bool {
	return isStatement(b.kindOf(n)) && b.column(n) == 0
}

// column is the number of bytes before a node in its line.
func (b *builder) column(n syntax.Node) int {
	start := b.base + n.Start()
	return start - b.source.LineStart(start)
}

// appendStatement appends what a node in a block, whose statements are
// indented that far, stands for: a statement or, of broken text, several.
func (b *builder) appendStatement(to []ast.Stmt, n syntax.Node, indent int) []ast.Stmt {
	if b.kindOf(n) == nodeError {
		return b.appendBroken(to, n, indent)
	}
	if b.depth == maxNesting {
		return append(to, &ast.BadStmt{Range: b.at(n)})
	}
	if b.continued(to, n) {
		return to
	}
	b.depth++
	defer func() { b.depth-- }()
	return append(to, b.statement(n))
}

// docstring is the docstring that a block starts with, dedented; "" if it has
// none.
func (b *builder) docstring(block syntax.Node) string {
	first := block.First()
	if b.kindOf(first) != nodeExpressionStatement {
		return ""
	}
	literal := first.First()
	for b.kindOf(literal) == nodeParenthesizedExpression {
		literal = literal.First()
	}
	if kind := b.kindOf(literal); kind != nodeString && kind != nodeConcatenatedString {
		return ""
	}
	if constant, ok := b.expr(literal).(*ast.Constant); ok && constant.Kind == ast.StringConst {
		return dedent(constant.Text)
	}
	return ""
}

// end is the offset at which a statement ends, without comments that follow.
func (b *builder) end(n syntax.Node) int {
	for {
		var last syntax.Node
		switch b.kindOf(n) {
		case nodeBlock, nodeDecoratedDefinition, nodeFunctionDefinition, nodeClassDefinition, nodeIfStatement,
			nodeElifClause, nodeElseClause, nodeForStatement, nodeWhileStatement, nodeTryStatement, nodeExceptClause,
			nodeFinallyClause, nodeWithStatement, nodeMatchStatement, nodeCaseClause:
			for child := range n.All() {
				if b.kindOf(child) != nodeComment && (child.End() > child.Start() || !last.OK()) {
					last = child
				}
			}
		}
		if !last.OK() {
			return b.base + n.End()
		}
		n = last
	}
}

func (b *builder) kindOf(n syntax.Node) kind { return b.role.kindOf(n) }

func (b *builder) at(n syntax.Node) ast.Range {
	start := b.base + n.Start()
	if start == b.star {
		start = b.behindStar
	}
	return ast.Range{Start: start, End: b.base + n.End()}
}

// upTo is the range from the start of a node to an offset.
func (b *builder) upTo(n syntax.Node, end int) ast.Range {
	return ast.Range{Start: b.base + n.Start(), End: max(end, b.base+n.Start())}
}

func (b *builder) span(n syntax.Node) ast.Span { return ast.Span(b.at(n)) }

// slice is the text of a node.
func (b *builder) slice(n syntax.Node) string {
	if n.Start() >= n.End() {
		return ""
	}
	return b.text[n.Start():n.End()]
}

// between is the text between two offsets of the module.
func (b *builder) between(start, end int) string {
	if start >= end {
		return ""
	}
	return b.text[start-b.base : end-b.base]
}

func (b *builder) countChildren(n syntax.Node) int {
	count := 0
	for range n.Children() {
		count++
	}
	return count
}

// has tells whether a node has that token as a child.
func (b *builder) has(n syntax.Node, token string) bool {
	for child := range n.All() {
		if !child.Named() && child.Kind() == token {
			return true
		}
	}
	return false
}

// isStatement tells the kinds of statements.
func isStatement(k kind) bool {
	switch k {
	case nodeAssertStatement, nodeBreakStatement, nodeClassDefinition, nodeContinueStatement, nodeDecoratedDefinition,
		nodeDeleteStatement, nodeExecStatement, nodeExpressionStatement, nodeForStatement, nodeFunctionDefinition,
		nodeFutureImportStatement, nodeGlobalStatement, nodeIfStatement, nodeImportFromStatement, nodeImportStatement,
		nodeMatchStatement, nodeNonlocalStatement, nodePassStatement, nodePrintStatement, nodeRaiseStatement,
		nodeReturnStatement, nodeTryStatement, nodeTypeAliasStatement, nodeWhileStatement, nodeWithStatement:
		return true
	}
	return false
}

// slabs allocate the most frequent nodes and lists many at a time.
type slabs struct {
	names      slab[ast.Name]
	constants  slab[ast.Constant]
	attributes slab[ast.Attribute]
	calls      slab[ast.Call]
	subscripts slab[ast.Subscript]
	assigns    slab[ast.Assign]
	exprStmts  slab[ast.ExprStmt]
	exprs      slab[ast.Expr]
	stmts      slab[ast.Stmt]
	keywords   slab[ast.Keyword]
}

// slab is a piece of memory from which values are taken one after another. Its
// pieces grow, so that a small file doesn't hold a large one.
type slab[T any] struct {
	free []T
	size int
}

// put gives a value a place.
func (s *slab[T]) put(value T) *T {
	place := s.take(1)[:1]
	place[0] = value
	return &place[0]
}

// take is an empty slice with room for that many values.
func (s *slab[T]) take(count int) []T {
	if count > len(s.free) {
		s.size = min(max(8, 2*s.size), 128)
		s.free = make([]T, max(count, s.size))
	}
	taken := s.free[:0:count]
	s.free = s.free[count:]
	return taken
}

package parser

import (
	"bytes"
	"encoding/binary"
	"hash/fnv"
	"slices"
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

// built is what was made of a tree, so that the next, which has much in common
// with it, takes that over.
type built struct {
	module *ast.Module
	text   []byte
	tops   []builtTop // for each child of the root that wasn't inserted
	// mended are the places that couldn't be read by the grammar, and have no
	// mistake; mistakes are what Python refuses though the grammar doesn't.
	mended   []Span
	mistakes []mistake
}

// builtTop is what was made of a child of the root.
type builtTop struct {
	Span
	statements []ast.Stmt
	hash       uint64
	column     int
	mistakes   bool
	// repaired: its tree is that of another text.
	repaired bool
}

// buildModule makes the module of a tree, whose offsets are those of its text.
// before is what was made of the tree that it was parsed from; it may be nil.
func buildModule(source *Source, tree *syntax.Tree, readBody bodyReader, before *built) *built {
	b := newBuilder(source, source.Text(), 0)
	b.readBody = readBody
	root := tree.Root()
	made := &built{module: &ast.Module{Doc: b.docstring(root)}, text: source.Text()}
	if b.kindOf(root) == nodeError {
		made.module.Body = b.appendBroken(nil, root, 0)
		made.module.Fingerprint = b.hash(root)
		return made
	}
	made.module.Body = make([]ast.Stmt, 0, b.countChildren(root))
	fingerprint := fnv.New64a()
	i := 0
	for child := range root.All() {
		old, moved := before.top(tree.TakenOver(i), source.Text(), b.span(child))
		top := b.top(child, made, old, moved)
		if child.Named() && !child.Extra() {
			binary.Write(fingerprint, binary.LittleEndian, top.hash)
		}
		if !tree.Inserted(i) {
			made.tops = append(made.tops, top)
		}
		i++
	}
	made.mended = b.mendedSpans
	made.module.Fingerprint = fingerprint.Sum64()
	return made
}

// top is what was made of a child of the older root, nil if it was another
// than what stands there now; moved tells that it stood elsewhere.
func (b *built) top(child int, text []byte, at Span) (top *builtTop, moved bool) {
	if b == nil || child < 0 || child >= len(b.tops) {
		return nil, false
	}
	top = &b.tops[child]
	// What isn't UTF-8 may differ, and yet be the same to tree-sitter.
	if top.repaired || !bytes.Equal(b.text[top.Start:top.End], text[at.Start:at.End]) {
		return nil, false
	}
	return top, top.Span != at
}

// top appends what a child of the root is to the module. old is what was made
// of the same before.
func (b *builder) top(n syntax.Node, made *built, old *builtTop, moved bool) builtTop {
	top := builtTop{Span: b.span(n), column: b.column(n)}
	if !n.Named() || n.Extra() {
		return top
	}
	body := &made.module.Body
	before := len(*body)
	// One that stands in the line of the last statement may belong to that.
	if old != nil && !moved && len(old.statements) > 0 {
		*body = append(*body, old.statements...)
	} else {
		*body = b.appendStatement(*body, n, 0)
		*body = append(*body, b.hoisted...)
		b.hoisted = b.hoisted[:0]
	}
	top.statements = slices.Clip((*body)[before:])
	if old != nil && !old.mistakes && old.column == 0 && top.column == 0 {
		top.hash = old.hash
		return top
	}
	top.hash = b.hash(n)
	mistakes := b.validity(n)
	top.mistakes = len(mistakes) > 0
	made.mistakes = append(made.mistakes, mistakes...)
	return top
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

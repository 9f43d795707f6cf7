package parser

import (
	"bytes"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// validator finds what the grammar accepts and Python, of any version, refuses
// when it compiles a module.
type validator struct {
	*builder
	mistakes []mistake
	depth    int
}

// surroundings are what is around a statement.
type surroundings struct {
	function, async, class, loop bool
}

// validity are the mistakes in a statement of the module.
func (b *builder) validity(statement syntax.Node) []mistake {
	v := validator{builder: b}
	v.indented(statement, indentWidth{})
	v.node(statement, surroundings{})
	return v.mistakes
}

func (v *validator) report(at Span, message string) {
	v.mistakes = append(v.mistakes, mistake{SyntaxError: SyntaxError{Span: at, Message: message}, statement: at})
}

func (v *validator) children(n syntax.Node, around surroundings) {
	if n.Leaf() || v.depth == maxNesting {
		return
	}
	v.depth++
	for child := range n.Children() {
		v.node(child, around)
	}
	v.depth--
}

// node checks a node and what is below it.
func (v *validator) node(n syntax.Node, around surroundings) {
	switch v.kindOf(n) {
	case nodeFunctionDefinition:
		v.function(n, around)
		return
	case nodeLambda:
		v.parameters(n.ChildByID(v.role.parameters))
		v.children(n, surroundings{function: true})
		return
	case nodeClassDefinition:
		v.arguments(n.ChildByID(v.role.superclasses))
		v.block(n, n.ChildByID(v.role.body))
		v.children(n.ChildByID(v.role.superclasses), around)
		v.children(n.ChildByID(v.role.body), surroundings{class: true})
		return
	case nodeForStatement, nodeWhileStatement:
		v.loop(n, around)
		return
	case nodeCall:
		v.arguments(n.ChildByID(v.role.arguments))
	default:
		v.statement(n, around)
	}
	v.children(n, around)
}

// statement checks nodes that are right or wrong by what is around them.
func (v *validator) statement(n syntax.Node, around surroundings) {
	switch v.kindOf(n) {
	case nodeReturnStatement:
		v.require(around.function, n, "`return` can stand in a function only")
	case nodeYield:
		v.require(around.function, n, "`yield` can stand in a function only")
	case nodeAwait:
		v.awaits(around, around.async, n, "`await` can stand in an async function only")
	case nodeBreakStatement:
		v.require(around.loop, n, "`break` can stand in a loop only")
	case nodeContinueStatement:
		v.require(around.loop, n, "`continue` can stand in a loop only")
	case nodeNonlocalStatement:
		v.require(around.function || around.class, n, "`nonlocal` can't stand at module level")
	case nodeWildcardImport:
		v.require(!around.function && !around.class, n, "`import *` can stand at module level only")
	case nodeWithStatement:
		v.awaits(around, around.async || !v.has(n, "async"), n.First(), "`async with` can stand in an async function only")
		v.block(n, n.ChildByID(v.role.body))
	case nodeIfStatement, nodeElifClause, nodeCaseClause:
		v.block(n, n.ChildByID(v.role.consequence))
	case nodeElseClause:
		v.block(n, n.ChildByID(v.role.body))
	case nodeExceptClause, nodeFinallyClause:
		v.block(n, v.lastBlock(n))
	case nodeTryStatement:
		v.try(n)
	case nodePrintStatement, nodeExecStatement:
		if _, bad := v.renamed(n).(*ast.BadStmt); bad {
			v.report(v.span(n), "this is a function in Python 3: its arguments need parentheses")
		}
	case nodeInteger:
		if _, bad := v.number(n).(*ast.BadExpr); bad {
			v.report(v.span(n), "this is no number in Python 3")
		}
	case nodeExpressionStatement:
		v.require(v.kindOf(n.First()) != nodeNamedExpression, n, "`:=` can't stand alone: it needs parentheses")
	case nodeAssignment, nodeAugmentedAssignment:
		v.assignment(n)
	case nodeRaiseStatement:
		v.require(v.kindOf(n.First()) != nodeExpressionList, n, "`raise` takes one exception")
	}
}

// require reports a node where a condition isn't met.
func (v *validator) require(met bool, n syntax.Node, message string) {
	if !met && !n.HasError() {
		v.report(v.span(n), message)
	}
}

// awaits is require for what may stand at the top level of a notebook's cells.
func (v *validator) awaits(around surroundings, met bool, n syntax.Node, message string) {
	before := len(v.mistakes)
	v.require(met, n, message)
	for i := before; i < len(v.mistakes); i++ {
		v.mistakes[i].TopLevelAwait = !around.function && !around.class
	}
}

func (v *validator) function(n syntax.Node, around surroundings) {
	parameters, body := n.ChildByID(v.role.parameters), n.ChildByID(v.role.body)
	v.parameters(parameters)
	v.block(n, body)
	for child := range n.Children() {
		if child != body {
			v.children(child, around)
		}
	}
	v.children(body, surroundings{function: true, async: v.has(n, "async")})
}

func (v *validator) loop(n syntax.Node, around surroundings) {
	if v.has(n, "async") {
		v.awaits(around, around.async, n.First(), "`async for` can stand in an async function only")
	}
	v.block(n, n.ChildByID(v.role.body))
	for child := range n.Children() {
		inner := around
		inner.loop = inner.loop || v.kindOf(child) == nodeBlock
		v.node(child, inner)
	}
}

func (v *validator) try(n syntax.Node) {
	v.block(n, n.ChildByID(v.role.body))
	handled := false
	for child := range n.Children() {
		kind := v.kindOf(child)
		handled = handled || kind == nodeExceptClause || kind == nodeFinallyClause
	}
	if !handled && !n.HasError() {
		at := v.base + n.Start()
		v.report(Span{Start: at, End: at + len("try")}, "'except' or 'finally' is missing")
	}
}

// block checks that a block isn't empty.
func (v *validator) block(n, block syntax.Node) {
	if n.HasError() || block.First().OK() {
		return
	}
	for child := range n.All() {
		if child.Kind() == ":" && (!block.OK() || child.Start() < block.End()) {
			v.report(v.span(child), "an indented block is missing behind this")
			return
		}
	}
}

// assignment checks that a single target stands where only one can.
func (v *validator) assignment(n syntax.Node) {
	if v.kindOf(n) == nodeAssignment && !n.ChildByID(v.role.typ).OK() {
		return
	}
	left := n.ChildByID(v.role.left)
	switch v.kindOf(left) {
	case nodePatternList, nodeListPattern, nodeListSplatPattern:
		v.require(false, left, "there can be one target only")
	case nodeTuplePattern:
		v.require(!v.has(left, ",") && left.First().OK(), left, "there can be one target only")
	}
}

// parameters checks the parameters of a function.
func (v *validator) parameters(n syntax.Node) {
	names := map[string]bool{}
	defaults, keywordOnly := false, false
	for child := range n.Children() {
		name := child
		kind := v.kindOf(child)
		switch kind {
		case nodeKeywordSeparator:
			keywordOnly = true
		case nodeDefaultParameter, nodeTypedDefaultParameter:
			name, defaults = child.ChildByID(v.role.name), true
		case nodeTypedParameter:
			name = child.First()
		}
		switch v.kindOf(name) {
		case nodeListSplatPattern:
			keywordOnly = true
			name = name.First()
		case nodeDictionarySplatPattern:
			keywordOnly = true
			name = name.First()
		case nodeIdentifier:
			if defaults && !keywordOnly && (kind == nodeIdentifier || kind == nodeTypedParameter) {
				v.require(false, name, "a parameter without a default can't follow one with a default")
			}
		}
		id := v.identifier(name)
		if v.kindOf(name) != nodeIdentifier || id == "" {
			continue
		}
		v.require(!names[id], name, "there are two parameters `"+id+"`")
		names[id] = true
	}
}

// arguments checks the arguments of a call.
func (v *validator) arguments(n syntax.Node) {
	if v.kindOf(n) != nodeArgumentList {
		return
	}
	named, unpacked := false, false
	var names map[string]bool
	for child := range n.Children() {
		switch v.kindOf(child) {
		case nodeKeywordArgument:
			name := child.ChildByID(v.role.name)
			id := v.identifier(name)
			v.require(!names[id], name, "the argument `"+id+"` is given twice")
			if names == nil {
				names = map[string]bool{}
			}
			named, names[id] = true, true
		case nodeDictionarySplat:
			unpacked = true
		case nodeListSplat:
			v.require(!unpacked, child, "`*` can't follow `**`")
		case nodeError:
		default:
			if strings.HasPrefix(v.slice(child), "*") { // see starred
				continue
			}
			v.require(!named && !unpacked, child, "an argument without a name can't follow one with a name")
		}
	}
}

// indentWidth is the width of an indentation, with tabs to the next eighth
// column and with tabs as one: Python refuses lines that compare otherwise in
// both (Parser/tokenizer.c).
type indentWidth struct{ tabs8, tabs1 int }

// indentation checks that all statements of a block are indented alike, and
// those of the blocks in it.
func (v *validator) indentation(block syntax.Node, width indentWidth) {
	if v.depth == maxNesting {
		return
	}
	v.depth++
	for child := range block.Children() {
		v.indented(child, width)
	}
	v.depth--
}

// indented checks the indentation of a statement in a block.
func (v *validator) indented(n syntax.Node, width indentWidth) {
	if v.kindOf(n) == nodeError {
		return
	}
	if own, first := v.firstInLine(n); first && own != width {
		message := "this line isn't indented like the block that it is in"
		if own.tabs8 == width.tabs8 {
			message = "tabs and spaces are mixed in the indentation so that its depth isn't certain"
		}
		v.require(false, v.firstWord(n), message)
	}
	v.blocksIn(n)
}

// firstWord is the first token of a node.
func (v *validator) firstWord(n syntax.Node) syntax.Node {
	for !n.Leaf() {
		for child := range n.All() {
			n = child
			break
		}
	}
	return n
}

// blocksIn checks the indentation of the blocks of a compound statement.
func (v *validator) blocksIn(statement syntax.Node) {
	for child := range statement.Children() {
		switch v.kindOf(child) {
		case nodeBlock:
			if width, first := v.firstInLine(child.First()); first {
				v.indentation(child, width)
			}
		case nodeFunctionDefinition, nodeClassDefinition, nodeElifClause, nodeElseClause, nodeExceptClause,
			nodeFinallyClause, nodeCaseClause:
			v.blocksIn(child)
		}
	}
}

// firstInLine is the indentation of a node, false if it isn't the first of a
// logical line.
func (v *validator) firstInLine(n syntax.Node) (indentWidth, bool) {
	if !n.OK() {
		return indentWidth{}, false
	}
	text := v.source.Text()
	at := v.base + n.Start()
	start := v.source.LineStart(at)
	before := text[start:at]
	if start == 0 {
		before = bytes.TrimPrefix(before, byteOrderMark)
	}
	var width indentWidth
	for _, c := range before {
		switch c {
		case ' ':
			width.tabs8++
			width.tabs1++
		case '\t':
			width.tabs8 = (width.tabs8/8 + 1) * 8
			width.tabs1++
		case '\f':
			width = indentWidth{}
		default:
			return width, false
		}
	}
	return width, !bytes.HasSuffix(bytes.TrimRight(text[:start], "\r\n"), []byte(`\`))
}

package parser

import (
	"hash/fnv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// entityDecorators are the names of flytekit's decorators of functions whose
// bodies no other module sees. Another decorator may give the function back, and
// another module call it to get a type or a value.
var entityDecorators = setOf("task dynamic workflow eager reference_task reference_workflow reference_launch_plan")

// hash is the part of a statement in its module's fingerprint: see
// ast.Module.Fingerprint.
func (b *builder) hash(statement syntax.Node) uint64 {
	f := fingerprinter{builder: b}
	f.node(statement)
	hash := fnv.New64a()
	hash.Write(f.seen)
	return hash.Sum64()
}

// fingerprinter writes down what counts of a tree: the kinds of its nodes and
// the text of its leaves.
type fingerprinter struct {
	*builder
	seen []byte
}

const (
	openNode = 0xFE // neither is a byte of UTF-8
	endNode  = 0xFF
)

func (f *fingerprinter) node(n syntax.Node) {
	kind := f.kindOf(n)
	switch {
	case n.Extra():
		return
	case n.Leaf() || kind == nodeString:
		f.seen = append(f.seen, f.slice(n)...)
		f.seen = append(f.seen, endNode)
		return
	}
	f.seen = append(f.seen, openNode, byte(kind))
	entity := syntax.Node{}
	if kind == nodeDecoratedDefinition && f.isEntity(n) {
		entity = n.ChildByID(f.role.definition)
	}
	for child := range n.All() {
		if child == entity {
			f.withoutBody(child)
		} else {
			f.node(child)
		}
	}
	f.seen = append(f.seen, endNode)
}

// withoutBody writes down a function, of its body the docstring only.
func (f *fingerprinter) withoutBody(function syntax.Node) {
	body := function.ChildByID(f.role.body)
	for child := range function.All() {
		if child != body {
			f.node(child)
		}
	}
	f.seen = append(f.seen, f.docstring(body)...)
	f.seen = append(f.seen, endNode)
}

// isEntity tells whether a decorated definition is a function with one of
// flytekit's decorators.
func (f *fingerprinter) isEntity(n syntax.Node) bool {
	if f.kindOf(n.ChildByID(f.role.definition)) != nodeFunctionDefinition {
		return false
	}
	for child := range n.Children() {
		if f.kindOf(child) != nodeDecorator {
			continue
		}
		decorator := child.First()
		if f.kindOf(decorator) == nodeCall {
			decorator = decorator.ChildByID(f.role.function)
		}
		name := f.slice(decorator)
		if entityDecorators[name[strings.LastIndexByte(name, '.')+1:]] {
			return true
		}
	}
	return false
}

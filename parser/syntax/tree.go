package syntax

// #include "treesitter.h"
import "C"

import (
	"iter"
	"slices"
)

// flatNode is treesitter.h's FlatNode.
type flatNode struct {
	start, end, next uint32
	symbol           uint16
	field, flags     uint8
}

// flatTop is treesitter.h's Top.
type flatTop struct {
	id                uintptr
	index, start, was uint32
}

// ErrorSymbol is the symbol of a node that couldn't be parsed.
const ErrorSymbol = 0xFFFF

// Tree is a syntax tree: immutable, in Go's memory only.
type Tree struct {
	grammar *Grammar
	nodes   []flatNode // in preorder; shared until something is changed
	tops    []flatTop  // the children of the root
}

// TakenOver is which child of the older root a child of the root was, both
// counted from 0 with comments and tokens: its nodes are the same, but for
// offsets. It is -1 if the child is new.
func (t *Tree) TakenOver(child int) int { return int(t.tops[child].was) - 1 }

// Inserted tells whether a child of the root was inserted.
func (t *Tree) Inserted(child int) bool { return t.tops[child].id == 0 }

// Root is the node of the whole text. Of a nil tree it is no node.
func (t *Tree) Root() Node {
	if t == nil || len(t.nodes) == 0 {
		return Node{}
	}
	return Node{tree: t}
}

// Move changes all offsets, for a tree of a text that was made from another.
// It must come before the tree is shared. A nil tree has none.
func (t *Tree) Move(to func(offset int) int) {
	if t == nil {
		return
	}
	t.nodes = slices.Clone(t.nodes)
	for i := range t.nodes {
		t.nodes[i].start = uint32(to(int(t.nodes[i].start)))
		t.nodes[i].end = uint32(to(int(t.nodes[i].end)))
	}
}

// Part is the tree of a part of a text.
type Part struct {
	*Tree
	Offset int // of the part in the text
}

// Insert puts the trees of parts of the text, in order, where the tree has
// nothing: among the children of its root. It must come before the tree is
// shared.
func (t *Tree) Insert(parts []Part) {
	if len(parts) == 0 {
		return
	}
	root := t.nodes[0]
	nodes := append(make([]flatNode, 0, len(t.nodes)+len(parts)*len(parts[0].nodes)), root)
	tops := make([]flatTop, 0, len(t.tops)+len(parts))
	insert := func(part Part) {
		at := uint32(len(nodes))
		nodes = part.appendTo(nodes)
		for ; at < uint32(len(nodes)); at = nodes[at].next {
			tops = append(tops, flatTop{index: at, start: nodes[at].start})
		}
	}
	for _, top := range t.tops {
		i := top.index
		for len(parts) > 0 && parts[0].Offset <= int(t.nodes[i].start) {
			insert(parts[0])
			parts = parts[1:]
		}
		moved := uint32(len(nodes)) - i
		top.index += moved
		tops = append(tops, top)
		for _, n := range t.nodes[i:t.nodes[i].next] {
			n.next += moved
			nodes = append(nodes, n)
		}
	}
	for _, part := range parts {
		insert(part)
	}
	nodes[0].next = uint32(len(nodes))
	nodes[0].flags |= C.FLAT_HAS_ERROR
	t.nodes, t.tops = nodes, tops
}

// appendTo appends the nodes of a part, without its root if that says nothing.
func (p Part) appendTo(nodes []flatNode) []flatNode {
	own := p.nodes
	moved := uint32(len(nodes))
	if own[0].symbol != ErrorSymbol {
		own = own[1:]
		moved--
	}
	for _, n := range own {
		n.start += uint32(p.Offset)
		n.end += uint32(p.Offset)
		n.next += moved
		nodes = append(nodes, n)
	}
	return nodes
}

// Node is a node of a tree. The zero Node is no node: it has neither a kind
// nor children.
type Node struct {
	tree  *Tree
	index uint32
}

func (n Node) flat() flatNode {
	if n.tree == nil {
		return flatNode{}
	}
	return n.tree.nodes[n.index]
}

// OK tells whether there is a node.
func (n Node) OK() bool { return n.tree != nil }

// Kind is the grammar's name of the node: "call", or the text of a token that
// has no name of its own: "(". What couldn't be parsed is "ERROR".
func (n Node) Kind() string {
	switch symbol := n.flat().symbol; {
	case n.tree == nil:
		return ""
	case symbol == ErrorSymbol:
		return "ERROR"
	default:
		return n.tree.grammar.kinds[symbol]
	}
}

// Field is the node's role in its parent: "name", "body"; "" if it has none.
func (n Node) Field() string {
	if n.tree == nil {
		return ""
	}
	return n.tree.grammar.fields[n.flat().field]
}

// Symbol is the number of the node's kind: see Grammar.Symbols.
func (n Node) Symbol() int { return int(n.flat().symbol) }

// FieldID is the number of the node's role: see Grammar.FieldID.
func (n Node) FieldID() uint8 { return n.flat().field }

// Start is the offset of the node's first byte.
func (n Node) Start() int { return int(n.flat().start) }

// End is the offset behind the node's last byte.
func (n Node) End() int { return int(n.flat().end) }

// Named tells a node with a name of its own from a mere token.
func (n Node) Named() bool { return n.flat().flags&C.FLAT_NAMED != 0 }

// Missing tells a token that isn't in the text, and should be.
func (n Node) Missing() bool { return n.flat().flags&C.FLAT_MISSING != 0 }

// HasError tells whether something in the node didn't parse.
func (n Node) HasError() bool { return n.flat().flags&C.FLAT_HAS_ERROR != 0 }

// Leaf tells whether the node has no children.
func (n Node) Leaf() bool { return n.tree == nil || n.flat().next == n.index+1 }

// Extra tells a comment or the end of a line that goes on.
func (n Node) Extra() bool {
	symbol := n.Symbol()
	return symbol != ErrorSymbol && n.tree.grammar.extra[symbol]
}

// All are the children.
func (n Node) All() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.tree == nil {
			return
		}
		for i, end := n.index+1, n.flat().next; i < end; i = n.tree.nodes[i].next {
			if !yield(Node{tree: n.tree, index: i}) {
				return
			}
		}
	}
}

// Children are the children that have a name and are neither comments nor
// continued lines.
func (n Node) Children() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for child := range n.All() {
			if child.Named() && !child.Extra() && !yield(child) {
				return
			}
		}
	}
}

// Descendants are the node itself and all below, in the order of the text.
func (n Node) Descendants() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.tree == nil {
			return
		}
		for i, end := n.index, n.flat().next; i < end; i++ {
			if !yield(Node{tree: n.tree, index: i}) {
				return
			}
		}
	}
}

// Child is the first child with that role, the zero Node if there is none.
func (n Node) Child(field string) Node {
	for child := range n.All() {
		if child.Field() == field {
			return child
		}
	}
	return Node{}
}

// ChildByID is the first child whose role has that number, the zero Node if
// there is none.
func (n Node) ChildByID(field uint8) Node {
	for child := range n.All() {
		if child.FieldID() == field {
			return child
		}
	}
	return Node{}
}

// First is the first of Children, the zero Node if there is none.
func (n Node) First() Node {
	for child := range n.Children() {
		return child
	}
	return Node{}
}

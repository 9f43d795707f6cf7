// Package syntax parses Python and Go with tree-sitter, and hands out trees in
// Go's own memory. No C pointer leaves it.
package syntax

// #include "treesitter.h"
import "C"

import (
	"bytes"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"
	"unsafe"

	_ "github.com/tree-sitter/go-tree-sitter" // the C library
	tsgo "github.com/tree-sitter/tree-sitter-go/bindings/go"
	tspython "github.com/tree-sitter/tree-sitter-python/bindings/go"
)

// Grammar is a language that can be parsed, with the names of its nodes.
type Grammar struct {
	language *C.TSLanguage
	kinds    []string // by symbol
	extra    []bool   // by symbol: it says nothing, and may stand anywhere
	fields   []string // by field id, "" first
}

// PythonGrammar is Python, as tree-sitter-python describes it.
var PythonGrammar = sync.OnceValue(func() *Grammar { return newGrammar(tspython.Language()) })

// GoGrammar is Go, as tree-sitter-go describes it.
var GoGrammar = sync.OnceValue(func() *Grammar { return newGrammar(tsgo.Language()) })

func init() { C.use_c_allocator() } // after the init of tree-sitter's Go package

func newGrammar(language unsafe.Pointer) *Grammar {
	g := &Grammar{language: (*C.TSLanguage)(language)}
	for i := range C.ts_language_symbol_count(g.language) {
		kind := C.GoString(C.ts_language_symbol_name(g.language, C.uint16_t(i)))
		g.kinds = append(g.kinds, kind)
		g.extra = append(g.extra, kind == "comment" || kind == "line_continuation")
	}
	g.fields = []string{""}
	for i := range C.ts_language_field_count(g.language) {
		g.fields = append(g.fields, C.GoString(C.ts_language_field_name_for_id(g.language, C.uint16_t(i+1))))
	}
	return g
}

// Symbols are the names of the nodes' kinds by symbol: see Node.Symbol. A token
// may have the name of a node.
func (g *Grammar) Symbols() []string { return g.kinds }

// FieldID is the number of a role: see Node.FieldID. It is 0 if the grammar has
// no such role.
func (g *Grammar) FieldID(name string) uint8 {
	return uint8(max(0, slices.Index(g.fields, name)))
}

// Parsed is the outcome of a parse that the next parse can start from. It
// holds memory outside of Go, until it is closed as often as it was made and
// retained or, if that is forgotten, until it is garbage. It is safe for
// concurrent use.
type Parsed struct {
	grammar *Grammar
	text    []byte // what tree-sitter saw
	gaveUp  bool

	mu      sync.Mutex
	tree    *C.TSTree // nil when closed
	flat    flatTree  // empty before Tree is called
	before  *before   // what this was parsed from; nil after Tree is called
	owners  int
	cleanup runtime.Cleanup
}

// flatTree is a whole tree in Go's memory.
type flatTree struct {
	nodes []flatNode // in preorder
	tops  []flatTop
}

// before is the tree that a parse started from, and what was changed in its
// text: from edit on, offsets are greater by moved.
type before struct {
	flatTree
	edit, moved int
}

// live counts the C trees, so that a test can tell that none is leaked.
var live atomic.Int64

// patience is how long the parse of a text may compute. Valid code needs a tenth
// of it; but what a text of megabytes costs that isn't code at all grows with
// the square of its size.
func patience(length int) time.Duration {
	return min(100*time.Millisecond+time.Duration(length)*2*time.Microsecond, 2*time.Second)
}

// Parse parses a text, whatever is wrong with it.
func Parse(grammar *Grammar, text []byte) *Parsed {
	return parse(grammar, text, nil, false)
}

// ParseValid parses a text that has no errors; nil if it has some, which takes
// less time to find out than Parse takes. Where before is the outcome of an
// older text, not nil, what didn't change is taken from there. That makes no
// difference for the outcome, as it would for a text with errors: how
// tree-sitter recovers from one depends on what it could take over.
func ParseValid(grammar *Grammar, text []byte, before *Parsed) *Parsed {
	parsed := parse(grammar, text, before, true)
	if parsed.HasError() {
		parsed.Close()
		return nil
	}
	return parsed
}

func parse(grammar *Grammar, text []byte, before *Parsed, validOnly bool) *Parsed {
	text = plain(text)
	parser := C.ts_parser_new()
	defer C.ts_parser_delete(parser)
	C.ts_parser_set_language(parser, grammar.language)
	old, known := before.edited(text)
	if old != nil {
		defer C.ts_tree_delete(old)
	}
	p := &Parsed{grammar: grammar, text: text, owners: 1, before: known}
	start := (*C.char)(unsafe.Pointer(unsafe.SliceData(text)))
	p.tree = C.parse_text(parser, old, start, C.uint32_t(len(text)),
		C.uint32_t(patience(len(text)).Milliseconds()), C.bool(validOnly))
	if p.tree == nil {
		p.gaveUp = true
		return p
	}
	live.Add(1)
	p.cleanup = runtime.AddCleanup(p, deleteTree, p.tree)
	return p
}

// Text is the text that was parsed, with what was replaced in it for
// tree-sitter.
func (p *Parsed) Text() []byte { return p.text }

// HasError tells whether something in the text didn't parse, or all of it:
// see GaveUp.
func (p *Parsed) HasError() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.gaveUp || p.tree != nil && bool(C.has_error(p.tree))
}

// GaveUp tells that the text has so many errors that there is no tree.
func (p *Parsed) GaveUp() bool { return p.gaveUp }

// Retain adds an owner, who closes p too.
func (p *Parsed) Retain() *Parsed {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.owners++
	return p
}

// Close frees the memory outside of Go once all owners closed p. What was
// read from it stays valid, and parsing from it still works, at the price of
// a full parse.
func (p *Parsed) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.owners--
	if p.owners > 0 || p.tree == nil {
		return
	}
	p.cleanup.Stop()
	deleteTree(p.tree)
	p.tree = nil
}

func deleteTree(tree *C.TSTree) {
	C.ts_tree_delete(tree)
	live.Add(-1)
}

// edited is a copy of the tree that knows what changed between its text and
// the next: all from the first byte that differs to the last. It is nil if
// there is nothing to start from. known is what was read of it so far.
func (p *Parsed) edited(next []byte) (edited *C.TSTree, known *before) {
	if p == nil {
		return nil, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tree == nil {
		return nil, nil
	}
	start := commonPrefix(p.text, next)
	tail := commonSuffix(p.text[start:], next[start:])
	oldEnd, newEnd := len(p.text)-tail, len(next)-tail
	tree := C.ts_tree_copy(p.tree)
	edit := C.TSInputEdit{
		start_byte:    C.uint32_t(start),
		old_end_byte:  C.uint32_t(oldEnd),
		new_end_byte:  C.uint32_t(newEnd),
		start_point:   point(next, start),
		old_end_point: point(p.text, oldEnd),
		new_end_point: point(next, newEnd),
	}
	C.ts_tree_edit(tree, &edit)
	return tree, &before{flatTree: p.flat, edit: start, moved: newEnd - oldEnd}
}

// Tree reads the whole tree. It is nil if p is closed, gave up, or memory is
// short.
func (p *Parsed) Tree() *Tree {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tree == nil {
		return nil
	}
	if p.flat.nodes == nil {
		p.flat = p.flatten()
		p.before = nil
		if p.flat.nodes == nil {
			return nil
		}
	}
	return &Tree{grammar: p.grammar, nodes: p.flat.nodes, tops: p.flat.tops}
}

// flatten reads the tree; what it has in common with the one before, from there.
func (p *Parsed) flatten() flatTree {
	var old C.Before
	var pins runtime.Pinner
	defer pins.Unpin()
	if b := p.before; b != nil && len(b.tops) > 0 {
		nodes, tops := unsafe.SliceData(b.nodes), unsafe.SliceData(b.tops)
		pins.Pin(nodes)
		pins.Pin(tops)
		old = C.Before{
			nodes: (*C.FlatNode)(unsafe.Pointer(nodes)), tops: (*C.Top)(unsafe.Pointer(tops)),
			top_count: C.uint32_t(len(b.tops)), edit: C.uint32_t(b.edit), moved: C.uint32_t(uint32(int32(b.moved))),
		}
	}
	counts := C.count(p.tree)
	flat := flatTree{nodes: make([]flatNode, counts.nodes), tops: make([]flatTop, counts.tops)}
	complete := C.flatten(p.tree, &old, counts,
		(*C.FlatNode)(unsafe.Pointer(unsafe.SliceData(flat.nodes))), (*C.Top)(unsafe.Pointer(unsafe.SliceData(flat.tops))))
	if !complete {
		return flatTree{}
	}
	return flat
}

// Cuts tells whether an offset lies within a child of the root. It is false
// before Tree is called.
func (p *Parsed) Cuts(offset int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	tops := p.flat.tops
	end := func(i int) int { return int(p.flat.nodes[tops[i].index].end) }
	i := sort.Search(len(tops), func(i int) bool { return end(i) > offset })
	return i < len(tops) && int(tops[i].start) < offset
}

// plain makes a text that tree-sitter reads as Python does, byte for byte of
// the same length: a lone "\r" ends a line, and bytes that are no UTF-8 (a
// file in another encoding) are letters.
func plain(text []byte) []byte {
	if utf8.Valid(text) && bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	out := bytes.Clone(text)
	for i := 0; i < len(out); {
		r, size := utf8.DecodeRune(out[i:])
		if r == utf8.RuneError && size == 1 {
			out[i] = 'x'
		}
		if r == '\r' && (i+1 == len(out) || out[i+1] != '\n') {
			out[i] = '\n'
		}
		i += size
	}
	return out
}

func point(text []byte, offset int) C.TSPoint {
	before := text[:offset]
	return C.TSPoint{
		row:    C.uint32_t(bytes.Count(before, []byte{'\n'})),
		column: C.uint32_t(offset - 1 - bytes.LastIndexByte(before, '\n')),
	}
}

func commonPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	const block = 256
	i := 0
	for i+block <= n && bytes.Equal(a[i:i+block], b[i:i+block]) {
		i += block
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}

func commonSuffix(a, b []byte) int {
	n := min(len(a), len(b))
	const block = 256
	i := 0
	for i+block <= n && bytes.Equal(a[len(a)-i-block:len(a)-i], b[len(b)-i-block:len(b)-i]) {
		i += block
	}
	for i < n && a[len(a)-1-i] == b[len(b)-1-i] {
		i++
	}
	return i
}

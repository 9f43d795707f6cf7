package graph

import (
	"context"
	"slices"

	"golang.org/x/text/width"

	"github.com/flyte-lsp/flyte-lsp/graph/layered"
	"github.com/flyte-lsp/flyte-lsp/model"
)

// Sizes of what is drawn, in pixels. Labels have a font whose characters are all
// of one width, so that what they need is known without measuring.
const (
	charWidth  = 7.2 // of a font of 12 pixels
	lineHeight = 16.0
	padding    = 10.0
	diamond    = 40.0
)

// drawn is a node in the picture.
type drawn struct {
	node *Node
	// box is the node's place among those in the same frame.
	box layered.Box
	// frame is what is drawn within an open node, nil of others. It begins below
	// the label.
	frame *frame
	// decides: it is the diamond that stands for a conditional within its frame.
	decides bool
	title   string
	more    []string
}

// frame are the nodes within another, or at the top, and the links between them.
type frame struct {
	nodes         []*drawn
	links         []*layered.Link
	edges         []*Edge // by link; those that lead to nodes further within, together
	width, height float64
}

// frame places the nodes within another, "" for those at the top.
func (g *Graph) frame(ctx context.Context, parent string) (*frame, error) {
	f := &frame{}
	number := map[string]int{} // of the nodes in the frame, with those within them
	for _, node := range g.inside(parent) {
		d := &drawn{node: node}
		d.title, d.more = node.lines()
		d.box.Width, d.box.Height = sizeOf(append([]string{d.title}, d.more...))
		d.box.Last = node.Kind == End
		if node.Open {
			var err error
			if d.frame, err = g.frame(ctx, node.ID); err != nil {
				return nil, err
			}
			d.box.Width = max(d.box.Width, d.frame.width+2*padding)
			d.box.Height += d.frame.height + padding
		}
		for _, id := range g.all(node.ID) {
			number[id] = len(f.nodes)
		}
		f.nodes = append(f.nodes, d)
	}
	if around := g.find(parent); around != nil && around.Kind == Kind(model.BranchNode) {
		number[parent] = len(f.nodes)
		f.nodes = append(f.nodes, &drawn{node: around, decides: true, title: "?", box: layered.Box{Width: diamond, Height: diamond}})
	}
	for _, edge := range g.Edges {
		from, ok := number[edge.From]
		to, known := number[edge.To]
		if !ok || !known || from == to || parent != "" && edge.From == parent && edge.Kind != Case {
			continue
		}
		f.link(from, to, edge)
	}
	boxes := make([]*layered.Box, len(f.nodes))
	for i, d := range f.nodes {
		boxes[i] = &d.box
	}
	for i, link := range f.links {
		if lines := f.edges[i].lines(); len(lines) > 0 {
			link.Width, link.Height = textSize(lines)
			link.Width += padding
		}
	}
	var err error
	f.width, f.height, err = layered.Place(ctx, boxes, f.links)
	return f, err
}

// link adds a link for an edge. Edges of a kind that are one in the frame, as they
// lead to nodes within the same one, share a link.
func (f *frame) link(from, to int, edge *Edge) {
	for i, link := range f.links {
		if link.From == from && link.To == to && f.edges[i].Kind == edge.Kind && edge.Kind != Case {
			both := *f.edges[i]
			both.Bindings = slices.Clone(both.Bindings)
			for _, binding := range edge.Bindings {
				if !slices.Contains(both.Bindings, binding) {
					both.Bindings = append(both.Bindings, binding)
				}
			}
			f.edges[i] = &both
			return
		}
	}
	f.links = append(f.links, &layered.Link{From: from, To: to})
	f.edges = append(f.edges, edge)
}

// all are the ids of a node and those within it.
func (g *Graph) all(id string) []string {
	ids := []string{id}
	for _, node := range g.inside(id) {
		ids = append(ids, g.all(node.ID)...)
	}
	return ids
}

// sizeOf is the size of a box with lines in it.
func sizeOf(lines []string) (wide, high float64) {
	wide, high = textSize(lines)
	return wide + 2*padding, high + padding
}

func textSize(lines []string) (wide, high float64) {
	for _, line := range lines {
		wide = max(wide, charWidth*float64(columns(line)))
	}
	return wide, lineHeight * float64(len(lines))
}

// columns are the columns that a text takes in a terminal: signs of East Asia
// have two.
func columns(text string) int {
	count := 0
	for _, r := range text {
		count++
		if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			count++
		}
	}
	return count
}

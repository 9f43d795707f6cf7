// Package layered places the boxes of a directed graph in layers, so that its
// links lead downwards and cross seldom.
//
// It is what Sugiyama, Tagawa and Toda describe (Methods for Visual
// Understanding of Hierarchical System Structures, 1981): layers by the longest
// path, the order within them by barycenters. The places within a layer are a
// least squares fit that keeps the order (Ayer et al., An Empirical Distribution
// Function for Sampling with Incomplete Information, 1955).
package layered

import (
	"context"
	"slices"
)

// Distances between boxes, in the unit of their sizes.
const (
	beside  = 28.0 // between boxes of a layer
	between = 26.0 // between layers
	passing = 14.0 // between a box and a link that passes it
)

// Box is a rectangle to place.
type Box struct {
	Width, Height float64
	// X and Y are the middle of its upper side: what Place finds.
	X, Y float64
	// Last boxes stand in the lowest layer, if no links lead from them.
	Last bool
}

// Link leads from a box to another one of the graph, by their numbers.
type Link struct {
	From, To int
	// Width and Height are what its label needs, 0 if it has none.
	Width, Height float64
	// Lines are the points that it goes through, from the lower side of the one box
	// to the upper side of the other: what Place finds. There are two of them where
	// a label stands between.
	Lines [][]Point
	// Label is the middle of its label, and has a meaning if it has one.
	Label Point
}

// Point is a place; Y grows downwards.
type Point struct{ X, Y float64 }

// Place places the boxes and links of a graph in a picture that begins at 0, 0,
// and returns its size. Links may lead in circles; one from a box to itself has
// no lines. The error is the context's.
func Place(ctx context.Context, boxes []*Box, links []*Link) (width, height float64, err error) {
	p := &placing{}
	p.spread(boxes, links)
	if err := p.order(ctx); err != nil {
		return 0, 0, err
	}
	if err := p.align(ctx); err != nil {
		return 0, 0, err
	}
	width, height = p.settle()
	for _, c := range p.chains {
		c.route()
	}
	return width, height, nil
}

// spot is what has a place in a layer: a box, or a link that passes the layer.
type spot struct {
	box           *Box // nil of a link
	width, height float64
	x, y          float64 // the middle of its upper side
	floor         float64 // where its layer ends
	layer, at     int     // at is its number in the layer
	above, below  []*spot // the neighbours in the layers next to it
}

// chain is a link through the layers.
type chain struct {
	link  *Link
	spots []*spot // downwards, with those of the two boxes
	label *spot   // nil if there is none
	up    bool    // it leads upwards
}

type placing struct {
	layers [][]*spot
	chains []*chain
}

// spread puts the boxes into even layers, and links with their labels between.
func (p *placing) spread(boxes []*Box, links []*Link) {
	spots := make([]*spot, len(boxes))
	layers, sequence := layersOf(boxes, links)
	for i, box := range boxes {
		spots[i] = &spot{box: box, width: box.Width, height: box.Height, layer: 2 * layers[i]}
	}
	deepest := 0
	for _, s := range spots {
		deepest = max(deepest, s.layer)
	}
	p.layers = make([][]*spot, deepest+1)
	for _, i := range sequence {
		p.put(spots[i])
	}
	for _, link := range links {
		from, to := spots[link.From], spots[link.To]
		if from == to {
			continue
		}
		c := &chain{link: link, up: from.layer > to.layer}
		if c.up {
			from, to = to, from
		}
		c.spots = append(c.spots, from)
		for layer := from.layer + 1; layer < to.layer; layer++ {
			passed := &spot{layer: layer}
			if layer == to.layer-1 && link.Width > 0 {
				passed.width, passed.height = link.Width, link.Height
				c.label = passed
			}
			p.put(passed)
			c.spots = append(c.spots, passed)
		}
		c.spots = append(c.spots, to)
		for i, s := range c.spots[1:] {
			s.above = append(s.above, c.spots[i])
			c.spots[i].below = append(c.spots[i].below, s)
		}
		p.chains = append(p.chains, c)
	}
}

func (p *placing) put(s *spot) {
	s.at = len(p.layers[s.layer])
	p.layers[s.layer] = append(p.layers[s.layer], s)
}

// layersOf are the layers of boxes: one more than the lowest of those with links
// to it. A link of a circle that leads back counts as one the other way round.
// sequence has the boxes in an order in which other links lead forwards.
func layersOf(boxes []*Box, links []*Link) (layers, sequence []int) {
	waits := make([]int, len(boxes)) // for how many boxes
	next := make([][]int, len(boxes))
	before := make([][]int, len(boxes))
	for _, link := range links {
		if link.From != link.To {
			waits[link.To]++
			next[link.From] = append(next[link.From], link.To)
			before[link.To] = append(before[link.To], link.From)
		}
	}
	layers = make([]int, len(boxes))
	placed := make([]bool, len(boxes))
	for len(sequence) < len(boxes) {
		ready := slices.Index(waits, 0)
		if ready < 0 { // a circle
			ready = slices.Index(placed, false)
		}
		placed[ready], waits[ready] = true, -1
		sequence = append(sequence, ready)
		for _, to := range next[ready] {
			if !placed[to] {
				waits[to]--
			}
		}
		for _, to := range slices.Concat(next[ready], before[ready]) {
			if !placed[to] {
				layers[to] = max(layers[to], layers[ready]+1)
			}
		}
	}
	deepest := 0
	for _, layer := range layers {
		deepest = max(deepest, layer)
	}
	for i, box := range boxes {
		if box.Last && len(next[i]) == 0 {
			layers[i] = deepest
		}
	}
	return layers, sequence
}

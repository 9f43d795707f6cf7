package layered

import (
	"context"
	"math"
	"slices"
)

// rounds is how often boxes are moved to their neighbours.
const rounds = 16

// align places the boxes within their layers: near those that they have links
// with, in the order of the layer.
func (p *placing) align(ctx context.Context) error {
	for _, layer := range p.layers {
		x := 0.0
		for i, s := range layer {
			if i > 0 {
				x += apart(layer[i-1], s)
			}
			s.x = x
		}
		for _, s := range layer {
			s.x -= x / 2
		}
	}
	for round := range rounds {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for i := range p.layers {
			layer := p.layers[i]
			switch round % 4 {
			case 0, 1: // downwards, by the layer above
				fit(layer, func(s *spot) []*spot { return s.above })
			case 2: // upwards
				layer = p.layers[len(p.layers)-1-i]
				fit(layer, func(s *spot) []*spot { return s.below })
			case 3:
				fit(layer, func(s *spot) []*spot { return append(s.above[:len(s.above):len(s.above)], s.below...) })
			}
		}
	}
	return nil
}

// apart is how far the middles of neighbours in a layer are from each other at
// least.
func apart(left, right *spot) float64 {
	gap := beside
	if left.box == nil || right.box == nil {
		gap = passing
	}
	return (left.width+right.width)/2 + gap
}

// fit moves the spots of a layer as near to the middles of their neighbours as
// their order and widths allow: the sum of the squares of what is missing is the
// least one. Links weigh more than boxes, so that they are straight.
func fit(layer []*spot, neighbours func(*spot) []*spot) {
	// With the distances taken off, the places have only to grow: neighbours that
	// would be the wrong way round share a place, their mean.
	type block struct {
		sum, weight float64
		spots       int
	}
	offsets := make([]float64, len(layer))
	var blocks []block
	for i, s := range layer {
		if i > 0 {
			offsets[i] = offsets[i-1] + apart(layer[i-1], s)
		}
		wanted, weight := s.x, 0.01
		if near := neighbours(s); len(near) > 0 {
			wanted, weight = 0, 1
			for _, n := range near {
				wanted += n.x / float64(len(near))
			}
			if s.box == nil {
				weight = 4
			}
		}
		blocks = append(blocks, block{sum: (wanted - offsets[i]) * weight, weight: weight, spots: 1})
		for last := len(blocks) - 1; last > 0 && blocks[last-1].sum/blocks[last-1].weight > blocks[last].sum/blocks[last].weight; last-- {
			blocks[last-1].sum += blocks[last].sum
			blocks[last-1].weight += blocks[last].weight
			blocks[last-1].spots += blocks[last].spots
			blocks = blocks[:last]
		}
	}
	i := 0
	for _, b := range blocks {
		for range b.spots {
			layer[i].x = b.sum/b.weight + offsets[i]
			i++
		}
	}
}

// settle gives the layers their heights, moves all to where the picture begins,
// and returns its size.
func (p *placing) settle() (width, height float64) {
	left, right := math.Inf(1), math.Inf(-1)
	for i, layer := range p.layers {
		deep := 0.0
		for _, s := range layer {
			deep = max(deep, s.height)
			left, right = min(left, s.x-s.width/2), max(right, s.x+s.width/2)
		}
		for _, s := range layer {
			s.y, s.floor = height, height+deep
		}
		height += deep
		if i < len(p.layers)-1 {
			height += between
		}
	}
	if left > right {
		return 0, 0
	}
	for _, layer := range p.layers {
		for _, s := range layer {
			s.x -= left
			if s.box != nil {
				s.box.X, s.box.Y = s.x, s.y
			}
		}
	}
	return right - left, height
}

// route leads the link through the places that it has in the layers.
func (c *chain) route() {
	link := c.link
	var line []Point
	for i, s := range c.spots {
		top, bottom := Point{s.x, s.y}, Point{s.x, s.y + s.height}
		switch {
		case i == 0:
			// What is beside may be higher: straight down to where it ends.
			line = append(line, bottom, Point{s.x, s.floor})
		case i == len(c.spots)-1:
			line = append(line, top)
		case s == c.label:
			link.Label = Point{s.x, (s.y + s.floor) / 2}
			line = append(line, top, Point{s.x, link.Label.Y - link.Height/2})
			link.Lines = append(link.Lines, line)
			line = []Point{{s.x, link.Label.Y + link.Height/2}, {s.x, s.floor}}
		default:
			line = append(line, top, Point{s.x, s.floor})
		}
	}
	link.Lines = append(link.Lines, line)
	if c.up {
		slices.Reverse(link.Lines)
		for _, line := range link.Lines {
			slices.Reverse(line)
		}
	}
}

package layered

import (
	"cmp"
	"context"
	"slices"
)

// sweeps is how often the order of the layers is looked over, up and down.
const sweeps = 12

// order finds an order within the layers in which links cross seldom.
func (p *placing) order(ctx context.Context) error {
	best, fewest := p.taken(), p.crossings()
	for sweep := 0; sweep < sweeps && fewest > 0; sweep++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		down := sweep%2 == 0
		for i := range p.layers {
			if !down {
				i = len(p.layers) - 1 - i
			}
			sortLayer(p.layers[i], down)
		}
		if crossings := p.crossings(); crossings < fewest {
			best, fewest = p.taken(), crossings
		}
	}
	p.layers = best
	for _, layer := range p.layers {
		renumber(layer)
	}
	return nil
}

// taken is a copy of the layers as they are.
func (p *placing) taken() [][]*spot {
	layers := make([][]*spot, len(p.layers))
	for i, layer := range p.layers {
		layers[i] = slices.Clone(layer)
	}
	return layers
}

// sortLayer orders a layer by where the neighbours in the one above, or below,
// are in the mean. What has none stays where it is.
func sortLayer(layer []*spot, down bool) {
	means := make(map[*spot]float64, len(layer))
	for _, s := range layer {
		neighbours := s.above
		if !down {
			neighbours = s.below
		}
		means[s] = float64(s.at)
		if len(neighbours) > 0 {
			sum := 0
			for _, n := range neighbours {
				sum += n.at
			}
			means[s] = float64(sum) / float64(len(neighbours))
		}
	}
	slices.SortStableFunc(layer, func(a, b *spot) int { return cmp.Compare(means[a], means[b]) })
	renumber(layer)
}

func renumber(layer []*spot) {
	for i, s := range layer {
		s.at = i
	}
}

// crossings counts the crossings of links between layers that follow each other.
func (p *placing) crossings() int {
	count := 0
	for i, layer := range p.layers[:max(0, len(p.layers)-1)] {
		// The ends below, in the order of those above: each pair the wrong way
		// round is a crossing. before[k] sums, as a Fenwick tree, how many ends were
		// seen up to k.
		before := make([]int, len(p.layers[i+1])+1)
		seen := 0
		for _, s := range layer {
			ends := make([]int, len(s.below))
			for j, n := range s.below {
				ends[j] = n.at
			}
			slices.Sort(ends)
			for _, end := range ends {
				upTo := 0
				for k := end + 1; k > 0; k -= k & -k {
					upTo += before[k]
				}
				count += seen - upTo
			}
			for _, end := range ends {
				for k := end + 1; k < len(before); k += k & -k {
					before[k]++
				}
				seen++
			}
		}
	}
	return count
}

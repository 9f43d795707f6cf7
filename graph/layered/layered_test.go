package layered_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/graph/layered"
)

// Whatever the graph is, boxes don't overlap, lie within the picture, and links
// lead from the one box to the other.
func TestPlace(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		boxes := make([]*layered.Box, random.IntN(25))
		for i := range boxes {
			boxes[i] = &layered.Box{Width: 10 + 100*random.Float64(), Height: 10 + 50*random.Float64(), Last: random.IntN(20) == 0}
		}
		var links []*layered.Link
		for range random.IntN(40) {
			if len(boxes) == 0 {
				break
			}
			links = append(links, &layered.Link{From: random.IntN(len(boxes)), To: random.IntN(len(boxes)), Width: 80 * float64(random.IntN(2)), Height: 12})
		}
		width, height, err := layered.Place(t.Context(), boxes, links)
		if err != nil {
			t.Fatal(err)
		}
		check(t, boxes, links, width, height)
	}
}

func check(t *testing.T, boxes []*layered.Box, links []*layered.Link, width, height float64) {
	t.Helper()
	const rounding = 0.001
	for i, a := range boxes {
		if a.X-a.Width/2 < -rounding || a.X+a.Width/2 > width+rounding || a.Y < -rounding || a.Y+a.Height > height+rounding {
			t.Fatalf("box %d at %v is outside of %v x %v", i, *a, width, height)
		}
		for j, b := range boxes[:i] {
			if a.Y < b.Y+b.Height && b.Y < a.Y+a.Height && a.X-a.Width/2 < b.X+b.Width/2-rounding && b.X-b.Width/2 < a.X+a.Width/2-rounding {
				t.Fatalf("boxes %d and %d overlap: %v %v", i, j, *a, *b)
			}
		}
	}
	for _, link := range links {
		if link.From == link.To {
			if len(link.Lines) > 0 {
				t.Fatal("a link to itself has lines")
			}
			continue
		}
		from, to := boxes[link.From], boxes[link.To]
		first, last := link.Lines[0][0], link.Lines[len(link.Lines)-1]
		end := last[len(last)-1]
		if first.X != from.X || end.X != to.X || first.Y != from.Y+from.Height && first.Y != from.Y || end.Y != to.Y && end.Y != to.Y+to.Height {
			t.Fatalf("the link from %v to %v leads from %v to %v", *from, *to, first, end)
		}
	}
}

// Links lead downwards where nothing leads in a circle, also if the boxes come in
// another order, and those that could cross don't.
func TestDownwards(t *testing.T) {
	boxes := make([]*layered.Box, 6)
	for i := range boxes {
		boxes[i] = &layered.Box{Width: 40, Height: 20}
	}
	// 5 -> 4 -> 3, and two pairs whose order has to change: 0 -> 3, 1 -> 2.
	links := []*layered.Link{{From: 5, To: 4}, {From: 4, To: 3}, {From: 0, To: 3}, {From: 1, To: 2}, {From: 5, To: 1}}
	if _, _, err := layered.Place(t.Context(), boxes, links); err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if boxes[link.From].Y >= boxes[link.To].Y {
			t.Errorf("%d isn't above %d", link.From, link.To)
		}
	}
	if (boxes[4].X < boxes[1].X) != (boxes[3].X < boxes[2].X) {
		t.Error("links cross")
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	boxes := []*layered.Box{{Width: 1, Height: 1}, {Width: 1, Height: 1}}
	if _, _, err := layered.Place(ctx, boxes, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

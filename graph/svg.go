package graph

import (
	"context"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/graph/layered"
	"github.com/flyte-lsp/flyte-lsp/model"
)

const margin = 12.0

// style draws with the colour of the text around, so that a picture fits a page,
// or an editor, that is dark or light. A page sets the variables to choose others.
const style = `
.flyte-graph { color: var(--flyte-graph-foreground, currentColor); font: 12px ui-monospace, monospace; }
.flyte-graph text { fill: currentColor; text-anchor: middle; dominant-baseline: central; }
.flyte-graph .title { font-weight: bold; }
.flyte-graph .more { opacity: .75; }
.flyte-graph .shape, .flyte-graph path { fill: none; stroke: currentColor; }
.flyte-graph .shape { fill: var(--flyte-graph-background, transparent); }
.flyte-graph .open > .shape { stroke-opacity: .5; }
.flyte-graph .maybe > .shape, .flyte-graph .failure > .shape { stroke-dasharray: 5 3; }
.flyte-graph .unknown > .shape, .flyte-graph .fail > .shape { stroke-dasharray: 2 3; }
.flyte-graph path { opacity: .6; }
.flyte-graph .order path { stroke-dasharray: 5 4; }
.flyte-graph .case path { stroke-width: 1.8; }
.flyte-graph .arrow { fill: currentColor; stroke: none; opacity: .6; }
.flyte-graph .succeeded > .shape { stroke: var(--flyte-graph-succeeded, #2e9d4c); stroke-width: 2; }
.flyte-graph .failed > .shape { stroke: var(--flyte-graph-failed, #d13438); stroke-width: 2; }
.flyte-graph .running > .shape { stroke: var(--flyte-graph-running, #2b7de9); stroke-width: 2; }
`

// SVG draws the graph. Each node is a group with the id "node-" and the node's id,
// and with data-file and data-line where it comes from. The error is the
// context's.
func (g *Graph) SVG(ctx context.Context) (string, error) {
	f, err := g.frame(ctx, "")
	if err != nil {
		return "", err
	}
	w := &svgWriter{}
	wide, high := f.width+2*margin, f.height+2*margin
	w.line(`<svg xmlns="http://www.w3.org/2000/svg" class="flyte-graph" width="%s" height="%s" viewBox="0 0 %s %s" role="img" aria-label="%s">`,
		number(wide), number(high), number(wide), number(high), escaped("The graph of "+g.Entity.Name))
	w.line(`<style>%s</style>`, style)
	w.line(`<defs><marker id="flyte-graph-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="arrow" d="M0 0L8 4L0 8z"/></marker></defs>`)
	w.frame(f, margin, margin)
	w.line(`</svg>`)
	return w.String(), nil
}

type svgWriter struct{ strings.Builder }

func (w *svgWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// frame draws nodes and their links with the corner of the frame at a place.
func (w *svgWriter) frame(f *frame, left, top float64) {
	for _, d := range f.nodes {
		w.node(d, left, top)
	}
	for i, link := range f.links {
		w.link(link, f.edges[i], left, top)
	}
}

func (w *svgWriter) node(d *drawn, left, top float64) {
	x, y := left+d.box.X, top+d.box.Y
	node := d.node
	if d.decides {
		w.line(`<g class="decision" data-of="%s">`, escaped(node.ID))
		half := diamond / 2
		w.line(`<polygon class="shape" points="%s,%s %s,%s %s,%s %s,%s"/>`, number(x), number(y), number(x+half), number(y+half),
			number(x), number(y+diamond), number(x-half), number(y+half))
		w.text("title", d.title, x, y+half)
		w.line(`</g>`)
		return
	}
	w.line(`<g id="node-%s" class="%s" data-id="%s"%s>`, escaped(node.ID), classOf(node), escaped(node.ID), placeOf(node.Place))
	w.line(`<title>%s</title>`, escaped(tooltip(node)))
	corner := 5.0
	switch node.Kind {
	case Start, End:
		corner = 16
	case Kind(model.GateNode), Fail:
		corner = 0
	}
	w.line(`<rect class="shape" x="%s" y="%s" width="%s" height="%s" rx="%s"/>`,
		number(x-d.box.Width/2), number(y), number(d.box.Width), number(d.box.Height), number(corner))
	at := y + padding/2 + lineHeight/2
	w.text("title", d.title, x, at)
	for _, line := range d.more {
		at += lineHeight
		w.text("more", line, x, at)
	}
	if d.frame != nil {
		w.frame(d.frame, x-d.frame.width/2, at+lineHeight/2+padding/2)
	}
	w.line(`</g>`)
}

func (w *svgWriter) text(class, text string, x, y float64) {
	w.line(`<text class="%s" x="%s" y="%s">%s</text>`, class, number(x), number(y), escaped(text))
}

func (w *svgWriter) link(link *layered.Link, edge *Edge, left, top float64) {
	if len(link.Lines) == 0 {
		return
	}
	w.line(`<g class="edge %s" data-from="%s" data-to="%s">`, edge.Kind, escaped(edge.From), escaped(edge.To))
	for i, line := range link.Lines {
		var path strings.Builder
		fmt.Fprintf(&path, "M%s %s", number(left+line[0].X), number(top+line[0].Y))
		for j, point := range line[1:] {
			before, x, y := line[j], left+point.X, top+point.Y
			middle := top + (before.Y+point.Y)/2
			fmt.Fprintf(&path, "C%s %s %s %s %s %s", number(left+before.X), number(middle), number(x), number(middle), number(x), number(y))
		}
		arrow := ""
		if i == len(link.Lines)-1 {
			arrow = ` marker-end="url(#flyte-graph-arrow)"`
		}
		w.line(`<path d="%s"%s/>`, path.String(), arrow)
	}
	lines := edge.lines()
	at := top + link.Label.Y - lineHeight*float64(len(lines)-1)/2
	for i, line := range lines {
		w.text("label", line, left+link.Label.X, at+lineHeight*float64(i))
	}
	w.line(`</g>`)
}

func classOf(node *Node) string {
	classes := []string{"node", string(node.Kind)}
	if node.Open {
		classes = append(classes, "open")
	}
	if node.Conditional {
		classes = append(classes, "maybe")
	}
	if node.Failure {
		classes = append(classes, "failure")
	}
	if class := phaseClass(node.Phase); class != "" {
		classes = append(classes, class)
	}
	return strings.Join(classes, " ")
}

func placeOf(place Place) string {
	if place.File == "" {
		return ""
	}
	cell := ""
	if place.Cell > 0 {
		cell = fmt.Sprintf(` data-cell="%d"`, place.Cell)
	}
	return fmt.Sprintf(` data-file="%s"%s data-line="%d"`, escaped(place.File), cell, place.Line)
}

// tooltip tells of a node what the picture may have no room for.
func tooltip(node *Node) string {
	lines := []string{node.Name}
	if node.NodeID != "" {
		lines[0] += " (" + node.NodeID + ")"
	}
	for _, value := range node.Inputs {
		lines = append(lines, typed(value.Name, value.Type)+assigned(value))
	}
	for _, value := range node.Outputs {
		lines = append(lines, "→ "+typed(value.Name, value.Type))
	}
	if node.Detail != "" {
		lines = append(lines, node.Detail)
	}
	return strings.Join(lines, "\n")
}

func escaped(text string) string {
	var written strings.Builder
	_ = xml.EscapeText(&written, []byte(text)) // a Builder takes all
	return written.String()
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }

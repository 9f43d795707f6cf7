package graph

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
)

// shapes are those of Graphviz for the kinds of nodes; others are boxes.
var shapes = map[Kind]string{
	Kind(model.BranchNode): "diamond", Kind(model.GateNode): "octagon", Kind(model.ArrayNode): "box3d",
	Kind(model.WorkflowNode): "component", Kind(model.LaunchPlanNode): "component",
	Start: "note", End: "note", Fail: "plaintext", Unknown: "plaintext",
}

// Dot writes the graph in the language of Graphviz.
func (g *Graph) Dot() string {
	w := &dotWriter{graph: g}
	w.line("digraph %s {", quoted(g.Entity.Name))
	w.line("  compound=true")
	w.line("  node [shape=box, style=rounded]")
	w.nodes("", "  ")
	for _, edge := range g.Edges {
		w.edge(edge)
	}
	w.line("}")
	return w.String()
}

type dotWriter struct {
	strings.Builder
	graph *Graph
}

func (w *dotWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *dotWriter) nodes(parent, indent string) {
	for _, node := range w.graph.inside(parent) {
		if !node.Open {
			w.node(node, indent)
			continue
		}
		w.line("%ssubgraph %s {", indent, quoted("cluster_"+node.ID))
		w.line("%s  label=%s", indent, quoted(labelOf(node)))
		if node.Kind == Kind(model.BranchNode) {
			w.node(&Node{ID: node.ID, Kind: node.Kind, Name: "?"}, indent+"  ")
		}
		w.nodes(node.ID, indent+"  ")
		w.line("%s}", indent)
	}
}

func (w *dotWriter) node(node *Node, indent string) {
	attributes := "label=" + quoted(labelOf(node))
	if node.Name == "?" {
		attributes = `label="?"`
	}
	if shape := shapes[node.Kind]; shape != "" {
		attributes += ", shape=" + shape
	}
	if node.Conditional || node.Failure {
		attributes += `, style="rounded,dashed"`
	}
	w.line("%s%s [%s]", indent, quoted(node.ID), attributes)
}

// edge writes an edge. One of Graphviz leads between nodes, and ends at the
// border of a cluster if it is told so.
func (w *dotWriter) edge(edge *Edge) {
	from, tail := edge.From, ""
	if node := w.graph.find(from); node.Open && edge.Kind != Case {
		from, tail = w.within(from, true), ", ltail="+quoted("cluster_"+from)
	}
	to, head := edge.To, ""
	if node := w.graph.find(to); node.Open {
		to, head = w.within(to, false), ", lhead="+quoted("cluster_"+to)
	}
	attributes := "label=" + quoted(strings.Join(edge.lines(), "\n")) + tail + head
	switch edge.Kind {
	case Order:
		attributes += ", style=dashed"
	case Case:
		attributes += ", style=bold"
	}
	w.line("  %s -> %s [%s]", quoted(from), quoted(to), attributes)
}

// within is a node within a cluster: its last one, or its first one.
func (w *dotWriter) within(id string, last bool) string {
	node := w.graph.find(id)
	if node.Kind == Kind(model.BranchNode) && !last {
		return id // its diamond
	}
	inside := w.graph.inside(id)
	if !node.Open || len(inside) == 0 {
		return id
	}
	if last {
		return w.within(inside[len(inside)-1].ID, last)
	}
	return w.within(inside[0].ID, last)
}

func labelOf(node *Node) string {
	title, more := node.lines()
	return strings.Join(append([]string{title}, more...), "\n")
}

// quoted is a string of Graphviz's language.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", "").Replace(text) + `"`
}

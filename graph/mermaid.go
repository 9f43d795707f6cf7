package graph

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
)

// mermaidShapes are the brackets around the labels of the kinds of nodes.
var mermaidShapes = map[Kind][2]string{
	Kind(model.BranchNode): {"{", "}"}, Kind(model.GateNode): {"{{", "}}"}, Kind(model.ArrayNode): {"[[", "]]"},
	Kind(model.WorkflowNode): {"[[", "]]"}, Kind(model.LaunchPlanNode): {"[[", "]]"},
	Start: {"([", "])"}, End: {"([", "])"}, Fail: {">", "]"}, Unknown: {">", "]"},
}

// Mermaid writes the graph as a flowchart of Mermaid, which many viewers of
// Markdown draw.
func (g *Graph) Mermaid() string {
	w := &mermaidWriter{graph: g, names: map[string]string{}}
	w.line("flowchart TD")
	w.nodes("", "  ")
	for _, edge := range g.Edges {
		w.edge(edge)
	}
	for _, node := range g.Nodes {
		if class := phaseClass(node.Phase); class != "" {
			w.line("  class %s %s", w.name(node.ID), class)
		}
	}
	for _, style := range [][2]string{{"succeeded", "#2e7d32"}, {"failed", "#c62828"}, {"running", "#1565c0"}} {
		if strings.Contains(w.String(), " "+style[0]+"\n") {
			w.line("  classDef %s stroke:%s,stroke-width:2px", style[0], style[1])
		}
	}
	return w.String()
}

type mermaidWriter struct {
	strings.Builder
	graph *Graph
	names map[string]string
}

func (w *mermaidWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// name is a node's id in Mermaid's language, in which words such as "end" and
// signs such as "-" have a meaning.
func (w *mermaidWriter) name(id string) string {
	if w.names[id] == "" {
		w.names[id] = fmt.Sprintf("N%d", len(w.names))
	}
	return w.names[id]
}

func (w *mermaidWriter) nodes(parent, indent string) {
	for _, node := range w.graph.inside(parent) {
		if !node.Open {
			w.line("%s%s%s", indent, w.name(node.ID), mermaidShape(node.Kind, labelOf(node)))
			continue
		}
		w.line("%ssubgraph %s[%s]", indent, w.name(node.ID), mermaidText(labelOf(node)))
		if node.Kind == Kind(model.BranchNode) {
			w.line("%s  %s%s", indent, w.name(node.ID+"?"), mermaidShape(node.Kind, "?"))
		}
		w.nodes(node.ID, indent+"  ")
		w.line("%send", indent)
	}
}

func (w *mermaidWriter) edge(edge *Edge) {
	from, arrow := w.name(edge.From), "-->"
	switch edge.Kind {
	case Order:
		arrow = "-.->"
	case Case:
		from, arrow = w.name(edge.From+"?"), "==>"
	}
	if lines := edge.lines(); len(lines) > 0 {
		arrow += "|" + mermaidText(strings.Join(lines, "\n")) + "|"
	}
	w.line("  %s %s %s", from, arrow, w.name(edge.To))
}

func mermaidShape(kind Kind, label string) string {
	brackets, ok := mermaidShapes[kind]
	if !ok {
		brackets = [2]string{"[", "]"}
	}
	return brackets[0] + mermaidText(label) + brackets[1]
}

// mermaidText is a text in which nothing has a meaning for Mermaid, which takes
// some of HTML and Markdown for such.
func mermaidText(text string) string {
	var written strings.Builder
	for _, r := range text {
		switch {
		case r == '\n':
			written.WriteString("<br/>")
		case r == '\r' || r < ' ':
		case strings.ContainsRune("\"&<>#`;*_\\|{}", r):
			fmt.Fprintf(&written, "#%d;", r)
		default:
			written.WriteRune(r)
		}
	}
	return `"` + written.String() + `"`
}

// phaseClass is the class of a phase's drawing.
func phaseClass(phase string) string {
	switch phase {
	case "":
		return ""
	case "succeeded", "recovered":
		return "succeeded"
	case "failed", "failing", "timed_out", "aborted", "cancelled", "lost":
		return "failed"
	}
	return "running"
}

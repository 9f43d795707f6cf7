package graph

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/model"
)

// What is drawn of a node and an edge is bounded, so that one long value makes no
// picture that nobody can look at. The data has all of it.
const (
	maxLine  = 48 // characters
	maxLines = 6
)

// kindNames are the kinds of nodes in words, where the entity's kind doesn't tell
// more.
var kindNames = map[Kind]string{
	Kind(model.BranchNode): "conditional", Kind(model.GateNode): "gate", Kind(model.ArrayNode): "map task",
	Kind(model.TaskNode): "task", Kind(model.WorkflowNode): "workflow", Kind(model.LaunchPlanNode): "launch plan",
}

// entityKinds are the kinds of entities in words.
var entityKinds = map[model.Kind]string{
	model.Task: "task", model.Dynamic: "dynamic workflow", model.Eager: "eager workflow", model.MapTask: "map task",
	model.InstanceTask: "task", model.Workflow: "workflow", model.ImperativeWorkflow: "workflow", model.LaunchPlan: "launch plan",
	model.ReferenceTask: "reference task", model.ReferenceWorkflow: "reference workflow", model.ReferenceLaunchPlan: "reference launch plan",
}

// lines are what is drawn in a node: its name, and more of it.
func (n *Node) lines() (title string, more []string) {
	title = n.Name
	what := kindNames[n.Kind]
	if n.Entity != nil {
		what = entityKinds[n.Entity.Kind]
	}
	if n.Failure {
		what += ", on failure"
	}
	if n.Conditional {
		what += ", maybe"
	}
	more = append(more, what)
	for line := range strings.SplitSeq(n.Detail, "\n") {
		more = append(more, wrapped(line)...)
	}
	switch n.Kind {
	case Start:
		for _, value := range n.Inputs {
			more = append(more, typed(value.Name, value.Type)+assigned(value))
		}
	case End:
		for _, value := range n.Outputs {
			more = append(more, typed(value.Name, value.Type))
		}
	default:
		for _, value := range n.Inputs {
			if value.Value != "" && !value.Default {
				more = append(more, value.Name+assigned(value))
			}
		}
	}
	more = append(bounded(more), n.progress())
	return cut(title), slices.DeleteFunc(more, func(line string) bool { return line == "" })
}

// progress says how the node ran.
func (n *Node) progress() string {
	if n.Phase == "" {
		return ""
	}
	text := n.Phase
	if n.Seconds > 0 {
		text += " in " + time.Duration(n.Seconds*float64(time.Second)).Round(time.Millisecond).String()
	}
	if n.Calls > 1 {
		text += fmt.Sprintf(", %d calls", n.Calls)
	}
	return text
}

// lines are what is drawn at an edge.
func (e *Edge) lines() []string {
	if e.Kind == Case {
		return []string{cut(e.Condition)}
	}
	var lines []string
	for _, binding := range e.Bindings {
		switch {
		case binding.Input == "":
			lines = append(lines, binding.Output)
		case binding.Input == binding.Output:
			lines = append(lines, typed(binding.Input, binding.Type))
		default:
			lines = append(lines, binding.Output+" → "+typed(binding.Input, binding.Type))
		}
	}
	return bounded(lines)
}

func typed(name, written string) string {
	if written == "" {
		return name
	}
	return name + ": " + written
}

func assigned(value Value) string {
	if value.Value == "" {
		return ""
	}
	return " = " + value.Value
}

func bounded(lines []string) []string {
	kept := []string{}
	for _, line := range lines {
		if line != "" {
			kept = append(kept, cut(line))
		}
	}
	if more := len(kept) - maxLines; more > 0 {
		kept = append(kept[:maxLines], fmt.Sprintf("and %d more", more))
	}
	return kept
}

// wrapped is a text in lines that have room.
func wrapped(text string) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > maxLine {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

func cut(line string) string {
	if runes := []rune(line); len(runes) > maxLine {
		return string(runes[:maxLine-1]) + "…"
	}
	return line
}

// inside are the nodes within another, "" for those at the top, in order.
func (g *Graph) inside(parent string) []*Node {
	var nodes []*Node
	for _, node := range g.Nodes {
		if node.Parent == parent {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

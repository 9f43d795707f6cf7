// Package graph makes the graph of a workflow out of its source: its nodes, and
// which outputs go into which inputs. It has a form as data, and is drawn as
// SVG, and in the languages of Graphviz and Mermaid.
package graph

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Format is the number of the data's form. It changes when something in it is
// renamed, goes, or gets another meaning, and stays when something is added.
const Format = 1

// Graph is the graph of an entity. Its JSON is what editors and other tools
// read; docs/features.md describes it.
type Graph struct {
	Format int    `json:"format"`
	Entity Entity `json:"entity"`
	// Nodes are in the order in which flytekit makes them, each in front of the
	// nodes within it.
	Nodes []*Node `json:"nodes"`
	Edges []*Edge `json:"edges"`
	// Incomplete says what the source doesn't tell. Without, the nodes are exactly
	// those that flytekit makes.
	Incomplete []Reason `json:"incomplete"`
	// Run is the run that the phases are of; nil where none was asked for.
	Run *Run `json:"run,omitempty"`
}

// Entity is an entity and where it is defined.
type Entity struct {
	Name string     `json:"name"`
	Kind model.Kind `json:"kind"`
	Place
}

// Place is a place in a file: the absolute path, the 1-based line of the start,
// and the range, whose lines are 0-based. All are empty where it isn't known.
// In a notebook the lines are those of the cell.
type Place struct {
	File string `json:"file,omitempty"`
	// Cell is the number of the cell among all cells of a notebook, from 1; 0 in
	// other files.
	Cell  int    `json:"cell,omitempty"`
	Line  int    `json:"line,omitempty"`
	Range *Range `json:"range,omitempty"`
}

// Range is a range as the Language Server Protocol has it.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Position is a place between two characters of a line.
type Position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// Kind says what a node of the graph is: a kind of the model's nodes, or one of
// these.
type Kind string

// The kinds of nodes that a graph has besides those of package model.
const (
	Start   Kind = "start"   // has the inputs
	End     Kind = "end"     // has the outputs
	Fail    Kind = "fail"    // a case of a conditional that fails
	Unknown Kind = "unknown" // what the source doesn't tell
)

// Node is a step of the graph.
type Node struct {
	// ID is unique in the graph: Flyte's own ids, behind those of the nodes around.
	ID string `json:"id"`
	// Parent is the node that this one is in: a conditional, or a workflow that is
	// opened; "" at the top.
	Parent string `json:"parent,omitempty"`
	Kind   Kind   `json:"kind"`
	Name   string `json:"name"`
	// NodeID is Flyte's id of the node within its workflow, "" where that isn't
	// known.
	NodeID string `json:"nodeId,omitempty"`
	// Entity is what the node runs; nil of conditionals, gates and others.
	Entity *Entity `json:"entity,omitempty"`
	// Place is the call that makes the node; of a failure handler, and of a node
	// with inputs or outputs, the definition of the entity.
	Place
	Inputs  []Value `json:"inputs,omitempty"`
	Outputs []Value `json:"outputs,omitempty"`
	// Detail tells more of the node: how long a gate sleeps, the message of a case
	// that fails, why something isn't known.
	Detail string `json:"detail,omitempty"`
	// Conditional: it may not be made, or more than once.
	Conditional bool `json:"conditional,omitempty"`
	// Failure: it runs if the workflow fails.
	Failure bool `json:"failure,omitempty"`
	// Open: the nodes that it consists of are in the graph.
	Open bool `json:"open,omitempty"`
	// Phase is how far the node came in the run: running, succeeded, failed or
	// another of Flyte's phases; "" if it didn't run, or where that isn't known.
	// Seconds is how long it took, of all Calls together where it ran often.
	Phase   string  `json:"phase,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
	Calls   int     `json:"calls,omitempty"`
}

// Value is an input or an output of a node.
type Value struct {
	Name string `json:"name"`
	// Type is the Python type as it is written, else Flyte's; "" where neither is
	// known.
	Type string `json:"type,omitempty"`
	// Value is the source text of what it is given, "" where that comes from
	// elsewhere: see the edges.
	Value string `json:"value,omitempty"`
	// Default: the value is the input's default.
	Default bool `json:"default,omitempty"`
}

// EdgeKind says what an edge means.
type EdgeKind string

// The kinds of edges.
const (
	Data  EdgeKind = "data"  // values go along it: Bindings
	Order EdgeKind = "order" // what `>>` or runs_before says, and nothing else
	Case  EdgeKind = "case"  // from a conditional to what it runs in a case: Condition
)

// Edge leads from a node to one that needs it.
type Edge struct {
	From string   `json:"from"`
	To   string   `json:"to"`
	Kind EdgeKind `json:"kind"`
	// Condition is the source text of the case's condition, "else" of the last.
	Condition string    `json:"condition,omitempty"`
	Bindings  []Binding `json:"bindings,omitempty"`
}

// Binding is a value that goes from an output to an input.
type Binding struct {
	// Output is the output of the node that the edge comes from, with the path that
	// is taken of it: "o0.rows[0]".
	Output string `json:"output"`
	// Input is the input that it goes to, of an end node the output of the
	// workflow, and "" where a conditional looks at it.
	Input string `json:"input,omitempty"`
	// Type is the input's, see Value.
	Type string `json:"type,omitempty"`
}

// Reason says why a part of the graph isn't known.
type Reason struct {
	Message string `json:"message"`
	// Parent is the node whose inside isn't known, "" of the whole graph.
	Parent string `json:"parent,omitempty"`
	Place
}

// Run is the run whose phases a graph has.
type Run struct {
	ID     string      `json:"id"`
	Target runs.Target `json:"target"`
	State  runs.State  `json:"state"`
	// Seconds is how long the run took, or has taken so far.
	Seconds float64 `json:"seconds"`
	// Older: the entity's source has changed since. The nodes have no phases then.
	Older bool `json:"older,omitempty"`
}

// Options say what goes into a graph.
type Options struct {
	// Depth is how many levels of sub-workflows, launch plans and dynamic workflows
	// are opened; 0 leaves all of them single nodes.
	Depth int
	// Encoding is what the characters of ranges are counted in.
	Encoding parser.Encoding
	// Runs are the last runs of the entity's file, of which the newest one of the
	// entity gives the phases.
	Runs []*runs.Run
}

// Of is the graph of an entity of a file. A task is a single node. Errors are as
// Snapshot.Module has them.
func Of(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File, entity *model.Entity, options Options) (*Graph, error) {
	b := &builder{
		ctx: ctx, snapshot: snapshot, options: options, taken: map[string]bool{},
		graph: &Graph{Format: Format, Nodes: []*Node{}, Edges: []*Edge{}, Incomplete: []Reason{}},
	}
	b.graph.Entity = *b.entity(entity)
	if err := b.top(file, entity); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.sort()
	return b.graph, nil
}

// JSON writes the graph as data.
func (g *Graph) JSON() (string, error) {
	text, err := json.MarshalIndent(g, "", "  ")
	if err != nil {
		return "", fmt.Errorf("write the graph of %s: %w", g.Entity.Name, err)
	}
	return string(text) + "\n", nil
}

// Formats are the forms that a graph is written in, by name.
var Formats = map[string]func(context.Context, *Graph) (string, error){
	"json":    func(_ context.Context, g *Graph) (string, error) { return g.JSON() },
	"svg":     func(ctx context.Context, g *Graph) (string, error) { return g.SVG(ctx) },
	"dot":     func(_ context.Context, g *Graph) (string, error) { return g.Dot(), nil },
	"mermaid": func(_ context.Context, g *Graph) (string, error) { return g.Mermaid(), nil },
}

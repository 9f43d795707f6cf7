package graph

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// builder makes a graph.
type builder struct {
	ctx      context.Context
	snapshot *workspace.Snapshot
	options  Options
	graph    *Graph
	taken    map[string]bool // ids
	// around are the workflows that are being opened, the outermost first.
	around []*model.Entity
}

// scope is a workflow whose nodes go into the graph.
type scope struct {
	module *model.Module
	// of is the node that is opened, "" at the top.
	of string
	// start and end are the ids of the nodes with the inputs and the outputs.
	start, end string
	// made are the ids of the workflow's nodes.
	made map[*model.Node]string
}

// composed are the kinds of entities that consist of nodes.
var composed = map[model.Kind]bool{
	model.Workflow: true, model.ImperativeWorkflow: true, model.Dynamic: true, model.Eager: true,
}

// top makes the graph's own nodes.
func (b *builder) top(file *workspace.File, entity *model.Entity) error {
	module, err := b.snapshot.Module(b.ctx, file.Path)
	if err != nil {
		return err
	}
	of, whole := file, entity
	if entity.Kind == model.LaunchPlan && entity.Of != nil {
		if file, whole, err = b.snapshot.Current(b.ctx, entity.Of); err != nil {
			return err
		}
		if module, err = b.snapshot.Module(b.ctx, file.Path); err != nil {
			return err
		}
	}
	if !composed[whole.Kind] {
		b.single(module, of, entity)
		return nil
	}
	s := b.begin(module, whole, "", b.given(entity))
	if err := b.open(s, whole); err != nil {
		return err
	}
	b.phases(of, entity, s, file, whole)
	return nil
}

// single makes the graph of an entity that has no nodes: one for itself.
func (b *builder) single(module *model.Module, file *workspace.File, entity *model.Entity) {
	s := b.begin(module, entity, "", b.given(entity))
	shown := b.entity(entity)
	kind := Kind(model.TaskNode)
	switch entity.Kind {
	case model.LaunchPlan, model.ReferenceLaunchPlan:
		kind = Kind(model.LaunchPlanNode)
	case model.ReferenceWorkflow:
		kind = Kind(model.WorkflowNode)
	case model.MapTask:
		kind = Kind(model.ArrayNode)
	}
	node := b.add(&Node{ID: "n0", Kind: kind, Name: entityName(entity), Entity: shown, Place: shown.Place})
	b.finish(s, entity)
	for _, input := range entity.Inputs {
		value := b.value(module, input)
		node.Inputs = append(node.Inputs, value)
		b.bind(s.start, node.ID, Binding{Output: input.Name, Input: input.Name, Type: value.Type})
	}
	for _, output := range entity.Outputs {
		b.bind(node.ID, s.end, Binding{Output: output.Name, Input: output.Name, Type: b.value(module, output).Type})
	}
	b.whole(node, file, entity)
}

// begin makes the node with the inputs of a workflow.
func (b *builder) begin(module *model.Module, entity *model.Entity, of string, given map[string]Value) *scope {
	s := &scope{module: module, of: of, made: map[*model.Node]string{}}
	if len(entity.Inputs) == 0 {
		return s
	}
	node := &Node{ID: below(of, "start"), Parent: of, Kind: Start, Name: "inputs", Place: b.entity(entity).Place}
	for _, input := range entity.Inputs {
		value := b.value(module, input)
		if input.Default != "" {
			value.Value, value.Default = oneLine(input.Default), true
		}
		if other, ok := given[input.Name]; ok {
			value.Value, value.Default = other.Value, false
		}
		node.Inputs = append(node.Inputs, value)
	}
	s.start = b.add(node).ID
	return s
}

// finish makes the node with the outputs of a workflow.
func (b *builder) finish(s *scope, entity *model.Entity) {
	if len(entity.Outputs) == 0 {
		return
	}
	node := &Node{ID: below(s.of, "end"), Parent: s.of, Kind: End, Name: "outputs", Place: b.entity(entity).Place}
	for _, output := range entity.Outputs {
		node.Outputs = append(node.Outputs, b.value(s.module, output))
	}
	s.end = b.add(node).ID
}

// open makes the nodes of a workflow, and the edges between them.
func (b *builder) open(s *scope, entity *model.Entity) error {
	if entity.Module == nil {
		b.unknown(s, s.of, "what a Go workflow does isn't read", b.entity(entity).Place)
		b.finish(s, entity)
		return nil
	}
	b.around = append(b.around, entity)
	defer func() { b.around = b.around[:len(b.around)-1] }()
	body := s.module.Body(entity)
	for _, node := range body.Nodes {
		if err := b.node(s, node, s.of); err != nil {
			return err
		}
	}
	if body.Failure != nil {
		if err := b.node(s, body.Failure, s.of); err != nil {
			return err
		}
		handler := b.graph.find(s.made[body.Failure])
		handler.Failure = true
		if handler.Entity != nil {
			handler.Place = handler.Entity.Place
		}
	}
	for _, remark := range body.Incomplete {
		b.unknown(s, s.of, remark.Message, b.place(remark.Module, remark.Span))
	}
	b.finish(s, entity)
	for node := range body.All() {
		b.edges(s, node)
	}
	for _, output := range body.Outputs {
		b.data(s, output, s.end, true)
	}
	return nil
}

// node makes a node of a workflow, and those within it.
func (b *builder) node(s *scope, made *model.Node, parent string) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	node := &Node{
		ID: below(parent, cmp.Or(made.ID, "call")), Parent: parent, Kind: Kind(made.Kind), NodeID: made.ID,
		Name: nodeName(made), Conditional: made.Conditional, Inputs: b.inputs(s, made),
	}
	if made.Call != nil {
		node.Place = b.place(made.Module, made.Call.Span())
	}
	switch {
	case made.Entity != nil:
		node.Entity = b.entity(made.Entity)
		for _, output := range made.Entity.Outputs {
			node.Outputs = append(node.Outputs, b.value(s.module, output))
		}
	case made.Gate != nil:
		node.Detail = gateText(made.Gate)
	}
	b.add(node)
	s.made[made] = node.ID
	if made.Branch != nil {
		return b.branch(s, made, node)
	}
	return b.inside(node, made.Entity)
}

// inside opens what a node runs, if it consists of nodes and is to be opened.
func (b *builder) inside(node *Node, entity *model.Entity) error {
	if entity == nil || len(b.around) > b.options.Depth {
		return nil
	}
	if entity.Kind == model.LaunchPlan && entity.Of != nil {
		entity = entity.Of
	}
	if !composed[entity.Kind] || slices.ContainsFunc(b.around, func(e *model.Entity) bool { return e.Path == entity.Path && e.Span == entity.Span }) {
		return nil
	}
	file, current, err := b.snapshot.Current(b.ctx, entity)
	if err != nil {
		return err
	}
	module, err := b.snapshot.Module(b.ctx, file.Path)
	if err != nil {
		return err
	}
	node.Open = true
	return b.open(b.begin(module, current, node.ID, nil), current)
}

// branch makes the nodes within a conditional, and those that stand for the
// cases that run none.
func (b *builder) branch(s *scope, made *model.Node, node *Node) error {
	node.Open = true
	for _, inner := range made.Branch.Nodes {
		if err := b.node(s, inner, node.ID); err != nil {
			return err
		}
	}
	for _, one := range made.Branch.Cases {
		edge := &Edge{From: node.ID, Kind: Case, Condition: "else"}
		switch {
		case one.Condition != nil:
			edge.Condition = b.text(one.Condition.Module, one.Condition.Span)
		case one.Unknown != "":
			edge.Condition = "…"
			b.graph.Incomplete = append(b.graph.Incomplete, Reason{Message: one.Unknown, Parent: node.ID, Place: b.place(made.Module, one.Span)})
		}
		at := b.place(made.Module, one.Span)
		switch id, known := s.made[one.Node]; {
		case one.Node != nil && known:
			edge.To = id
		case one.Fails:
			edge.To = b.add(&Node{ID: below(node.ID, "fail"), Parent: node.ID, Kind: Fail, Name: "fail", Detail: one.Fail, Place: at}).ID
		default:
			edge.To = b.unknown(s, node.ID, cmp.Or(one.Unknown, "what runs in this case can't be told from the source"), at)
		}
		b.graph.Edges = append(b.graph.Edges, edge)
	}
	return nil
}

// unknown makes a node for what isn't known in a workflow or a conditional, one
// for all of it.
func (b *builder) unknown(s *scope, parent, why string, at Place) string {
	reason := Reason{Message: why, Parent: parent, Place: at}
	if !slices.ContainsFunc(b.graph.Incomplete, func(r Reason) bool { return r.Message == why && r.Parent == parent && r.Line == at.Line }) {
		b.graph.Incomplete = append(b.graph.Incomplete, reason)
	}
	if i := slices.IndexFunc(b.graph.Nodes, func(n *Node) bool { return n.Kind == Unknown && n.Parent == parent }); i >= 0 {
		node := b.graph.Nodes[i]
		if !slices.Contains(strings.Split(node.Detail, "\n"), why) {
			node.Detail += "\n" + why
		}
		return node.ID
	}
	return b.add(&Node{ID: below(parent, "unknown"), Parent: parent, Kind: Unknown, Name: "…", Detail: why, Place: at}).ID
}

// edges are those that lead to a node.
func (b *builder) edges(s *scope, made *model.Node) {
	id, ok := s.made[made]
	if !ok {
		return
	}
	for _, input := range made.Inputs {
		b.data(s, input, id, made.Branch == nil)
	}
	given := map[*model.Node]bool{}
	sources(made, given)
	for _, before := range made.Upstream {
		if from, known := s.made[before]; known && !given[before] {
			given[before] = true
			b.graph.Edges = append(b.graph.Edges, &Edge{From: from, To: id, Kind: Order})
		}
	}
}

// sources adds the nodes whose outputs a node takes, or one within it.
func sources(made *model.Node, given map[*model.Node]bool) {
	for _, input := range made.Inputs {
		for promise := range model.Promises(input.Value) {
			given[promise.Node] = true
		}
	}
	if made.Branch != nil {
		for _, inner := range made.Branch.Nodes {
			given[inner] = true
			sources(inner, given)
		}
	}
}

// data adds the promises in a binding to the edges of a node. named: the binding
// has the name of an input, or of an output of the workflow.
func (b *builder) data(s *scope, bound model.Binding, to string, named bool) {
	for promise := range model.Promises(bound.Value) {
		from := s.start
		if promise.Node != nil {
			from = s.made[promise.Node]
		}
		binding := Binding{Output: promise.Var + pathText(promise.Path)}
		if named {
			binding.Input = bound.Name
			if bound.Variable != nil {
				binding.Type = b.value(s.module, bound.Variable).Type
			}
		}
		b.bind(from, to, binding)
	}
}

// bind adds a binding to the edge between two nodes.
func (b *builder) bind(from, to string, binding Binding) {
	if from == "" || to == "" {
		return
	}
	for _, edge := range slices.Backward(b.graph.Edges) {
		if edge.From == from && edge.To == to && edge.Kind == Data {
			if !slices.Contains(edge.Bindings, binding) {
				edge.Bindings = append(edge.Bindings, binding)
			}
			return
		}
	}
	b.graph.Edges = append(b.graph.Edges, &Edge{From: from, To: to, Kind: Data, Bindings: []Binding{binding}})
}

// add takes a node into the graph, with an id that no other has.
func (b *builder) add(node *Node) *Node {
	wanted := node.ID
	for i := 2; b.taken[node.ID]; i++ {
		node.ID = fmt.Sprintf("%s-%d", wanted, i)
	}
	b.taken[node.ID] = true
	b.graph.Nodes = append(b.graph.Nodes, node)
	return node
}

// sort orders the edges by the nodes that they lead to, and then by those that
// they come from.
func (b *builder) sort() {
	number := map[string]int{}
	for i, node := range b.graph.Nodes {
		number[node.ID] = i
	}
	slices.SortStableFunc(b.graph.Edges, func(x, y *Edge) int {
		return cmp.Or(cmp.Compare(number[x.To], number[y.To]), cmp.Compare(number[x.From], number[y.From]))
	})
}

// find is the node with an id, nil if there is none.
func (g *Graph) find(id string) *Node {
	i := slices.IndexFunc(g.Nodes, func(n *Node) bool { return n.ID == id })
	if i < 0 {
		return nil
	}
	return g.Nodes[i]
}

// below is the id of a node within another.
func below(parent, id string) string {
	if parent == "" {
		return id
	}
	return parent + "." + id
}

// given are the values that a launch plan gives its workflow's inputs.
func (b *builder) given(entity *model.Entity) map[string]Value {
	values := map[string]Value{}
	for _, one := range entity.Given {
		values[one.Name] = Value{Name: one.Name, Value: b.text(entity.Module, ast.Span(one.Span))}
	}
	return values
}

// inputs are those of a node, in the order of the interface.
func (b *builder) inputs(s *scope, made *model.Node) []Value {
	if made.Branch != nil {
		return nil
	}
	bound := map[string]Value{}
	for _, one := range made.Inputs {
		value := Value{Name: one.Name}
		if one.Variable != nil {
			value = b.value(s.module, one.Variable)
		}
		promised := false
		for range model.Promises(one.Value) {
			promised = true
		}
		switch {
		case promised:
		case one.Default && one.Variable != nil:
			value.Value, value.Default = oneLine(one.Variable.Default), true
		case one.Expr != nil:
			value.Value = b.text(made.Module, one.Span)
		}
		bound[one.Name] = value
	}
	values := []Value{}
	if made.Entity != nil {
		for _, input := range made.Entity.Inputs {
			if value, ok := bound[input.Name]; ok {
				values = append(values, value)
				delete(bound, input.Name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(bound)) {
		values = append(values, bound[name])
	}
	return values
}

package graph

import (
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// newest takes the newest run of an entity into the graph; nil if there is none.
func (b *builder) newest(file *workspace.File, entity *model.Entity) *runs.Run {
	var last *runs.Run
	for _, run := range b.options.Runs {
		if run.Entity == entity.Name && (last == nil || run.Started.After(last.Started)) {
			last = run
		}
	}
	if last == nil {
		return nil
	}
	b.graph.Run = &Run{
		ID: last.ID, Target: last.Target, State: last.State, Seconds: last.Duration(time.Now()).Seconds(),
		Older: last.SourceHash == "" || codelens.Older(last, codelens.SourceHash(file, entity)),
	}
	if b.graph.Run.Older {
		return nil
	}
	return last
}

// whole gives a node the phase of the whole run.
func (b *builder) whole(node *Node, file *workspace.File, entity *model.Entity) {
	if run := b.newest(file, entity); run != nil {
		node.Phase, node.Seconds, node.Calls = string(run.State), b.graph.Run.Seconds, 1
	}
}

// phases gives the nodes of a workflow the phases that they had in the newest
// run of the entity: the workflow, or a launch plan of it. The history keeps
// them of the nodes that the workflow itself makes, not of those within.
func (b *builder) phases(of *workspace.File, entity *model.Entity, s *scope, file *workspace.File, workflow *model.Entity) {
	run := b.newest(of, entity)
	if run == nil || workflow.Module == nil {
		return
	}
	if run.Target == runs.Remote {
		ran := map[string]runs.Node{}
		for _, node := range run.Nodes {
			ran[node.ID] = node
		}
		for _, made := range s.module.Body(workflow).Nodes {
			if node, ok := ran[made.ID]; ok && made.ID != "" && (made.Entity == nil || made.Entity.FullName == node.Name || node.Name == node.ID) {
				b.ran(s, made, node)
			}
		}
		return
	}
	ran := map[*ast.Call][]runs.Node{}
	for _, node := range run.Nodes {
		if call := runs.CallOf(s.module, file, workflow, run.Target, node); call != nil {
			ran[call] = append(ran[call], node)
		}
	}
	made := map[*ast.Call][]*model.Node{}
	for node := range s.module.Body(workflow).All() {
		if node.Call != nil && node.Entity != nil {
			made[node.Call] = append(made[node.Call], node)
		}
	}
	for call, nodes := range made {
		switch {
		case len(nodes) == 1:
			b.ran(s, nodes[0], ran[call]...)
		case len(nodes) == len(ran[call]):
			for i, node := range nodes {
				b.ran(s, node, ran[call][i])
			}
		}
	}
}

// ran gives a node the phases of what ran of it, if it is what the name says.
func (b *builder) ran(s *scope, made *model.Node, calls ...runs.Node) {
	node := b.graph.find(s.made[made])
	if node == nil {
		return
	}
	for _, call := range calls {
		if b.graph.Run.Target == runs.Local && made.Entity != nil && !strings.HasSuffix("."+made.Entity.FullName, "."+call.Name) {
			continue
		}
		node.Calls++
		node.Seconds += call.Seconds
		if node.Phase == "" || node.Phase == "succeeded" {
			node.Phase = call.Phase
		}
	}
}

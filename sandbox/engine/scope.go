package engine

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/closure"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// scope is one level of an execution: its workflow, a sub-workflow, or what a
// dynamic task made.
type scope struct {
	run      *run
	workflow *core.CompiledWorkflow
	units    units
	inputs   *core.LiteralMap
	dir      string // the folder of its nodes' data
	parent   string // the id of the node execution above, "" at the top
	prefix   string // what its node executions' ids begin with, "" at the top

	results map[string]*result
	mu      sync.Mutex
	first   *failure // the first node's that failed
}

// result is how a node ended; it may be read once done is closed.
type result struct {
	done    chan struct{}
	outputs *core.LiteralMap
	err     error
}

// errSkipped: a node didn't run because one that it needs failed or was
// skipped.
var errSkipped = errors.New("skipped")

// walk runs the scope's nodes, each as soon as those it needs have ended, and
// returns the workflow's outputs.
func (s *scope) walk(ctx context.Context) (*core.LiteralMap, error) {
	template := s.workflow.GetTemplate()
	level, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	started := &result{done: make(chan struct{}), outputs: s.inputs}
	close(started.done)
	s.results = map[string]*result{closure.StartNode: started}
	var nodes []*core.Node
	for _, node := range template.GetNodes() {
		if node.GetId() != closure.StartNode && node.GetId() != closure.EndNode {
			s.results[node.GetId()] = &result{done: make(chan struct{})}
			nodes = append(nodes, node)
		}
	}
	immediately := template.GetMetadata().GetOnFailure() == core.WorkflowMetadata_FAIL_IMMEDIATELY
	var wg sync.WaitGroup
	for _, node := range nodes {
		wg.Go(func() {
			r := s.results[node.GetId()]
			defer close(r.done)
			r.outputs, r.err = s.runWhenReady(level, node)
			if s.noteFailure(level, r.err) && immediately {
				cancel(errSibling)
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if s.first != nil {
		return nil, s.fail(ctx, s.first)
	}
	outputs, err := s.resolve(template.GetOutputs())
	if err != nil {
		return nil, err
	}
	return outputs, nil
}

// noteFailure remembers the first failure, and tells whether err is one.
func (s *scope) noteFailure(ctx context.Context, err error) bool {
	if err == nil || errors.Is(err, errSkipped) || ctx.Err() != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first == nil {
		s.first = asFailure(err)
	}
	return true
}

func (s *scope) runWhenReady(ctx context.Context, node *core.Node) (*core.LiteralMap, error) {
	skip := false
	for _, id := range closure.Upstream(node) {
		upstream := s.results[id]
		if upstream == nil {
			continue // a node of this branch
		}
		select {
		case <-upstream.done:
			skip = skip || upstream.err != nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	n := s.node(node)
	if skip {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, n.skip(ctx)
	}
	return n.run(ctx)
}

// fail runs the workflow's failure node, if it has one, and returns the error
// that the workflow ends with: the first node's, or the failure node's own.
func (s *scope) fail(ctx context.Context, first *failure) error {
	if s.parent == "" {
		s.run.failing(first)
	}
	handler := s.workflow.GetTemplate().GetFailureNode()
	if handler == nil {
		return first
	}
	n := s.node(handler)
	n.extra = map[string]*core.Literal{"err": errorLiteral(handler.GetId(), first)}
	if _, err := n.run(ctx); err != nil && ctx.Err() == nil {
		return err
	} else if err != nil {
		return context.Cause(ctx)
	}
	return first
}

// errorLiteral is what a failure node gets as its input "err": flytekit's
// FlyteError. failed_node_id is the failure node's own, as in propeller.
func errorLiteral(node string, f *failure) *core.Literal {
	scalar := &core.Scalar{Value: &core.Scalar_Error{Error: &core.Error{FailedNodeId: node, Message: f.GetMessage()}}}
	return &core.Literal{Value: &core.Literal_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_Union{Union: &core.Union{
		Value: &core.Literal{Value: &core.Literal_Scalar{Scalar: scalar}},
		Type: &core.LiteralType{
			Type:      &core.LiteralType_Simple{Simple: core.SimpleType_ERROR},
			Structure: &core.TypeStructure{Tag: "FlyteError"},
		},
	}}}}}
}

// node is a node of this scope, ready to be run.
func (s *scope) node(node *core.Node) *nodeRun {
	id := node.GetId()
	if s.prefix != "" {
		id = nodeExecutionID(s.prefix, id)
	}
	return &nodeRun{
		scope: s, node: node,
		id:  &core.NodeExecutionIdentifier{NodeId: id, ExecutionId: s.run.id},
		dir: filepath.Join(s.dir, node.GetId(), "data"),
	}
}

// recordStart and recordEnd store the node executions that stand for the
// workflow's inputs and outputs.
func (s *scope) recordStart(ctx context.Context) error {
	return s.record(ctx, closure.StartNode, s.inputs)
}

func (s *scope) recordEnd(ctx context.Context, outputs *core.LiteralMap) error {
	return s.record(ctx, closure.EndNode, outputs)
}

func (s *scope) record(ctx context.Context, id string, outputs *core.LiteralMap) error {
	path := filepath.Join(s.dir, id, "data", "0", "outputs.pb")
	if err := writeMessage(path, outputs); err != nil {
		return err
	}
	now := timestamppb.Now()
	row := &admin.NodeExecution{
		Id:       &core.NodeExecutionIdentifier{NodeId: id, ExecutionId: s.run.id},
		Metadata: &admin.NodeExecutionMetaData{SpecNodeId: id},
		Closure: &admin.NodeExecutionClosure{
			Phase: core.NodeExecution_SUCCEEDED, CreatedAt: now, UpdatedAt: now, StartedAt: now, Duration: since(now),
			OutputResult: &admin.NodeExecutionClosure_OutputUri{OutputUri: path},
		},
	}
	return s.run.engine.Store.NodeExecutions.Put(ctx, store.Row[*admin.NodeExecution]{Message: row})
}

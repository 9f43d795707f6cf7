package engine

import (
	"context"
	"path/filepath"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/sandbox/closure"
)

// DynamicClosure is the file with the compiled workflow of a dynamic node,
// beside the job spec that the node execution names.
func DynamicClosure(jobSpec string) string {
	return filepath.Join(filepath.Dir(jobSpec), "dynamic_compiled.pb")
}

// dynamic runs the workflow that a dynamic task's attempt made.
func (n *nodeRun) dynamic(ctx context.Context, template *core.TaskTemplate, attempt int) (*core.LiteralMap, error) {
	file := filepath.Join(n.attempt(attempt), "futures.pb")
	spec := &core.DynamicJobSpec{}
	if err := ReadMessage(file, spec); err != nil {
		return nil, dynamicFailure(n, err)
	}
	compiled, err := n.compileDynamic(ctx, template, spec)
	if err != nil {
		return nil, dynamicFailure(n, err)
	}
	if err := writeMessage(DynamicClosure(file), compiled); err != nil {
		return nil, err
	}
	// Clients take the node for a parent once its workflow can be fetched.
	n.row.Closure.DynamicJobSpecUri = file
	n.row.Metadata.IsParentNode, n.row.Metadata.IsDynamic = true, true
	if err := n.running(ctx, core.NodeExecution_DYNAMIC_RUNNING); err != nil {
		return nil, err
	}
	return n.below(compiled.GetPrimary(), unitsOf(compiled), attempt).walk(ctx)
}

func dynamicFailure(n *nodeRun, err error) *failure {
	return failed(userError, "DynamicWorkflowBuildFailed", "node %s made a workflow that can't be run: %v", n.node.GetId(), err)
}

func (n *nodeRun) compileDynamic(ctx context.Context, template *core.TaskTemplate, spec *core.DynamicJobSpec) (*core.CompiledWorkflowClosure, error) {
	id := proto.CloneOf(template.GetId())
	id.ResourceType, id.Name = core.ResourceType_WORKFLOW, "dynamic_"+n.node.GetId()
	workflow := &core.WorkflowTemplate{
		Id: id, Interface: template.GetInterface(), Nodes: spec.GetNodes(), Outputs: spec.GetOutputs(),
		Metadata: &core.WorkflowMetadata{}, MetadataDefaults: &core.WorkflowMetadataDefaults{},
	}
	given := map[string]*core.TaskTemplate{}
	for _, task := range spec.GetTasks() {
		given[closure.Key(task.GetId())] = task
	}
	parts, err := n.engine().Parts(ctx, workflow, spec.GetSubworkflows(), given)
	if err != nil {
		return nil, err
	}
	return closure.Compile(workflow, parts)
}

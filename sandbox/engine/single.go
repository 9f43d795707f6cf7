package engine

import (
	"context"
	"errors"
	"maps"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/closure"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// generated begins the names of what is made for executing a single task.
const generated = ".flytegen."

// taskLaunchPlan finds or makes the workflow of one node and its launch plan
// that execute a task by itself (flyteadmin impl/util/single_task_execution.go).
func (e *Engine) taskLaunchPlan(ctx context.Context, id *core.Identifier) (*admin.LaunchPlan, error) {
	row, err := e.Store.Task(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, Missing(id)
	}
	if err != nil {
		return nil, err
	}
	planID := &core.Identifier{ResourceType: core.ResourceType_LAUNCH_PLAN, Project: id.GetProject(), Domain: id.GetDomain(), Name: generated + id.GetName(), Version: id.GetVersion()}
	stored, err := e.Store.LaunchPlan(ctx, planID)
	if err == nil {
		return stored.Message, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	workflowID := proto.CloneOf(planID)
	workflowID.ResourceType = core.ResourceType_WORKFLOW
	template := row.Message.GetClosure().GetCompiledTask().GetTemplate()
	compiled, err := closure.Compile(singleTask(workflowID, template), closure.Parts{Tasks: map[string]*core.TaskTemplate{closure.Key(template.GetId()): template}})
	if err != nil {
		return nil, invalid("failed to compile workflow for [%v] with err: %v", workflowID, err)
	}
	now := timestamppb.Now()
	workflow := &admin.Workflow{Id: workflowID, Closure: &admin.WorkflowClosure{CompiledWorkflow: compiled, CreatedAt: now}}
	if err := e.Store.Workflows.Insert(ctx, store.Row[*admin.Workflow]{Message: workflow}); err != nil && !errors.Is(err, store.ErrExists) {
		return nil, err
	}
	plan := NewLaunchPlan(planID, &admin.LaunchPlanSpec{WorkflowId: workflowID, EntityMetadata: &admin.LaunchPlanMetadata{}}, workflow)
	if err := e.Store.LaunchPlans.Insert(ctx, store.Row[*admin.LaunchPlan]{Message: plan}); err != nil && !errors.Is(err, store.ErrExists) {
		return nil, err
	}
	return plan, nil
}

func singleTask(id *core.Identifier, task *core.TaskTemplate) *core.WorkflowTemplate {
	// The node's id is the task's name without dots and underscores.
	name := strings.NewReplacer(".", "", "_", "").Replace(task.GetId().GetName())
	if len(name) > 63 {
		name = name[len(name)-63:]
	}
	node := &core.Node{
		Id:       strings.ToLower(name),
		Metadata: &core.NodeMetadata{Name: name, Retries: task.GetMetadata().GetRetries(), Timeout: task.GetMetadata().GetTimeout()},
		Target:   &core.Node_TaskNode{TaskNode: &core.TaskNode{Reference: &core.TaskNode_ReferenceId{ReferenceId: task.GetId()}}},
	}
	template := &core.WorkflowTemplate{
		Id: id, Interface: task.GetInterface(), Nodes: []*core.Node{node},
		Metadata: &core.WorkflowMetadata{}, MetadataDefaults: &core.WorkflowMetadataDefaults{},
	}
	promise := func(node, name string) *core.Binding {
		return &core.Binding{Var: name, Binding: &core.BindingData{Value: &core.BindingData_Promise{Promise: &core.OutputReference{NodeId: node, Var: name}}}}
	}
	for name := range task.GetInterface().GetInputs().GetVariables() {
		node.Inputs = append(node.Inputs, promise("", name))
	}
	for name := range task.GetInterface().GetOutputs().GetVariables() {
		template.Outputs = append(template.Outputs, promise(node.GetId(), name))
	}
	return template
}

// NewLaunchPlan is a launch plan with what flyteadmin fills in: the inputs
// that it still expects, and the workflow's outputs.
func NewLaunchPlan(id *core.Identifier, spec *admin.LaunchPlanSpec, workflow *admin.Workflow) *admin.LaunchPlan {
	spec = proto.CloneOf(spec)
	iface := workflow.GetClosure().GetCompiledWorkflow().GetPrimary().GetTemplate().GetInterface()
	expected := &core.ParameterMap{Parameters: map[string]*core.Parameter{}}
	maps.Copy(expected.Parameters, spec.GetDefaultInputs().GetParameters())
	for name, variable := range iface.GetInputs().GetVariables() {
		if expected.Parameters[name] == nil && spec.GetFixedInputs().GetLiterals()[name] == nil {
			expected.Parameters[name] = &core.Parameter{Var: variable, Behavior: &core.Parameter_Required{Required: true}}
		}
	}
	spec.DefaultInputs = expected
	now := timestamppb.Now()
	return &admin.LaunchPlan{Id: id, Spec: spec, Closure: &admin.LaunchPlanClosure{
		State: admin.LaunchPlanState_INACTIVE, ExpectedInputs: expected, ExpectedOutputs: iface.GetOutputs(), CreatedAt: now, UpdatedAt: now,
	}}
}

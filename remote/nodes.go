package remote

import (
	"context"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// nodePage is how many node executions one list call brings.
const nodePage = 500

// listNodes lists the node executions below a parent (its unique id), "" for
// the top level, without those that only mark a workflow's start and end.
func (c *Client) listNodes(ctx context.Context, id *core.WorkflowExecutionIdentifier, parent string) ([]*admin.NodeExecution, error) {
	request := &admin.NodeExecutionListRequest{
		WorkflowExecutionId: id, UniqueParentId: parent, Limit: nodePage,
		SortBy: &admin.Sort{Key: "created_at", Direction: admin.Sort_ASCENDING},
	}
	var nodes []*admin.NodeExecution
	for {
		page, err := c.admin.ListNodeExecutions(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, node := range page.GetNodeExecutions() {
			if name := node.GetId().GetNodeId(); name != "start-node" && name != "end-node" {
				nodes = append(nodes, node)
			}
		}
		if page.GetToken() == "" || page.GetToken() == request.Token {
			return nodes, nil
		}
		request.Token = page.GetToken()
	}
}

// nodeNames tells what each node of a workflow runs, from its compiled
// closure. Names are an ornament: where they can't be had, nodes show their
// ids, and an outage is asked again with the next look.
func (c *Client) nodeNames(ctx context.Context, workflow *core.Identifier) map[string]string {
	if workflow == nil {
		return nil
	}
	key := workflow.String()
	c.mu.Lock()
	names, ok := c.names[key]
	c.mu.Unlock()
	if ok {
		return names
	}
	found, err := c.admin.GetWorkflow(ctx, &admin.ObjectGetRequest{Id: workflow})
	if err != nil && (temporary(err) || ctx.Err() != nil) {
		return nil
	}
	names = map[string]string{}
	for _, node := range found.GetClosure().GetCompiledWorkflow().GetPrimary().GetTemplate().GetNodes() {
		eachNode(node, func(node *core.Node) { names[node.GetId()] = target(node) })
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names[key] = names
	return names
}

// target names what a node runs.
func target(node *core.Node) string {
	if inner := node.GetArrayNode().GetNode(); inner != nil {
		return target(inner)
	}
	return firstOf(
		node.GetTaskNode().GetReferenceId().GetName(),
		node.GetWorkflowNode().GetLaunchplanRef().GetName(),
		node.GetWorkflowNode().GetSubWorkflowRef().GetName(),
		node.GetMetadata().GetName(),
	)
}

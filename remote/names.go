package remote

import (
	"context"
	"fmt"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc"
)

// namePage is how many names one list call brings.
const namePage = 500

// Names are the names of the tasks, workflows or launch plans that are registered in
// a project and domain, in the order of the alphabet, of many at least limit.
func (c *Client) Names(ctx context.Context, kind core.ResourceType, project, domain string, limit int) ([]string, error) {
	list, ok := map[core.ResourceType]func(context.Context, *admin.NamedEntityIdentifierListRequest, ...grpc.CallOption) (*admin.NamedEntityIdentifierList, error){
		core.ResourceType_TASK: c.admin.ListTaskIds, core.ResourceType_WORKFLOW: c.admin.ListWorkflowIds, core.ResourceType_LAUNCH_PLAN: c.admin.ListLaunchPlanIds,
	}[kind]
	if !ok {
		return nil, fmt.Errorf("%v is no task, workflow or launch plan: it has no names to list", kind)
	}
	request := &admin.NamedEntityIdentifierListRequest{
		Project: project, Domain: domain, Limit: namePage, SortBy: &admin.Sort{Key: "name", Direction: admin.Sort_ASCENDING},
	}
	var names []string
	for len(names) < limit {
		page, err := list(ctx, request)
		if err != nil {
			return nil, about(fmt.Sprintf("the names of the %ss of %s/%s", strings.ReplaceAll(strings.ToLower(kind.String()), "_", " "), project, domain), err)
		}
		for _, id := range page.GetEntities() {
			names = append(names, id.GetName())
		}
		if page.GetToken() == "" || page.GetToken() == request.Token {
			break
		}
		request.Token = page.GetToken()
	}
	return names, nil
}

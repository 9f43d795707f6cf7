package services

import (
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"k8s.io/apimachinery/pkg/api/resource"
)

// checkResources refuses the requests and limits that flyteadmin refuses
// (pkg/manager/impl/validation/task_validator.go:validateTaskResources). The
// machine has no limits of its own to check them against.
func checkResources(template *core.TaskTemplate) error {
	resources := template.GetContainer().GetResources()
	requests, err := quantities(resources.GetRequests())
	if err != nil {
		return err
	}
	limits, err := quantities(resources.GetLimits())
	if err != nil {
		return err
	}
	for name, request := range requests {
		limit, limited := limits[name]
		switch {
		case !limited:
		case name == core.Resources_GPU && request.Value() != limit.Value():
			return invalid("For extended resource 'gpu' the default value must equal the limit value for task [%v]", template.GetId())
		case name != core.Resources_GPU && limit.Value() < request.Value():
			return invalid("Requested %v default [%v] is greater than the limit [%v]. Please fix your configuration", name, request.String(), limit.String())
		}
	}
	return nil
}

// quantities are the resources that are named, of those that flyteadmin looks
// at.
func quantities(entries []*core.Resources_ResourceEntry) (map[core.Resources_ResourceName]*resource.Quantity, error) {
	found := map[core.Resources_ResourceName]*resource.Quantity{}
	for _, entry := range entries {
		name := entry.GetName()
		switch name {
		case core.Resources_CPU, core.Resources_MEMORY, core.Resources_GPU, core.Resources_EPHEMERAL_STORAGE:
		default:
			continue
		}
		if found[name] != nil {
			return nil, invalid("can't specify %v limit multiple times", name)
		}
		quantity, err := resource.ParseQuantity(entry.GetValue())
		if err != nil {
			return nil, invalid("Parsing of %v request failed for value %v - reason  %v. Please follow K8s conventions for resources", name, entry.GetValue(), err)
		}
		if name == core.Resources_GPU && quantity.MilliValue()%1000 != 0 {
			return nil, invalid("gpu must be a whole number, got: %s instead", entry.GetValue())
		}
		found[name] = &quantity
	}
	return found, nil
}

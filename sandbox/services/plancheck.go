package services

import (
	"maps"
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/robfig/cron/v3"
	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/flyte-lsp/flyte-lsp/literal"
)

// What flyteadmin refuses of a launch plan
// (pkg/manager/impl/validation/launch_plan_validator.go).

// planInputs are the inputs that a launch plan leaves open: its defaults, and
// what it doesn't name of the workflow's.
func planInputs(spec *admin.LaunchPlanSpec, workflow *admin.Workflow) (map[string]*core.Parameter, error) {
	declared := workflow.GetClosure().GetCompiledWorkflow().GetPrimary().GetTemplate().GetInterface().GetInputs().GetVariables()
	defaults, fixed := spec.GetDefaultInputs().GetParameters(), spec.GetFixedInputs().GetLiterals()
	for _, name := range slices.Sorted(maps.Keys(fixed)) {
		if fixed[name].GetValue() == nil && fixed[name].GetOffloadedMetadata() == nil {
			return nil, invalid("missing valid literal in fixed_inputs %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(defaults)) {
		if err := checkParameter(name, defaults[name]); err != nil {
			return nil, err
		}
		wanted := declared[name].GetType()
		if wanted == nil {
			return nil, invalid("unexpected default_input %s", name)
		}
		if got := defaults[name].GetVar().GetType(); !literal.Castable(got, wanted) {
			return nil, invalid("invalid default_input wrong type %s, expected %v, got %v instead", name, got, wanted)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fixed)) {
		wanted, got := declared[name].GetType(), literal.TypeOf(fixed[name])
		switch {
		case wanted == nil:
			return nil, invalid("unexpected fixed_input %s", name)
		case !literal.Castable(got, wanted):
			return nil, invalid("invalid fixed_input wrong type %s, expected %v, got %v instead", name, wanted, got)
		}
	}
	inputs := maps.Clone(defaults)
	if inputs == nil {
		inputs = map[string]*core.Parameter{}
	}
	for name, variable := range declared {
		if inputs[name] == nil && fixed[name] == nil {
			inputs[name] = &core.Parameter{Var: variable, Behavior: &core.Parameter_Required{Required: true}}
		}
	}
	return inputs, nil
}

func checkParameter(name string, parameter *core.Parameter) error {
	switch {
	case parameter.GetVar().GetType() == nil:
		return invalid("The Variable component of the Parameter %s in default_inputs either is missing, or has a missing Type", name)
	case parameter.GetDefault() == nil && !parameter.GetRequired():
		return invalid("Invalid variable %s in default_inputs - variable has neither default, nor is required. One must be specified", name)
	case parameter.GetDefault() != nil && !literal.Castable(literal.TypeOf(parameter.GetDefault()), parameter.GetVar().GetType()):
		return invalid("Type mismatch for Parameter %s in default_inputs has type %v, expected %v", name, parameter.GetVar().GetType(), literal.TypeOf(parameter.GetDefault()))
	}
	return nil
}

func checkSchedule(schedule *admin.Schedule, inputs map[string]*core.Parameter) error {
	if schedule.GetCronExpression() == "" && schedule.GetRate() == nil && schedule.GetCronSchedule() == nil {
		return nil
	}
	kickoff := schedule.GetKickoffTimeInputArg()
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		if inputs[name].GetRequired() && name != kickoff {
			return invalid("Cannot create a launch plan with a schedule if there is an unbound required input. [%v] is required", name)
		}
	}
	if kickoff != "" {
		switch input := inputs[kickoff]; {
		case input == nil:
			return invalid("Cannot create a schedule with a KickoffTimeInputArg that does not point to a free input. [%v] is not free or does not exist.", kickoff)
		case input.GetVar().GetType().GetSimple() != core.SimpleType_DATETIME:
			return invalid("KickoffTimeInputArg must reference a datetime input. [%v] is a [%v]", kickoff, input.GetVar().GetType())
		}
	}
	expression := schedule.GetCronExpression()
	if expression == "" {
		expression = schedule.GetCronSchedule().GetSchedule()
	}
	if expression == "" {
		return nil
	}
	if _, err := cron.ParseStandard(expression); err != nil {
		return invalid("Invalid cron expression: %v", err)
	}
	return nil
}

func checkNotifications(notifications []*admin.Notification) error {
	for _, notification := range notifications {
		for _, recipients := range [][]string{notification.GetEmail().GetRecipientsEmail(), notification.GetSlack().GetRecipientsEmail(), notification.GetPagerDuty().GetRecipientsEmail()} {
			if slices.Contains(recipients, "") {
				return invalid("missing recipient")
			}
		}
		if len(notification.GetEmail().GetRecipientsEmail())+len(notification.GetSlack().GetRecipientsEmail())+len(notification.GetPagerDuty().GetRecipientsEmail()) == 0 {
			return invalid("missing recipients")
		}
		for _, phase := range notification.GetPhases() {
			switch phase {
			case core.WorkflowExecution_ABORTED, core.WorkflowExecution_FAILED, core.WorkflowExecution_SUCCEEDED, core.WorkflowExecution_TIMED_OUT:
			default:
				return invalid("invalid value for phase")
			}
		}
	}
	return nil
}

// maxLabels is how many labels there may be
// (pkg/manager/impl/validation/project_validator.go: maxLabelArrayLength).
const maxLabels = 16

// checkLabels is validateLabels, with Kubernetes' own rules for labels.
func checkLabels(labels *admin.Labels) error {
	if len(labels.GetValues()) > maxLabels {
		return invalid("labels map cannot exceed %d entries", maxLabels)
	}
	for _, name := range slices.Sorted(maps.Keys(labels.GetValues())) {
		if problems := content.IsLabelKey(name); len(problems) > 0 {
			return invalid("invalid label key [%s]: %v", name, problems)
		}
		if value := labels.GetValues()[name]; len(content.IsLabelValue(value)) > 0 {
			return invalid("invalid label value [%s]: %v", value, content.IsLabelValue(value))
		}
	}
	return nil
}

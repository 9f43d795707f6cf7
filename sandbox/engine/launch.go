package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// executionName is what flyteadmin takes as a name, checked lower-cased.
var executionName = regexp.MustCompile(`^[a-z][a-z\-0-9]*$`)

const maxExecutionName = 63

// newExecutionName makes a name as flyteadmin does: "a" and 19 letters.
func newExecutionName() (string, error) {
	const letters = "bcdfghjklmnpqrstvwxz2456789"
	name := []byte{'a'}
	for len(name) < 20 {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			return "", err
		}
		name = append(name, letters[n.Int64()])
	}
	return string(name), nil
}

// Create validates the request, stores the execution and starts it. Errors
// are gRPC statuses with flyteadmin's codes and texts.
func (e *Engine) Create(ctx context.Context, request *admin.ExecutionCreateRequest) (*admin.Execution, error) {
	if err := e.CheckProject(ctx, request.GetProject(), request.GetDomain()); err != nil {
		return nil, err
	}
	name, err := chosenName(request.GetName())
	if err != nil {
		return nil, err
	}
	spec := request.GetSpec()
	if spec == nil {
		return nil, invalid("missing spec")
	}
	if err := checkLabels(spec.GetLabels().GetValues()); err != nil {
		return nil, err
	}
	plan, err := e.launchPlanOf(ctx, spec.GetLaunchPlan())
	if err != nil {
		return nil, err
	}
	given := request.GetInputs()
	if len(given.GetLiterals()) == 0 {
		given = spec.GetInputs()
	}
	if given == nil {
		given = &core.LiteralMap{}
	}
	inputs, err := completeInputs(plan, given)
	if err != nil {
		return nil, err
	}
	execution := newExecution(request, name, plan)
	return execution, e.launch(ctx, execution, inputs, given)
}

func invalid(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, format, args...)
}

func chosenName(given string) (string, error) {
	if given == "" {
		return newExecutionName()
	}
	if len(given) > maxExecutionName {
		return "", invalid("name has invalid length %d: %d is the most", len(given), maxExecutionName)
	}
	if !executionName.MatchString(strings.ToLower(given)) {
		return "", invalid("invalid execution name: %s, it must match %s", given, executionName)
	}
	return given, nil
}

// CheckProject refuses projects and domains that aren't registered.
func (e *Engine) CheckProject(ctx context.Context, project, domain string) error {
	if project == "" {
		return invalid("missing project")
	}
	if domain == "" {
		return invalid("missing domain")
	}
	row, err := e.Store.Projects.Get(ctx, project)
	if errors.Is(err, store.ErrNotFound) {
		return invalid("failed to validate that project [%s] and domain [%s] are registered, err: [project [%s] not found]", project, domain, project)
	}
	if err != nil {
		return err
	}
	if row.Message.GetState() != admin.Project_ACTIVE {
		return invalid("project [%s] is not active", project)
	}
	if !slices.Contains(Domains, domain) {
		return invalid("domain [%s] is unrecognized by system", domain)
	}
	return nil
}

// Domains are the domains of every project.
var Domains = []string{"development", "staging", "production"}

var (
	labelValue = regexp.MustCompile(`^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$`)
	labelKey   = regexp.MustCompile(`^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$`)
)

const maxLabels = 16

func checkLabels(labels map[string]string) error {
	if len(labels) > maxLabels {
		return invalid("Label map exceeds max of %d", maxLabels)
	}
	for key, value := range labels {
		if len(value) > 63 || !labelValue.MatchString(value) {
			return invalid("invalid label value [%s]", value)
		}
		if !labelKey.MatchString(key) {
			return invalid("invalid label key [%s]", key)
		}
	}
	return nil
}

func (e *Engine) launchPlanOf(ctx context.Context, id *core.Identifier) (*admin.LaunchPlan, error) {
	if id == nil {
		return nil, invalid("missing launch_plan")
	}
	for _, part := range []struct{ name, value string }{{"project", id.GetProject()}, {"domain", id.GetDomain()}, {"name", id.GetName()}, {"version", id.GetVersion()}} {
		if part.value == "" {
			return nil, invalid("missing %s", part.name)
		}
	}
	switch id.GetResourceType() {
	case core.ResourceType_TASK:
		return e.taskLaunchPlan(ctx, id)
	case core.ResourceType_LAUNCH_PLAN:
		row, err := e.Store.LaunchPlan(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil, Missing(id)
		}
		return row.Message, err
	}
	return nil, invalid("unexpected resource type %v: only tasks and launch plans can be executed", id.GetResourceType())
}

// Missing is flyteadmin's answer for an entity that isn't registered.
func Missing(id *core.Identifier) error {
	return status.Errorf(codes.NotFound, "missing entity of type %s with identifier resource_type:%s project:%q domain:%q name:%q version:%q",
		id.GetResourceType(), id.GetResourceType(), id.GetProject(), id.GetDomain(), id.GetName(), id.GetVersion())
}

// completeInputs adds the launch plan's defaults and fixed inputs to those
// given, and refuses what doesn't fit.
func completeInputs(plan *admin.LaunchPlan, given *core.LiteralMap) (*core.LiteralMap, error) {
	expected := plan.GetClosure().GetExpectedInputs().GetParameters()
	fixed := plan.GetSpec().GetFixedInputs().GetLiterals()
	all := &core.LiteralMap{Literals: map[string]*core.Literal{}}
	for _, name := range slices.Sorted(maps.Keys(given.GetLiterals())) {
		if expected[name] == nil {
			return nil, invalid("invalid input %s", name)
		}
		all.Literals[name] = given.GetLiterals()[name]
	}
	for _, name := range slices.Sorted(maps.Keys(expected)) {
		if all.Literals[name] != nil {
			continue
		}
		value := expected[name].GetDefault()
		if value == nil {
			return nil, invalid("expected_inputs %s missing", name)
		}
		all.Literals[name] = value
	}
	maps.Copy(all.Literals, fixed)
	return all, nil
}

func newExecution(request *admin.ExecutionCreateRequest, name string, plan *admin.LaunchPlan) *admin.Execution {
	spec := proto.CloneOf(request.GetSpec())
	spec.Inputs = nil
	if spec.Metadata == nil {
		spec.Metadata = &admin.ExecutionMetadata{}
	}
	spec.Metadata.SystemMetadata = &admin.SystemMetadata{Namespace: request.GetProject() + "-" + request.GetDomain()}
	defaults := plan.GetSpec()
	if spec.MaxParallelism == 0 {
		spec.MaxParallelism = defaults.GetMaxParallelism()
	}
	if spec.MaxParallelism == 0 {
		spec.MaxParallelism = defaultParallelism
	}
	if len(spec.GetLabels().GetValues()) == 0 {
		spec.Labels = defaults.GetLabels()
	}
	if len(spec.GetAnnotations().GetValues()) == 0 {
		spec.Annotations = defaults.GetAnnotations()
	}
	if spec.GetRawOutputDataConfig().GetOutputLocationPrefix() == "" {
		spec.RawOutputDataConfig = defaults.GetRawOutputDataConfig()
	}
	if spec.Interruptible == nil {
		spec.Interruptible = defaults.GetInterruptible()
	}
	if len(spec.GetEnvs().GetValues()) == 0 {
		spec.Envs = defaults.GetEnvs()
	}
	if spec.SecurityContext == nil {
		spec.SecurityContext = defaults.GetSecurityContext()
	}
	spec.OverwriteCache = spec.OverwriteCache || defaults.GetOverwriteCache()
	now := timestamppb.Now()
	return &admin.Execution{
		Id:   &core.WorkflowExecutionIdentifier{Project: request.GetProject(), Domain: request.GetDomain(), Name: name},
		Spec: spec,
		Closure: &admin.ExecutionClosure{
			Phase: core.WorkflowExecution_UNDEFINED, CreatedAt: now, UpdatedAt: now, WorkflowId: plan.GetSpec().GetWorkflowId(),
			StateChangeDetails: &admin.ExecutionStateChangeDetails{State: admin.ExecutionState_EXECUTION_ACTIVE, OccurredAt: now, Principal: spec.GetMetadata().GetPrincipal()},
		},
	}
}

// launch stores the execution and starts it. The inputs are written first, so
// that a stored execution can always run.
func (e *Engine) launch(ctx context.Context, execution *admin.Execution, inputs, given *core.LiteralMap) error {
	id := execution.GetId()
	e.naming.Lock()
	defer e.naming.Unlock()
	taken := status.Errorf(codes.AlreadyExists, "execution with identifier %q already exists", runKey(id))
	_, err := e.Store.Execution(ctx, id)
	if err == nil {
		return taken
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := errors.Join(writeMessage(e.Layout.Inputs(id), inputs), writeMessage(e.Layout.UserInputs(id), given)); err != nil {
		return fmt.Errorf("the inputs of execution %s can't be written: %w", id.GetName(), err)
	}
	tags := maps.Clone(execution.GetSpec().GetLabels().GetValues())
	if tags == nil {
		tags = map[string]string{}
	}
	for _, tag := range execution.GetSpec().GetTags() {
		tags[tag] = ""
	}
	if err := e.Store.InsertExecution(ctx, execution, tags); errors.Is(err, store.ErrExists) {
		return taken
	} else if err != nil {
		return fmt.Errorf("execution %s can't be stored: %w", id.GetName(), err)
	}
	e.Log.Info("execution starts", "execution", id.GetName(), "of", execution.GetSpec().GetLaunchPlan().GetName())
	e.start(execution)
	return nil
}

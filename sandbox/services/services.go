// Package services are flyteadmin's gRPC services: thin translations between
// requests, the store and the engine. What isn't there yet answers
// UNIMPLEMENTED.
package services

import (
	"context"
	"errors"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/flyte-lsp/flyte-lsp/sandbox/engine"
	"github.com/flyte-lsp/flyte-lsp/sandbox/objects"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// Admin is flyteadmin's AdminService.
type Admin struct {
	service.UnimplementedAdminServiceServer
	store   *store.Store
	engine  *engine.Engine
	version string
}

// Config is what the services need.
type Config struct {
	Store   *store.Store
	Engine  *engine.Engine
	Objects *objects.Store
	// Version is what GetVersion tells.
	Version string
}

// Register puts all services on the server and makes the first project,
// flytesnacks, where there is none.
func Register(ctx context.Context, server *grpc.Server, config Config) error {
	a := &Admin{store: config.Store, engine: config.Engine, version: config.Version}
	if err := a.seed(ctx); err != nil {
		return err
	}
	service.RegisterAdminServiceServer(server, a)
	service.RegisterDataProxyServiceServer(server, &dataProxy{admin: a, objects: config.Objects})
	service.RegisterAuthMetadataServiceServer(server, authMetadata{})
	service.RegisterIdentityServiceServer(server, identity{})
	service.RegisterSignalServiceServer(server, signals{})
	return nil
}

func invalid(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, format, args...)
}

// checkID refuses identifiers with missing parts, or of another kind than
// want; an unspecified kind becomes want.
func checkID(id *core.Identifier, want core.ResourceType) error {
	if id == nil {
		return invalid("missing id")
	}
	if id.ResourceType == core.ResourceType_UNSPECIFIED {
		id.ResourceType = want
	}
	if id.ResourceType != want {
		return invalid("unexpected resource type %s for identifier [%v], expected %s instead", id.ResourceType, id, want)
	}
	for _, part := range []struct{ name, value string }{
		{"project", id.GetProject()}, {"domain", id.GetDomain()}, {"name", id.GetName()}, {"version", id.GetVersion()},
	} {
		if part.value == "" {
			return invalid("missing %s", part.name)
		}
	}
	return nil
}

// lookup turns the store's answer for one entity into a client's.
func lookup[M any](message M, err error, id *core.Identifier) (M, error) {
	if errors.Is(err, store.ErrNotFound) {
		return message, engine.Missing(id)
	}
	return message, err
}

// listed turns a list's error into a client's.
func listed(err error) error {
	var bad *store.FilterError
	if errors.As(err, &bad) {
		return invalid("%s", bad.Message)
	}
	return err
}

// resources is the query of a list of registered entities.
func resources(request *admin.ResourceListRequest) (store.Query, error) {
	id := request.GetId()
	if id.GetProject() == "" {
		return store.Query{}, invalid("missing project")
	}
	if id.GetDomain() == "" {
		return store.Query{}, invalid("missing domain")
	}
	equal := map[string]any{"project": id.GetProject(), "domain": id.GetDomain()}
	if id.GetName() != "" {
		equal["name"] = id.GetName()
	}
	return store.Query{Equal: equal, Filters: request.GetFilters(), Sort: request.GetSortBy(), Limit: request.GetLimit(), Token: request.GetToken()}, nil
}

func missingExecution(id *core.WorkflowExecutionIdentifier) error {
	return status.Errorf(codes.NotFound, "missing entity of type execution with identifier project:%q domain:%q name:%q", id.GetProject(), id.GetDomain(), id.GetName())
}

func missingNode(id *core.NodeExecutionIdentifier) error {
	return status.Errorf(codes.NotFound, "missing entity of type node execution with identifier %s/%s", id.GetExecutionId().GetName(), id.GetNodeId())
}

// exists is flyteadmin's answer to a second registration: AlreadyExists for
// the same structure, InvalidArgument with the differences for another.
func exists(kind, name, older, newer string, differences func() string) error {
	if older == newer {
		return status.Errorf(codes.AlreadyExists, "%s %s with identical structure already exists", name, kind)
	}
	return invalid("%s %s with different structure already exists. (Please register a new version of the %s):\n%s", name, kind, kind, differences())
}

func executionKey(id *core.WorkflowExecutionIdentifier) (*core.WorkflowExecutionIdentifier, error) {
	for _, part := range []struct{ name, value string }{{"project", id.GetProject()}, {"domain", id.GetDomain()}, {"name", id.GetName()}} {
		if part.value == "" {
			return nil, invalid("missing %s", part.name)
		}
	}
	return id, nil
}

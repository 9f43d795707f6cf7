package remote_test

import (
	"context"
	"net"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// handler answers one request; what it doesn't know it leaves with unknown.
type handler func(ctx context.Context, req any) (proto.Message, error)

// stub is a gRPC server that does what a test says: faults must be caused,
// and the sandbox has none. What goes well is tested against the sandbox.
type stub struct {
	service.UnimplementedAdminServiceServer
	service.UnimplementedDataProxyServiceServer
}

func serveStub(t *testing.T, handle handler, opts ...grpc.ServerOption) (remote.Config, *grpc.Server) {
	t.Helper()
	return serveStubAt(t, "127.0.0.1:0", handle, opts...)
}

func serveStubAt(t *testing.T, address string, handle handler, opts ...grpc.ServerOption) (remote.Config, *grpc.Server) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	intercept := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, unimplemented grpc.UnaryHandler) (any, error) {
		answer, err := handle(ctx, req)
		if answer == nil && err == nil {
			return unimplemented(ctx, req)
		}
		return answer, err
	}
	server := grpc.NewServer(append(opts, grpc.UnaryInterceptor(intercept))...)
	service.RegisterAdminServiceServer(server, stub{})
	service.RegisterDataProxyServiceServer(server, stub{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		// It ends with the Stop below.
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() { server.Stop(); <-done })
	return remote.Config{Endpoint: listener.Addr().String(), Insecure: true}, server
}

func dial(t *testing.T, cfg remote.Config) *remote.Client {
	t.Helper()
	client, err := remote.Dial(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// dialStub connects to a stub.
func dialStub(t *testing.T, handle handler) *remote.Client {
	t.Helper()
	cfg, _ := serveStub(t, handle)
	return dial(t, cfg)
}

func identifier(kind core.ResourceType, name string) *core.Identifier {
	return &core.Identifier{ResourceType: kind, Project: "p", Domain: "d", Name: name, Version: "v1"}
}

func execution(name string) *core.WorkflowExecutionIdentifier {
	return &core.WorkflowExecutionIdentifier{Project: "p", Domain: "d", Name: name}
}

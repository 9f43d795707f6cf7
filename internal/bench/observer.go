package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
)

// An observer stands before a backend, passes all calls on, and tells when
// CreateExecution was answered. It doesn't look at what it passes on.
type observer struct {
	endpoint string
	created  chan creation

	server  *grpc.Server
	backend *grpc.ClientConn
	served  chan error
}

// creation is an answer of CreateExecution.
type creation struct {
	at time.Time
	id *core.WorkflowExecutionIdentifier
}

func observe(backend string) (*observer, error) {
	conn, err := grpc.NewClient(backend, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	o := &observer{
		endpoint: listener.Addr().String(),
		created:  make(chan creation, 1),
		backend:  conn,
		served:   make(chan error, 1),
	}
	o.server = grpc.NewServer(grpc.ForceServerCodec(asIs{}), grpc.UnknownServiceHandler(o.pass))
	go func() { o.served <- o.server.Serve(listener) }()
	return o, nil
}

func (o *observer) close() error {
	o.server.Stop()
	err := <-o.served
	if closeErr := o.backend.Close(); err == nil {
		err = closeErr
	}
	return err
}

// pass serves a call: all of flyteadmin's have one request and one answer.
func (o *observer) pass(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	ctx := stream.Context()
	if headers, ok := metadata.FromIncomingContext(ctx); ok {
		ctx = metadata.NewOutgoingContext(ctx, headers)
	}
	var request, answer []byte
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	if err := o.backend.Invoke(ctx, method, &request, &answer, grpc.ForceCodec(asIs{})); err != nil {
		return err
	}
	if method == service.AdminService_CreateExecution_FullMethodName {
		var response admin.ExecutionCreateResponse
		if err := proto.Unmarshal(answer, &response); err != nil {
			return err
		}
		o.tell(ctx, creation{at: time.Now(), id: response.GetId()})
	}
	return stream.SendMsg(&answer)
}

func (o *observer) tell(ctx context.Context, answer creation) {
	select {
	case o.created <- answer:
	case <-ctx.Done(): // nobody asks
	}
}

// asIs is the codec that leaves messages as they came.
type asIs struct{}

func (asIs) Name() string { return "proto" }

func (asIs) Marshal(message any) ([]byte, error) {
	bytes, ok := message.(*[]byte)
	if !ok {
		return nil, fmt.Errorf("marshal a %T", message)
	}
	return *bytes, nil
}

func (asIs) Unmarshal(data []byte, message any) error {
	bytes, ok := message.(*[]byte)
	if !ok {
		return fmt.Errorf("unmarshal into a %T", message)
	}
	*bytes = append([]byte(nil), data...)
	return nil
}

package analysis_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

// backend registers what flytekit serialized with a sandbox, which refuses what
// flyteadmin refuses, and returns why it does, "" if it doesn't. A sandbox
// serves one test.
type backend struct {
	client service.AdminServiceClient
}

func startBackend(t *testing.T) *backend {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan sandbox.Status, 1), make(chan error, 1)
	var serving sync.WaitGroup
	serving.Go(func() {
		ended <- sandbox.Serve(ctx, sandbox.Options{
			Dir: t.TempDir(), Python: testenv.Python(t), IdleAfter: time.Hour,
			Log:   slog.New(slog.DiscardHandler),
			Ready: func(status sandbox.Status) { ready <- status },
		})
	})
	t.Cleanup(func() {
		stop()
		serving.Wait()
	})
	select {
	case err := <-ended:
		t.Fatal("the sandbox doesn't start: ", err)
		return nil
	case status := <-ready:
		conn, err := grpc.NewClient(status.Endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return &backend{service.NewAdminServiceClient(conn)}
	}
}

// refuses returns why the backend refuses the messages.
func (b *backend) refuses(t *testing.T, specs [][2]string) string {
	for _, spec := range specs {
		data, err := base64.StdEncoding.DecodeString(spec[1])
		if err != nil {
			t.Fatal(err)
		}
		err = b.create(t.Context(), spec[0], data)
		if err != nil && !strings.Contains(err.Error(), "identical structure already exists") { // which clients pass over
			return fmt.Sprintf("%s: %s", spec[0], status.Convert(err).Message())
		}
	}
	return ""
}

func (b *backend) create(ctx context.Context, kind string, data []byte) error {
	var err error
	switch kind {
	case "task":
		spec := &admin.TaskSpec{}
		if err = proto.Unmarshal(data, spec); err == nil {
			_, err = b.client.CreateTask(ctx, &admin.TaskCreateRequest{Id: spec.GetTemplate().GetId(), Spec: spec})
		}
	case "workflow":
		spec := &admin.WorkflowSpec{}
		if err = proto.Unmarshal(data, spec); err == nil {
			_, err = b.client.CreateWorkflow(ctx, &admin.WorkflowCreateRequest{Id: spec.GetTemplate().GetId(), Spec: spec})
		}
	case "launchplan":
		plan := &admin.LaunchPlan{}
		if err = proto.Unmarshal(data, plan); err == nil {
			_, err = b.client.CreateLaunchPlan(ctx, &admin.LaunchPlanCreateRequest{Id: plan.GetId(), Spec: plan.GetSpec()})
		}
	default:
		err = fmt.Errorf("%s is no kind of message", kind)
	}
	return err
}

package services

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// address is a parsed flyte://v1/<project>/<domain>/<execution>/<node>
// [/<attempt>]/{i|o|d}[/<name>].
type address struct {
	node    *core.NodeExecutionIdentifier
	attempt int    // -1: the node's own
	what    string // i, o or d
	name    string // one literal, "" for all
}

func parseAddress(text string) (address, error) {
	bad := invalid("invalid value for flyte_url: %s, it looks like flyte://v1/<project>/<domain>/<execution>/<node>/o", text)
	rest, found := strings.CutPrefix(text, "flyte://v1/")
	parts := strings.Split(rest, "/")
	if !found || len(parts) < 5 {
		return address{}, bad
	}
	a := address{attempt: -1, node: &core.NodeExecutionIdentifier{
		ExecutionId: &core.WorkflowExecutionIdentifier{Project: parts[0], Domain: parts[1], Name: parts[2]}, NodeId: parts[3],
	}}
	parts = parts[4:]
	if n, err := strconv.Atoi(parts[0]); err == nil && len(parts) > 1 {
		a.attempt, parts = n, parts[1:]
	}
	a.what = parts[0]
	if len(parts) == 2 {
		a.name = parts[1]
	}
	if len(parts) > 2 || !strings.Contains("iod", a.what) || len(a.what) != 1 {
		return address{}, bad
	}
	return a, nil
}

// GetData reads inputs, outputs or the deck behind a flyte:// address.
func (d *dataProxy) GetData(ctx context.Context, request *service.GetDataRequest) (*service.GetDataResponse, error) {
	a, err := parseAddress(request.GetFlyteUrl())
	if err != nil {
		return nil, err
	}
	node, err := d.admin.node(ctx, a.node)
	if err != nil {
		return nil, err
	}
	inputsFile, outputsFile := node.GetInputUri(), node.GetClosure().GetOutputUri()
	if a.attempt >= 0 {
		rows, err := d.admin.store.AttemptsOf(ctx, a.node)
		if err != nil {
			return nil, err
		}
		if a.attempt >= len(rows) {
			return nil, status.Errorf(codes.NotFound, "node execution %s has no attempt %d", a.node.GetNodeId(), a.attempt)
		}
		inputsFile, outputsFile = rows[a.attempt].Message.GetInputUri(), rows[a.attempt].Message.GetClosure().GetOutputUri()
	}
	if a.what == "d" {
		return d.deck(node.GetClosure().GetDeckUri())
	}
	inputs, outputs, err := literals(inputsFile, outputsFile)
	if err != nil {
		return nil, err
	}
	found := inputs
	if a.what == "o" {
		found = outputs
	}
	if a.name == "" {
		return &service.GetDataResponse{Data: &service.GetDataResponse_LiteralMap{LiteralMap: found}}, nil
	}
	value := found.GetLiterals()[a.name]
	if value == nil {
		return nil, status.Error(codes.NotFound, fmt.Sprintf("there is no %q behind %s", a.name, request.GetFlyteUrl()))
	}
	return &service.GetDataResponse{Data: &service.GetDataResponse_Literal{Literal: value}}, nil
}

func (d *dataProxy) deck(uri string) (*service.GetDataResponse, error) {
	if uri == "" {
		return nil, status.Error(codes.NotFound, "the node has no deck")
	}
	expires := time.Now().Add(maxExpiry)
	signed, err := d.sign(uri, expires)
	return &service.GetDataResponse{Data: &service.GetDataResponse_PreSignedUrls{
		PreSignedUrls: &service.PreSignedURLs{SignedUrl: []string{signed}, ExpiresAt: timestamppb.New(expires)},
	}}, err
}

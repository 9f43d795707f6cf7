package remote

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
)

// Outputs returns the outputs of an execution that succeeded: those that the
// backend sends inline, else those at the signed URL that it gives. An
// execution without outputs gives an empty map, and so does one whose outputs
// are gone: the backend doesn't tell them apart.
func (c *Client) Outputs(ctx context.Context, id *core.WorkflowExecutionIdentifier) (*core.LiteralMap, error) {
	data, err := c.admin.GetExecutionData(ctx, &admin.WorkflowExecutionGetDataRequest{Id: id})
	if err != nil {
		return nil, about("the outputs of "+describeExecution(id), err)
	}
	outputs, err := c.given(ctx, data)
	if err != nil {
		return nil, fmt.Errorf("the outputs of %s: %w", describeExecution(id), err)
	}
	return outputs, nil
}

// NodeOutputs returns the outputs of a node of an execution, as Outputs does.
func (c *Client) NodeOutputs(ctx context.Context, id *core.WorkflowExecutionIdentifier, node string) (*core.LiteralMap, error) {
	data, err := c.admin.GetNodeExecutionData(ctx, &admin.NodeExecutionGetDataRequest{
		Id: &core.NodeExecutionIdentifier{ExecutionId: id, NodeId: node},
	})
	if err != nil {
		return nil, about("the outputs of node "+node+" of "+describeExecution(id), err)
	}
	outputs, err := c.given(ctx, data)
	if err != nil {
		return nil, fmt.Errorf("the outputs of node %s of %s: %w", node, describeExecution(id), err)
	}
	return outputs, nil
}

// given are the outputs that an answer has, or tells the place of.
func (c *Client) given(ctx context.Context, data interface {
	GetFullOutputs() *core.LiteralMap
	GetOutputs() *admin.UrlBlob
}) (*core.LiteralMap, error) {
	if len(data.GetFullOutputs().GetLiterals()) > 0 {
		return data.GetFullOutputs(), nil
	}
	if data.GetOutputs().GetUrl() == "" || data.GetOutputs().GetBytes() == 0 {
		return &core.LiteralMap{}, nil
	}
	outputs := &core.LiteralMap{}
	if err := c.download(ctx, data.GetOutputs().GetUrl(), outputs); err != nil {
		return nil, err
	}
	return outputs, nil
}

// download reads a message from a signed URL, which stays out of the errors.
func (c *Client) download(ctx context.Context, address string, into proto.Message) error {
	ctx, cancel := context.WithTimeout(ctx, uploadBase)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil || request.URL.Host == "" {
		return fmt.Errorf("the backend gave no usable URL for them")
	}
	host := request.URL.Host
	answer, err := c.http.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &UnreachableError{Endpoint: host, Call: http.MethodGet, Err: innermost(err)}
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the object store at %s answers %s", host, answer.Status)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, receiveLimit+1))
	if err != nil {
		return fmt.Errorf("the answer of %s ended early: %w", host, err)
	}
	if len(data) > receiveLimit {
		return fmt.Errorf("they are larger than %d MB, which is too large to show", receiveLimit>>20)
	}
	return proto.Unmarshal(data, into)
}

// innermost drops the address that net/http puts before its errors.
func innermost(err error) error {
	if transport, ok := err.(*url.Error); ok {
		return transport.Err
	}
	return err
}

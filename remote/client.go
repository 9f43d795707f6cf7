package remote

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path"
	"sync"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

const (
	// receiveLimit is flytekit's (clients/raw.py), in bytes.
	receiveLimit = 20 << 20
	callTimeout  = 15 * time.Second
	// connectTimeout covers TCP, TLS and HTTP/2's first frame: whoever
	// accepts and then says nothing is given up after it.
	connectTimeout = 5 * time.Second
	// keepaliveTime is the shortest that a backend must bear: flytekit's own.
	keepaliveTime    = 30 * time.Second
	keepaliveTimeout = 10 * time.Second
)

// Client talks to one backend. Its methods may be called concurrently.
type Client struct {
	cfg     Config
	conn    *grpc.ClientConn
	admin   service.AdminServiceClient
	uploads service.DataProxyServiceClient
	http    *http.Client

	mu sync.Mutex
	// names holds what the nodes of a workflow run, by the workflow's
	// identifier as text: a registered version never changes.
	names map[string]map[string]string
}

// Dial makes a client for the backend. It doesn't connect before the first
// call, so it fails only where cfg can't be used (*ConfigError). The caller
// must Close it.
func Dial(cfg Config) (*Client, error) { return dial(cfg, callTimeout) }

func dial(cfg Config, timeout time.Duration) (*Client, error) {
	tlsConfig, err := cfg.tls()
	if err != nil {
		return nil, err
	}
	transport := credentials.NewTLS(tlsConfig)
	if cfg.Insecure {
		transport = insecure.NewCredentials()
	}
	conn, err := grpc.NewClient(cfg.Endpoint,
		grpc.WithTransportCredentials(transport),
		grpc.WithUserAgent("flyte-lsp"),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(receiveLimit)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 200 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 5 * time.Second},
			MinConnectTimeout: connectTimeout,
		}),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: keepaliveTime, Timeout: keepaliveTimeout}),
		grpc.WithDisableServiceConfig(),
		grpc.WithDefaultServiceConfig(retryConfig()),
		grpc.WithStatsHandler(attemptCounter{}),
		grpc.WithUnaryInterceptor(boundedCalls(cfg, timeout)),
	)
	if err != nil {
		return nil, &ConfigError{File: firstOf(cfg.Source, "endpoint"), Problem: fmt.Sprintf("the endpoint %q is no gRPC address (%v)", cfg.Endpoint, err), Err: err}
	}
	httpTransport := http.DefaultTransport.(*http.Transport).Clone()
	httpTransport.TLSClientConfig = tlsConfig
	httpTransport.DialContext = (&net.Dialer{Timeout: connectTimeout}).DialContext
	httpTransport.ResponseHeaderTimeout = uploadBase
	return &Client{
		cfg:     cfg,
		conn:    conn,
		admin:   service.NewAdminServiceClient(conn),
		uploads: service.NewDataProxyServiceClient(conn),
		http:    &http.Client{Transport: httpTransport},
		names:   map[string]map[string]string{},
	}, nil
}

// tls trusts the system's certificates and the file's.
func (c Config) tls() (*tls.Config, error) {
	out := &tls.Config{InsecureSkipVerify: c.InsecureSkipVerify, MinVersion: tls.VersionTLS12}
	if c.CACertFile == "" {
		return out, nil
	}
	pem, err := os.ReadFile(c.CACertFile)
	if err != nil {
		return nil, &ConfigError{File: firstOf(c.Source, c.CACertFile), Problem: "the certificates of admin.caCertFilePath can't be read (" + err.Error() + ")", Err: err}
	}
	if out.RootCAs, err = x509.SystemCertPool(); err != nil {
		out.RootCAs = x509.NewCertPool()
	}
	if !out.RootCAs.AppendCertsFromPEM(pem) {
		return nil, &ConfigError{File: c.CACertFile, Problem: "it holds no certificate in PEM form, which admin.caCertFilePath must name"}
	}
	return out, nil
}

// Close ends the connection; calls that are under way fail.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return c.conn.Close()
}

// Config returns what the client was made with.
func (c *Client) Config() Config { return c.cfg }

// Ping asks whether the backend answers. Any answer will do but one that asks
// for a login.
func (c *Client) Ping(ctx context.Context) error {
	_, err := c.Version(ctx)
	var answer *CallError
	if errors.As(err, &answer) && answer.Code != codes.Unauthenticated && answer.Code != codes.Unimplemented {
		return nil
	}
	return err
}

// Version returns the backend's version as it tells it, such as v1.16.8.
func (c *Client) Version(ctx context.Context) (string, error) {
	answer, err := c.admin.GetVersion(ctx, &admin.GetVersionRequest{})
	if err != nil {
		return "", about("the backend's version", err)
	}
	return answer.GetControlPlaneVersion().GetVersion(), nil
}

// Registered tells whether the entity, a task, workflow or launch plan with
// its version, is registered.
func (c *Client) Registered(ctx context.Context, id *core.Identifier) (bool, error) {
	request := &admin.ObjectGetRequest{Id: id}
	var err error
	switch id.GetResourceType() {
	case core.ResourceType_TASK:
		_, err = c.admin.GetTask(ctx, request)
	case core.ResourceType_WORKFLOW:
		_, err = c.admin.GetWorkflow(ctx, request)
	case core.ResourceType_LAUNCH_PLAN:
		_, err = c.admin.GetLaunchPlan(ctx, request)
	default:
		return false, fmt.Errorf("%s is no task, workflow or launch plan: it can't be registered", describe(id))
	}
	if codeOf(err) == codes.NotFound {
		return false, nil
	}
	return err == nil, about(describe(id), err)
}

// retryConfig is gRPC's own retry policy for the calls that do the same when
// they are made twice: the reads, and the writes that name what they make.
func retryConfig() string {
	type name struct {
		Service string `json:"service"`
		Method  string `json:"method"`
	}
	var names []name
	for _, method := range []string{
		service.AdminService_GetVersion_FullMethodName,
		service.AdminService_GetTask_FullMethodName,
		service.AdminService_GetWorkflow_FullMethodName,
		service.AdminService_GetLaunchPlan_FullMethodName,
		service.AdminService_CreateTask_FullMethodName,
		service.AdminService_CreateWorkflow_FullMethodName,
		service.AdminService_CreateLaunchPlan_FullMethodName,
		service.AdminService_UpdateLaunchPlan_FullMethodName,
		service.AdminService_CreateExecution_FullMethodName,
		service.AdminService_GetExecution_FullMethodName,
		service.AdminService_GetExecutionData_FullMethodName,
		service.AdminService_TerminateExecution_FullMethodName,
		service.AdminService_ListNodeExecutions_FullMethodName,
		service.AdminService_GetNodeExecution_FullMethodName,
		service.AdminService_ListTaskExecutions_FullMethodName,
		service.DataProxyService_CreateUploadLocation_FullMethodName,
	} {
		names = append(names, name{Service: path.Dir(method)[1:], Method: path.Base(method)})
	}
	config := map[string]any{"methodConfig": []any{map[string]any{
		"name": names,
		"retryPolicy": map[string]any{
			"maxAttempts": 4, "initialBackoff": "0.2s", "maxBackoff": "2s", "backoffMultiplier": 2,
			"retryableStatusCodes": []string{"UNAVAILABLE"},
		},
	}}}
	// Strings and numbers always encode.
	text, _ := json.Marshal(config)
	return string(text)
}

package remote_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

func answerVersion(_ context.Context, req any) (proto.Message, error) {
	if _, ok := req.(*admin.GetVersionRequest); ok {
		return &admin.GetVersionResponse{ControlPlaneVersion: &admin.Version{Version: "v1.16.8"}}, nil
	}
	return nil, nil
}

func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// silentListener accepts and never says a word.
func silentListener(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
		}
	}()
	t.Cleanup(func() { listener.Close(); <-done })
	return listener.Addr().String()
}

func TestUnreachableBackends(t *testing.T) {
	t.Parallel()
	plain, _ := serveStub(t, answerVersion)
	secure, _ := serveTLS(t)
	for _, test := range []struct {
		name string
		cfg  remote.Config
		says string
	}{
		{"nothing listens", remote.Config{Endpoint: closedPort(t), Insecure: true}, "flyte-lsp sandbox start"},
		{"it accepts and stays silent", remote.Config{Endpoint: silentListener(t), Insecure: true}, "stayed silent for 5s. It isn't a gRPC server, or it speaks TLS"},
		{"it stays silent where TLS is expected", remote.Config{Endpoint: silentListener(t)}, "try again"},
		{"no such name", remote.Config{Endpoint: "backend.invalid:81", Insecure: true}, "correct admin.endpoint"},
		{"TLS against plaintext", remote.Config{Endpoint: plain.Endpoint}, "set admin.insecure: true"},
		{"plaintext against TLS", remote.Config{Endpoint: secure.Endpoint, Insecure: true}, "it speaks TLS"},
		{"an unknown CA", remote.Config{Endpoint: secure.Endpoint}, "admin.caCertFilePath"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := dial(t, test.cfg).Ping(t.Context())
			var unreachable *remote.UnreachableError
			if !errors.As(err, &unreachable) {
				t.Fatalf("got %v", err)
			}
			if unreachable.Endpoint != test.cfg.Endpoint || unreachable.Call != "GetVersion" {
				t.Errorf("it names %s and %s", unreachable.Endpoint, unreachable.Call)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%q doesn't tell %q", err, test.says)
			}
		})
	}
}

func TestTrustedCertificates(t *testing.T) {
	t.Parallel()
	secure, file := serveTLS(t)
	for name, cfg := range map[string]remote.Config{
		"own CA":      {Endpoint: secure.Endpoint, CACertFile: file},
		"skip verify": {Endpoint: "dns:///" + secure.Endpoint, InsecureSkipVerify: true},
	} {
		if version, err := dial(t, cfg).Version(t.Context()); err != nil || version != "v1.16.8" {
			t.Errorf("%s: %q, %v", name, version, err)
		}
	}
	_, err := remote.Dial(remote.Config{Endpoint: secure.Endpoint, CACertFile: "/none.pem"})
	var unusable *remote.ConfigError
	if !errors.As(err, &unusable) || !strings.Contains(err.Error(), "admin.caCertFilePath") {
		t.Errorf("a CA file that isn't there: %v", err)
	}
}

func TestABackendThatHangs(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	cfg, _ := serveStub(t, func(context.Context, any) (proto.Message, error) {
		<-release
		return nil, nil
	})
	t.Cleanup(func() { close(release) })
	client, err := remote.DialTimeout(cfg, 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = client.Registered(t.Context(), identifier(core.ResourceType_TASK, "t"))
	var unreachable *remote.UnreachableError
	if !errors.As(err, &unreachable) || !strings.Contains(err.Error(), "(GetTask): no answer within 50ms") {
		t.Errorf("got %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Version(cancelled); !errors.Is(err, context.Canceled) || errors.As(err, &unreachable) {
		t.Errorf("a cancelled call: %v", err)
	}
}

func TestAnswersAsSentences(t *testing.T) {
	t.Parallel()
	var code codes.Code
	cfg, _ := serveStub(t, func(context.Context, any) (proto.Message, error) {
		return nil, status.Error(code, "the backend's words")
	})
	cfg.AuthType = "DeviceFlow"
	client := dial(t, cfg)
	for c, says := range map[codes.Code][]string{
		codes.Unauthenticated:   {cfg.Endpoint, "asks for a login", "doesn't support yet", "admin.authType: DeviceFlow"},
		codes.PermissionDenied:  {cfg.Endpoint, "doesn't allow", "task t in p/d, version v1"},
		codes.Internal:          {cfg.Endpoint, "failed at GetTask for task t in p/d, version v1", "its log tells more", "the backend's words"},
		codes.InvalidArgument:   {cfg.Endpoint + " rejects task t in p/d, version v1: the backend's words"},
		codes.Unimplemented:     {"doesn't know the call GetTask", "admin.endpoint"},
		codes.ResourceExhausted: {"over a limit", "task t"},
	} {
		code = c
		_, err := client.Registered(t.Context(), identifier(core.ResourceType_TASK, "t"))
		for _, want := range says {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "%!") {
				t.Errorf("%v: %q doesn't tell %q", c, err, want)
			}
		}
		if status.Code(err) != c {
			t.Errorf("%v: the status is lost: %v", c, err)
		}
	}
	code = codes.NotFound
	if found, err := client.Registered(t.Context(), identifier(core.ResourceType_LAUNCH_PLAN, "l")); found || err != nil {
		t.Errorf("what isn't registered: %v, %v", found, err)
	}
}

// TestShortOutageIsRetried has a backend that is unavailable for two calls.
func TestShortOutageIsRetried(t *testing.T) {
	t.Parallel()
	calls := 0
	client := dialStub(t, func(ctx context.Context, req any) (proto.Message, error) {
		if calls++; calls < 3 {
			return nil, status.Error(codes.Unavailable, "starting")
		}
		return answerVersion(ctx, req)
	})
	if version, err := client.Version(t.Context()); err != nil || version != "v1.16.8" || calls != 3 {
		t.Errorf("%q, %v after %d calls", version, err, calls)
	}
}

// serveTLS serves a stub with a certificate of its own, and returns the file
// with it.
func serveTLS(t *testing.T) (remote.Config, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	certificate := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	cfg, _ := serveStub(t, answerVersion, grpc.Creds(credentials.NewServerTLSFromCert(&certificate)))
	return cfg, file
}

package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"

	"github.com/flyte-lsp/flyte-lsp/sandbox/console"
	"github.com/flyte-lsp/flyte-lsp/sandbox/engine"
	"github.com/flyte-lsp/flyte-lsp/sandbox/objects"
	"github.com/flyte-lsp/flyte-lsp/sandbox/services"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

const (
	// maxMessage is the largest gRPC message taken, in bytes; clients take 20
	// MB at most.
	maxMessage = 64 << 20
	// stopGrace is how long calls have to end when the sandbox stops.
	stopGrace = 2 * time.Second
)

// server is the running sandbox.
type server struct {
	opts    Options
	status  Status
	store   *store.Store
	objects *objects.Store
	engine  *engine.Engine
	grpc    *grpc.Server
	http    *http.Server
	called  atomic.Int64 // when the last call came, in nanoseconds since 1970
}

// newServer opens what is kept in the folder. Its caller calls serve or close.
func newServer(ctx context.Context, opts Options, status Status) (_ *server, err error) {
	s := &server{opts: opts, status: status}
	s.called.Store(time.Now().UnixNano())
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	layout := engine.Layout{Data: filepath.Join(opts.Dir, "data"), Work: filepath.Join(opts.Dir, "work")}
	for _, folder := range []string{layout.Data, layout.Work} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, fmt.Errorf("the sandbox's data: %w", err)
		}
	}
	if s.store, err = store.Open(ctx, filepath.Join(opts.Dir, "state.db")); err != nil {
		return nil, err
	}
	if s.objects, err = objects.New(layout.Data, status.HTTP); err != nil {
		return nil, err
	}
	s.engine = engine.New(engine.Config{
		Store: s.store, Layout: layout, Endpoint: status.Endpoint, Log: opts.Log,
		Python:       func() (string, error) { return findPython(opts.Python) },
		ExecutionURL: func(id *core.WorkflowExecutionIdentifier) string { return status.HTTP + console.ExecutionPath(id) },
	})
	s.grpc = grpc.NewServer(
		// flytekit pings every 30 s, also without a call: grpc-go's defaults
		// would hang up.
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 10 * time.Second, PermitWithoutStream: true}),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: time.Minute}),
		grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage),
		services.Interceptors(opts.Log, s.touch), services.Unknown(),
	)
	if err := services.Register(ctx, s.grpc, services.Config{Store: s.store, Engine: s.engine, Objects: s.objects, Version: version()}); err != nil {
		return nil, err
	}
	s.http = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	return s, nil
}

func (s *server) touch() { s.called.Store(time.Now().UnixNano()) }

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	counted := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.touch()
			h.ServeHTTP(w, r)
		})
	}
	mux.Handle(objects.Prefix, counted(s.objects.Handler()))
	mux.Handle("GET /console/", counted(console.New(s.store, s.engine.Layout)))
	mux.Handle("GET /{$}", http.RedirectHandler("/console/", http.StatusFound))
	mux.HandleFunc("GET /healthcheck", func(w http.ResponseWriter, _ *http.Request) {
		status := s.status
		status.Running, status.Active = true, s.engine.Active()
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(status); err != nil {
			s.opts.Log.Debug("a health check hung up", "err", err)
		}
	})
	return onlyLoopback(mux)
}

// onlyLoopback refuses requests that a web page elsewhere sends through a name
// that it made point here (DNS rebinding).
func onlyLoopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if host != "127.0.0.1" && host != "localhost" {
			http.Error(w, "the sandbox answers at 127.0.0.1 only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// serve answers until ctx ends or the sandbox was idle for long enough, then
// stops everything.
func (s *server) serve(ctx context.Context, grpcListener, httpListener net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := s.engine.Resume(ctx); err != nil {
		return errors.Join(err, s.close(), grpcListener.Close(), httpListener.Close())
	}
	group, ctx := errgroup.WithContext(ctx)
	both := newSplit(grpcListener)
	group.Go(both.serve)
	group.Go(func() error { return s.grpc.Serve(both.grpc) })
	for _, listener := range []net.Listener{httpListener, both.http} {
		group.Go(func() error {
			if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
	}
	group.Go(func() error {
		s.waitIdle(ctx, cancel)
		s.opts.Log.Info("sandbox stops")
		return s.stopServers()
	})
	if s.opts.Ready != nil {
		status := s.status
		status.Running, status.Active = true, s.engine.Active()
		s.opts.Ready(status)
	}
	return errors.Join(group.Wait(), s.close())
}

// waitIdle returns when ctx ends, or cancels it once the sandbox was idle.
func (s *server) waitIdle(ctx context.Context, cancel func()) {
	if s.opts.IdleAfter < 0 {
		<-ctx.Done()
		return
	}
	for {
		left := time.Until(time.Unix(0, s.called.Load()).Add(s.opts.IdleAfter))
		if s.engine.Active() > 0 {
			left = max(left, min(s.opts.IdleAfter, time.Minute))
			s.touch() // idle time begins when the last execution has ended
		}
		if left <= 0 {
			s.opts.Log.Info("sandbox was idle", "for", s.opts.IdleAfter)
			cancel()
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(left):
		}
	}
}

func (s *server) stopServers() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopGrace)
	defer cancel()
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		s.grpc.GracefulStop()
	}()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	select {
	case <-stopped:
	case <-ctx.Done():
		s.grpc.Stop()
		<-stopped
	}
	return err
}

// close ends the executions' processes and closes the folder.
func (s *server) close() error {
	var errs []error
	if s.engine != nil {
		s.engine.Close()
	}
	if s.objects != nil {
		errs = append(errs, s.objects.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}

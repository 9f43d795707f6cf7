package remote

import (
	"context"
	"errors"
	"fmt"
	"path"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// boundedCalls gives each call a deadline, retries included, and turns what
// comes back into the errors of this package.
func boundedCalls(cfg Config, timeout time.Duration) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		bounded, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		err := invoke(bounded, method, req, reply, conn, opts...)
		if err == nil {
			return nil
		}
		call := path.Base(method)
		answer, _ := status.FromError(err)
		late := bounded.Err() != nil || answer.Code() == codes.DeadlineExceeded
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("%s: %w", call, ctx.Err())
		case late && sameDeadline(ctx, bounded):
			return fmt.Errorf("%s: %w", call, context.DeadlineExceeded)
		case late:
			err = fmt.Errorf("no answer within %v", timeout)
			return &UnreachableError{Endpoint: cfg.Endpoint, Call: call, Err: err}
		case answer.Code() == codes.Unavailable:
			return &UnreachableError{Endpoint: cfg.Endpoint, Call: call, Err: err}
		}
		return &CallError{
			Endpoint: cfg.Endpoint, Call: call, Code: answer.Code(), Message: answer.Message(),
			AuthType: cfg.AuthType, Err: err,
		}
	}
}

// sameDeadline tells whether it is the caller's deadline that counts. gRPC may
// see it pass before the context does.
func sameDeadline(caller, bounded context.Context) bool {
	own, _ := bounded.Deadline()
	callers, ok := caller.Deadline()
	return ok && callers.Equal(own)
}

// about adds to an answer of the backend what the call was about.
func about(subject string, err error) error {
	var answer *CallError
	if errors.As(err, &answer) && answer.Subject == "" {
		answer.Subject = subject
	}
	return err
}

// codeOf is the gRPC code of a backend's answer, OK where it isn't one.
func codeOf(err error) codes.Code {
	var answer *CallError
	if errors.As(err, &answer) {
		return answer.Code
	}
	return codes.OK
}

type attemptsKey struct{}

// countAttempts returns a context whose calls are counted, gRPC's own retries
// included.
func countAttempts(ctx context.Context) (context.Context, *atomic.Int32) {
	n := new(atomic.Int32)
	return context.WithValue(ctx, attemptsKey{}, n), n
}

// attemptCounter is the only place that gRPC tells of its retries.
type attemptCounter struct{}

// TagRPC leaves the context as it is.
func (attemptCounter) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

// HandleRPC counts the beginning of each attempt.
func (attemptCounter) HandleRPC(ctx context.Context, event stats.RPCStats) {
	if _, ok := event.(*stats.Begin); !ok {
		return
	}
	if n, ok := ctx.Value(attemptsKey{}).(*atomic.Int32); ok {
		n.Add(1)
	}
}

// TagConn leaves the context as it is.
func (attemptCounter) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

// HandleConn has nothing to count.
func (attemptCounter) HandleConn(context.Context, stats.ConnStats) {}

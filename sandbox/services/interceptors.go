package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/recovery"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// maxMessage is the longest status message, in bytes, as in flyteadmin:
// clients refuse metadata of more than 32 KB.
const maxMessage = 32000

// Interceptors recover panics, tell called that a call came, and give every
// error a code that clients understand: never UNKNOWN, which flytekit takes
// for a missing login.
func Interceptors(log *slog.Logger, called func()) grpc.ServerOption {
	recovered := recovery.UnaryServerInterceptor(recovery.WithRecoveryHandlerContext(func(_ context.Context, p any) error {
		log.Error("a call panicked", "panic", p, "stack", string(debug.Stack()))
		return status.Errorf(codes.Internal, "the sandbox failed on this call (%v): its log tells more", p)
	}))
	return grpc.ChainUnaryInterceptor(func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		called()
		response, err := handler(ctx, request)
		if err == nil {
			return response, nil
		}
		err = known(err, info.FullMethod)
		if status.Code(err) == codes.Internal {
			log.Error("a call failed", "method", info.FullMethod, "err", err)
		}
		return nil, err
	}, recovered)
}

func known(err error, method string) error {
	var named interface{ GRPCStatus() *status.Status }
	switch {
	case errors.As(err, &named):
	case errors.Is(err, context.Canceled):
		err = status.Error(codes.Canceled, "the call was cancelled")
	case errors.Is(err, context.DeadlineExceeded):
		err = status.Error(codes.DeadlineExceeded, "the call took too long")
	case store.NoRoom(err):
		err = status.Errorf(codes.Internal, "the sandbox can't write: make room on its disk and try again (%v)", err)
	default:
		err = status.Error(codes.Internal, err.Error())
	}
	s := status.Convert(err)
	name := method[strings.LastIndexByte(method, '/')+1:]
	switch {
	case s.Code() == codes.Unimplemented && strings.HasPrefix(s.Message(), "method "):
		return status.Error(codes.Unimplemented, fmt.Sprintf("the sandbox doesn't have %s yet", name))
	case s.Code() == codes.Unknown:
		return status.Error(codes.Internal, s.Message())
	case len(s.Message()) > maxMessage:
		return status.Error(s.Code(), strings.ToValidUTF8(s.Message()[:maxMessage], ""))
	}
	return err
}

// Unknown answers calls of services that flyteadmin doesn't have.
func Unknown() grpc.ServerOption {
	return grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
		method, _ := grpc.MethodFromServerStream(stream)
		return status.Errorf(codes.Unimplemented, "the sandbox doesn't have %s", method)
	})
}

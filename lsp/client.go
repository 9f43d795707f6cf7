package lsp

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// client is the other end of the connection. Its errors mean that the client
// went away, or doesn't do what it said it could: nothing to act on, so that
// notify has none.
type client struct {
	conn jsonrpc2.Conn
}

func (c *client) notify(ctx context.Context, method string, params any) {
	_ = c.conn.Notify(ctx, method, params) // the connection's end is noticed by Serve
}

// call sends a request and waits for its answer: not to be used from a
// notification's handler, which keeps answers from being read.
func (c *client) call(ctx context.Context, method string, params, result any) error {
	return protocol.Call(ctx, c.conn, method, params, result)
}

// show tells the user something that must not be missed.
func (c *client) show(ctx context.Context, kind protocol.MessageType, message string) {
	c.notify(ctx, protocol.MethodWindowShowMessage, protocol.ShowMessageParams{Type: kind, Message: message})
}

// clientLog sends log records to the client as window/logMessage, and to the
// next handler. Before the client is initialized only the latter gets them.
type clientLog struct {
	client *client
	next   slog.Handler
	open   *atomic.Bool
	attrs  []slog.Attr
}

func (l *clientLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

func (l *clientLog) Handle(ctx context.Context, record slog.Record) error {
	if l.open.Load() {
		kind := protocol.MessageTypeInfo
		switch {
		case record.Level >= slog.LevelError:
			kind = protocol.MessageTypeError
		case record.Level >= slog.LevelWarn:
			kind = protocol.MessageTypeWarning
		}
		var text strings.Builder
		text.WriteString(record.Message)
		write := func(attr slog.Attr) bool {
			text.WriteString(" " + attr.Key + "=" + attr.Value.String())
			return true
		}
		for _, attr := range l.attrs {
			write(attr)
		}
		record.Attrs(write)
		l.client.notify(ctx, protocol.MethodWindowLogMessage, protocol.LogMessageParams{Type: kind, Message: text.String()})
	}
	if !l.next.Enabled(ctx, record.Level) {
		return nil
	}
	return l.next.Handle(ctx, record)
}

func (l *clientLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	more := *l
	more.next = l.next.WithAttrs(attrs)
	more.attrs = append(append([]slog.Attr{}, l.attrs...), attrs...)
	return &more
}

func (l *clientLog) WithGroup(name string) slog.Handler {
	more := *l
	more.next = l.next.WithGroup(name)
	return &more
}

package lsp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"sync"

	"go.lsp.dev/jsonrpc2"
)

// codeRequestFailed is RequestFailed of LSP 3.17: a well-formed request that
// could not be answered. The protocol package stops at 3.16.
const codeRequestFailed jsonrpc2.Code = -32803

// maxMessage bounds a message's size in bytes. A file as large as that is
// nothing that a person edits.
const maxMessage = 256 << 20

// A stream reads and writes messages as the protocol's base has it. Unlike
// the one of jsonrpc2, it answers a message that is no JSON-RPC and reads on:
// one client's mistake doesn't end the server.
type stream struct {
	jsonrpc2.Stream // closes, and frames what is written
	conn            io.ReadWriteCloser
	in              *textproto.Reader

	write sync.Mutex
}

func newStream(conn io.ReadWriteCloser) *stream {
	return &stream{
		Stream: jsonrpc2.NewStream(conn), conn: conn,
		in: textproto.NewReader(bufio.NewReader(conn)),
	}
}

// Read returns the next message. Its errors are final: the client went away,
// or what it sends has lost its frame.
func (s *stream) Read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		header, err := s.in.ReadMIMEHeader()
		if err != nil {
			return nil, 0, err
		}
		length, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
		if err != nil || length < 0 || length > maxMessage {
			return nil, 0, fmt.Errorf("a message with Content-Length %q: want a number of bytes up to %d", header.Get("Content-Length"), maxMessage)
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(s.in.R, body); err != nil {
			return nil, 0, err
		}
		message, err := jsonrpc2.DecodeMessage(body)
		if err == nil {
			return message, length, nil
		}
		if err := s.refuse(body, err); err != nil {
			return nil, 0, err
		}
	}
}

// Write sends a message.
func (s *stream) Write(ctx context.Context, message jsonrpc2.Message) (int64, error) {
	s.write.Lock()
	defer s.write.Unlock()
	return s.Stream.Write(ctx, message)
}

// refuse answers a message that can't be decoded: an id can't be told.
func (s *stream) refuse(body []byte, cause error) error {
	code := jsonrpc2.ParseError
	if json.Valid(body) {
		code = jsonrpc2.InvalidRequest
	}
	answer, err := json.Marshal(map[string]any{
		"jsonrpc": jsonrpc2.Version, "id": nil,
		"error": map[string]any{"code": code, "message": cause.Error()},
	})
	if err != nil {
		return err
	}
	s.write.Lock()
	defer s.write.Unlock()
	_, err = fmt.Fprintf(s.conn, "Content-Length: %d\r\n\r\n%s", len(answer), answer)
	return err
}

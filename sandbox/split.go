package sandbox

import (
	"bufio"
	"errors"
	"net"
	"sync"
	"time"
)

// firstBytes is how long a new connection has to tell what it speaks.
const firstBytes = 10 * time.Second

// split tells gRPC from HTTP/1 on one port: clients that know the gRPC address
// only print page addresses with its port (flytekit remote.py
// generate_console_http_domain).
type split struct {
	net.Listener
	http  *accepted
	grpc  *accepted
	conns sync.WaitGroup
}

// accepted is a listener of the connections that speak one protocol.
type accepted struct {
	parent *split
	queue  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func newSplit(l net.Listener) *split {
	s := &split{Listener: l}
	s.http = &accepted{parent: s, queue: make(chan net.Conn), closed: make(chan struct{})}
	s.grpc = &accepted{parent: s, queue: make(chan net.Conn), closed: make(chan struct{})}
	return s
}

// serve sorts connections until the listener is closed, and waits for those
// that haven't been sorted yet.
func (s *split) serve() error {
	defer s.conns.Wait()
	for {
		conn, err := s.Listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			var passing net.Error
			if errors.As(err, &passing) && passing.Timeout() {
				continue
			}
			time.Sleep(10 * time.Millisecond) // too many open files, as a rule
			continue
		}
		s.conns.Go(func() { s.sort(conn) })
	}
}

func (s *split) sort(conn net.Conn) {
	reader := bufio.NewReader(conn)
	err := conn.SetReadDeadline(time.Now().Add(firstBytes))
	start, peekErr := reader.Peek(4)
	if err := errors.Join(err, peekErr, conn.SetReadDeadline(time.Time{})); err != nil {
		conn.Close()
		return
	}
	target := s.http
	if string(start) == "PRI " { // HTTP/2's preface (RFC 9113, 3.4)
		target = s.grpc
	}
	select {
	case target.queue <- &peeked{Conn: conn, reader: reader}:
	case <-target.closed:
		conn.Close()
	}
}

// Accept gives the next connection of this protocol.
func (a *accepted) Accept() (net.Conn, error) {
	select {
	case conn := <-a.queue:
		return conn, nil
	case <-a.closed:
		return nil, net.ErrClosed
	}
}

// Close takes no more connections, of either protocol.
func (a *accepted) Close() error {
	a.once.Do(func() { close(a.closed) })
	if err := a.parent.Listener.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

func (a *accepted) Addr() net.Addr { return a.parent.Listener.Addr() }

// peeked is a connection whose first bytes have been read.
type peeked struct {
	net.Conn
	reader *bufio.Reader
}

func (p *peeked) Read(b []byte) (int, error) { return p.reader.Read(b) }

package lsp

import (
	"context"
	"time"
)

// refreshPause is the shortest time between two requests to fetch anew.
const refreshPause = 100 * time.Millisecond

// A refresher asks the client to fetch something again, such as the lenses, at
// most once in a refreshPause however often that changes.
type refresher struct {
	server    *Server
	method    string
	supported func(*clientCapabilities) bool
	wanted    chan struct{}
}

func (r *refresher) init(s *Server, method string, supported func(*clientCapabilities) bool) {
	r.server, r.method, r.supported = s, method, supported
	r.wanted = make(chan struct{}, 1)
	s.background(r.work)
}

// request has the client fetch again, soon.
func (r *refresher) request() {
	select {
	case r.wanted <- struct{}{}:
	default: // a request is under way
	}
}

func (r *refresher) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wanted:
		}
		if r.server.ready.Load() && r.supported(&r.server.capabilities) {
			if err := r.server.client.call(ctx, r.method, nil, nil); err != nil && ctx.Err() == nil {
				r.server.log.Debug("the client didn't do " + r.method + ": " + err.Error())
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(refreshPause):
		}
	}
}

package lsp

import (
	"context"
	"time"

	"go.lsp.dev/protocol"
)

// refreshPause is the shortest time between two requests for new lenses.
const refreshPause = 100 * time.Millisecond

// A refresher asks the client to fetch the lenses again, at most once in a
// refreshPause however often runs change.
type refresher struct {
	server *Server
	wanted chan struct{}
}

func (r *refresher) init(s *Server) {
	r.server = s
	r.wanted = make(chan struct{}, 1)
	s.background(r.work)
}

// request has the client fetch the lenses again, soon.
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
		if r.server.ready.Load() && r.server.capabilities.Workspace.CodeLens.RefreshSupport {
			if err := r.server.client.call(ctx, protocol.MethodCodeLensRefresh, nil, nil); err != nil && ctx.Err() == nil {
				r.server.log.Debug("the client didn't refresh its lenses: " + err.Error())
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(refreshPause):
		}
	}
}

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/bench/project"
	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

const (
	// workspaceModules is the size of the workspace that is indexed.
	workspaceModules = 2000
	workspaceRounds  = 7
	indexTimeout     = time.Minute
)

// indexes starts each server in turns on a workspace of many modules and opens
// one of them: how long it takes from the start to the diagnostics of that one,
// and of flyte-lsp also until all the workspace is indexed.
func (b *bench) indexes(ctx context.Context, report *report) error {
	root := filepath.Join(b.dir, "workspace")
	path, err := project.Write(root, workspaceModules)
	if err != nil {
		return err
	}
	ours := &subject{name: "flyte-lsp", command: []string{b.binary, "serve"}}
	peers := []*subject{
		{name: "ruff server", command: []string{filepath.Join(b.tools, "ruff"), "server"}},
		{name: "ty server", command: []string{filepath.Join(b.tools, "ty"), "server"}},
		{name: "pyrefly lsp", command: []string{filepath.Join(b.tools, "pyrefly"), "lsp"}},
	}
	var indexed samples
	for range workspaceRounds {
		for _, s := range append([]*subject{ours}, peers...) {
			begin := time.Now()
			if err := s.open(ctx, b, root, path); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			s.took = append(s.took, s.opened.Sub(begin))
			if s == ours {
				done, err := s.indexed(ctx)
				if err != nil {
					return err
				}
				indexed = append(indexed, done.Sub(begin))
			}
			// The most that it held in any round.
			held, err := residentMemory(ctx, s.client.PID())
			if err != nil {
				return err
			}
			s.memory = max(s.memory, held)
			if err := s.client.Close(ctx); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
		tick()
	}
	for _, peer := range peers {
		report.pair(fmt.Sprintf("start to the index of %d modules, to first diagnostics there", workspaceModules), indexed, peer.name, peer.took)
		report.pair("start to first diagnostics there", ours.took, peer.name, peer.took)
		report.memory("memory with the workspace", ours.memory, peer.name, peer.memory)
		report.goal(indexed.median() < peer.took.median(), "index before %s has first diagnostics: %s, %s", peer.name, milliseconds(indexed.median()), milliseconds(peer.took.median()))
	}
	for _, peer := range peers[1:] {
		report.goal(ours.memory < peer.memory, "memory with the workspace below that of %s: %s, %s", peer.name, mebibytes(ours.memory), mebibytes(peer.memory))
	}
	return nil
}

// indexed waits until the server says that it has indexed the workspace, and
// returns when it did.
func (s *subject) indexed(ctx context.Context) (time.Time, error) {
	ctx, done := context.WithTimeoutCause(ctx, indexTimeout, fmt.Errorf("the workspace isn't indexed within %s", indexTimeout))
	defer done()
	message, err := s.client.Wait(ctx, 0, func(message lspclient.Message) bool {
		return message.Method == protocol.MethodWindowLogMessage && strings.Contains(string(message.Params), "workflow files found")
	})
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return message.At, err
}

package lsp

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/editing/complete"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

const (
	// namesTimeout bounds the wait for the names that a backend has.
	namesTimeout = 5 * time.Second
	// namesAge is how long they are taken to be those that it has.
	namesAge = time.Minute
)

// backendNames are the names that backends have, as they told last. They are asked
// in the background: no completion waits for a network.
type backendNames struct {
	mu    sync.Mutex
	known map[namesQuestion]*namesAnswer
}

type namesQuestion struct {
	folder, config  string
	kind            core.ResourceType
	project, domain string
}

type namesAnswer struct {
	names []string
	asked time.Time
	// waiting: the backend is being asked.
	waiting bool
}

var namesKinds = map[complete.Registered]core.ResourceType{
	complete.Tasks: core.ResourceType_TASK, complete.Workflows: core.ResourceType_WORKFLOW, complete.LaunchPlans: core.ResourceType_LAUNCH_PLAN,
}

// registeredNames are the names that the backend of a file's runs told last; waiting
// tells that it is being asked. Why it can't be asked stands in the log.
func (s *Server) registeredNames(path string, kind complete.Registered, project, domain string) (names []string, waiting bool) {
	settings := s.settings.Load().runs()
	asked := namesQuestion{folder: s.folders.of(path), config: settings.Config, kind: namesKinds[kind], project: project, domain: domain}
	s.names.mu.Lock()
	defer s.names.mu.Unlock()
	answer := s.names.known[asked]
	if answer == nil {
		answer = new(namesAnswer)
		if s.names.known == nil {
			s.names.known = map[namesQuestion]*namesAnswer{}
		}
		s.names.known[asked] = answer
	}
	if !answer.waiting && time.Since(answer.asked) > namesAge {
		answer.waiting = true
		s.background(func(ctx context.Context) {
			ctx, cancel := context.WithTimeout(ctx, namesTimeout)
			defer cancel()
			names, err := runs.Names(ctx, asked.folder, settings, asked.kind, project, domain)
			if err != nil && !errors.Is(err, runs.ErrNoBackend) && s.ctx.Err() == nil {
				s.log.Info("the names that are registered aren't offered: " + err.Error())
			}
			s.names.mu.Lock()
			defer s.names.mu.Unlock()
			answer.waiting, answer.asked = false, time.Now()
			if err == nil {
				answer.names = names
			}
		})
	}
	return answer.names, answer.waiting
}

package lsp

import (
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// maxSwept bounds how many diagnostics of files that aren't open are kept for
// clients that pull them.
const maxSwept = 20_000

// sweep are the files that aren't open, of which the user wants to hear too
// (the setting flyte.diagnostics.workspace). It is part of the publisher, whose
// mutex guards it.
type sweep struct {
	queue  []string
	queued map[string]bool
	// looking: one that was in the queue is being looked at.
	looking bool
	// begun: all files were put in the queue since the user asked for them.
	begun bool
	// reports are those with items, for clients that pull.
	reports map[string]*report
	items   int
	// news is closed, and replaced, when all files of the queue were looked at,
	// when something was found outside it, and now and then before.
	news  chan struct{}
	fresh int // what was found since then
}

func (s *sweep) init() {
	s.queued, s.reports, s.news = map[string]bool{}, map[string]*report{}, make(chan struct{})
}

// add has a file looked at when there is nothing else to do.
func (s *sweep) add(path string) {
	if !s.queued[path] {
		s.queued[path] = true
		s.queue = append(s.queue, path)
	}
}

// next takes a file out of the queue.
func (s *sweep) next() (path string, ok bool) {
	if len(s.queue) == 0 {
		if s.fresh > 0 || s.looking {
			s.looking = false
			s.tell()
		}
		return "", false
	}
	s.looking = true
	path, s.queue = s.queue[0], s.queue[1:]
	delete(s.queued, path)
	return path, true
}

// tell wakes those who wait for news.
func (s *sweep) tell() {
	close(s.news)
	s.news, s.fresh = make(chan struct{}), 0
}

// found keeps the report of a file that isn't open.
func (s *sweep) found(report *report) {
	before := s.reports[report.path]
	if before != nil {
		s.items -= len(before.items)
		delete(s.reports, report.path)
	}
	if keep := !report.open && len(report.items) > 0 && s.items+len(report.items) <= maxSwept; keep {
		s.items += len(report.items)
		s.reports[report.path] = report
	} else if before == nil {
		return
	}
	if s.fresh++; s.fresh >= newsEvery {
		s.tell()
	}
}

// newsEvery is after how many files with findings those who wait for news hear
// of them.
const newsEvery = 50

// settled tells whether all files were looked at.
func (s *sweep) settled() bool { return s.begun && len(s.queue) == 0 && !s.looking }

// sweepAll has all files of the workspace looked at that aren't open, if the
// user wants to hear of them; else nothing is said of them any more.
func (p *publisher) sweepAll(snapshot *workspace.Snapshot) {
	open := openPaths(snapshot)
	p.mu.Lock()
	wanted, files := p.server.settings.Load().Diagnostics.Workspace, snapshot.WorkflowFiles()
	if wanted {
		for _, path := range files {
			if !open[path] {
				p.sweep.add(path)
			}
		}
	} else {
		p.sweep.queue, p.sweep.queued = nil, map[string]bool{}
	}
	// Those that are gone have to be looked at, too.
	for path := range p.sweep.reports {
		p.add(path)
	}
	for path := range p.told {
		if !open[path] {
			p.add(path)
		}
	}
	p.sweep.begun = !wanted || files != nil
	p.sweep.fresh++
	p.mu.Unlock()
	wake(p.wake)
}

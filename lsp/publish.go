package lsp

import (
	"context"
	"maps"
	"slices"
	"sync"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// A publisher keeps the client's diagnostics current. One goroutine does the
// work, so that of one file a later version's diagnostics never come before an
// earlier one's; a file that changes while it waits is looked at once. What the
// client edits comes first, then what that affects, and last the files that
// aren't open.
//
// A client that pulls diagnostics is pushed only what it can't know of: failed
// runs. Where what it pulled isn't true any more, it is asked to pull again.
type publisher struct {
	server *Server
	wake   chan struct{}

	mu sync.Mutex
	// pending are the files to look at, and why.
	pending map[string]reason
	// edits are the files that were edited; true: others see something else of
	// them.
	edits    map[string]bool
	sweep    sweep
	failures map[string][]failureMark // by the file that is marked
	// told is what the client has, by file.
	told map[string]told
	// cells are what was pushed of the cells of notebooks, by path and URI.
	cells map[string]map[string]cellReport
	// configs are the ids of what is published of pyproject.toml files.
	configs map[string]string
}

// reason is why a file is to be looked at.
type reason struct {
	// edited: the client did something to it. ours: something else happened,
	// which a client that pulls can't know of.
	edited, ours bool
}

// told is what the client has of a file.
type told struct {
	// pushed is the id of what was pushed, pulled that of the report that was
	// pulled; "" for nothing yet.
	pushed, pulled string
	version        int32
	places         []string // as of the report
	// seen is the state of the interfaces at which it was pulled.
	seen uint64
}

func (p *publisher) init(s *Server) {
	p.server = s
	p.wake = make(chan struct{}, 1)
	p.pending, p.edits = map[string]reason{}, map[string]bool{}
	p.cells = map[string]map[string]cellReport{}
	p.failures, p.told, p.configs = map[string][]failureMark{}, map[string]told{}, map[string]string{}
	p.sweep.init()
	s.background(p.work)
}

// schedule has files looked at, and the client told if something is new.
func (p *publisher) schedule(paths ...string) {
	p.mu.Lock()
	for _, path := range paths {
		p.add(path)
	}
	p.mu.Unlock()
	wake(p.wake)
}

// add is schedule for one file. p.mu is held.
func (p *publisher) add(path string) {
	p.pending[path] = reason{edited: p.pending[path].edited, ours: true}
}

// changed has a document looked at that the client has opened, edited or
// closed. If interfaces have changed by it, the files that import it are looked
// at, too.
func (p *publisher) changed(path string, interfaces bool) {
	p.mu.Lock()
	p.pending[path] = reason{edited: true, ours: p.pending[path].ours}
	p.edits[path] = p.edits[path] || interfaces
	p.mu.Unlock()
	wake(p.wake)
	p.server.refreshGraph.request()
}

// closed has a document looked at that the client has closed: what it had of it
// is of no account any more.
func (p *publisher) closed(path string) {
	p.mu.Lock()
	if told, ok := p.told[path]; ok {
		told.pulled = ""
		p.told[path] = told
	}
	p.mu.Unlock()
	p.changed(path, true)
}

func (p *publisher) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
		for ctx.Err() == nil && p.step(ctx) {
		}
	}
}

// step does what comes next. It returns false if there is nothing to do.
func (p *publisher) step(ctx context.Context) bool {
	p.mu.Lock()
	path, why := p.next()
	if path != "" {
		delete(p.pending, path)
	}
	var edits map[string]bool
	if !why.edited && len(p.edits) > 0 {
		edits, p.edits = p.edits, map[string]bool{}
	}
	p.mu.Unlock()
	snapshot := p.server.workspace.Snapshot()
	for edited, interfaces := range edits {
		p.follow(snapshot, edited, interfaces)
	}
	if path != "" {
		p.publish(ctx, path, why.ours)
		p.dropConfigs(ctx, snapshot)
		return true
	}
	if edits != nil {
		return true
	}
	p.mu.Lock()
	path, ok := p.sweep.next()
	p.mu.Unlock()
	if ok {
		p.publish(ctx, path, true)
	}
	return ok
}

// next is the file to look at next, "" if none waits. p.mu is held.
func (p *publisher) next() (path string, why reason) {
	for _, waiting := range slices.Sorted(maps.Keys(p.pending)) {
		if path == "" || p.pending[waiting].edited && !why.edited {
			path, why = waiting, p.pending[waiting]
		}
	}
	return path, why
}

// follow has the files looked at whose diagnostics an edit may change.
func (p *publisher) follow(snapshot *workspace.Snapshot, edited string, interfaces bool) {
	affected := map[string]bool{}
	documents := p.server.inputs.openVersions()
	p.mu.Lock()
	for path := range documents {
		p.add(path)
	}
	for path, told := range p.told {
		if slices.Contains(told.places, edited) {
			affected[path] = true
		}
	}
	for path, report := range p.sweep.reports {
		if slices.Contains(report.places, edited) {
			affected[path] = true
		}
	}
	p.mu.Unlock()
	everything := p.server.settings.Load().Diagnostics.Workspace
	if interfaces && (everything || len(snapshot.OpenFiles()) > 1) {
		for path := range dependents(snapshot, edited) {
			affected[path] = true
		}
	}
	open := openPaths(snapshot)
	// With what the client pulls of an edited document it gets these reports.
	comes := open[edited] && p.server.capabilities.pullsRelated()
	p.mu.Lock()
	defer p.mu.Unlock()
	for path := range affected {
		switch {
		case open[path] && !comes:
			p.add(path)
		case !open[path] && everything:
			p.sweep.add(path)
		}
	}
}

// dependents are the files that import a file, directly or through others.
func dependents(snapshot *workspace.Snapshot, path string) map[string]bool {
	found := map[string]bool{}
	for waiting := []string{path}; len(waiting) > 0; waiting = waiting[1:] {
		for _, dependent := range snapshot.Dependents(waiting[0]) {
			if dependent != path && !found[dependent] {
				found[dependent] = true
				waiting = append(waiting, dependent)
			}
		}
	}
	return found
}

func openPaths(snapshot *workspace.Snapshot) map[string]bool {
	open := map[string]bool{}
	for _, file := range snapshot.OpenFiles() {
		open[file.Path] = true
	}
	return open
}

// publish tells the client what is new of a file. ours: a client that pulls it
// can't know that something may be.
func (p *publisher) publish(ctx context.Context, path string, ours bool) {
	snapshot := p.server.workspace.Snapshot()
	if runs.IsInputsPath(path) {
		p.publishInputs(ctx, snapshot, path)
		return
	}
	p.tellConfig(ctx, snapshot, path)
	var failed []protocol.Diagnostic
	file, err := snapshot.File(path)
	if err == nil {
		failed = p.failed(file)
	}
	if !p.server.capabilities.pulls() {
		report := p.server.reportOf(ctx, snapshot, path)
		p.push(ctx, snapshot, report, append(report.items, failed...))
		return
	}
	open := err == nil && file.Open
	if ours || !open {
		report := p.server.reportOf(ctx, snapshot, path)
		p.mu.Lock()
		before := p.told[path].pulled
		p.sweep.found(report)
		p.mu.Unlock()
		if open && before != "" && before != report.id {
			p.server.refreshDiagnostics.request()
		}
	}
	pushed := &report{path: path, open: open}
	if open {
		pushed.version = file.Version
	}
	p.push(ctx, snapshot, pushed, append([]protocol.Diagnostic{}, failed...))
}

// push sends the diagnostics of a file if they, or its version, are new to the
// client. Of a file that had none and has none it is told only if that is
// open, and not pulled.
func (p *publisher) push(ctx context.Context, snapshot *workspace.Snapshot, of *report, items []protocol.Diagnostic) {
	if ctx.Err() != nil {
		return // not all rules have run
	}
	id := idOf(items)
	pulls := p.server.capabilities.pulls()
	p.mu.Lock()
	before := p.told[of.path]
	next := before
	next.pushed, next.version = id, of.version
	if !pulls {
		next.places = of.places
	}
	if !of.open && id == nothingFound {
		delete(p.told, of.path)
	} else {
		p.told[of.path] = next
	}
	p.mu.Unlock()
	if parser.IsNotebook(of.path) {
		if !pulls {
			p.pushCells(ctx, snapshot, of.path, items)
		}
		return
	}
	switch {
	case before.pushed == id && (before.version == of.version || pulls || !of.open):
		return
	case before.pushed == "" && id == nothingFound && (!of.open || pulls):
		return
	}
	params := protocol.PublishDiagnosticsParams{URI: uriOf(of.path), Diagnostics: items}
	if of.open {
		params.Version = uint32(of.version)
	}
	p.server.client.notify(ctx, protocol.MethodTextDocumentPublishDiagnostics, params)
}

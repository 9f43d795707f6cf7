package lsp

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/graph"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// graphParams are the parameters of flyte/graph: which entity, by its name or by
// a position in it, and how it is drawn.
type graphParams struct {
	TextDocument protocol.TextDocumentIdentifier `json:"textDocument"`
	Position     *protocol.Position              `json:"position"`
	Entity       string                          `json:"entity"`
	// Depth is how many levels of sub-workflows are opened.
	Depth int `json:"depth"`
	// Format is the form of the text, one of graph.Formats; "" for none.
	Format string `json:"format"`
	// LastRun asks for the phases of the entity's last run.
	LastRun bool `json:"lastRun"`
}

// graphResult is the answer to flyte/graph.
type graphResult struct {
	Entity string `json:"entity"`
	// Version is that of the document that the graph is of, and its places belong
	// to; null if it isn't open.
	Version *int32 `json:"version"`
	// Stale: the document has syntax errors, and the graph is the last one before.
	Stale bool         `json:"stale"`
	Graph *graph.Graph `json:"graph"`
	Text  string       `json:"text,omitempty"`
}

// graph answers flyte/graph, for a view that follows the cursor. The answer is
// null where the position is in no entity.
func (s *Server) graph(ctx context.Context, snapshot *workspace.Snapshot, params *graphParams) (*graphResult, error) {
	path, ok := pathOf(string(params.TextDocument.URI))
	if !ok {
		return nil, nil
	}
	if _, known := parser.LanguageOf(path); !known || parser.IsNotebook(path) {
		return nil, nil
	}
	write := graph.Formats[params.Format]
	if write == nil && params.Format != "" {
		return nil, fmt.Errorf("a graph has no format %q: want one of %s", params.Format, strings.Join(slices.Sorted(maps.Keys(graph.Formats)), ", "))
	}
	s.graphs.asked.Store(true)
	name, err := s.graphEntity(ctx, snapshot, path, params)
	if err != nil || name == "" {
		return nil, err
	}
	result, err := s.graphNamed(ctx, snapshot, path, name, params)
	if err != nil {
		return nil, err
	}
	if write != nil {
		result.Text, err = write(ctx, result.Graph)
	}
	return result, err
}

// graphEntity is the name of the entity that a graph is asked for, "" if the
// position is in none.
func (s *Server) graphEntity(ctx context.Context, snapshot *workspace.Snapshot, path string, params *graphParams) (string, error) {
	switch {
	case params.Entity != "":
		return params.Entity, nil
	case params.Position == nil:
		return "", errors.New("flyte/graph wants a position or an entity")
	}
	file, err := snapshot.File(path)
	if err != nil {
		return "", err
	}
	rows, err := snapshot.Rows(ctx, path)
	if err != nil {
		return "", err
	}
	offset := s.offsetOf(file.Source, *params.Position)
	name := ""
	for _, row := range rows {
		switch {
		case row.Stale && row.Offset <= offset:
			name = row.Entity.Name // as far as the next one
		case !row.Stale && row.Entity.Span.Contains(offset):
			return row.Entity.Name, nil
		case !row.Stale && row.Entity.Span.Start <= offset:
			name = ""
		}
	}
	return name, nil
}

// graphNamed is the graph of an entity. While the document has syntax errors in
// it, or where it can't be read any more, that is the last graph before, unless
// the new one has as much.
func (s *Server) graphNamed(ctx context.Context, snapshot *workspace.Snapshot, path, name string, params *graphParams) (*graphResult, error) {
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	module, err := snapshot.Module(ctx, path)
	if err != nil {
		return nil, err
	}
	key := graphKey{path, name, params.Depth, params.LastRun}
	entity, err := module.Named(name, path)
	if err != nil {
		if before := s.graphs.last(key); before != nil && len(file.Errors) > 0 {
			return before.stale(), nil
		}
		return nil, err
	}
	options := graph.Options{Depth: params.Depth, Encoding: s.encoding}
	if params.LastRun {
		options.Runs = s.latest(ctx, path)
	}
	made, err := graph.Of(ctx, snapshot, file, entity, options)
	if err != nil {
		return nil, err
	}
	result := &graphResult{Entity: name, Graph: made}
	if file.Open {
		result.Version = &file.Version
	}
	broken := slices.ContainsFunc(file.Errors, func(e parser.SyntaxError) bool {
		return e.Span.Start <= entity.Span.End && entity.Span.Start <= e.Span.End
	})
	if before := s.graphs.last(key); broken && before != nil &&
		(len(made.Nodes) < len(before.Graph.Nodes) || len(made.Edges) < len(before.Graph.Edges) || len(made.Incomplete) > len(before.Graph.Incomplete)) {
		return before.stale(), nil
	}
	s.graphs.keep(key, result)
	return result, nil
}

// stale is a graph of an older text.
func (r *graphResult) stale() *graphResult {
	return &graphResult{Entity: r.Entity, Version: r.Version, Stale: true, Graph: r.Graph}
}

// showsGraph tells whether the client shows a graph, and asks for it again when it
// is told.
func (s *Server) showsGraph(c *clientCapabilities) bool {
	return c.Experimental.FlyteGraph.RefreshSupport && s.graphs.asked.Load()
}

// graphKey tells the graphs apart that a client shows.
type graphKey struct {
	path, entity string
	depth        int
	lastRun      bool
}

// maxGraphs bounds the graphs that are kept: a client shows one, or a few.
const maxGraphs = 8

// graphs are the last graphs that the client was given.
type graphs struct {
	asked atomic.Bool // the client shows one, or did

	mu   sync.Mutex
	kept []keptGraph // the newest last
}

type keptGraph struct {
	key    graphKey
	result *graphResult
}

// last is the graph that was kept, nil if there is none.
func (g *graphs) last(key graphKey) *graphResult {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, kept := range g.kept {
		if kept.key == key {
			return kept.result
		}
	}
	return nil
}

func (g *graphs) keep(key graphKey, result *graphResult) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.kept = slices.DeleteFunc(g.kept, func(k keptGraph) bool { return k.key == key })
	g.kept = append(g.kept, keptGraph{key, &graphResult{Entity: result.Entity, Version: result.Version, Graph: result.Graph}})
	g.kept = g.kept[max(0, len(g.kept)-maxGraphs):]
}

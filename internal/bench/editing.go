package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/bench/project"
	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// typedRounds is how often a line is typed and taken away again.
const typedRounds = 8

// An asker is a server with a module of a workspace open in it, which is asked
// while a line is typed.
type asker struct {
	subject
	completion, hover, lens samples
}

// editing types a line in one of many modules, and asks for completions, for a
// hover and for the lenses after each character.
func (b *bench) editing(ctx context.Context, report *report) error {
	root := filepath.Join(b.dir, "editing")
	path, err := project.Write(root, workspaceModules)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	ours := &asker{subject: subject{name: "flyte-lsp", command: []string{b.binary, "serve"}}}
	peers := []*asker{
		{subject: subject{name: "ty server", command: []string{filepath.Join(b.tools, "ty"), "server"}}},
		{subject: subject{name: "pyrefly lsp", command: []string{filepath.Join(b.tools, "pyrefly"), "lsp"}}},
	}
	for _, a := range append([]*asker{ours}, peers...) {
		if err := a.open(ctx, b, root, path); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
		defer func() { _ = a.client.Close(ctx) }() // its times are known by then
	}
	if _, err := ours.indexed(ctx); err != nil {
		return err
	}
	number := workspaceModules / 2
	line := fmt.Sprintf("\n    again = load_%d(shop=shop, week=week, weeks=8)", number)
	at := endOf(string(text), fmt.Sprintf("sales = load_%d(shop=shop, week=week, weeks=8)", number))
	called := endOf(string(text), fmt.Sprintf("sales = load_%d", number))
	for range typedRounds {
		for _, a := range append([]*asker{ours}, peers...) {
			if err := a.typeLine(ctx, line, at, called, a == ours); err != nil {
				return fmt.Errorf("%s: %w", a.name, err)
			}
		}
		tick()
	}
	among := fmt.Sprintf(" among %d modules, while a line is typed", workspaceModules)
	for _, peer := range peers {
		report.pair("completion"+among, ours.completion, peer.name, peer.completion)
		report.pair("hover"+among, ours.hover, peer.name, peer.hover)
	}
	for _, asked := range []struct {
		what string
		took samples
	}{{"completion", ours.completion}, {"hover", ours.hover}, {"lenses", ours.lens}} {
		p95 := asked.took.quantile(0.95)
		report.goal(p95 < 5*time.Millisecond, "%s%s below 5 ms at the 95th percentile: %s", asked.what, among, milliseconds(p95))
	}
	return nil
}

// typeLine types a line behind a place, a character at a time, asks after each,
// and takes the line away again. The name that is hovered over stands above.
func (a *asker) typeLine(ctx context.Context, line string, at, called protocol.Position, lenses bool) error {
	start := at
	for _, character := range line {
		a.version++
		if err := a.client.Replace(ctx, a.path, a.version, protocol.Range{Start: at, End: at}, string(character)); err != nil {
			return err
		}
		if at.Character++; character == '\n' {
			at = protocol.Position{Line: at.Line + 1}
		}
		if err := a.ask(ctx, &a.completion, "textDocument/completion", at); err != nil {
			return err
		}
		if err := a.ask(ctx, &a.hover, "textDocument/hover", called); err != nil {
			return err
		}
		if lenses {
			if err := a.ask(ctx, &a.lens, "textDocument/codeLens", at); err != nil {
				return err
			}
		}
	}
	a.version++
	return a.client.Replace(ctx, a.path, a.version, protocol.Range{Start: start, End: at}, "")
}

// ask takes the time of a request about a place in the module.
func (a *asker) ask(ctx context.Context, took *samples, method string, at protocol.Position) error {
	begin := time.Now()
	err := a.client.Call(ctx, method, map[string]any{
		"textDocument": map[string]any{"uri": lspclient.URI(a.path)}, "position": at, "context": map[string]any{"triggerKind": 1},
	}, nil)
	*took = append(*took, time.Since(begin))
	return err
}

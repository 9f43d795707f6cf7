package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/bench/project"
	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// keystrokeRounds is how often a character is typed, and how often deleted.
const keystrokeRounds = 100

// keystrokeTimeout bounds the wait for diagnostics.
const keystrokeTimeout = 20 * time.Second

// A subject is a language server with the module open in it.
type subject struct {
	name    string
	command []string

	client *lspclient.Client
	path   string
	// version is the document's, clean how many diagnostics the module has
	// without the mistake.
	version int
	clean   int
	took    samples
	// opened is when the first diagnostics came, memory what was held then.
	opened time.Time
	memory int64
}

// keystrokes types a character that makes a mistake into the middle of the
// module and deletes it again, in turns in all servers, and waits each time
// for the diagnostics.
func (b *bench) keystrokes(ctx context.Context, report *report) error {
	ours := &subject{name: "flyte-lsp", command: []string{b.binary, "serve"}}
	ruff := &subject{name: "ruff server", command: []string{filepath.Join(b.tools, "ruff"), "server"}}
	ty := &subject{name: "ty server", command: []string{filepath.Join(b.tools, "ty"), "server"}}
	// The same module, in a workspace of many.
	among := &subject{name: "flyte-lsp, one file", command: ours.command}
	subjects := []*subject{ours, ruff, ty, among}

	text := project.LongModule()
	root, workspace := filepath.Join(b.dir, "keystrokes"), filepath.Join(b.dir, "keystrokes-among-many")
	if _, err := project.Write(workspace, workspaceModules); err != nil {
		return err
	}
	for _, s := range subjects {
		root := root
		if s == among {
			root = workspace
		}
		path := filepath.Join(root, "forecast.py")
		if err := errors.Join(os.MkdirAll(root, 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			return err
		}
		if err := s.open(ctx, b, root, path); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		defer func() { _ = s.client.Close(ctx) }() // its memory and times are known by then
	}
	at := endOf(text, "scaled = [")
	for range keystrokeRounds {
		for _, s := range subjects {
			if err := s.typeAndDelete(ctx, at); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	tick()
	for _, peer := range subjects[1:3] {
		report.pair("keystroke to diagnostics, "+strconv.Itoa(project.LongLines)+" lines", ours.took, peer.name, peer.took)
	}
	report.pair("keystroke among "+strconv.Itoa(workspaceModules)+" modules", among.took, among.name, ours.took)
	for _, peer := range subjects[1:3] {
		report.memory("memory with the module open", ours.memory, peer.name, peer.memory)
	}
	report.goal(ours.took.median() < 4*time.Millisecond, "keystroke to diagnostics below 4 ms at the median: %s", milliseconds(ours.took.median()))
	report.goal(ours.took.median() <= ruff.took.median(), "and at or below ruff's server: %s, %s", milliseconds(ours.took.median()), milliseconds(ruff.took.median()))
	report.goal(3*among.took.median() <= 4*ours.took.median(), "among %d modules slower by a third at most: %s", workspaceModules, milliseconds(among.took.median()))
	report.goal(ours.memory < 40<<20, "serve below 40 MiB, the worker not counted: %s", mebibytes(ours.memory))
	return nil
}

// endOf is the position behind the middlemost occurrence of a piece of text.
func endOf(text, piece string) protocol.Position {
	places := strings.Split(text, piece)
	before := strings.Join(places[:len(places)/2], piece) + piece
	line := strings.Count(before, "\n")
	return protocol.Position{Line: uint32(line), Character: uint32(len(before) - strings.LastIndex(before, "\n") - 1)}
}

// open starts the server, opens the module and asks for what an editor asks.
func (s *subject) open(ctx context.Context, b *bench, root, path string) error {
	client, err := lspclient.Start(ctx, s.command, b.env(), b.stderr, root, b.settings())
	if err != nil {
		return err
	}
	s.client, s.path, s.version = client, path, 1
	mark := client.Mark()
	if err := client.Open(ctx, path, "python"); err != nil {
		return errors.Join(err, client.Close(ctx))
	}
	if s.opened, s.clean, err = s.diagnostics(ctx, mark); err != nil {
		return errors.Join(err, client.Close(ctx))
	}
	// A server without lenses says so in an error.
	_, _ = client.Lenses(ctx, path)
	s.memory, err = residentMemory(ctx, client.PID())
	return err
}

func (s *subject) typeAndDelete(ctx context.Context, at protocol.Position) error {
	behind := protocol.Position{Line: at.Line, Character: at.Character + 1}
	for _, change := range []struct {
		text    string
		at      protocol.Range
		mistake bool
	}{
		{"(", protocol.Range{Start: at, End: at}, true},
		{"", protocol.Range{Start: at, End: behind}, false},
	} {
		s.version++
		mark := s.client.Mark()
		begin := time.Now()
		if err := s.client.Replace(ctx, s.path, s.version, change.at, change.text); err != nil {
			return err
		}
		arrived, count, err := s.diagnostics(ctx, mark)
		if err != nil {
			return err
		}
		if (count > s.clean) != change.mistake {
			return fmt.Errorf("%d diagnostics for version %d, %d without the mistake", count, s.version, s.clean)
		}
		s.took = append(s.took, arrived.Sub(begin))
	}
	return nil
}

// diagnostics waits for those of the document's version, which were sent since
// a mark, and returns when they came and how many there are.
func (s *subject) diagnostics(ctx context.Context, mark int) (time.Time, int, error) {
	ctx, done := context.WithTimeoutCause(ctx, keystrokeTimeout,
		fmt.Errorf("no diagnostics of version %d within %s", s.version, keystrokeTimeout))
	defer done()
	var published protocol.PublishDiagnosticsParams
	message, err := s.client.Wait(ctx, mark, func(message lspclient.Message) bool {
		if message.Method != protocol.MethodTextDocumentPublishDiagnostics {
			return false
		}
		published = protocol.PublishDiagnosticsParams{}
		return json.Unmarshal(message.Params, &published) == nil && int(published.Version) == s.version
	})
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return message.At, len(published.Diagnostics), err
}

// residentMemory is what a process holds in memory, in bytes.
func residentMemory(ctx context.Context, pid int) (int64, error) {
	out, err := exec.CommandContext(ctx, "ps", "-o", "rss=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return 0, fmt.Errorf("ps: %w", err)
	}
	kibibytes, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	return kibibytes << 10, err
}

package lsp

import (
	"context"
	"strings"
	"sync"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// diagnosticSource is what clients show as the origin of our diagnostics.
const diagnosticSource = "flyte"

// A publisher sends textDocument/publishDiagnostics. One goroutine does the
// work, so that of one file a later version's diagnostics never come before
// an earlier one's; a file that changes while it waits is looked at once.
type publisher struct {
	server *Server
	wake   chan struct{}

	mu       sync.Mutex
	pending  map[string]bool
	failures map[string][]failureMark // by the file that is marked
	marked   map[string]bool          // files with published diagnostics
}

// failureMark is where a run failed: a line of a file, until that line is
// edited or the entity runs again.
type failureMark struct {
	run  *runs.Run
	line int // 0-based
}

func (p *publisher) init(s *Server) {
	p.server = s
	p.wake = make(chan struct{}, 1)
	p.pending, p.failures, p.marked = map[string]bool{}, map[string][]failureMark{}, map[string]bool{}
	s.background(p.work)
}

// schedule has the file's diagnostics published anew.
func (p *publisher) schedule(path string) {
	p.mu.Lock()
	p.pending[path] = true
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default: // it is awake already
	}
}

func (p *publisher) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
		p.mu.Lock()
		pending := p.pending
		p.pending = map[string]bool{}
		p.mu.Unlock()
		for path := range pending {
			p.publish(ctx, path)
		}
	}
}

// publish sends what there is to say of a file. Nothing is sent of a file that
// had nothing and has nothing, unless it is open: its version is news.
func (p *publisher) publish(ctx context.Context, path string) {
	snapshot := p.server.workspace.Snapshot()
	params := protocol.PublishDiagnosticsParams{URI: uriOf(path), Diagnostics: []protocol.Diagnostic{}}
	file, err := snapshot.File(path)
	if err == nil {
		if file.Open {
			params.Version = uint32(file.Version)
			for _, found := range analysis.File(ctx, snapshot, file, analysis.Options{}) {
				params.Diagnostics = append(params.Diagnostics, p.diagnostic(file, found))
			}
		}
		params.Diagnostics = append(params.Diagnostics, p.failed(file)...)
	}
	p.mu.Lock()
	had := p.marked[path]
	p.marked[path] = len(params.Diagnostics) > 0
	p.mu.Unlock()
	if had || len(params.Diagnostics) > 0 || err == nil && file.Open {
		p.server.client.notify(ctx, protocol.MethodTextDocumentPublishDiagnostics, params)
	}
}

func (p *publisher) diagnostic(file *workspace.File, found *analysis.Diagnostic) protocol.Diagnostic {
	diagnostic := protocol.Diagnostic{
		Range:    rangeOf(file.Source, found.Span),
		Severity: protocol.DiagnosticSeverity(found.Severity),
		Code:     found.Rule.Code,
		Source:   diagnosticSource,
		Message:  found.Message,
	}
	for _, related := range found.Related {
		diagnostic.RelatedInformation = append(diagnostic.RelatedInformation, protocol.DiagnosticRelatedInformation{
			Location: protocol.Location{URI: uriOf(related.File.Path), Range: rangeOf(related.File.Source, related.Span)},
			Message:  related.Message,
		})
	}
	return diagnostic
}

// failed are the diagnostics of the lines of the file on which runs failed.
func (p *publisher) failed(file *workspace.File) []protocol.Diagnostic {
	p.mu.Lock()
	marks := p.failures[file.Path]
	p.mu.Unlock()
	var diagnostics []protocol.Diagnostic
	for _, mark := range marks {
		diagnostic := protocol.Diagnostic{
			Range:    lineRange(file, mark.line),
			Severity: protocol.DiagnosticSeverityError,
			Code:     "run-failed",
			Source:   diagnosticSource,
			Message:  mark.run.Failure.Message + "\n" + runTitle(mark.run),
		}
		frames := mark.run.Failure.Frames
		for i := len(frames) - 1; i >= 0; i-- {
			frame := frames[i]
			if frame.File == file.Path && frame.Line-1 == mark.line || frame.Line < 1 {
				continue
			}
			at := protocol.Position{Line: uint32(frame.Line - 1)}
			diagnostic.RelatedInformation = append(diagnostic.RelatedInformation, protocol.DiagnosticRelatedInformation{
				Location: protocol.Location{URI: uriOf(frame.File), Range: protocol.Range{Start: at, End: at}},
				Message:  "called from " + frame.Function + ": " + frame.Text,
			})
		}
		diagnostics = append(diagnostics, diagnostic)
	}
	return diagnostics
}

// lineRange is the text of a line, without the white space around it.
func lineRange(file *workspace.File, line int) protocol.Range {
	start := file.Source.Offset(positionFrom(protocol.Position{Line: uint32(line)}))
	text, _, _ := strings.Cut(string(file.Source.Text()[start:]), "\n")
	trimmed := strings.TrimLeft(text, " \t")
	start += len(text) - len(trimmed)
	end := start + len(strings.TrimRight(trimmed, " \t\r"))
	return protocol.Range{Start: positionTo(file.Source.Position(start)), End: positionTo(file.Source.Position(end))}
}

// ran takes note of a run's outcome: the marks of the entity's former run
// there go, and a failure's come.
func (p *publisher) ran(ctx context.Context, run *runs.Run) {
	touched := map[string]bool{}
	failedAt, line, failed := p.place(ctx, run)
	p.mu.Lock()
	for path, marks := range p.failures {
		kept := marks[:0:0]
		for _, mark := range marks {
			if mark.run.File == run.File && mark.run.Entity == run.Entity && mark.run.Target == run.Target {
				touched[path] = true
				continue
			}
			kept = append(kept, mark)
		}
		p.failures[path] = kept
	}
	if failed {
		p.failures[failedAt] = append(p.failures[failedAt], failureMark{run: run, line: line})
		touched[failedAt] = true
	}
	p.mu.Unlock()
	for path := range touched {
		p.schedule(path)
	}
}

// place is the line that a failed run marks: the deepest frame in the user's
// code or, where there is none, the entity's name.
func (p *publisher) place(ctx context.Context, run *runs.Run) (path string, line int, ok bool) {
	if run.State != runs.Failed || run.Failure.Kind == runs.FailureBackend || run.Failure.Kind == runs.FailureSetup {
		return "", 0, false
	}
	if frame, ok := run.Failure.UserFrame(); ok && frame.Line > 0 {
		return frame.File, frame.Line - 1, true
	}
	snapshot := p.server.workspace.Snapshot()
	file, err := snapshot.File(run.File)
	if err != nil {
		return "", 0, false
	}
	module, err := snapshot.Module(ctx, run.File)
	if err != nil {
		return "", 0, false
	}
	entity := module.Entity(run.Entity)
	if entity == nil {
		return "", 0, false
	}
	return run.File, file.Source.Position(entity.NameSpan.Start).Line, true
}

// edited moves the marks below an edit, and removes those on edited lines.
func (p *publisher) edited(path string, changes []workspace.Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, change := range changes {
		marks := p.failures[path]
		if len(marks) == 0 {
			return
		}
		if change.Range == nil {
			delete(p.failures, path)
			return
		}
		first, last := change.Range[0], change.Range[1]
		kept := marks[:0:0]
		for _, mark := range marks {
			switch {
			case mark.line < first.Line:
			case mark.line > last.Line, mark.line == last.Line && last.Character == 0 && (first.Line < last.Line || strings.HasSuffix(change.Text, "\n")):
				mark.line += strings.Count(change.Text, "\n") - (last.Line - first.Line)
			default:
				continue
			}
			kept = append(kept, mark)
		}
		p.failures[path] = kept
	}
}

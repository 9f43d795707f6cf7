package lsp

import (
	"context"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// failureMark is where a run failed: a line of a file, until that line is
// edited or the entity runs again.
type failureMark struct {
	run  *runs.Run
	line int // 0-based
}

// failed are the diagnostics of the lines of the file on which runs failed.
func (p *publisher) failed(file *workspace.File) []protocol.Diagnostic {
	p.mu.Lock()
	marks := p.failures[file.Path]
	p.mu.Unlock()
	var diagnostics []protocol.Diagnostic
	for _, mark := range marks {
		diagnostic := protocol.Diagnostic{
			Range:    p.server.lineRange(file, mark.line),
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
func (s *Server) lineRange(file *workspace.File, line int) protocol.Range {
	start := s.offsetOf(file.Source, protocol.Position{Line: uint32(line)})
	text, _, _ := strings.Cut(string(file.Source.Text()[start:]), "\n")
	trimmed := strings.TrimLeft(text, " \t")
	start += len(text) - len(trimmed)
	end := start + len(strings.TrimRight(trimmed, " \t\r"))
	return s.rangeOf(file.Source, parser.Span{Start: start, End: end})
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

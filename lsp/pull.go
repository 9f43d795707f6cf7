package lsp

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// What follows is of LSP 3.17; the protocol package stops at 3.16.

// codeServerCancelled is ServerCancelled: the server gave up, and the client
// may ask again.
const codeServerCancelled jsonrpc2.Code = -32802

// diagnosticOptions are DiagnosticOptions, the server's capability.
type diagnosticOptions struct {
	Identifier            string `json:"identifier"`
	InterFileDependencies bool   `json:"interFileDependencies"`
	WorkspaceDiagnostics  bool   `json:"workspaceDiagnostics"`
}

// documentDiagnosticParams are DocumentDiagnosticParams.
type documentDiagnosticParams struct {
	TextDocument     protocol.TextDocumentIdentifier `json:"textDocument"`
	PreviousResultID string                          `json:"previousResultId"`
}

// documentReport is a FullDocumentDiagnosticReport or an
// UnchangedDocumentDiagnosticReport, with what is related.
type documentReport struct {
	Kind     string                 `json:"kind"`
	ResultID string                 `json:"resultId"`
	Items    *[]protocol.Diagnostic `json:"items,omitempty"`
	// RelatedDocuments are the reports of other documents that say something
	// new since the client pulled them.
	RelatedDocuments map[protocol.DocumentURI]*documentReport `json:"relatedDocuments,omitempty"`
}

// answerTo is the report as a client takes it that has the report with that id.
func (r *report) answerTo(previous string) *documentReport {
	if r.id == previous {
		return &documentReport{Kind: "unchanged", ResultID: r.id}
	}
	return &documentReport{Kind: "full", ResultID: r.id, Items: &r.items}
}

// documentDiagnostic answers textDocument/diagnostic. If the document is edited
// meanwhile, the answer would be of no use any more.
func (s *Server) documentDiagnostic(ctx context.Context, snapshot *workspace.Snapshot, params *documentDiagnosticParams) (*documentReport, error) {
	path, ok := pathOf(string(params.TextDocument.URI))
	if _, isWorkflow := parser.LanguageOf(path); !ok || !isWorkflow {
		return (&report{id: nothingFound, items: []protocol.Diagnostic{}}).answerTo(""), nil
	}
	settings := s.settings.Load()
	made := s.reportOf(ctx, snapshot, path)
	answer := made.answerTo(params.PreviousResultID)
	if now := s.workspace.Snapshot(); now.Version(path) != snapshot.Version(path) {
		return nil, serverCancelled()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.diagnostics.pulled(made, snapshot)
	if s.capabilities.pullsRelated() {
		answer.RelatedDocuments = s.relatedReports(ctx, snapshot, path)
	}
	if s.workspace.Snapshot() != snapshot || s.settings.Load() != settings {
		s.diagnostics.schedule(path) // what was made of the change didn't count with this answer
	}
	return answer, nil
}

// relatedReports are the reports of other open documents that the client has
// pulled, and that say something new since the document at path was edited.
func (s *Server) relatedReports(ctx context.Context, snapshot *workspace.Snapshot, path string) map[protocol.DocumentURI]*documentReport {
	var reports map[protocol.DocumentURI]*documentReport
	var importers map[string]bool
	for _, file := range snapshot.OpenFiles() {
		known := s.diagnostics.toldOf(file.Path)
		if file.Path == path || known.pulled == "" {
			continue // the client hasn't asked for it yet
		}
		affected := slices.Contains(known.places, path)
		if !affected && known.seen != snapshot.Interfaces() {
			if importers == nil {
				importers = dependents(snapshot, path)
			}
			affected = importers[file.Path]
		}
		if !affected {
			continue
		}
		report := s.reportOf(ctx, snapshot, file.Path)
		if ctx.Err() != nil {
			return nil
		}
		s.diagnostics.pulled(report, snapshot)
		if report.id != known.pulled {
			if reports == nil {
				reports = map[protocol.DocumentURI]*documentReport{}
			}
			reports[uriOf(file.Path)] = report.answerTo("")
		}
	}
	return reports
}

func serverCancelled() error {
	data := json.RawMessage(`{"retriggerRequest":true}`)
	return &jsonrpc2.Error{Code: codeServerCancelled, Message: "the document was edited meanwhile", Data: &data}
}

// pulled notes that the client has the report of an open document.
func (p *publisher) pulled(report *report, snapshot *workspace.Snapshot) {
	if !report.open {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	told := p.told[report.path]
	told.pulled, told.places, told.seen = report.id, report.places, snapshot.Interfaces()
	p.told[report.path] = told
}

// toldOf is what the client has of a file.
func (p *publisher) toldOf(path string) told {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.told[path]
}

// workspaceDiagnosticParams are WorkspaceDiagnosticParams.
type workspaceDiagnosticParams struct {
	PreviousResultIDs []struct {
		URI   string `json:"uri"`
		Value string `json:"value"`
	} `json:"previousResultIds"`
	PartialResultToken json.RawMessage `json:"partialResultToken"`
}

// workspaceDocumentReport is a WorkspaceDocumentDiagnosticReport of a file that
// isn't open: it has no version.
type workspaceDocumentReport struct {
	URI     protocol.DocumentURI `json:"uri"`
	Version *int32               `json:"version"`
	*documentReport
}

// workspaceReport is a WorkspaceDiagnosticReport, whole or a part of it.
type workspaceReport struct {
	Items []workspaceDocumentReport `json:"items"`
}

// workspaceDiagnostic answers workspace/diagnostic with the files that aren't
// open; those that are, clients pull by themselves. The first request is
// answered when all files were looked at; clients ask again and again, and get
// the next answer when there is something new.
func (s *Server) workspaceDiagnostic(ctx context.Context, _ *workspace.Snapshot, params *workspaceDiagnosticParams) (*workspaceReport, error) {
	known := map[string]string{}
	for _, previous := range params.PreviousResultIDs {
		if path, ok := pathOf(previous.URI); ok {
			known[path] = previous.Value
		}
	}
	streams := len(params.PartialResultToken) > 0 && string(params.PartialResultToken) != "null"
	first := s.pulledWorkspace.CompareAndSwap(false, true)
	for {
		fresh, settled, news := s.diagnostics.swept(s.workspace.Snapshot(), known)
		if streams && len(fresh) > 0 {
			for _, report := range fresh {
				known[report.path] = report.id
			}
			s.client.notify(ctx, protocol.MethodProgress, map[string]any{
				"token": params.PartialResultToken, "value": workspaceReport{Items: workspaceItems(fresh)},
			})
			// An answer after parts has to be empty (LSP, partial results).
			fresh, first = nil, true
		}
		if settled && (first || len(fresh) > 0) {
			return &workspaceReport{Items: workspaceItems(fresh)}, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-news:
		}
	}
}

func workspaceItems(reports []*report) []workspaceDocumentReport {
	items := []workspaceDocumentReport{}
	for _, report := range reports {
		items = append(items, workspaceDocumentReport{URI: uriOf(report.path), documentReport: report.answerTo("")})
	}
	return items
}

// swept are the reports that say something else than a client knows, by the
// ids that it has, whether all files were looked at, and what is closed when
// there is news.
func (p *publisher) swept(snapshot *workspace.Snapshot, known map[string]string) (fresh []*report, settled bool, news <-chan struct{}) {
	open := openPaths(snapshot)
	p.mu.Lock()
	defer p.mu.Unlock()
	settled = p.sweep.settled()
	for path, report := range p.sweep.reports {
		if known[path] != report.id && !open[path] {
			fresh = append(fresh, report)
		}
	}
	for path, id := range known {
		if settled && p.sweep.reports[path] == nil && id != nothingFound && !open[path] {
			fresh = append(fresh, &report{path: path, id: nothingFound, items: []protocol.Diagnostic{}})
		}
	}
	slices.SortFunc(fresh, func(a, b *report) int { return strings.Compare(a.path, b.path) })
	return fresh, settled, p.sweep.news
}

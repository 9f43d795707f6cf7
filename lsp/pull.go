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
	made := s.reportOf(ctx, snapshot, path)
	answer := made.answerTo(params.PreviousResultID)
	if now := s.workspace.Snapshot(); now.Version(path) != snapshot.Version(path) {
		return nil, serverCancelled()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	before := s.diagnostics.pulled(made, snapshot)
	if !s.capabilities.pullsRelated() || before.pulled == "" || before.seen == snapshot.Interfaces() {
		return answer, nil
	}
	affected := dependents(snapshot, path)
	for _, file := range snapshot.OpenFiles() {
		if !affected[file.Path] || file.Path == path {
			continue
		}
		known, ok := s.diagnostics.pulledID(file.Path)
		if !ok {
			continue // the client hasn't asked yet
		}
		if other := s.reportOf(ctx, snapshot, file.Path); other.id != known && ctx.Err() == nil {
			s.diagnostics.pulled(other, snapshot)
			if answer.RelatedDocuments == nil {
				answer.RelatedDocuments = map[protocol.DocumentURI]*documentReport{}
			}
			answer.RelatedDocuments[uriOf(file.Path)] = other.answerTo("")
		}
	}
	return answer, nil
}

func serverCancelled() error {
	data := json.RawMessage(`{"retriggerRequest":true}`)
	return &jsonrpc2.Error{Code: codeServerCancelled, Message: "the document was edited meanwhile", Data: &data}
}

// pulled notes that the client has a report. It returns what the client had
// before.
func (p *publisher) pulled(report *report, snapshot *workspace.Snapshot) (before told) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before = p.told[report.path]
	next := before
	next.pulled, next.places, next.seen = report.id, report.places, snapshot.Interfaces()
	if report.open {
		p.told[report.path] = next
	}
	return before
}

// pulledID is the id of the report that the client pulled of a file.
func (p *publisher) pulledID(path string) (id string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id = p.told[path].pulled
	return id, id != ""
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
		for _, report := range fresh {
			known[report.path] = report.id
		}
		if settled && (first || len(fresh) > 0) {
			return &workspaceReport{Items: workspaceItems(fresh)}, nil
		}
		if streams && len(fresh) > 0 {
			first = true // the client waits for the end
			s.client.notify(ctx, protocol.MethodProgress, map[string]any{
				"token": params.PartialResultToken, "value": workspaceReport{Items: workspaceItems(fresh)},
			})
		} else {
			for _, report := range fresh {
				delete(known, report.path)
			}
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

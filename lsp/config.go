package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// tellConfig publishes what is wrong in the settings of a file's project, at
// its place in pyproject.toml.
func (p *publisher) tellConfig(ctx context.Context, snapshot *workspace.Snapshot, path string) {
	configured := snapshot.Configured(path)
	if configured == nil {
		return
	}
	_, problems := analysis.ProjectSeverities(snapshot, path)
	items := []protocol.Diagnostic{}
	for _, problem := range problems {
		items = append(items, protocol.Diagnostic{
			Range: p.server.rangeOf(problem.Source, problem.Span), Severity: protocol.DiagnosticSeverityWarning,
			Source: diagnosticSource, Message: problem.Message,
		})
	}
	if p.sendConfig(ctx, configured.Path, items) {
		for _, problem := range problems {
			line := problem.Source.Position(problem.Span.Start).Line + 1
			p.server.log.Warn(fmt.Sprintf("%s:%d: %s", problem.Path, line, problem.Message))
		}
	}
}

// dropConfigs takes back what was published of files whose settings don't count
// any more.
func (p *publisher) dropConfigs(ctx context.Context, snapshot *workspace.Snapshot) {
	p.mu.Lock()
	paths := slices.Collect(maps.Keys(p.configs))
	p.mu.Unlock()
	for _, path := range paths {
		if configured := snapshot.Configured(filepath.Dir(path)); configured == nil || configured.Path != path {
			p.sendConfig(ctx, path, []protocol.Diagnostic{})
		}
	}
}

// sendConfig publishes the diagnostics of a pyproject.toml, if they are new.
func (p *publisher) sendConfig(ctx context.Context, path string, items []protocol.Diagnostic) (sent bool) {
	id := idOf(items)
	p.mu.Lock()
	before, ok := p.configs[path]
	if id == nothingFound {
		delete(p.configs, path)
	} else {
		p.configs[path] = id
	}
	p.mu.Unlock()
	if before == id || !ok && id == nothingFound {
		return false
	}
	p.server.client.notify(ctx, protocol.MethodTextDocumentPublishDiagnostics, protocol.PublishDiagnosticsParams{URI: uriOf(path), Diagnostics: items})
	return true
}

// ruleSettings are the severities that the client's settings choose for rules,
// as analysis.ParseSeverities reads them, and what is wrong with them.
func ruleSettings(raw map[string]json.RawMessage) (analysis.Severities, []string) {
	table := map[string]string{}
	var problems []string
	for _, key := range slices.Sorted(maps.Keys(raw)) {
		var value string
		if err := json.Unmarshal(raw[key], &value); err != nil {
			problems = append(problems, fmt.Sprintf("%s.rules: the severity of %s is %s, want \"off\", \"hint\", \"warning\" or \"error\"", settingsSection, key, raw[key]))
			continue
		}
		table[key] = value
	}
	chosen, wrong := analysis.ParseSeverities(table)
	for _, key := range slices.Sorted(maps.Keys(wrong)) {
		problems = append(problems, fmt.Sprintf("%s.rules: %s", settingsSection, wrong[key]))
	}
	return chosen, problems
}

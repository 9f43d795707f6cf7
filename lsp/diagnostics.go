package lsp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// diagnosticSource is what clients show as the origin of our diagnostics.
const diagnosticSource = "flyte"

// report is what the rules find in one file at one moment.
type report struct {
	path    string
	version int32 // of the open document
	open    bool
	items   []protocol.Diagnostic
	// id is the same for reports that say the same.
	id string
	// places are the other files that the items name places in.
	places []string
}

// findings are what the rules find in a file, with the severities that its
// project and the user chose. A file that can't be looked at has none.
func (s *Server) findings(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File) (found []*analysis.Diagnostic) {
	defer func() {
		if problem := recover(); problem != nil {
			s.panics.tell("the look at a file", file, problem, debug.Stack())
			found = nil
		}
	}()
	return analysis.File(ctx, snapshot, file, s.analysisOptions(snapshot, file))
}

func (s *Server) analysisOptions(snapshot *workspace.Snapshot, file *workspace.File) analysis.Options {
	project, _ := analysis.ProjectSeverities(snapshot, file.Path) // problems are told by the publisher
	return analysis.Options{Severities: project.With(s.settings.Load().severities), Panicked: s.panics.panicked}
}

// reportOf is what there is to say of a file. Of one that isn't open nothing is
// said, unless the user wants to hear of the whole workspace.
func (s *Server) reportOf(ctx context.Context, snapshot *workspace.Snapshot, path string) *report {
	made := &report{path: path, items: []protocol.Diagnostic{}}
	file, err := snapshot.File(path)
	if err == nil && (file.Open || s.watched(snapshot, path)) {
		made.open, made.version = file.Open, file.Version
		places := map[string]bool{}
		findings := s.findings(ctx, snapshot, file)
		names := findingNames(findings)
		for i, found := range findings {
			made.items = append(made.items, s.diagnostic(file, found, names[i]))
			for _, related := range found.Related {
				if related.File.Path != path && !places[related.File.Path] {
					places[related.File.Path] = true
					made.places = append(made.places, related.File.Path)
				}
			}
		}
	}
	made.id = idOf(made.items)
	return made
}

// idOf is the id of a report, the same for the same items.
func idOf(items []protocol.Diagnostic) string {
	hash := fnv.New64a()
	_ = json.NewEncoder(hash).Encode(items) // a hash takes all, and these types can be written
	return strconv.FormatUint(hash.Sum64(), 36)
}

// nothingFound is the id of a report without items.
var nothingFound = idOf([]protocol.Diagnostic{})

// watched tells whether the user wants to hear of a file that isn't open.
func (s *Server) watched(snapshot *workspace.Snapshot, path string) bool {
	_, found := slices.BinarySearch(snapshot.WorkflowFiles(), path)
	return found && s.settings.Load().Diagnostics.Workspace
}

// diagnosticData is the field data of a diagnostic, which comes back with a
// request for code actions: by it the finding is known again after the document
// was edited above it.
type diagnosticData struct {
	Finding string `json:"finding"`
}

// findingNames are names of the findings in a file, which stay the same when
// others come or go.
func findingNames(findings []*analysis.Diagnostic) []string {
	names := make([]string, len(findings))
	same := map[uint64]int{}
	for i, found := range findings {
		hash := fnv.New64a()
		fmt.Fprintf(hash, "%s\n%s", found.Rule.Code, found.Message)
		sum := hash.Sum64()
		same[sum]++
		names[i] = fmt.Sprintf("%s.%d", strconv.FormatUint(sum, 36), same[sum])
	}
	return names
}

// diagnostic is a finding of that name, as far as the client takes it.
func (s *Server) diagnostic(file *workspace.File, found *analysis.Diagnostic, name string) protocol.Diagnostic {
	can := &s.capabilities.TextDocument.PublishDiagnostics
	diagnostic := protocol.Diagnostic{
		Range:    s.rangeOf(file.Source, found.Span),
		Severity: protocol.DiagnosticSeverity(found.Severity),
		Code:     found.Rule.Code,
		Source:   diagnosticSource,
		Message:  found.Message,
	}
	if can.CodeDescriptionSupport {
		diagnostic.CodeDescription = &protocol.CodeDescription{Href: protocol.URI(found.Rule.URL())}
	}
	if can.DataSupport {
		diagnostic.Data = diagnosticData{Finding: name}
	}
	tag := func(is bool, tag protocol.DiagnosticTag) {
		if is && slices.Contains(can.TagSupport.ValueSet, tag) {
			diagnostic.Tags = append(diagnostic.Tags, tag)
		}
	}
	tag(found.Rule.Unnecessary, protocol.DiagnosticTagUnnecessary)
	tag(found.Rule.Deprecated, protocol.DiagnosticTagDeprecated)
	for _, related := range found.Related {
		diagnostic.RelatedInformation = append(diagnostic.RelatedInformation, protocol.DiagnosticRelatedInformation{
			Location: protocol.Location{URI: uriOf(related.File.Path), Range: s.rangeOf(related.File.Source, related.Span)},
			Message:  related.Message,
		})
	}
	return diagnostic
}

// panics logs what panicked, rules as a rule, each once for a text.
type panics struct {
	server *Server

	mu   sync.Mutex
	told map[string]bool // by what panicked and text
}

// maxPanics is how many are remembered.
const maxPanics = 1000

// panicked is analysis.Options.Panicked: the rule finds nothing.
func (p *panics) panicked(rule *analysis.Rule, file *workspace.File, problem any, stack []byte) {
	p.tell("the rule "+rule.Code, file, problem, stack)
}

// tell logs enough to find the mistake again, without the user's text.
func (p *panics) tell(what string, file *workspace.File, problem any, stack []byte) {
	sum := sha256.Sum256(file.Source.Text())
	hash := hex.EncodeToString(sum[:6])
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.told[what+hash] {
		return
	}
	if p.told == nil || len(p.told) >= maxPanics {
		p.told = map[string]bool{}
	}
	p.told[what+hash] = true
	p.server.log.Error(fmt.Sprintf("%s panicked, and finds nothing in this text: %v\n%s", what, problem, stack), "sha256", hash)
}

package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/graph"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// The phases of a connection's life (LSP, lifecycle messages).
const (
	phaseNew int32 = iota
	phaseInitialized
	phaseShutDown
)

// clientCapabilities are what the server uses of what a client says it can.
// Only these are decoded: clients of newer protocols send forms that the
// protocol package doesn't know.
type clientCapabilities struct {
	General struct {
		PositionEncodings []string `json:"positionEncodings"`
	} `json:"general"`
	TextDocument struct {
		PublishDiagnostics struct {
			TagSupport struct {
				ValueSet []protocol.DiagnosticTag `json:"valueSet"`
			} `json:"tagSupport"`
			CodeDescriptionSupport bool `json:"codeDescriptionSupport"`
			DataSupport            bool `json:"dataSupport"`
		} `json:"publishDiagnostics"`
		Diagnostic *struct {
			RelatedDocumentSupport bool `json:"relatedDocumentSupport"`
		} `json:"diagnostic"`
		Completion struct {
			CompletionItem struct {
				SnippetSupport       bool `json:"snippetSupport"`
				InsertReplaceSupport bool `json:"insertReplaceSupport"`
			} `json:"completionItem"`
		} `json:"completion"`
		SignatureHelp struct {
			SignatureInformation struct {
				ParameterInformation struct {
					LabelOffsetSupport bool `json:"labelOffsetSupport"`
				} `json:"parameterInformation"`
			} `json:"signatureInformation"`
		} `json:"signatureHelp"`
		Rename struct {
			PrepareSupport bool `json:"prepareSupport"`
		} `json:"rename"`
		CodeAction struct {
			DataSupport    bool `json:"dataSupport"`
			ResolveSupport struct {
				Properties []string `json:"properties"`
			} `json:"resolveSupport"`
		} `json:"codeAction"`
	} `json:"textDocument"`
	Workspace struct {
		WorkspaceEdit struct {
			DocumentChanges         bool      `json:"documentChanges"`
			ResourceOperations      []string  `json:"resourceOperations"`
			ChangeAnnotationSupport *struct{} `json:"changeAnnotationSupport"`
		} `json:"workspaceEdit"`
		Diagnostics struct {
			RefreshSupport bool `json:"refreshSupport"`
		} `json:"diagnostics"`
		Configuration bool `json:"configuration"`
		CodeLens      struct {
			RefreshSupport bool `json:"refreshSupport"`
		} `json:"codeLens"`
		InlayHint struct {
			RefreshSupport bool `json:"refreshSupport"`
		} `json:"inlayHint"`
		DidChangeConfiguration struct {
			DynamicRegistration bool `json:"dynamicRegistration"`
		} `json:"didChangeConfiguration"`
		DidChangeWatchedFiles struct {
			DynamicRegistration bool `json:"dynamicRegistration"`
		} `json:"didChangeWatchedFiles"`
	} `json:"workspace"`
	Experimental struct {
		FlyteGraph struct {
			RefreshSupport bool `json:"refreshSupport"`
		} `json:"flyteGraph"`
	} `json:"experimental"`
	Window struct {
		WorkDoneProgress bool `json:"workDoneProgress"`
		ShowDocument     struct {
			Support bool `json:"support"`
		} `json:"showDocument"`
	} `json:"window"`
}

// pulls tells whether the client pulls diagnostics. One that can't be asked to
// pull again would show what isn't true any more: it is pushed them.
func (c *clientCapabilities) pulls() bool {
	return c.TextDocument.Diagnostic != nil && c.Workspace.Diagnostics.RefreshSupport
}

// pullsRelated tells whether the client takes the diagnostics of other documents
// with those that it pulls.
func (c *clientCapabilities) pullsRelated() bool {
	return c.pulls() && c.TextDocument.Diagnostic.RelatedDocumentSupport
}

// resolvesEdits tells whether the client asks for a code action's edit once the
// action is chosen.
func (c *clientCapabilities) resolvesEdits() bool {
	return c.TextDocument.CodeAction.DataSupport && slices.Contains(c.TextDocument.CodeAction.ResolveSupport.Properties, "edit")
}

type initializeParams struct {
	RootURI               string                     `json:"rootUri"`
	WorkspaceFolders      []protocol.WorkspaceFolder `json:"workspaceFolders"`
	InitializationOptions json.RawMessage            `json:"initializationOptions"`
	Capabilities          clientCapabilities         `json:"capabilities"`
}

// admits refuses what the present phase of the connection doesn't allow.
func (s *Server) admits(method string, isCall bool) error {
	switch phase := s.phase.Load(); {
	case phase == phaseNew && method != "initialize":
		return jsonrpc2.NewError(jsonrpc2.ServerNotInitialized, "the server waits for initialize")
	case phase == phaseInitialized && method == "initialize":
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server is initialized already")
	case phase == phaseShutDown && isCall:
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server is shut down")
	}
	return nil
}

func (s *Server) initialize(ctx context.Context, _ *workspace.Snapshot, params *initializeParams) (*initializeResult, error) {
	s.capabilities = params.Capabilities
	encoding := s.chooseEncoding(params.Capabilities.General.PositionEncodings)
	for _, folder := range params.WorkspaceFolders {
		s.folders.add(folder.URI)
	}
	if len(params.WorkspaceFolders) == 0 {
		s.folders.add(params.RootURI)
	}
	if err := s.applySettings(params.InitializationOptions); err != nil {
		s.complain([]string{"initializationOptions: " + err.Error()})
	}
	s.foldersChanged()
	s.phase.Store(phaseInitialized)
	var pulled *diagnosticOptions
	if s.capabilities.pulls() {
		pulled = &diagnosticOptions{Identifier: diagnosticSource, InterFileDependencies: true, WorkspaceDiagnostics: true}
	}
	return &initializeResult{
		ServerInfo: &protocol.ServerInfo{Name: "flyte-lsp", Version: s.options.Version},
		Capabilities: serverCapabilities{PositionEncoding: encoding, NotebookDocumentSync: notebookSync(), DiagnosticProvider: pulled, InlayHintProvider: true, InlineValueProvider: true, ServerCapabilities: protocol.ServerCapabilities{
			TextDocumentSync: &protocol.TextDocumentSyncOptions{
				OpenClose: true, Change: protocol.TextDocumentSyncKindIncremental, Save: &protocol.SaveOptions{},
			},
			CompletionProvider:    &protocol.CompletionOptions{ResolveProvider: true, TriggerCharacters: completionTriggers},
			SignatureHelpProvider: &protocol.SignatureHelpOptions{TriggerCharacters: []string{"(", ","}, RetriggerCharacters: []string{"="}},
			HoverProvider:         true,
			DeclarationProvider:   true, DefinitionProvider: true, TypeDefinitionProvider: true, ImplementationProvider: true,
			ReferencesProvider: true, DocumentHighlightProvider: true,
			CallHierarchyProvider: true, DocumentSymbolProvider: true, WorkspaceSymbolProvider: true,
			DocumentLinkProvider: &protocol.DocumentLinkOptions{},
			CodeLensProvider:     &protocol.CodeLensOptions{},
			CodeActionProvider: &protocol.CodeActionOptions{
				CodeActionKinds: []protocol.CodeActionKind{protocol.QuickFix, protocol.RefactorExtract, protocol.RefactorRewrite, codeActionFixAll, codeActionRun}, ResolveProvider: true,
			},
			RenameProvider:         s.renameProvider(),
			Experimental:           map[string]any{"flyteGraph": map[string]any{"formats": slices.Sorted(maps.Keys(graph.Formats))}},
			ExecuteCommandProvider: &protocol.ExecuteCommandOptions{Commands: commandNames()},
			Workspace: &protocol.ServerCapabilitiesWorkspace{
				WorkspaceFolders: &protocol.ServerCapabilitiesWorkspaceFolders{Supported: true, ChangeNotifications: true},
				FileOperations:   &protocol.ServerCapabilitiesWorkspaceFileOperations{WillRename: renamedFiles},
			},
		}},
	}, nil
}

// initializeResult is protocol.InitializeResult with capabilities of LSP 3.17.
type initializeResult struct {
	Capabilities serverCapabilities   `json:"capabilities"`
	ServerInfo   *protocol.ServerInfo `json:"serverInfo"`
}

type serverCapabilities struct {
	protocol.ServerCapabilities
	PositionEncoding     string               `json:"positionEncoding,omitempty"`
	NotebookDocumentSync *notebookSyncOptions `json:"notebookDocumentSync"`
	DiagnosticProvider   *diagnosticOptions   `json:"diagnosticProvider,omitempty"`
	InlayHintProvider    bool                 `json:"inlayHintProvider"`
	InlineValueProvider  bool                 `json:"inlineValueProvider"`
}

// initialized fetches what may be asked of the client only from now on, and
// takes over the runs of servers that are gone.
func (s *Server) initialized(ctx context.Context, _ *struct{}) error {
	s.ready.Store(true)
	for _, trouble := range s.troubles {
		s.client.show(ctx, protocol.MessageTypeWarning, trouble)
	}
	s.troubles = nil
	s.background(func(ctx context.Context) {
		s.register(ctx)
		s.pullSettings(ctx)
		if err := s.store.Prune(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn(err.Error())
		}
		if err := s.runs.TakeOver(ctx, s.followRun); err != nil && ctx.Err() == nil {
			s.log.Warn(err.Error())
		}
	})
	return nil
}

// register asks the client to tell what it tells only when it is asked to.
func (s *Server) register(ctx context.Context) {
	var wanted []protocol.Registration
	if s.capabilities.Workspace.DidChangeConfiguration.DynamicRegistration {
		wanted = append(wanted, protocol.Registration{
			ID: "settings", Method: protocol.MethodWorkspaceDidChangeConfiguration,
			RegisterOptions: map[string]any{"section": settingsSection},
		})
	}
	if s.watches() {
		wanted = append(wanted, protocol.Registration{
			ID: "files", Method: protocol.MethodWorkspaceDidChangeWatchedFiles,
			RegisterOptions: map[string]any{"watchers": []map[string]any{{"globPattern": watchedFiles}}},
		})
	}
	if len(wanted) == 0 {
		return
	}
	err := s.client.call(ctx, protocol.MethodClientRegisterCapability, protocol.RegistrationParams{Registrations: wanted}, nil)
	if err != nil && ctx.Err() == nil {
		s.log.Warn("the client didn't take the registrations for changed settings and files: " + err.Error())
	}
}

func (s *Server) shutdown(context.Context, *workspace.Snapshot, *struct{}) (any, error) {
	s.phase.Store(phaseShutDown)
	return nil, nil
}

func (s *Server) setTrace(context.Context, *protocol.SetTraceParams) error {
	return nil // the log tells all there is already
}

func (s *Server) didChangeWorkspaceFolders(_ context.Context, params *protocol.DidChangeWorkspaceFoldersParams) error {
	for _, folder := range params.Event.Removed {
		s.folders.remove(folder.URI)
	}
	for _, folder := range params.Event.Added {
		s.folders.add(folder.URI)
	}
	s.foldersChanged()
	return nil
}

// folders are the workspace's.
type folders struct {
	mu    sync.Mutex
	paths []string
}

func (f *folders) add(uri string) {
	if path, ok := pathOf(uri); ok {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.paths = append(f.paths, path)
	}
}

func (f *folders) all() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.paths)
}

func (f *folders) remove(uri string) {
	path, _ := pathOf(uri)
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := f.paths[:0:0]
	for _, other := range f.paths {
		if other != path {
			kept = append(kept, other)
		}
	}
	f.paths = kept
}

// of returns the innermost workspace folder that holds the file, else the
// file's own folder.
func (f *folders) of(file string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	best := ""
	for _, path := range f.paths {
		within, err := filepath.Rel(path, file)
		if err == nil && within != ".." && !strings.HasPrefix(within, ".."+string(filepath.Separator)) && len(path) > len(best) {
			best = path
		}
	}
	if best == "" {
		return filepath.Dir(file)
	}
	return best
}

// confirmSandbox asks the user whether the sandbox may be started.
func (s *Server) confirmSandbox(ctx context.Context) (bool, error) {
	const start = "Start the sandbox"
	var chosen *protocol.MessageActionItem
	err := s.client.call(ctx, protocol.MethodWindowShowMessageRequest, protocol.ShowMessageRequestParams{
		Type:    protocol.MessageTypeInfo,
		Message: "No Flyte backend is configured. Start the sandbox, a Flyte backend on this machine that needs no Docker?",
		Actions: []protocol.MessageActionItem{{Title: start}, {Title: "Not now"}},
	}, &chosen)
	if err != nil {
		return false, fmt.Errorf("the editor can't ask whether the sandbox may be started (%w): start it with `flyte-lsp sandbox start`", err)
	}
	return chosen != nil && chosen.Title == start, nil
}

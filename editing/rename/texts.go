package rename

import (
	"bytes"
	"context"
	"os"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/scope"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// renamedModule is a module of which the full names of entities change.
type renamedModule struct {
	was, is string
	names   map[string]*scope.Variable // that the module binds
}

// texts rewrites strings that read like the full name of something in a module
// that moves.
func (m *mover) texts(ctx context.Context) error {
	modules := m.renamedModules()
	if len(modules) == 0 {
		return nil
	}
	return eachText(ctx, m.snapshot, func(path string, text []byte) {
		for _, module := range modules {
			if !bytes.Contains(text, []byte(module.was)) {
				continue
			}
			file, err := m.snapshot.File(path)
			if err != nil || file.AST == nil {
				return
			}
			m.textsOf(file, module)
		}
	})
}

func (m *mover) renamedModules() []renamedModule {
	var modules []renamedModule
	for from, to := range m.moves {
		file, err := m.snapshot.File(from)
		if err != nil || file.AST == nil {
			continue
		}
		if _, is := m.after.ModuleName(to); is != file.ModuleName {
			modules = append(modules, renamedModule{file.ModuleName, is, scope.Of(file.AST, file.Source.Text()).Module.All()})
		}
	}
	return modules
}

func (m *mover) textsOf(file *workspace.File, module renamedModule) {
	ast.Inspect(file.AST, func(n ast.Node) bool {
		constant, ok := n.(*ast.Constant)
		if !ok || constant.Kind != ast.StringConst || !strings.HasPrefix(constant.Text, module.was) {
			return true
		}
		rest := constant.Text[len(module.was):]
		name, _, _ := strings.Cut(strings.TrimPrefix(rest, "."), ".")
		v := module.names[name]
		if !strings.HasPrefix(rest, ".") || v == nil || !v.Bound() {
			return true
		}
		if at := strings.Index(file.Source.Slice(constant.Span()), constant.Text); at >= 0 {
			start := constant.Start + at
			m.edit(file.Path, file.Source, parser.Span{Start: start, End: start + len(module.was)}, module.is,
				"strings that read like the full name of something in the module")
		}
		return true
	})
}

// eachText visits the workspace's Python files with their texts, which aren't
// parsed for it.
func eachText(ctx context.Context, snapshot *workspace.Snapshot, visit func(path string, text []byte)) error {
	open := map[string]bool{}
	for _, file := range snapshot.OpenFiles() {
		if file.Language == parser.Python {
			open[file.Path] = true
			visit(file.Path, file.Source.Text())
		}
	}
	for _, path := range snapshot.WorkflowFiles() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if language, _ := parser.LanguageOf(path); language != parser.Python || open[path] {
			continue
		}
		if text, err := os.ReadFile(path); err == nil { // what can't be read says nothing
			visit(path, text)
		}
	}
	return nil
}

package flytekit

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// TaskConfig is a class that a task's task_config can be an object of, and the module
// that users import it from.
type TaskConfig struct{ Name, Module string }

// TaskConfigs are the classes for task_config of the installed plugins: those that a
// module of the plugin registers (core/task.py:TaskPlugins.register_pythontask_plugin)
// and that the plugin's package offers, in the order of their modules and names.
func TaskConfigs(snapshot *workspace.Snapshot, from string) []TaskConfig {
	core := snapshot.ModulePath(from, "flytekit")
	if core == "" {
		return nil
	}
	plugins := filepath.Join(filepath.Dir(filepath.Dir(core)), "flytekitplugins")
	entries, err := os.ReadDir(plugins)
	if err != nil {
		return nil // there are none
	}
	var found []TaskConfig
	for _, entry := range entries {
		folder := filepath.Join(plugins, entry.Name())
		offered := namesOf(snapshot, filepath.Join(folder, "__init__.py"))
		files, _ := filepath.Glob(filepath.Join(folder, "*.py"))
		for _, path := range files {
			for _, name := range registeredIn(snapshot, path) {
				if offered[name] {
					found = append(found, TaskConfig{Name: name, Module: "flytekitplugins." + entry.Name()})
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b TaskConfig) int {
		return strings.Compare(a.Module+" "+a.Name, b.Module+" "+b.Name)
	})
	return slices.Compact(found)
}

// namesOf are the names that a module imports.
func namesOf(snapshot *workspace.Snapshot, path string) map[string]bool {
	names := map[string]bool{}
	file, err := snapshot.File(path)
	if err != nil || file.AST == nil {
		return names
	}
	for _, stmt := range file.AST.Body {
		if s, ok := stmt.(*ast.ImportFrom); ok {
			for _, alias := range s.Names {
				names[alias.Name] = true
			}
		}
	}
	return names
}

// registeredIn are the names of the classes that a module registers.
func registeredIn(snapshot *workspace.Snapshot, path string) []string {
	file, err := snapshot.File(path)
	if err != nil || file.AST == nil {
		return nil
	}
	var names []string
	for _, stmt := range file.AST.Body {
		s, ok := stmt.(*ast.ExprStmt)
		if !ok {
			continue
		}
		call, ok := s.Value.(*ast.Call)
		if !ok || len(call.Args) == 0 {
			continue
		}
		function, ok := call.Func.(*ast.Attribute)
		config, named := call.Args[0].(*ast.Name)
		if ok && named && function.Attr == "register_pythontask_plugin" {
			names = append(names, config.ID)
		}
	}
	return names
}

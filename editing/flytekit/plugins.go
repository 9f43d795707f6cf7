package flytekit

import (
	"bytes"
	"io/fs"
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
// module of the plugin registers (core/task.py:TaskPlugins.register_pythontask_plugin),
// in the order of their modules and names. They are looked for once for each state
// of the installation.
func TaskConfigs(snapshot *workspace.Snapshot, from string) []TaskConfig {
	core := snapshot.ModulePath(from, "flytekit")
	if core == "" {
		return nil
	}
	plugins := filepath.Join(filepath.Dir(filepath.Dir(core)), "flytekitplugins")
	folder, err := os.Stat(plugins)
	if err != nil {
		return nil // there are none
	}
	asked := question{core, "flytekitplugins"}
	if known, ok := answers.Load(asked); ok {
		known := known.(*answer)
		if known.installed.Equal(folder.ModTime()) && (len(known.files) == 0 || known.holds(snapshot)) {
			return known.configs
		}
	}
	r := newReader(snapshot, from)
	made := &answer{installed: folder.ModTime()}
	for _, name := range registering(plugins) {
		r.asked = 0
		made.configs = append(made.configs, r.registered(name)...)
	}
	slices.SortFunc(made.configs, func(a, b TaskConfig) int {
		return strings.Compare(a.Module+" "+a.Name, b.Module+" "+b.Name)
	})
	made.configs = slices.Compact(made.configs)
	made.files = r.files
	answers.Store(asked, made)
	return made.configs
}

// registering are the names of the modules below a folder that register a plugin.
// What can't be read registers nothing.
func registering(plugins string) []string {
	var names []string
	_ = filepath.WalkDir(plugins, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".py" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(text, []byte(register)) {
			return nil
		}
		below, err := filepath.Rel(filepath.Dir(plugins), path)
		if err != nil {
			return nil
		}
		name := strings.ReplaceAll(strings.TrimSuffix(below, ".py"), string(filepath.Separator), ".")
		names = append(names, strings.TrimSuffix(name, ".__init__"))
		return nil
	})
	return names
}

// register is the method that plugins call when they are imported.
const register = "register_pythontask_plugin"

// registered are the classes that a module registers, imported from its plugin's
// package if that offers them, and else from where they are defined.
func (r *reader) registered(name string) []TaskConfig {
	m := r.module(name)
	if m == nil {
		return nil
	}
	var found []TaskConfig
	for _, stmt := range m.file.AST.Body {
		s, ok := stmt.(*ast.ExprStmt)
		if !ok {
			continue
		}
		call, ok := s.Value.(*ast.Call)
		if !ok || len(call.Args) == 0 || lastName(call.Func) != register {
			continue
		}
		config := r.resolve(m, call.Args[0])
		if config == nil {
			continue
		}
		class, ok := config.node.(*ast.ClassDef)
		if !ok {
			continue
		}
		parts := strings.SplitN(name, ".", 3)
		offered := parts[0] + "." + parts[1]
		if pkg := r.module(offered); pkg != nil {
			if same := r.global(pkg, class.Name.ID); same != nil && same.node == config.node {
				found = append(found, TaskConfig{class.Name.ID, offered})
				continue
			}
		}
		found = append(found, TaskConfig{class.Name.ID, config.module.name})
	}
	return found
}

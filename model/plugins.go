package model

import (
	_ "embed"
	"strings"
	"sync"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

//go:generate plugins/generate.sh

// pluginText has what stands in for the modules of flytekit's plugins where they
// aren't installed, see stand_ins.py.
//
//go:embed plugins/stand_ins.txtar
var pluginText []byte

// plugins are the stand-ins by the names of their modules.
var plugins = sync.OnceValue(func() map[string]func() pyeval.Found {
	modules := map[string]func() pyeval.Found{}
	namespace := func() pyeval.Found { return pyeval.Found{Namespace: true} }
	for _, file := range txtar.Parse(pluginText).Files {
		name, isPackage := strings.CutSuffix(strings.TrimSuffix(file.Name, ".py"), "/__init__")
		name = strings.ReplaceAll(name, "/", ".")
		modules[name] = sync.OnceValue(func() pyeval.Found {
			module := parser.Parse(parser.Python, file.Data).Module()
			return pyeval.Found{Source: &pyeval.Source{
				Path: file.Name, Name: name, Package: isPackage, StandIn: true, AST: module.AST, Text: module.Source,
			}}
		})
		for dot := strings.LastIndexByte(name, '.'); dot >= 0; dot = strings.LastIndexByte(name[:dot], '.') {
			if _, ok := modules[name[:dot]]; !ok {
				modules[name[:dot]] = namespace
			}
		}
	}
	return modules
})

// pluginModule is what stands in for a module of a plugin of flytekit's that
// isn't installed.
func pluginModule(name string) pyeval.Found {
	if !strings.HasPrefix(name, "flytekitplugins") {
		return pyeval.Found{}
	}
	if standIn, ok := plugins()[name]; ok {
		return standIn()
	}
	return pyeval.Found{}
}

// pluginNatives has the value that stands for what the stand-ins don't tell.
var pluginNatives = pyeval.Natives{
	pluginUnread + ".unread": {Value: &pyeval.Native{Name: pluginUnread + ".unread", Missing: "the plugin of flytekit that it comes from isn't installed"}},
}

const pluginUnread = "__plugins__"

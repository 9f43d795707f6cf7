package model

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// Natives are the behaviours of flytekit's objects that make or change
// entities, of its classes, and of the classes of other libraries that types
// are made of.
func Natives() pyeval.Natives {
	natives := typeengine.Natives()
	for class, bases := range table().bases {
		natives[class] = pyeval.Behaviour{Class: true, Bases: bases}
	}
	for name, text := range table().texts {
		natives[name] = pyeval.Behaviour{Value: pyeval.Str(text)}
	}
	for name, file := range table().files {
		if strings.HasPrefix(file.format, "tfrecord") {
			continue // the type engine asks whether tensorflow is installed
		}
		natives[name] = pyeval.Behaviour{Value: &pyeval.Alias{
			Origin: &pyeval.Native{Name: file.base}, Args: []pyeval.Value{pyeval.Str(file.format)},
		}}
	}
	for _, group := range []pyeval.Natives{
		instanceNatives(), functionNatives, referenceNatives, launchPlanNatives, mapTaskNatives,
		imperativeNatives, transformerNatives, otherNatives, artifactNatives, jsonTypes, torchBackends, bodyNatives, pluginNatives,
	} {
		for name, behaviour := range group {
			if class, ok := natives[name]; ok {
				behaviour.Class, behaviour.Bases = true, class.Bases
			}
			natives[name] = behaviour
		}
	}
	return natives
}

// otherNatives are flytekit's helpers around entities.
var otherNatives = pyeval.Natives{
	"flytekit.core.base_task.kwtypes": {Call: func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		return keywordDict(f, c)
	}},
	"flytekit.core.environment.Environment": {Call: newEnvironment},
	// core/utils.py:ClassDecorator takes over what it decorates.
	"flytekit.core.utils.ClassDecorator": {
		Init: func(f *pyeval.Frame, self *pyeval.Instance, c *pyeval.Call) {
			settings := decoratorSettings{}
			for _, keyword := range c.Keywords {
				if keyword.Name == "task_function" {
					wrap(self, keyword.Value)
				} else {
					settings = append(settings, keyword)
				}
			}
			if len(c.Args) > 0 {
				wrap(self, c.Args[0].Value)
			}
			self.Extra = settings
		},
		Apply: func(f *pyeval.Frame, self *pyeval.Instance, c *pyeval.Call) pyeval.Value {
			if _, wrapped := self.Attrs["__wrapped__"]; wrapped || len(c.Args) != 1 {
				return &pyeval.Unknown{Reason: "the result of " + self.Describe() + " is only known when it runs"}
			}
			settings, _ := self.Extra.(decoratorSettings)
			return f.CallValue(self.Class, &pyeval.Call{
				Args: c.Args, Keywords: settings, Decorator: c.Decorator, Decorated: c.Decorated,
			})
		},
	},
	"flytekit.core.task.TaskPlugins.register_pythontask_plugin": {Call: registerPlugin},
	"flytekit.lazy_import.lazy_module.lazy_module":              {Call: moduleByName},
	"pytest.importorskip":                                       {Call: moduleByName},
}

// jsonTypes are the unions of types/iterator/json_iterator.py.
var jsonTypes = func() pyeval.Natives {
	builtin := func(name string) pyeval.Value { return &pyeval.Native{Name: "builtins." + name} }
	collections := []pyeval.Value{
		&pyeval.Alias{
			Origin: builtin("dict"), Args: []pyeval.Value{builtin("str"), anyType}, Spelled: &pyeval.Native{Name: "typing.Dict"},
		},
		listOf(anyType),
	}
	scalars := []pyeval.Value{builtin("bool"), builtin("float"), builtin("int"), builtin("str")}
	const module = "flytekit.types.iterator.json_iterator."
	return pyeval.Natives{
		module + "JSONCollection": {Value: &pyeval.Union{Args: collections}},
		module + "JSONScalar":     {Value: &pyeval.Union{Args: scalars}},
		module + "JSON":           {Value: &pyeval.Union{Args: slices.Concat(collections, scalars)}},
	}
}()

// torchBackends are strings (torch/distributed/distributed_c10d.py:Backend).
var torchBackends = pyeval.Natives{
	"torch.distributed.Backend.GLOO": {Value: pyeval.Str("gloo")},
	"torch.distributed.Backend.NCCL": {Value: pyeval.Str("nccl")},
	"torch.distributed.Backend.MPI":  {Value: pyeval.Str("mpi")},
	"torch.distributed.Backend.UCC":  {Value: pyeval.Str("ucc")},
}

// moduleByName is a module that a function imports by its name, if it is there.
func moduleByName(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	if name, ok := c.Arg(0, "module_name"); ok {
		if name, unknown := text(f, name.Value); unknown == "" {
			return &pyeval.Native{Name: name}
		}
	}
	return nil
}

// decoratorSettings are the arguments that a ClassDecorator keeps until it is
// given the function.
type decoratorSettings []pyeval.Named

// wrap marks an object as one that took over a function's signature.
func wrap(self *pyeval.Instance, fn pyeval.Value) {
	if _, none := fn.(pyeval.None); none {
		return
	}
	if self.Attrs == nil {
		self.Attrs = map[string]pyeval.Value{}
	}
	self.Attrs["__wrapped__"] = fn
}

// keywordDict is the dict of a call's keyword arguments.
func keywordDict(f *pyeval.Frame, c *pyeval.Call) *pyeval.Dict {
	dict := f.NewDict(nil)
	dict.Open = c.Open
	for _, keyword := range c.Keywords {
		dict.Items = append(dict.Items, pyeval.Item{Key: pyeval.Str(keyword.Name), Value: keyword.Value})
	}
	return dict
}

// plugin is what TaskPlugins.register_pythontask_plugin records with the
// module that calls it.
type plugin struct{ config, task pyeval.Value }

func registerPlugin(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	config, ok := c.Arg(0, "plugin_config_type")
	task, ok2 := c.Arg(1, "plugin")
	if ok && ok2 {
		f.Record(&plugin{f.Resolve(config.Value), f.Resolve(task.Value)})
	}
	return pyeval.None{}
}

// pluginFor is the class of the tasks that a task_config stands for
// (core/task.py:TaskPlugins.find_pythontask_plugin): nil is flytekit's own.
// Plugins register their classes in the module that defines the config.
func pluginFor(f *pyeval.Frame, config pyeval.Value) *pyeval.Class {
	instance, ok := f.Resolve(config).(*pyeval.Instance)
	if !ok {
		return nil
	}
	class, ok := f.Resolve(instance.Class).(*pyeval.Class)
	if !ok || class.Module == nil {
		return nil
	}
	for _, made := range slices.Concat(f.Made(), class.Module.Made) {
		if p, ok := made.(*plugin); ok && pyeval.Same(p.config, class) {
			task, _ := p.task.(*pyeval.Class)
			return task
		}
	}
	return nil
}

package model

import (
	"crypto/md5" // flytekit names map tasks by it
	"encoding/hex"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// The natives that map over a task or a launch plan.
var mapTaskNatives = pyeval.Natives{
	"flytekit.core.array_node_map_task.map_task": {Call: func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		// core/array_node_map_task.py:map_task hands min_successes on as a keyword.
		return mapOver(f, c, []string{"target", "concurrency", "min_successes", "min_success_ratio"}, pyeval.Float(1))
	}},
	"flytekit.core.array_node_map_task.array_node_map_task": {Call: func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		return mapOver(f, c, []string{"task_function", "concurrency", "min_success_ratio"}, pyeval.Float(1))
	}},
	"flytekit.core.array_node_map_task.ArrayNodeMapTask": {Call: func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		return mapOver(f, c, []string{
			"python_function_task", "concurrency", "min_successes", "min_success_ratio", "bound_inputs", "bound_inputs_values",
		}, pyeval.None{})
	}},
	"flytekit.core.array_node.array_node": {Call: func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		return mapOver(f, c, []string{"target", "concurrency", "min_success_ratio", "min_successes"}, pyeval.None{})
	}},
	"flytekit.core.array_node.ArrayNode": {Call: func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		return mapOver(f, c, []string{"target", "bindings", "concurrency", "min_successes", "min_success_ratio"}, pyeval.None{})
	}},
}

// mapping is a call that makes a map task.
type mapping struct {
	f      *pyeval.Frame
	c      *pyeval.Call
	params []string
	ratio  pyeval.Value // the default of min_success_ratio
}

func (m *mapping) value(name string, otherwise pyeval.Value) pyeval.Value {
	return m.f.Resolve(m.c.Value(slices.Index(m.params, name), name, otherwise))
}

func mapOver(f *pyeval.Frame, c *pyeval.Call, params []string, ratio pyeval.Value) pyeval.Value {
	m := &mapping{f, c, params, ratio}
	e := start(f, MapTask, c)
	given, _ := c.Arg(0, params[0])
	if given.Expr != nil {
		e.OfName = sourceText(f.Module(), given.Expr)
	}
	target := f.Resolve(given.Value)
	if partial, ok := target.(*pyeval.Partial); ok {
		target = f.Resolve(partial.Func)
		for _, keyword := range partial.Keywords {
			e.Bound = append(e.Bound, keyword.Name)
		}
		e.boundValues = partial.Keywords
	}
	e.bindInputs(m)
	of, ok := EntityOf(target)
	if !ok {
		reason := why(target, "the source doesn't tell what it maps over")
		e.NameUnknown, e.InputsUnknown, e.OutputsUnknown = reason, reason, reason
		return e
	}
	e.Of, e.Opaque, e.Doc = of, of.Opaque, of.Doc
	if partial, ok := f.Resolve(given.Value).(*pyeval.Partial); ok && len(partial.Args) > 0 && e.Opaque == "" {
		e.Opaque = "flytekit drops the positional arguments of its functools.partial"
	}
	slices.Sort(e.Bound)
	e.Bound = slices.Compact(e.Bound)
	switch of.Kind {
	case LaunchPlan, ReferenceTask, ReferenceLaunchPlan:
		// core/array_node.py:ArrayNode is known by its target's name.
		e.FullName, e.NameUnknown, e.registered = of.FullName, of.NameUnknown, false
	default:
		e.mapName(m)
	}
	e.listInterface(m)
	return e
}

// bindInputs reads the arguments that bind inputs.
func (e *Entity) bindInputs(m *mapping) {
	switch bound := m.value("bound_inputs", pyeval.None{}).(type) {
	case pyeval.None:
	case *pyeval.Set:
		for _, elem := range bound.Elems {
			if name, ok := m.f.Resolve(elem).(pyeval.Str); ok {
				e.Bound = append(e.Bound, string(name))
			}
		}
	}
	if values, ok := m.value("bound_inputs_values", pyeval.None{}).(*pyeval.Dict); ok {
		for _, item := range values.Items {
			if name, ok := m.f.Resolve(item.Key).(pyeval.Str); ok {
				e.Bound = append(e.Bound, string(name))
				e.boundValues = append(slices.Clip(e.boundValues), pyeval.Named{Name: string(name), Value: item.Value})
			}
		}
	}
}

// mapName is the name of a map task
// (core/array_node_map_task.py:ArrayNodeMapTask.__init__).
func (e *Entity) mapName(m *mapping) {
	var text strings.Builder
	text.WriteString(strings.Join(e.Bound, ","))
	for _, setting := range []struct {
		name      string
		otherwise pyeval.Value
	}{{"concurrency", pyeval.None{}}, {"min_successes", pyeval.None{}}, {"min_success_ratio", m.ratio}} {
		printed, ok := printed(m.value(setting.name, setting.otherwise))
		if !ok || m.c.Open {
			e.NameUnknown = "the source doesn't tell its " + setting.name + ", which is a part of its name"
			return
		}
		text.WriteString(printed)
	}
	of := e.Of
	module, name := of.module, of.function
	if of.Kind == InstanceTask {
		module, name = of.taskType, lhs(of)
	}
	if name == "" || of.NameUnknown != "" {
		e.NameUnknown = "the source doesn't tell the name of what it maps over"
		return
	}
	sum := md5.Sum([]byte(text.String()))
	e.FullName = module + ".map_" + name + "_" + hex.EncodeToString(sum[:]) + "-arraynode"
}

// listInterface makes lists of what is mapped over
// (core/interface.py:transform_interface_to_list_interface). What a launch plan
// fixes isn't an input any more.
func (e *Entity) listInterface(m *mapping) {
	of := e.Of
	e.InputsUnknown, e.OutputsUnknown = of.InputsUnknown, of.OutputsUnknown
	for _, input := range of.Inputs {
		v := &Variable{Name: input.Name, Type: input.Type, PyType: input.PyType, Doc: input.Doc}
		if !slices.Contains(e.Bound, v.Name) {
			v.PyType, v.Type = listOf(v.PyType), "List["+v.Type+"]"
		}
		v.Required = required(v.PyType, nil)
		e.Inputs = append(e.Inputs, v)
	}
	optional := len(of.Outputs) == 1
	switch ratio := m.value("min_success_ratio", m.ratio).(type) {
	case pyeval.None:
		optional = false
	case pyeval.Float:
		optional = optional && ratio != 1
	case pyeval.Int:
		optional = optional && (ratio.Int == nil || !ratio.IsInt64() || ratio.Int64() != 1)
	default:
		if optional {
			e.OutputsUnknown = "the source doesn't tell its min_success_ratio, which decides whether outputs may be None"
		}
	}
	for _, output := range of.Outputs {
		v := &Variable{Name: output.Name, Type: output.Type, PyType: output.PyType, Doc: output.Doc}
		if optional {
			v.PyType, v.Type = optionalOf(v.PyType), "Optional["+v.Type+"]"
		}
		v.PyType, v.Type = listOf(v.PyType), "List["+v.Type+"]"
		e.Outputs = append(e.Outputs, v)
	}
}

func listOf(t pyeval.Value) pyeval.Value {
	return &pyeval.Alias{
		Origin: &pyeval.Native{Name: "builtins.list"}, Args: []pyeval.Value{t}, Spelled: &pyeval.Native{Name: "typing.List"},
	}
}

// optionalOf is Optional[t], flattened as typing does.
func optionalOf(t pyeval.Value) pyeval.Value {
	if union, ok := t.(*pyeval.Union); ok {
		if isOptional(union) {
			return union
		}
		return &pyeval.Union{Args: append(slices.Clone(union.Args), noneType)}
	}
	return &pyeval.Union{Args: []pyeval.Value{t, noneType}}
}

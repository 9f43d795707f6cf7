package model

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// The natives that make entities of functions.
var functionNatives = pyeval.Natives{
	"flytekit.core.task.task":                     {Call: (&maker{kind: Task}).call},
	"flytekit.core.dynamic_workflow_task.dynamic": {Call: (&maker{kind: Dynamic}).call},
	"flytekit.core.task.eager":                    {Call: (&maker{kind: Eager}).call},
	"flytekit.core.workflow.workflow":             {Call: (&maker{kind: Workflow}).call},
}

// settingsOf are the names of what takes a maker's settings.
var settingsOf = map[Kind]string{
	Task:     "flytekit.core.task.task",
	Dynamic:  "flytekit.core.dynamic_workflow_task.dynamic",
	Eager:    "flytekit.core.task.eager",
	Workflow: "flytekit.core.workflow.workflow",
}

// maker makes entities of functions: `task`, `workflow`, and what calling them
// without a function gives, a decorator with settings.
type maker struct {
	kind     Kind
	settings []pyeval.Named
	// open: not all settings are known.
	open bool
	// expr is the call that gave the settings.
	maker *pyeval.Call
}

// Describe says what the decorator is.
func (m *maker) Describe() string { return "the decorator " + string(m.kind) }

// Call makes an entity of a function, or a decorator of settings. What it is
// applied to comes first (core/task.py:task, core/workflow.py:workflow), or by
// the keyword of the parameter.
func (m *maker) Call(f *pyeval.Frame, c *pyeval.Call) pyeval.Value { return m.call(f, c) }

func (m *maker) call(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	with := &maker{kind: m.kind, open: m.open || c.Open, maker: m.maker}
	with.settings = merge(m.settings, c.Keywords)
	if m.settings == nil {
		with.maker = c
	}
	fn, given := with.function(c)
	if !given {
		return with
	}
	return with.make(f, c, fn)
}

// function is what the call makes an entity of.
func (m *maker) function(c *pyeval.Call) (fn pyeval.Value, given bool) {
	if len(c.Args) > 0 {
		fn = c.Args[0].Value
	} else {
		for _, name := range []string{"_task_function", "_workflow_function", "_fn"} {
			i := slices.IndexFunc(m.settings, func(n pyeval.Named) bool { return n.Name == name })
			if i >= 0 {
				fn = m.settings[i].Value
				m.settings = slices.Delete(slices.Clone(m.settings), i, i+1)
			}
		}
	}
	if fn == nil {
		return nil, false
	}
	_, none := fn.(pyeval.None)
	return fn, !none
}

// merge are the settings with others over them.
func merge(settings, over []pyeval.Named) []pyeval.Named {
	if len(settings) == 0 {
		return over
	}
	merged := slices.Clone(settings)
	for _, setting := range over {
		if i := slices.IndexFunc(merged, func(n pyeval.Named) bool { return n.Name == setting.Name }); i >= 0 {
			merged[i] = setting
		} else {
			merged = append(merged, setting)
		}
	}
	return merged
}

// setting is a setting's value; nil if it isn't given.
func (m *maker) setting(f *pyeval.Frame, name string) pyeval.Value {
	for _, setting := range m.settings {
		if setting.Name == name {
			return f.Resolve(setting.Value)
		}
	}
	return nil
}

// make makes the entity, or an object of a plugin's class of tasks.
func (m *maker) make(f *pyeval.Frame, c *pyeval.Call, value pyeval.Value) pyeval.Value {
	value = f.Resolve(value)
	if m.kind != Workflow && m.kind != Eager {
		if config := m.setting(f, "task_config"); config != nil {
			if class := pluginFor(f, config); class != nil {
				if made, ok := m.plugin(f, c, class, config, value); ok {
					return made
				}
			}
		}
	}
	e := start(f, m.executionMode(f), c)
	m.made(e)
	if m.open {
		e.Opaque = "not all of its settings can be told from the source"
	}
	m.build(f, e, c, value, nil)
	return e
}

// executionMode is the kind that `@task(execution_mode=...)` asks for.
func (m *maker) executionMode(f *pyeval.Frame) Kind {
	if m.kind != Task {
		return m.kind
	}
	return kindOfMode(m.setting(f, "execution_mode"))
}

func kindOfMode(mode pyeval.Value) Kind {
	if native, ok := mode.(*pyeval.Native); ok && native.Name == executionBehavior+".DYNAMIC" {
		return Dynamic
	}
	return Task
}

const executionBehavior = "flytekit.core.python_function_task.PythonFunctionTask.ExecutionBehavior"

// plugin makes an object of a plugin's class, as core/task.py:task calls it.
func (m *maker) plugin(f *pyeval.Frame, c *pyeval.Call, class *pyeval.Class, config, fn pyeval.Value) (pyeval.Value, bool) {
	call := &pyeval.Call{
		Func: class, Args: []pyeval.Named{{Value: config}, {Value: fn}}, Keywords: slices.DeleteFunc(slices.Clone(m.settings),
			func(n pyeval.Named) bool { return n.Name == "task_config" }),
		Expr: c.Expr, Decorator: c.Decorator, Decorated: c.Decorated, Open: m.open,
	}
	if m.kind == Dynamic {
		call.Keywords = append(call.Keywords, pyeval.Named{
			Name: "execution_mode", Value: &pyeval.Native{Name: executionBehavior + ".DYNAMIC"},
		})
	}
	made := f.CallValue(class, call)
	e, ok := EntityOf(made)
	if !ok {
		return nil, false
	}
	m.made(e)
	return made, true
}

// made says what the entity's settings are.
func (m *maker) made(e *Entity) {
	e.Settings, e.SettingsOf, e.SettingsOpen, e.Maker = m.settings, settingsOf[m.kind], m.open, nil
	if m.maker != nil {
		e.Maker = m.maker.Expr
	}
}

// build gives the entity the function's name and interface. ignored are inputs
// that the task's class keeps to itself (ignore_input_vars).
func (m *maker) build(f *pyeval.Frame, e *Entity, c *pyeval.Call, value pyeval.Value, ignored []string) {
	e.runs, e.Decorated = value, c.Decorated
	fn := functionOf(f, value)
	if fn == nil {
		fn = c.Decorated
		reason := why(value, "the source doesn't tell what the decorators between it and its function make of it")
		e.Opaque = reason
		if fn == nil {
			e.NameUnknown, e.InputsUnknown, e.OutputsUnknown = reason, reason, reason
			return
		}
	}
	e.Function = fn
	named := nameGiver(f, value, fn)
	e.module, e.function = functionName(named)
	e.FullName = dotted(e.module, e.function)
	if e.Kind != Workflow {
		e.FullName = taskName(f, named)
		e.Loader = [2]string{e.module, e.function}
		e.autoContainer = true
		if resolver := m.setting(f, "task_resolver"); resolver != nil && !isDefaultResolver(resolver) {
			e.Loader = [2]string{}
		}
	}
	if fn.Def != nil {
		e.Doc, e.Async = fn.Def.Doc, fn.Def.Async
	}
	e.checkNested(f, c)
	s := &signature{f: f, fn: fn, local: fn.Module == e.Module, pickleUntyped: isTrue(m.setting(f, "pickle_untyped"))}
	s.read(e)
	if len(ignored) > 0 {
		e.OutputTuple = "" // Interface.remove_inputs loses it
	}
	e.Inputs = slices.DeleteFunc(e.Inputs, func(v *Variable) bool { return slices.Contains(ignored, v.Name) })
}

// nameGiver is the function whose __name__ and __module__ count: those of a
// wrapper are the wrapped function's, if functools.wraps copied them.
func nameGiver(f *pyeval.Frame, value pyeval.Value, fn *pyeval.Function) *pyeval.Function {
	if outer, ok := value.(*pyeval.Function); ok {
		return outer
	}
	return fn
}

func isTrue(v pyeval.Value) bool {
	b, ok := v.(pyeval.Bool)
	return ok && bool(b)
}

func isDefaultResolver(v pyeval.Value) bool {
	if _, none := v.(pyeval.None); none {
		return true
	}
	native, ok := v.(*pyeval.Native)
	return ok && native.Name == "flytekit.core.python_auto_container.default_task_resolver"
}

// checkNested remarks a task that the body of a workflow or a task makes, which
// flytekit lets pass in modules of tests only
// (core/python_function_task.py:PythonFunctionTask.__init__).
func (e *Entity) checkNested(f *pyeval.Frame, c *pyeval.Call) {
	b, inBody := f.Context.(*builder)
	def := c.Decorated
	if !inBody || def == nil || def.Def == nil || def.Def.Name == nil || e.Function != def || e.Loader[1] == "" {
		return
	}
	name := e.module[strings.LastIndexByte(e.module, '.')+1:]
	if strings.HasPrefix(name, "test_") || strings.HasSuffix(name, "_test") {
		return
	}
	remarked(f, "task-nested", def.Def.Name.Span(),
		"flytekit makes no task within a function, as it would when "+b.body.Entity.Name+" runs: define it at the module's level")
}

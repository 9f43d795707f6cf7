package model

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// baseTask is the class of all of flytekit's tasks.
const baseTask = "flytekit.core.base_task.Task"

// constructors are the parameters of flytekit's classes of tasks, in order:
// what their __init__ may be given by position. A class that isn't here has its
// base's.
var constructors = map[string][]string{
	baseTask:                              {"task_type", "name", "interface", "metadata"},
	"flytekit.core.base_task.PythonTask":  {"task_type", "name", "task_config", "interface"},
	"flytekit.core.base_sql_task.SQLTask": {"name", "query_template", "task_config", "task_type", "inputs", "metadata", "outputs"},
	"flytekit.core.container_task.ContainerTask": {
		"name", "image", "command", "inputs", "metadata", "arguments", "outputs",
	},
	"flytekit.core.python_auto_container.PythonAutoContainerTask": {"name", "task_config", "task_type"},
	"flytekit.core.python_function_task.PythonInstanceTask":       {"name", "task_config", "task_type", "task_resolver"},
	pythonFunctionTask: {
		"task_config", "task_function", "task_type", "ignore_input_vars", "execution_mode", "task_resolver",
	},
	eagerFunctionTask: {"task_config", "task_function", "task_type", "ignore_input_vars", "task_resolver"},
	"flytekit.core.python_customized_container_task.PythonCustomizedContainerTask": {
		"name", "task_config", "container_image", "executor_type", "task_resolver", "task_type",
	},
	"flytekit.core.task.Echo": {"name", "inputs"},
	"flytekit.extras.sqlite3.task.SQLite3Task": {
		"name", "query_template", "inputs", "task_config", "output_schema_type", "container_image",
	},
	"flytekit.extras.tasks.shell.ShellTask": {
		"name", "debug", "script", "script_file", "task_config", "shell", "inputs", "output_locs",
	},
	"flytekit.extras.tasks.shell.RawShellTask": {
		"name", "debug", "script", "script_file", "task_config", "inputs", "output_locs",
	},
	"flytekit.extras.webhook.task.WebhookTask": {"name", "url", "method", "headers", "data", "dynamic_inputs"},
	"flytekit.sensor.base_sensor.BaseSensor":   {"name", "timeout", "sensor_config", "task_type"},
	"flytekit.sensor.file_sensor.FileSensor":   {"name", "timeout"},
}

const (
	pythonFunctionTask = "flytekit.core.python_function_task.PythonFunctionTask"
	eagerFunctionTask  = "flytekit.core.python_function_task.EagerAsyncPythonFunctionTask"
)

// taskClass is what is known of one of flytekit's classes of tasks.
type taskClass struct {
	name   string
	params []string
	kind   Kind
	// loads: flytekit's default resolver loads its tasks.
	loads bool
}

// instanceNatives are flytekit's classes of tasks. What derives from them in
// source comes here with super().__init__.
func instanceNatives() pyeval.Natives {
	natives := pyeval.Natives{
		"flytekit.extras.tasks.shell.get_raw_shell_task": {Call: rawShellTask},
	}
	for name := range table().bases {
		if slices.Contains(ancestors(name), baseTask) {
			natives[name] = (classOfTasks(name)).behaviour()
		}
	}
	const webhook = "flytekit.extras.webhook.task.WebhookTask" // needs a library that not all have
	natives[webhook] = classOfTasks(webhook).behaviour()
	return natives
}

func classOfTasks(name string) *taskClass {
	class := &taskClass{name: name, kind: InstanceTask}
	for _, ancestor := range ancestors(name) {
		if class.params == nil {
			class.params = constructors[ancestor]
		}
		switch ancestor {
		case "flytekit.core.python_auto_container.PythonAutoContainerTask":
			class.loads = true
		case pythonFunctionTask:
			class.kind = Task
		}
	}
	if name == eagerFunctionTask {
		class.kind = Eager
	}
	return class
}

// ancestors are the names of a class of flytekit's and of its bases, nearest
// first.
func ancestors(name string) []string {
	all := []string{name}
	for i := 0; i < len(all); i++ {
		for _, base := range table().bases[all[i]] {
			if !slices.Contains(all, base) {
				all = append(all, base)
			}
		}
	}
	return all
}

func (t *taskClass) behaviour() pyeval.Behaviour {
	return pyeval.Behaviour{
		Class: true, Bases: table().bases[t.name], Init: t.init,
		Apply: func(f *pyeval.Frame, self *pyeval.Instance, c *pyeval.Call) pyeval.Value {
			if e, ok := EntityOf(self); ok {
				return e.Call(f, c)
			}
			return nil
		},
		Member: func(f *pyeval.Frame, self *pyeval.Instance, name string) pyeval.Value {
			if e, ok := EntityOf(self); ok {
				return e.Attr(f, name)
			}
			return nil
		},
	}
}

// arg is the argument for a parameter of the class's __init__.
func (t *taskClass) arg(c *pyeval.Call, name string) (pyeval.Named, bool) {
	return c.Arg(slices.Index(t.params, name), name)
}

// init is the class's __init__.
func (t *taskClass) init(f *pyeval.Frame, self *pyeval.Instance, c *pyeval.Call) {
	if _, twice := self.Extra.(*Entity); twice {
		return
	}
	e := start(f, t.kind, c)
	e.object, self.Extra = self, e
	if self.Call != nil {
		e.Maker, e.Settings, e.SettingsOpen = self.Call, self.Keywords, self.Open
	}
	e.SettingsOf = ""
	if native, ok := self.Class.(*pyeval.Native); ok {
		e.SettingsOf = native.Name
	}
	if t.kind != InstanceTask {
		t.ofFunction(f, e, c)
		return
	}
	e.Class = className(self.Class)
	e.autoContainer = t.loads
	if position := slices.Index(t.params, "name"); position >= 0 {
		e.nameBy(f, c, position)
	}
	e.taskType = "python-task"
	if taskType, ok := t.arg(c, "task_type"); ok {
		e.taskType, _ = text(f, taskType.Value)
	}
	if resolver, ok := t.arg(c, "task_resolver"); ok && !isDefaultResolver(f.Resolve(resolver.Value)) {
		e.autoContainer = false
	}
	t.readInterface(f, e, c)
}

// className is the name of a class, or of the class that an object derives
// from.
func className(class pyeval.Value) string {
	switch v := class.(type) {
	case *pyeval.Class:
		return v.Name
	case *pyeval.Native:
		return afterDot(v.Name)
	case *pyeval.Alias:
		return className(v.Origin)
	}
	return ""
}

// ofFunction is PythonFunctionTask.__init__.
func (t *taskClass) ofFunction(f *pyeval.Frame, e *Entity, c *pyeval.Call) {
	m := &maker{kind: Task, settings: c.Keywords, open: c.Open}
	if t.kind == Eager {
		m.kind = Eager
	} else if mode, ok := t.arg(c, "execution_mode"); ok {
		e.Kind = kindOfMode(f.Resolve(mode.Value))
	}
	fn, ok := t.arg(c, "task_function")
	if !ok {
		e.NameUnknown = "its function isn't known"
		e.InputsUnknown, e.OutputsUnknown = e.NameUnknown, e.NameUnknown
		return
	}
	var ignored []string
	if names, ok := t.arg(c, "ignore_input_vars"); ok {
		var known bool
		if ignored, known = texts(f, names.Value); !known {
			e.InputsUnknown = "its class leaves out inputs that the source doesn't tell"
		}
	}
	m.build(f, e, c, f.Resolve(fn.Value), ignored)
}

// texts are the strings of a list; None has none.
func texts(f *pyeval.Frame, value pyeval.Value) (list []string, known bool) {
	var elems []pyeval.Value
	switch v := f.Resolve(value).(type) {
	case pyeval.None:
		return nil, true
	case *pyeval.List:
		if v.Open {
			return nil, false
		}
		elems = v.Elems
	case *pyeval.Tuple:
		elems = v.Elems
	default:
		return nil, false
	}
	for _, elem := range elems {
		s, ok := f.Resolve(elem).(pyeval.Str)
		if !ok {
			return nil, false
		}
		list = append(list, string(s))
	}
	return list, true
}

// readInterface reads the interface as the class makes it of its arguments.
func (t *taskClass) readInterface(f *pyeval.Frame, e *Entity, c *pyeval.Call) {
	inputs, _ := t.arg(c, "inputs")
	outputs, _ := t.arg(c, "outputs")
	switch t.name {
	case "flytekit.core.task.Echo":
		e.setInterface(f, inputs, pyeval.Named{})
		for i, input := range e.Inputs {
			e.Outputs = append(e.Outputs, &Variable{Name: outputName(i), Type: input.Type, PyType: input.PyType})
		}
		e.OutputsUnknown = e.InputsUnknown
		return
	case "flytekit.extras.sqlite3.task.SQLite3Task":
		// core/python_customized_container_task.py has a resolver of its own.
		e.autoContainer = false
		e.setInterface(f, inputs, pyeval.Named{})
		results := &Variable{Name: "results", Type: "FlyteSchema", PyType: &pyeval.Native{Name: "flytekit.types.schema.types.FlyteSchema"}}
		if schema, ok := t.arg(c, "output_schema_type"); ok {
			if _, none := f.Resolve(schema.Value).(pyeval.None); !none {
				results.PyType, results.Type = f.Resolve(schema.Value), e.written(schema.Expr, schema.Expr, f.Resolve(schema.Value))
			}
		}
		e.Outputs = []*Variable{results}
		return
	case "flytekit.extras.tasks.shell.ShellTask", "flytekit.extras.tasks.shell.RawShellTask":
		e.setInterface(f, inputs, pyeval.Named{})
		e.outputLocations(f, c, t)
		return
	case "flytekit.extras.webhook.task.WebhookTask":
		dynamic, _ := t.arg(c, "dynamic_inputs")
		e.setInterface(f, dynamic, pyeval.Named{})
		e.Outputs = []*Variable{{Name: "info", Type: "dict", PyType: &pyeval.Native{Name: "builtins.dict"}}}
		return
	case "flytekit.sensor.file_sensor.FileSensor":
		e.Inputs = []*Variable{{Name: "path", Type: "str", PyType: &pyeval.Native{Name: "builtins.str"}, Required: true}}
		return
	case "flytekit.sensor.base_sensor.BaseSensor":
		e.pokeInterface(f)
		return
	case "flytekit.core.python_customized_container_task.PythonCustomizedContainerTask":
		e.autoContainer = false
	}
	if given, ok := t.arg(c, "interface"); ok {
		e.interfaceObject(f, given)
		return
	}
	if c.Open {
		e.InputsUnknown = "not all arguments of " + e.Class + " can be told from the source"
		e.OutputsUnknown = e.InputsUnknown
		return
	}
	e.setInterface(f, inputs, outputs)
}

// interfaceObject reads an Interface(inputs, outputs)
// (core/interface.py:Interface), or what transform_function_to_interface makes
// of a function.
func (e *Entity) interfaceObject(f *pyeval.Frame, given pyeval.Named) {
	value := f.Resolve(given.Value)
	if _, none := value.(pyeval.None); none {
		return
	}
	if instance, ok := value.(*pyeval.Instance); ok {
		if fn, ok := instance.Extra.(*pyeval.Function); ok {
			e.Function = fn
			(&signature{f: f, fn: fn, local: fn.Module == e.Module}).read(e)
			return
		}
		if native, ok := instance.Class.(*pyeval.Native); ok && native.Name == interfaceClass && !instance.Open {
			var parts [2]pyeval.Named
			for i, name := range []string{"inputs", "outputs"} {
				parts[i], _ = (&pyeval.Call{Args: positional(instance.Args), Keywords: instance.Keywords}).Arg(i, name)
			}
			e.setInterface(f, parts[0], parts[1])
			return
		}
	}
	e.InputsUnknown = why(value, "the source doesn't tell the interface that its class makes")
	e.OutputsUnknown = e.InputsUnknown
}

const interfaceClass = "flytekit.core.interface.Interface"

func positional(values []pyeval.Value) []pyeval.Named {
	args := make([]pyeval.Named, len(values))
	for i, value := range values {
		args[i] = pyeval.Named{Value: value}
	}
	return args
}

// setInterface reads the interface from dicts of types; of an input, a pair
// is its type and its default.
func (e *Entity) setInterface(f *pyeval.Frame, inputs, outputs pyeval.Named) {
	e.Inputs, e.InputsUnknown = e.variables(f, inputs)
	e.Outputs, e.OutputsUnknown = e.variables(f, outputs)
	for _, input := range e.Inputs {
		if pair, ok := input.PyType.(*pyeval.Tuple); ok && len(pair.Elems) == 2 {
			input.PyType, input.DefaultValue = f.Resolve(pair.Elems[0]), f.Resolve(pair.Elems[1])
			if _, none := input.DefaultValue.(pyeval.None); none {
				input.DefaultValue = nil
			}
			input.Type = typeText(f, input.PyType)
		}
		input.Required = required(input.PyType, input.DefaultValue)
	}
	for _, output := range e.Outputs {
		output.Default, output.DefaultValue = "", nil
	}
}

// variables reads a dict of types.
func (e *Entity) variables(f *pyeval.Frame, given pyeval.Named) (variables []*Variable, unknown string) {
	if given.Value == nil {
		return nil, ""
	}
	dict, ok := f.Resolve(given.Value).(*pyeval.Dict)
	if !ok {
		value := f.Resolve(given.Value)
		if _, none := value.(pyeval.None); none {
			return nil, ""
		}
		return nil, why(value, "the source doesn't tell the types that the dict has")
	}
	if dict.Open {
		unknown = "the source doesn't tell all the types that the dict has"
	}
	for _, item := range dict.Items {
		name, ok := f.Resolve(item.Key).(pyeval.Str)
		if !ok {
			return variables, "the source doesn't tell all the names that the dict has"
		}
		pyType := f.Resolve(item.Value)
		at, entry := entryOf(given.Expr, string(name))
		variable := &Variable{Name: string(name), PyType: pyType, Type: e.written(given.Expr, entry, pyType)}
		if entry != nil && e.writes(given.Expr, entry) {
			variable.NameSpan = at
		}
		variables = append(variables, variable)
	}
	return variables, unknown
}

// written is the text of a type in an argument: as the call writes it that makes
// the entity, or, where the argument isn't that call's, as Python would.
func (e *Entity) written(argument, expr ast.Expr, t pyeval.Value) string {
	if expr != nil && e.writes(argument, expr) {
		return sourceText(e.Module, expr)
	}
	return typeText(nil, t)
}

// writes tells whether a part of an argument stands in the call that makes the
// entity.
func (e *Entity) writes(argument, part ast.Expr) bool {
	return e.Module != nil && within(part.Span(), e.Span) && gives(e.Maker, argument)
}

// gives tells whether an expression is one of the call's arguments.
func gives(call *ast.Call, argument ast.Expr) bool {
	if call == nil {
		return false
	}
	return slices.Contains(call.Args, argument) ||
		slices.ContainsFunc(call.Keywords, func(k ast.Keyword) bool { return k.Value == argument })
}

func within(inner, outer ast.Span) bool { return outer.Start <= inner.Start && inner.End <= outer.End }

// entryOf is the expression of an entry of a dict that is written out, as a
// literal or as a call with keywords (kwtypes, dict, OrderedDict), and where its
// name stands, which is empty if that isn't as it reads; nil if it isn't.
func entryOf(dict ast.Expr, name string) (at ast.Span, value ast.Expr) {
	switch d := dict.(type) {
	case *ast.Call:
		for _, keyword := range d.Keywords {
			if keyword.Arg == name {
				return keyword.ArgSpan, keyword.Value
			}
		}
	case *ast.Dict:
		for i, key := range d.Keys {
			if constant, ok := key.(*ast.Constant); ok && constant.Kind == ast.StringConst && constant.Text == name {
				if constant.Inner.End-constant.Inner.Start == len(name) {
					at = constant.Inner
				}
				return at, d.Values[i]
			}
		}
	}
	return at, nil
}

// outputLocations are the outputs of a shell task
// (extras/tasks/shell.py:_validate_output_locs).
func (e *Entity) outputLocations(f *pyeval.Frame, c *pyeval.Call, t *taskClass) {
	given, ok := t.arg(c, "output_locs")
	if !ok {
		return
	}
	switch list := f.Resolve(given.Value).(type) {
	case pyeval.None:
	case *pyeval.List:
		for _, elem := range list.Elems {
			location, ok := f.Resolve(elem).(*pyeval.Instance)
			if !ok || location.Open {
				e.OutputsUnknown = "the source doesn't tell all output locations"
				return
			}
			call := &pyeval.Call{Args: positional(location.Args), Keywords: location.Keywords}
			name, unknown := text(f, call.Value(0, "var", pyeval.None{}))
			if unknown != "" {
				e.OutputsUnknown = unknown
				return
			}
			varType := f.Resolve(call.Value(1, "var_type", pyeval.None{}))
			e.Outputs = append(e.Outputs, &Variable{Name: name, PyType: varType, Type: typeText(f, varType)})
		}
		if list.Open {
			e.OutputsUnknown = "the source doesn't tell all output locations"
		}
	default:
		e.OutputsUnknown = "the source doesn't tell the output locations"
	}
}

// rawShellTask is extras/tasks/shell.py:get_raw_shell_task.
func rawShellTask(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	e := start(f, InstanceTask, c)
	e.Class, e.taskType, e.autoContainer = "RawShellTask", "python-task", true
	e.nameBy(f, c, 0)
	str := &pyeval.Native{Name: "builtins.str"}
	strings := &pyeval.Alias{Origin: &pyeval.Native{Name: "builtins.dict"}, Args: []pyeval.Value{str, str}}
	e.Inputs = []*Variable{
		{Name: "env", Type: "typing.Dict[str, str]", PyType: strings, Required: true},
		{Name: "script_args", Type: "str", PyType: str, Required: true},
		{Name: "script_file", Type: "str", PyType: str, Required: true},
	}
	e.Outputs = []*Variable{{
		Name: "out", Type: "FlyteDirectory", PyType: &pyeval.Native{Name: "flytekit.types.directory.types.FlyteDirectory"},
	}}
	return e
}

// pokeInterface takes the inputs of a sensor from its method poke
// (sensor/base_sensor.py:BaseSensor).
func (e *Entity) pokeInterface(f *pyeval.Frame) {
	poke := functionOf(f, f.Attr(e.object, "poke"))
	if poke == nil {
		e.InputsUnknown = "the source doesn't tell the parameters of its method poke"
		return
	}
	s := &signature{f: f, fn: poke, local: poke.Module == e.Module, bare: true}
	s.read(e)
	e.Outputs, e.OutputsUnknown = nil, ""
}

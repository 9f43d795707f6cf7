package model

import "github.com/flyte-lsp/flyte-lsp/pyeval"

// The natives that refer to what is registered already: their interface is
// that of a function whose body is never used, or given by dicts.
var referenceNatives = pyeval.Natives{
	"flytekit.core.task.reference_task":               {Call: (&reference{kind: ReferenceTask}).with},
	"flytekit.core.workflow.reference_workflow":       {Call: (&reference{kind: ReferenceWorkflow}).with},
	"flytekit.core.launch_plan.reference_launch_plan": {Call: (&reference{kind: ReferenceLaunchPlan}).with},
	"flytekit.core.task.ReferenceTask":                {Call: (&reference{kind: ReferenceTask}).direct},
	"flytekit.core.workflow.ReferenceWorkflow":        {Call: (&reference{kind: ReferenceWorkflow}).direct},
	"flytekit.core.launch_plan.ReferenceLaunchPlan":   {Call: (&reference{kind: ReferenceLaunchPlan}).direct},
	"flytekit.core.reference.get_reference_entity":    {Call: anyReference},
}

// reference is a decorator with the identifier of what it refers to.
type reference struct {
	kind Kind
	id   *pyeval.Call // with project, domain, name, version
}

// Describe says what the decorator is.
func (r *reference) Describe() string { return "the decorator for a " + string(r.kind) }

func (r *reference) with(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	return &reference{r.kind, c}
}

// Call makes the reference of a function (core/task.py:reference_task).
func (r *reference) Call(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	if len(c.Args) == 0 {
		return &pyeval.Unknown{Reason: "a reference is made of a function"}
	}
	e := r.start(f, c, 2)
	e.Decorated = c.Decorated
	value := f.Resolve(c.Args[0].Value)
	fn := functionOf(f, value)
	if fn == nil {
		e.Opaque = why(value, "the source doesn't tell what the decorators between it and its function make of it")
		if fn = c.Decorated; fn == nil {
			e.InputsUnknown, e.OutputsUnknown = e.Opaque, e.Opaque
			return e
		}
	}
	e.Function = fn
	if fn.Def != nil {
		e.Doc, e.Async = fn.Def.Doc, fn.Def.Async
	}
	(&signature{f: f, fn: fn, local: fn.Module == e.Module, bare: true}).read(e)
	return e
}

// start makes the entity, whose name is the identifier's, at that position.
func (r *reference) start(f *pyeval.Frame, c *pyeval.Call, position int) *Entity {
	e := start(f, r.kind, c)
	e.Settings, e.Maker, e.registered = r.id.Keywords, r.id.Expr, false
	e.nameBy(f, r.id, position)
	return e
}

// nameBy takes the full name from an argument.
func (e *Entity) nameBy(f *pyeval.Frame, c *pyeval.Call, position int) {
	name, ok := c.Arg(position, "name")
	if !ok {
		e.NameUnknown = "its name isn't given"
		if c.Open {
			e.NameUnknown = "its arguments aren't known"
		}
		return
	}
	e.FullName, e.NameUnknown = text(f, name.Value)
}

// text is a string's value, or why it isn't known.
func text(f *pyeval.Frame, value pyeval.Value) (s, unknown string) {
	switch v := f.Resolve(value).(type) {
	case pyeval.Str:
		return string(v), ""
	default:
		return "", why(v, "its name is "+v.Describe()+", whose text the source doesn't tell")
	}
}

// why is the reason why a value isn't known, or what is told otherwise.
func why(value pyeval.Value, otherwise string) string {
	switch v := value.(type) {
	case *pyeval.Unknown:
		if v.Reason != "" {
			return v.Reason
		}
	case *pyeval.Native:
		if v.Missing != "" {
			return v.Missing
		}
	}
	return otherwise
}

// direct makes a reference of ReferenceTask(project, domain, name, version,
// inputs, outputs).
func (r *reference) direct(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	return (&reference{r.kind, c}).ofTypes(f, c, 2)
}

func (r *reference) ofTypes(f *pyeval.Frame, c *pyeval.Call, position int) pyeval.Value {
	e := r.start(f, c, position)
	inputs, _ := c.Arg(position+2, "inputs")
	outputs, _ := c.Arg(position+3, "outputs")
	e.setInterface(f, inputs, outputs)
	return e
}

// anyReference is core/reference.py:get_reference_entity.
func anyReference(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	resource, _ := c.Arg(0, "resource_type")
	kinds := map[string]Kind{
		"TASK": ReferenceTask, "WORKFLOW": ReferenceWorkflow, "LAUNCH_PLAN": ReferenceLaunchPlan,
	}
	if native, ok := f.Resolve(resource.Value).(*pyeval.Native); ok {
		const types = "flytekit.models.core.identifier.ResourceType."
		if kind, ok := kinds[cut(native.Name, types)]; ok {
			return (&reference{kind, c}).ofTypes(f, c, 3)
		}
	}
	return &pyeval.Unknown{Reason: "the source doesn't tell which type of resource the reference is for"}
}

package model

import (
	"iter"
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// LaunchPlanSettings are the parameters of LaunchPlan.create and
// LaunchPlan.get_or_create behind the name and the workflow, in their order
// (core/launch_plan.py).
var LaunchPlanSettings = []string{
	"default_inputs", "fixed_inputs", "schedule", "notifications", "labels", "annotations", "raw_output_data_config",
	"max_parallelism", "security_context", "auth_role", "trigger", "overwrite_cache", "auto_activate", "concurrency",
}

// GivenInput is a value that a launch plan is given for an input of its
// workflow.
type GivenInput struct {
	Name  string
	Value pyeval.Value
	// Fixed: it comes from fixed_inputs, not from default_inputs.
	Fixed bool
	// NameSpan and Span are the entry's key and value, or the whole dict, where
	// the call doesn't write it out. They stand where the call does.
	NameSpan, Span ast.Span
}

// givenInputs are the entries of a dict of inputs. Where the source doesn't
// tell all of them, neither are the launch plan's inputs known.
func (e *Entity) givenInputs(f *pyeval.Frame, given pyeval.Named, fixed bool) iter.Seq2[string, pyeval.Value] {
	return func(yield func(string, pyeval.Value) bool) {
		unknown := "the source doesn't tell all of its default inputs"
		if fixed {
			unknown = "the source doesn't tell all of its fixed inputs"
		}
		dict, ok := f.Resolve(given.Value).(*pyeval.Dict)
		if !ok || dict.Open {
			e.InputsUnknown = unknown
		}
		if !ok {
			return
		}
		for _, item := range dict.Items {
			name, ok := f.Resolve(item.Key).(pyeval.Str)
			if !ok {
				e.InputsUnknown = unknown
				continue
			}
			entry := GivenInput{Name: string(name), Value: f.Resolve(item.Value), Fixed: fixed}
			entry.NameSpan, entry.Span = entrySpans(given.Expr, string(name))
			e.Given = append(e.Given, entry)
			if !yield(string(name), item.Value) {
				return
			}
		}
	}
}

// entrySpans are the places of an entry's key and value in a dict that is
// written out, as a literal or as a call of dict; else both are the dict's.
func entrySpans(dict ast.Expr, name string) (key, value ast.Span) {
	switch d := dict.(type) {
	case *ast.Call:
		for _, keyword := range d.Keywords {
			if keyword.Arg == name {
				return keyword.ArgSpan, keyword.Value.Span()
			}
		}
	case *ast.Dict:
		for i, key := range d.Keys {
			if constant, ok := key.(*ast.Constant); ok && constant.Kind == ast.StringConst && constant.Text == name {
				return constant.Span(), d.Values[i].Span()
			}
		}
	}
	return span(dict), span(dict)
}

// Literal is the Literal that flytekit makes of a value for an input of the
// module's entities, with errors as LiteralType has them.
func (m *Module) Literal(v *Variable, value pyeval.Value) (*core.Literal, error) {
	if err := m.within([]pyeval.Value{v.PyType}); err != nil {
		return nil, err
	}
	if artifact(value) {
		return nil, unknownError("an artifact is looked for when the launch plan runs")
	}
	return m.engine.Literal(m.program.Frame(m.Module), v.PyType, value)
}

// madeAgain remarks a launch plan of a name that another one has, if flytekit
// rejects it: create does so always, get_or_create where the workflow or a
// setting is another.
func (e *Entity) madeAgain(f *pyeval.Frame, c *pyeval.Call, workflow *Entity, params []string) {
	if _, inBody := f.Context.(*builder); inBody || e.Conditional || f.Conditional() || e.plan == nil || c.Open || e.plan.Open {
		return
	}
	name, named := c.Arg(slices.Index(params, "name"), "name")
	if !named {
		return
	}
	if _, none := f.Resolve(name.Value).(pyeval.None); none {
		return // the workflow's default launch plan is taken as it is
	}
	at := callSpan(c)
	if name.Expr != nil {
		at = name.Expr.Span()
	}
	first := Place{Module: e.Module, Span: e.NameSpan, Message: "launch plan " + e.FullName + " is made here"}
	const code = "lp-duplicate"
	switch {
	case params[0] == "name":
		remarked(f, code, at, "there is a launch plan "+e.FullName+" already: create makes none of the same name again; use get_or_create, or another name", first)
	case workflow != nil && e.Of != nil && workflow != e.Of:
		remarked(f, code, at, "there is a launch plan "+e.FullName+" of another workflow, "+e.Of.Name+": give this one a name of its own", first)
	default:
		if setting, given := e.otherSetting(f, c); setting != "" {
			if given.Expr != nil {
				at = given.Expr.Span()
			}
			remarked(f, code, at, "there is a launch plan "+e.FullName+" already, with another "+setting+": give this one a name of its own", first)
		}
	}
}

// otherSetting is a setting that a call surely gives another value than the one
// that made the launch plan; "" if there is none.
func (e *Entity) otherSetting(f *pyeval.Frame, c *pyeval.Call) (string, pyeval.Named) {
	for i, setting := range LaunchPlanSettings {
		switch setting {
		case "default_inputs", "fixed_inputs", "trigger", "auth_role":
			continue // the inputs are compared together, and the others not at all
		case "security_context":
			_, role := c.Arg(slices.Index(LaunchPlanSettings, "auth_role")+2, "auth_role")
			if _, before := e.plan.Arg(slices.Index(LaunchPlanSettings, "auth_role")+2, "auth_role"); role || before {
				continue
			}
		}
		now, _ := c.Arg(i+2, setting)
		before, _ := e.plan.Arg(i+2, setting)
		if differ(f, settingOr(f, setting, now.Value), settingOr(f, setting, before.Value)) {
			return setting, now
		}
	}
	for i, setting := range LaunchPlanSettings[:2] {
		now, given := c.Arg(i+2, setting)
		if given && e.otherInputs(f, now) {
			return setting, now
		}
	}
	return "", pyeval.Named{}
}

// otherInputs tells whether a dict of inputs has one that the launch plan
// doesn't have, or has with another value.
func (e *Entity) otherInputs(f *pyeval.Frame, given pyeval.Named) bool {
	dict, ok := f.Resolve(given.Value).(*pyeval.Dict)
	if !ok || e.InputsUnknown != "" {
		return false
	}
	for _, item := range dict.Items {
		name, ok := f.Resolve(item.Key).(pyeval.Str)
		if !ok {
			continue
		}
		i := slices.IndexFunc(e.Given, func(g GivenInput) bool { return g.Name == string(name) })
		if i < 0 {
			return true
		}
		same := slices.ContainsFunc(e.Given, func(g GivenInput) bool {
			return g.Name == string(name) && !differ(f, g.Value, item.Value)
		})
		if !same {
			return true
		}
	}
	return false
}

// settingOr is a setting's value, or what it is if it isn't given.
func settingOr(f *pyeval.Frame, setting string, value pyeval.Value) pyeval.Value {
	if value != nil {
		value = f.Resolve(value)
	}
	_, none := value.(pyeval.None)
	switch {
	case setting == "notifications" && (value == nil || none):
		return &pyeval.List{}
	case setting == "auto_activate" && value == nil:
		return pyeval.Bool(false)
	case value == nil:
		return pyeval.None{}
	}
	return value
}

// differ tells that two values are certainly not equal. Flyte's messages are
// equal where they were made of equal parts
// (models/common.py:FlyteIdlEntity.__eq__).
func differ(f *pyeval.Frame, a, b pyeval.Value) bool {
	a, b = f.Resolve(a), f.Resolve(b)
	x, isX := a.(*pyeval.Instance)
	y, isY := b.(*pyeval.Instance)
	if isX && isY {
		if !pyeval.Same(x.Class, y.Class) || x.Open || y.Open || len(x.Args) != len(y.Args) || len(x.Keywords) != len(y.Keywords) {
			return false // two classes, or two ways to write it, may make equal messages
		}
		if _, native := x.Class.(*pyeval.Native); !native {
			return false
		}
		for i := range x.Args {
			if differ(f, x.Args[i], y.Args[i]) {
				return true
			}
		}
		for _, keyword := range x.Keywords {
			i := slices.IndexFunc(y.Keywords, func(n pyeval.Named) bool { return n.Name == keyword.Name })
			if i >= 0 && differ(f, keyword.Value, y.Keywords[i].Value) {
				return true
			}
		}
		return false
	}
	_, noneA := a.(pyeval.None)
	_, noneB := b.(pyeval.None)
	if isX && noneB || isY && noneA {
		return true
	}
	same, known := f.Equal(a, b)
	return known && !same
}

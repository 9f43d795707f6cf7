package model

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// transformerNatives know the type transformers that source registers: what
// they make of their type is theirs, and not what flytekit would make of it.
var transformerNatives = pyeval.Natives{
	"flytekit.core.type_engine.TypeTransformer":                     {Init: transformerInit},
	"flytekit.core.type_engine.TypeEngine.register":                 {Call: registerTransformer},
	"flytekit.core.type_engine.TypeEngine.register_restricted_type": {Call: registerTransformer},
}

// transformed is the type that a transformer is for.
type transformed struct{ pyType pyeval.Value }

// transformerInit is core/type_engine.py:TypeTransformer.__init__(name, t).
func transformerInit(f *pyeval.Frame, self *pyeval.Instance, c *pyeval.Call) {
	if t, ok := c.Arg(1, "t"); ok {
		self.Extra = transformed{f.Resolve(t.Value)}
	}
}

// registration is a type that a module registers a transformer for.
type registration struct{ pyType pyeval.Value }

// registerTransformer is core/type_engine.py:TypeEngine.register(transformer,
// additional_types), or register_restricted_type(name, type).
func registerTransformer(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	if given, ok := c.Arg(0, "transformer"); ok {
		if instance, ok := f.Resolve(given.Value).(*pyeval.Instance); ok {
			if t, ok := instance.Extra.(transformed); ok {
				f.Record(&registration{t.pyType})
			}
		}
	}
	for _, name := range []string{"additional_types", "type"} {
		given, ok := c.Arg(1, name)
		if !ok {
			continue
		}
		types, several := f.Iterate(f.Resolve(given.Value))
		if !several {
			types = []pyeval.Value{f.Resolve(given.Value)}
		}
		for _, t := range types {
			f.Record(&registration{f.Resolve(t)})
		}
		break
	}
	return pyeval.None{}
}

// ownTransformer tells that a class in the type has a transformer of the
// project's own: the module registers it, or the one that defines the class.
func (m *Module) ownTransformer(t pyeval.Value) error {
	switch t := t.(type) {
	case *pyeval.Class:
		made := m.Made
		if t.Module != nil && t.Module != m.Module {
			made = slices.Concat(made, t.Module.Made)
		}
		for _, one := range made {
			if r, ok := one.(*registration); ok && pyeval.Same(r.pyType, t) {
				return &typeengine.UnknownError{Reason: "what the type transformer that is registered for " + t.Name + " makes of it isn't read"}
			}
		}
	case *pyeval.Alias:
		for _, arg := range append([]pyeval.Value{t.Origin}, t.Args...) {
			if err := m.ownTransformer(arg); err != nil {
				return err
			}
		}
	case *pyeval.Union:
		for _, arg := range t.Args {
			if err := m.ownTransformer(arg); err != nil {
				return err
			}
		}
	}
	return nil
}

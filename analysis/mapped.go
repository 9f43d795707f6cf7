package analysis

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// mapped is a call of map_task.
type mapped struct {
	*model.NativeCall
	// target is what it is given, over what is mapped over: the function of a
	// functools.partial.
	target  pyeval.Named
	over    pyeval.Value
	partial *pyeval.Partial // nil if it is none
}

// eachMap gives the calls of map_task in the file.
func (p *pass) eachMap(f func(*mapped)) {
	for _, call := range p.calls("flytekit.core.array_node_map_task.map_task") {
		target, ok := call.Arg(0, "target")
		if !ok || target.Expr == nil {
			continue
		}
		m := &mapped{NativeCall: call, target: target, over: target.Value}
		if partial, ok := target.Value.(*pyeval.Partial); ok {
			m.partial, m.over = partial, partial.Func
		}
		f(m)
	}
}

// ofMap is the code of a mistake in what a call gives: map tasks have their own.
func ofMap(node *model.Node, binding model.Binding, mistake model.Mistake) string {
	if node.Entity.Kind != model.MapTask || mistake.Part || slices.Contains(node.Entity.Bound, binding.Name) {
		return uncalled(mistake.Value, mistake.Code)
	}
	switch v := mistake.Value.(type) {
	case pyeval.Int, pyeval.Float, pyeval.Str, pyeval.Bool, pyeval.None:
		return "map-input-not-list"
	case *model.Promise:
		if v.Type != nil && mistake.Gives.GetCollectionType() == nil && mistake.Gives.GetUnionType() == nil {
			return "map-input-not-list"
		}
	}
	return uncalled(mistake.Value, mistake.Code)
}

// uncalled is the code of a map task that stands for what it gives; the code
// itself of other values.
func uncalled(value pyeval.Value, code string) string {
	if entity, ok := model.EntityOf(value); ok && entity.Kind == model.MapTask {
		return "map-uncalled"
	}
	return code
}

package complete

import (
	"maps"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// attributes offers the outputs of a node, the fields of a promise, and what
// flytekit lets do with them.
func (c *completer) attributes(n *ast.Attribute) {
	switch value := c.Value(n.Value).(type) {
	case *model.Outputs:
		for _, promise := range value.Promises {
			item := Item{Label: promise.Var, Kind: Field, Text: promise.Var}
			if promise.Node != nil && promise.Node.Entity != nil {
				if output := promise.Node.Entity.Output(promise.Var); output != nil {
					item.Detail, item.Doc = c.typeOf(output), output.Doc
				}
			}
			c.add(item)
		}
		c.methods()
	case *model.Void:
		c.methods()
	case *model.Promise:
		c.fields(value)
		if value.Node != nil && value.Node.Branch == nil && len(value.Path) == 0 {
			c.methods()
		}
	}
}

// fields offers the fields of a promise of a dataclass or a model, in the order of
// the class where that is known.
func (c *completer) fields(p *model.Promise) {
	of, err := c.Module.PromiseType(p)
	if err != nil {
		return
	}
	types := of.GetStructure().GetDataclassType()
	var names []string
	for _, field := range c.dataFields(p) {
		if types[field.Name] != nil {
			names = append(names, field.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(types)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		c.add(Item{Label: name, Detail: literal.TypeText(types[name]), Kind: Field, Text: name})
	}
}

// dataFields are the fields of the dataclass that a promise stands for; nil if its
// class isn't known.
func (c *completer) dataFields(p *model.Promise) []*model.Variable {
	class, _ := c.Module.Resolve(p.Type).(*pyeval.Class)
	for _, step := range p.Path {
		name, ok := step.(pyeval.Str)
		if !ok || class == nil {
			return nil
		}
		fields := c.Module.DataFields(class)
		i := slices.IndexFunc(fields, func(v *model.Variable) bool { return v.Name == string(name) })
		if i < 0 {
			return nil
		}
		class, _ = fields[i].PyType.(*pyeval.Class)
	}
	if class == nil {
		return nil
	}
	return c.Module.DataFields(class)
}

// methods offers what a node's outputs have themselves (core/promise.py:Promise,
// VoidPromise, create_task_output).
func (c *completer) methods() {
	c.add(Item{
		Label: "with_overrides", Detail: "other resources, retries, caching for this node", Kind: Method,
		Text: "with_overrides(", Snippet: "with_overrides($0)",
		Topic: &Topic{Callable: "flytekit.core.node.Node.with_overrides"},
	})
	c.add(Item{
		Label: "runs_before", Detail: "this node is done before another one begins", Kind: Method,
		Text: "runs_before(", Snippet: "runs_before($0)",
		Topic: &Topic{Callable: "flytekit.core.node.Node.runs_before"},
	})
}

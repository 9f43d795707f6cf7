package analysis

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// inferredType is the type that an input of one of the file's entities has, as
// its default and the calls in the file show it, written as the file can; ""
// where they don't, or don't agree.
func (p *pass) inferredType(entity *model.Entity, input *model.Variable) string {
	var types []string
	if input.DefaultValue != nil {
		types = append(types, p.valueType(input.DefaultValue))
	}
	for enclosing, node := range p.Module.Calls() {
		if node.Entity != entity {
			continue
		}
		if binding, ok := node.Input(input.Name); ok && !binding.Default {
			types = append(types, p.bindingType(enclosing, binding.Value))
		}
	}
	if len(types) == 0 || slices.ContainsFunc(types, func(t string) bool { return t != types[0] }) {
		return ""
	}
	return types[0]
}

// bindingType is the type of what a call in an entity's body gives.
func (p *pass) bindingType(enclosing *model.Entity, value pyeval.Value) string {
	promise, ok := value.(*model.Promise)
	if !ok {
		return p.valueType(value)
	}
	if len(promise.Path) > 0 {
		return ""
	}
	owner, variable := enclosing, enclosing.Input(promise.Var)
	if promise.Node != nil && promise.Node.Entity != nil {
		owner, variable = promise.Node.Entity, promise.Node.Entity.Output(promise.Var)
	}
	switch {
	case variable == nil:
		return ""
	case owner.Path == p.File.Path && variable.TypeSpan.Start < variable.TypeSpan.End:
		return variable.Type
	}
	return p.typeName(promise.Type)
}

// typeName is how the file writes a builtin type, or a class of its own.
func (p *pass) typeName(t pyeval.Value) string {
	switch t := t.(type) {
	case *pyeval.Native:
		switch t.Name {
		case "builtins.int", "builtins.float", "builtins.str", "builtins.bool":
			return t.Name[len("builtins."):]
		}
	case *pyeval.Class:
		if binding, ok := p.Module.Scope.Get(t.Name); ok && pyeval.Same(binding.Value, t) {
			return t.Name
		}
	}
	return ""
}

// valueType is the type of a value that is known.
func (p *pass) valueType(value pyeval.Value) string {
	switch v := value.(type) {
	case pyeval.Int:
		return "int"
	case pyeval.Float:
		return "float"
	case pyeval.Str:
		return "str"
	case pyeval.Bool:
		return "bool"
	case *pyeval.EnumMember:
		return p.typeName(v.Class)
	case *pyeval.Instance:
		return p.typeName(v.Class)
	case *pyeval.List:
		if item := p.itemType(v.Elems); item != "" && !v.Open {
			return "list[" + item + "]"
		}
	case *pyeval.Dict:
		var keys, values []pyeval.Value
		for _, item := range v.Items {
			keys, values = append(keys, item.Key), append(values, item.Value)
		}
		if item := p.itemType(values); item != "" && !v.Open && p.itemType(keys) == "str" {
			return "dict[str, " + item + "]"
		}
	}
	return ""
}

// itemType is the type that all values have, "" if they don't have the same.
func (p *pass) itemType(values []pyeval.Value) string {
	item := ""
	for i, value := range values {
		t := p.valueType(value)
		if i > 0 && t != item {
			return ""
		}
		item = t
	}
	return item
}

// annotateInput offers to write the type of an input that has none.
func (p *pass) annotateInput(d *Diagnostic, entity *model.Entity, input *model.Variable) {
	t := p.inferredType(entity, input)
	if t == "" {
		return
	}
	edit := p.Insert(input.NameSpan.End, ": "+t)
	if input.DefaultSpan.Start > input.NameSpan.End {
		edit = p.Edit(parser.Span{Start: input.NameSpan.End, End: input.DefaultSpan.Start}, ": "+t+" = ")
	}
	d.Fixes = append(d.Fixes, Fix{Title: "Annotate " + input.Name + " with " + t, Edits: []Edit{edit}})
}

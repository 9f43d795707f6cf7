package closure

import (
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
)

// checkBindings checks what inputs are bound to, as propeller's
// validators.ValidateBindings, and returns the types of what they are bound to. A
// nil map of inputs means that their names and types aren't known.
func (c *compiler) checkBindings(node string, bindings []*core.Binding, inputs map[string]*core.LiteralType, scope scope) map[string]*core.LiteralType {
	resolved := map[string]*core.LiteralType{}
	for _, binding := range bindings {
		name := binding.GetVar()
		wanted, known := inputs[name]
		_, twice := resolved[name]
		switch {
		case inputs != nil && !known:
			c.problem("VariableNameNotFound", node, "Variable [%s] not found on node [%s].", name, node)
		case binding.GetBinding() == nil:
			c.problem("ValueRequired", node, "Value required [Binding].")
		case twice:
			c.problem("ParameterBoundMoreThanOnce", node, "Input [%s] is bound more than once.", name)
		default:
			resolved[name], c.problems = scope.bind(node, name, binding.GetBinding(), wanted, c.problems)
		}
	}
	for _, name := range sortedKeys(inputs) {
		if _, bound := resolved[name]; !bound && !isOptional(inputs[name]) {
			c.problem("ParameterNotBound", node, "Parameter not bound [%s].", name)
		}
	}
	return resolved
}

// isOptional tells whether an input may stay unbound.
func isOptional(t *core.LiteralType) bool {
	return slices.ContainsFunc(t.GetUnionType().GetVariants(), literal.IsNone)
}

// bind checks what one input is bound to (validators.validateBinding), and
// returns its type, as far as it is known. It adds to the problems. A nil wanted
// type isn't compared.
func (s scope) bind(node, name string, data *core.BindingData, wanted *core.LiteralType, problems []Problem) (*core.LiteralType, []Problem) {
	_, scalar := data.GetValue().(*core.BindingData_Scalar)
	_, promise := data.GetValue().(*core.BindingData_Promise)
	if union := wanted.GetUnionType(); union != nil && !scalar && !promise && data.GetValue() != nil {
		return s.bindToUnion(node, name, data, union, problems)
	}
	fail := func(code, format string, args ...any) (*core.LiteralType, []Problem) {
		return nil, append(problems, newProblem(code, node, format, args...))
	}
	switch value := data.GetValue().(type) {
	case *core.BindingData_Promise:
		return s.bindPromise(node, name, value.Promise, wanted, problems)
	case *core.BindingData_Scalar:
		t := literal.ScalarType(value.Scalar)
		if t == nil {
			return fail("UnrecognizedValue", "Unrecognized value [%T].", value.Scalar.GetValue())
		}
		if wanted != nil && !literal.Castable(t, wanted) {
			problems = append(problems, mismatched(node, name, t, wanted))
		}
		text := value.Scalar.GetPrimitive().GetStringValue()
		if enum := wanted.GetEnumType(); enum != nil && !slices.Contains(enum.GetValues(), text) {
			return fail("IllegalEnumValue", "Input [%s] on node [%s] is an Enum and expects value to be one of %v.  Received [%s]", name, node, enum.GetValues(), text)
		}
		return t, problems
	case *core.BindingData_Collection:
		element := wanted.GetCollectionType()
		if wanted != nil && element == nil {
			return fail("MismatchingBindings", "Input [%s] on node [%s] expects bindings of type [%s].  Received [%s]", name, node, literal.TypeText(wanted), "a list")
		}
		var t *core.LiteralType
		for _, item := range value.Collection.GetBindings() {
			t, problems = s.bind(node, name, item, element, problems)
		}
		return &core.LiteralType{Type: &core.LiteralType_CollectionType{CollectionType: t}}, problems
	case *core.BindingData_Map:
		element := wanted.GetMapValueType()
		if wanted != nil && element == nil {
			return fail("MismatchingBindings", "Input [%s] on node [%s] expects bindings of type [%s].  Received [%s]", name, node, literal.TypeText(wanted), "a map")
		}
		var t *core.LiteralType
		for _, key := range sortedKeys(value.Map.GetBindings()) {
			t, problems = s.bind(node, name, value.Map.GetBindings()[key], element, problems)
		}
		return &core.LiteralType{Type: &core.LiteralType_MapValueType{MapValueType: t}}, problems
	}
	return fail("MismatchingBindings", "Input [%s] on node [%s] has no value.", name, node)
}

// bindToUnion binds a list or a map to the one variant that takes it.
func (s scope) bindToUnion(node, name string, data *core.BindingData, union *core.UnionType, problems []Problem) (*core.LiteralType, []Problem) {
	var found *core.LiteralType
	fits := 0
	for _, variant := range union.GetVariants() {
		if t, wrong := s.bind(node, name, data, variant, nil); len(wrong) == 0 {
			found = t
			fits++
		}
	}
	switch {
	case fits == 0:
		return nil, append(problems, newProblem("IncompatibleBindingUnionValue", node, "Input [%s] on node [%s] is bound to a value that no variant of its union takes.", name, node))
	case fits > 1:
		return nil, append(problems, newProblem("AmbiguousBindingUnionValue", node, "Input [%s] on node [%s] is bound to a value that several variants of its union take.", name, node))
	}
	return found, problems
}

// bindPromise compares the type of an output, or of the part of it that the
// attribute path names. What it returns is the type of the whole, as propeller
// has it.
func (s scope) bindPromise(node, name string, promise *core.OutputReference, wanted *core.LiteralType, problems []Problem) (*core.LiteralType, []Problem) {
	fail := func(code, format string, args ...any) (*core.LiteralType, []Problem) {
		return nil, append(problems, newProblem(code, node, format, args...))
	}
	id := promise.GetNodeId()
	if id == "" {
		id = StartNode
	}
	source, known := s[id]
	if id == node {
		source = &iface{outputs: map[string]*core.LiteralType{}} // propeller doesn't know it yet
	}
	if !known {
		problems = append(problems, newProblem("NodeReferenceNotFound", id, "Referenced node [%s] not found.", id))
		return fail("ParameterNotBound", "Parameter not bound [%s].", name)
	}
	if source == nil || source.outputs == nil {
		return nil, problems
	}
	whole := source.outputs[promise.GetVar()]
	if whole == nil {
		problems = append(problems, newProblem("VariableNameNotFound", id, "Variable [%s] not found on node [%s].", promise.GetVar(), id))
		return fail("ParameterNotBound", "Parameter not bound [%s].", name)
	}
	t := whole
	for _, step := range promise.GetAttrPath() {
		fields := t.GetStructure().GetDataclassType()
		switch {
		case t.GetCollectionType() != nil:
			t = t.GetCollectionType()
		case t.GetMapValueType() != nil:
			t = t.GetMapValueType()
		case fields != nil && fields[step.GetStringValue()] == nil:
			return fail("FieldNotFound", "Variable [%s] (type [%s]) doesn't have field [%s].", promise.GetVar(), literal.TypeText(t), step.GetStringValue())
		case fields != nil:
			t = fields[step.GetStringValue()]
		}
	}
	if wanted != nil && !literal.Castable(t, wanted) {
		return fail("MismatchingTypes", "The output variable '%s.%s' has type [%s], but it's assigned to the input variable '%s.%s' which has type type [%s].",
			id, promise.GetVar(), literal.TypeText(t), node, name, literal.TypeText(wanted))
	}
	return whole, problems
}

func mismatched(node, name string, t, wanted *core.LiteralType) Problem {
	return newProblem("MismatchingTypes", node, "Variable [%s] (type [%s]) doesn't match expected type [%s].", name, literal.TypeText(t), literal.TypeText(wanted))
}

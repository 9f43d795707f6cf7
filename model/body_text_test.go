package model_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// bodyText writes a body as testdata/bodies.py does. What isn't known is "?".
func bodyText(module *model.Module, body *model.Body) string {
	w := &bodyWriter{module: module}
	w.nodes(body.Nodes, "")
	if body.Failure != nil {
		w.line("", "on failure")
		w.node(body.Failure, "  ")
	}
	for _, output := range body.Outputs {
		w.line("", "return %s = %s", output.Name, w.binding(output))
	}
	return w.String()
}

func remarksText(body *model.Body) string {
	w := &bodyWriter{}
	for _, remark := range body.Incomplete {
		w.line("", "incomplete: %s", remark.Message)
	}
	for _, remark := range body.Rejected {
		w.line("", "rejected: %s", remark.Message)
	}
	return w.String()
}

type bodyWriter struct {
	strings.Builder
	module *model.Module
}

// binding is what the binding serializes to, or what is known of it.
func (w *bodyWriter) binding(b model.Binding) string {
	if data, err := w.module.BindingData(b); err == nil {
		return dataText(data)
	}
	return valueText(b.Value)
}

func dataText(data *core.BindingData) string {
	switch value := data.GetValue().(type) {
	case *core.BindingData_Scalar:
		return scalarText(value.Scalar)
	case *core.BindingData_Collection:
		texts := make([]string, len(value.Collection.GetBindings()))
		for i, one := range value.Collection.GetBindings() {
			texts[i] = dataText(one)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case *core.BindingData_Map:
		var texts []string
		for _, key := range slices.Sorted(maps.Keys(value.Map.GetBindings())) {
			texts = append(texts, key+": "+dataText(value.Map.GetBindings()[key]))
		}
		return "{" + strings.Join(texts, ", ") + "}"
	}
	reference := data.GetPromise()
	var text strings.Builder
	text.WriteString(reference.GetNodeId() + "." + reference.GetVar())
	for _, step := range reference.GetAttrPath() {
		if name, ok := step.GetValue().(*core.PromiseAttribute_StringValue); ok {
			text.WriteString("[" + strconv.Quote(name.StringValue) + "]")
		} else {
			text.WriteString(fmt.Sprintf("[%d]", step.GetIntValue()))
		}
	}
	return text.String()
}

func scalarText(scalar *core.Scalar) string {
	switch value := scalar.GetValue().(type) {
	case *core.Scalar_Union:
		return literalText(value.Union.GetValue())
	case *core.Scalar_NoneType:
		return "none"
	case *core.Scalar_Primitive:
		switch value := value.Primitive.GetValue().(type) {
		case *core.Primitive_Integer:
			return strconv.FormatInt(value.Integer, 10)
		case *core.Primitive_FloatValue:
			return valueText(pyeval.Float(value.FloatValue))
		case *core.Primitive_StringValue:
			return strconv.Quote(value.StringValue)
		case *core.Primitive_Boolean:
			return strconv.FormatBool(value.Boolean)
		}
		return fieldName(value.Primitive)
	}
	return fieldName(scalar)
}

// fieldName is the name of the field of a message that is set.
func fieldName(message proto.Message) string {
	name := "?"
	message.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		name = string(field.Name())
		return false
	})
	return name
}

func literalText(literal *core.Literal) string {
	switch value := literal.GetValue().(type) {
	case *core.Literal_Collection:
		texts := make([]string, len(value.Collection.GetLiterals()))
		for i, one := range value.Collection.GetLiterals() {
			texts[i] = literalText(one)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case *core.Literal_Map:
		var texts []string
		for _, key := range slices.Sorted(maps.Keys(value.Map.GetLiterals())) {
			texts = append(texts, key+": "+literalText(value.Map.GetLiterals()[key]))
		}
		return "{" + strings.Join(texts, ", ") + "}"
	}
	return scalarText(literal.GetScalar())
}

func (w *bodyWriter) line(indent, format string, args ...any) {
	fmt.Fprintf(w, indent+format+"\n", args...)
}

func (w *bodyWriter) nodes(nodes []*model.Node, indent string) {
	for _, node := range nodes {
		w.node(node, indent)
	}
}

func (w *bodyWriter) node(node *model.Node, indent string) {
	id := orUnknown(node.ID)
	if node.Conditional {
		id = "maybe"
	}
	w.line(indent, "%s %s name=%s", id, targetText(node), strconv.Quote(node.Name))
	for _, input := range node.Inputs {
		w.line(indent, "  %s = %s", input.Name, w.binding(input))
	}
	for _, input := range node.Missing {
		w.line(indent, "  missing %s", input.Name)
	}
	for what, arguments := range map[string][]model.Argument{"surplus": node.Surplus, "unexpected": node.Unexpected, "twice": node.Twice} {
		for _, argument := range arguments {
			w.line(indent, "  %s %s = %s", what, argument.Name, valueText(argument.Value))
		}
	}
	if len(node.Upstream) > 0 {
		var ids []string
		for _, upstream := range node.Upstream {
			ids = append(ids, orUnknown(upstream.ID))
		}
		slices.Sort(ids)
		w.line(indent, "  after %s", strings.Join(ids, " "))
	}
	if node.Branch == nil {
		return
	}
	for i, given := range node.Branch.Cases {
		switch {
		case node.Branch.Ended && i == len(node.Branch.Cases)-1:
			w.line(indent, "  else")
		case i == 0:
			w.line(indent, "  if %s", conditionText(given))
		default:
			w.line(indent, "  elif %s", conditionText(given))
		}
		switch {
		case given.Fails:
			w.line(indent, "    fail %s", strconv.Quote(given.Fail))
		case given.Node != nil:
			w.node(given.Node, indent+"    ")
		default:
			w.line(indent, "    ?")
		}
	}
}

func orUnknown(text string) string {
	if text == "" {
		return "?"
	}
	return text
}

func targetText(node *model.Node) string {
	switch node.Kind {
	case model.BranchNode:
		return "branch"
	case model.GateNode:
		return "gate " + node.Gate.Waits
	case model.ArrayNode:
		if node.Entity.Of != nil && node.Entity.Of.Kind == model.LaunchPlan {
			return "array of launchplan " + node.Entity.FullName
		}
		return "array of task " + node.Entity.FullName
	}
	return fmt.Sprintf("%s %s", node.Kind, node.Entity.FullName)
}

func conditionText(given *model.Case) string {
	if given.Condition == nil {
		return "?"
	}
	return operandText(model.Operand{Condition: given.Condition})
}

func operandText(operand model.Operand) string {
	c := operand.Condition
	switch {
	case c != nil && c.Left.Condition != nil:
		return fmt.Sprintf("(%s %s %s)", operandText(c.Left), c.Op, operandText(c.Right))
	case c != nil:
		return fmt.Sprintf("%s %s %s", operandText(c.Left), c.Op, operandText(c.Right))
	case operand.Var != "":
		return operand.Var
	}
	return valueText(operand.Value)
}

func valueText(value pyeval.Value) string {
	switch value := value.(type) {
	case pyeval.None:
		return "none"
	case pyeval.Bool:
		return strconv.FormatBool(bool(value))
	case pyeval.Int:
		return value.String()
	case pyeval.Float:
		text := strconv.FormatFloat(float64(value), 'g', 6, 64)
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return text
	case pyeval.Str:
		return strconv.Quote(string(value))
	case *pyeval.List:
		texts := make([]string, 0, len(value.Elems)+1)
		for _, elem := range value.Elems {
			texts = append(texts, valueText(elem))
		}
		if value.Open {
			texts = append(texts, "...")
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case *pyeval.Dict:
		texts := make([]string, 0, len(value.Items)+1)
		for _, item := range value.Items {
			key, _ := item.Key.(pyeval.Str)
			texts = append(texts, fmt.Sprintf("%s: %s", string(key), valueText(item.Value)))
		}
		if value.Open {
			texts = append(texts, "...")
		}
		return "{" + strings.Join(texts, ", ") + "}"
	case *model.Promise:
		return promiseText(value)
	case *pyeval.Uncertain:
		texts := make([]string, len(value.Values))
		for i, one := range value.Values {
			texts[i] = valueText(one)
		}
		return strings.Join(texts, " or ")
	}
	return "?"
}

func promiseText(p *model.Promise) string {
	text := ""
	if p.Node != nil {
		text = orUnknown(p.Node.ID)
	}
	text += "." + orUnknown(p.Var)
	for _, step := range p.Path {
		text += "[" + valueText(step) + "]"
	}
	return text
}

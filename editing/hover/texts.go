package hover

import (
	"strconv"
	"time"

	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/editing/flytekit"
	"github.com/flyte-lsp/flyte-lsp/editing/words"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// keyword describes the argument whose name the cursor stands in.
func (h *hoverer) keyword(call *cursor.Call, keyword ast.Keyword) string {
	if e := h.callee(call); e != nil {
		if input := e.Input(keyword.Arg); input != nil {
			return h.input(input, e)
		}
		return ""
	}
	callable := flytekit.Called(h.Cursor, call)
	if callable == nil {
		return ""
	}
	param := callable.Param(keyword.Arg)
	if param == nil {
		return ""
	}
	value := h.meaning(callable, param.Name, h.Value(keyword.Value))
	if value == "" && param.Type == "" && param.Default == "" && param.Doc == "" {
		return "" // nothing but the name is known, without an interpreter
	}
	text := param.Markdown() + "\n\nOf `" + callable.Title() + "`"
	if value != "" {
		text += "\n\n---\n\n" + value
	}
	return text
}

// callee is the entity whose inputs the arguments of a call are; nil if there is
// none.
func (h *hoverer) callee(call *cursor.Call) *model.Entity {
	if e := call.Entity(); e != nil {
		return e
	}
	if isNative(call.Callee, "functools.partial") && len(call.Args) > 0 {
		e, _ := model.EntityOf(h.Value(call.Args[0]))
		return e
	}
	return nil
}

// constant describes the text or number that the cursor stands in.
func (h *hoverer) constant(call *cursor.Call, constant *ast.Constant) string {
	if call == nil || h.callee(call) != nil {
		return ""
	}
	if dict, ok := h.Outer(1).(*ast.Dict); ok {
		return h.planKey(call, dict, constant)
	}
	callable := flytekit.Called(h.Cursor, call)
	if callable == nil {
		return ""
	}
	name := call.Keyword
	if name == "" && call.Argument < len(callable.Params) && !callable.Params[call.Argument].KeywordOnly {
		name = callable.Params[call.Argument].Name
	}
	value := h.Value(constant)
	switch outer := h.Outer(1).(type) {
	case *ast.Tuple:
		return pairText(outer.Elts, constant, h.meaning(callable, name, value))
	case *ast.List:
		return pairText(outer.Elts, constant, h.meaning(callable, name, value))
	case *ast.Call:
		return h.meaning(callable, name, value)
	}
	return ""
}

// pairText says which of a pair of quantities one is.
func pairText(pair []ast.Expr, one ast.Expr, meaning string) string {
	if len(pair) != 2 || meaning == "" {
		return ""
	}
	if pair[0] == one {
		return meaning + "\n\nRequested: the limit stands behind"
	}
	return meaning + "\n\nThe limit: what is requested stands before"
}

// planKey describes a key of the inputs that a launch plan gives its workflow.
func (h *hoverer) planKey(call *cursor.Call, dict *ast.Dict, constant *ast.Constant) string {
	if call.Keyword != "default_inputs" && call.Keyword != "fixed_inputs" {
		return ""
	}
	workflow := h.planned(call)
	for _, key := range dict.Keys {
		if key == ast.Expr(constant) && workflow != nil {
			if input := workflow.Input(constant.Text); input != nil {
				return h.input(input, workflow)
			}
		}
	}
	return ""
}

// meaning says in words what a value of a parameter means; "" if there is nothing
// to say.
func (h *hoverer) meaning(callable *flytekit.Callable, param string, value pyeval.Value) string {
	text, plain := written(value)
	if v, ok := value.(*pyeval.Instance); ok {
		if length, ok := pyeval.Timedelta(v); ok && callable.Short() == "FixedRate" && length.IsInt64() {
			return words.Rate(time.Duration(length.Int64()) * time.Microsecond)
		}
		return h.object(v)
	}
	if !plain {
		return ""
	}
	if said := quantityText(callable.Short(), param, text); said != "" {
		return said
	}
	switch param {
	case "schedule":
		return words.Schedule(text, h.Now)
	case "container_image", "image", "base_image":
		return imageText(text)
	case "kickoff_time_input_arg":
		return "The workflow's input that is given the time of the schedule, a `datetime`"
	}
	return ""
}

// written is a text or a number; false of other values.
func written(value pyeval.Value) (string, bool) {
	switch v := value.(type) {
	case pyeval.Str:
		return string(v), true
	case pyeval.Int:
		return v.String(), true
	case pyeval.Float:
		return strconv.FormatFloat(float64(v), 'g', -1, 64), true
	}
	return "", false
}

// quantityText says how much a quantity of a resource is.
func quantityText(of, param, text string) string {
	var said string
	var ok bool
	switch {
	case of == "Resources" && param == "cpu":
		said, ok = words.CPU(text)
	case of == "Resources" && (param == "mem" || param == "ephemeral_storage"), param == "shared_memory":
		said, ok = words.Bytes(text)
	case of == "Resources" && param == "gpu":
		if said, ok = text+" GPUs", true; text == "1" {
			said = "1 GPU"
		}
	}
	if !ok {
		return ""
	}
	return "`" + text + "`: " + said
}

// imageText describes the name of an image.
func imageText(text string) string {
	image, ok := words.ParseImage(text)
	if !ok {
		return ""
	}
	said := "Image `" + image.Repository + "` of the registry `" + image.Registry + "`"
	switch {
	case image.Digest != "":
		said += ", the one with the digest `" + image.Digest + "`"
	case image.Tag != "":
		said += ", tag `" + image.Tag + "`"
	default:
		said += ", without a tag: `latest` is meant"
	}
	return said
}

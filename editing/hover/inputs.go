package hover

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/editing/hints"
	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

// declared is the input whose declaration the cursor stands in, with its entity.
func (h *hoverer) declared() (*model.Variable, *model.Entity, ast.Span) {
	for _, e := range h.Module.Entities {
		if e.Path != h.File.Path || !e.Span.Contains(h.Offset) {
			continue
		}
		for _, input := range e.Inputs {
			if input.NameSpan.End > input.NameSpan.Start && input.NameSpan.Contains(h.Offset) {
				return input, e, input.NameSpan
			}
		}
	}
	return nil, nil, ast.Span{}
}

// input describes an input of an entity.
func (h *hoverer) input(v *model.Variable, e *model.Entity) string {
	var text strings.Builder
	line := v.Name
	if v.Type != "" {
		line += ": " + v.Type
	}
	if v.Default != "" {
		line += " = " + v.Default
	}
	fmt.Fprintf(&text, "```python\n%s\n```\n\n", line)
	fmt.Fprintf(&text, "Input of %s", described(e))
	switch {
	case slices.Contains(e.Fixed, v.Name):
		text.WriteString(", fixed: a run can't change it")
	case slices.Contains(e.Bound, v.Name):
		text.WriteString(", the same for all that is mapped over")
	case v.Required:
		text.WriteString(", required")
	}
	if flyte := h.flyteType(v); flyte != "" {
		text.WriteString(" · Flyte type `" + flyte + "`")
	}
	text.WriteString("\n")
	if v.Doc != "" {
		text.WriteString("\n" + v.Doc + "\n")
	}
	if given := h.lastInput(e, v.Name); given != "" {
		text.WriteString("\n---\n\n" + given + "\n")
	}
	return text.String()
}

// described names an entity with its kind: "task `stats`".
func described(e *model.Entity) string {
	if e.Name == "" && e.Kind == model.MapTask && e.Of != nil {
		return "map task of `" + e.Of.Name + "`"
	}
	said := e.Describe()
	if kind, ok := strings.CutSuffix(said, e.Name); ok && e.Name != "" {
		return kind + "`" + e.Name + "`"
	}
	return strings.TrimSpace(said)
}

// flyteType is the type of an input or output as Flyte has it; "" if it can't be
// told.
func (h *hoverer) flyteType(v *model.Variable) string {
	t, err := h.Module.LiteralType(v)
	if err != nil {
		return ""
	}
	return literal.TypeText(t)
}

// lastInput is what an input was given in the entity's last run, "" if there was
// none.
func (h *hoverer) lastInput(e *model.Entity, name string) string {
	for _, run := range h.Latest(e.Path) {
		if run.Entity != e.Name {
			continue
		}
		value, ok := run.Inputs[name]
		if !ok {
			return ""
		}
		return fmt.Sprintf("%s it was `%s`", h.inRun(run, e), inline(value))
	}
	return ""
}

// inRun says which run it was.
func (h *hoverer) inRun(run *runs.Run, e *model.Entity) string {
	text := fmt.Sprintf("In the last %s run", run.Target)
	if run.Done() {
		text += ", " + codelens.Ago(h.Now.Sub(run.Ended)) + ","
	}
	if file, err := h.Snapshot.File(e.Path); err == nil && codelens.Older(run, codelens.SourceHash(file, e)) {
		text += " of an older source,"
	}
	return text
}

// inline is a value in JSON as it stands in a line.
func inline(value json.RawMessage) string {
	text := strings.ReplaceAll(string(value), "`", "'")
	if runes := []rune(text); len(runes) > literal.TextRunes {
		text = string(runes[:literal.TextRunes-1]) + "…"
	}
	return text
}

// around is the entity in whose function the cursor stands; nil if there is none.
func (h *hoverer) around() *model.Entity {
	def := h.Function()
	for _, e := range h.Module.Entities {
		if def != nil && e.Function != nil && e.Function.Def == def {
			return e
		}
	}
	return nil
}

// promise describes an input of the workflow, or an output of a node.
func (h *hoverer) promise(p *model.Promise) string {
	if p.Node == nil {
		if e := h.around(); e != nil && len(p.Path) == 0 {
			if input := e.Input(p.Var); input != nil {
				return h.input(input, e)
			}
		}
	}
	flyte, err := h.Module.PromiseType(p)
	typed := ""
	if err == nil {
		typed = literal.TypeText(flyte)
	}
	written := typed
	output := outputOf(p)
	if output != nil && output.Type != "" && len(p.Path) == 0 {
		written = output.Type
	}
	var text strings.Builder
	if written != "" {
		fmt.Fprintf(&text, "```python\nPromise[%s]\n```\n\n", written)
	}
	if p.Node == nil {
		text.WriteString("Of the workflow's input `" + p.Var + "`")
	} else {
		text.WriteString("Output `" + p.Var + "` of " + h.node(p.Node))
	}
	if path := pathText(p.Path); path != "" {
		text.WriteString(", its `" + path + "`")
	}
	if typed != "" {
		text.WriteString(" · Flyte type `" + typed + "`")
	}
	text.WriteString("\n")
	if output != nil && output.Doc != "" {
		text.WriteString("\n" + output.Doc + "\n")
	}
	if p.Node != nil {
		text.WriteString(h.lastOutputs(p.Node))
	}
	return text.String()
}

// outputs describes the outputs of a node together.
func (h *hoverer) outputs(outputs *model.Outputs) string {
	if len(outputs.Promises) == 0 || outputs.Promises[0].Node == nil {
		return ""
	}
	node := outputs.Promises[0].Node
	parts := make([]string, len(outputs.Promises))
	for i, p := range outputs.Promises {
		parts[i] = p.Var
		if output := outputOf(p); output != nil && output.Type != "" {
			parts[i] += ": " + output.Type
		}
	}
	return "```python\n(" + strings.Join(parts, ", ") + ")\n```\n\nOutputs of " + h.node(node) + "\n" + h.lastOutputs(node)
}

// node says what a node calls, and where.
func (h *hoverer) node(n *model.Node) string {
	text := "a " + string(n.Kind) + " node"
	if n.Entity != nil {
		text = described(n.Entity)
	}
	if n.ID != "" {
		text += " in node `" + n.ID + "`"
	}
	if n.Call != nil && n.Module != nil && n.Module.Path == h.File.Path {
		text += fmt.Sprintf(", line %d", h.File.Source.Position(n.Call.Start).Line+1)
	}
	return text
}

// lastOutputs is what a node's call gave in the last run.
func (h *hoverer) lastOutputs(n *model.Node) string {
	e := h.around()
	if e == nil || n.Call == nil {
		return ""
	}
	for _, value := range hints.Values(h.Module, h.File, e, h.Latest(h.File.Path)) {
		if value.Offset == n.Call.End {
			return "\n---\n\n" + value.Tooltip + "\n"
		}
	}
	return ""
}

func outputOf(p *model.Promise) *model.Variable {
	if p.Node == nil || p.Node.Entity == nil {
		return nil
	}
	return p.Node.Entity.Output(p.Var)
}

// pathText is the attributes and indices that were taken of a promise, as they are
// written.
func pathText(path []pyeval.Value) string {
	var text strings.Builder
	for _, step := range path {
		switch s := step.(type) {
		case pyeval.Str:
			text.WriteString("." + string(s))
		case pyeval.Int:
			text.WriteString("[" + s.Describe() + "]")
		default:
			return ""
		}
	}
	return text.String()
}

// planned is the workflow that a call makes a launch plan of; nil if it makes none.
func (h *hoverer) planned(call *cursor.Call) *model.Entity {
	native, ok := call.Callee.(*pyeval.Native)
	if !ok || !strings.HasPrefix(native.Name, "flytekit.core.launch_plan.LaunchPlan.") {
		return nil
	}
	given := append([]ast.Expr(nil), call.Args...)
	for _, keyword := range call.Keywords {
		if keyword.Arg == "workflow" {
			given = append(given, keyword.Value)
		}
	}
	for _, expr := range given {
		if e, ok := model.EntityOf(h.Value(expr)); ok {
			return e
		}
	}
	return nil
}

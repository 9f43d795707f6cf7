package complete

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// keywords offers the names of arguments that a call may be given.
func (c *completer) keywords(call *cursor.Call) {
	if entity, others := c.Takes(call); entity != nil {
		c.inputs(call, entity, others)
		return
	}
	c.parameters(call)
}

// inputs offers the inputs that a call doesn't give yet: first those that it
// must.
func (c *completer) inputs(call *cursor.Call, entity *model.Entity, others int) {
	given := positional(call, c.Offset) - others
	var required, further []*model.Variable
	for i, input := range entity.Inputs {
		switch {
		case call.Given(input.Name), i < given, slices.Contains(entity.Fixed, input.Name), slices.Contains(entity.Bound, input.Name):
		case input.Required:
			required = append(required, input)
		default:
			further = append(further, input)
		}
	}
	values := c.candidates()
	if len(required) > 1 && others == 0 && !call.InKeyword {
		c.allRequired(required, values)
	}
	for i, input := range slices.Concat(required, further) {
		item := c.keyword(input.Name)
		item.Detail, item.Doc = c.typeOf(input), input.Doc
		if value := c.bestValue(input, values); value != "" && item.Text != input.Name {
			item.Snippet = item.Text + "${1:" + escaped(value) + "}"
		}
		item.Preselect = i == 0 && len(required) == 1
		c.add(item)
	}
}

// positional counts the positional arguments of a call before the offset.
func positional(call *cursor.Call, offset int) int {
	n := 0
	for _, arg := range call.Args {
		if arg.Span().End < offset {
			n++
		}
	}
	return n
}

// keyword is the item of an argument's name. With the "=", where there is none.
func (c *completer) keyword(name string) Item {
	item := Item{Label: name + "=", Filter: name, Text: name + "=", Kind: Input}
	if c.behind() == '=' {
		item.Text = name
	}
	return item
}

// allRequired offers the inputs that must be given as one item.
func (c *completer) allRequired(required []*model.Variable, values []candidate) {
	labels, texts, snippets := make([]string, len(required)), make([]string, len(required)), make([]string, len(required))
	for i, input := range required {
		value := c.bestValue(input, values)
		labels[i] = input.Name + "="
		texts[i] = input.Name + "=" + value
		snippets[i] = fmt.Sprintf("%s=${%d:%s}", input.Name, i+1, escaped(value))
	}
	c.add(Item{
		Label: strings.Join(labels, ", "), Detail: "all required inputs", Kind: Snippet,
		Text: strings.Join(texts, ", "), Snippet: strings.Join(snippets, ", "), Preselect: true,
	})
}

// escaped is a text as it stands in the default of a snippet's place.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, `}`, `\}`).Replace(text)
}

// typeOf is the type of an input or output as Python writes it, as Flyte has it if
// that reads differently, and the default.
func (c *completer) typeOf(v *model.Variable) string {
	text := v.Type
	if flyte, err := c.Module.LiteralType(v); err == nil {
		switch written := literal.TypeText(flyte); {
		case text == "":
			text = written
		case !strings.EqualFold(written, text[strings.LastIndexByte(text, '.')+1:]) && !strings.EqualFold(written, text):
			text += " → " + written
		}
	}
	if v.Default != "" {
		text += " = " + v.Default
	}
	return text
}

// argument offers values for the argument that the cursor is in.
func (c *completer) argument(call *cursor.Call) {
	entity, others := c.Takes(call)
	if entity == nil {
		c.parameterValues(call)
		return
	}
	if input := call.Input(entity, others); input != nil {
		c.values(input)
	}
}

// within offers values for a part of the argument that the cursor is in.
func (c *completer) within(call *cursor.Call, outer ast.Node) {
	switch n := outer.(type) {
	case *ast.List:
		entity, others := c.Takes(call)
		if entity == nil || call.Value != ast.Expr(n) {
			return
		}
		if input := call.Input(entity, others); input != nil {
			if t, err := c.Module.LiteralType(input); err == nil && t.GetCollectionType() != nil {
				c.fitting(t.GetCollectionType(), "")
			}
		}
	case *ast.Dict:
		if input, isValue := c.planInput(call, n); isValue && input != nil {
			c.constants(input.PyType)
		}
	}
}

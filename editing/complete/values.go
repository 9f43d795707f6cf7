package complete

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// candidate is a promise that can be written at the cursor.
type candidate struct {
	text    string
	promise *model.Promise
	of      *core.LiteralType
}

// candidates are the promises in scope, ordered by how they are written.
func (c *completer) candidates() []candidate {
	var found []candidate
	add := func(text string, promise *model.Promise) {
		if of, err := c.Module.PromiseType(promise); err == nil {
			found = append(found, candidate{text: text, promise: promise, of: of})
		}
	}
	names := c.Names()
	for _, name := range slices.Sorted(maps.Keys(names)) {
		switch value := names[name].(type) {
		case *model.Promise:
			add(name, value)
		case *model.Outputs:
			for _, promise := range value.Promises {
				add(name+"."+promise.Var, promise)
			}
		}
	}
	return found
}

// values offers what an input takes: promises, then what its type says.
func (c *completer) values(input *model.Variable) {
	if wanted, err := c.Module.LiteralType(input); err == nil {
		c.fitting(wanted, input.Name)
	}
	c.constants(input.PyType)
}

// fitting offers the promises whose type the backend takes for another: first
// those with a name that is wanted, then those of the same type.
func (c *completer) fitting(wanted *core.LiteralType, name string) {
	fits := fitting(c.candidates(), wanted, name)
	for i, one := range fits {
		c.add(Item{
			Label: one.text, Detail: literal.TypeText(one.of) + " · " + comesFrom(one.promise), Kind: Variable, Text: one.text,
			Preselect: i == 0 && !slices.ContainsFunc(c.list.Items, func(item Item) bool { return item.Preselect }),
		})
	}
}

// fitting are those of the candidates that fit, the best first.
func fitting(all []candidate, wanted *core.LiteralType, name string) []candidate {
	var fits []candidate
	for _, one := range all {
		if literal.Castable(one.of, wanted) {
			fits = append(fits, one)
		}
	}
	text := literal.TypeText(wanted)
	rank := func(one candidate) int {
		switch {
		case name != "" && (one.text == name || strings.HasSuffix(one.text, "."+name)):
			return 0
		case literal.TypeText(one.of) == text:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(fits, func(a, b candidate) int { return cmp.Compare(rank(a), rank(b)) })
	return fits
}

// bestValue is the promise that is meant for an input: the one that has its name,
// or, if it must be given, the only one that fits; "" if there is none.
func (c *completer) bestValue(input *model.Variable, all []candidate) string {
	wanted, err := c.Module.LiteralType(input)
	if err != nil {
		return ""
	}
	fits := fitting(all, wanted, input.Name)
	if len(fits) == 1 && input.Required || len(fits) > 0 && fits[0].text == input.Name {
		return fits[0].text
	}
	return ""
}

// comesFrom says what a promise is of.
func comesFrom(p *model.Promise) string {
	switch {
	case p.Node == nil:
		return "input of the workflow"
	case p.Node.Entity != nil:
		return p.Var + " of " + p.Node.Entity.Describe()
	}
	return p.Var + " of a " + string(p.Node.Kind) + " node"
}

// constants offers the values that a type has few of.
func (c *completer) constants(t pyeval.Value) {
	for _, item := range c.constantsOf(t, 0) {
		c.add(item)
	}
}

// maxTypes bounds how deep types in types are looked into.
const maxTypes = 8

func (c *completer) constantsOf(t pyeval.Value, depth int) []Item {
	constant := func(text string) Item { return Item{Label: text, Kind: Constant, Text: text} }
	if depth > maxTypes {
		return nil
	}
	switch t := c.Module.Resolve(t).(type) {
	case pyeval.None:
		return []Item{constant("None")}
	case *pyeval.Native:
		if t.Name == "builtins.bool" {
			return []Item{constant("True"), constant("False")}
		}
	case *pyeval.Union:
		var items []Item
		for _, arg := range t.Args {
			items = append(items, c.constantsOf(arg, depth+1)...)
		}
		return items
	case *pyeval.NewType:
		return c.constantsOf(t.Of, depth+1)
	case *pyeval.Alias:
		switch origin, _ := c.Module.Resolve(t.Origin).(*pyeval.Native); {
		case origin == nil || len(t.Args) == 0:
		case origin.Name == "typing.Annotated":
			return c.constantsOf(t.Args[0], depth+1)
		case origin.Name == "typing.Literal":
			var items []Item
			for _, arg := range t.Args {
				if text := written(arg); text != "" {
					items = append(items, constant(text))
				}
			}
			return items
		}
	case *pyeval.Class:
		name := ""
		if t.IsEnum() {
			name = c.Module.Annotation(t, t.Name)
		}
		if name == "" {
			return nil
		}
		var items []Item
		for _, member := range t.Members() {
			items = append(items, Item{Label: name + "." + member.Name, Detail: written(member.Value), Kind: Member, Text: name + "." + member.Name})
		}
		return items
	}
	return nil
}

// written is a constant as Python writes it; "" of other values.
func written(value pyeval.Value) string {
	switch v := value.(type) {
	case pyeval.Str:
		return strconv.Quote(string(v))
	case pyeval.Int:
		return v.String()
	case pyeval.Bool:
		if v {
			return "True"
		}
		return "False"
	case pyeval.None:
		return "None"
	}
	return ""
}

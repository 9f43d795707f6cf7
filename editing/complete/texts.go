package complete

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/editing/words"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// text is the string literal that the cursor stands in.
type text struct{ insert, replace ast.Span }

// textAt is where the text of a string stands, which may lack its closing quotes;
// false of one that isn't written as it reads, and where the cursor isn't within
// the quotes.
func (c *completer) textAt(n ast.Node) (text, bool) {
	written := c.File.Source.Slice(n.Span())
	opening := openingText.FindString(written)
	start := n.Span().Start + len(opening)
	if opening == "" || c.Offset < start {
		return text{}, false
	}
	quotes := strings.TrimLeft(opening, "rRuU")
	if strings.ContainsAny(c.File.Source.Slice(ast.Span{Start: start, End: c.Offset}), quotes+"\\\n") {
		return text{}, false
	}
	end := c.Offset
	if closing := n.Span().End - len(quotes); strings.HasSuffix(written, quotes) && closing > c.Offset {
		end = c.Unmarked(ast.Span{Start: closing, End: closing}).End
	}
	return text{insert: ast.Span{Start: start, End: c.Offset}, replace: ast.Span{Start: start, End: end}}, true
}

var openingText = regexp.MustCompile(`^[rRuU]?(?:"""|'''|"|')`)

// texts completes within a string.
func (c *completer) texts(n ast.Expr, call *cursor.Call) {
	at, ok := c.textAt(n)
	if !ok {
		return
	}
	switch outer := c.Outer(1).(type) {
	case *ast.Dict:
		c.dictTexts(at, call, outer)
		return
	case *ast.Set: // a dict of which only a key is typed
		c.dictTexts(at, call, &ast.Dict{Range: outer.Range, Keys: outer.Elts})
		return
	}
	if entity, others := c.Takes(call); entity != nil {
		if input := call.Input(entity, others); input != nil && call.Value == n {
			c.literalTexts(at, input.PyType)
		}
		return
	}
	callable := c.callable(call)
	param := parameter(call, callable)
	if param == nil {
		return
	}
	for _, one := range valueTexts {
		if slices.Contains(one.params, param.Name) && (len(one.of) == 0 || slices.ContainsFunc(one.of, func(of string) bool { return strings.HasPrefix(callable.Short(), of) })) {
			for _, item := range one.items(c, call) {
				c.addText(at, item)
			}
			return
		}
	}
}

func (c *completer) addText(at text, item Item) {
	item.Kind = Value
	item.Text = item.Label
	item.Insert, item.Replace = at.insert, at.replace
	c.addAs(item)
}

// literalTexts offers the texts of a Literal.
func (c *completer) literalTexts(at text, t pyeval.Value) {
	for _, item := range c.constantsOf(t, 0) {
		if plain := strings.Trim(item.Label, `"`); item.Kind == Constant && len(plain) == len(item.Label)-2 {
			c.addText(at, Item{Label: plain})
		}
	}
}

// valueTexts are the texts that parameters of flytekit's take, by the parameter's
// name and how the name of the function or class begins.
var valueTexts = []struct {
	params, of []string
	items      func(*completer, *cursor.Call) []Item
}{
	{[]string{"cpu"}, []string{"Resources"}, quantities(words.CPU, "100m", "250m", "500m", "1", "2", "4", "8", "16")},
	{[]string{"mem", "ephemeral_storage"}, []string{"Resources"}, quantities(words.Bytes, "256Mi", "512Mi", "1Gi", "2Gi", "4Gi", "8Gi", "16Gi", "32Gi", "64Gi")},
	{[]string{"gpu"}, []string{"Resources"}, plain("1", "2", "4", "8")},
	{[]string{"shared_memory"}, nil, quantities(words.Bytes, "1Gi", "2Gi", "4Gi", "8Gi", "16Gi")},
	{[]string{"schedule", "cron_expression"}, []string{"CronSchedule"}, crons},
	{[]string{"container_image", "base_image", "image"}, nil, func(c *completer, _ *cursor.Call) []Item { return c.known((*Words).Images) }},
	{[]string{"group"}, []string{"Secret"}, func(c *completer, _ *cursor.Call) []Item { return c.known((*Words).SecretGroups) }},
	{[]string{"key"}, []string{"Secret"}, func(c *completer, _ *cursor.Call) []Item { return c.known((*Words).SecretKeys) }},
	{[]string{"name"}, []string{"reference_task", "fetch_task", "TaskReference"}, names(Tasks)},
	{[]string{"name"}, []string{"reference_workflow", "fetch_workflow", "WorkflowReference"}, names(Workflows)},
	{[]string{"name"}, []string{"reference_launch_plan", "fetch_launch_plan", "LaunchPlanReference"}, names(LaunchPlans, Workflows)},
	{[]string{"platform"}, []string{"ImageSpec"}, plain("linux/amd64", "linux/arm64")},
	{[]string{"python_version"}, []string{"ImageSpec"}, plain("3.9", "3.10", "3.11", "3.12", "3.13")},
	{[]string{"domain"}, nil, plain("development", "staging", "production")},
}

func plain(texts ...string) func(*completer, *cursor.Call) []Item {
	return func(*completer, *cursor.Call) []Item {
		items := make([]Item, len(texts))
		for i, text := range texts {
			items[i].Label = text
		}
		return items
	}
}

// quantities are quantities with what they mean.
func quantities(meaning func(string) (string, bool), texts ...string) func(*completer, *cursor.Call) []Item {
	return func(*completer, *cursor.Call) []Item {
		items := make([]Item, len(texts))
		for i, text := range texts {
			items[i].Label = text
			items[i].Detail, _ = meaning(text)
		}
		return items
	}
}

// commonCrons are offered as schedules.
var commonCrons = []string{"0 * * * *", "*/15 * * * *", "0 0 * * *", "0 6 * * *", "0 9 * * 1-5", "0 0 * * 1", "0 0 1 * *", "@hourly", "@daily", "@weekly", "@monthly"}

// crons offers the expression that is typed, once it is one, and common ones.
func crons(c *completer, _ *cursor.Call) []Item {
	expressions := commonCrons
	if at, ok := c.textAt(c.Node()); ok {
		if typed := c.file.Source.Slice(at.replace); !slices.Contains(expressions, typed) {
			expressions = slices.Concat([]string{typed}, expressions)
		}
	}
	var items []Item
	for _, expression := range expressions {
		if said, _, ok := words.Cron(expression, time.Now(), 0); ok {
			items = append(items, Item{Label: expression, Detail: said, Topic: &Topic{Cron: expression}})
		}
	}
	return items
}

// known are words of the workspace.
func (c *completer) known(which func(*Words) []string) []Item {
	if c.options.Words == nil {
		return nil
	}
	for _, file := range c.snapshot.OpenFiles() {
		c.options.Words.take(file)
	}
	var items []Item
	for _, word := range which(c.options.Words) {
		items = append(items, Item{Label: word, Detail: "in this workspace"})
	}
	return items
}

// names are the full names of the workspace's entities of some kinds, then those
// that the backend has in the project and domain that the call gives.
func names(kinds ...Registered) func(*completer, *cursor.Call) []Item {
	return func(c *completer, call *cursor.Call) []Item {
		var items []Item
		for _, kind := range kinds {
			items = append(items, c.known(map[Registered]func(*Words) []string{
				Tasks: (*Words).Tasks, Workflows: (*Words).Workflows, LaunchPlans: (*Words).LaunchPlans,
			}[kind])...)
		}
		if c.options.Registered == nil {
			return items
		}
		here := map[string]bool{}
		for _, item := range items {
			here[item.Label] = true
		}
		registered, waiting := c.options.Registered(kinds[0], c.given(call, "project"), c.given(call, "domain"))
		c.list.Incomplete = c.list.Incomplete || waiting
		for _, name := range registered {
			if !here[name] {
				items = append(items, Item{Label: name, Detail: "on the backend"})
			}
		}
		return items
	}
}

// given is the text that a call gives for a parameter, or, as default_ and the
// parameter's name, the FlyteRemote whose method is called; "" if it isn't known.
func (c *completer) given(call *cursor.Call, name string) string {
	callable := c.callable(call)
	for i, arg := range call.Args {
		if text, ok := c.Value(arg).(pyeval.Str); ok && callable != nil && i < len(callable.Params) && callable.Params[i].Name == name {
			return string(text)
		}
	}
	for _, keyword := range call.Keywords {
		if text, ok := c.Value(keyword.Value).(pyeval.Str); ok && keyword.Arg == name {
			return string(text)
		}
	}
	if method, ok := call.Func.(*ast.Attribute); ok {
		if remote, ok := c.Value(method.Value).(*pyeval.Instance); ok {
			for _, keyword := range remote.Keywords {
				if text, ok := keyword.Value.(pyeval.Str); ok && keyword.Name == "default_"+name {
					return string(text)
				}
			}
		}
	}
	return ""
}

// dictTexts completes the keys of dicts whose keys Flyte knows: the inputs that a
// launch plan gives its workflow, and environments.
func (c *completer) dictTexts(at text, call *cursor.Call, dict *ast.Dict) {
	input, isValue := c.planInput(call, dict)
	switch {
	case isValue && input != nil:
		c.literalTexts(at, input.PyType)
	case isValue:
	case isPlan(call) && (call.Keyword == "default_inputs" || call.Keyword == "fixed_inputs"):
		workflow := c.planned(call)
		if workflow == nil {
			return
		}
		for _, input := range workflow.Inputs {
			if !c.hasKey(dict, input.Name) {
				c.addText(at, Item{Label: input.Name, Detail: c.typeOf(input), Doc: input.Doc})
			}
		}
	case (call.Keyword == "environment" || call.Keyword == "env") && c.callable(call) != nil:
		for _, item := range c.known((*Words).EnvironmentKeys) {
			if !c.hasKey(dict, item.Label) {
				c.addText(at, item)
			}
		}
	}
}

// hasKey tells whether a dict has a key elsewhere than at the cursor.
func (c *completer) hasKey(dict *ast.Dict, name string) bool {
	return slices.ContainsFunc(dict.Keys, func(key ast.Expr) bool {
		constant, ok := key.(*ast.Constant)
		return ok && constant.Text == name && !constant.Span().Contains(c.Offset)
	})
}

// isPlan tells whether a call makes a launch plan.
func isPlan(call *cursor.Call) bool {
	native, ok := call.Callee.(*pyeval.Native)
	return ok && strings.HasPrefix(native.Name, "flytekit.core.launch_plan.LaunchPlan.")
}

// planned is the workflow that a call makes a launch plan of; nil if it isn't
// known.
func (c *completer) planned(call *cursor.Call) *model.Entity {
	candidates := call.Args
	for _, keyword := range call.Keywords {
		if keyword.Arg == "workflow" {
			candidates = append(slices.Clone(candidates), keyword.Value)
		}
	}
	for _, expr := range candidates {
		if entity, ok := model.EntityOf(c.Value(expr)); ok {
			return entity
		}
	}
	return nil
}

// planInput is the input whose value the cursor stands in, in a dict that a launch
// plan gives its workflow. isValue tells that it is a dict's value.
func (c *completer) planInput(call *cursor.Call, dict *ast.Dict) (input *model.Variable, isValue bool) {
	for i, value := range dict.Values {
		if !value.Span().Contains(c.Offset) {
			continue
		}
		if _, half := value.(*ast.BadExpr); half && dict.Keys[i] == nil {
			return nil, false // a key without a value
		}
		key, ok := dict.Keys[i].(*ast.Constant)
		if !ok || !isPlan(call) {
			return nil, true
		}
		if workflow := c.planned(call); workflow != nil {
			return workflow.Input(key.Text), true
		}
		return nil, true
	}
	return nil, false
}

package complete

import (
	"regexp"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/editing/edits"
	"github.com/flyte-lsp/flyte-lsp/editing/flytekit"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// callable is the function or class of flytekit's or of a plugin's that a call
// calls; nil if it is another.
func (c *completer) callable(call *cursor.Call) *flytekit.Callable {
	if method, ok := call.Func.(*ast.Attribute); ok {
		if object, ok := c.Value(method.Value).(*pyeval.Instance); ok {
			if class, ok := object.Class.(*pyeval.Native); ok {
				return flytekit.Named(c.snapshot, c.file.Path, class.Name+"."+method.Attr)
			}
		}
	}
	if call.Callee == nil {
		return nil
	}
	return flytekit.Of(c.snapshot, c.file.Path, call.Callee)
}

// parameters offers the parameters of a function or class of flytekit's that a
// call doesn't give yet, in their order.
func (c *completer) parameters(call *cursor.Call) {
	callable := c.callable(call)
	if callable == nil {
		return
	}
	given := positional(call, c.Offset)
	for i, param := range callable.Params {
		if i < given || call.Given(param.Name) || strings.HasPrefix(param.Name, "_") || param.Deprecated != "" {
			continue
		}
		item := c.keyword(param.Name)
		item.Detail = param.Type
		if param.Default != "" {
			item.Detail = strings.TrimSpace(item.Detail + " = " + param.Default)
		}
		item.Topic = &Topic{Callable: callable.Name, Param: param.Name}
		c.add(item)
	}
}

// parameter is the parameter that the argument at the cursor is for; nil if there
// is none.
func parameter(call *cursor.Call, callable *flytekit.Callable) *flytekit.Param {
	switch {
	case callable == nil:
		return nil
	case call.Keyword != "":
		return callable.Param(call.Keyword)
	case call.Argument < len(callable.Params) && !callable.Params[call.Argument].KeywordOnly:
		return &callable.Params[call.Argument]
	}
	return nil
}

// parameterValues offers what a parameter of flytekit's takes, as its annotation
// says.
func (c *completer) parameterValues(call *cursor.Call) {
	param := parameter(call, c.callable(call))
	if param == nil || call.Keyword == "" {
		return
	}
	if param.Name == "task_config" {
		c.taskConfigs()
		return
	}
	for _, word := range annotationWord.FindAllString(param.Type, -1) {
		switch {
		case word == "bool":
			c.add(Item{Label: "True", Kind: Constant, Text: "True"})
			c.add(Item{Label: "False", Kind: Constant, Text: "False"})
		case classes[word] != nil:
			for _, one := range classes[word] {
				c.class(one, one.module)
			}
		case exported(word) && c.members(word):
		case exported(word):
			c.class(class{"flytekit", word}, "flytekit")
		}
	}
	if param.Name == "accelerator" {
		c.accelerators()
	}
}

var annotationWord = regexp.MustCompile(`[A-Za-z_]\w*`)

type class struct{ module, name string }

// classes are those that flytekit's annotations don't name: objects of the
// classes that derive from what they name are meant.
var classes = map[string][]class{
	"Schedule":              {{"flytekit", "CronSchedule"}, {"flytekit", "FixedRate"}},
	"Notification":          {{"flytekit", "Email"}, {"flytekit", "PagerDuty"}, {"flytekit", "Slack"}},
	"LaunchPlanTriggerBase": {{"flytekit.core.artifact", "OnArtifact"}},
	"timedelta":             {{"datetime", "timedelta"}},
}

// exported tells whether a name is that of a class that the package flytekit
// offers.
func exported(name string) bool {
	return name[0] >= 'A' && name[0] <= 'Z' && slices.Contains(model.Exports("flytekit"), name)
}

// members offers the members of an enum that the package flytekit offers; false if
// it is none.
func (c *completer) members(name string) bool {
	members := flytekit.Members(c.snapshot, c.file.Path, model.Canonical("flytekit."+name))
	for _, member := range members {
		text := name + "." + member.Name
		c.add(Item{Label: text, Kind: Member, Text: text, Doc: member.Doc, Edits: c.imports("flytekit", name)})
	}
	return len(members) > 0
}

// class offers a call of a class, with the import that it needs.
func (c *completer) class(of class, detail string) {
	c.add(Item{
		Label: of.name, Detail: detail, Kind: Class, Text: of.name + "(", Snippet: of.name + "($0)",
		Topic: &Topic{Callable: model.Canonical(of.module + "." + of.name)}, Edits: c.imports(of.module, of.name),
	})
}

// imports are the edits that make a name of a module available.
func (c *completer) imports(module, name string) []edits.Edit {
	maker := &edits.Maker{File: c.file, Module: c.Module}
	return maker.AddImportFrom(module, name)
}

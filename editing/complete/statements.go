package complete

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/edits"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// template is a piece of code with places to fill in, as the LSP writes snippets.
type template struct {
	label, detail, text string
	// names are those of the package flytekit that it needs.
	names []string
}

// templates stand at the module's level, bodyTemplates in a workflow.
var (
	templates = []template{
		{"flyte task", "a task", "@task\ndef ${1:name}(${2:x: int}) -> ${3:int}:\n    ${0:return x}", []string{"task"}},
		{"flyte cached task", "a task with a cache", "@task(cache=Cache(version=\"${1:1}\"))\ndef ${2:name}(${3:x: int}) -> ${4:int}:\n    ${0:return x}", []string{"Cache", "task"}},
		{"flyte workflow", "a workflow", "@workflow\ndef ${1:name}(${2:x: int}) -> ${3:int}:\n    ${0:return x}", []string{"workflow"}},
		{"flyte dynamic", "a dynamic workflow", "@dynamic\ndef ${1:name}(${2:x: int}) -> ${3:int}:\n    ${0:return x}", []string{"dynamic"}},
		{
			"flyte launch plan", "a launch plan with a schedule",
			"${1:nightly} = LaunchPlan.get_or_create(\n    ${2:workflow},\n    name=\"${1:nightly}\",\n    schedule=CronSchedule(schedule=\"${3:0 3 * * *}\"),\n)",
			[]string{"CronSchedule", "LaunchPlan"},
		},
	}
	bodyTemplates = []template{
		{"flyte map task", "a task for each element of a list", "${1:results} = map_task(${2:task})(${3:x}=${4:values})", []string{"map_task"}},
	}
)

// statement offers templates where a statement begins, in files that are about
// Flyte or empty.
func (c *completer) statement() {
	line := c.file.Source.Slice(ast.Span{Start: c.file.Source.LineStart(c.word.Start), End: c.word.Start})
	if strings.TrimLeft(line, " \t") != "" || !c.aboutFlyte() {
		return
	}
	offered := templates
	switch entity := c.entity(); {
	case entity != nil && (entity.Kind == model.Workflow || entity.Kind == model.Dynamic):
		offered = bodyTemplates
	case line != "":
		return
	}
	for _, one := range offered {
		text := one.text
		if workflow := c.lastOf(model.Workflow); workflow != "" {
			text = strings.ReplaceAll(text, "${2:workflow}", "${2:"+workflow+"}")
		}
		item := Item{Label: one.label, Detail: one.detail, Kind: Snippet, Snippet: text, Text: withoutPlaces(text)}
		item.Edits = c.importsOf(one.names)
		c.add(item)
	}
}

// place is a place of a snippet with its default.
var place = regexp.MustCompile(`\$\{\d+:([^}]*)\}`)

func withoutPlaces(snippet string) string { return place.ReplaceAllString(snippet, "$1") }

// importsOf are the edits that make names of flytekit, in their order, available.
// Those that insert in one place are one edit: an editor may make them in any order.
func (c *completer) importsOf(names []string) []edits.Edit {
	const statement = "from flytekit import "
	var made []edits.Edit
	list := "" // that the statement imports
	for _, name := range names {
		for _, edit := range c.imports("flytekit", name) {
			i := slices.IndexFunc(made, func(other edits.Edit) bool { return other.Span == edit.Span })
			switch {
			case i < 0:
				made, list = append(made, edit), name
			case strings.Contains(made[i].Text, statement+list):
				made[i].Text = strings.Replace(made[i].Text, statement+list, statement+list+", "+name, 1)
				list += ", " + name
			default:
				made[i].Text += edit.Text
			}
		}
	}
	return made
}

// aboutFlyte tells whether the file imports flytekit, or has nothing but the word
// that is being typed.
func (c *completer) aboutFlyte() bool {
	text := c.file.Source.Text()
	if len(bytes.TrimSpace(text[:c.word.Start])) == 0 && len(bytes.TrimSpace(text[c.word.End:])) == 0 {
		return true
	}
	return slices.ContainsFunc(c.File.AST.Body, func(stmt ast.Stmt) bool {
		switch s := stmt.(type) {
		case *ast.Import:
			return slices.ContainsFunc(s.Names, func(alias ast.Alias) bool { return ofFlytekit(alias.Name) })
		case *ast.ImportFrom:
			return s.Level == 0 && ofFlytekit(s.Module)
		}
		return false
	})
}

func ofFlytekit(module string) bool {
	top, _, _ := strings.Cut(module, ".")
	return top == "flytekit" || top == "flytekitplugins"
}

// entity is the entity in whose body the cursor stands; nil if there is none.
func (c *completer) entity() *model.Entity {
	def := c.Function()
	if def == nil {
		return nil
	}
	i := slices.IndexFunc(c.Module.Entities, func(e *model.Entity) bool { return e.Function != nil && e.Function.Def == def })
	if i < 0 {
		return nil
	}
	return c.Module.Entities[i]
}

// lastOf is the name of the last entity of a kind before the cursor, "" if there is
// none.
func (c *completer) lastOf(kind model.Kind) string {
	name := ""
	for _, entity := range c.Module.Entities {
		if entity.Kind == kind && entity.Path == c.file.Path && entity.Span.End < c.Offset {
			name = entity.Name
		}
	}
	return name
}

// returned offers the promises that fit what the workflow around returns.
func (c *completer) returned(position int) {
	entity := c.entity()
	if entity == nil || entity.Kind != model.Workflow && entity.Kind != model.Dynamic || position >= len(entity.Outputs) {
		return
	}
	output := entity.Outputs[position]
	if wanted, err := c.Module.LiteralType(output); err == nil {
		c.fitting(wanted, output.Name)
	}
}

// plainExpression completes an expression that stands among no arguments: a
// statement, or what is returned.
func (c *completer) plainExpression(outer ast.Node) {
	switch n := outer.(type) {
	case *ast.ExprStmt:
		c.statement()
	case *ast.Return:
		c.returned(0)
	case *ast.Tuple:
		if _, ok := c.Outer(2).(*ast.Return); ok {
			c.returned(slices.IndexFunc(n.Elts, func(e ast.Expr) bool { return e.Span().Contains(c.Offset) }))
		}
	}
}

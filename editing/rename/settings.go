package rename

import (
	"bytes"
	"context"
	"maps"
	"regexp"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// inputSettings are the keyword arguments of flytekit's that name inputs: of tasks
// (core/task.py:task, core/cache.py:Cache) and of the schedules of launch plans
// (core/schedule.py:CronSchedule).
var inputSettings = map[string]bool{"cache_ignore_input_vars": true, "ignored_inputs": true, "kickoff_time_input_arg": true}

// settings renames what the calls that make entities say of the input or the output
// in strings: settings that name inputs, and templates such as {{.inputs.name}}
// (core/container_task.py, extras/tasks/shell.py).
func (r *renamer) settings(ctx context.Context) error {
	if r.thing.Kind != navigate.Input && r.thing.Kind != navigate.Output || r.thing.Entity == nil {
		return nil
	}
	of := r.thing.Entity
	for _, path := range r.seeing(ctx, func(text []byte) bool {
		return bytes.Contains(text, []byte(r.thing.Name)) || bytes.Contains(text, []byte("**"))
	}) {
		module, err := r.search.Snapshot.Module(ctx, path)
		if err != nil || module.Module == nil {
			continue
		}
		for _, e := range module.Entities {
			if e.Maker != nil && e.Path == path && r.isOf(e, of) {
				r.maker(path, module.Text, e.Maker)
			}
		}
		if err := r.openCalls(module, of); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// isOf tells whether an entity has its inputs and outputs from another one.
func (r *renamer) isOf(e, of *model.Entity) bool {
	for ; e != nil; e = e.Of {
		if e.Path == of.Path && e.Name == of.Name {
			return true
		}
		if e.Kind != model.LaunchPlan && e.Kind != model.MapTask {
			return false
		}
	}
	return false
}

// maker renames in the call that makes an entity.
func (r *renamer) maker(path string, source *parser.Source, call *ast.Call) {
	kind := "inputs"
	if r.thing.Kind == navigate.Output {
		kind = "outputs"
	}
	template := regexp.MustCompile(`\{\s*\.?` + kind + `\.(` + regexp.QuoteMeta(r.thing.Name) + `)\b`)
	ast.InspectNode(call, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Call:
			for _, keyword := range n.Keywords {
				if inputSettings[keyword.Arg] && r.thing.Kind == navigate.Input {
					r.named(path, source, keyword.Value)
				}
			}
		case *ast.Constant:
			if n.Kind != ast.StringConst {
				break
			}
			for _, match := range template.FindAllStringSubmatchIndex(source.Slice(n.Span()), -1) {
				r.add(path, source, parser.Span{Start: n.Start + match[2], End: n.Start + match[3]})
			}
		}
		return true
	})
}

// named renames the strings in an expression that are the name.
func (r *renamer) named(path string, source *parser.Source, expr ast.Expr) {
	ast.InspectNode(expr, func(n ast.Node) bool {
		if constant, ok := n.(*ast.Constant); ok && constant.Kind == ast.StringConst && constant.Text == r.thing.Name && source.Slice(constant.Inner) == constant.Text {
			r.add(path, source, constant.Inner)
		}
		return true
	})
}

// add makes an edit, unless there is one at the place.
func (r *renamer) add(path string, source *parser.Source, span parser.Span) {
	if !r.edited(path, span) {
		r.result.Edits = append(r.result.Edits, Edit{Path: path, Source: source, Span: span, Text: r.name})
	}
}

func (r *renamer) edited(path string, span parser.Span) bool {
	return slices.ContainsFunc(r.result.Edits, func(e Edit) bool { return e.Path == path && e.Span == span })
}

// openCalls refuses where a call of the entity has a ** of which it isn't known
// which arguments it gives.
func (r *renamer) openCalls(module *model.Module, of *model.Entity) error {
	if r.thing.Kind != navigate.Input || !bytes.Contains(module.Text.Text(), []byte("**")) {
		return nil
	}
	known := map[*ast.Call]bool{}
	for _, node := range module.Calls() {
		if node.Entity == nil || node.Call == nil || node.Module.Path != module.Path || !r.isOf(node.Entity, of) {
			continue
		}
		known[node.Call] = true
		if node.Open && unpacks(node.Call) {
			return r.refuse("the ** of the call at %s may give it", position(module.Path, module.Text, node.Call.Start))
		}
	}
	// What isn't evaluated is only known by its name.
	var err error
	ast.Inspect(module.AST, func(n ast.Node) bool {
		call, ok := n.(*ast.Call)
		if ok && err == nil && !known[call] && unpacks(call) && calledName(call) == of.Name {
			err = r.refuse("the ** of the call at %s may give it", position(module.Path, module.Text, call.Start))
		}
		return err == nil
	})
	return err
}

func unpacks(call *ast.Call) bool {
	return slices.ContainsFunc(call.Keywords, func(k ast.Keyword) bool { return k.Arg == "" })
}

func calledName(call *ast.Call) string {
	switch f := call.Func.(type) {
	case *ast.Name:
		return f.ID
	case *ast.Attribute:
		return f.Attr
	}
	return ""
}

// seeing are the Python files that see where the thing is declared, and whose text
// is of interest, ordered.
func (r *renamer) seeing(ctx context.Context, interesting func(text []byte) bool) []string {
	found := map[string]bool{}
	home := map[string]bool{r.thing.Path: true}
	if e := r.thing.Entity; e != nil {
		home[e.Path] = true
	}
	_ = eachText(ctx, r.search.Snapshot, func(path string, text []byte) { // its error is the context's
		if interesting(text) && (home[path] || r.search.Snapshot.Sees(path, home)) {
			found[path] = true
		}
	})
	return slices.Sorted(maps.Keys(found))
}

// asFile is a Python file that parses; nil otherwise.
func asFile(snapshot *workspace.Snapshot, path string) *workspace.File {
	file, err := snapshot.File(path)
	if err != nil || file.AST == nil {
		return nil
	}
	return file
}

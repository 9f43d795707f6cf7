package navigate

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// str is what a string means: the name of an input or an output, or the name that
// an entity is registered under.
func (r *reader) str(n *ast.Constant, nodes []ast.Node) *found {
	if r.source.Slice(n.Inner) != n.Text {
		return nil // not as it is written
	}
	if given := r.givenAt(n.Span(), n.Inner); given != nil {
		return given
	}
	if declared := r.written(n.Inner); declared != nil {
		return declared
	}
	if len(nodes) < 2 {
		return nil
	}
	switch around := nodes[len(nodes)-2].(type) {
	case *ast.Subscript:
		if around.Index == ast.Expr(n) {
			return r.subscript(around, n)
		}
	case *ast.Call:
		return r.argument(around, n)
	case *ast.Dict:
		return r.executed(n, nodes)
	}
	return r.tupleString(n, nodes)
}

// givenAt is an input that default_inputs or fixed_inputs of a launch plan names by
// a key at a span; inner is the name in it.
func (r *reader) givenAt(span, inner parser.Span) *found {
	for _, e := range r.module.Entities {
		for _, given := range e.Given {
			if given.NameSpan == span && e.Of != nil && given.Name == r.source.Slice(inner) {
				if t := inputThing(e.Of, given.Name); t != nil {
					return &found{t, r.place(inner, DictKey)}
				}
			}
		}
	}
	return nil
}

// subscript is wf.inputs["name"] of an imperative workflow, or node.outputs["name"].
func (r *reader) subscript(s *ast.Subscript, n *ast.Constant) *found {
	promise, ok := r.value(s).(*model.Promise)
	if !ok || promise.Var != n.Text || len(promise.Path) > 0 {
		return nil
	}
	if promise.Node != nil {
		return r.outputOf(promise.Node, n.Text, r.place(n.Inner, Attribute))
	}
	inputs, ok := s.Value.(*ast.Attribute)
	if !ok || inputs.Attr != "inputs" {
		return nil
	}
	if e, ok := model.EntityOf(r.value(inputs.Value)); ok && e.Kind == model.ImperativeWorkflow {
		if t := inputThing(e, n.Text); t != nil {
			return &found{t, r.place(n.Inner, Use)}
		}
	}
	return nil
}

// nameParameters are the functions of flytekit that take the name of what is
// registered, with the position of the parameter "name" (core/task.py,
// core/workflow.py, core/launch_plan.py, core/reference.py).
var nameParameters = map[string]int{
	"flytekit.core.task.reference_task":               2,
	"flytekit.core.workflow.reference_workflow":       2,
	"flytekit.core.launch_plan.reference_launch_plan": 2,
	"flytekit.core.task.ReferenceTask":                2,
	"flytekit.core.workflow.ReferenceWorkflow":        2,
	"flytekit.core.launch_plan.ReferenceLaunchPlan":   2,
	"flytekit.core.reference.get_reference_entity":    3,
}

// fetches are the methods of FlyteRemote that fetch an entity by its name, with the
// position of the parameter "name" (remote/remote.py).
var fetches = map[string]int{
	"fetch_task": 2, "fetch_task_lazy": 2, "fetch_workflow": 2, "fetch_workflow_lazy": 2, "fetch_launch_plan": 2,
	"fetch_active_launchplan": 2, "list_tasks_by_version": -1,
}

// argument is what a string means that is an argument of a call.
func (r *reader) argument(call *ast.Call, n *ast.Constant) *found {
	position, keyword := -1, ""
	for i, arg := range call.Args {
		if arg == ast.Expr(n) {
			position = i
		}
	}
	for _, k := range call.Keywords {
		if k.Value == ast.Expr(n) {
			keyword = k.Arg
		}
	}
	if e := r.adds(call, map[string]bool{"add_workflow_input": true}); e != nil && (position == 0 || keyword == "input_name") {
		if t := inputThing(e, n.Text); t != nil {
			return &found{t, r.place(n.Inner, Declaration)}
		}
	}
	if e := r.adds(call, map[string]bool{"add_workflow_output": true}); e != nil && (position == 0 || keyword == "output_name") {
		if t := outputThing(e, n.Text); t != nil {
			return &found{t, r.place(n.Inner, Declaration)}
		}
	}
	for _, e := range r.module.Entities {
		if e.Kind == model.LaunchPlan && e.Maker == call && r.nameArgument(e) == n {
			return &found{registeredThing(n.Text, e), r.place(n.Inner, Declaration)}
		}
	}
	if !r.takesName(call, position, keyword) {
		return nil
	}
	if e := r.fullyNamed(n.Text); e != nil {
		t := entityThing(e)
		if t.Kind == Registered {
			return &found{t, r.place(n.Inner, Text)}
		}
		return &found{t, r.place(parser.Span{Start: n.Inner.End - len(t.Name), End: n.Inner.End}, Text)}
	}
	return &found{registeredThing(n.Text, nil), r.place(n.Inner, Text)}
}

// takesName tells whether an argument is the name of what a function of flytekit
// refers to.
func (r *reader) takesName(call *ast.Call, position int, keyword string) bool {
	takes := func(at int) bool { return keyword == "name" || keyword == "" && position >= 0 && position == at }
	callee := r.value(call.Func)
	if native, ok := callee.(*pyeval.Native); ok {
		if at, ok := nameParameters[native.Name]; ok {
			return takes(at)
		}
	}
	if method, ok := call.Func.(*ast.Attribute); ok {
		if at, ok := fetches[method.Attr]; ok && r.remote(method.Value) {
			return takes(at)
		}
	}
	return false
}

// remote tells whether an expression may be a FlyteRemote: it isn't known to be
// something else.
func (r *reader) remote(expr ast.Expr) bool {
	switch v := r.value(expr).(type) {
	case nil, *pyeval.Unknown:
		return true
	case *pyeval.Instance:
		class, ok := v.Class.(*pyeval.Native)
		return ok && baseName(class.Name) == "FlyteRemote"
	}
	return false
}

// fullyNamed is the entity of the workspace that registers under a name, as far as
// the name tells its module: "module.name", nil if there is none, or if projects of
// the workspace have several.
func (r *reader) fullyNamed(name string) *model.Entity {
	var found *model.Entity
	for cut := strings.LastIndexByte(name, '.'); cut > 0; cut = strings.LastIndexByte(name[:cut], '.') {
		paths := []string{r.snapshot.ModulePath(r.path, name[:cut])}
		if paths[0] == "" || r.snapshot.Installed(paths[0]) {
			paths = r.modulesNamed(name[:cut]) // of another project
		}
		for _, path := range paths {
			module, err := r.snapshot.Module(r.ctx, path)
			if err != nil {
				continue
			}
			e := module.Entity(name[cut+1:])
			if e == nil || e.FullName != name {
				continue
			}
			if found != nil {
				return nil
			}
			found = e
		}
	}
	return found
}

// modulesNamed are the files of the workspace that may be a module of a name.
func (r *reader) modulesNamed(name string) []string {
	tail := filepath.FromSlash("/" + strings.ReplaceAll(name, ".", "/"))
	var paths []string
	for _, path := range r.snapshot.WorkflowFiles() {
		if strings.HasSuffix(path, tail+".py") || strings.HasSuffix(path, filepath.Join(tail, "__init__.py")) {
			paths = append(paths, path)
		}
	}
	return paths
}

// nameArgument is the string that a launch plan's call gives as its name; nil if
// that isn't written there. It is the parameter behind the workflow of get_or_create
// and the first of create (core/launch_plan.py).
func (r *reader) nameArgument(e *model.Entity) *ast.Constant {
	if e.Maker == nil || e.Path != r.path {
		return nil
	}
	var given ast.Expr
	for _, keyword := range e.Maker.Keywords {
		if keyword.Arg == "name" {
			given = keyword.Value
		}
	}
	if method, ok := e.Maker.Func.(*ast.Attribute); ok && given == nil {
		at := map[string]int{"get_or_create": 1, "create": 0}
		if i, known := at[method.Attr]; known && i < len(e.Maker.Args) {
			given = e.Maker.Args[i]
		}
	}
	name, ok := given.(*ast.Constant)
	if !ok || name.Kind != ast.StringConst || name.Text != e.FullName || r.source.Slice(name.Inner) != name.Text {
		return nil
	}
	return name
}

// executed is a key of the dict of inputs that FlyteRemote's execute takes for an
// entity of the workspace (remote/remote.py:FlyteRemote.execute).
func (r *reader) executed(n *ast.Constant, nodes []ast.Node) *found {
	if len(nodes) < 3 {
		return nil
	}
	dict := nodes[len(nodes)-2].(*ast.Dict)
	call, ok := nodes[len(nodes)-3].(*ast.Call)
	if !ok || len(call.Args) == 0 || !isKey(dict, n) {
		return nil
	}
	method, ok := call.Func.(*ast.Attribute)
	if !ok || method.Attr != "execute" && !strings.HasPrefix(method.Attr, "execute_local_") || !r.remote(method.Value) {
		return nil
	}
	inputs := len(call.Args) > 1 && call.Args[1] == ast.Expr(dict)
	for _, keyword := range call.Keywords {
		inputs = inputs || keyword.Arg == "inputs" && keyword.Value == ast.Expr(dict)
	}
	e, isEntity := model.EntityOf(r.value(call.Args[0]))
	if !inputs || !isEntity {
		return nil
	}
	if t := inputThing(e, n.Text); t != nil {
		return &found{t, r.place(n.Inner, DictKey)}
	}
	return nil
}

func isKey(dict *ast.Dict, n *ast.Constant) bool {
	return slices.Contains(dict.Keys, ast.Expr(n))
}

// tupleString is a field's name in NamedTuple("X", [("a", int)]).
func (r *reader) tupleString(n *ast.Constant, nodes []ast.Node) *found {
	for i := len(nodes) - 2; i >= 0 && i >= len(nodes)-4; i-- {
		call, ok := nodes[i].(*ast.Call)
		if !ok {
			continue
		}
		tuple := tupleName(call)
		native, isNative := r.value(call.Func).(*pyeval.Native)
		if tuple == "" || !isNative || native.Name != "typing.NamedTuple" && native.Name != "collections.namedtuple" {
			return nil
		}
		if slices.Contains(fieldStrings(call), n) {
			return &found{r.owned(r.tupleField(tuple, n.Text)), r.general(n.Inner, Declaration)}
		}
	}
	return nil
}

// addedOutput is where an imperative workflow is given an output: the name in
// add_workflow_output.
func (r *reader) addedOutput(e *model.Entity, name string) (at parser.Span) {
	if e.Kind != model.ImperativeWorkflow {
		return at
	}
	ast.Inspect(r.module.AST, func(n ast.Node) bool {
		call, ok := n.(*ast.Call)
		if !ok || len(call.Args) == 0 {
			return true
		}
		text, ok := call.Args[0].(*ast.Constant)
		if ok && text.Text == name && r.source.Slice(text.Inner) == name {
			if of := r.adds(call, map[string]bool{"add_workflow_output": true}); of != nil && of.Name == e.Name {
				at = text.Inner
			}
		}
		return true
	})
	return at
}

package analysis

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// The canonical names of what takes settings.
const (
	taskDecorator     = "flytekit.core.task.task"
	dynamicDecorator  = "flytekit.core.dynamic_workflow_task.dynamic"
	eagerDecorator    = "flytekit.core.task.eager"
	workflowDecorator = "flytekit.core.workflow.workflow"
	imperativeClass   = "flytekit.core.workflow.ImperativeWorkflow"
	containerTask     = "flytekit.core.container_task.ContainerTask"
	mapTask           = "flytekit.core.array_node_map_task.map_task"
	arrayNodeMapTask  = "flytekit.core.array_node_map_task.array_node_map_task"
	withOverrides     = "flytekit.core.node.Node.with_overrides"
	taskMetadata      = "flytekit.core.base_task.TaskMetadata"
)

// The canonical names of classes that settings are objects of.
const (
	cacheClass         = "flytekit.core.cache.Cache"
	resourcesClass     = "flytekit.core.resources.Resources"
	secretClass        = "flytekit.models.security.Secret"
	imageSpecClass     = "flytekit.image_spec.image_spec.ImageSpec"
	podTemplateClass   = "flytekit.core.pod_template.PodTemplate"
	documentationClass = "flytekit.models.documentation.Documentation"
	acceleratorClass   = "flytekit.extras.accelerators.BaseAccelerator"
	timedeltaClass     = "datetime.timedelta"
)

// settings are the keyword arguments that make one task or workflow, that
// with_overrides gives one node, or that a TaskMetadata has.
type settings struct {
	*pass
	// of is the canonical name of what takes them.
	of string
	// entity is what they make; of with_overrides what its node runs, nil if
	// that isn't known.
	entity *model.Entity
	given  []pyeval.Named
	// open: there may be others that aren't known.
	open bool
	// call is where they are given, nil of a bare decorator.
	call *ast.Call
	// certain: they are given whenever the module is imported, or the workflow
	// compiled, and nothing catches what flytekit raises.
	certain bool
}

// eachSettings gives all settings in the file.
func (p *pass) eachSettings(f func(*settings)) {
	if p.given == nil {
		p.given = p.settingsHere()
	}
	for _, s := range p.given {
		s.pass = p
		f(s)
	}
}

func (p *pass) settingsHere() []*settings {
	all := []*settings{}
	for _, entity := range p.Module.Entities {
		if entity.SettingsOf != "" && (len(entity.Settings) > 0 || entity.SettingsOf == eagerDecorator) {
			all = append(all, &settings{
				of: entity.SettingsOf, entity: entity, given: entity.Settings, open: entity.SettingsOpen,
				call: entity.Maker, certain: !entity.Conditional && !entity.Guarded,
			})
		}
	}
	for _, call := range p.calls(mapTask, arrayNodeMapTask, withOverrides, taskMetadata) {
		if call.Entity == nil && (call.Name == mapTask || call.Name == arrayNodeMapTask) {
			continue // it is among the entities
		}
		s := &settings{of: call.Name, given: call.Keywords, open: call.Open, call: call.Expr, certain: call.Certain}
		if promise, ok := call.Gives.(*model.Promise); ok && promise.Node != nil {
			s.entity = promise.Node.Entity
		}
		all = append(all, s)
	}
	return all
}

// task tells whether task or dynamic takes the settings.
func (s *settings) task() bool { return s.of == taskDecorator || s.of == dynamicDecorator }

// overrides tells whether with_overrides takes the settings.
func (s *settings) overrides() bool { return s.of == withOverrides }

// get is a setting by its name; false if it isn't given, is None, or is none
// that counts there.
func (s *settings) get(name string) (pyeval.Named, bool) {
	for _, setting := range s.given {
		if setting.Name == name {
			_, none := setting.Value.(pyeval.None)
			return setting, !none && s.knows(name)
		}
	}
	return pyeval.Named{}, false
}

// has tells whether a setting is given, and isn't None.
func (s *settings) has(name string) bool {
	_, ok := s.get(name)
	return ok
}

// knows tells whether what takes the settings has one of that name.
func (s *settings) knows(name string) bool {
	of := signatureOf(s.of)
	return of != nil && of.knows(name)
}

// plain tells whether flytekit itself serializes what the settings make, and
// not a plugin, which may make something else of them.
func (s *settings) plain() bool { return !s.has("task_config") }

// place is where a setting's value is written or, where that isn't in the file,
// the call that gives it, or the name of what it makes.
func (s *settings) place(expr ast.Expr) parser.Span {
	switch {
	case expr != nil && s.Stands(expr):
		return expr.Span()
	case s.call != nil && s.Stands(s.call):
		return s.call.Func.Span()
	case s.entity != nil:
		return s.entity.NameSpan
	}
	return parser.Span{}
}

// keyword is the keyword argument that gives a setting, and the call in which it
// stands; nil where that isn't in the file.
func (s *settings) keyword(setting pyeval.Named) (*ast.Keyword, *ast.Call) {
	if setting.Expr == nil {
		return nil, nil
	}
	var found *ast.Keyword
	var in *ast.Call
	s.InspectTo(setting.Expr, func(n ast.Node) {
		call, ok := n.(*ast.Call)
		if !ok {
			return
		}
		for i := range call.Keywords {
			if keyword := &call.Keywords[i]; keyword.Arg == setting.Name && keyword.Value == setting.Expr {
				found, in = keyword, call
			}
		}
	})
	return found, in
}

// reportValue reports a setting's value, or a part of it.
func (s *settings) reportValue(expr ast.Expr, message string) *Diagnostic {
	return s.report(s.place(expr), message).unless(s.certain)
}

// reportName reports the name of a setting.
func (s *settings) reportName(setting pyeval.Named, message string) *Diagnostic {
	if keyword, _ := s.keyword(setting); keyword != nil {
		return s.report(keyword.ArgSpan, message).unless(s.certain)
	}
	return s.reportValue(setting.Expr, message)
}

// isNot tells whether a value certainly is no object of some classes, by their
// canonical names, or by those of Python's builtins.
func (p *pass) isNot(value pyeval.Value, classes ...string) bool {
	classes = slices.Clone(classes)
	for i, class := range classes {
		if !strings.Contains(class, ".") {
			classes[i] = "builtins." + class
		}
	}
	is, known := p.Module.IsA(value, classes...)
	return known && !is
}

// isTheClass tells whether a value is the class itself of which an object is
// wanted.
func isTheClass(value pyeval.Value, class string) bool {
	native, ok := value.(*pyeval.Native)
	return ok && native.Name == class
}

// objectOf is the object of one of flytekit's classes that a value is, by its
// canonical name; nil if it is none, or one whose attributes were changed.
func objectOf(value pyeval.Value, class string) *pyeval.Instance {
	instance, ok := value.(*pyeval.Instance)
	if !ok || len(instance.Attrs) > 0 || !isClass(value, class) {
		return nil
	}
	return instance
}

// argument is what an object was made with; false if it wasn't given.
func argument(object *pyeval.Instance, position int, name string) (pyeval.Named, bool) {
	if position >= 0 && position < len(object.Args) {
		given := pyeval.Named{Name: name, Value: object.Args[position]}
		if object.Call != nil && len(object.Call.Args) == len(object.Args) && !slices.ContainsFunc(object.Call.Args, isStarred) {
			given.Expr = object.Call.Args[position]
		}
		return given, true
	}
	for _, keyword := range object.Keywords {
		if keyword.Name == name {
			return keyword, true
		}
	}
	return pyeval.Named{}, false
}

func isStarred(expr ast.Expr) bool {
	_, starred := expr.(*ast.Starred)
	return starred
}

// truth is bool(value) of a plain value.
func truth(value pyeval.Value) (truth, known bool) {
	switch v := value.(type) {
	case pyeval.None:
		return false, true
	case pyeval.Bool:
		return bool(v), true
	case pyeval.Int:
		return v.Sign() != 0, true
	case pyeval.Float:
		return v != 0, true
	case pyeval.Str:
		return v != "", true
	case *pyeval.Tuple:
		return len(v.Elems) > 0, true
	case *pyeval.List:
		return len(v.Elems) > 0, len(v.Elems) > 0 || !v.Open
	case *pyeval.Dict:
		return len(v.Items) > 0, len(v.Items) > 0 || !v.Open
	}
	return false, false
}

func isTrue(value pyeval.Value) bool {
	is, known := truth(value)
	return is && known
}

func isFalse(value pyeval.Value) bool {
	is, known := truth(value)
	return !is && known
}

// elementsOf are the elements of a list or a tuple, each with its place where
// it is written out; false if they aren't all known.
func elementsOf(value pyeval.Value, expr ast.Expr) (elements []pyeval.Named, known bool) {
	var values []pyeval.Value
	switch v := value.(type) {
	case *pyeval.List:
		values, known = v.Elems, !v.Open
	case *pyeval.Tuple:
		values, known = v.Elems, true
	default:
		return nil, false
	}
	var written []ast.Expr
	switch e := expr.(type) {
	case *ast.List:
		written = e.Elts
	case *ast.Tuple:
		written = e.Elts
	}
	for i, value := range values {
		element := pyeval.Named{Value: value, Expr: expr}
		if len(written) == len(values) {
			element.Expr = written[i]
		}
		elements = append(elements, element)
	}
	return elements, known
}

// itemsOf are the items of a dict, each with the place of its value where it is
// written out.
func itemsOf(dict *pyeval.Dict, expr ast.Expr) []pyeval.Named {
	literal, _ := expr.(*ast.Dict)
	items := make([]pyeval.Named, 0, len(dict.Items))
	for i, item := range dict.Items {
		name, _ := item.Key.(pyeval.Str)
		one := pyeval.Named{Name: string(name), Value: item.Value, Expr: expr}
		if literal != nil && len(literal.Values) == len(dict.Items) {
			one.Expr = literal.Values[i]
		}
		items = append(items, one)
	}
	return items
}

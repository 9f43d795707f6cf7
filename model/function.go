package model

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// functionOf is the function that a task or a workflow is made of, behind
// objects that took over its signature (functools.wraps, flytekit's
// ClassDecorator); nil if the value has none that source defines.
func functionOf(f *pyeval.Frame, value pyeval.Value) *pyeval.Function {
	for range maxWraps {
		switch v := f.Resolve(value).(type) {
		case *pyeval.Function:
			if v.Attrs["__signature__"] != nil || v.Attrs["__annotations__"] != nil {
				return nil // its interface isn't that of its source
			}
			if v.Wraps == nil {
				return v
			}
			value = v.Wraps
		case *pyeval.Instance:
			wrapped, ok := v.Attrs["__wrapped__"]
			if !ok {
				return nil
			}
			value = wrapped
		case *Entity:
			if v.Function == nil {
				return nil
			}
			value = v.Function
		default:
			return nil
		}
	}
	return nil
}

// maxWraps bounds a chain of wrapped functions.
const maxWraps = 50

// moduleName is the name that flytekit gives a module
// (core/tracker.py:get_full_module_path): it keeps the name of a package's
// own file.
func moduleName(m *pyeval.Module) string {
	if m.Package {
		return m.Name + ".__init__"
	}
	return m.Name
}

// functionName are the module's and the function's name as
// core/tracker.py:_task_module_from_callable tells them. In a notebook there is no
// module (core/tracker.py:extract_task_module).
func functionName(fn *pyeval.Function) (module, name string) {
	name = fn.Name
	if set, ok := fn.Attrs["__name__"].(pyeval.Str); ok {
		name = string(set)
	}
	if fn.Module.Notebook {
		return "", afterDot(name)
	}
	return moduleName(fn.Module), afterDot(name)
}

// dotted is the full name of a function of a module.
func dotted(module, name string) string {
	if module == "" {
		return name
	}
	return module + "." + name
}

// taskName is the name of a task that is made of a function
// (core/python_function_task.py:PythonFunctionTask.name): the module that is
// being imported stands before the function's, unless its name is in it.
func taskName(f *pyeval.Frame, fn *pyeval.Function) string {
	module, name := functionName(fn)
	full := dotted(module, name)
	if importing := f.Importing().Name; importing != "" && !f.Importing().Notebook && !strings.Contains(full, importing) {
		return importing + "." + full
	}
	return full
}

// signature reads the interface of a function into the entity
// (core/interface.py:transform_function_to_interface).
type signature struct {
	f  *pyeval.Frame
	fn *pyeval.Function
	// local: the function stands in the file of the entity, so that its spans
	// are places there.
	local bool
	// pickleUntyped: what has no annotation is Any.
	pickleUntyped bool
	// bare: a reference's interface, whose inputs have no defaults.
	bare bool
}

func (s *signature) read(e *Entity) {
	params, returns := s.params()
	variables := make([]Variable, len(params))
	e.Inputs = make([]*Variable, len(params))
	for i := range params {
		e.Inputs[i] = &variables[i]
		s.input(&variables[i], &params[i])
	}
	if s.fn.Lambda == nil {
		s.outputs(e, returns)
	}
	describe(e)
}

// params are the parameters, without the one that a bound method was given.
func (s *signature) params() (params []ast.Param, returns ast.Expr) {
	if s.fn.Lambda != nil {
		return s.fn.Lambda.Params.List, nil
	}
	params = s.fn.Def.Params.List
	if s.fn.Bound != nil && len(params) > 0 {
		params = params[1:]
	}
	return params, s.fn.Def.Returns
}

func (s *signature) input(v *Variable, param *ast.Param) {
	v.Name = param.Name.ID
	if s.local {
		v.NameSpan = param.Name.Span()
	}
	if param.Annotation != nil {
		s.annotate(v, param.Annotation)
	} else if s.pickleUntyped {
		v.PyType = anyType
	} else {
		v.PyType = &pyeval.Unknown{Reason: "the parameter " + v.Name + " has no type annotation, which flytekit asks for"}
	}
	if param.Default != nil && !s.bare {
		v.DefaultValue = s.f.Resolve(s.fn.Defaults[v.Name])
		if v.DefaultValue == nil {
			v.DefaultValue = &pyeval.Unknown{Reason: "the default isn't known", Expr: param.Default}
		}
		v.Default = s.text(param.Default)
		if s.local {
			v.DefaultSpan = param.Default.Span()
		}
	}
	v.Required = required(v.PyType, v.DefaultValue)
}

var (
	anyType  = &pyeval.Native{Name: "typing.Any"}
	noneType = pyeval.None{}
)

func (s *signature) annotate(v *Variable, annotation ast.Expr) {
	v.Type = s.text(annotation)
	if s.local {
		v.TypeSpan = annotation.Span()
	}
	v.annotation, v.in = annotation, s.fn.In
	f := *s.f
	f.Context = &annotating{annotation}
	v.PyType = s.f.Resolve(f.Annotation(annotation, s.fn.In))
}

func (s *signature) text(expr ast.Expr) string {
	return sourceText(s.fn.Module, expr)
}

// sourceText is the text of an expression of a module.
func sourceText(m *pyeval.Module, expr ast.Expr) string {
	if m == nil || m.Text == nil {
		return ""
	}
	return m.Text.Slice(parser.Span(expr.Span()))
}

// outputs gives the entity what the function returns, named as
// core/interface.py:extract_return_annotation does. Where it can't be told, the
// whole annotation is the one output.
func (s *signature) outputs(e *Entity, returns ast.Expr) {
	if returns == nil {
		if s.pickleUntyped {
			e.Outputs = []*Variable{{Name: outputName(0), PyType: anyType}}
		}
		return
	}
	whole := &Variable{Name: outputName(0)}
	s.annotate(whole, returns)
	e.Returns, e.Outputs = whole, []*Variable{whole}
	switch t := whole.PyType.(type) {
	case pyeval.None:
		e.Outputs = nil
	case *pyeval.Class:
		if isNamedTuple(s.f, t) {
			e.Outputs, e.OutputTuple = s.classFields(t), s.kept(t.Name)
		}
	case *pyeval.NamedTuple:
		e.Outputs, e.OutputTuple = tupleFields(t), s.kept(t.Name)
	case *pyeval.Alias:
		if native, ok := s.f.Resolve(t.Origin).(*pyeval.Native); ok && native.Name == "builtins.tuple" {
			e.Outputs = s.several(returns, t.Args)
		}
	case *pyeval.Tuple:
		e.Outputs = s.several(returns, t.Elems)
	case *pyeval.Native:
		if t.Name == "types.NoneType" || t.Name == "builtins.NoneType" {
			e.Outputs = nil
		} else {
			e.OutputsUnknown = t.Missing
		}
	case *pyeval.Unknown:
		e.OutputsUnknown = t.Reason
	case *pyeval.Uncertain:
		e.OutputsUnknown = "the source doesn't tell which of several types it is"
	}
}

func (s *signature) kept(tuple string) string {
	if s.bare {
		return ""
	}
	return tuple
}

// several are the outputs of a tuple of types.
func (s *signature) several(annotation ast.Expr, types []pyeval.Value) []*Variable {
	written := elements(annotation)
	outputs := make([]*Variable, len(types))
	for i, t := range types {
		outputs[i] = &Variable{Name: outputName(i), PyType: s.f.Resolve(t)}
		if len(written) == len(types) {
			outputs[i].Type = s.text(written[i])
			outputs[i].annotation, outputs[i].in = written[i], s.fn.In
			if s.local {
				outputs[i].TypeSpan = written[i].Span()
			}
		} else {
			outputs[i].Type = typeText(s.f, t)
		}
	}
	return outputs
}

// elements are the types that an annotation of a tuple writes out.
func elements(annotation ast.Expr) []ast.Expr {
	switch e := annotation.(type) {
	case *ast.Tuple:
		return e.Elts
	case *ast.Subscript:
		if index, ok := e.Index.(*ast.Tuple); ok {
			return index.Elts
		}
		return []ast.Expr{e.Index}
	}
	return nil
}

func outputName(i int) string { return "o" + digits(i) }

// isNamedTuple tells whether the class derives from typing.NamedTuple itself: a
// class that derives from such a class is no tuple of outputs for flytekit.
func isNamedTuple(f *pyeval.Frame, class *pyeval.Class) bool {
	if len(class.Bases) != 1 {
		return false
	}
	base, ok := f.Resolve(class.Bases[0]).(*pyeval.Native)
	return ok && base.Name == "typing.NamedTuple"
}

func (s *signature) classFields(class *pyeval.Class) []*Variable {
	outputs := make([]*Variable, 0, len(class.Annotations))
	for _, field := range class.Annotations {
		output := &Variable{
			Name: field.Name, Type: sourceText(class.Module, field.Expr), annotation: field.Expr, in: field.In,
			PyType: s.f.Resolve(s.f.Annotation(field.Expr, field.In)),
		}
		if s.local && class.Module == s.fn.Module {
			output.TypeSpan = field.Expr.Span()
		}
		outputs = append(outputs, output)
	}
	return outputs
}

// tupleFields has no outputs for a collections.namedtuple, whose fields have no
// types (typing.get_type_hints finds none).
func tupleFields(t *pyeval.NamedTuple) []*Variable {
	var outputs []*Variable
	for i, field := range t.Fields {
		if i < len(t.Types) && t.Types[i] != nil {
			outputs = append(outputs, &Variable{Name: field.Name, PyType: t.Types[i], Type: typeText(nil, t.Types[i])})
		}
	}
	return outputs
}

// required tells whether a run must give an input
// (core/interface.py:transform_inputs_to_parameters): None is a default for an
// Optional only.
func required(pyType, value pyeval.Value) bool {
	if value != nil {
		if _, none := value.(pyeval.None); !none {
			return false
		}
	}
	return !isOptional(pyType)
}

// isOptional is core/type_engine.py:UnionTransformer.is_optional_type: None is
// among the alternatives, of a Union that isn't in an Annotated.
func isOptional(t pyeval.Value) bool {
	union, ok := t.(*pyeval.Union)
	if !ok {
		return false
	}
	for _, arg := range union.Args {
		if _, none := arg.(pyeval.None); none {
			return true
		}
	}
	return false
}

// describe gives the variables what the docstring says of them
// (core/docstring.py). A text for what is returned is each output's, as
// core/interface.py:remap_shared_output_descriptions has it.
func describe(e *Entity) {
	if e.Doc == "" {
		return
	}
	texts := parser.Docstring(e.Doc)
	for _, input := range e.Inputs {
		input.Doc = texts[input.Name]
	}
	for _, output := range e.Outputs {
		if output.Doc = texts[output.Name]; output.Doc == "" {
			output.Doc = texts["return"]
		}
	}
}

package parser

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// expression is an expression in the module: a node of the module's own tree,
// or of the tree of a quoted annotation, which starts at base.
type expression struct {
	syntax.Node
	base int
}

func (e expression) span() Span {
	return Span{Start: e.base + e.Start(), End: e.base + e.End()}
}

func (e expression) at(n syntax.Node) expression {
	return expression{Node: n, base: e.base}
}

// maxDepth ends the look for what an alias of an alias stands for.
const maxDepth = 16

// typingNames are the names that decide about an interface, and that star
// imports may bring.
var typingNames = setOf("typing.Annotated typing.Any typing.Dict typing.List " +
	"typing.NamedTuple typing.Optional typing.Tuple typing.TYPE_CHECKING typing.Union")

// plainModules are packages whose names, used as a type, are one output each:
// none of them has a NamedTuple that someone would return.
var plainModules = setOf("typing typing_extensions collections dataclasses datetime decimal " +
	"enum fractions io os pathlib uuid flytekit flytekitplugins lightgbm numpy pandas PIL " +
	"polars pyarrow pydantic pyspark sklearn tensorflow torch xgboost")

// plainBuiltins are Python's own types.
var plainBuiltins = setOf("bool bytearray bytes complex dict float frozenset int list " +
	"memoryview object range set str type")

// isPlain tells whether a qualified name is certainly a type of one output.
func isPlain(qualified string) bool {
	first, rest, _ := strings.Cut(qualified, ".")
	if first == "builtins" {
		return plainBuiltins[rest]
	}
	return plainModules[first]
}

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// expression is the expression in a type annotation; of a quoted one that
// which is in the quotes.
func (r *pythonReader) expression(annotation syntax.Node) expression {
	return r.unquote(expression{Node: annotation})
}

func (r *pythonReader) unquote(e expression) expression {
	for range maxDepth {
		switch e.Kind() {
		case "type", "parenthesized_expression":
			e = e.at(e.First())
		case "string":
			content, ok := plainString(e.Node)
			if !ok {
				return e
			}
			base := e.base + content.Start()
			text := r.source.Slice(e.at(content).span())
			parsed := syntax.ParseValid(syntax.PythonGrammar(), []byte(text), nil)
			if parsed == nil {
				return e
			}
			root := parsed.Tree().Root()
			parsed.Close()
			if root.First().Kind() != "expression_statement" {
				return e
			}
			e = expression{Node: root.First().First(), base: base}
		default:
			return e
		}
	}
	return e
}

// plainString is the content of a string literal that is written as it reads.
func plainString(n syntax.Node) (syntax.Node, bool) {
	var content syntax.Node
	for child := range n.All() {
		switch child.Kind() {
		case "string_content":
			if content.OK() || !child.Leaf() {
				return syntax.Node{}, false
			}
			content = child
		case "interpolation":
			return syntax.Node{}, false
		}
	}
	return content, content.OK()
}

// subscripted splits `base[argument, ...]`.
func (r *pythonReader) subscripted(e expression) (base expression, args []expression, ok bool) {
	switch e.Kind() {
	case "generic_type":
		for child := range e.Children() {
			if child.Kind() != "type_parameter" {
				base = e.at(child)
				continue
			}
			for arg := range child.Children() {
				args = append(args, e.at(arg))
			}
		}
		return base, args, true
	case "subscript":
		for child := range e.Children() {
			if child.Field() == "value" {
				base = e.at(child)
			} else if child.Field() == "subscript" {
				args = append(args, e.at(child))
			}
		}
		if len(args) == 1 && args[0].Kind() == "tuple" {
			tuple := args[0]
			args = nil
			for child := range tuple.Children() {
				args = append(args, e.at(child))
			}
		}
		return base, args, true
	}
	return expression{}, nil, false
}

// outputs names and types the outputs that a return annotation declares, as
// core/interface.py:extract_return_annotation does.
func (r *pythonReader) outputs(e expression, depth int) (outputs []Variable, known bool) {
	e = r.unquote(e)
	one := []Variable{r.output(0, e)}
	switch e.Kind() {
	case "none":
		return nil, true
	case "tuple":
		for child := range e.Children() {
			outputs = append(outputs, r.output(len(outputs), e.at(child)))
		}
		return outputs, len(outputs) > 1
	case "generic_type", "subscript":
		base, args, _ := r.subscripted(e)
		switch qualified := r.qualify(base); {
		case qualified == "typing.Tuple" || qualified == "builtins.tuple":
			for _, arg := range args {
				outputs = append(outputs, r.output(len(outputs), arg))
			}
			return outputs, len(outputs) > 1 && outputs[len(outputs)-1].Type != "..."
		default:
			return one, isPlain(qualified)
		}
	case "union_type", "binary_operator":
		return one, true
	case "call":
		if fields, ok := r.namedTupleCall(e); ok {
			return fields, true
		}
		return one, false
	case "identifier", "attribute", "member_type":
		return r.namedOutputs(e, one, depth)
	}
	return one, false
}

// namedOutputs are the outputs where the annotation is a name.
func (r *pythonReader) namedOutputs(e expression, one []Variable, depth int) ([]Variable, bool) {
	name := r.dotted(e)
	bound, ok := r.scope[name]
	switch {
	case !ok || bound.qualified != "" || name == "":
		return one, isPlain(r.qualify(e))
	case bound.definition.Kind() == "class_definition":
		if fields, ok := r.namedTupleClass(bound.definition); ok {
			return fields, true
		}
		return one, true
	case bound.definition.OK() && depth < maxDepth:
		outputs, known := r.outputs(expression{Node: bound.definition}, depth+1)
		if len(outputs) == 1 && outputs[0].Name == numbered(0) {
			return one, known
		}
		return outputs, known
	}
	return one, false
}

func (r *pythonReader) output(index int, e expression) Variable {
	if e.Kind() == "type" {
		e = e.at(e.First())
	}
	return Variable{Name: numbered(index), Type: r.source.Slice(e.span()), TypeSpan: e.span()}
}

// namedTupleClass reads the fields of `class X(NamedTuple)`. A class derived
// from such a class is, to flytekit, one value.
func (r *pythonReader) namedTupleClass(class syntax.Node) (fields []Variable, ok bool) {
	bases := 0
	for base := range class.Child("superclasses").Children() {
		bases++
		switch r.qualify(expression{Node: base}) {
		case "typing.NamedTuple", "typing_extensions.NamedTuple":
			ok = true
		}
	}
	if !ok || bases != 1 {
		return nil, false
	}
	for statement := range class.Child("body").Children() {
		assignment := statement.First()
		if statement.Kind() != "expression_statement" || assignment.Kind() != "assignment" {
			continue
		}
		name, annotation := assignment.Child("left"), assignment.Child("type")
		if annotation.OK() {
			fields = append(fields, Variable{
				Name: r.text(name), NameSpan: span(name),
				Type: r.text(annotation), TypeSpan: span(annotation),
			})
		}
	}
	return fields, true
}

// namedTupleCall reads the fields of `NamedTuple("X", [("a", int)])` and
// `NamedTuple("X", a=int)`. collections.namedtuple has no types, and gives no
// outputs.
func (r *pythonReader) namedTupleCall(e expression) (fields []Variable, ok bool) {
	switch r.qualify(e.at(e.Child("function"))) {
	case "collections.namedtuple":
		return nil, true
	case "typing.NamedTuple", "typing_extensions.NamedTuple":
	default:
		return nil, false
	}
	position := 0
	for arg := range e.Child("arguments").Children() {
		value := arg
		if arg.Kind() == "keyword_argument" {
			name := r.source.Slice(e.at(arg.Child("name")).span())
			value = arg.Child("value")
			if name != "fields" && name != "typename" {
				fields = append(fields, r.field(e.at(arg.Child("name")), e.at(value)))
				continue
			}
		} else {
			position++
			if position == 1 {
				continue
			}
		}
		listed, ok := r.listedFields(e.at(value))
		if !ok {
			return nil, false
		}
		fields = append(fields, listed...)
	}
	return fields, true
}

// listedFields reads `[("a", int), ...]`.
func (r *pythonReader) listedFields(list expression) (fields []Variable, ok bool) {
	if list.Kind() != "list" && list.Kind() != "tuple" {
		return nil, false
	}
	for element := range list.Children() {
		var parts []syntax.Node
		for part := range element.Children() {
			parts = append(parts, part)
		}
		if element.Kind() != "tuple" || len(parts) != 2 {
			return nil, false
		}
		name, ok := plainString(parts[0])
		if !ok {
			return nil, false
		}
		fields = append(fields, r.field(list.at(name), list.at(parts[1])))
	}
	return fields, true
}

func (r *pythonReader) field(name, annotation expression) Variable {
	field := r.output(0, annotation)
	field.Name, field.NameSpan = r.source.Slice(name.span()), name.span()
	return field
}

// optional tells whether None is among an annotation's types, as
// core/type_engine.py:UnionTransformer.is_optional_type does.
func (r *pythonReader) optional(e expression, depth int) bool {
	e = r.unquote(e)
	if depth > maxDepth {
		return false
	}
	switch e.Kind() {
	case "generic_type", "subscript":
		base, args, _ := r.subscripted(e)
		switch r.qualify(base) {
		case "typing.Optional":
			return true
		case "typing.Union":
			for _, arg := range args {
				if arg = r.unquote(arg); arg.Kind() == "none" || r.optional(arg, depth+1) {
					return true
				}
			}
		}
	case "union_type", "binary_operator":
		for child := range e.Children() {
			if arg := r.unquote(e.at(child)); arg.Kind() == "none" || r.optional(arg, depth+1) {
				return true
			}
		}
	case "identifier":
		bound := r.scope[r.dotted(e)]
		if bound.definition.OK() && bound.qualified == "" && bound.definition.Kind() != "class_definition" {
			return r.optional(expression{Node: bound.definition}, depth+1)
		}
	}
	return false
}

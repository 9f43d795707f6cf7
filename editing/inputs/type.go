package inputs

import (
	"strconv"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Kind says how a value of a type is written.
type Kind int

// The kinds of types. Any is what pyflyte takes as it comes, and what isn't known.
const (
	Any Kind = iota
	None
	Bool
	Int
	Float
	Str
	Datetime
	Date
	Duration
	Enum
	List
	Dict
	Object // a dataclass, or the document itself
	Union
	File
	Directory
	Dataset
)

// Type is the type of an input, or of a part of one, as far as the form of its
// values hangs on it.
type Type struct {
	Kind Kind
	// Text is how its author writes it.
	Text string
	// Of is the type of a List's items or a Dict's values.
	Of *Type
	// Variants are those of a Union.
	Variants []*Type
	// Values are those of an Enum, or of a Literal, for which pyflyte takes others too.
	Values []string
	// Fields are those of an Object. Exact: nothing but them says how an object is
	// read.
	Fields []*Field
	Exact  bool
	// Module is the one that defines an Object's class; nil of the document.
	Module *pyeval.Module
	// Doc is the docstring of an Object's class.
	Doc string
	// Literal is Flyte's type; nil where it isn't known.
	Literal *core.LiteralType
}

// Field is an input, or a field of a dataclass.
type Field struct {
	*model.Variable
	// Needed: a value has to be given.
	Needed bool
	Type   *Type
	// Path is the file in which its name stands; "" if it stands nowhere.
	Path string
}

// Field is the field of a name, nil if there is none.
func (t *Type) Field(name string) *Field {
	for _, field := range t.Fields {
		if field.Name == name {
			return field
		}
	}
	return nil
}

// typesOf are the types of an entity's inputs, as the fields of an Object. It is
// Exact if the interface is known for certain.
func typesOf(module *model.Module, entity *model.Entity) *Type {
	r := &types{module: module, classes: map[*pyeval.Class]*Type{}}
	document := &Type{Kind: Object, Text: entity.Name, Doc: entity.Doc, Exact: entity.InputsUnknown == "" && entity.Opaque == ""}
	for _, input := range entity.Inputs {
		document.Fields = append(document.Fields, &Field{
			Variable: input, Needed: input.Required && input.Default == "", Type: r.variable(input), Path: entity.Path,
		})
	}
	return document
}

// types makes the types of one module's variables.
type types struct {
	module  *model.Module
	classes map[*pyeval.Class]*Type
}

func (r *types) variable(v *model.Variable) *Type {
	made := &Type{}
	if t, err := r.module.LiteralType(v); err == nil {
		made = r.of(t, v.PyType)
	}
	if v.Type != "" {
		named := *made
		named.Text = oneLine(v.Type)
		return &named
	}
	return made
}

var simpleKinds = map[core.SimpleType]Kind{
	core.SimpleType_NONE: None, core.SimpleType_INTEGER: Int, core.SimpleType_FLOAT: Float, core.SimpleType_STRING: Str,
	core.SimpleType_BOOLEAN: Bool, core.SimpleType_DATETIME: Datetime, core.SimpleType_DURATION: Duration,
}

// of is the type of a Flyte type and the Python type that it was made of; pyflyte
// chooses by both how it reads a value
// (interaction/click_types.py:literal_type_to_click_type).
func (r *types) of(t *core.LiteralType, python pyeval.Value) *Type {
	python = r.bare(python)
	made := &Type{Text: literal.TypeText(t), Literal: t}
	switch kind := t.GetType().(type) {
	case *core.LiteralType_Simple:
		if kind.Simple == core.SimpleType_STRUCT {
			return r.structure(made, python)
		}
		made.Kind = simpleKinds[kind.Simple]
		made.Values = r.literals(python)
		if native, ok := python.(*pyeval.Native); ok && native.Name == "datetime.date" {
			made.Kind, made.Text = Date, "date"
		}
	case *core.LiteralType_EnumType:
		made.Kind, made.Values = Enum, kind.EnumType.GetValues()
		if class, ok := python.(*pyeval.Class); ok {
			made.Text = class.Name
		}
	case *core.LiteralType_CollectionType:
		made.Kind, made.Of = List, r.of(kind.CollectionType, argument(python, 0))
		made.Text = "List[" + made.Of.Text + "]"
	case *core.LiteralType_MapValueType:
		made.Kind, made.Of = Dict, r.of(kind.MapValueType, argument(python, 1))
		made.Text = "Dict[str, " + made.Of.Text + "]"
	case *core.LiteralType_UnionType:
		r.union(made, kind.UnionType, python)
	case *core.LiteralType_Blob:
		r.blob(made, kind.Blob, python)
	case *core.LiteralType_StructuredDatasetType:
		made.Kind = Dataset
	}
	return made
}

func (r *types) union(made *Type, union *core.UnionType, python pyeval.Value) {
	of, _ := python.(*pyeval.Union)
	if of == nil || len(of.Args) != len(union.GetVariants()) {
		return
	}
	made.Kind = Union
	for i, variant := range union.GetVariants() {
		made.Variants = append(made.Variants, r.of(variant, of.Args[i]))
	}
}

func (r *types) blob(made *Type, blob *core.BlobType, python pyeval.Value) {
	switch {
	case blob.GetFormat() == "PythonPickle":
		made.Values = r.literals(python)
	case blob.GetFormat() == "jsonl":
	case blob.GetDimensionality() == core.BlobType_MULTIPART:
		made.Kind = Directory
	default:
		made.Kind = File
	}
}

// literals are the values of a Literal of texts; nil of other types.
func (r *types) literals(python pyeval.Value) []string {
	alias, ok := python.(*pyeval.Alias)
	if !ok {
		return nil
	}
	if origin, ok := r.module.Resolve(alias.Origin).(*pyeval.Native); !ok || origin.Name != "typing.Literal" {
		return nil
	}
	var found []string
	for _, value := range alias.Args {
		text, ok := value.(pyeval.Str)
		if !ok {
			return nil
		}
		found = append(found, string(text))
	}
	return found
}

// structure is the type of what travels as JSON: a dataclass, a dict of anything.
func (r *types) structure(made *Type, python pyeval.Value) *Type {
	class, ok := python.(*pyeval.Class)
	if !ok {
		native, isNative := python.(*pyeval.Native)
		if isNative && native.Name == "builtins.dict" {
			made.Kind, made.Of = Dict, &Type{}
		}
		return made
	}
	if known := r.classes[class]; known != nil {
		return known
	}
	made.Text, made.Module = class.Name, class.Module
	if class.Def != nil {
		made.Doc = class.Def.Doc
	}
	r.classes[class] = made
	fields, exact, ok := r.module.Dataclass(class)
	if !ok {
		return made
	}
	made.Kind, made.Exact = Object, exact
	for _, field := range fields {
		made.Fields = append(made.Fields, &Field{
			Variable: field.Variable, Needed: field.Required, Type: r.variable(field.Variable), Path: field.Class.Module.Path,
		})
	}
	return made
}

// bare is a type without what is annotated, and without names of its own.
func (r *types) bare(t pyeval.Value) pyeval.Value {
	for range 20 { // a type may stand for itself
		if r.module.Module != nil && t != nil {
			t = r.module.Resolve(t)
		}
		switch of := t.(type) {
		case *pyeval.Alias:
			origin, _ := r.module.Resolve(of.Origin).(*pyeval.Native)
			if origin == nil || origin.Name != "typing.Annotated" || len(of.Args) == 0 {
				return t
			}
			t = of.Args[0]
		case *pyeval.NewType:
			t = of.Of
		case *pyeval.TypeAliasValue:
			t = of.Of
		default:
			return t
		}
	}
	return t
}

// argument is an argument of List[...] or Dict[...]; nil if there is none.
func argument(t pyeval.Value, i int) pyeval.Value {
	if alias, ok := t.(*pyeval.Alias); ok && i < len(alias.Args) {
		return alias.Args[i]
	}
	return nil
}

// optional tells whether null is a value of a type.
func (t *Type) optional() bool {
	if t.Kind == Union {
		for _, variant := range t.Variants {
			if variant.Kind == None {
				return true
			}
		}
	}
	return t.Kind == None || t.Kind == Any && t.Literal == nil
}

// only is the one variant of a kind that a union has, or the type itself if it is
// of the kind; nil if there is none, or several.
func (t *Type) only(kinds ...Kind) *Type {
	var found *Type
	for _, variant := range t.alternatives() {
		for _, kind := range kinds {
			if variant.Kind == kind {
				if found != nil {
					return nil
				}
				found = variant
			}
		}
	}
	return found
}

// alternatives are the types that a value may be of: a union's variants.
func (t *Type) alternatives() []*Type {
	if t.Kind != Union {
		return []*Type{t}
	}
	var all []*Type
	for _, variant := range t.Variants {
		all = append(all, variant.alternatives()...)
	}
	return all
}

// choices are the texts that a type is made of, in quotes as Python has them.
func (t *Type) choices() string {
	var text strings.Builder
	for i, value := range t.Values {
		switch {
		case i == 0:
		case i == len(t.Values)-1:
			text.WriteString(" or ")
		default:
			text.WriteString(", ")
		}
		text.WriteString(strconv.Quote(value))
	}
	return text.String()
}

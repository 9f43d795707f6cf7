package typeengine

import (
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// transformer is one of flytekit's type transformers.
type transformer struct {
	// name is what flytekit calls it, in the tags of unions.
	name string
	// literalType is its get_literal_type. The type may be Annotated.
	literalType func(c *conversion, t pyeval.Value) (*core.LiteralType, error)
	// literal is its to_literal with the assertion of the type before; nil
	// where what it makes can't be told from the source (it uploads a file).
	literal func(c *conversion, t, v pyeval.Value) (*core.Literal, error)
}

// transformer finds the transformer of a type (TypeEngine.get_transformer).
func (c *conversion) transformer(t pyeval.Value) (*transformer, error) {
	t = c.resolve(t)
	if tr, err := c.registered(t); tr != nil || err != nil {
		return tr, err
	}
	mro, err := c.mro(t)
	if err != nil {
		return nil, err
	}
	for _, class := range mro {
		if tr, err := c.registered(class); tr != nil || err != nil {
			return tr, err
		}
		if native, ok := class.(*pyeval.Native); ok && !c.knownBase(native.Name) {
			return nil, unknown("%s derives from %s, of which nothing is known", describe(t), native.Name)
		}
	}
	if class, ok := t.(*pyeval.Class); ok && c.isDataclass(class) {
		return dataclassTransformer, nil
	}
	return pickleTransformer, nil
}

// knownBase tells whether what flytekit makes of a native class, and so of
// classes that derive from it, is known.
func (c *conversion) knownBase(name string) bool {
	_, ok := nativeClasses()[name]
	return ok || libraries[name].transformer != nil || isHarmless(name) || name == "mashumaro.types.SerializableType"
}

// registered is the transformer that is registered for a type itself
// (TypeEngine._get_transformer); nil if there is none.
func (c *conversion) registered(t pyeval.Value) (*transformer, error) {
	switch t := t.(type) {
	case *pyeval.Unknown:
		return nil, &UnknownError{Reason: t.Reason}
	case *pyeval.Uncertain:
		return nil, unknown("it is one of several types, and the source doesn't tell which")
	case *pyeval.ForwardRef:
		return nil, unknown("the quoted type %s isn't looked up", t.Text)
	case pyeval.None:
		return noneTransformer, nil
	case *pyeval.Union:
		return unionTransformer, nil
	case *pyeval.Native:
		return c.registeredNative(t)
	case *pyeval.Alias:
		return c.registeredAlias(t)
	case *pyeval.Class:
		if c.isEnum(t) {
			return enumTransformer, nil
		}
	case *pyeval.EnumMember, *pyeval.Instance, *pyeval.List, *pyeval.Dict, *pyeval.Tuple, *pyeval.Set,
		pyeval.Str, pyeval.Bytes, pyeval.Int, pyeval.Float, pyeval.Bool, pyeval.Ellipsis, *pyeval.ModuleRef:
		return nil, unknown("%s is no type", t.Describe())
	}
	return nil, nil
}

func (c *conversion) registeredNative(n *pyeval.Native) (*transformer, error) {
	if n.Missing != "" {
		if !knownLibrary(n.Name) {
			return nil, &UnknownError{Reason: n.Missing}
		}
		pkg, _, _ := strings.Cut(n.Name, ".")
		c.assume(pkg + " is installed")
	}
	if tr, ok := registry[n.Name]; ok {
		return tr, nil
	}
	if tr := c.ofLibrary(n.Name); tr != nil {
		return tr, nil
	}
	if c.isEnumNative(n.Name) {
		return enumTransformer, nil
	}
	return nil, nil
}

func (c *conversion) registeredAlias(a *pyeval.Alias) (*transformer, error) {
	origin := c.resolve(a.Origin)
	if class, ok := origin.(*pyeval.Class); ok {
		if derives, _ := c.derives(class, "pydantic.BaseModel", "pydantic.main.BaseModel"); derives {
			return nil, unknown("what pydantic makes of %s isn't known", c.reprOr(a))
		}
	}
	native, ok := origin.(*pyeval.Native)
	if !ok {
		return nil, nil // List[int] of a user's own: no origin is registered
	}
	switch native.Name {
	case "typing.Annotated":
		if len(a.Args) == 0 {
			return nil, unknown("Annotated has no type")
		}
		for _, arg := range a.Args[1:] {
			if err := c.checkAnnotation(arg); err != nil {
				return nil, err
			}
		}
		return c.transformer(a.Args[0])
	case "typing.Literal":
		return literalTransformer, nil
	case "collections.abc.Iterator":
		if len(a.Args) == 1 && c.isJSON(a.Args[0]) {
			return jsonIteratorTransformer, nil
		}
	case "numpy.typing.NDArray":
		return c.ofLibrary("numpy.ndarray"), nil
	}
	return c.registeredNative(native)
}

// checkAnnotation looks whether an argument of Annotated is known well enough
// to say that it is no type transformer.
func (c *conversion) checkAnnotation(arg pyeval.Value) error {
	switch arg := c.resolve(arg).(type) {
	case *pyeval.Unknown:
		return unknown("an annotation of the type isn't known: %s", arg.Reason)
	case *pyeval.Uncertain:
		return unknown("an annotation of the type is one of several")
	case *pyeval.Instance:
		if c.isInstanceOf(arg, "flytekit.core.type_engine.TypeTransformer") ||
			c.isInstanceOf(arg, "flytekit.core.type_engine.AsyncTypeTransformer") {
			return unknown("the type names a type transformer of its own")
		}
	}
	return nil
}

// annotated is a type `Annotated[type, ...]`, with annotations of annotated
// types put into one.
func annotated(t pyeval.Value) (*pyeval.Alias, bool) {
	alias, ok := t.(*pyeval.Alias)
	if !ok || len(alias.Args) == 0 || nativeName(alias.Origin) != "typing.Annotated" {
		return nil, false
	}
	if inner, ok := annotated(alias.Args[0]); ok {
		args := append(append([]pyeval.Value{}, inner.Args...), alias.Args[1:]...)
		return &pyeval.Alias{Origin: alias.Origin, Args: args, Spelled: alias.Spelled}, true
	}
	return alias, true
}

// underlying is the type of an annotated one (get_underlying_type).
func (c *conversion) underlying(t pyeval.Value) pyeval.Value {
	t = c.resolve(t)
	if alias, ok := annotated(t); ok {
		return c.resolve(alias.Args[0])
	}
	return t
}

// nativeName is the name of a native, "" of anything else.
func nativeName(v pyeval.Value) string {
	if native, ok := v.(*pyeval.Native); ok {
		return native.Name
	}
	return ""
}

// registry has the transformers that flytekit always registers
// (core/type_engine.py, _register_default_type_transformers, and the modules
// that flytekit/__init__.py imports), by the name of the type.
var registry map[string]*transformer

// The transformers that others name. They are set in init, since they use each
// other.
var (
	noneTransformer, listTransformer, dictTransformer, unionTransformer,
	iteratorTransformer, jsonIteratorTransformer, enumTransformer, literalTransformer,
	dataclassTransformer, pydanticTransformer, pickleTransformer, fileTransformer,
	directoryTransformer, datasetTransformer, schemaTransformer *transformer
)

func init() {
	noneTransformer = constant("none", typeNone, noneLiteral)
	listTransformer = &transformer{"Typed List", listType, listLiteral}
	dictTransformer = &transformer{"Typed Dict", dictType, dictLiteral}
	unionTransformer = &transformer{"Typed Union", unionType, unionLiteral}
	iteratorTransformer = &transformer{"Typed Iterator", iteratorType, nil}
	jsonIteratorTransformer = constant("JSON Iterator", typeJSONLines, nil)
	enumTransformer = &transformer{"DefaultEnumTransformer", enumType, enumLiteral}
	literalTransformer = &transformer{"LiteralTypeTransformer", literalType, literalLiteral}
	dataclassTransformer = &transformer{"Object-Dataclass-Transformer", dataclassType, dataclassLiteral}
	pydanticTransformer = &transformer{"Pydantic Transformer", pydanticType, pydanticLiteral}
	pickleTransformer = &transformer{"FlytePickle", pickleType, nil}
	fileTransformer = &transformer{"FlyteFilePath", fileType, fileLiteral}
	directoryTransformer = &transformer{"FlyteDirectory", directoryType, directoryLiteral}
	datasetTransformer = &transformer{"StructuredDataset Transformer", datasetType, datasetLiteral}
	schemaTransformer = &transformer{"FlyteSchema Transformer", schemaType, nil}
	registerLibraries()
	registry = map[string]*transformer{
		"builtins.int":       plainType("int", typeInt, intLiteral),
		"builtins.float":     plainType("float", typeFloat, floatLiteral),
		"builtins.str":       plainType("str", typeStr, strLiteral),
		"builtins.bool":      plainType("bool", typeBool, boolLiteral),
		"datetime.datetime":  plainType("datetime", typeDatetime, datetimeLiteral),
		"datetime.date":      plainType("date", typeDatetime, dateLiteral),
		"datetime.timedelta": plainType("timedelta", typeDuration, timedeltaLiteral),
		"types.NoneType":     noneTransformer,
		"builtins.NoneType":  noneTransformer,

		"builtins.list":            listTransformer,
		"typing.List":              listTransformer,
		"builtins.dict":            dictTransformer,
		"typing.Dict":              dictTransformer,
		"typing.Union":             unionTransformer,
		"types.UnionType":          unionTransformer,
		"collections.abc.Iterator": iteratorTransformer,
		"typing.Iterator":          iteratorTransformer,

		"builtins.tuple":    restricted("non typed tuple", "<class 'tuple'>"),
		"typing.Tuple":      restricted("non typed tuple", "typing.Tuple"),
		"typing.NamedTuple": restricted("named tuple", "<function NamedTuple>"),

		"typing.TextIO":                            constant("TextIO", file("text/plain"), nil),
		"typing.BinaryIO":                          constant("BinaryIO", file("application/octet-stream"), nil),
		"os.PathLike":                              fileTransformer,
		"flytekit.types.file.file.FlyteFile":       fileTransformer,
		"flytekit.types.file.FlyteFile":            fileTransformer,
		"flytekit.types.pickle.pickle.FlytePickle": pickleTransformer,

		"flytekit.types.directory.types.FlyteDirectory":                  directoryTransformer,
		"flytekit.types.structured.structured_dataset.StructuredDataset": datasetTransformer,
		"flytekit.types.schema.types.FlyteSchema":                        schemaTransformer,
		"flytekit.types.error.error.FlyteError":                          constant("FlyteError", typeError, nil),
		"flytekit.types.iterator.json_iterator.JSONIterator":             jsonIteratorTransformer,
		"flytekit.types.iterator.json_iterator.JSON":                     unionTransformer,
	}
}

// constant is a transformer that makes the same of all its types.
func constant(name string, literalType *core.LiteralType, literal func(*conversion, pyeval.Value, pyeval.Value) (*core.Literal, error)) *transformer {
	return &transformer{
		name:        name,
		literalType: func(*conversion, pyeval.Value) (*core.LiteralType, error) { return literalType, nil },
		literal:     literal,
	}
}

// plainType is a SimpleTransformer: its values must be exactly of the type, so
// that a class which derives from it has none.
func plainType(name string, literalType *core.LiteralType, literal func(*conversion, pyeval.Value, pyeval.Value) (*core.Literal, error)) *transformer {
	return constant(name, literalType, func(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
		if _, ok := c.resolve(t).(*pyeval.Class); ok {
			return nil, c.mismatch("", t, v)
		}
		return literal(c, t, v)
	})
}

// restricted is a RestrictedTypeTransformer: the type is no input and no output.
func restricted(name, of string) *transformer {
	return &transformer{
		name: name,
		literalType: func(_ *conversion, t pyeval.Value) (*core.LiteralType, error) {
			return nil, rejectedType("type-tuple", t, "Transformer for type %s is restricted currently", of)
		},
	}
}

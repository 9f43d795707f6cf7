package typeengine

import (
	"encoding/base64"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// errNoSchema: mashumaro has no JSON schema of the type, and flytekit goes on
// without.
var errNoSchema = errors.New("mashumaro doesn't support the type")

// schemaBuilder makes a JSON schema as mashumaro's build_json_schema does
// (mashumaro/jsonschema/schema.py).
type schemaBuilder struct {
	*conversion
	definitions map[string]any
	classes     []*pyeval.Class
	aliases     []*pyeval.TypeAliasValue
}

// place is where a type stands: in a field of a class.
type place struct {
	field *field        // nil outside of dataclasses
	owner *pyeval.Class // nil outside of dataclasses
	// types are what the type variables of the owner stand for.
	types map[string]pyeval.Value
}

// dataclassSchema is the JSON schema of a dataclass that flytekit puts into the
// metadata of its type, as decoded JSON; errNoSchema if there is none.
func (c *conversion) dataclassSchema(class *pyeval.Class) (map[string]any, error) {
	if c.cannotStrip(class, nil) {
		return nil, errNoSchema
	}
	b := &schemaBuilder{conversion: c, definitions: map[string]any{}}
	schema, err := b.schema(class, place{})
	if err != nil {
		return nil, err
	}
	if len(b.definitions) > 0 {
		schema["$defs"] = maps.Clone(b.definitions)
	}
	return schema, nil
}

// cannotStrip tells whether flytekit fails to look for annotations in the
// fields of a class: it takes each List and Dict to have arguments
// (DataclassTransformer._get_origin_type_in_annotation).
func (c *conversion) cannotStrip(t pyeval.Value, within []*pyeval.Class) bool {
	switch t := c.resolve(t).(type) {
	case *pyeval.Native:
		return t.Name == "typing.List" || t.Name == "typing.Dict"
	case *pyeval.Alias:
		switch nativeName(c.resolve(t.Origin)) {
		case "builtins.list", "builtins.dict":
			return slices.ContainsFunc(t.Args, func(arg pyeval.Value) bool { return c.cannotStrip(arg, within) })
		}
	case *pyeval.Class:
		if !c.isDataclass(t) || slices.Contains(within, t) || t.Module != nil && t.Module.FutureAnnotations {
			return false
		}
		for _, annotation := range t.Annotations {
			if _, quoted := annotation.Expr.(*ast.Constant); quoted {
				continue
			}
			if c.cannotStrip(c.annotation(annotation), append(within, t)) {
				return true
			}
		}
	}
	return false
}

// schema is get_schema.
func (b *schemaBuilder) schema(t pyeval.Value, at place) (map[string]any, error) {
	if b.depth++; b.depth > maxDepth {
		return nil, unknown("the type is nested too deeply")
	}
	defer func() { b.depth-- }()
	t = b.substitute(t, at)
	var annotations []pyeval.Value
	if alias, ok := annotated(t); ok {
		t, annotations = b.substitute(alias.Args[0], at), alias.Args[1:]
	}
	if reason, ok := b.uncertain(t); ok {
		return nil, &UnknownError{Reason: reason}
	}
	if err := b.checkSerialization(at); err != nil {
		return nil, err
	}
	schema, err := b.ofType(t, at)
	if err != nil {
		return nil, err
	}
	return schema, b.constrain(schema, annotations)
}

// substitute is what a type variable stands for.
func (b *schemaBuilder) substitute(t pyeval.Value, at place) pyeval.Value {
	t = b.resolve(t)
	if variable, ok := t.(*pyeval.TypeVar); ok {
		if of, ok := at.types[variable.Name]; ok {
			return b.resolve(of)
		}
	}
	return t
}

// checkSerialization gives up fields and classes that say themselves how they
// are written.
func (b *schemaBuilder) checkSerialization(at place) error {
	for _, key := range []string{"serialize", "serialization_strategy"} {
		if b.meta(at.field, key) != nil {
			return unknown("%s.%s says itself how it is serialized", at.owner.Name, at.field.name)
		}
	}
	return nil
}

func (b *schemaBuilder) ofType(t pyeval.Value, at place) (map[string]any, error) {
	switch t := t.(type) {
	case pyeval.None:
		return map[string]any{"type": "null"}, nil
	case *pyeval.Class:
		return b.ofClass(t, nil, at)
	case *pyeval.Native:
		if isSelf(t.Name) && at.owner != nil {
			return b.ofClass(at.owner, nil, at)
		}
		return b.ofNative(t)
	case *pyeval.Union:
		return b.anyOf(t.Args, at)
	case *pyeval.TypeVar:
		switch {
		case len(t.Constraints) > 0:
			return b.anyOf(t.Constraints, at)
		case t.Bound != nil:
			return b.schema(t.Bound, at)
		}
		return map[string]any{}, nil
	case *pyeval.NewType:
		return b.schema(t.Of, at)
	case *pyeval.TypeAliasValue:
		return b.ofAliasValue(t, at)
	case *pyeval.NamedTuple:
		return b.namedTuple(t.Fields, t.Types, at)
	case *pyeval.Alias:
		return b.ofAlias(t, at)
	}
	return nil, unknown("the JSON schema of %s isn't known", describe(t))
}

func isSelf(name string) bool { return name == "typing.Self" || name == "typing_extensions.Self" }

func (b *schemaBuilder) anyOf(args []pyeval.Value, at place) (map[string]any, error) {
	schemas, err := b.all(args, at)
	if err != nil {
		return nil, err
	}
	return map[string]any{"anyOf": schemas}, nil
}

func (b *schemaBuilder) all(args []pyeval.Value, at place) ([]any, error) {
	schemas := make([]any, len(args))
	for i, arg := range args {
		schema, err := b.schema(arg, at)
		if err != nil {
			return nil, err
		}
		schemas[i] = schema
	}
	return schemas, nil
}

// nativeSchemas are the schemas of Python's own types.
var nativeSchemas = map[string]map[string]any{
	"builtins.int":       {"type": "integer"},
	"builtins.float":     {"type": "number"},
	"builtins.bool":      {"type": "boolean"},
	"builtins.str":       {"type": "string"},
	"types.NoneType":     {"type": "null"},
	"builtins.NoneType":  {"type": "null"},
	"typing.Any":         {},
	"datetime.datetime":  {"type": "string", "format": "date-time"},
	"datetime.date":      {"type": "string", "format": "date"},
	"datetime.time":      {"type": "string", "format": "time"},
	"datetime.timedelta": {"type": "number", "format": "time-delta"},
	"datetime.timezone":  {"type": "string", "pattern": `^UTC([+-][0-2][0-9]:[0-5][0-9])?$`},
	"zoneinfo.ZoneInfo":  {"type": "string", "format": "time-zone"},
	"uuid.UUID":          {"type": "string", "format": "uuid"},
	"decimal.Decimal":    {"type": "string", "format": "decimal"},
	"fractions.Fraction": {"type": "string", "format": "fraction"},

	"ipaddress.IPv4Address":   {"type": "string", "format": "ipv4"},
	"ipaddress.IPv6Address":   {"type": "string", "format": "ipv6"},
	"ipaddress.IPv4Network":   {"type": "string", "format": "ipv4network"},
	"ipaddress.IPv6Network":   {"type": "string", "format": "ipv6network"},
	"ipaddress.IPv4Interface": {"type": "string", "format": "ipv4interface"},
	"ipaddress.IPv6Interface": {"type": "string", "format": "ipv6interface"},

	"builtins.bytes":             {"type": "string", "format": "base64"},
	"builtins.bytearray":         {"type": "string", "format": "base64"},
	"builtins.memoryview":        {"type": "string", "format": "base64"},
	"collections.abc.ByteString": {"type": "string", "format": "base64"},
	"os.PathLike":                {"type": "string", "format": "path"},
	"pathlib.Path":               {"type": "string", "format": "path"},
	"pathlib.PosixPath":          {"type": "string", "format": "path"},
	"pathlib.WindowsPath":        {"type": "string", "format": "path"},
	"pathlib.PurePath":           {"type": "string", "format": "path"},
	"pathlib.PurePosixPath":      {"type": "string", "format": "path"},
	"pathlib.PureWindowsPath":    {"type": "string", "format": "path"},
}

// flyteSchemas are those of flytekit's dataclasses.
var flyteSchemas = map[string]func() map[string]any{
	flyteFile: func() map[string]any {
		strings := map[string]any{"type": "object", "propertyNames": typed("string"), "additionalProperties": typed("string")}
		return ofFlyte("FlyteFile", map[string]any{
			"path":     pathSchema(),
			"metadata": map[string]any{"anyOf": []any{strings, typed("null")}, "default": nil},
		})
	},
	flyteDirectory: func() map[string]any {
		return ofFlyte("FlyteDirectory", map[string]any{"path": pathSchema()})
	},
	structuredDataset: func() map[string]any {
		return ofFlyte("StructuredDataset", map[string]any{"uri": optionalText(nil), "file_format": optionalText("")})
	},
	"flytekit.types.schema.types.FlyteSchema": func() map[string]any {
		return ofFlyte("FlyteSchema", map[string]any{"remote_path": optionalText(nil)})
	},
	"flytekit.types.error.error.FlyteError": func() map[string]any {
		schema := ofFlyte("FlyteError", map[string]any{"message": typed("string"), "failed_node_id": typed("string")})
		schema["required"] = []string{"message", "failed_node_id"}
		return schema
	},
}

func typed(name string) map[string]any { return map[string]any{"type": name} }

func pathSchema() map[string]any {
	path := map[string]any{"type": "string", "format": "path"}
	return map[string]any{"anyOf": []any{typed("string"), path}, "default": nil}
}

func optionalText(fallback any) map[string]any {
	return map[string]any{"anyOf": []any{typed("string"), typed("null")}, "default": fallback}
}

func ofFlyte(title string, properties map[string]any) map[string]any {
	return map[string]any{"title": title, "type": "object", "additionalProperties": false, "properties": properties}
}

func (b *schemaBuilder) ofNative(n *pyeval.Native) (map[string]any, error) {
	if schema, ok := nativeSchemas[n.Name]; ok {
		return maps.Clone(schema), nil
	}
	if schema, ok := flyteSchemas[n.Name]; ok {
		return schema(), nil
	}
	if schema, ok, err := b.container(n.Name, nil, place{}); ok || err != nil {
		return schema, err
	}
	class, ok := nativeClasses()[n.Name]
	switch {
	case ok && slices.Contains(class.bases, "enum.Enum"):
		return nil, unknown("the members of %s aren't known", n.Name)
	case ok && slices.Contains(class.bases, "builtins.str"):
		return typed("string"), nil
	case ok && (slices.Contains(class.bases, "collections.abc.Collection") || slices.Contains(class.bases, "builtins.dict") || slices.Contains(class.bases, "builtins.list")):
		return nil, unknown("the JSON schema of %s isn't known", n.Name)
	case ok, unsupported(n.Name):
		return nil, errNoSchema
	}
	return nil, b.notKnown(n)
}

// unsupported tells whether a type is one that mashumaro is known not to know.
func unsupported(name string) bool {
	if _, ok := libraries[name]; ok {
		return !strings.HasPrefix(name, "omegaconf.") && !strings.HasPrefix(name, "xarray.") && !strings.HasPrefix(name, "flytekit.")
	}
	return isSpecialForm(name)
}

// container is the schema of a container with or without types of its items;
// false if it is none (on_collection).
func (b *schemaBuilder) container(origin string, args []pyeval.Value, at place) (schema map[string]any, ok bool, err error) {
	item := func(i int) (map[string]any, error) {
		if i >= len(args) {
			return nil, nil
		}
		schema, err := b.schema(args[i], at)
		if len(schema) == 0 {
			return nil, err // what takes anything is left out
		}
		return schema, err
	}
	put := func(key string, i int) {
		value, failed := item(i)
		if failed != nil {
			err = failed
		} else if value != nil {
			schema[key] = value
		}
	}
	switch origin {
	case "builtins.list", "typing.List", "collections.deque", "typing.Deque",
		"collections.abc.Sequence", "collections.abc.MutableSequence", "typing.Sequence", "typing.MutableSequence":
		schema = typed("array")
		put("items", 0)
	case "builtins.set", "builtins.frozenset", "collections.abc.Set", "collections.abc.MutableSet",
		"typing.Set", "typing.FrozenSet", "typing.AbstractSet", "typing.MutableSet":
		schema = map[string]any{"type": "array", "uniqueItems": true}
		put("items", 0)
	case "builtins.dict", "typing.Dict", "collections.OrderedDict", "collections.defaultdict", "typing.OrderedDict", "typing.DefaultDict",
		"collections.abc.Mapping", "collections.abc.MutableMapping", "typing.Mapping", "typing.MutableMapping":
		schema = typed("object")
		put("additionalProperties", 1)
		put("propertyNames", 0)
	case "collections.Counter", "typing.Counter":
		schema = map[string]any{"type": "object", "additionalProperties": typed("integer")}
		put("propertyNames", 0)
	case "collections.ChainMap", "typing.ChainMap":
		inner, _, failed := b.container("builtins.dict", args, at)
		schema, err = map[string]any{"type": "array", "items": inner}, failed
	case "builtins.tuple", "typing.Tuple":
		schema, err = b.tuple(args, at)
	default:
		return nil, false, nil
	}
	return schema, true, err
}

// tuple is on_tuple. No arguments stand for tuple[Any, ...].
func (b *schemaBuilder) tuple(args []pyeval.Value, at place) (map[string]any, error) {
	schema := typed("array")
	if len(args) == 0 {
		return schema, nil
	}
	if len(args) == 2 {
		if _, ok := b.resolve(args[1]).(pyeval.Ellipsis); ok {
			items, err := b.schema(args[0], at)
			if len(items) > 0 {
				schema["items"] = items
			}
			return schema, err
		}
	}
	items, err := b.all(args, at)
	if err != nil {
		return nil, err
	}
	schema["prefixItems"], schema["minItems"], schema["maxItems"] = items, len(items), len(items)
	return schema, nil
}

// namedTuple is on_named_tuple.
func (b *schemaBuilder) namedTuple(fields []pyeval.Annotation, types []pyeval.Value, at place) (map[string]any, error) {
	schema := typed("array")
	if len(fields) == 0 {
		return schema, nil
	}
	items := make([]any, len(fields))
	for i, f := range fields {
		item := map[string]any{}
		if types[i] != nil {
			var err error
			if item, err = b.schema(types[i], at); err != nil {
				return nil, err
			}
		}
		if f.Default != nil {
			fallback, err := b.pack(f.Default, types[i], at.types, asJSON)
			if err != nil {
				return nil, err
			}
			if item["default"], err = plain(fallback); err != nil {
				return nil, err
			}
		}
		items[i] = item
	}
	schema["prefixItems"], schema["minItems"], schema["maxItems"] = items, len(items), len(items)
	return schema, nil
}

func (b *schemaBuilder) ofAlias(a *pyeval.Alias, at place) (map[string]any, error) {
	origin := b.resolve(a.Origin)
	if len(a.Args) == 0 {
		if nativeName(origin) == "builtins.tuple" { // tuple[()]
			return map[string]any{"type": "array", "maxItems": 0}, nil
		}
		return b.ofType(origin, at)
	}
	if class, ok := origin.(*pyeval.Class); ok {
		return b.ofClass(class, a.Args, at)
	}
	name := nativeName(origin)
	switch name {
	case "typing.Literal":
		return b.literal(a)
	case "typing.Required", "typing.NotRequired", "typing.ReadOnly":
		return b.schema(a.Args[0], at)
	case "typing.Final", "typing.ClassVar":
		return nil, errNoSchema
	}
	if schema, ok := flyteSchemas[name]; ok {
		return schema(), nil
	}
	if schema, ok, err := b.container(name, a.Args, at); ok || err != nil {
		return schema, err
	}
	if name == "os.PathLike" {
		return maps.Clone(nativeSchemas[name]), nil
	}
	if _, ok := nativeClasses()[name]; ok || unsupported(name) || name == "numpy.typing.NDArray" {
		return nil, errNoSchema
	}
	return nil, unknown("the JSON schema of %s isn't known", describe(a))
}

// literal is on_literal.
func (b *schemaBuilder) literal(a *pyeval.Alias) (map[string]any, error) {
	var values []any
	for _, value := range b.literalValues(a) {
		switch value := value.(type) {
		case pyeval.Bytes:
			values = append(values, encodebytes(string(value)))
		case *pyeval.EnumMember:
			of, err := b.json(value.Value)
			if err != nil {
				return nil, err
			}
			values = append(values, of)
		default:
			of, err := b.json(value)
			if err != nil {
				return nil, err
			}
			values = append(values, of)
		}
	}
	if len(values) == 1 {
		return map[string]any{"const": values[0]}, nil
	}
	return map[string]any{"enum": values}, nil
}

// encodebytes is Python's base64.encodebytes: lines of 76 characters.
func encodebytes(s string) string {
	text := base64.StdEncoding.EncodeToString([]byte(s))
	var out strings.Builder
	for len(text) > 0 {
		n := min(76, len(text))
		out.WriteString(text[:n])
		out.WriteByte('\n')
		text = text[n:]
	}
	return out.String()
}

// ofAliasValue is the schema of `type X = ...`, which may hold itself.
func (b *schemaBuilder) ofAliasValue(a *pyeval.TypeAliasValue, at place) (map[string]any, error) {
	if slices.Contains(b.aliases, a) {
		if _, ok := b.definitions[a.Name]; !ok {
			b.definitions[a.Name] = map[string]any{}
		}
		return map[string]any{"$ref": "#/$defs/" + a.Name}, nil
	}
	b.aliases = append(b.aliases, a)
	schema, err := b.schema(a.Of, at)
	b.aliases = b.aliases[:len(b.aliases)-1]
	if err != nil {
		return nil, err
	}
	if existing, ok := b.definitions[a.Name]; ok {
		if placeholder, ok := existing.(map[string]any); ok && len(placeholder) == 0 {
			b.definitions[a.Name] = schema
		}
		return map[string]any{"$ref": "#/$defs/" + a.Name}, nil
	}
	return schema, nil
}

package typeengine

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// modelSchemas are the schemas of types that pydantic knows.
var modelSchemas = map[string]map[string]any{
	"builtins.int": {"type": "integer"}, "builtins.float": {"type": "number"}, "builtins.bool": {"type": "boolean"},
	"builtins.str": {"type": "string"}, "builtins.bytes": {"type": "string", "format": "binary"},
	"types.NoneType": {"type": "null"}, "builtins.NoneType": {"type": "null"}, "typing.Any": {}, "builtins.object": {},
	"datetime.datetime":      {"type": "string", "format": "date-time"},
	"datetime.date":          {"type": "string", "format": "date"},
	"datetime.time":          {"type": "string", "format": "time"},
	"datetime.timedelta":     {"type": "string", "format": "duration"},
	"uuid.UUID":              {"type": "string", "format": "uuid"},
	"pathlib.Path":           {"type": "string", "format": "path"},
	"pydantic.HttpUrl":       {"type": "string", "format": "uri", "minLength": 1, "maxLength": 2083},
	"pydantic.AnyUrl":        {"type": "string", "format": "uri", "minLength": 1},
	"pydantic.SecretStr":     {"type": "string", "format": "password", "writeOnly": true},
	"pydantic.EmailStr":      {"type": "string", "format": "email"},
	"pydantic.FilePath":      {"type": "string", "format": "file-path"},
	"pydantic.DirectoryPath": {"type": "string", "format": "directory-path"},
}

// schema is the schema of a type.
func (b *modelBuilder) schema(t pyeval.Value) (map[string]any, error) {
	if b.depth++; b.depth > maxDepth {
		return nil, unknown("the type is nested too deeply")
	}
	defer func() { b.depth-- }()
	t = b.resolve(t)
	if reason, ok := b.uncertain(t); ok {
		return nil, &UnknownError{Reason: reason}
	}
	switch t := t.(type) {
	case pyeval.None:
		return map[string]any{"type": "null"}, nil
	case *pyeval.Native:
		return b.ofNative(t)
	case *pyeval.Class:
		return b.ofClass(t)
	case *pyeval.Union:
		return b.union(t.Args)
	case *pyeval.NewType:
		return b.schema(t.Of)
	case *pyeval.Alias:
		return b.ofAlias(t)
	}
	return nil, unknown("the JSON schema that pydantic makes of %s isn't known", describe(t))
}

func (b *modelBuilder) constrainIn(schema map[string]any, name string, value pyeval.Value) error {
	if _, none := value.(pyeval.None); none || silentSettings[name] {
		return nil
	}
	return b.constrainModel(schema, name, value)
}

func (b *modelBuilder) ofNative(n *pyeval.Native) (map[string]any, error) {
	if schema, ok := modelSchemas[n.Name]; ok {
		return maps.Clone(schema), nil
	}
	if _, ok := flyteSchemas[n.Name]; ok {
		return b.flyte(n.Name, n.Name[strings.LastIndexByte(n.Name, '.')+1:])
	}
	switch n.Name {
	case "decimal.Decimal":
		return map[string]any{"anyOf": []any{typed("number"), typed("string")}}, nil
	case "builtins.tuple", "typing.Tuple":
		return map[string]any{"type": "array", "items": map[string]any{}}, nil
	}
	if schema, ok, err := b.container(n.Name, nil); ok || err != nil {
		return schema, err
	}
	if _, ok := libraries[n.Name]; ok && b.config.arbitrary {
		return nil, rejected("Cannot generate a JsonSchema for core_schema.IsInstanceSchema (%s)", b.reprOr(n))
	}
	return nil, unknown("the JSON schema that pydantic makes of %s isn't known", n.Name)
}

// flyte is the definition of one of flytekit's dataclasses under a short name.
func (b *modelBuilder) flyte(name, short string) (map[string]any, error) {
	if _, ok := b.definitions[short]; !ok {
		if _, taken := b.owners[short]; taken {
			return nil, unknown("two classes are named %s", short)
		}
		schema := flyteSchemas[name]()
		schema["title"] = short
		delete(schema, "additionalProperties")
		for property, of := range schema["properties"].(map[string]any) {
			of.(map[string]any)["title"] = titleOf(property)
		}
		if name == flyteFile {
			text := map[string]any{"type": "object", "additionalProperties": typed("string")}
			schema["properties"].(map[string]any)["metadata"].(map[string]any)["anyOf"] = []any{text, typed("null")}
		}
		if description, ok := flyteDocs[short]; ok && b.since("pydantic", 2, 13) {
			schema["description"] = description
		}
		b.setInherited(schema)
		b.definitions[short] = schema
	}
	return map[string]any{"$ref": modelRef + short}, nil
}

// formatClasses are the names of the classes that FlyteFile["csv"] and its like
// make.
var formatClasses = map[string]string{
	flyteFile:      "_SpecificFormatClass",
	flyteDirectory: "_SpecificFormatDirectoryClass",
}

// flyteDocs are the docstrings of flytekit's dataclasses that have one.
var flyteDocs = map[string]string{
	"FlyteError": "Special Task type that will be used in the failure node. Propeller will pass this error to failure task, so users\n" +
		"have to add an input with this type to the failure task.",
	"StructuredDataset": "This is the user facing StructuredDataset class. Please don't confuse it with the literals.StructuredDataset\n" +
		"class (that is just a model, a Python class representation of the protobuf).",
}

func (b *modelBuilder) union(args []pyeval.Value) (map[string]any, error) {
	var variants []any
	nullable := false
	add := func(schema map[string]any) {
		if !slices.ContainsFunc(variants, func(other any) bool { return reflect.DeepEqual(other, any(schema)) }) {
			variants = append(variants, schema)
		}
	}
	for _, arg := range args {
		if _, none := b.resolve(arg).(pyeval.None); none {
			nullable = true
			continue
		}
		schema, err := b.schema(arg)
		if err != nil {
			return nil, err
		}
		if inner, ok := schema["anyOf"].([]any); ok && len(schema) == 1 {
			for _, variant := range inner {
				add(variant.(map[string]any))
			}
			continue
		}
		add(schema)
	}
	if nullable {
		add(typed("null"))
	}
	if len(variants) == 1 {
		return variants[0].(map[string]any), nil
	}
	return map[string]any{"anyOf": variants}, nil
}

func (b *modelBuilder) ofAlias(a *pyeval.Alias) (map[string]any, error) {
	if alias, ok := annotated(a); ok {
		schema, err := b.schema(alias.Args[0])
		if err != nil {
			return nil, err
		}
		inner := &modelField{name: "item", class: &pyeval.Class{Name: "a container"}}
		for _, arg := range alias.Args[1:] {
			if err := b.addSettings(inner, b.resolve(arg)); err != nil {
				return nil, err
			}
		}
		for _, setting := range inner.settings {
			if err := b.constrainIn(schema, setting.Name, b.resolve(setting.Value)); err != nil {
				return nil, err
			}
		}
		return schema, nil
	}
	name := nativeName(b.resolve(a.Origin))
	if name == "typing.Literal" {
		return b.literal(a)
	}
	if _, ok := flyteSchemas[name]; ok {
		format, err := b.format(a)
		if err != nil {
			return nil, err
		}
		if short, ok := formatClasses[name]; ok && format != "" {
			return b.flyte(name, short)
		}
		return nil, unknown("the JSON schema that pydantic makes of %s isn't known", describe(a))
	}
	if schema, ok, err := b.container(name, a.Args); ok || err != nil {
		return schema, err
	}
	return nil, unknown("the JSON schema that pydantic makes of %s isn't known", describe(a))
}

func (b *modelBuilder) literal(a *pyeval.Alias) (map[string]any, error) {
	schema := map[string]any{}
	var values []any
	kinds := map[string]bool{}
	for _, value := range b.literalValues(a) {
		if member, ok := value.(*pyeval.EnumMember); ok {
			value = b.resolve(member.Value)
		}
		decoded, err := b.json(value)
		if err != nil {
			return nil, err
		}
		values = append(values, decoded)
		kinds[jsonKind(value)] = true
	}
	if len(values) == 1 {
		schema["const"] = values[0]
	} else {
		schema["enum"] = values
	}
	if len(kinds) == 1 {
		for kind := range kinds {
			schema["type"] = kind
		}
	}
	return schema, nil
}

func jsonKind(v pyeval.Value) string {
	switch v.(type) {
	case pyeval.Str:
		return "string"
	case pyeval.Int:
		return "integer"
	case pyeval.Float:
		return "number"
	case pyeval.Bool:
		return "boolean"
	case pyeval.None:
		return "null"
	}
	return "array"
}

// container is the schema of a container; false if it is none.
func (b *modelBuilder) container(origin string, args []pyeval.Value) (map[string]any, bool, error) {
	inner := func(i int) (map[string]any, error) {
		if i >= len(args) {
			return map[string]any{}, nil
		}
		return b.schema(args[i])
	}
	switch origin {
	case "builtins.list", "typing.List", "collections.abc.Sequence", "typing.Sequence", "collections.deque", "typing.Deque":
		items, err := inner(0)
		return map[string]any{"type": "array", "items": items}, true, err
	case "builtins.set", "builtins.frozenset", "typing.Set", "typing.FrozenSet", "collections.abc.Set", "typing.AbstractSet":
		items, err := inner(0)
		return map[string]any{"type": "array", "items": items, "uniqueItems": true}, true, err
	case "builtins.dict", "typing.Dict", "collections.abc.Mapping", "typing.Mapping", "collections.OrderedDict", "typing.OrderedDict":
		keys, err := inner(0)
		if err != nil {
			return nil, true, err
		}
		values, err := inner(1)
		if err != nil {
			return nil, true, err
		}
		schema := map[string]any{"type": "object", "additionalProperties": any(values)}
		pattern, patterned := keys["pattern"]
		delete(keys, "pattern")
		switch {
		case patterned:
			delete(schema, "additionalProperties")
			schema["patternProperties"] = map[string]any{pattern.(string): values}
		case len(values) > 0:
		case b.since("pydantic", 2, 11):
			schema["additionalProperties"] = true
		default:
			delete(schema, "additionalProperties")
		}
		if keys["type"] == "string" && len(keys) > 1 || keys["$ref"] != nil {
			delete(keys, "type")
			schema["propertyNames"] = keys
		}
		return schema, true, nil
	case "builtins.tuple", "typing.Tuple":
		schema, err := b.tuple(args)
		return schema, true, err
	}
	return nil, false, nil
}

func (b *modelBuilder) tuple(args []pyeval.Value) (map[string]any, error) {
	if len(args) == 2 {
		if _, ok := b.resolve(args[1]).(pyeval.Ellipsis); ok {
			items, err := b.schema(args[0])
			return map[string]any{"type": "array", "items": items}, err
		}
	}
	items := make([]any, len(args))
	for i, arg := range args {
		item, err := b.schema(arg)
		if err != nil {
			return nil, err
		}
		items[i] = item
	}
	return map[string]any{"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}, nil
}

func (b *modelBuilder) ofClass(class *pyeval.Class) (map[string]any, error) {
	if derives, known := b.derives(class, "pydantic.BaseModel", "pydantic.main.BaseModel"); derives {
		return b.model(class)
	} else if !known {
		return nil, unknown("a base class of %s isn't known", class.Name)
	}
	if b.isEnum(class) {
		return b.enum(class)
	}
	if b.isDataclass(class) {
		return b.dataclass(class)
	}
	return nil, unknown("the JSON schema that pydantic makes of %s isn't known", class.Name)
}

func (b *modelBuilder) enum(class *pyeval.Class) (map[string]any, error) {
	return b.define(class, func() (map[string]any, error) {
		members, err := b.enumMembers(class)
		if err != nil {
			return nil, err
		}
		schema := map[string]any{"title": class.Name}
		if class.Def != nil && class.Def.Doc != "" {
			schema["description"] = class.Def.Doc
		}
		values := make([]any, len(members))
		kinds := map[string]bool{}
		for i, member := range members {
			if values[i], err = b.json(member.Value); err != nil {
				return nil, err
			}
			kinds[jsonKind(b.resolve(member.Value))] = true
		}
		schema["enum"] = values
		if len(kinds) == 1 {
			for kind := range kinds {
				schema["type"] = kind
			}
		}
		return schema, nil
	})
}

func (b *modelBuilder) dataclass(class *pyeval.Class) (map[string]any, error) {
	return b.define(class, func() (map[string]any, error) {
		fields, err := b.fields(class)
		if err != nil {
			return nil, err
		}
		schema := map[string]any{"type": "object", "title": class.Name}
		if class.Def != nil && class.Def.Doc != "" && b.since("pydantic", 2, 13) {
			schema["description"] = class.Def.Doc
		}
		b.setInherited(schema)
		properties := map[string]any{}
		var required []string
		for _, f := range fields {
			if f.pseudo || !f.init {
				continue
			}
			if f.metadata != nil {
				return nil, unknown("what pydantic makes of the metadata of %s.%s isn't known", class.Name, f.name)
			}
			property, err := b.schema(f.of)
			if err != nil {
				return nil, err
			}
			if titled(property) {
				property["title"] = titleOf(f.name)
			}
			if f.fallback != nil {
				fallback, err := b.dump(f.fallback, true)
				if err != nil {
					return nil, err
				}
				if property["default"], err = plain(fallback); err != nil {
					return nil, err
				}
			}
			if f.required() {
				required = append(required, f.name)
			}
			properties[f.name] = property
		}
		schema["properties"] = properties
		if len(required) > 0 {
			schema["required"] = required
		}
		return schema, nil
	})
}

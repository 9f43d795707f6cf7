package typeengine

import (
	"maps"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// ofClass is the schema of a class that source defines, with the types that its
// type variables stand for.
func (b *schemaBuilder) ofClass(class *pyeval.Class, args []pyeval.Value, at place) (map[string]any, error) {
	if b.isDataclass(class) {
		return b.dataclass(class, args, at)
	}
	if b.isEnum(class) {
		return b.enum(class)
	}
	for _, base := range b.linear(class, nil) {
		switch base := base.(type) {
		case *pyeval.Unknown:
			return nil, unknown("a base class of %s isn't known: %s", class.Name, base.Reason)
		case *pyeval.NamedTuple:
			return b.namedTuple(base.Fields, base.Types, at)
		case *pyeval.Alias:
			if schema, ok := flyteSchemas[nativeName(b.resolve(base.Origin))]; ok {
				return retitled(schema(), class.Name), nil
			}
		case *pyeval.Native:
			switch base.Name {
			case "builtins.str", "builtins.bytes", "builtins.bytearray":
				return b.ofNative(base)
			case "builtins.tuple":
				return b.namedTupleClass(class, at)
			case "builtins.dict":
				if b.isTypedDict(class) {
					return b.typedDict(class, at)
				}
				return typed("object"), nil
			case "builtins.list", "collections.deque":
				return typed("array"), nil
			case "builtins.set", "builtins.frozenset":
				return map[string]any{"type": "array", "uniqueItems": true}, nil
			}
			if schema, ok := flyteSchemas[base.Name]; ok {
				return retitled(schema(), class.Name), nil
			}
			if base.Name == "mashumaro.types.SerializableType" {
				return nil, errNoSchema
			}
			if strings.HasPrefix(base.Name, "collections.") || strings.HasPrefix(base.Name, "mashumaro.types.") {
				return nil, unknown("the JSON schema of %s isn't known", class.Name)
			}
			if base.Name == "os.PathLike" || strings.HasPrefix(base.Name, "pathlib.") {
				return maps.Clone(nativeSchemas["os.PathLike"]), nil
			}
			if _, ok := nativeClasses()[base.Name]; !ok && !unsupported(base.Name) && !slices.Contains(harmless, base.Name) {
				return nil, unknown("%s derives from %s, of which nothing is known", class.Name, base.Name)
			}
		}
	}
	if b.attribute(class, "__fspath__") != nil {
		return maps.Clone(nativeSchemas["os.PathLike"]), nil
	}
	return nil, errNoSchema
}

func retitled(schema map[string]any, title string) map[string]any {
	schema["title"] = title
	return schema
}

// dataclass is on_dataclass.
func (b *schemaBuilder) dataclass(class *pyeval.Class, args []pyeval.Value, at place) (map[string]any, error) {
	if slices.ContainsFunc(b.classes, func(other *pyeval.Class) bool { return sameDefinition(other, class) }) {
		if !b.since("mashumaro", 3, 21) {
			return nil, errNoSchema // it goes on until Python's stack is full
		}
		if _, ok := b.definitions[class.Name]; !ok {
			b.definitions[class.Name] = map[string]any{}
		}
		return map[string]any{"$ref": "#/$defs/" + class.Name}, nil
	}
	if len(args) > 0 && slices.ContainsFunc(b.classes, func(other *pyeval.Class) bool { return b.derivesFrom(other, class) }) {
		// mashumaro mixes up what the type variables of both stand for.
		return nil, unknown("what the type variables of %s stand for within a class that derives from it isn't known", class.Name)
	}
	b.classes = append(b.classes, class)
	defer func() { b.classes = b.classes[:len(b.classes)-1] }()
	config, err := b.config(class)
	if err != nil {
		return nil, err
	}
	fields, err := b.hinted(class)
	if err != nil {
		return nil, err
	}
	if _, decorated := b.dataclassDecorator(class); !decorated && len(class.Bases) > 1 {
		// flytekit takes the fields of the first base, mashumaro of all.
		return nil, unknown("the JSON schema of %s, which is no dataclass itself, isn't known", class.Name)
	}
	for i, arg := range args {
		args[i] = b.substitute(arg, at)
	}
	types := b.typeArguments(class, args)
	schema := map[string]any{"title": class.Name, "type": "object", "additionalProperties": false}
	if config.additional != nil {
		schema["additionalProperties"] = config.additional
	}
	properties := map[string]any{}
	var required []string
	for _, f := range fields {
		if f.pseudo || f.foreign || !f.init {
			continue
		}
		property, err := b.property(f, config, place{field: f, owner: class, types: types[f.class]})
		if err != nil {
			return nil, err
		}
		name, err := b.alias(f, config)
		if err != nil {
			return nil, err
		}
		if f.required() {
			required = append(required, name)
		}
		properties[name] = property
	}
	if len(properties) > 0 {
		schema["properties"] = properties
	}
	if len(required) > 0 {
		schema["required"] = required
	}
	if existing, ok := b.definitions[class.Name].(map[string]any); ok && len(existing) == 0 {
		b.definitions[class.Name] = schema
		return map[string]any{"$ref": "#/$defs/" + class.Name}, nil
	}
	return schema, nil
}

func (b *schemaBuilder) property(f *field, config *classConfig, at place) (map[string]any, error) {
	property, ok := config.properties[f.name]
	if !ok {
		if _, variable := b.resolve(f.of).(*pyeval.TypeVar); variable && !b.since("mashumaro", 3, 17) {
			at.types = nil // what it stands for was only known within other types
		}
		var err error
		if property, err = b.schema(f.of, at); err != nil {
			return nil, err
		}
	}
	if f.fallback != nil {
		packed, err := b.pack(f.fallback, f.of, at.types, asJSON)
		if err != nil {
			return nil, err
		}
		if packed == nil && config.omitNone {
			return nil, errNoSchema // mashumaro looks for a default that it has left out
		}
		if property["default"], err = plain(packed); err != nil {
			return nil, err
		}
	}
	if description, ok := b.meta(f, "description").(pyeval.Str); ok && description != "" {
		property["description"] = string(description)
	}
	return property, nil
}

// alias is the name of a field in the schema (Instance.alias).
func (c *conversion) alias(f *field, config *classConfig) (string, error) {
	switch alias := c.meta(f, "alias").(type) {
	case nil, pyeval.None:
	case pyeval.Str:
		return string(alias), nil
	default:
		return "", unknown("the alias of %s.%s isn't known", f.class.Name, f.name)
	}
	if annotation, ok := annotated(f.of); ok {
		for _, arg := range annotation.Args[1:] {
			if instance, ok := c.resolve(arg).(*pyeval.Instance); ok && c.isInstanceOf(instance, "mashumaro.types.Alias") {
				if name, ok := c.resolve(argument(instance, 0, "name", pyeval.None{})).(pyeval.Str); ok {
					return string(name), nil
				}
				return "", unknown("the alias of %s.%s isn't known", f.class.Name, f.name)
			}
		}
	}
	if alias, ok := config.aliases[f.name]; ok {
		return alias, nil
	}
	return f.name, nil
}

// classConfig is what a dataclass's inner class Config says (mashumaro/config.py).
type classConfig struct {
	aliases    map[string]string
	additional any
	properties map[string]map[string]any
	// byAlias, omitNone: fields are written by their alias, without None.
	byAlias, omitNone bool
}

// config is the Config of a class; what changes more than names is given up.
func (c *conversion) config(class *pyeval.Class) (*classConfig, error) {
	config := &classConfig{}
	inner, ok := c.attribute(class, "Config").(*pyeval.Class)
	if !ok {
		return config, nil
	}
	for _, base := range slices.Backward(c.linear(inner, nil)) {
		base, ok := base.(*pyeval.Class)
		if !ok {
			continue
		}
		for binding := range base.Scope.All() {
			if err := config.set(c, binding.Name, c.resolve(binding.Value)); err != nil {
				return nil, unknown("the Config of %s isn't known: %v", class.Name, err)
			}
		}
	}
	return config, nil
}

func (config *classConfig) set(c *conversion, name string, value pyeval.Value) error {
	switch name {
	case "aliases":
		decoded, err := c.json(value)
		aliases, ok := decoded.(map[string]any)
		if err != nil || !ok {
			return unknown("its aliases aren't")
		}
		config.aliases = map[string]string{}
		for field, alias := range aliases {
			text, ok := alias.(string)
			if !ok {
				return unknown("its aliases aren't")
			}
			config.aliases[field] = text
		}
	case "json_schema":
		decoded, err := c.json(value)
		settings, ok := decoded.(map[string]any)
		if err != nil || !ok {
			return unknown("its json_schema isn't")
		}
		config.additional = settings["additionalProperties"]
		config.properties = map[string]map[string]any{}
		properties, _ := settings["properties"].(map[string]any)
		for field, property := range properties {
			if property, ok := property.(map[string]any); ok {
				config.properties[field] = property
			}
		}
	case "serialize_by_alias", "omit_none":
		on, ok := value.(pyeval.Bool)
		if !ok {
			return unknown("its %s isn't", name)
		}
		if name == "omit_none" {
			config.omitNone = bool(on)
		} else {
			config.byAlias = bool(on)
		}
	case "serialization_strategy", "dialect", "discriminator", "namedtuple_as_dict", "omit_default", "sort_keys", "code_generation_options":
		return unknown("it sets %s", name)
	}
	return nil
}

// typeArguments are what the type variables of a class and of its bases stand
// for (resolve_type_params of mashumaro).
func (c *conversion) typeArguments(class *pyeval.Class, args []pyeval.Value) map[*pyeval.Class]map[string]pyeval.Value {
	out := map[*pyeval.Class]map[string]pyeval.Value{}
	c.bindTypes(class, args, out)
	return out
}

func (c *conversion) bindTypes(class *pyeval.Class, args []pyeval.Value, out map[*pyeval.Class]map[string]pyeval.Value) {
	if _, ok := out[class]; ok {
		return
	}
	types := map[string]pyeval.Value{}
	for i, param := range c.typeParams(class) {
		if i < len(args) {
			types[param] = args[i]
		}
	}
	out[class] = types
	for _, base := range class.Bases {
		switch base := c.resolve(base).(type) {
		case *pyeval.Class:
			c.bindTypes(base, nil, out)
		case *pyeval.Alias:
			origin, ok := c.resolve(base.Origin).(*pyeval.Class)
			if !ok {
				continue
			}
			given := make([]pyeval.Value, len(base.Args))
			for i, arg := range base.Args {
				given[i] = c.resolve(arg)
				if variable, ok := given[i].(*pyeval.TypeVar); ok && types[variable.Name] != nil {
					given[i] = types[variable.Name]
				}
			}
			c.bindTypes(origin, given, out)
		}
	}
}

// typeParams are the names of a class's type variables in order.
func (c *conversion) typeParams(class *pyeval.Class) []string {
	var names []string
	add := func(v pyeval.Value) {
		if variable, ok := c.resolve(v).(*pyeval.TypeVar); ok && !slices.Contains(names, variable.Name) {
			names = append(names, variable.Name)
		}
	}
	for _, param := range class.TypeParams {
		add(param)
	}
	if len(names) > 0 {
		return names
	}
	for _, base := range class.Bases {
		if alias, ok := c.resolve(base).(*pyeval.Alias); ok && nativeName(c.resolve(alias.Origin)) == "typing.Generic" {
			for _, arg := range alias.Args {
				add(arg)
			}
			return names
		}
	}
	for _, base := range class.Bases {
		if alias, ok := c.resolve(base).(*pyeval.Alias); ok {
			for _, arg := range alias.Args {
				add(arg)
			}
		}
	}
	return names
}

func (b *schemaBuilder) enum(class *pyeval.Class) (map[string]any, error) {
	members, err := b.enumMembers(class)
	if err != nil {
		return nil, err
	}
	values := make([]any, len(members))
	for i, member := range members {
		if values[i], err = b.json(member.Value); err != nil {
			return nil, err
		}
	}
	return map[string]any{"enum": values}, nil
}

// namedTupleClass is the schema of a class that derives from NamedTuple; other
// tuples have none of their own.
func (b *schemaBuilder) namedTupleClass(class *pyeval.Class, at place) (map[string]any, error) {
	named := b.namedTupleOf(class)
	if named == nil {
		return typed("array"), nil
	}
	types := make([]pyeval.Value, len(named.Annotations))
	for i, annotation := range named.Annotations {
		types[i] = b.annotation(annotation)
	}
	return b.namedTuple(named.Annotations, types, at)
}

// namedTupleOf is the class with the fields of a named tuple, nil if a class is
// none.
func (c *conversion) namedTupleOf(class *pyeval.Class) *pyeval.Class {
	for _, base := range c.linear(class, nil) {
		base, ok := base.(*pyeval.Class)
		if !ok {
			continue
		}
		for _, direct := range base.Bases {
			if nativeName(c.resolve(direct)) == "typing.NamedTuple" {
				return base
			}
		}
	}
	return nil
}

func (c *conversion) isTypedDict(class *pyeval.Class) bool {
	for _, base := range class.Bases {
		switch base := c.resolve(base).(type) {
		case *pyeval.Native:
			if base.Name == "typing.TypedDict" {
				return true
			}
		case *pyeval.Class:
			if c.isTypedDict(base) {
				return true
			}
		}
	}
	return false
}

// typedDict is on_typed_dict.
func (b *schemaBuilder) typedDict(class *pyeval.Class, at place) (map[string]any, error) {
	properties := map[string]any{}
	required := map[string]bool{}
	for _, base := range slices.Backward(b.linear(class, nil)) {
		base, ok := base.(*pyeval.Class)
		if !ok {
			continue
		}
		total := true
		if given, ok := b.resolve(base.Keywords["total"]).(pyeval.Bool); ok {
			total = bool(given)
		}
		for _, annotation := range base.Annotations {
			of := b.annotation(annotation)
			property, err := b.schema(of, at)
			if err != nil {
				return nil, err
			}
			properties[annotation.Name] = property
			switch b.special(of) {
			case "typing.Required":
				required[annotation.Name] = true
			case "typing.NotRequired":
				delete(required, annotation.Name)
			default:
				if total {
					required[annotation.Name] = true
				} else {
					delete(required, annotation.Name)
				}
			}
		}
	}
	schema := map[string]any{"type": "object", "additionalProperties": false}
	if len(properties) > 0 {
		schema["properties"] = properties
	}
	if len(required) > 0 {
		schema["required"] = slices.Sorted(maps.Keys(required))
	}
	return schema, nil
}

// constraints are the annotations of mashumaro/jsonschema/annotations.py, with
// the types of schemas that they change.
var constraints = map[string]struct{ key, of string }{
	"Minimum": {"minimum", "number"}, "Maximum": {"maximum", "number"},
	"ExclusiveMinimum": {"exclusiveMinimum", "number"}, "ExclusiveMaximum": {"exclusiveMaximum", "number"},
	"MultipleOf": {"multipleOf", "number"},
	"MinLength":  {"minLength", "string"}, "MaxLength": {"maxLength", "string"}, "Pattern": {"pattern", "string"},
	"MinItems": {"minItems", "array"}, "MaxItems": {"maxItems", "array"}, "UniqueItems": {"uniqueItems", "array"},
	"MinProperties": {"minProperties", "object"}, "MaxProperties": {"maxProperties", "object"},
}

// constrain puts what annotations demand into a schema.
func (b *schemaBuilder) constrain(schema map[string]any, annotations []pyeval.Value) error {
	for _, annotation := range annotations {
		if reason, ok := b.uncertain(annotation); ok {
			return unknown("an annotation isn't known: %s", reason)
		}
		instance, ok := b.resolve(annotation).(*pyeval.Instance)
		if !ok {
			continue
		}
		name, ok := strings.CutPrefix(nativeName(b.resolve(instance.Class)), "mashumaro.jsonschema.annotations.")
		if !ok {
			if strings.HasPrefix(nativeName(b.resolve(instance.Class)), "mashumaro.jsonschema.models.") {
				return unknown("what an annotation does to the JSON schema isn't known")
			}
			continue
		}
		constraint, ok := constraints[name]
		if !ok {
			return unknown("what the annotation %s does to the JSON schema isn't known", name)
		}
		kind, _ := schema["type"].(string)
		if kind == "integer" {
			kind = "number"
		}
		if kind != constraint.of || schema["title"] != nil || schema["format"] != nil {
			continue
		}
		value, err := b.json(argument(instance, 0, "value", pyeval.None{}))
		if err != nil {
			return err
		}
		schema[constraint.key] = value
	}
	return nil
}

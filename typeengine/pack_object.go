package typeengine

import "github.com/flyte-lsp/flyte-lsp/pyeval"

// packInstance packs an object: of a dataclass, of Python's own classes or of
// flytekit's.
func (c *conversion) packInstance(v *pyeval.Instance, args []pyeval.Value, types map[string]pyeval.Value, format packFormat) (any, error) {
	switch class := c.resolve(v.Class).(type) {
	case *pyeval.Class:
		if c.isDataclass(class) {
			given := make([]pyeval.Value, len(args))
			for i, arg := range args {
				given[i] = c.resolve(arg)
				if variable, ok := given[i].(*pyeval.TypeVar); ok && types[variable.Name] != nil {
					given[i] = types[variable.Name]
				}
			}
			return c.packDataclass(v, class, given, format)
		}
	case *pyeval.Native:
		switch class.Name {
		case "datetime.datetime", "datetime.date", "datetime.time":
			return c.iso(v)
		case "datetime.timedelta":
			microseconds, err := c.microseconds(v)
			return float64(microseconds) / 1e6, err
		case flyteFile, flyteDirectory:
			uri, err := c.remoteURI(v)
			if err != nil {
				return nil, err
			}
			return &ordered{keys: []any{"path"}, values: []any{uri}}, nil
		case "uuid.UUID", "decimal.Decimal", "zoneinfo.ZoneInfo":
			if text, ok := c.resolve(argument(v, 0, "", pyeval.None{})).(pyeval.Str); ok && class.Name == "zoneinfo.ZoneInfo" {
				return string(text), nil
			}
		}
		if isPath(class.Name) && len(v.Args) == 1 {
			if text, ok := c.resolve(v.Args[0]).(pyeval.Str); ok && isNormalPath(string(text)) {
				return string(text), nil
			}
		}
	}
	return nil, unknown("how %s is serialized isn't known", describe(v))
}

// isNormalPath tells whether pathlib leaves a path as it is written.
func isNormalPath(path string) bool {
	if path == "" || path == "/" || path == "." {
		return path != ""
	}
	for i := range len(path) {
		if path[i] == '/' && (i == len(path)-1 || path[i+1] == '/' || path[i+1] == '.') {
			return false
		}
	}
	return path[0] != '.' || len(path) > 1 && path[1] == '.'
}

// packDataclass packs an object of a dataclass, field by field.
func (c *conversion) packDataclass(v *pyeval.Instance, class *pyeval.Class, args []pyeval.Value, format packFormat) (any, error) {
	for _, hook := range []string{"__pre_serialize__", "__post_serialize__"} {
		if c.attribute(class, hook) != nil {
			return nil, unknown("%s has a %s of its own", class.Name, hook)
		}
	}
	config, err := c.config(class)
	if err != nil {
		return nil, err
	}
	fields, err := c.fields(class)
	if err != nil {
		return nil, err
	}
	hinted, err := c.hinted(class)
	if err != nil {
		return nil, err
	}
	types := c.typeArguments(class, args)
	out := &ordered{}
	for _, f := range hinted {
		if f.pseudo {
			if err := c.checkPseudo(class, f); err != nil {
				return nil, err
			}
			continue
		}
		for _, key := range []string{"serialize", "serialization_strategy"} {
			if c.meta(f, key) != nil {
				return nil, unknown("%s.%s says itself how it is serialized", class.Name, f.name)
			}
		}
		value, err := c.fieldValue(v, class, fields, f)
		if err != nil {
			return nil, err
		}
		packed, err := c.pack(value, f.of, types[f.class], format)
		if err != nil {
			return nil, err
		}
		if packed == nil && config.omitNone {
			continue
		}
		name := f.name
		if config.byAlias {
			if name, err = c.alias(f, config); err != nil {
				return nil, err
			}
		}
		out.add(name, packed)
	}
	return out, nil
}

// checkPseudo refuses what flytekit fails at when it sets all annotated names of
// an object anew (DataclassTransformer._make_dataclass_serializable).
func (c *conversion) checkPseudo(class *pyeval.Class, f *field) error {
	special := c.special(f.of)
	if special == "dataclasses.KW_ONLY" || special == "dataclasses.InitVar" && f.required() {
		return rejected("'%s' object has no attribute '%s'", class.Name, f.name)
	}
	if call, _ := c.dataclassDecorator(class); call != nil {
		if slots := c.resolve(argument(call, -1, "slots", pyeval.Bool(false))); slots != pyeval.Value(pyeval.Bool(false)) {
			return rejected("'%s' object attribute '%s' is read-only", class.Name, f.name)
		}
	}
	return nil
}

// fieldValue is what an object's field holds: what it was set to, was given, or
// its default.
func (c *conversion) fieldValue(v *pyeval.Instance, class *pyeval.Class, fields []*field, f *field) (pyeval.Value, error) {
	if value, ok := v.Attrs[f.name]; ok {
		return c.resolve(value), nil
	}
	if v.Open || c.attribute(class, "__post_init__") != nil || c.attribute(class, "__init__") != nil {
		return nil, unknown("what %s.%s holds isn't known", class.Name, f.name)
	}
	position := 0
	for _, other := range fields {
		if other.name == f.name {
			break
		}
		if other.init && c.special(other.of) != "typing.ClassVar" {
			position++
		}
	}
	if !f.init {
		position = -1
	}
	if value := argument(v, position, f.name, nil); value != nil {
		return c.resolve(value), nil
	}
	if f.fallback != nil {
		return f.fallback, nil
	}
	if f.foreign {
		if value := c.attribute(class, f.name); value != nil {
			return value, nil
		}
		return nil, rejected("'%s' object has no attribute '%s'", class.Name, f.name)
	}
	switch nativeName(f.factory) {
	case "builtins.list":
		return &pyeval.List{}, nil
	case "builtins.dict":
		return &pyeval.Dict{}, nil
	case "builtins.set":
		return &pyeval.Set{}, nil
	}
	if f.factory != nil && c.frame != nil {
		return c.resolve(c.frame.CallValue(f.factory, &pyeval.Call{Func: f.factory})), nil
	}
	return nil, unknown("what %s.%s holds isn't known", class.Name, f.name)
}

package typeengine

import (
	"slices"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// pydanticType is PydanticTransformer.get_literal_type
// (extras/pydantic_transformer/transformer.py).
func pydanticType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	class, ok := c.underlying(t).(*pyeval.Class)
	if !ok {
		return nil, unknown("the fields of %s aren't known", describe(t))
	}
	outer, err := c.modelOuter(class)
	if err != nil {
		return nil, err
	}
	fields, err := c.modelFields(class)
	if err != nil {
		return nil, err
	}
	return c.withFields(class, outer, func(yield func(string, pyeval.Value) bool) {
		for _, f := range fields {
			if !yield(f.name, f.of) {
				return
			}
		}
	})
}

// modelOuter is the type of a model without the types of its fields.
func (c *conversion) modelOuter(class *pyeval.Class) (*core.LiteralType, error) {
	schema, err := c.modelSchema(class)
	if err != nil {
		return nil, err
	}
	return &core.LiteralType{Type: typeStruct.Type, Metadata: structOf(schema), Annotation: cacheKeyMetadata}, nil
}

// modelField is a field of a pydantic model.
type modelField struct {
	name  string
	class *pyeval.Class
	// of is its type without the annotations around it.
	of pyeval.Value
	// fallback and factory are its default; both nil if it is required.
	fallback, factory pyeval.Value
	// settings are the arguments of Field(...) and of annotated_types, from the
	// innermost.
	settings []pyeval.Named
}

func (f *modelField) required() bool { return f.fallback == nil && f.factory == nil }

// setting is the last argument of that name, nil if there is none.
func (f *modelField) setting(c *conversion, name string) pyeval.Value {
	for i := len(f.settings) - 1; i >= 0; i-- {
		if f.settings[i].Name == name {
			return c.resolve(f.settings[i].Value)
		}
	}
	return nil
}

// modelFields are the fields of a model in order (model_fields).
func (c *conversion) modelFields(class *pyeval.Class) ([]*modelField, error) {
	var fields []*modelField
	mro := c.linear(class, nil)
	for i := len(mro) - 1; i >= 0; i-- {
		switch base := mro[i].(type) {
		case *pyeval.Unknown:
			return nil, unknown("a base class of %s isn't known: %s", class.Name, base.Reason)
		case *pyeval.Native:
			if _, ok := nativeClasses()[base.Name]; !ok && !isBaseModel(base.Name) && !isHarmless(base.Name) {
				return nil, unknown("the fields of %s, from which %s derives, aren't known", base.Name, class.Name)
			}
		case *pyeval.Class:
			if len(base.TypeParams) > 0 || len(c.typeParams(base)) > 0 {
				return nil, unknown("%s is generic", base.Name)
			}
			if derives, _ := c.derives(base, "pydantic.BaseModel", "pydantic.main.BaseModel"); !derives && len(base.Annotations) > 0 {
				return nil, unknown("what pydantic makes of %s, from which %s derives, isn't known", base.Name, class.Name)
			}
			for _, annotation := range base.Annotations {
				f, err := c.modelField(base, annotation)
				if err != nil {
					return nil, err
				}
				if f != nil {
					fields = setField(fields, f)
				}
			}
		}
	}
	return fields, nil
}

func setField(fields []*modelField, f *modelField) []*modelField {
	for i := range fields {
		if fields[i].name == f.name {
			fields[i] = f
			return fields
		}
	}
	return append(fields, f)
}

func isBaseModel(name string) bool {
	return name == "pydantic.BaseModel" || name == "pydantic.main.BaseModel"
}

func isHarmless(name string) bool {
	return slices.Contains(harmless, name)
}

// modelField is the field that an annotated name makes; nil if it is none.
func (c *conversion) modelField(class *pyeval.Class, annotation pyeval.Annotation) (*modelField, error) {
	if annotation.Name == "model_config" || strings.HasPrefix(annotation.Name, "_") {
		return nil, nil
	}
	f := &modelField{name: annotation.Name, class: class, of: c.annotation(annotation)}
	if reason, ok := c.uncertain(f.of); ok {
		return nil, unknown("the type of %s.%s isn't known: %s", class.Name, f.name, reason)
	}
	switch c.special(f.of) {
	case "typing.ClassVar":
		return nil, nil
	case "typing.Final":
		return nil, unknown("whether %s.%s is a field isn't known", class.Name, f.name)
	}
	if alias, ok := annotated(f.of); ok {
		f.of = c.resolve(alias.Args[0])
		for _, arg := range alias.Args[1:] {
			if err := c.addSettings(f, c.resolve(arg)); err != nil {
				return nil, err
			}
		}
	}
	if annotation.Default == nil {
		return f, nil
	}
	given := c.resolve(annotation.Default)
	if name, call := c.callee(given); call != nil && (name == "pydantic.Field" || name == "pydantic.fields.Field") {
		return f, c.addSettings(f, given)
	} else if strings.HasPrefix(name, "pydantic.") && strings.HasSuffix(name, "PrivateAttr") {
		return nil, nil
	}
	if reason, ok := c.uncertain(given); ok {
		return nil, unknown("the default of %s.%s isn't known: %s", class.Name, f.name, reason)
	}
	if _, ok := given.(pyeval.Ellipsis); !ok {
		f.fallback = given
	}
	return f, nil
}

// annotatedTypes are the constraints of the library annotated_types, which
// pydantic takes as it takes arguments of Field.
var annotatedTypes = map[string]string{
	"Gt": "gt", "Ge": "ge", "Lt": "lt", "Le": "le", "MultipleOf": "multiple_of",
	"MinLen": "min_length", "MaxLen": "max_length",
}

// addSettings takes over what Field(...) or a constraint says of a field.
func (c *conversion) addSettings(f *modelField, given pyeval.Value) error {
	name, call := c.callee(given)
	switch {
	case call == nil && !strings.HasPrefix(name, "pydantic"):
		if reason, ok := c.uncertain(given); ok {
			return unknown("an annotation of %s.%s isn't known: %s", f.class.Name, f.name, reason)
		}
		return nil
	case name == "pydantic.Field" || name == "pydantic.fields.Field":
		if call.Open {
			return unknown("the arguments of Field() for %s.%s aren't known", f.class.Name, f.name)
		}
		if fallback := argument(call, 0, "default", nil); fallback != nil {
			fallback = c.resolve(fallback)
			if reason, ok := c.uncertain(fallback); ok {
				return unknown("the default of %s.%s isn't known: %s", f.class.Name, f.name, reason)
			}
			if _, required := fallback.(pyeval.Ellipsis); !required && nativeName(fallback) != "pydantic_core.PydanticUndefined" {
				f.fallback = fallback
			}
		}
		if factory := argument(call, -1, "default_factory", nil); factory != nil {
			f.factory = c.resolve(factory)
		}
		f.settings = append(f.settings, call.Keywords...)
	case strings.HasPrefix(name, "annotated_types."):
		setting, ok := annotatedTypes[strings.TrimPrefix(name, "annotated_types.")]
		if !ok || len(call.Args) != 1 {
			return unknown("what pydantic makes of %s for %s.%s isn't known", name, f.class.Name, f.name)
		}
		f.settings = append(f.settings, pyeval.Named{Name: setting, Value: call.Args[0]})
	case strings.HasPrefix(name, "pydantic"):
		return unknown("what pydantic makes of %s for %s.%s isn't known", name, f.class.Name, f.name)
	}
	return nil
}

// checkModel gives up models that say themselves what their schema is.
func (c *conversion) checkModel(class *pyeval.Class) error {
	for _, name := range []string{"__get_pydantic_json_schema__", "__get_pydantic_core_schema__", "model_json_schema", "Config", "__pydantic_init_subclass__"} {
		if c.attribute(class, name) != nil {
			return unknown("%s has a %s of its own", class.Name, name)
		}
	}
	for _, base := range c.linear(class, nil) {
		base, ok := base.(*pyeval.Class)
		if !ok || base.Def == nil {
			continue
		}
		for _, stmt := range base.Def.Body {
			if def, ok := stmt.(*ast.FunctionDef); ok && replacesType(def.Decorators) {
				return unknown("a validator of %s may change its schema", class.Name)
			}
		}
	}
	return nil
}

// replacesType tells whether a method validates a field in place of its type.
func replacesType(decorators []ast.Expr) bool {
	for _, decorator := range decorators {
		call, ok := decorator.(*ast.Call)
		if !ok {
			continue
		}
		for _, keyword := range call.Keywords {
			if keyword.Arg == "json_schema_input_type" {
				return true
			}
			if mode, ok := keyword.Value.(*ast.Constant); ok && keyword.Arg == "mode" && mode.Text == "plain" {
				return true
			}
		}
	}
	return false
}

// modelConfig is what model_config says of the schema.
type modelConfig struct {
	title string
	extra string
	// arbitrary: types that pydantic doesn't know are allowed.
	arbitrary bool
	// on are the settings of withoutEffect that are on.
	on map[string]bool
}

// byName tells whether fields with an alias are taken by their name, too.
func (m *modelConfig) byName() bool { return m.on["populate_by_name"] || m.on["validate_by_name"] }

// withoutEffect are settings that don't change the schema.
var withoutEffect = map[string]bool{
	"frozen": true, "validate_assignment": true, "validate_default": true, "populate_by_name": true,
	"validate_by_name": true, "validate_by_alias": true, "from_attributes": true, "str_strip_whitespace": true,
	"str_to_lower": true, "str_to_upper": true, "protected_namespaces": true, "strict": true,
	"hide_input_in_errors": true, "revalidate_instances": true, "coerce_numbers_to_str": true,
	"defer_build": true, "cache_strings": true, "regex_engine": true, "loc_by_alias": true,
	"serialize_by_alias": true, "validate_return": true, "ignored_types": true,
}

func (c *conversion) modelConfig(class *pyeval.Class) (*modelConfig, error) {
	config := &modelConfig{on: map[string]bool{}}
	mro := c.linear(class, nil)
	for i := len(mro) - 1; i >= 0; i-- {
		base, ok := mro[i].(*pyeval.Class)
		if !ok {
			continue
		}
		if binding, ok := base.Scope.Get("model_config"); ok {
			if err := c.setConfig(config, class, c.resolve(binding.Value)); err != nil {
				return nil, err
			}
		}
		for name, value := range base.Keywords {
			if err := c.setOption(config, class, name, c.resolve(value)); err != nil {
				return nil, err
			}
		}
	}
	return config, nil
}

func (c *conversion) setConfig(config *modelConfig, class *pyeval.Class, given pyeval.Value) error {
	switch given := given.(type) {
	case *pyeval.Dict:
		for _, item := range given.Items {
			name, ok := c.resolve(item.Key).(pyeval.Str)
			if !ok || given.Open {
				return unknown("the model_config of %s isn't known", class.Name)
			}
			if err := c.setOption(config, class, string(name), c.resolve(item.Value)); err != nil {
				return err
			}
		}
		return nil
	case *pyeval.Instance:
		if !given.Open && len(given.Args) == 0 {
			for _, keyword := range given.Keywords {
				if err := c.setOption(config, class, keyword.Name, c.resolve(keyword.Value)); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return unknown("the model_config of %s isn't known", class.Name)
}

func (c *conversion) setOption(config *modelConfig, class *pyeval.Class, name string, value pyeval.Value) error {
	cannot := unknown("what %s in the model_config of %s does to its schema isn't known", name, class.Name)
	switch name {
	case "title", "extra":
		text, ok := value.(pyeval.Str)
		if !ok {
			return cannot
		}
		if name == "title" {
			config.title = string(text)
		} else {
			config.extra = string(text)
		}
	case "arbitrary_types_allowed":
		on, ok := value.(pyeval.Bool)
		if !ok {
			return cannot
		}
		config.arbitrary = bool(on)
	default:
		off := value == pyeval.Value(pyeval.Bool(false))
		if !withoutEffect[name] && !off {
			return cannot
		}
		config.on[name] = !off
	}
	return nil
}

// pydanticLiteral is PydanticTransformer.to_literal.
func pydanticLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	class, ok := c.underlying(t).(*pyeval.Class)
	instance, isInstance := v.(*pyeval.Instance)
	if !isInstance {
		class := strings.TrimSuffix(strings.TrimPrefix(c.typeOf(v), "<class '"), "'>")
		return nil, rejectedAs("constant-dataclass", "'%s' object has no attribute 'model_dump_json'", class)
	}
	if !ok || !c.fits(instance, class) {
		return nil, unknown("how pydantic writes %s isn't known", describe(v))
	}
	written, err := c.dumpModel(instance, false)
	if err != nil {
		return nil, err
	}
	return binary(written)
}
